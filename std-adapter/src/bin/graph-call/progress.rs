//! What happens meanwhile: every step with --verbose; on a terminal the waits and how far it is; nothing otherwise.

use core::cell::RefCell;
use core::time::Duration;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use graph_call_std::{Class, Error, Event};

use crate::json::Node;
use crate::loud::Loud;
use crate::{line, terminal};

/// How many calls there are.
static CALLS: AtomicUsize = AtomicUsize::new(1);

thread_local! {
    /// The call that this thread is about: its place in the list, and its id.
    static CALL: RefCell<Option<(usize, String)>> = const { RefCell::new(None) };
}

/// So many calls are begun with. Where there are several, what is told of one names it.
pub(crate) fn begin(calls: usize) {
    CALLS.store(calls, Relaxed);
}

/// Does something about a call: what this thread tells meanwhile is about it.
pub(crate) fn about<T>(index: usize, id: &str, act: impl FnOnce() -> T) -> T {
    CALL.set(Some((index, id.to_owned())));
    let outcome = act();
    CALL.set(None);
    outcome
}

/// The place in the list of the call that this thread is about.
pub(crate) fn index() -> Option<usize> {
    CALL.with_borrow(|call| call.as_ref().map(|(index, _)| *index))
}

/// Tells of an event of the client, and shows its waits where there is one call.
pub(crate) fn tell(event: &Event<'_>) {
    tell_step(event);
    if CALLS.load(Relaxed) == 1 {
        match event {
            Event::Waiting { span, after } => line::show(&wait(*span, *after)),
            _ => line::erase(),
        }
    }
}

/// Tells of an event if every step is to be told.
pub(crate) fn tell_step(event: &Event<'_>) {
    let loud = Loud::get();
    if !loud.tells_steps() {
        return;
    }
    let call = CALL.with_borrow(|call| call.as_ref().map(|(_, id)| id.clone()));
    let call = call.filter(|_| loud.is_json() || CALLS.load(Relaxed) > 1);
    if let Event::RequestHead { lines } | Event::AnswerHead { lines } = event {
        return heads(name(event), lines, call);
    }
    let text = sentence(event);
    if loud.is_json() {
        let call = call.map(|id| ("id", Node::Text(id)));
        let event = ("event", Node::text(name(event)));
        terminal::step(&text, call.into_iter().chain([event]).collect());
    } else {
        terminal::step(&call.map_or_else(|| text.clone(), |id| format!("[{id}] {text}")), Vec::new());
    }
}

/// Shows a head: a line for each of its lines, or one of JSON for all.
fn heads(name: &'static str, lines: &str, call: Option<String>) {
    if Loud::get().is_json() {
        let list = lines.lines().map(Node::text).collect();
        let call = call.map(|id| ("id", Node::Text(id)));
        let members = call.into_iter().chain([("event", Node::text(name)), ("lines", Node::List(list))]);
        let first = lines.lines().next().unwrap_or_default();
        return terminal::step(first, members.collect());
    }
    let sign = if name == "requestHead" { '>' } else { '<' };
    let call = call.map_or_else(String::new, |id| format!("[{id}] "));
    for line in lines.lines() {
        terminal::step_with(sign, &format!("{call}{line}"));
    }
}

/// Shows how many of how many calls are there.
pub(crate) fn count(arrived: usize) {
    let all = CALLS.load(Relaxed);
    if all > 1 {
        line::show(&format!("{arrived} of {all} calls"));
    }
}

/// Makes Ctrl-C, and where there is one SIGTERM, end the program with 130, on a line of its own.
pub(crate) fn end_on_interrupt() {
    // Where no handler can be set the signal ends the program all the same.
    let _ = ctrlc::set_handler(|| {
        terminal::end(Class::Interrupted.exit_code().into());
    });
}

/// A wait in few words: a line that wraps could not be erased.
pub(crate) fn wait(span: Duration, after: Option<&Error>) -> String {
    let seconds = span.as_secs_f64().round();
    match (after, after.and_then(Error::status)) {
        (None, _) => format!("looking again in {seconds} s"),
        (Some(_), Some(status)) => format!("status {status}, trying again in {seconds} s"),
        (Some(_), None) => format!("trying again in {seconds} s"),
    }
}

/// The name of an event, for programs.
fn name(event: &Event<'_>) -> &'static str {
    match event {
        Event::Connecting { .. } => "connecting",
        Event::Connected { .. } => "connected",
        Event::Tunnel { .. } => "tunnel",
        Event::Secured { .. } => "secured",
        Event::Reused { .. } => "reused",
        Event::Sent { .. } => "sent",
        Event::RequestHead { .. } => "requestHead",
        Event::AnswerHead { .. } => "answerHead",
        Event::SignedIn => "signedIn",
        Event::Gone { .. } => "gone",
        Event::Received { .. } => "received",
        Event::Waiting { .. } => "waiting",
        _ => "other",
    }
}

fn sentence(event: &Event<'_>) -> String {
    match event {
        Event::Connecting { host, address } => format!("connecting to {host} at {address}"),
        Event::Connected { host, took } => format!("connected to {host} in {} ms", took.as_millis()),
        Event::Tunnel { proxy } => format!("tunnel through the proxy {proxy}"),
        Event::Secured { version, cipher, took } => {
            format!("secured by {version} with {cipher} in {} ms", took.as_millis())
        }
        Event::Reused { host } => format!("reusing the connection to {host}"),
        Event::Sent { method, target, client_request_id: "", attempt } => {
            format!("sent {method} {target} for a token, attempt {attempt}")
        }
        Event::Sent { method, target, client_request_id, attempt } => {
            format!("sent {method} {target} as {client_request_id}, attempt {attempt}")
        }
        Event::SignedIn => "signed in".to_owned(),
        Event::Gone { .. } => "the call has ended".to_owned(),
        Event::Received { status, request_id, took } => {
            let id = request_id.map_or_else(String::new, |id| format!(", request-id {id}"));
            format!("received status {status} in {} ms{id}", took.as_millis())
        }
        Event::Waiting { span, after } => {
            let error = after.map_or_else(String::new, |error| format!(" after {error}"));
            format!("{}{error}", wait(*span, *after))
        }
        _ => "one more step".to_owned(),
    }
}
