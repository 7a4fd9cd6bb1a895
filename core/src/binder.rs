//! Tokens into the places of a record.
//!
//! - takes: a JSON text in pieces of any size, and the record it is about
//! - gives: the record filled in place
//! - keeps: the path to the place as small numbers, and one short value that a piece has cut
//! - refuses: a known member twice, a value of the wrong type, what does not fit its place
//!
//! The path is walked from the root when a piece begins or an object ends, so that nothing of the record
//! stays borrowed between two pieces. A judgement about a value waits for its end: what comes first in
//! the text is reported first, however the text was cut.

mod error;
mod options;
mod overflow;
mod partial;
mod reader;
mod required;
pub mod unknown;
mod value;

use core::fmt;

pub use error::{Body, Error, ErrorKind, Expected};
#[cfg(feature = "serde")]
pub(crate) use error::{overflow, wrong_type};
pub use options::ParseOptions;
pub use overflow::Overflow;
use reader::{ROOT, Reader, Wrong};
use required::Required;
#[cfg(feature = "serde")]
pub(crate) use value::{integer, raise};

use crate::json::{Fault, LexError, Lexer, Piece, REPLACEMENT, Surrogates, Token};
use crate::record::{NO_FIELD, Record};

/// Reads a record from a JSON text in pieces of any size, with the same outcome however the text was cut.
///
/// It reads any record of the model, a [`Call`](crate::Call) of whatever capacities or a part of one, and
/// there is one copy of it in a program. It has to be handed the same record every time. The record is borrowed
/// only while a piece is read, so that one receive buffer serves a whole text and nothing else has to
/// wait. After an error the record is empty and the parser is used up.
///
/// ```
/// use graph_call::{Call, CallState, Parser};
///
/// let mut call = Call::new();
/// let mut parser = Parser::new();
/// parser.feed(&mut call, br#"{"state":"establ"#)?;
/// parser.feed(&mut call, br#"ished"}"#)?;
/// parser.finish(&mut call)?;
/// assert_eq!(call.state, CallState::Established);
/// # Ok::<(), graph_call::Error>(())
/// ```
#[derive(Clone)]
pub struct Parser {
    lexer: Lexer,
    reader: Reader,
    required: Required,
}

impl Parser {
    /// A strict parser at the start of a text: all zeros, so that a static one takes no flash.
    // Made by one loop that stores zeros. Where options are set at once it would be put together from copied parts.
    #[inline(never)]
    pub const fn new() -> Self {
        const NEW: Parser = Parser { lexer: Lexer::new(), reader: Reader::NEW, required: Required::ALL };
        NEW
    }

    /// A parser at the start of a text.
    pub const fn with_options(options: ParseOptions) -> Self {
        let mut parser = Self::new();
        parser.set(options);
        parser
    }

    pub(crate) const fn set(&mut self, options: ParseOptions) {
        self.lexer.state.trailing_commas = options.trailing_commas;
        self.reader.overflow = options.overflow;
        self.reader.lone_surrogates = options.lone_surrogates;
        self.required = options.required;
    }

    /// Reads one more piece of the text into `record`.
    ///
    /// The first piece empties the record. What it holds before [`finish`](Self::finish) is unfinished.
    ///
    /// # Errors
    /// The first thing that is wrong with the text; the record is then empty.
    pub fn feed(&mut self, record: &mut dyn Record, piece: &[u8]) -> Result<(), Error> {
        self.read(record, piece)
            .map_err(|Wrong| self.fail(record, self.reader.wrong, self.lexer.token_start()))
    }

    /// Says that the text is over: only now the record is what the peer sent.
    ///
    /// # Errors
    /// [`Fault::Truncated`] if the text is not complete,
    /// [`OtherBody`](ErrorKind::OtherBody) if it is no such record; the record is then empty.
    pub fn finish(&mut self, record: &mut dyn Record) -> Result<(), Error> {
        self.reader.start();
        let (kind, offset) = match self.lexer.finish() {
            _ if self.reader.is_failed => (ErrorKind::AfterError, self.lexer.token_start()),
            Err(LexError { fault, offset }) => (ErrorKind::Json(fault), offset),
            Ok(()) if self.reader.field == ROOT => {
                (ErrorKind::WrongType { expected: Expected::Object }, self.lexer.token_start())
            }
            Ok(()) => match self.reader.other_body() {
                Some(body) => (ErrorKind::OtherBody(body), 0),
                None => {
                    self.required.settle(record);
                    return Ok(());
                }
            },
        };
        Err(self.fail(record, kind, offset))
    }

    #[cold]
    #[inline(never)]
    fn fail(&mut self, root: &mut dyn Record, kind: ErrorKind, offset: usize) -> Error {
        self.reader.is_failed = true;
        root.clear();
        self.reader.error(root, kind, offset)
    }

    /// Reads one more piece. An error is about the last token that the lexer took.
    fn read(&mut self, root: &mut dyn Record, mut input: &[u8]) -> Result<(), Wrong> {
        let Self { lexer: Lexer { offset, state }, reader, required } = self;
        if reader.is_failed {
            return reader.fails(ErrorKind::AfterError);
        }
        if reader.start() {
            // Not before, so that a new parser is all zeros.
            state.surrogates = Surrogates::Report;
        }
        let end = offset.wrapping_add(input.len());
        *offset = end;
        // To walk the path takes time, and a piece may be a single byte. A token that needs no record comes first.
        let first = state.skim(&mut input).filter(|token| !reader.keeps(token));
        if first.is_none() && input.is_empty() {
            return Ok(());
        }
        let Some(mut record) = reader.walk(root) else { return Ok(()) };
        let mut outcome = match first {
            Some(Token::Name(Piece { bytes, last })) => reader.name(record, bytes, last),
            Some(Token::String(Piece { bytes, last })) => reader.scalar(record, bytes, last, true),
            _ => Ok(()),
        };
        loop {
            if outcome.is_ok() {
                let mut schema = record.schema();
                // Ends with the record, and at a fault.
                outcome = 'record: loop {
                    // A copy that stays in registers; `state.next` below takes the address of `input`.
                    let mut rest = input;
                    let token = loop {
                        let name = match state.whole_name(&mut rest, end) {
                            Some(Token::Name(Piece { bytes, last: true })) => bytes,
                            other => break other,
                        };
                        if reader.skipped == 0
                            && let Err(Wrong) = reader.member(schema, name)
                        {
                            input = rest;
                            break 'record Err(Wrong);
                        }
                        match state.whole_value(&mut rest, end) {
                            Some(Token::String(Piece { bytes, last: true })) => {
                                if reader.field != NO_FIELD
                                    && reader.skipped == 0
                                    && let Err(Wrong) = reader.scalar(record, bytes, true, true)
                                {
                                    input = rest;
                                    break 'record Err(Wrong);
                                }
                            }
                            // A member is absent from the start of its record: `null` changes nothing.
                            Some(Token::Null) => {
                                if reader.skipped == 0 {
                                    reader.field = NO_FIELD;
                                }
                            }
                            other => break other,
                        }
                    };
                    input = rest;
                    let token = match token {
                        Some(token) => token,
                        None if input.is_empty() => return Ok(()),
                        None => match state.next(&mut input, end) {
                            Ok(Some(token)) => token,
                            Ok(None) => return Ok(()),
                            Err(LexError { fault, offset }) => {
                                if fault != Fault::UnpairedSurrogate
                                    || !reader.replaces(record, state.is_name)
                                {
                                    // Where what was only reported is, and not the string that it is in.
                                    state.start = offset;
                                    break reader.fails(ErrorKind::Json(fault));
                                }
                                let piece = Piece { bytes: REPLACEMENT, last: false };
                                if state.is_name { Token::Name(piece) } else { Token::String(piece) }
                            }
                        },
                    };
                    let taken = match token {
                        token if reader.skipped > 0 => {
                            reader.pass(&token);
                            continue;
                        }
                        Token::Name(Piece { bytes, last }) => reader.name(record, bytes, last),
                        Token::String(Piece { bytes, last }) => reader.scalar(record, bytes, last, true),
                        Token::Number(Piece { bytes, last }) => reader.scalar(record, bytes, last, false),
                        Token::ObjectStart => match reader.open(record) {
                            Ok(Some(child)) => {
                                record = child;
                                schema = record.schema();
                                continue;
                            }
                            Ok(None) => break Ok(()),
                            Err(wrong) => break Err(wrong),
                        },
                        Token::ObjectEnd => {
                            reader.close();
                            break Ok(());
                        }
                        token => reader.value(record, token),
                    };
                    if taken.is_err() {
                        break taken;
                    }
                };
            }
            if outcome.is_err() {
                required.spare(reader, root, state.start, state.depth())?;
                outcome = Ok(());
            }
            let Some(present) = reader.walk(root) else { return Ok(()) };
            record = present;
        }
    }
}

impl Default for Parser {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Parser {
    /// Shows where the binder stands, and nothing of the body.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { lexer, reader, .. } = self;
        f.debug_struct("Parser")
            .field("offset", &lexer.offset())
            .field("depth", &lexer.depth())
            .field("is_failed", &reader.is_failed)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Parser {
    fn format(&self, f: defmt::Formatter<'_>) {
        let Self { lexer, reader, .. } = self;
        defmt::write!(
            f,
            "Parser {{ offset: {=usize}, is_failed: {=bool} }}",
            lexer.offset(),
            reader.is_failed
        );
    }
}
