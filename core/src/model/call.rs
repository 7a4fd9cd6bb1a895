//! The call itself.

use super::capacity::CHOICES;
use super::{
    AudioRoutingGroup, CallDirection, CallMediaState, CallOptions, CallRoute, CallState,
    CallTranscriptionInfo, ChatInfo, CommsOperation, ContentSharingSession, IncomingContext,
    InvitationParticipantInfo, MediaConfig, MeetingCapability, MeetingInfo, Modality, Participant,
    ParticipantInfo, ResultInfo, RoutingPolicy, ToneInfo,
};
use crate::{Exact, List, Object, Open, Scalar, Text};

record! {
    /// A call of Microsoft Graph: what `GET /communications/calls/{id}` answers.
    ///
    /// The parameters are capacities, explained in [`capacity`](super::capacity); without any a call has the
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
    pub struct Call<ID, TEXT, URI, SECRET, WORD, SET, LIST, EXPAND> = "call" {
        /// The id, by which the call is asked for.
        "id" => id: Exact<ID>,
        /// The media in use (beta).
        "activeModalities" => active_modalities: List<Open<Modality, WORD>, CHOICES>,
        /// Who took the call (beta).
        "answeredBy" => answered_by: Object<ParticipantInfo<ID, TEXT, WORD, SET>>,
        /// Where the service sends news of the call.
        "callbackUri" => callback_uri: Exact<URI>,
        /// One id for all calls that came of one another, by which support finds them.
        "callChainId" => call_chain_id: Exact<ID>,
        /// What the application chose for the call.
        "callOptions" => call_options: Object<CallOptions<WORD>>,
        /// The turns that the call took before it was answered.
        "callRoutes" => call_routes: List<CallRoute<ID, TEXT, WORD, SET>, LIST>,
        /// The chat beside the call.
        "chatInfo" => chat_info: Object<ChatInfo<ID, URI>>,
        /// Who called whom.
        "direction" => direction: Open<CallDirection, WORD>,
        /// On whose behalf an incoming call comes.
        "incomingContext" => incoming_context: Object<IncomingContext<ID, TEXT, WORD, SET>>,
        /// Who handles the media.
        "mediaConfig" => media_config: Object<MediaConfig<ID, URI, SECRET, WORD, LIST>>,
        /// Which media flow.
        "mediaState" => media_state: Object<CallMediaState<WORD>>,
        /// What the meeting allows (beta).
        "meetingCapability" => meeting_capability: Object<MeetingCapability<WORD>>,
        /// The meeting that the call belongs to.
        "meetingInfo" => meeting_info: Object<MeetingInfo<ID, TEXT, SECRET, WORD, SET>>,
        /// The participant that is the application itself.
        "myParticipantId" => my_participant_id: Exact<ID>,
        /// The media that were asked for.
        "requestedModalities" => requested_modalities: List<Open<Modality, WORD>, CHOICES>,
        /// How the call ended.
        "resultInfo" => result_info: Object<ResultInfo<TEXT>>,
        /// How many seconds it rings, at most 115 (beta).
        "ringingTimeoutInSeconds" => ringing_timeout_in_seconds: Scalar<i32>,
        /// What the service may do if nobody answers (beta).
        "routingPolicies" => routing_policies: List<Open<RoutingPolicy, WORD>, CHOICES>,
        /// Who called.
        "source" => source: Object<ParticipantInfo<ID, TEXT, WORD, SET>>,
        /// How far the call has come.
        "state" => state: Open<CallState, WORD>,
        /// What the call is about.
        "subject" => subject: Text<TEXT>,
        /// Whom the call is meant for.
        "targets" => targets: List<InvitationParticipantInfo<ID, TEXT, WORD, SET>, LIST>,
        /// The organisation that the call belongs to.
        "tenantId" => tenant_id: Exact<ID>,
        /// Why the call ended, in a word (beta).
        "terminationReason" => termination_reason: Text<TEXT>,
        /// The key that was pressed last.
        "toneInfo" => tone_info: Object<ToneInfo<WORD>>,
        /// Whether the call is written down.
        "transcription" => transcription: Object<CallTranscriptionInfo<WORD>>,
        /// Expanded: private routes of sound.
        "audioRoutingGroups" => audio_routing_groups: List<AudioRoutingGroup<ID, WORD, LIST>, EXPAND>,
        /// Expanded: content that is being shared.
        "contentSharingSessions" => content_sharing_sessions: List<ContentSharingSession<ID>, EXPAND>,
        /// Expanded: what the application asked the service to do.
        "operations" => operations: List<CommsOperation<ID, TEXT, URI, SECRET, WORD, SET, LIST>, EXPAND>,
        /// Expanded: the roster.
        "participants" => participants: List<Participant<ID, TEXT, WORD, SET, LIST>, EXPAND>,
    }
}

/// A call for the smallest devices: no URIs, no secrets, nothing expanded.
pub type TinyCall = Call<48, 48, 0, 0, 0, 1, 2, 0>;

/// A call for machines with memory to spare: everything that Microsoft's services were seen to send.
///
/// It is large: keep it in a `static` or on the heap.
pub type LargeCall = Call<128, 512, 2048, 8192, 48, 10, 10, 16>;

impl Call {
    /// A call of standard capacities with every member absent.
    pub const fn new() -> Self {
        Self::empty()
    }
}
