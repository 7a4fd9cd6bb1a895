//! What a user is told of a job: events on the way, and what came of it.

use core::time::Duration;

use graph_call::http::Head;
use graph_call::job::{Failure, Step, Who};

use super::engine::Engine;
use super::network::Network;
use super::trace::Trace;
use crate::answer::{AnswerHead, Refusal};
use crate::clock::unix_seconds;
use crate::credential::Claims;
use crate::error::Error;
use crate::event::Event;

/// What came of a reading.
#[derive(Debug)]
pub(crate) enum Came {
    /// The call.
    Call(AnswerHead),
    /// The call is gone.
    Gone(Refusal),
    /// A failure, and whether the job ends with it.
    Failed(Error, bool),
}

/// Looks at every step.
pub(crate) struct Observer<'o, N: Network> {
    engine: &'o Engine<N>,
    trace: &'o Trace,
    is_sign_in: bool,
    attempt: u32,
    sent_at: u64,
    came: Option<Came>,
}

impl<'o, N: Network> Observer<'o, N> {
    pub(crate) fn new(engine: &'o Engine<N>, trace: &'o Trace) -> Self {
        Self { engine, trace, is_sign_in: false, attempt: 0, sent_at: 0, came: None }
    }

    /// Of a job that only signs in.
    pub(crate) fn of_sign_in(self) -> Self {
        Self { is_sign_in: true, ..self }
    }

    /// What came of it.
    pub(crate) fn came(self) -> Option<Came> {
        self.came
    }

    /// Looks at a step.
    pub(crate) fn see(&mut self, step: &Step<'_>) {
        match step {
            Step::Connect { .. } => self.trace.forget(),
            Step::Send { bytes, .. } => self.sent(bytes),
            Step::Wait { after: Some(failure), until } => {
                let error = self.error(failure);
                self.received(failure.refused.as_ref().map(|refused| &refused.head));
                let span = Duration::from_millis(until.saturating_sub(self.engine.network.now()));
                self.engine.tell(&Event::Waiting { span, after: Some(&error) });
            }
            Step::Wait { after: None, until } => {
                let span = Duration::from_millis(until.saturating_sub(self.engine.network.now()));
                if !span.is_zero() {
                    self.engine.tell(&Event::Waiting { span, after: None });
                }
            }
            Step::Call(head) => {
                self.received(Some(head));
                self.came = Some(Came::Call(AnswerHead::from(*head)));
            }
            Step::Gone(refused) => {
                self.received(Some(&refused.head));
                let refusal = Refusal::from(*refused);
                self.engine.tell(&Event::Gone { refusal: &refusal });
                self.came = Some(Came::Gone(refusal));
            }
            Step::Failed(failure) => {
                self.received(failure.refused.as_ref().map(|refused| &refused.head));
                self.came = Some(Came::Failed(self.error(failure), failure.is_final));
            }
            Step::Over if self.is_sign_in && self.attempt > 0 => self.engine.tell(&Event::SignedIn),
            _ => {}
        }
    }

    fn error(&self, failure: &Failure<'_>) -> Error {
        let mut causes = self.trace.lock();
        match causes.token.take() {
            // What the sign-in said is what there is to say.
            Some(error) if failure.phase == graph_call::job::Phase::Token => error,
            _ => {
                let error = Error::of_job(
                    failure,
                    causes.connection.take(),
                    self.is_sign_in,
                    &self.engine.settings.timeouts,
                );
                match self.doubt(&error) {
                    Some(doubt) => error.with_hint(doubt),
                    None => error,
                }
            }
        }
    }

    /// Why the service has most probably refused the token, by what that says of itself.
    fn doubt(&self, error: &Error) -> Option<String> {
        let is_of_token = error.status() == Some(401) && error.who() == Who::Service;
        if self.is_sign_in || !is_of_token {
            return None;
        }
        let token = self.engine.tokens.current().token;
        let Some(claims) = Claims::read(token.reveal()) else {
            let what = "what was given has not the form of an application's token (a JWT)";
            return Some(format!("{what}: it may be a secret, or cut"));
        };
        claims.doubt(self.engine.settings.token_cloud(), unix_seconds())
    }

    /// A request begins.
    fn sent(&mut self, bytes: &[u8]) {
        let Some((method, target)) = request_line(bytes) else { return };
        self.attempt += 1;
        self.sent_at = self.engine.network.now();
        if !self.engine.is_heard() {
            return;
        }
        let id = field(bytes, b"client-request-id: ").unwrap_or_default();
        let attempt = self.attempt;
        self.engine.tell(&Event::Sent { method, target, client_request_id: id, attempt });
    }

    fn received(&self, head: Option<&Head<'_>>) {
        if let Some(head) = head {
            let took = self.engine.network.now().saturating_sub(self.sent_at);
            self.engine.tell(&Event::Received {
                status: head.status(),
                request_id: head.request_id(),
                took: Duration::from_millis(took),
            });
        }
    }
}

/// Method and target, if these bytes are the beginning of a request.
fn request_line(bytes: &[u8]) -> Option<(&str, &str)> {
    let line = bytes.split(|byte| *byte == b'\r').next()?;
    let line = core::str::from_utf8(line).ok()?.strip_suffix(" HTTP/1.1")?;
    line.split_once(' ').filter(|(method, _)| matches!(*method, "GET" | "POST"))
}

/// The value of a field line.
fn field<'b>(bytes: &'b [u8], name: &[u8]) -> Option<&'b str> {
    let line = bytes.split(|byte| *byte == b'\n').find_map(|line| line.strip_prefix(name))?;
    core::str::from_utf8(line).ok().map(str::trim_end)
}
