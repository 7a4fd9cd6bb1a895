//! The objects of a call: one row per member.

use crate::Sink;
use crate::pull::{Misfit, Pull};
use crate::storage::{Array, Storage};
use crate::value::{List, Value};
use crate::words::{
    CallState, Direction, EndpointType, IdentityKind, MediaConfigKind, MediaState, MeetingKind, Modality,
    RoutingPolicy, RoutingType, Tone, TranscriptionState,
};

macro_rules! records {
    ($($(#[$doc:meta])* $name:ident { $($member:literal $field:ident: $type:ty,)* })*) => { $(
        $(#[$doc])*
        #[cfg_attr(feature = "serde", derive(serde::Deserialize))]
        #[cfg_attr(feature = "serde", serde(bound(deserialize = "S: crate::storage::Read<'de>")))]
        #[allow(missing_docs, reason = "a member says itself")]
        pub struct $name<S: Storage> {
            $(#[cfg_attr(feature = "serde", serde(rename = $member))] pub $field: Option<$type>,)*
            /// Nothing: it lets a record without texts name its storage.
            #[cfg_attr(feature = "serde", serde(skip))]
            pub storage: core::marker::PhantomData<S>,
        }

        impl<S: Storage> Default for $name<S> {
            fn default() -> Self {
                Self { $($field: None,)* storage: core::marker::PhantomData }
            }
        }

        impl<S: Storage> Value for $name<S> {
            fn fill<P: Pull>(&mut self, pull: &mut P) -> Result<bool, P::Error> {
                #[allow(non_camel_case_types, reason = "the rows are the fields")]
                enum Row { $($field,)* _unknown }
                if !pull.object()? {
                    return Ok(false);
                }
                while let Some(row) = pull.member(|name| match name {
                    $($member => Row::$field,)*
                    _ => Row::_unknown,
                })? {
                    match row {
                        $(Row::$field => { self.$field.fill(pull)?; })*
                        Row::_unknown => pull.skip()?,
                    }
                }
                Ok(true)
            }

            fn put(&self, name: &str, sink: &mut impl Sink) {
                sink.open(name);
                $(self.$field.put($member, sink);)*
                sink.close();
            }
        }
    )* };
}

records! {
    /// The call.
    Call {
        "id" id: S::Id,
        "state" state: CallState,
        "direction" direction: Direction,
        "subject" subject: S::Name,
        "callbackUri" callback_uri: S::Uri,
        "callChainId" call_chain_id: S::Id,
        "myParticipantId" my_participant_id: S::Id,
        "tenantId" tenant_id: S::Id,
        "terminationReason" termination_reason: S::Name,
        "ringingTimeoutInSeconds" ringing_timeout_in_seconds: i32,
        "requestedModalities" requested_modalities: Array<S::Few<Modality>, Modality>,
        "activeModalities" active_modalities: Array<S::Few<Modality>, Modality>,
        "routingPolicies" routing_policies: Array<S::Few<RoutingPolicy>, RoutingPolicy>,
        "source" source: Participant<S>,
        "answeredBy" answered_by: Participant<S>,
        "targets" targets: Array<S::List<Target<S>>, Target<S>>,
        "callRoutes" call_routes: Array<S::Few<Route<S>>, Route<S>>,
        "callOptions" call_options: CallOptions<S>,
        "mediaConfig" media_config: MediaConfig<S>,
        "mediaState" media_state: CallMediaState<S>,
        "chatInfo" chat_info: Chat<S>,
        "meetingInfo" meeting_info: Meeting<S>,
        "resultInfo" result_info: ResultInfo<S>,
        "incomingContext" incoming_context: IncomingContext<S>,
        "toneInfo" tone_info: ToneInfo<S>,
        "transcription" transcription: Transcription<S>,
    }
    /// Who takes part.
    Participant {
        "identity" identity: IdentitySet<S>,
        "nonAnonymizedIdentity" non_anonymized_identity: IdentitySet<S>,
        "participantId" participant_id: S::Id,
        "platformId" platform_id: S::Short,
        "endpointType" endpoint_type: EndpointType,
        "region" region: S::Short,
        "languageId" language_id: S::Short,
        "countryCode" country_code: S::Short,
    }
    /// Who is invited.
    Target {
        "identity" identity: IdentitySet<S>,
        "endpointType" endpoint_type: EndpointType,
        "hidden" hidden: bool,
        "participantId" participant_id: S::Id,
        "removeFromDefaultAudioRoutingGroup" remove_from_default_audio_routing_group: bool,
        "replacesCallId" replaces_call_id: S::Id,
        "id" id: S::Id,
        "region" region: S::Short,
        "languageId" language_id: S::Short,
        "tenantId" tenant_id: S::Id,
    }
    /// A leg that a call took before.
    Route {
        "routingType" routing_type: RoutingType,
        "original" original: IdentitySet<S>,
        "final" last: IdentitySet<S>,
    }
    /// Options of a call.
    CallOptions {
        "hideBotAfterEscalation" hide_bot_after_escalation: bool,
        "isContentSharingNotificationEnabled" is_content_sharing_notification_enabled: bool,
        "isDeltaRosterEnabled" is_delta_roster_enabled: bool,
        "isInteractiveRosterEnabled" is_interactive_roster_enabled: bool,
    }
    /// Who hosts the media.
    MediaConfig {
        "@odata.type" kind: MediaConfigKind,
        "preFetchMedia" pre_fetch_media: Array<S::Few<Media<S>>, Media<S>>,
        "blob" blob: S::Uri,
        "removeFromDefaultAudioGroup" remove_from_default_audio_group: bool,
    }
    /// A file to fetch before it is played.
    Media {
        "uri" uri: S::Uri,
        "resourceId" resource_id: S::Id,
    }
    /// Whether audio flows.
    CallMediaState {
        "audio" audio: MediaState,
    }
    /// The chat beside the call.
    Chat {
        "threadId" thread_id: S::Uri,
        "messageId" message_id: S::Short,
        "replyChainMessageId" reply_chain_message_id: S::Short,
    }
    /// The meeting that the call joins.
    Meeting {
        "@odata.type" kind: MeetingKind,
        "allowConversationWithoutHost" allow_conversation_without_host: bool,
        "organizer" organizer: IdentitySet<S>,
        "token" token: S::Uri,
        "joinMeetingId" join_meeting_id: S::Id,
        "passcode" passcode: S::Short,
    }
    /// Why something ended.
    ResultInfo {
        "code" code: i32,
        "subcode" subcode: i32,
        "message" message: S::Uri,
    }
    /// How an incoming call came about.
    IncomingContext {
        "observedParticipantId" observed_participant_id: S::Id,
        "sourceParticipantId" source_participant_id: S::Id,
        "onBehalfOf" on_behalf_of: IdentitySet<S>,
        "transferor" transferor: IdentitySet<S>,
    }
    /// A tone that was pressed.
    ToneInfo {
        "sequenceId" sequence_id: i64,
        "tone" tone: Tone,
    }
    /// How transcription stands.
    Transcription {
        "state" state: TranscriptionState,
        "lastModifiedDateTime" last_modified_date_time: S::Id,
    }
}

/// The identities of one party, at most one per kind: a list, because hardly ever more than one is set.
pub struct IdentitySet<S: Storage>(pub S::Few<Identity<S>>);

/// One identity, with the name that its member had.
pub struct Identity<S: Storage> {
    /// The member's name.
    pub kind: IdentityKind,
    /// What the identity holds.
    pub body: IdentityBody<S>,
}

records! {
    /// What an identity holds.
    IdentityBody {
        "id" id: S::Id,
        "displayName" display_name: S::Name,
        "tenantId" tenant_id: S::Id,
    }
}

impl<S: Storage> Default for IdentitySet<S> {
    fn default() -> Self {
        Self(Default::default())
    }
}

impl<S: Storage> Value for IdentitySet<S> {
    fn fill<P: Pull>(&mut self, pull: &mut P) -> Result<bool, P::Error> {
        if !pull.object()? {
            return Ok(false);
        }
        while let Some(kind) = pull.member(IdentityKind::new)? {
            if kind == IdentityKind::Unknown {
                pull.skip()?;
                continue;
            }
            let identity = Identity { kind, body: IdentityBody::default() };
            if !self.0.append(identity).ok_or(Misfit)?.body.fill(pull)? {
                self.0.remove_last();
            }
        }
        Ok(true)
    }

    fn put(&self, name: &str, sink: &mut impl Sink) {
        sink.open(name);
        for identity in self.0.as_slice() {
            identity.body.put(identity.kind.as_str(), sink);
        }
        sink.close();
    }
}

#[cfg(feature = "serde")]
impl<'de, S: crate::storage::Read<'de>> serde::Deserialize<'de> for IdentitySet<S> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::{Error, IgnoredAny, MapAccess, Visitor};

        struct Members<S>(core::marker::PhantomData<S>);
        impl<'de, S: crate::storage::Read<'de>> Visitor<'de> for Members<S> {
            type Value = IdentitySet<S>;
            fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str("an identity set")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<IdentitySet<S>, A::Error> {
                let mut set = IdentitySet::<S>::default();
                while let Some(kind) = map.next_key::<IdentityKind>()? {
                    if kind == IdentityKind::Unknown {
                        map.next_value::<IgnoredAny>()?;
                    } else if let Some(body) = map.next_value()? {
                        let identity = Identity { kind, body };
                        set.0.append(identity).ok_or_else(|| A::Error::custom("more than the set holds"))?;
                    }
                }
                Ok(set)
            }
        }
        deserializer.deserialize_map(Members(core::marker::PhantomData))
    }
}
