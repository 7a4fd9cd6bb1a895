//! The exchange as a job sees it: which bytes reach the call, and what the answer says about who made it.

use super::{Said, Watched, Who};
use crate::GraphError;
use crate::exchange::{self, Exchange, ExchangeError, Item};
use crate::http::{End, Head};
use crate::record::{Place, Record, Schema};

/// The codes of a call that the service does not know.
const MISSING_CALL: [&str; 1] = ["8522"];

/// How far an answer has come.
#[derive(Clone, Copy, Debug)]
pub(super) enum Progress {
    /// More of it is to come.
    More,
    /// It is complete.
    Done,
    /// It answers another request.
    Other,
    /// It is a refusal that ended after its head, and before its content did, or whose framing is broken.
    Cut,
    /// It is wrong, or has ended too early.
    Wrong(ExchangeError),
}

/// Takes a piece of an answer. The call is touched only by the content of a 200 that answers this request.
pub(super) fn feed<const HEAD: usize, const TEXT: usize>(
    exchange: &mut Exchange<HEAD, TEXT>,
    call: &mut dyn Watched,
    is_ours: &dyn Fn(Option<&str>) -> bool,
    mut piece: &[u8],
) -> Progress {
    loop {
        let status = exchange.head().map(|head| head.status());
        let record: &mut dyn Record =
            if status == Some(200) { &mut *call } else { &mut Nowhere(call.schema()) };
        match exchange.next(record, &mut piece) {
            Ok(None) => return Progress::More,
            Ok(Some(Item::Done)) => break,
            Ok(Some(_)) => {}
            Err(error) => return Progress::Wrong(error),
        }
        if status.is_none() && exchange.head().is_some_and(|head| !is_ours(head.client_request_id())) {
            return Progress::Other;
        }
    }
    if exchange.is_broken() { Progress::Cut } else { Progress::Done }
}

/// Takes the end of the connection.
pub(super) fn finish<const HEAD: usize, const TEXT: usize>(
    exchange: &mut Exchange<HEAD, TEXT>,
    call: &mut dyn Watched,
    end: End,
) -> Progress {
    let is_call = exchange.head().is_some_and(|head| head.status() == 200);
    let record: &mut dyn Record = if is_call { call } else { &mut Nowhere(call.schema()) };
    match exchange.finish(record, end) {
        Ok(()) if is_call || exchange.is_complete() => Progress::Done,
        Ok(()) => Progress::Cut,
        Err(error) => Progress::Wrong(error),
    }
}

/// What the content of a refusal says, if it is JSON by its type.
pub(super) fn error<const HEAD: usize, const TEXT: usize>(
    exchange: &Exchange<HEAD, TEXT>,
) -> Option<&GraphError<TEXT>> {
    match exchange.said(&exchange.head()?) {
        exchange::Said::Error(error) => Some(error),
        _ => None,
    }
}

/// Whether an answer has the form of the service, or its marks.
pub(super) fn is_service<const HEAD: usize, const TEXT: usize>(exchange: &Exchange<HEAD, TEXT>) -> bool {
    let Some(head) = exchange.head() else { return false };
    let has_code = error(exchange).is_some_and(|error| error.code.as_str().is_some());
    has_code || head.request_id().is_some() || head.diagnostic().is_some()
}

/// Whether the service says that it does not know the call.
pub(super) fn is_missing_call<const HEAD: usize, const TEXT: usize>(exchange: &Exchange<HEAD, TEXT>) -> bool {
    let Some(error) = error(exchange) else { return false };
    let is_missing = |code: Option<&str>| code.is_some_and(|code| MISSING_CALL.contains(&code));
    let head = exchange.head();
    head.is_some_and(|head| head.status() == 404)
        && (is_missing(error.code.as_str())
            || is_missing(error.inner_code.as_str())
            || is_missing(error.message_code().as_ref().and_then(|code| code.as_str())))
}

/// What an answer says besides its head.
pub(super) fn said<const HEAD: usize, const TEXT: usize>(exchange: &Exchange<HEAD, TEXT>) -> Said<'_> {
    let Some(head) = exchange.head().filter(|head| head.status() != 200) else { return Said::default() };
    let said = Said { request_id: head.request_id(), ..Said::default() };
    match exchange.said(&head) {
        exchange::Said::Nothing => said,
        exchange::Said::Excerpt(excerpt) => Said { excerpt: Some(excerpt), ..said },
        exchange::Said::Error(error) => Said {
            code: error.code.as_str(),
            inner_code: error.inner_code.as_str(),
            message: error.message.as_str(),
            target: error.target.as_str(),
            details: Some(&error.details).filter(|details| details.total() > 0),
            request_id: head.request_id().or_else(|| error.request_id.as_str()),
            ..said
        },
    }
}

/// Who made an answer that is no call: the host itself, or something in its place.
///
/// The host is known by the form of its content. Where content of that type is cut, there is nothing that speaks against it.
pub(super) fn who(head: &Head<'_>, host: Who, has_form: bool, is_cut: bool) -> Who {
    match head.status() {
        _ if has_form || is_cut && head.is_json() => host,
        // Network Authentication Required (RFC 6585, section 6).
        511 => Who::CaptivePage,
        200 | 301..=303 | 307 | 308 => Who::CaptivePage,
        _ => Who::Proxy,
    }
}

/// A record that keeps nothing: what must not reach the call goes there.
struct Nowhere(&'static Schema);

impl Record for Nowhere {
    fn schema(&self) -> &'static Schema {
        self.0
    }

    fn place(&mut self, _row: u8) -> Place<'_> {
        Place::Nothing
    }

    fn clear(&mut self) {}
}
