//! Reading a call: at once from a slice, or from pieces as they arrive.

use crate::error::Error;
use crate::json::Binder;
use crate::model::Call;
use crate::options::ParseOptions;

/// Reads a call from pieces of any size, with the same outcome however the body was cut.
///
/// The call is borrowed only while a piece is read, so that one receive buffer serves a whole body and
/// nothing else has to wait. After an error the call is empty and the parser is used up.
///
/// ```
/// use graph_call::{Call, CallParser, CallState};
///
/// let mut call = Call::new();
/// let mut parser = CallParser::new();
/// parser.feed(&mut call, br#"{"state":"establ"#)?;
/// parser.feed(&mut call, br#"ished"}"#)?;
/// parser.finish(&mut call)?;
/// assert_eq!(call.state, CallState::Established);
/// # Ok::<(), graph_call::Error>(())
/// ```
#[derive(Clone, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct CallParser {
    binder: Binder,
}

impl CallParser {
    /// A strict parser at the start of a body.
    pub const fn new() -> Self {
        Self::with_options(ParseOptions::new())
    }

    /// A parser at the start of a body.
    pub const fn with_options(options: ParseOptions) -> Self {
        Self { binder: Binder::new(options) }
    }

    /// Reads one more piece of the body into `call`.
    ///
    /// The first piece empties the call. What a call holds before [`finish`](Self::finish) is unfinished.
    ///
    /// # Errors
    /// The first thing that is wrong with the body; the call is then empty.
    pub fn feed<
        const ID: usize,
        const TEXT: usize,
        const URI: usize,
        const SECRET: usize,
        const WORD: usize,
        const SET: usize,
        const LIST: usize,
        const EXPAND: usize,
    >(
        &mut self,
        call: &mut Call<ID, TEXT, URI, SECRET, WORD, SET, LIST, EXPAND>,
        piece: &[u8],
    ) -> Result<(), Error> {
        self.binder.feed(call, piece)
    }

    /// Says that the body is over: only now the call is what the service sent.
    ///
    /// # Errors
    /// [`Fault::Truncated`](crate::json::Fault::Truncated) if the body is not complete; the call is then
    /// empty.
    pub fn finish<
        const ID: usize,
        const TEXT: usize,
        const URI: usize,
        const SECRET: usize,
        const WORD: usize,
        const SET: usize,
        const LIST: usize,
        const EXPAND: usize,
    >(
        &mut self,
        call: &mut Call<ID, TEXT, URI, SECRET, WORD, SET, LIST, EXPAND>,
    ) -> Result<(), Error> {
        self.binder.finish(call)
    }
}

impl Default for CallParser {
    fn default() -> Self {
        Self::new()
    }
}

impl<
    const ID: usize,
    const TEXT: usize,
    const URI: usize,
    const SECRET: usize,
    const WORD: usize,
    const SET: usize,
    const LIST: usize,
    const EXPAND: usize,
> Call<ID, TEXT, URI, SECRET, WORD, SET, LIST, EXPAND>
{
    /// Reads a whole body into this call, strictly.
    ///
    /// # Errors
    /// The first thing that is wrong with the body; the call is then empty.
    pub fn parse_into(&mut self, body: &[u8]) -> Result<(), Error> {
        self.parse_into_with(body, ParseOptions::new())
    }

    /// Reads a whole body into this call.
    ///
    /// # Errors
    /// The first thing that is wrong with the body; the call is then empty.
    pub fn parse_into_with(&mut self, body: &[u8], options: ParseOptions) -> Result<(), Error> {
        let mut binder = Binder::new(options);
        binder.feed(self, body)?;
        binder.finish(self)
    }

    /// Makes every member absent.
    pub fn clear(&mut self) {
        crate::json::slot::Record::clear(self);
    }
}

impl Call {
    /// Reads a whole body, strictly, as a call of standard capacities.
    ///
    /// # Errors
    /// The first thing that is wrong with the body.
    pub fn parse(body: &[u8]) -> Result<Self, Error> {
        let mut call = Self::new();
        call.parse_into(body)?;
        Ok(call)
    }
}
