//! One request for a call, and what came of it: the same for both clients, but for the waiting.

use core::time::Duration;

use graph_call::drive::{self, DriveError};
use graph_call::exchange::{self, Exchange, ExchangeError, Reply};
use graph_call::http::{
    self, AccessToken, CallId, ClientRequestId, End, Host, Request, RequestError, UserAgent,
};
use graph_call::json::slot::Record;
use graph_call::{Culprit, Exact, GraphError};
use zeroize::Zeroizing;

use crate::answer::{AnswerHead, Refusal};
use crate::builder::Settings;
use crate::credential::Secret;
use crate::error::{Error, ErrorKind, Phase};
use crate::event::Event;
use crate::operation;
use crate::query::Query;
use crate::random;

/// Room for the head of an answer, a claims challenge included.
const HEAD_LENGTH: usize = 8192;
/// Room for the message of a refusal.
const MESSAGE_LENGTH: usize = 1024;
/// What is shown of content that is not JSON.
const EXCERPT_LENGTH: usize = 256;

/// Bytes sent or received at once.
const PIECE_LENGTH: usize = 4096;

type Answer = Exchange<HEAD_LENGTH, MESSAGE_LENGTH>;

/// What came of one exchange.
pub(crate) struct Outcome {
    pub(crate) result: Result<AnswerHead, Error>,
    /// Whether the connection may serve another exchange.
    pub(crate) is_reusable: bool,
}

/// Checks what the caller asks for, before anything is sent.
pub(crate) fn check(query: &Query<'_>) -> Result<(), Error> {
    CallId::new(query.id).map(|_| ()).map_err(refused)
}

/// What one attempt asks for.
pub(crate) struct Asked<'a> {
    pub(crate) query: &'a Query<'a>,
    pub(crate) token: Secret,
    /// Requests made before in the same operation.
    pub(crate) earlier: u8,
}

impl Asked<'_> {
    /// The request, every part of it checked.
    pub(crate) fn request<'a>(&'a self, settings: &'a Settings) -> Result<Request<'a>, Error> {
        let Self { query, token, earlier } = self;
        let mut random = [0; 16];
        random::fill(&mut random);
        let host = settings.danger_graph_host.as_deref();
        Ok(Request {
            version: query.version.unwrap_or(settings.version),
            select: query.select,
            expand: query.expand,
            client_request_id: Some(ClientRequestId::from_random(random)),
            user_agent: UserAgent::new(&settings.user_agent).map_err(refused)?,
            retry_attempt: *earlier,
            danger_host: host.map(Host::new).transpose().map_err(refused)?,
            ..Request::new(
                settings.cloud,
                CallId::new(query.id).map_err(refused)?,
                AccessToken::new(token.reveal()).map_err(refused)?,
            )
        })
    }
}

/// Tells that a request is about to be sent.
pub(crate) fn announce(request: &Request<'_>, listener: &mut dyn FnMut(&Event<'_>)) {
    // The request line is shorter; what follows it may be the token.
    let mut start = Zeroizing::new([0; 1024]);
    let length = request.write_from(0, &mut *start);
    let line = start.get(..length).and_then(|start| start.split(|byte| *byte == b'\r').next());
    let target = line.and_then(|line| core::str::from_utf8(line).ok()?.split(' ').nth(1));
    listener(&Event::Sent {
        target: target.unwrap_or_default(),
        client_request_id: request.client_request_id.as_ref().map_or("", ClientRequestId::as_str),
        attempt: u32::from(request.retry_attempt) + 1,
    });
}

/// Tells of an answer that is complete, be it a call or a refusal.
pub(crate) fn report(
    result: Result<&AnswerHead, &Error>,
    took: Duration,
    listener: &mut dyn FnMut(&Event<'_>),
) {
    let head = match result {
        Ok(head) => Some(head),
        Err(error) => error.head(),
    };
    if let Some(AnswerHead { status, request_id, .. }) = head {
        listener(&Event::Received { status: *status, request_id: request_id.as_deref(), took });
    }
}

/// Sends the request and reads the answer over a stream whose end is close_notify or an error.
pub(crate) fn run<IO>(
    io: &mut IO,
    settings: &Settings,
    request: &Request<'_>,
    call: &mut dyn Record,
) -> Outcome
where
    IO: embedded_io::Read<Error = Error> + embedded_io::Write<Error = Error>,
{
    let mut answer = Box::new(Answer::with_options(settings.limits, settings.parse_options));
    let mut piece = [0; PIECE_LENGTH];
    let end = End::CloseNotify;
    let reply = drive::get_call(io, request, &mut answer, call, &mut piece, end).map(judge);
    settle(reply, &answer)
}

/// The same over a stream that is awaited.
#[cfg(feature = "tokio")]
pub(crate) async fn run_async<IO>(
    io: &mut IO,
    settings: &Settings,
    request: &Request<'_>,
    call: &mut (dyn Record + Send),
) -> Outcome
where
    IO: embedded_io_async::Read<Error = Error> + embedded_io_async::Write<Error = Error>,
{
    let mut answer = Box::new(Answer::with_options(settings.limits, settings.parse_options));
    let mut piece = [0; PIECE_LENGTH];
    let end = End::CloseNotify;
    let reply = drive::get_call_async(io, request, &mut answer, call, &mut piece, end).await.map(judge);
    settle(reply, &answer)
}

/// What the service said instead of a call, if it did.
fn judge(reply: Reply<'_, MESSAGE_LENGTH>) -> Option<Refusal> {
    match reply {
        Reply::Call => None,
        Reply::Error(refusal) => Some(refusal.into()),
    }
}

fn settle(reply: Result<Option<Refusal>, DriveError<Error>>, answer: &Answer) -> Outcome {
    let head = answer.head().map(AnswerHead::from);
    let result = match reply {
        Ok(None) => Ok(head.unwrap_or_default()),
        Ok(Some(refusal)) => Err(Error::service(refusal)),
        Err(error) => {
            let error = match error {
                DriveError::Io(error) => error,
                DriveError::Exchange(error) => unusable(error, answer),
                error => Error::new(ErrorKind::Stack, Phase::Send, error.to_string()),
            };
            Err(match head {
                Some(head) => error.with_head(head),
                None => error,
            })
        }
    };
    Outcome { result, is_reusable: answer.is_reusable() }
}

/// An answer that is neither a call nor a refusal.
fn unusable(error: ExchangeError, answer: &Answer) -> Error {
    let kind = match error {
        ExchangeError::Http(error) if error.kind() == http::ErrorKind::Truncated => ErrorKind::Cut,
        error if error.culprit() == Culprit::Capacity => ErrorKind::Capacity,
        _ => ErrorKind::Answer,
    };
    let mut detail = error.to_string();
    if let (ExchangeError::NotJson, Some(head)) = (error, answer.head()) {
        let media_type = head.content_type().unwrap_or("no type");
        let excerpt = answer.excerpt().unwrap_or_default();
        let excerpt = excerpt.get(..EXCERPT_LENGTH).unwrap_or(excerpt);
        detail = format!("status {}, but {media_type} instead of a call: {excerpt}", head.status());
    }
    Error::new(kind, Phase::Receive, detail).caused_by(error)
}

fn refused(error: RequestError) -> Error {
    Error::usage(error.to_string()).caused_by(error)
}

impl<const TEXT: usize> From<exchange::Refusal<'_, TEXT>> for Refusal {
    fn from(refusal: exchange::Refusal<'_, TEXT>) -> Self {
        let exchange::Refusal { head, error, excerpt } = refusal;
        let GraphError { code, inner_code, message, request_id, client_request_id, .. } = error;
        let message_code = error.message_code();
        let mut codes: Vec<String> = Vec::new();
        for code in [Some(code), Some(inner_code), message_code.as_ref()].into_iter().flatten() {
            codes.extend(
                code.as_str().filter(|code| codes.last().is_none_or(|last| last != code)).map(str::to_owned),
            );
        }
        let claims = head.claims_challenge().and_then(operation::claims);
        let mut head = AnswerHead::from(head);
        let text = |id: &Exact<_>| id.as_str().map(str::to_owned);
        head.request_id = head.request_id.or_else(|| text(request_id));
        head.client_request_id = head.client_request_id.or_else(|| text(client_request_id));
        let excerpt = excerpt.map(|text| text.get(..EXCERPT_LENGTH).unwrap_or(text).to_owned());
        // An excerpt is kept where the message would be; it is not one.
        let message = if excerpt.is_some() { None } else { message.as_str() };
        Self { head, codes, message: message.unwrap_or_default().to_owned(), excerpt, claims }
    }
}
