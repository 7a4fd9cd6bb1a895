//! What a job asks of its driver, and what the driver says it did.

use super::{Failure, Refused};
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

/// Why a driver could not do what it was to do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Fault {
    /// The host name has no address.
    NotResolved,
    /// No connection came about.
    NotConnected,
    /// A proxy did not open a tunnel; the status it answered, or 0.
    Proxy(u16),
    /// The peer did not prove to be the host it was asked for.
    Certificate,
    /// TLS failed for another reason.
    Tls,
    /// The connection was reset, or failed in another way.
    Reset,
    /// It took longer than was allowed.
    Timeout,
    /// There is no token to be had from outside, for now.
    NoToken,
    /// There is none to be had until somebody changes the credential.
    TokenRefused,
}

/// The other end of a connection.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Peer<'a> {
    /// A DNS name, or an address; IPv6 without brackets.
    pub host: &'a str,
    /// The port.
    pub port: u16,
    /// Whether there is no TLS: only for a token endpoint on the machine itself, as a managed identity has one.
    pub is_plain: bool,
}

impl<'a> Peer<'a> {
    /// The peer that a checked host names, with or without a port.
    pub(super) fn of(host: &'a str, is_plain: bool) -> Self {
        let default = if is_plain { 80 } else { 443 };
        let (name, port) = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((address, after)) => (address, after.strip_prefix(':')),
            None => host.split_once(':').map_or((host, None), |(name, port)| (name, Some(port))),
        };
        Self { host: name, port: port.and_then(|port| port.parse().ok()).unwrap_or(default), is_plain }
    }
}
