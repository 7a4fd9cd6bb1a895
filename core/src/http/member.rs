//! The names that `$select` and `$expand` may hold: those of the call resource.

/// Declares a type of wire names: one row is a constant and its name. A name that no program uses takes
/// no flash.
macro_rules! names {
    ($(#[$doc:meta])* $type:ident { $($constant:ident = $name:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        pub struct $type(&'static str);

        impl $type {
            $(#[doc = concat!("`", $name, "`")] pub const $constant: Self = Self($name);)+

            /// Every name, in alphabetical order.
            pub const ALL: &'static [Self] = &[$(Self::$constant,)+];

            /// The name as the service writes it.
            pub const fn name(self) -> &'static str {
                self.0
            }

            /// The member of a name, which is case-sensitive.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|member| member.name() == name)
            }
        }
    };
}

names! {
    /// A member of the call resource, for `$select`.
    ///
    /// ```
    /// use graph_call::http::SelectMember;
    ///
    /// assert_eq!(SelectMember::from_name("state"), Some(SelectMember::STATE));
    /// assert_eq!(SelectMember::from_name("colour"), None);
    /// ```
    SelectMember {
        ACTIVE_MODALITIES = "activeModalities",
        ANSWERED_BY = "answeredBy",
        CALL_CHAIN_ID = "callChainId",
        CALL_OPTIONS = "callOptions",
        CALL_ROUTES = "callRoutes",
        CALLBACK_URI = "callbackUri",
        CHAT_INFO = "chatInfo",
        DIRECTION = "direction",
        ID = "id",
        INCOMING_CONTEXT = "incomingContext",
        MEDIA_CONFIG = "mediaConfig",
        MEDIA_STATE = "mediaState",
        MEETING_CAPABILITY = "meetingCapability",
        MEETING_INFO = "meetingInfo",
        MY_PARTICIPANT_ID = "myParticipantId",
        REQUESTED_MODALITIES = "requestedModalities",
        RESULT_INFO = "resultInfo",
        RINGING_TIMEOUT_IN_SECONDS = "ringingTimeoutInSeconds",
        ROUTING_POLICIES = "routingPolicies",
        SOURCE = "source",
        STATE = "state",
        SUBJECT = "subject",
        TARGETS = "targets",
        TENANT_ID = "tenantId",
        TERMINATION_REASON = "terminationReason",
        TONE_INFO = "toneInfo",
        TRANSCRIPTION = "transcription",
    }
}

names! {
    /// A relationship of the call resource, for `$expand`.
    ///
    /// ```
    /// use graph_call::http::ExpandMember;
    ///
    /// assert_eq!(ExpandMember::PARTICIPANTS.name(), "participants");
    /// ```
    ExpandMember {
        AUDIO_ROUTING_GROUPS = "audioRoutingGroups",
        CONTENT_SHARING_SESSIONS = "contentSharingSessions",
        OPERATIONS = "operations",
        PARTICIPANTS = "participants",
    }
}
