//! What a job asks of its driver, and what the driver says it did.

use super::{Failure, Fault, Peer, Refused};
use crate::http::{End, Head};

/// What the driver does next, or what the user gets.
///
/// `by` and `until` are times of the clock that the driver reads for [`Job::step`](super::Job::step), in
/// milliseconds. A driver returns to `step` by that time, with [`Did::Nothing`] if nothing came of it.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[must_use]
pub enum Step<'s> {
    /// Have a connection to this peer, then [`Did::Connected`] or [`Did::Failed`].
    Connect {
        /// Whom to.
        peer: Peer<'s>,
        /// Whether it has to be a new connection: one that was kept has just failed, or is not to be trusted.
        is_fresh: bool,
        /// When to give up.
        by: u64,
    },
    /// Write some of these bytes, then [`Did::Sent`]; they may hold a secret.
    Send {
        /// The bytes, never empty.
        bytes: &'s [u8],
        /// When to give up.
        by: u64,
    },
    /// Flush what was written, read into the start of the buffer, then [`Did::Received`] or [`Did::Ended`].
    Receive {
        /// When to give up.
        by: u64,
    },
    /// Close the connection; anything may be said then. A job has one at a time.
    Close,
    /// Let time pass.
    Wait {
        /// When to go on.
        until: u64,
        /// What made the wait necessary; `None` between two readings, and when the wait goes on.
        after: Option<Failure<'s>>,
    },
    /// Bring a token: [`Job::bring`](super::Job::bring), then [`Did::Nothing`]; or [`Did::Failed`] with
    /// [`Fault::NoToken`].
    Token {
        /// The claims that it has to satisfy, in base64 as the service sent them.
        claims: Option<&'s str>,
        /// Whether the service has just refused the one that the session had.
        was_refused: bool,
        /// When to give up.
        by: u64,
    },
    /// A reading: the call handed in is what the service sent, and this the head of its answer.
    Call(Head<'s>),
    /// The call was there and is no more: the end of a watch, and no failure.
    Gone(Refused<'s>),
    /// A reading has failed. A watch goes on, unless [`Failure::is_final`].
    Failed(Failure<'s>),
    /// There is nothing more to do. A plan that only signs in ends with this at once when there is a token.
    Over,
}

/// What the driver did.
///
/// Whatever does not fit the step it was given is taken as [`Nothing`](Self::Nothing).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Did {
    /// Nothing, or nothing yet.
    Nothing,
    /// It began, or began again: whatever was on its way is off. A driver says this first each time it is
    /// called, so that its future may be dropped at any await.
    Dropped,
    /// There is a connection to the peer.
    Connected {
        /// Whether it has carried an exchange before. One may be kept only for the very peer it was made for, and
        /// only if nothing at all has come on it since, part of a TLS record included.
        kept: bool,
    },
    /// So many bytes were written.
    Sent(usize),
    /// So many bytes were read into the start of the buffer.
    Received(usize),
    /// The peer ended the connection.
    Ended(End),
    /// It failed.
    Failed(Fault),
}
