//! One request for a call, and what came of it: the same for both clients, but for the loop itself.

use core::time::Duration;

use graph_call::Culprit;
use graph_call::ParseOptions;
use graph_call::http::AccessToken;
use graph_call::http::framing::Item;
use graph_call::http::{
    CallId, ClientRequestId, End, Framing, HeadParser, Host, Limits, Request, UserAgent, head,
};
use graph_call::json::Binder;
use graph_call::json::slot::Record;
use zeroize::Zeroizing;

use crate::answer::{AnswerHead, Refusal};
use crate::builder::Settings;
use crate::credential::Secret;
use crate::error::{Error, ErrorKind, Phase};
use crate::event::Event;
use crate::operation;
use crate::query::Query;
use crate::random;

/// The request of one attempt, whole; it holds the token, and is wiped.
pub(crate) struct Asked {
    pub(crate) bytes: Zeroizing<Vec<u8>>,
    target: String,
    client_request_id: ClientRequestId,
    attempt: u32,
}

/// What came of one exchange.
pub(crate) struct Outcome {
    pub(crate) result: Result<AnswerHead, Error>,
    /// Whether the connection may serve another exchange.
    pub(crate) is_reusable: bool,
}

/// Checks what the caller asks for, before anything is sent.
pub(crate) fn check(query: &Query<'_>) -> Result<(), Error> {
    CallId::new(query.id).map(|_| ()).map_err(|error| Error::usage(error.to_string()).caused_by(error))
}

impl Asked {
    /// Writes the request; `earlier` requests were made in the same operation.
    pub(crate) fn new(
        settings: &Settings,
        query: &Query<'_>,
        token: &Secret,
        earlier: u8,
    ) -> Result<Self, Error> {
        let refused =
            |error: graph_call::http::RequestError| Error::usage(error.to_string()).caused_by(error);
        let mut random = [0; 16];
        random::fill(&mut random);
        let client_request_id = ClientRequestId::from_random(random);
        let id = CallId::new(query.id).map_err(refused)?;
        let request = Request {
            version: query.version.unwrap_or(settings.version),
            select: query.select,
            expand: query.expand,
            client_request_id: Some(client_request_id),
            user_agent: UserAgent::new(&settings.user_agent).map_err(refused)?,
            retry_attempt: earlier,
            danger_host: settings.danger_graph_host.as_deref().map(Host::new).transpose().map_err(refused)?,
            ..Request::new(settings.cloud, id, AccessToken::new(token.reveal()).map_err(refused)?)
        };
        let mut bytes = Zeroizing::new(vec![0; request.len()]);
        request.write(&mut bytes).map_err(refused)?;
        let line = bytes.split(|byte| *byte == b'\r').next().unwrap_or_default();
        let target = String::from_utf8_lossy(line).split(' ').nth(1).unwrap_or_default().to_owned();
        Ok(Self { bytes, target, client_request_id, attempt: u32::from(earlier) + 1 })
    }

    /// Tells that it is about to be sent.
    pub(crate) fn announce(&self, listener: &mut dyn FnMut(&Event<'_>)) {
        listener(&Event::Sent {
            target: &self.target,
            client_request_id: self.client_request_id.as_str(),
            attempt: self.attempt,
        });
    }
}

/// Head, framing and binder in order.
pub(crate) struct Exchange {
    head: HeadParser<2048>,
    framing: Option<Framing>,
    binder: Binder,
}

impl Exchange {
    pub(crate) fn new() -> Self {
        Self { head: HeadParser::new(), framing: None, binder: Binder::new(ParseOptions::new()) }
    }

    /// Takes a piece of the answer; true when it is complete.
    pub(crate) fn feed(&mut self, call: &mut dyn Record, mut piece: &[u8]) -> Result<bool, Error> {
        let framing = match &mut self.framing {
            Some(framing) => framing,
            None => {
                loop {
                    match self.head.next(&mut piece).map_err(malformed)? {
                        None => return Ok(false),
                        Some(head::Item::End) => break,
                        Some(_) => {}
                    }
                }
                let Some(head) = self.head.head() else { return Ok(false) };
                let framing = Framing::new(&head, self.head.offset(), &Limits::DEFAULT).map_err(malformed)?;
                self.framing.insert(framing)
            }
        };
        let is_call = self.head.head().is_some_and(|head| head.status() == 200);
        loop {
            match framing.next(&mut piece).map_err(malformed)? {
                None => return Ok(false),
                Some(Item::Content(content)) if is_call => {
                    self.binder.feed(call, content).map_err(unreadable)?;
                }
                Some(Item::Content(_)) => {}
                Some(Item::End) => return Ok(true),
            }
        }
    }

    /// Decides what came of it when no more will come.
    pub(crate) fn finish(&mut self, call: &mut dyn Record, end: End) -> Outcome {
        let is_reusable = self.framing.as_ref().is_some_and(Framing::is_reusable);
        Outcome { result: self.judge(call, end), is_reusable }
    }

    fn judge(&mut self, call: &mut dyn Record, end: End) -> Result<AnswerHead, Error> {
        self.head.finish().map_err(malformed)?;
        if let Some(framing) = &self.framing {
            framing.finish(end).map_err(malformed)?;
        }
        let Some(head) = self.head.head() else { return Ok(AnswerHead::default()) };
        if head.status() == 200 {
            self.binder.finish(call).map_err(unreadable)?;
            return Ok(AnswerHead::from(head));
        }
        let claims = head.claims_challenge().and_then(operation::claims);
        Err(Error::service(Refusal { head: head.into(), claims, ..Refusal::default() }))
    }
}

fn malformed(error: graph_call::http::Error) -> Error {
    Error::new(ErrorKind::Answer, Phase::Receive, error.to_string()).caused_by(error)
}

fn unreadable(error: graph_call::Error) -> Error {
    let kind = if error.culprit() == Culprit::Capacity { ErrorKind::Capacity } else { ErrorKind::Answer };
    Error::new(kind, Phase::Receive, error.to_string()).caused_by(error)
}

/// Sends the request and reads the answer.
pub(crate) fn run<IO>(io: &mut IO, asked: &Asked, call: &mut dyn Record) -> Outcome
where
    IO: embedded_io::Read<Error = Error> + embedded_io::Write<Error = Error>,
{
    let mut exchange = Exchange::new();
    let result = (|| {
        io.write_all(&asked.bytes)?;
        io.flush()?;
        let mut piece = [0; 4096];
        loop {
            match io.read(&mut piece)? {
                0 => return Ok(End::CloseNotify),
                length if exchange.feed(call, piece.get(..length).unwrap_or_default())? => {
                    return Ok(End::CloseNotify);
                }
                _ => {}
            }
        }
    })();
    match result {
        Ok(end) => exchange.finish(call, end),
        Err(error) => Outcome { result: Err(error), is_reusable: false },
    }
}

/// Tells of an answer that is complete, be it a call or a refusal.
pub(crate) fn report(
    result: Result<&AnswerHead, &Error>,
    took: Duration,
    listener: &mut dyn FnMut(&Event<'_>),
) {
    let head = match result {
        Ok(head) => Some(head),
        Err(error) => error.refusal().map(|refusal| &refusal.head),
    };
    if let Some(head) = head {
        let request_id = head.request_id.as_deref();
        listener(&Event::Received { status: head.status, request_id, took });
    }
}
