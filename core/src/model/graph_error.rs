//! What the service says when it does not do what was asked.

mod detail;
mod reader;

use core::fmt;

use crate::binder::Parser;
use crate::cell::Cell as _;
use crate::record::{Place, Record, Schema};
use crate::{Id, Text};

pub use detail::{Detail, Details};
pub(crate) use reader::Reader;

/// Error codes, in bytes.
const CODE: usize = 64;
/// Request ids and dates, in bytes.
const ID: usize = 40;

/// The content of an answer that is a refusal: `{"error":{"code":..,"message":..,"innerError":{..}}}`.
///
/// Inner errors are nested as deep as the service likes; of each member of theirs the innermost is kept,
/// as long as it is at most seven deep. Texts that are too long are cut and marked, codes and ids left
/// out and marked. Of `details`, which say what is wrong with which parameter, the first two are kept, and all
/// are counted. `message` may change its wording, or be a JSON text itself: decide by the codes.
///
/// A gateway may answer with a problem instead (RFC 9457), `{"title":..,"detail":..}`: both are the message,
/// in the order they come, with a colon between.
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
    pub code: Id<[u8; CODE]>,
    /// The innermost code of the inner errors.
    pub inner_code: Id<[u8; CODE]>,
    /// What happened, for people.
    pub message: Text<[u8; TEXT]>,
    /// The parameter that the error is about.
    pub target: Text<[u8; detail::TEXT]>,
    /// What is wrong with which parameter.
    pub details: Details,
    /// What the service calls the request.
    pub request_id: Id<[u8; ID]>,
    /// What the client called the request.
    pub client_request_id: Id<[u8; ID]>,
    /// When it happened, without a zone.
    pub date: Id<[u8; ID]>,
}

static MESSAGE: Schema = schema!(without lists, ["errorCode" => None,]);

impl<const TEXT: usize> GraphError<TEXT> {
    /// The error with every member absent.
    pub const fn empty() -> Self {
        Self {
            code: Id::EMPTY,
            inner_code: Id::EMPTY,
            message: Text::EMPTY,
            target: Text::EMPTY,
            details: Details::EMPTY,
            request_id: Id::EMPTY,
            client_request_id: Id::EMPTY,
            date: Id::EMPTY,
        }
    }

    /// The code that says most about the cause: the innermost one.
    pub fn specific_code(&self) -> Option<&str> {
        self.inner_code.as_str().or_else(|| self.code.as_str())
    }

    /// The code inside a `message` that is a JSON text, as calls answer:
    /// `{"errorCode":"7503","message":..}`.
    pub fn message_code(&self) -> Option<Id<[u8; CODE]>> {
        let mut content = Message { code: Id::EMPTY };
        let mut binder = Parser::new();
        binder.feed(&mut content, self.message.as_str()?.as_bytes()).ok()?;
        binder.finish(&mut content).ok()?;
        content.code.as_str().is_some().then_some(content.code)
    }

    /// Leaves out every member that must not be shown, as if it had not fit.
    pub(crate) fn hide(&mut self, is_secret: &dyn Fn(&[u8]) -> bool) {
        let Self { code, inner_code, message, target, details, request_id, client_request_id, date } = self;
        let is_shown = |text: Option<&str>| text.is_some_and(|text| is_secret(text.as_bytes()));
        details.hide(is_secret);
        if is_shown(target.as_str()) {
            omit(target.place());
        }
        if is_shown(message.as_str()) {
            omit(message.place());
        }
        for exact in [code, inner_code] {
            if is_shown(exact.as_str()) {
                omit(exact.place());
            }
        }
        for exact in [request_id, client_request_id, date] {
            if is_shown(exact.as_str()) {
                omit(exact.place());
            }
        }
    }

    /// Makes every member absent.
    pub(crate) fn clear(&mut self) {
        let Self { code, inner_code, message, target, details, request_id, client_request_id, date } = self;
        message.clear();
        target.clear();
        details.clear();
        for exact in [code, inner_code] {
            exact.clear();
        }
        for exact in [request_id, client_request_id, date] {
            exact.clear();
        }
    }
}

fn omit(place: Place<'_>) {
    if let Place::Text(mut text) | Place::Id(mut text) = place {
        text.omit();
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
            .field("target", &self.target)
            .field("details", &self.details)
            .field("request_id", &self.request_id)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "defmt")]
impl<const TEXT: usize> defmt::Format for GraphError<TEXT> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(
            f,
            "GraphError {{ code: {}, inner_code: {}, message: {}, target: {}, details: {}, \
             request_id: {} }}",
            self.code,
            self.inner_code,
            self.message,
            self.target,
            self.details,
            self.request_id
        );
    }
}

/// The content of a message that is a JSON text.
struct Message {
    code: Id<[u8; CODE]>,
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
