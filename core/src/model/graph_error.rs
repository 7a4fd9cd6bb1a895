//! What the service says when it does not do what was asked.

mod reader;

use core::fmt;

use crate::cell::Cell as _;
use crate::json::slot::{Place, Record, Schema};
use crate::json::{Binder, LexError};
use crate::options::ParseOptions;
use crate::{Exact, Text};

pub(crate) use reader::Reader;

/// Error codes, in bytes.
const CODE: usize = 64;
/// Request ids and dates, in bytes.
const ID: usize = 40;

/// The content of an answer that is a refusal: `{"error":{"code":..,"message":..,"innerError":{..}}}`.
///
/// Inner errors are nested as deep as the service likes; of each member of theirs the innermost is kept,
/// as long as it is at most seven deep. Texts that are too long are cut and marked, codes and ids left
/// out and marked. `message` may change its wording, or be a JSON text itself: decide by the codes.
///
/// All is kept that can be read, since a person will ask why. A number counts as the text that it is
/// written as; a member of another type is absent, and the others are not.
///
/// ```
/// use graph_call::GraphError;
///
/// let body = br#"{"error":{"innerError":{"code":"throttledRequest"},"code":"activityLimitReached"}}"#;
/// let error = GraphError::parse(body)?;
/// assert_eq!(error.code.as_str(), Some("activityLimitReached"));
/// assert_eq!(error.specific_code(), Some("throttledRequest"));
/// # Ok::<(), graph_call::json::LexError>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct GraphError<const TEXT: usize = 256> {
    /// The outermost code: a word or a number.
    pub code: Exact<CODE>,
    /// The innermost code of the inner errors.
    pub inner_code: Exact<CODE>,
    /// What happened, for people.
    pub message: Text<TEXT>,
    /// What the service calls the request.
    pub request_id: Exact<ID>,
    /// What the client called the request.
    pub client_request_id: Exact<ID>,
    /// When it happened, without a zone.
    pub date: Exact<ID>,
}

static MESSAGE: Schema = schema!(1, ["errorCode" => None,]);

impl<const TEXT: usize> GraphError<TEXT> {
    /// The error with every member absent.
    pub const fn empty() -> Self {
        Self {
            code: Exact::EMPTY,
            inner_code: Exact::EMPTY,
            message: Text::EMPTY,
            request_id: Exact::EMPTY,
            client_request_id: Exact::EMPTY,
            date: Exact::EMPTY,
        }
    }

    /// The code that says most about the cause: the innermost one.
    pub fn specific_code(&self) -> Option<&str> {
        self.inner_code.as_str().or_else(|| self.code.as_str())
    }

    /// The code inside a `message` that is a JSON text, as calls answer:
    /// `{"errorCode":"7503","message":..}`.
    pub fn message_code(&self) -> Option<Exact<CODE>> {
        let mut content = Message { code: Exact::EMPTY };
        let mut binder = Binder::new(ParseOptions::new());
        binder.feed(&mut content, self.message.as_str()?.as_bytes()).ok()?;
        binder.finish(&mut content).ok()?;
        content.code.as_str().is_some().then_some(content.code)
    }

    /// Reads a whole content into this error.
    ///
    /// # Errors
    /// The first fault of the JSON text. The members before it have been read; the one that it stands in
    /// is left out.
    pub fn parse_into(&mut self, content: &[u8]) -> Result<(), LexError> {
        self.clear();
        let mut reader = Reader::new();
        reader.feed(self, content)?;
        reader.finish(self)
    }

    /// Makes every member absent.
    pub(crate) fn clear(&mut self) {
        let Self { code, inner_code, message, request_id, client_request_id, date } = self;
        message.clear();
        for exact in [code, inner_code] {
            exact.clear();
        }
        for exact in [request_id, client_request_id, date] {
            exact.clear();
        }
    }
}

impl GraphError {
    /// Reads a whole content, with room for a message of 256 bytes.
    ///
    /// # Errors
    /// The first fault of the JSON text; [`parse_into`](Self::parse_into) keeps what stands before it.
    pub fn parse(content: &[u8]) -> Result<Self, LexError> {
        let mut error = Self::empty();
        error.parse_into(content)?;
        Ok(error)
    }
}

impl<const TEXT: usize> Default for GraphError<TEXT> {
    fn default() -> Self {
        Self::empty()
    }
}

impl<const TEXT: usize> fmt::Debug for GraphError<TEXT> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GraphError")
            .field("code", &self.code)
            .field("inner_code", &self.inner_code)
            .field("message", &self.message)
            .field("request_id", &self.request_id)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "defmt")]
impl<const TEXT: usize> defmt::Format for GraphError<TEXT> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(
            f,
            "GraphError {{ code: {}, inner_code: {}, message: {}, request_id: {} }}",
            self.code,
            self.inner_code,
            self.message,
            self.request_id
        );
    }
}

/// The content of a message that is a JSON text.
struct Message {
    code: Exact<CODE>,
}

impl Record for Message {
    fn schema(&self) -> &'static Schema {
        &MESSAGE
    }

    fn place(&mut self, _row: u8) -> Place<'_> {
        self.code.place()
    }

    fn clear(&mut self) {
        self.code.clear();
    }
}
