//! The meeting that a group call belongs to, its chat and its transcript.

use super::{AutoAdmittedUsersType, CallTranscriptionState, IdentitySet, MeetingInfoKind};
use crate::{DateTime, Exact, Object, Open, Scalar, Secret};

record! {
    /// What is needed to join a meeting (`meetingInfo` and the types derived from it).
    pub struct MeetingInfo<ID, TEXT, SECRET, WORD, SET> = "meetingInfo" {
        /// The declared type; the other members say which one it is even where this is missing.
        "@odata.type" => kind: Open<MeetingInfoKind, WORD>,
        /// Whether people may talk before the organiser comes.
        "allowConversationWithoutHost" => allow_conversation_without_host: Scalar<bool>,
        /// By organiser: who that is.
        "organizer" => organizer: Object<IdentitySet<ID, TEXT, WORD, SET>>,
        /// By token: the token, which alone lets its bearer join.
        "token" => token: Secret<SECRET>,
        /// By meeting id: the id that the invitation states.
        "joinMeetingId" => join_meeting_id: Exact<ID>,
        /// By meeting id: the passcode that the invitation states.
        "passcode" => passcode: Secret<ID>,
    }
}

record! {
    /// The chat beside a call.
    pub struct ChatInfo<ID, URI> = "chatInfo" {
        /// The thread.
        "threadId" => thread_id: Exact<URI>,
        /// The message in it that the call belongs to.
        "messageId" => message_id: Exact<ID>,
        /// The message that the call answers.
        "replyChainMessageId" => reply_chain_message_id: Exact<ID>,
    }
}

record! {
    /// What a meeting allows (beta).
    pub struct MeetingCapability<WORD> = "meetingCapability" {
        /// Whether guests may call telephones.
        "allowAnonymousUsersToDialOut" => allow_anonymous_users_to_dial_out: Scalar<bool>,
        /// Whether guests may begin the meeting.
        "allowAnonymousUsersToStartMeeting" => allow_anonymous_users_to_start_meeting: Scalar<bool>,
        /// Who need not wait in the lobby.
        "autoAdmittedUsers" => auto_admitted_users: Open<AutoAdmittedUsersType, WORD>,
    }
}

record! {
    /// Whether the call is written down.
    pub struct CallTranscriptionInfo<WORD> = "callTranscriptionInfo" {
        /// Since when the state holds.
        "lastModifiedDateTime" => last_modified_date_time: Scalar<DateTime>,
        /// The state.
        "state" => state: Open<CallTranscriptionState, WORD>,
    }
}
