//! The Graph side: who may ask, what is asked, what is answered.

use super::answer::{Answer, Stamp};
use super::calls::{self, Refusal};
use super::fault::{self, Fault, UnknownFault};
use super::received::Received;
use super::shared::Shared;

/// Answers a request of a call, without faults.
pub(super) fn answer(shared: &Shared, received: &Received, stamp: &Stamp) -> Answer {
    if let Some(refusal) = unauthorized(shared, received, stamp) {
        return refusal;
    }
    let Some((version, id)) = call_of(received.path()) else {
        let segment = received.path().rsplit('/').next().unwrap_or_default();
        let message = format!("Resource not found for the segment '{segment}'.");
        return Answer::error(stamp, 400, "BadRequest", &message);
    };
    if received.method() != "GET" {
        let message = "The HTTP method is not supported by this service.";
        return Answer::error(stamp, 405, "Request_BadRequest", message).with("Allow", "GET");
    }
    match calls::content(shared, version, id, received.query()) {
        Ok(content) => Answer::json(stamp, 200, content),
        Err(Refusal::NotFound) => Answer::error(stamp, 404, "8522", "Call not found."),
        Err(Refusal::Query(message)) => Answer::error(stamp, 400, "BadRequest", &message),
    }
}

/// The fault of this request: ordered by its field line, by the id of its call, or by the library user.
///
/// # Errors
/// When the name ordered is no fault's.
pub(super) fn fault(shared: &Shared, received: &Received) -> Result<Option<Fault>, UnknownFault> {
    let id = call_of(received.path()).map_or("", |(_, id)| id);
    match shared.ordered_by(received, id)? {
        None if !id.starts_with("once.") => Ok(shared.next_fault()),
        ordered => Ok(ordered),
    }
}

/// `/v1.0/communications/calls/{id}`, `/beta/communications/calls/{id}` or `/beta/app/calls/{id}`.
fn call_of(path: &str) -> Option<(&str, &str)> {
    match path.strip_prefix('/')?.split('/').collect::<Vec<_>>()[..] {
        [version @ ("v1.0" | "beta"), "communications", "calls", id] if !id.is_empty() => Some((version, id)),
        [version @ "beta", "app", "calls", id] if !id.is_empty() => Some((version, id)),
        _ => None,
    }
}

fn unauthorized(shared: &Shared, received: &Received, stamp: &Stamp) -> Option<Answer> {
    let message = match received.access_token() {
        Some(access_token) if shared.is_valid(access_token) => return None,
        Some(access_token) if access_token.split('.').count() == 3 => return Some(fault::expired(stamp)),
        Some(_) => "CompactToken parsing failed with error code: 80049217",
        None => "Access token is empty.",
    };
    let answer = Answer::error(stamp, 401, "InvalidAuthenticationToken", message);
    Some(answer.with("WWW-Authenticate", fault::CHALLENGE))
}
