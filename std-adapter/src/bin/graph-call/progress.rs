//! What happens meanwhile: every step with --verbose, the waits on a terminal, nothing otherwise.

use std::io::{self, IsTerminal as _, Write as _};
use std::process;

use graph_call_std::{Class, Event};

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
            if let Event::Waiting { .. } = event {
                let _ = write!(stderr, "{ERASE}{}", Escaped(&sentence(event)));
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

fn sentence(event: &Event<'_>) -> String {
    match event {
        Event::Connecting { host, address } => format!("connecting to {host} at {address}"),
        Event::Connected { host, took } => format!("connected to {host} in {} ms", took.as_millis()),
        Event::Tunnel { proxy } => format!("tunnel through the proxy {proxy}"),
        Event::Secured { version, cipher, took } => {
            format!("secured by {version} with {cipher} in {} ms", took.as_millis())
        }
        Event::Reused { host } => format!("reusing the connection to {host}"),
        Event::Sent { target, client_request_id, attempt } => {
            format!("sent GET {target} as {client_request_id}, attempt {attempt}")
        }
        Event::Received { status, request_id, took } => {
            let id = request_id.map_or_else(String::new, |id| format!(", request-id {id}"));
            format!("received status {status} in {} ms{id}", took.as_millis())
        }
        Event::Waiting { span, after: Some(error) } => {
            format!("waiting {:.0} s before another try: {error}", span.as_secs_f64())
        }
        Event::Waiting { span, after: None } => format!("looking again in {:.0} s", span.as_secs_f64()),
        _ => "one more step".to_owned(),
    }
}
