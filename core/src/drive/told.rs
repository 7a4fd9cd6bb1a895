//! What a loop tells the job and the user: the part of it that waits for nothing.

use embedded_io::{Error, ErrorKind};

use super::{DriveError, Granted, Link};
use crate::exchange::{Exchange, Item};
use crate::http::End;
use crate::job::{Did, Fault, Job, Step};
use crate::record::Record;

/// What concerns the user; the step itself was shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Told {
    /// A reading: the call is what the service sent.
    Call,
    /// The call was there and is no more.
    Gone,
    /// A reading has failed.
    Failed,
    /// There is nothing more to do.
    Over,
}

impl Told {
    /// What a step says to the user, if it is none that the platform does.
    pub(super) const fn of(step: &Step<'_>) -> Self {
        match step {
            Step::Call(_) => Self::Call,
            Step::Gone(_) => Self::Gone,
            Step::Failed(_) => Self::Failed,
            _ => Self::Over,
        }
    }
}

/// Whether an exchange is over by this step, and its connection may carry another one.
pub(super) const fn is_idle(step: &Step<'_>) -> bool {
    !matches!(step, Step::Send { .. } | Step::Receive { .. } | Step::Close)
}

/// The connection, and what is to be said of it.
pub(super) fn opened<L>(result: Result<Link<L>, Fault>) -> (Option<L>, Did) {
    match result {
        Ok(Link { io, is_kept }) => (Some(io), Did::Connected { kept: is_kept }),
        Err(fault) => (None, Did::Failed(fault)),
    }
}

/// What a write came to; `None` is no connection, or none in time.
pub(super) fn sent<E: Error>(result: Option<Result<usize, E>>) -> Did {
    match result {
        Some(Ok(0)) => Did::Failed(Fault::Reset),
        Some(Ok(length)) => Did::Sent(length),
        Some(Err(error)) => Did::Failed(fault(error.kind())),
        None => Did::Failed(Fault::Timeout),
    }
}

/// What a read came to.
pub(super) fn received<E: Error>(result: Option<Result<usize, E>>, end: End) -> Did {
    match result {
        Some(Ok(0)) => Did::Ended(end),
        Some(Ok(length)) => Did::Received(length),
        Some(Err(error)) => Did::Failed(fault(error.kind())),
        None => Did::Failed(Fault::Timeout),
    }
}

/// What a read means for an exchange that no job is around; whether its answer is whole.
pub(super) fn heard<E, const N: usize, const TEXT: usize>(
    exchange: &mut Exchange<N, TEXT>,
    call: &mut dyn Record,
    read: Result<usize, E>,
    buffer: &[u8],
    end: End,
    observe: impl FnMut(Item<'_>),
) -> Result<bool, DriveError<E>> {
    match read {
        Ok(0) => exchange.finish(call, end).map(|()| true).map_err(DriveError::Exchange),
        Ok(length) => {
            let piece = buffer.get(..length).unwrap_or_default();
            exchange.feed_with(call, piece, observe).map_err(DriveError::Exchange)
        }
        // If the head of a refusal is complete, the refusal is the outcome, and not the connection's end.
        Err(error) => exchange.finish(call, End::Cut).map(|()| true).map_err(|_| {
            call.clear();
            DriveError::Io(error)
        }),
    }
}

/// Hands over a token.
pub(super) fn brought<const HEAD: usize, const TOKEN: usize, const TEXT: usize>(
    job: &mut Job<'_, '_, HEAD, TOKEN, TEXT>,
    now: u64,
    result: Result<Granted<'_>, Fault>,
) -> Did {
    match result {
        Ok(Granted { token, lifetime }) => {
            job.bring(now, token, lifetime);
            Did::Nothing
        }
        Err(fault) => Did::Failed(fault),
    }
}

fn fault(kind: ErrorKind) -> Fault {
    match kind {
        ErrorKind::TimedOut => Fault::Timeout,
        ErrorKind::PermissionDenied => Fault::Certificate,
        ErrorKind::InvalidData => Fault::Tls,
        _ => Fault::Reset,
    }
}
