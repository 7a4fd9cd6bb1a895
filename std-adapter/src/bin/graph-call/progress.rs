//! What happens meanwhile: every step with --verbose, the waits on a terminal, nothing otherwise.

use core::time::Duration;
use std::io::{self, IsTerminal as _, Write as _};
use std::process;

use graph_call_std::{Class, Error, Event};

use crate::escape::Escaped;

/// Erases the line of a wait that is over.
const ERASE: &str = "\r\u{1b}[K";

/// Tells what happens on standard error.
#[derive(Debug)]
pub(crate) struct Progress {
    verbose: bool,
    is_terminal: bool,
    is_shown: bool,
}

impl Progress {
    pub(crate) fn new(verbose: bool) -> Self {
        Self { verbose, is_terminal: io::stderr().is_terminal(), is_shown: false }
    }

    /// Takes one event of the client.
    pub(crate) fn tell(&mut self, event: &Event<'_>) {
        if self.verbose {
            let _ = writeln!(io::stderr(), "* {}", Escaped(&sentence(event)));
        } else if self.is_terminal {
            let mut stderr = io::stderr().lock();
            if let Event::Waiting { span, after } = event {
                let _ = write!(stderr, "{ERASE}{}", wait(*span, *after));
                let _ = stderr.flush();
                self.is_shown = true;
            } else if self.is_shown {
                let _ = write!(stderr, "{ERASE}");
                self.is_shown = false;
            }
        }
    }
}

/// Makes Ctrl-C end the program with 130, on a line of its own.
pub(crate) fn end_on_interrupt() {
    // Where no handler can be set Ctrl-C ends the program all the same.
    let _ = ctrlc::set_handler(|| {
        if io::stderr().is_terminal() {
            let _ = write!(io::stderr(), "{ERASE}");
        }
        process::exit(Class::Interrupted.exit_code().into());
    });
}

/// A wait in few words: a line that wraps could not be erased.
fn wait(span: Duration, after: Option<&Error>) -> String {
    let seconds = span.as_secs_f64().round();
    match (after, after.and_then(Error::status)) {
        (None, _) => format!("looking again in {seconds} s"),
        (Some(_), Some(status)) => format!("status {status}, trying again in {seconds} s"),
        (Some(_), None) => format!("trying again in {seconds} s"),
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
