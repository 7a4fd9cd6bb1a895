//! The head of an answer: a status line, field lines, and the empty line that ends them.
//!
//! - takes: the bytes of the answer from its first one, in pieces of any size
//! - gives: the status line and every field line as they are complete, then a [`Head`]
//! - keeps: what the exchange needs of the known fields, and one line, together in `N` bytes
//! - refuses: what RFC 9112 forbids, a head beyond the limits, and a framing that can be read two ways
//!
//! Of an unknown field line that is longer than the room only the beginning is shown. A known field that
//! is for people to read, such as a diagnostic, is left out when it does not fit, and marked; one that
//! decides the framing is an error by name, and so it is when it is folded.

mod field;
mod line;
mod machine;
mod span;

use core::fmt;
use core::time::Duration;

use super::field_name::FieldName;
use super::{Error, Limits, challenge, retry_after};
use field::{Fields, Media};
pub(super) use line::is_token;
pub use machine::INTERIM_MAX;
use machine::Machine;
pub(crate) use machine::Seen;

/// What the head parser found.
#[derive(Clone, Copy, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Item<'a> {
    /// The status line of the final answer.
    Status(StatusLine<'a>),
    /// One field line of the final answer.
    Field(FieldLine<'a>),
    /// The empty line: the head is complete, and what is left of the input follows it.
    End,
}

/// `status-line = HTTP-version SP status-code SP [ reason-phrase ]`
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct StatusLine<'a> {
    /// The version, HTTP/1.x, as its last digit: those above 1 are read as HTTP/1.1 (RFC 9110, section
    /// 2.5).
    pub minor_version: u8,
    /// The status, 200 to 999.
    pub status: u16,
    /// The reason phrase, which means nothing and may be missing.
    pub reason: &'a [u8],
}

/// `field-line = field-name ":" OWS field-value OWS`
#[derive(Clone, Copy, Eq, PartialEq)]
pub struct FieldLine<'a> {
    /// The name as it was sent; names are compared without regard to case.
    pub name: &'a [u8],
    /// The value, or the beginning of it; where it went on in the next line, the line end is left out.
    pub value: &'a [u8],
    /// Whether the value is only the beginning, for want of room.
    pub is_cut: bool,
}

/// Values may be personal: only the name is shown.
impl fmt::Debug for FieldLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FieldLine({})", self.name.escape_ascii())
    }
}

impl fmt::Debug for Item<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(line) => line.fmt(f),
            Self::Field(line) => line.fmt(f),
            Self::End => f.write_str("End"),
        }
    }
}

/// Reads a head in pieces. `N` bytes hold the kept field values and the line being read: 512 are enough
/// for all that the service sends but a claims challenge, which takes 2048.
///
/// ```
/// use graph_call::http::HeadParser;
/// use graph_call::http::head::Item;
///
/// let mut parser = HeadParser::<512>::new();
/// for mut piece in [&b"HTTP/1.1 200 OK\r\nContent-Le"[..], b"ngth: 2\r\n\r\n{}"] {
///     while let Some(item) = parser.next(&mut piece)? {
///         if item == Item::End {
///             assert_eq!(piece, b"{}");
///             break;
///         }
///     }
/// }
/// let head = parser.head().ok_or("incomplete")?;
/// assert_eq!((head.status(), head.content_length()), (200, Some(2)));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct HeadParser<const N: usize> {
    machine: Machine,
    text: [u8; N],
}

impl<const N: usize> HeadParser<N> {
    /// A parser with the default limits.
    pub const fn new() -> Self {
        Self::with_limits(Limits::DEFAULT)
    }

    /// A parser with limits of the caller's.
    pub const fn with_limits(limits: Limits) -> Self {
        const { assert!(N <= u16::MAX as usize, "a head parser has room for 65,535 bytes at most") };
        Self { machine: Machine::new(limits), text: [0; N] }
    }

    /// Takes input up to the next item. `None`: the input is used up, call again with more.
    ///
    /// # Errors
    /// The first fault of the head; every later call repeats it.
    pub fn next(&mut self, input: &mut &[u8]) -> Result<Option<Item<'_>>, Error> {
        let seen = self.step(input)?;
        Ok(seen.map(|seen| self.show(&seen)))
    }

    /// [`next`](Self::next) without a borrow, for [`show`](Self::show).
    pub(crate) fn step(&mut self, input: &mut &[u8]) -> Result<Option<Seen>, Error> {
        self.machine.next(&mut self.text, input)
    }

    /// The item that was seen last.
    pub(crate) fn show(&self, seen: &Seen) -> Item<'_> {
        match seen {
            Seen::Status { minor_version, status, reason } => Item::Status(StatusLine {
                minor_version: *minor_version,
                status: *status,
                reason: reason.of(&self.text),
            }),
            Seen::Field { name, value, is_cut } => Item::Field(FieldLine {
                name: name.of(&self.text),
                value: value.of(&self.text),
                is_cut: *is_cut,
            }),
            Seen::End => Item::End,
        }
    }

    /// The head, once [`Item::End`] was given.
    pub fn head(&self) -> Option<Head<'_>> {
        self.machine.is_done().then_some(Head { fields: &self.machine.fields, text: &self.text })
    }

    /// Decides, when no more input will come, whether the head is complete.
    ///
    /// # Errors
    /// [`ErrorKind::Truncated`](super::ErrorKind::Truncated), or the fault that was met before.
    pub fn finish(&self) -> Result<(), Error> {
        self.machine.finish()
    }

    /// The bytes taken so far.
    pub fn offset(&self) -> usize {
        self.machine.offset()
    }

    /// The limits given.
    pub const fn limits(&self) -> Limits {
        self.machine.limits()
    }

    /// Leaves out every value that must not be shown, as if it had not fit.
    pub(crate) fn hide(&mut self, is_secret: &dyn Fn(&[u8]) -> bool) {
        self.machine.fields.hide(&self.text, is_secret);
    }

    /// Makes the parser ready for another head.
    pub fn reset(&mut self) {
        self.machine = Machine::new(self.limits());
    }
}

impl<const N: usize> Default for HeadParser<N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const N: usize> fmt::Debug for HeadParser<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HeadParser").field("offset", &self.offset()).field("head", &self.head()).finish()
    }
}

/// What was understood of a complete head.
#[derive(Clone, Copy)]
pub struct Head<'a> {
    fields: &'a Fields,
    text: &'a [u8],
}

impl<'a> Head<'a> {
    /// The status, 200 to 999.
    pub fn status(&self) -> u16 {
        self.fields.status
    }

    /// Whether the server failed: a status of 5xx, or of no class, which counts as one (RFC 9110, section
    /// 15).
    pub fn is_server_error(&self) -> bool {
        self.status() >= 500
    }

    /// The length of the content, where it was announced; one beyond the address space is the longest in
    /// it.
    pub fn content_length(&self) -> Option<usize> {
        self.fields.content_length
    }

    /// Whether the content comes in chunks.
    pub fn is_chunked(&self) -> bool {
        self.fields.is_chunked
    }

    /// Whether the peer means to keep the connection open after this answer.
    pub fn is_persistent(&self) -> bool {
        self.fields.is_persistent()
    }

    /// Whether the media type is `application/json`.
    pub fn is_json(&self) -> bool {
        self.fields.media == Media::Json
    }

    /// Whether the media type says by its suffix, `+json` (RFC 6839, section 3.1), that the content is JSON of
    /// some form, such as `application/problem+json`.
    pub fn has_json_suffix(&self) -> bool {
        self.fields.media == Media::JsonSuffix
    }

    /// Whether the content has a coding, such as gzip, which no request here asks for. Of a 200 that is an
    /// error.
    pub fn is_coded(&self) -> bool {
        self.fields.is_coded
    }

    /// The media type, without its parameters. A refusal that names two has none.
    pub fn content_type(&self) -> Option<&'a str> {
        self.value(FieldName::ContentType)
    }

    /// What the service calls this request.
    pub fn request_id(&self) -> Option<&'a str> {
        self.value(FieldName::RequestId)
    }

    /// What the client called this request.
    pub fn client_request_id(&self) -> Option<&'a str> {
        self.value(FieldName::ClientRequestId)
    }

    /// When the answer was made, by the service's clock, as it was sent; [`date`](super::date) reads it.
    pub fn date(&self) -> Option<&'a str> {
        self.value(FieldName::Date)
    }

    /// Which machine answered: `x-ms-ags-diagnostic`, a JSON text.
    pub fn diagnostic(&self) -> Option<&'a str> {
        self.value(FieldName::Diagnostic)
    }

    /// How long to wait before the next attempt.
    pub fn retry_after(&self) -> Option<Duration> {
        retry_after::parse(self.value(FieldName::RetryAfter)?, self.date())
    }

    /// The program that answered, if it says so; the service itself does not.
    pub fn server(&self) -> Option<&'a str> {
        self.value(FieldName::Server)
    }

    /// Where the service redirects to; redirects are not followed.
    pub fn location(&self) -> Option<&'a str> {
        self.value(FieldName::Location)
    }

    /// Why the access token was refused: the first `WWW-Authenticate` value of the scheme `Bearer`.
    pub fn bearer_challenge(&self) -> Option<&'a str> {
        self.value(FieldName::WwwAuthenticate)
    }

    /// The claims that a new access token must satisfy, in base64, if that is why this one was refused.
    pub fn claims_challenge(&self) -> Option<&'a str> {
        challenge::claims(self.bearer_challenge()?)
    }

    /// Whether a field was sent and left out here, because it did not fit into the parser, or its lines differ.
    pub fn is_omitted(&self, name: FieldName) -> bool {
        self.fields.is_omitted(name)
    }

    fn value(&self, name: FieldName) -> Option<&'a str> {
        core::str::from_utf8(self.fields.kept(name)?.of(self.text)).ok()
    }
}

impl fmt::Debug for Head<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Head")
            .field("status", &self.status())
            .field("content_length", &self.content_length())
            .field("is_chunked", &self.is_chunked())
            .field("content_type", &self.content_type())
            .field("request_id", &self.request_id())
            .finish_non_exhaustive()
    }
}
