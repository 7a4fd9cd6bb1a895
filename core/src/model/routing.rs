//! How a call came about, what it may do, and how it ended.

use super::{CallOptionsKind, IdentitySet, RoutingType, Tone};
use crate::{Id, Object, OpenEnum, Scalar, Text};

record! {
    /// One turn that a call took before it was answered.
    pub struct CallRoute = "callRoute" {
        /// Whom it reached.
        "final" => r#final: Object<IdentitySet<C>>,
        /// Who was called.
        "original" => original: Object<IdentitySet<C>>,
        /// Why it took the turn.
        "routingType" => routing_type: OpenEnum<RoutingType, C::Word>,
    }
}

record! {
    /// On whose behalf an incoming call comes.
    pub struct IncomingContext = "incomingContext" {
        /// The participant whose call the application watches.
        "observedParticipantId" => observed_participant_id: Id<C::Id>,
        /// For whom the caller calls.
        "onBehalfOf" => on_behalf_of: Object<IdentitySet<C>>,
        /// The participant who called.
        "sourceParticipantId" => source_participant_id: Id<C::Id>,
        /// Who handed the call on.
        "transferor" => transferor: Object<IdentitySet<C>>,
    }
}

record! {
    /// What the application chose for the call (`callOptions` and the types derived from it).
    pub struct CallOptions = "callOptions" {
        /// The declared type.
        "@odata.type" => kind: OpenEnum<CallOptionsKind, C::Word>,
        /// Whether the application leaves the roster once the call has become a group call.
        "hideBotAfterEscalation" => hide_bot_after_escalation: Scalar<bool>,
        /// Whether the application is told of shared content.
        "isContentSharingNotificationEnabled" => is_content_sharing_notification_enabled: Scalar<bool>,
        /// Whether roster notifications hold only what has changed.
        "isDeltaRosterEnabled" => is_delta_roster_enabled: Scalar<bool>,
        /// Whether the roster can be asked for page by page.
        "isInteractiveRosterEnabled" => is_interactive_roster_enabled: Scalar<bool>,
    }
}

record! {
    /// The key that was pressed last.
    pub struct ToneInfo = "toneInfo" {
        /// Counts the keys pressed.
        "sequenceId" => sequence_id: Scalar<i64>,
        /// The key.
        "tone" => tone: OpenEnum<Tone, C::Word>,
    }
}

record! {
    /// How a call, or an operation on it, ended.
    pub struct ResultInfo = "resultInfo" {
        /// In the manner of an HTTP status: 200 is well, 4xx the caller's, 5xx the service's fault.
        "code" => code: Scalar<i32>,
        /// In words.
        "message" => message: Text<C::Text>,
        /// The exact reason.
        "subcode" => subcode: Scalar<i32>,
    }
    also {
        "subCode" => subcode,
    }
}
