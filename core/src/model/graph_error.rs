//! What the service says when it does not do what was asked.

use core::fmt;

use crate::cell::Cell as _;
use crate::error::Error;
use crate::json::slot::{Place, Record, Schema};
use crate::json::{Binder, PATH_DEPTH_MAX};
use crate::options::{Overflow, ParseOptions};
use crate::{Exact, Text};

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
/// ```
/// use graph_call::GraphError;
///
/// let body = br#"{"error":{"innerError":{"code":"throttledRequest"},"code":"activityLimitReached"}}"#;
/// let error = GraphError::parse(body)?;
/// assert_eq!(error.code.as_str(), Some("activityLimitReached"));
/// assert_eq!(error.specific_code(), Some("throttledRequest"));
/// # Ok::<(), graph_call::Error>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct GraphError<const TEXT: usize = 256> {
    /// The outermost code: a word, or a number in a string.
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
    /// How many inner errors the path of the parser leads through.
    depth: u8,
    /// How deep each member of an inner error was found.
    found: [u8; 4],
}

/// The path leads through `error`, then through inner errors.
const INNER_DEPTH_MAX: u8 = PATH_DEPTH_MAX as u8 - 1;

/// The members of an error and of the errors inside it, which are one record; the first four are those
/// that an inner error has too.
static ERROR: Schema = schema!(6, [
    "code" => None,
    "request-id" => None,
    "client-request-id" => None,
    "date" => None,
    "message" => None,
    "innerError" => Some(&ERROR),
    "innererror" => Some(&ERROR),
]);

static CONTENT: Schema = schema!(1, ["error" => Some(&ERROR),]);

static MESSAGE: Schema = schema!(1, ["errorCode" => None,]);

impl<const TEXT: usize> GraphError<TEXT> {
    /// A refusal is reported as far as there is room for it.
    pub(crate) const OPTIONS: ParseOptions = ParseOptions::new().overflow(Overflow::Truncate);

    /// The error with every member absent.
    pub const fn empty() -> Self {
        Self {
            code: Exact::EMPTY,
            inner_code: Exact::EMPTY,
            message: Text::EMPTY,
            request_id: Exact::EMPTY,
            client_request_id: Exact::EMPTY,
            date: Exact::EMPTY,
            depth: 0,
            found: [0; 4],
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
        let mut binder = Binder::new(Self::OPTIONS);
        binder.feed(&mut content, self.message.as_str()?.as_bytes()).ok()?;
        binder.finish(&mut content).ok()?;
        content.code.as_str().is_some().then_some(content.code)
    }

    /// Reads a whole content into this error.
    ///
    /// # Errors
    /// The first thing that is wrong with the content; the error is then empty.
    pub fn parse_into(&mut self, content: &[u8]) -> Result<(), Error> {
        let mut binder = Binder::new(Self::OPTIONS);
        binder.feed(&mut Content(self), content)?;
        binder.finish(&mut Content(self))
    }
}

impl GraphError {
    /// Reads a whole content, with room for a message of 256 bytes.
    ///
    /// # Errors
    /// The first thing that is wrong with the content.
    pub fn parse(content: &[u8]) -> Result<Self, Error> {
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

/// The whole content: an object around the error.
pub(crate) struct Content<'e, const TEXT: usize>(pub(crate) &'e mut GraphError<TEXT>);

impl<const TEXT: usize> Record for Content<'_, TEXT> {
    fn schema(&self) -> &'static Schema {
        &CONTENT
    }

    fn place(&mut self, _row: u8) -> Place<'_> {
        self.0.depth = 0;
        Place::Record(self.0)
    }

    fn clear(&mut self) {
        self.0.clear();
    }
}

/// The parser walks its path from the root to every place it needs; so the depth is counted by the inner
/// errors that it passes.
impl<const TEXT: usize> Record for GraphError<TEXT> {
    fn schema(&self) -> &'static Schema {
        &ERROR
    }

    fn place(&mut self, row: u8) -> Place<'_> {
        let depth = self.depth;
        match row {
            0 if depth == 0 => return self.code.place(),
            4 if depth == 0 => return self.message.place(),
            5 | 6 if depth < INNER_DEPTH_MAX => {
                self.depth = depth.saturating_add(1);
                return Place::Record(self);
            }
            _ => {}
        }
        match self.found.get_mut(usize::from(row)) {
            Some(found) if *found <= depth => *found = depth,
            _ => return Place::Nothing,
        }
        match row {
            0 => self.inner_code.place(),
            1 => self.request_id.place(),
            2 => self.client_request_id.place(),
            3 => self.date.place(),
            _ => Place::Nothing,
        }
    }

    fn clear(&mut self) {
        let Self { code, inner_code, message, request_id, client_request_id, date, depth, found } = self;
        message.clear();
        for exact in [code, inner_code] {
            exact.clear();
        }
        for exact in [request_id, client_request_id, date] {
            exact.clear();
        }
        *depth = 0;
        *found = [0; 4];
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
