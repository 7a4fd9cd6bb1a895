//! How a call came about, what it may do, and how it ended.

use super::{CallOptionsKind, IdentitySet, RoutingType, Tone};
use crate::{Exact, Object, Open, Scalar, Text};

record! {
    /// One turn that a call took before it was answered.
    pub struct CallRoute<ID, TEXT, WORD, SET> = "callRoute" {
        /// Whom it reached.
        "final" => r#final: Object<IdentitySet<ID, TEXT, WORD, SET>>,
        /// Who was called.
        "original" => original: Object<IdentitySet<ID, TEXT, WORD, SET>>,
        /// Why it took the turn.
        "routingType" => routing_type: Open<RoutingType, WORD>,
    }
}

record! {
    /// On whose behalf an incoming call comes.
    pub struct IncomingContext<ID, TEXT, WORD, SET> = "incomingContext" {
        /// The participant whose call the application watches.
        "observedParticipantId" => observed_participant_id: Exact<ID>,
        /// For whom the caller calls.
        "onBehalfOf" => on_behalf_of: Object<IdentitySet<ID, TEXT, WORD, SET>>,
        /// The participant who called.
        "sourceParticipantId" => source_participant_id: Exact<ID>,
        /// Who handed the call on.
        "transferor" => transferor: Object<IdentitySet<ID, TEXT, WORD, SET>>,
    }
}

record! {
    /// What the application chose for the call (`callOptions` and the types derived from it).
    pub struct CallOptions<WORD> = "callOptions" {
        /// The declared type.
        "@odata.type" => kind: Open<CallOptionsKind, WORD>,
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
    pub struct ToneInfo<WORD> = "toneInfo" {
        /// Counts the keys pressed.
        "sequenceId" => sequence_id: Scalar<i64>,
        /// The key.
        "tone" => tone: Open<Tone, WORD>,
    }
}

record! {
    /// How a call, or an operation on it, ended.
    pub struct ResultInfo<TEXT> = "resultInfo" {
        /// In the manner of an HTTP status: 200 is well, 4xx the caller's, 5xx the service's fault.
        "code" => code: Scalar<i32>,
        /// In words.
        "message" => message: Text<TEXT>,
        /// The exact reason.
        "subcode" => subcode: Scalar<i32>,
    }
    also {
        "subCode" => subcode: Scalar<i32> as sub_code,
    }
}
