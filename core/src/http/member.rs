//! The names that `$select` and `$expand` may hold: those of the call resource.

/// Declares an enum of wire names: one row is a variant and its name.
macro_rules! names {
    ($(#[$doc:meta])* $type:ident { $($variant:ident = $name:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        #[non_exhaustive]
        pub enum $type {
            $(#[doc = concat!("`", $name, "`")] $variant,)+
        }

        impl $type {
            /// Every name, in alphabetical order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name as the service writes it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
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
    /// assert_eq!(SelectMember::from_name("state"), Some(SelectMember::State));
    /// assert_eq!(SelectMember::from_name("colour"), None);
    /// ```
    SelectMember {
        ActiveModalities = "activeModalities",
        AnsweredBy = "answeredBy",
        CallChainId = "callChainId",
        CallOptions = "callOptions",
        CallRoutes = "callRoutes",
        CallbackUri = "callbackUri",
        ChatInfo = "chatInfo",
        Direction = "direction",
        Id = "id",
        IncomingContext = "incomingContext",
        MediaConfig = "mediaConfig",
        MediaState = "mediaState",
        MeetingCapability = "meetingCapability",
        MeetingInfo = "meetingInfo",
        MyParticipantId = "myParticipantId",
        RequestedModalities = "requestedModalities",
        ResultInfo = "resultInfo",
        RingingTimeoutInSeconds = "ringingTimeoutInSeconds",
        RoutingPolicies = "routingPolicies",
        Source = "source",
        State = "state",
        Subject = "subject",
        Targets = "targets",
        TenantId = "tenantId",
        TerminationReason = "terminationReason",
        ToneInfo = "toneInfo",
        Transcription = "transcription",
    }
}

names! {
    /// A relationship of the call resource, for `$expand`.
    ///
    /// ```
    /// use graph_call::http::ExpandMember;
    ///
    /// assert_eq!(ExpandMember::Participants.name(), "participants");
    /// ```
    ExpandMember {
        AudioRoutingGroups = "audioRoutingGroups",
        ContentSharingSessions = "contentSharingSessions",
        Operations = "operations",
        Participants = "participants",
    }
}
