//! One error for the whole adapter: who is at fault, what happened, and where.
//!
//! An error never shows a secret or personal text: host names, numbers, member paths, and what a peer said after it was
//! searched for the secrets of the client. Whatever came from outside is made safe for a log where it is shown.

mod job;
mod kind;

use core::fmt;
use core::time::Duration;
use std::borrow::Cow;
use std::error::Error as StdError;

use embedded_io::ErrorKind as IoKind;
use graph_call::job::Who;
use graph_call::{Culprit, Shown};

pub use kind::{Class, ErrorKind, Phase};

use crate::answer::{AnswerHead, Refusal};

/// Why an operation failed: who, what, where.
///
/// ```
/// use graph_call_std::{Class, Error, ErrorKind, Phase};
///
/// let error = Error::new(ErrorKind::Refused, Phase::Connect, "nobody listens").at("localhost:443");
/// assert_eq!(error.to_string(), "localhost:443: connect: nobody listens");
/// assert_eq!(error.class(), Class::Network);
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    phase: Phase,
    detail: String,
    host: Option<String>,
    limit: Option<Duration>,
    refusal: Option<Refusal>,
    head: Option<AnswerHead>,
    who: Who,
    hint: Option<Cow<'static, str>>,
    /// The status of an earlier refusal, after which the reading was tried again.
    before: Option<u16>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// An error of `kind` met in `phase`; `detail` is one line without secrets.
    #[must_use]
    pub fn new(kind: ErrorKind, phase: Phase, detail: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            phase,
            detail: detail.into(),
            host: None,
            limit: None,
            refusal: None,
            head: None,
            who: Who::Nobody,
            hint: None,
            before: None,
            source: None,
        }))
    }

    /// A wrong request of the caller, found before anything was sent.
    #[must_use]
    pub fn usage(detail: impl Into<String>) -> Self {
        Self::new(ErrorKind::Usage, Phase::Prepare, detail)
    }

    /// The deadline of `phase` passed.
    #[must_use]
    pub fn timeout(phase: Phase, limit: Duration) -> Self {
        // An answer that drips is not nothing.
        let what = if phase == Phase::Receive { "no whole answer" } else { "nothing" };
        let mut error = Self::new(ErrorKind::Timeout, phase, format!("{what} within {limit:?}"));
        error.0.limit = Some(limit);
        error
    }

    /// The service refused.
    #[must_use]
    pub fn service(refusal: Refusal) -> Self {
        let mut error = Self::new(ErrorKind::Service, Phase::Receive, String::new());
        error.0.refusal = Some(refusal);
        error
    }

    /// The same error, turned into one of another kind: what it carries stays.
    #[must_use]
    pub fn with_kind(mut self, kind: ErrorKind) -> Self {
        self.0.kind = kind;
        self
    }

    /// The same error in another phase.
    #[must_use]
    pub fn with_phase(mut self, phase: Phase) -> Self {
        self.0.phase = phase;
        self
    }

    /// The same error with the host it concerns, unless one is known already.
    #[must_use]
    pub fn at(mut self, host: impl Into<String>) -> Self {
        self.0.host.get_or_insert_with(|| host.into());
        self
    }

    /// The same error with the head of the answer that was being read.
    #[must_use]
    pub fn with_head(mut self, head: AnswerHead) -> Self {
        self.0.head = Some(head);
        self
    }

    /// The same error with what caused it.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// The same error with what to do next.
    pub(crate) fn with_hint(mut self, hint: impl Into<Cow<'static, str>>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The step in which it went wrong.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.0.phase
    }

    /// The host concerned, with its port.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        self.0.host.as_deref()
    }

    /// The deadline that passed.
    #[must_use]
    pub fn limit(&self) -> Option<Duration> {
        self.0.limit
    }

    /// What the service said, when it said no.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        self.0.refusal.as_ref()
    }

    /// The head of the answer, if one had arrived: a refusal's, or that of an answer that went wrong
    /// later.
    #[must_use]
    pub fn head(&self) -> Option<&AnswerHead> {
        self.refusal().map(|refusal| &refusal.head).or(self.0.head.as_ref())
    }

    /// Who answered: the service, a login host, somebody on the way, or nobody.
    #[must_use]
    pub fn who(&self) -> Who {
        self.0.who
    }

    /// What to do next, if there is something that most probably helps.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// The HTTP status of the refusal.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.refusal().map(|refusal| refusal.head.status)
    }

    /// How long the service asked to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.refusal()?.head.retry_after
    }

    /// Whether the service says that it does not know the call: it has ended, or never was.
    #[must_use]
    pub fn is_no_such_call(&self) -> bool {
        self.0.kind == ErrorKind::NoSuchCall
    }

    /// Who has to act for the error to go away.
    #[must_use]
    pub fn culprit(&self) -> Culprit {
        match self.0.kind {
            ErrorKind::Usage | ErrorKind::Credential | ErrorKind::NoSuchCall | ErrorKind::Interrupted => {
                Culprit::Caller
            }
            ErrorKind::Capacity => Culprit::Capacity,
            // A refused request is the caller's to change; an error of the server is not.
            ErrorKind::Service if self.status().is_some_and(|status| status < 500) => Culprit::Caller,
            _ => Culprit::Peer,
        }
    }

    /// The class of the error, and with it the exit code of a tool.
    #[must_use]
    pub fn class(&self) -> Class {
        match self.0.kind {
            ErrorKind::Usage => Class::Usage,
            ErrorKind::Credential => Class::Auth,
            ErrorKind::Throttled => Class::Throttled,
            ErrorKind::Timeout => Class::Timeout,
            ErrorKind::Answer | ErrorKind::Capacity => Class::Response,
            ErrorKind::Interrupted => Class::Interrupted,
            ErrorKind::NoSuchCall => Class::Gone,
            ErrorKind::Service => match self.status() {
                // A filter that forbids is no question of identity.
                Some(401 | 403) if matches!(self.0.who, Who::Proxy | Who::CaptivePage) => Class::Network,
                Some(401 | 403) => Class::Auth,
                Some(429) => Class::Throttled,
                // Neither a call nor an error of the service.
                Some(..=299) => Class::Response,
                _ => Class::Other,
            },
            ErrorKind::NotResolved
            | ErrorKind::Refused
            | ErrorKind::Cut
            | ErrorKind::Stack
            | ErrorKind::Certificate
            | ErrorKind::Tls
            | ErrorKind::Proxy => Class::Network,
        }
    }
}

/// `graph.microsoft.com:443: status 403, code 7504: "..." [request-id ...]`, all of it on one line.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, phase, detail, host, refusal, who, before, .. } = &*self.0;
        if let Some(host) = host {
            write!(f, "{}: ", Shown(host))?;
        }
        match refusal {
            None => write!(f, "{phase}: {}", Shown(detail))?,
            Some(Refusal { head, message, target, details, excerpt, is_cut, .. }) => {
                write!(f, "status {}", head.status)?;
                if matches!(who, Who::Proxy | Who::CaptivePage) {
                    write!(f, " from {who}")?;
                }
                if let Some(code) = refusal.as_ref().and_then(Refusal::code) {
                    write!(f, ", code {}", Shown(code))?;
                }
                if !message.is_empty() {
                    write!(f, ": {}", Shown(message))?;
                }
                if let Some(target) = target {
                    write!(f, ", about {}", Shown(target))?;
                }
                if let Some(details) = details {
                    write!(f, " ({details})")?;
                }
                if let Some(excerpt) = excerpt {
                    let media_type = head.content_type.as_deref().unwrap_or("no type");
                    write!(f, ", {}: {}", Shown(media_type), Shown(excerpt))?;
                }
                if *is_cut {
                    f.write_str(", cut off")?;
                }
                if *kind != ErrorKind::Service && !detail.is_empty() {
                    write!(f, "; {}", Shown(detail))?;
                }
            }
        }
        if let Some(status) = before {
            write!(f, ", after status {status}")?;
        }
        match self.head().and_then(|head| head.request_id.as_deref()) {
            Some(id) => write!(f, " [request-id {}]", Shown(id)),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("phase", &self.0.phase)
            .field("message", &format_args!("{self}"))
            .field("source", &self.0.source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

impl embedded_io::Error for Error {
    fn kind(&self) -> IoKind {
        match self.0.kind {
            ErrorKind::Usage => IoKind::InvalidInput,
            ErrorKind::Credential | ErrorKind::Certificate => IoKind::PermissionDenied,
            ErrorKind::NotResolved => IoKind::NotFound,
            ErrorKind::Refused => IoKind::ConnectionRefused,
            ErrorKind::Cut => IoKind::ConnectionAborted,
            ErrorKind::Timeout => IoKind::TimedOut,
            ErrorKind::Tls | ErrorKind::Answer => IoKind::InvalidData,
            ErrorKind::Capacity => IoKind::OutOfMemory,
            ErrorKind::Interrupted => IoKind::Interrupted,
            _ => IoKind::Other,
        }
    }
}
