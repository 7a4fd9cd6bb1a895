//! What a connection does next, as steps: the one form in which answers and faults reach the wire.

use std::time::Duration;

/// How a connection goes on after an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum End {
    /// It stays open for the next request.
    KeepAlive,
    /// TLS says `close_notify`, then TCP ends.
    CloseNotify,
    /// TCP ends (FIN) and TLS says nothing.
    Cut,
    /// TCP is reset (RST).
    Reset,
}

/// One step on the wire.
#[derive(Debug)]
pub(super) enum Step {
    /// Write at once.
    Write(Vec<u8>),
    /// Write one byte, wait, and so on.
    Trickle(Vec<u8>, Duration),
    /// Write so many times, with a wait after each; the client is expected to go before a large number is reached.
    Repeat(Vec<u8>, u64, Duration),
    /// Write half of what these bytes are on the wire, TLS record included; the rest goes before what is written next.
    Half(Vec<u8>),
    /// Make every access token issued so far invalid.
    Revoke,
    /// Write nothing until the client goes.
    Stall,
    /// End; no step comes after this one.
    End(End),
}

pub(super) type Script = Vec<Step>;
