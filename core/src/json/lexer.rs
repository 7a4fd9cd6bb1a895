//! Bytes to tokens.
//!
//! - takes: a JSON text in pieces of any size
//! - gives: [`Token`]s, or `None` when the piece is used up
//! - keeps: about 40 bytes of state, no input
//! - refuses: whatever is not RFC 8259, unpaired surrogates unless it may replace them, nesting deeper than
//!   [`DEPTH_MAX`]

mod state;
mod text;
mod whole;

pub use state::DEPTH_MAX;
pub(crate) use state::{REPLACEMENT, State, Surrogates};

#[cfg(doc)]
use super::fault::Fault;
use super::fault::LexError;
use super::token::Token;

/// Reads one JSON text, handed over in pieces.
///
/// ```
/// use graph_call::json::{Lexer, Piece, Token};
///
/// let mut lexer = Lexer::new();
/// let mut input: &[u8] = b"[tr";
/// assert_eq!(lexer.next(&mut input)?, Some(Token::ArrayStart));
/// assert_eq!(lexer.next(&mut input)?, None);
/// let mut input: &[u8] = b"ue]";
/// assert_eq!(lexer.next(&mut input)?, Some(Token::True));
/// assert_eq!(lexer.next(&mut input)?, Some(Token::ArrayEnd));
/// lexer.finish()?;
/// # Ok::<(), graph_call::json::LexError>(())
/// ```
#[derive(Clone, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Lexer {
    /// Bytes taken so far; after a failure, the offset of the offending byte.
    pub(crate) offset: usize,
    pub(crate) state: State,
}

impl Lexer {
    /// A lexer at the start of a text, strict.
    pub const fn new() -> Self {
        Self { offset: 0, state: State::new() }
    }

    /// Whether one comma before a closing bracket is accepted, which RFC 8259 forbids.
    #[must_use]
    pub const fn trailing_commas(mut self, accepted: bool) -> Self {
        self.state.trailing_commas = accepted;
        self
    }

    /// Whether half of a surrogate pair is accepted, which the grammar of RFC 8259 allows and no UTF-8 can hold: U+FFFD
    /// stands in its place.
    ///
    /// ```
    /// use graph_call::json::{Lexer, Piece, Token};
    ///
    /// let mut lexer = Lexer::new().lone_surrogates(true);
    /// let replaced = Piece { bytes: "\u{fffd}".as_bytes(), last: false };
    /// assert_eq!(lexer.next(&mut &br#""\ud83d""#[..])?, Some(Token::String(replaced)));
    /// # Ok::<(), graph_call::json::LexError>(())
    /// ```
    #[must_use]
    pub const fn lone_surrogates(mut self, accepted: bool) -> Self {
        self.state.surrogates = if accepted { Surrogates::Replace } else { Surrogates::Refuse };
        self
    }

    /// The next token, or `None` when `input` is used up: call again with the next piece.
    ///
    /// `input` is moved past what was read.
    ///
    /// # Errors
    /// The first fault of the text; after it every call gives the same error.
    pub fn next<'t, 'i: 't>(&'t mut self, input: &mut &'i [u8]) -> Result<Option<Token<'t>>, LexError> {
        let end = self.offset.wrapping_add(input.len());
        let token = self.state.next(input, end);
        self.offset = match token {
            Ok(_) => end.wrapping_sub(input.len()),
            Err(LexError { offset, .. }) => offset,
        };
        token
    }

    /// Whether the text read so far is one whole document.
    ///
    /// # Errors
    /// The fault met before, or [`Fault::Truncated`].
    pub const fn finish(&self) -> Result<(), LexError> {
        match self.state.incomplete() {
            None => Ok(()),
            Some(fault) => Err(LexError { fault, offset: self.offset }),
        }
    }

    /// How many bytes were taken; after a failure, the offset of the offending byte.
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// The offset at which the last token, or its first piece, starts.
    pub const fn token_start(&self) -> usize {
        self.state.start()
    }

    /// How many arrays and objects are open.
    pub const fn depth(&self) -> u8 {
        self.state.depth()
    }
}

impl Default for Lexer {
    fn default() -> Self {
        Self::new()
    }
}
