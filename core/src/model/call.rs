//! The call itself.

use super::Capacities;
use super::capacity::{Standard, Tiny};
use super::{
    AudioRoutingGroup, CallDirection, CallMediaState, CallOptions, CallRoute, CallState,
    CallTranscriptionInfo, ChatInfo, CommsOperation, ContentSharingSession, IncomingContext,
    InvitationParticipantInfo, MediaConfig, MeetingCapability, MeetingInfo, Modality, Participant,
    ParticipantInfo, ResultInfo, RoutingPolicy, ToneInfo,
};
use crate::binder::{Error, ParseOptions, Parser};
use crate::cell::{Id, List, Object, OpenEnum, Text};
use crate::record::{Record, Scalar, Unreadable};

resource! {
    /// A call of Microsoft Graph: what `GET /communications/calls/{id}` answers.
    ///
    /// The parameter names the capacities, explained in [`capacity`](super::capacity); without it a call has the
    /// standard ones. It can stand in a `static`, since [`Call::new`] is `const`.
    ///
    /// ```
    /// use graph_call::{Call, CallState};
    ///
    /// let call = Call::parse(br#"{"id":"2f1a1100","state":"established","targets":[]}"#)?;
    /// assert_eq!(call.state, CallState::Established);
    /// assert_eq!(call.id.as_str(), Some("2f1a1100"));
    /// assert!(call.targets.is_present() && call.targets.is_empty());
    /// assert_eq!(call.subject.as_str(), None);
    /// # Ok::<(), graph_call::Error>(())
    /// ```
    pub struct Call = "call" {
        /// The id, by which the call is asked for.
        "id" => id: Id<C::Id>; select ID,
        /// The media in use (beta).
        "activeModalities" => active_modalities: List<C::Choices<OpenEnum<Modality, C::Word>>>; select ACTIVE_MODALITIES,
        /// Who took the call (beta).
        "answeredBy" => answered_by: Object<ParticipantInfo<C>>; select ANSWERED_BY,
        /// Where the service sends news of the call.
        "callbackUri" => callback_uri: Id<C::Uri>; select CALLBACK_URI,
        /// One id for all calls that came of one another, by which support finds them.
        "callChainId" => call_chain_id: Id<C::Id>; select CALL_CHAIN_ID,
        /// What the application chose for the call.
        "callOptions" => call_options: Object<CallOptions<C>>; select CALL_OPTIONS,
        /// The turns that the call took before it was answered.
        "callRoutes" => call_routes: List<C::List<CallRoute<C>>>; select CALL_ROUTES,
        /// The chat beside the call.
        "chatInfo" => chat_info: Object<ChatInfo<C>>; select CHAT_INFO,
        /// Who called whom.
        "direction" => direction: OpenEnum<CallDirection, C::Word>; select DIRECTION,
        /// On whose behalf an incoming call comes.
        "incomingContext" => incoming_context: Object<IncomingContext<C>>; select INCOMING_CONTEXT,
        /// Who handles the media.
        "mediaConfig" => media_config: Object<MediaConfig<C>>; select MEDIA_CONFIG,
        /// Which media flow.
        "mediaState" => media_state: Object<CallMediaState<C>>; select MEDIA_STATE,
        /// What the meeting allows (beta).
        "meetingCapability" => meeting_capability: Object<MeetingCapability<C>>; select MEETING_CAPABILITY,
        /// The meeting that the call belongs to.
        "meetingInfo" => meeting_info: Object<MeetingInfo<C>>; select MEETING_INFO,
        /// The participant that is the application itself.
        "myParticipantId" => my_participant_id: Id<C::Id>; select MY_PARTICIPANT_ID,
        /// The media that were asked for.
        "requestedModalities" => requested_modalities: List<C::Choices<OpenEnum<Modality, C::Word>>>; select REQUESTED_MODALITIES,
        /// How the call ended.
        "resultInfo" => result_info: Object<ResultInfo<C>>; select RESULT_INFO,
        /// How many seconds it rings, at most 115 (beta).
        "ringingTimeoutInSeconds" => ringing_timeout_in_seconds: Scalar<i32>; select RINGING_TIMEOUT_IN_SECONDS,
        /// What the service may do if nobody answers (beta).
        "routingPolicies" => routing_policies: List<C::Choices<OpenEnum<RoutingPolicy, C::Word>>>; select ROUTING_POLICIES,
        /// Who called.
        "source" => source: Object<ParticipantInfo<C>>; select SOURCE,
        /// How far the call has come.
        "state" => state: OpenEnum<CallState, C::Word>; select STATE,
        /// What the call is about.
        "subject" => subject: Text<C::Text>; select SUBJECT,
        /// Whom the call is meant for.
        "targets" => targets: List<C::List<InvitationParticipantInfo<C>>>; select TARGETS,
        /// The organisation that the call belongs to.
        "tenantId" => tenant_id: Id<C::Id>; select TENANT_ID,
        /// Why the call ended, in a word (beta).
        "terminationReason" => termination_reason: Text<C::Text>; select TERMINATION_REASON,
        /// The key that was pressed last.
        "toneInfo" => tone_info: Object<ToneInfo<C>>; select TONE_INFO,
        /// Whether the call is written down.
        "transcription" => transcription: Object<CallTranscriptionInfo<C>>; select TRANSCRIPTION,
        /// Expanded: private routes of sound.
        "audioRoutingGroups" => audio_routing_groups: List<C::Expand<AudioRoutingGroup<C>>>; expand AUDIO_ROUTING_GROUPS,
        /// Expanded: content that is being shared.
        "contentSharingSessions" => content_sharing_sessions: List<C::Expand<ContentSharingSession<C>>>; expand CONTENT_SHARING_SESSIONS,
        /// Expanded: what the application asked the service to do.
        "operations" => operations: List<C::Expand<CommsOperation<C>>>; expand OPERATIONS,
        /// Expanded: the roster.
        "participants" => participants: List<C::Expand<Participant<C>>>; expand PARTICIPANTS,
    }
}

/// A call for the smallest devices: no URIs, no secrets, nothing expanded.
pub type TinyCall = Call<Tiny>;

/// A call on the heap: everything, however long, as far as there is memory.
#[cfg(feature = "alloc")]
pub type HeapCall = Call<super::capacity::Heap>;

impl Call<Standard> {
    /// A call of standard capacities with every member absent.
    pub const fn new() -> Self {
        Self::empty()
    }
}

impl<C: Capacities> Call<C> {
    /// Reads a whole text into this call, strictly.
    ///
    /// # Errors
    /// The first thing that is wrong with the text; the call is then empty.
    pub fn parse_into(&mut self, text: &[u8]) -> Result<(), Error> {
        self.parse_into_with(text, ParseOptions::new())
    }

    /// Reads a whole text into this call.
    ///
    /// # Errors
    /// The first thing that is wrong with the text; the call is then empty.
    pub fn parse_into_with(&mut self, text: &[u8], options: ParseOptions) -> Result<(), Error> {
        // Not `with_options`: what a function gives is moved.
        let mut parser = Parser::new();
        parser.set(options);
        parser.feed(self, text)?;
        parser.finish(self)
    }

    /// Makes every member absent.
    pub fn clear(&mut self) {
        Record::clear(self);
    }

    /// The members that could not be read, if [`ParseOptions::required`] let the call pass without them.
    pub const fn unreadable(&self) -> Unreadable<'_> {
        self.marks.of(Self::SCHEMA)
    }

    #[cfg(feature = "serde-json-core")]
    /// Writes the call as one line of JSON and gives its length.
    ///
    /// Members that are absent are left out. Secrets are written, since this is data: the line is worth as
    /// much as they are. What was cut or omitted when the call was read is missing here too; otherwise the
    /// line reads back as an equal call.
    ///
    /// ```
    /// use graph_call::Call;
    ///
    /// let call = Call::parse(br#"{ "subject": "caf\u00e9", "id": "1", "source": null }"#)?;
    /// let mut buffer = [0; 64];
    /// let used = call.write_json(&mut buffer)?;
    /// let line = &buffer[..used];
    /// assert_eq!(line, r#"{"id":"1","subject":"café"}"#.as_bytes());
    /// assert_eq!(Call::parse(line)?, call);
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The JSON is larger than `output`, which then holds the first part of it.
    pub fn write_json(&self, output: &mut [u8]) -> Result<usize, crate::WriteError> {
        crate::value::write_json(self, output)
    }
}

impl Call<Standard> {
    /// Reads a whole text, strictly, as a call of standard capacities.
    ///
    /// # Errors
    /// The first thing that is wrong with the text.
    pub fn parse(text: &[u8]) -> Result<Self, Error> {
        let mut call = Self::new();
        call.parse_into(text)?;
        Ok(call)
    }
}
