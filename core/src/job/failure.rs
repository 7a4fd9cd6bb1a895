//! Why a reading failed, who is at fault, and what to do about it.

mod hint;
mod text;

use super::sign_in::meaning;
use super::who::To;
use super::{Fault, Peer, Who};
use crate::Details;
use crate::ExchangeError;
use crate::http::Head;

/// Why a reading failed.
///
/// Everything that came from outside has been searched for the secrets of the session, and is made safe for a log
/// where `Display` shows it.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Failure<'s> {
    /// What went wrong.
    pub kind: FailureKind,
    /// In which phase.
    pub phase: Phase,
    /// The host that it was about; `None` before there was one.
    pub peer: Option<Peer<'s>>,
    /// Who answered.
    pub who: Who,
    /// What was answered, if the head of an answer was complete. Of a 200 that is no call nothing is said: it may be
    /// somebody's.
    pub refused: Option<Refused<'s>>,
    /// The status of an earlier refusal in the same reading, after which it was tried again.
    pub before: Option<u16>,
    /// Whether the job ends with it; a watch goes on after any other.
    pub is_final: bool,
}

/// An answer that is no call: the head, and what was said.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Refused<'s> {
    /// Status, request ids, how long to wait.
    pub head: Head<'s>,
    /// What was said.
    pub said: Said<'s>,
    /// Whether the answer broke off after its head.
    pub is_cut: bool,
}

/// What a refusal says, as far as it can be read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Said<'s> {
    /// The code: of the service, or the word of a login host (`invalid_client`).
    pub code: Option<&'s str>,
    /// The innermost code: of the service, or `AADSTS7000215` of a login host.
    pub inner_code: Option<&'s str>,
    /// What happened, for people; the beginning of it if it was long.
    pub message: Option<&'s str>,
    /// The parameter that it is about.
    pub target: Option<&'s str>,
    /// What is wrong with which parameter; `None` if nothing was said of that.
    pub details: Option<&'s Details>,
    /// The beginning of content that is not JSON.
    pub excerpt: Option<&'s str>,
    /// What the service calls the request: the id that its support asks for.
    pub request_id: Option<&'s str>,
}

impl Said<'_> {
    /// What the code of a login host (`AADSTS7000215`) means, and what to do next.
    pub fn meaning(&self) -> Option<&'static str> {
        meaning(self.inner_code?)
    }
}

/// What went wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
// So that a session is nothing but zeros, which take no flash.
#[repr(u8)]
pub enum FailureKind {
    /// The connection ended before the answer did.
    Cut,
    /// The driver could not do what it was to do.
    Fault(Fault),
    /// The phase, or the whole reading, took longer than the policy allows.
    Timeout,
    /// The answer is none: not HTTP, not JSON, or no call.
    Answer(ExchangeError),
    /// The answer was to another request, twice.
    OtherAnswer,
    /// The answer is a 200, and no call.
    NotACall,
    /// The service does not know the call, and nobody says that there ever was one.
    NoSuchCall,
    /// Refused; [`Failure::refused`] has the status.
    Refused,
    /// The service asks for a wait that the policy, or the time of the reading, does not allow.
    Throttled {
        /// The milliseconds asked for.
        wait: u64,
    },
    /// The service refuses the token that was just renewed for it, or asks for the same claims again.
    Unauthorized,
    /// The token endpoint's answer holds no token that could be used.
    BadToken,
    /// The token is longer than the session's room for it.
    TokenTooLong,
    /// The credential was refused before, in this session, and has not changed since.
    CredentialRefused,
    /// The buffer is empty, or another thing is wrong with how `step` is called.
    Misuse,
}

/// A phase of a reading.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Phase {
    /// Nothing was begun.
    Prepare,
    /// Having a token brought.
    Token,
    /// Making a connection.
    Connect,
    /// Sending the request.
    Send,
    /// Waiting for the first byte of the answer.
    FirstByte,
    /// Reading the answer.
    Answer,
}

/// A failure without what was answered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stored {
    pub(super) kind: FailureKind,
    pub(super) phase: Phase,
    pub(super) who: Who,
    /// Whether the exchange holds the head of an answer.
    pub(super) has_head: bool,
    pub(super) is_cut: bool,
    pub(super) is_final: bool,
}

/// Whether a status says that another attempt may succeed.
pub(super) const fn is_passing(status: u16) -> bool {
    matches!(status, 408 | 429 | 500..)
}

/// Whether nobody needs to try again before somebody changes something.
pub(super) fn is_final(stored: &Stored, to: To, status: u16) -> bool {
    match stored.kind {
        FailureKind::CredentialRefused
        | FailureKind::Unauthorized
        | FailureKind::NoSuchCall
        | FailureKind::TokenTooLong
        | FailureKind::BadToken
        | FailureKind::Misuse
        | FailureKind::Fault(Fault::TokenRefused) => true,
        // Something on the way to the service may go away again, and so may what cuts its answers; a secret is not posted to
        // it twice.
        FailureKind::Refused => {
            !is_passing(status) && (to == To::Login || stored.who == Who::Service && !stored.is_cut)
        }
        _ => false,
    }
}
