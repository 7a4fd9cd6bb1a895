//! The meeting that a group call belongs to, its chat and its transcript.

use super::{AutoAdmittedUsersType, CallTranscriptionState, IdentitySet, MeetingInfoKind};
use crate::{DateTime, Id, Object, OpenEnum, Scalar, Secret};

record! {
    /// What is needed to join a meeting (`meetingInfo` and the types derived from it).
    pub struct MeetingInfo = "meetingInfo" {
        /// The declared type; the other members say which one it is even where this is missing.
        "@odata.type" => kind: OpenEnum<MeetingInfoKind, C::Word>,
        /// Whether people may talk before the organiser comes.
        "allowConversationWithoutHost" => allow_conversation_without_host: Scalar<bool>,
        /// By organiser: who that is.
        "organizer" => organizer: Object<IdentitySet<C>>,
        /// By token: the token, which alone lets its bearer join.
        "token" => token: Secret<C::Secret>,
        /// By meeting id: the id that the invitation states.
        "joinMeetingId" => join_meeting_id: Id<C::Id>,
        /// By meeting id: the passcode that the invitation states.
        "passcode" => passcode: Secret<C::Id>,
    }
}

record! {
    /// The chat beside a call.
    pub struct ChatInfo = "chatInfo" {
        /// The thread.
        "threadId" => thread_id: Id<C::Uri>,
        /// The message in it that the call belongs to.
        "messageId" => message_id: Id<C::Id>,
        /// The message that the call answers.
        "replyChainMessageId" => reply_chain_message_id: Id<C::Id>,
    }
}

record! {
    /// What a meeting allows (beta).
    pub struct MeetingCapability = "meetingCapability" {
        /// Whether guests may call telephones.
        "allowAnonymousUsersToDialOut" => allow_anonymous_users_to_dial_out: Scalar<bool>,
        /// Whether guests may begin the meeting.
        "allowAnonymousUsersToStartMeeting" => allow_anonymous_users_to_start_meeting: Scalar<bool>,
        /// Who need not wait in the lobby.
        "autoAdmittedUsers" => auto_admitted_users: OpenEnum<AutoAdmittedUsersType, C::Word>,
    }
}

record! {
    /// Whether the call is written down.
    pub struct CallTranscriptionInfo = "callTranscriptionInfo" {
        /// Since when the state holds.
        "lastModifiedDateTime" => last_modified_date_time: Scalar<DateTime>,
        /// The state.
        "state" => state: OpenEnum<CallTranscriptionState, C::Word>,
    }
}
