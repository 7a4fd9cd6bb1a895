//! A client meets a behaviour: what comes before it, and what became of the reading.

use super::{Behaviour, HostilePeer, Outcome};
use graph_call::CallState;
use graph_call_std::{Error, ErrorKind};

/// One reading of a client: the state of the call that it gave.
pub type Get<'g> = &'g mut dyn FnMut() -> Result<Option<CallState>, Error>;

/// A reading that has to give the call that was asked for.
///
/// # Errors
/// What it gave instead.
pub fn good(get: Get<'_>) -> Result<(), String> {
    match get() {
        Ok(Some(CallState::Established)) => Ok(()),
        other => Err(format!("a good reading came to {other:?}")),
    }
}

/// Reads until the behaviour is met; gives what became of that reading, and its error.
///
/// # Errors
/// What is no outcome at all: another call, another error, or a good reading that was none.
pub fn meet(
    peer: &HostilePeer,
    behaviour: &'static Behaviour,
    get: Get<'_>,
) -> Result<(Outcome, Option<Error>), String> {
    if behaviour.is_between_requests() {
        let done = peer.done();
        peer.order(behaviour);
        good(get)?;
        peer.wait_until_done(done + 1);
    } else {
        if behaviour.is_of_a_kept_connection() {
            good(get)?;
        }
        peer.order(behaviour);
    }
    let before = peer.connections();
    let met = get();
    let is_anew = before > 0 && peer.connections() > before;
    match met {
        Ok(Some(CallState::Established)) => {
            Ok((if is_anew { Outcome::CallAnew } else { Outcome::Call }, None))
        }
        Ok(state) => Err(format!("read {state:?}")),
        Err(error) => {
            let outcome = match error.kind() {
                ErrorKind::Cut => Outcome::Cut,
                ErrorKind::Tls => Outcome::Tls,
                ErrorKind::Certificate => Outcome::Certificate,
                ErrorKind::Timeout => Outcome::Timeout,
                ErrorKind::Answer => Outcome::Answer,
                _ => return Err(format!("{error:?}")),
            };
            Ok((outcome, Some(error)))
        }
    }
}
