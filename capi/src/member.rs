//! What a C program can read of a call, one row each: a constant, its number, and the place in the call.
//!
//! A new row is all that a new text, number or state needs; `./ci.sh c-header` puts its constant into the header.
//! Numbers are never given twice, since programs are compiled with them.

use graph_call::{CallState, Enumeration, OpenEnum, TextStorage};

use crate::preset::Model;
use crate::status::Status;

/// Makes an enumeration for C of the rows, and the function that reads what a constant stands for.
macro_rules! readable {
    (
        $(#[$about:meta])*
        enum $name:ident, fn $read:ident($call:ident) -> $value:ty {
            $($(#[$row:meta])* $constant:ident = $number:literal: $found:expr,)*
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, PartialEq)]
        #[repr(u32)]
        pub enum $name {
            $($(#[$row])* $constant = $number,)*
        }

        pub(crate) fn $read($call: &Model, constant: u32) -> Result<$value, Status> {
            match constant {
                $($number => $found,)*
                _ => Err(Status::UnknownConstant),
            }
        }
    };
}

readable! {
    /// The texts of a call; see the documentation of the Rust crate for what they mean.
    #[expect(missing_docs, reason = "the names are those of the JSON members, which the Rust crate documents")]
    enum Member, fn text_of(call) -> &str {
        Id = 0: present(call.id.as_str()),
        State = 1: word(&call.state),
        Direction = 2: word(&call.direction),
        Subject = 3: present(call.subject.as_str()),
        CallbackUri = 4: present(call.callback_uri.as_str()),
        CallChainId = 5: present(call.call_chain_id.as_str()),
        MyParticipantId = 6: present(call.my_participant_id.as_str()),
        TenantId = 7: present(call.tenant_id.as_str()),
        TerminationReason = 8: present(call.termination_reason.as_str()),
        ResultMessage = 9: present(call.result_info.get().and_then(|result| result.message.as_str())),
        ChatThreadId = 10: present(call.chat_info.get().and_then(|chat| chat.thread_id.as_str())),
        Tone = 11: present(call.tone_info.get()).and_then(|tone| word(&tone.tone)),
        MediaStateAudio = 12: present(call.media_state.get()).and_then(|media| word(&media.audio)),
    }
}

readable! {
    /// The numbers of a call.
    enum Number, fn number_of(call) -> i64 {
        /// How many seconds it rings.
        RingingTimeoutInSeconds = 0: present(call.ringing_timeout_in_seconds.get().map(i64::from)),
        /// How the call ended: the code.
        ResultCode = 1: present(call.result_info.get().and_then(|result| result.code.get()).map(i64::from)),
        /// How the call ended: the more exact code.
        ResultSubcode = 2: present(call.result_info.get().and_then(|result| result.subcode.get()).map(i64::from)),
        /// Which key press in order the tone is.
        ToneSequenceId = 3: present(call.tone_info.get().and_then(|tone| tone.sequence_id.get())),
    }
}

/// Makes the states for C, and their way from those of a call.
macro_rules! states {
    ($(#[$about:meta])* $($state:ident = $number:literal,)*) => {
        $(#[$about])*
        #[derive(Clone, Copy, PartialEq)]
        #[repr(u32)]
        pub enum State {
            Unknown = 0,
            $($state = $number,)*
        }

        impl From<CallState> for State {
            fn from(state: CallState) -> Self {
                match state {
                    $(CallState::$state => Self::$state,)*
                    _ => Self::Unknown,
                }
            }
        }
    };
}

states! {
    /// How far a call has come.
    #[expect(missing_docs, reason = "the names are those of Microsoft's enumeration, which the Rust crate documents")]
    Incoming = 1,
    Establishing = 2,
    Established = 3,
    Hold = 4,
    Transferring = 5,
    TransferAccepted = 6,
    Redirecting = 7,
    Terminating = 8,
    Terminated = 9,
    Ringing = 10,
}

/// The text of an enumeration's value.
pub(crate) fn word<E: Enumeration, S: TextStorage>(open: &OpenEnum<E, S>) -> Result<&str, Status> {
    let unknown = if open.get().is_some() { Status::UnknownWord } else { Status::Absent };
    open.as_str().filter(|_| !open.is_truncated()).ok_or(unknown)
}

fn present<T>(found: Option<T>) -> Result<T, Status> {
    found.ok_or(Status::Absent)
}
