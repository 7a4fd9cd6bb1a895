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

mod reader;
mod value;

use core::fmt;

use reader::{ROOT, Reader};

use super::fault::LexError;
use super::lexer::Lexer;
use super::slot::{NO_ROW, Record};
use super::token::{Piece, Token};
use crate::error::{Error, ErrorKind, Expected};
use crate::options::ParseOptions;

#[cfg(feature = "serde")]
pub(crate) use value::{integer, overflow, wrong_type};

/// Fills a record from a JSON text that arrives in pieces.
///
/// [`CallParser`](crate::CallParser) is this machine with a call for its record.
#[derive(Clone)]
pub struct Binder {
    lexer: Lexer,
    reader: Reader,
}

impl Binder {
    /// A binder at the start of a text: all zeros if it is strict, so that a static one takes no flash.
    pub const fn new(options: ParseOptions) -> Self {
        Self { lexer: Lexer::with(options.trailing_commas), reader: Reader::new(options.overflow) }
    }

    /// Reads one more piece.
    ///
    /// # Errors
    /// The first thing that is wrong with the text; the record is then empty.
    pub fn feed(&mut self, root: &mut dyn Record, input: &[u8]) -> Result<(), Error> {
        self.read(root, input).map_err(|kind| self.fail(root, kind, self.lexer.token_start()))
    }

    /// Says that the text is over.
    ///
    /// # Errors
    /// [`Fault::Truncated`](super::Fault::Truncated) if it is not complete; the record is then empty.
    pub fn finish(&mut self, root: &mut dyn Record) -> Result<(), Error> {
        self.reader.start();
        let (kind, offset) = match self.lexer.finish() {
            _ if self.reader.is_failed => (ErrorKind::AfterError, self.lexer.token_start()),
            Err(LexError { fault, offset }) => (ErrorKind::Json(fault), offset),
            Ok(()) if self.reader.row == ROOT => {
                (ErrorKind::WrongType { expected: Expected::Object }, self.lexer.token_start())
            }
            Ok(()) => return Ok(()),
        };
        Err(self.fail(root, kind, offset))
    }

    #[cold]
    #[inline(never)]
    fn fail(&mut self, root: &mut dyn Record, kind: ErrorKind, offset: usize) -> Error {
        self.reader.is_failed = true;
        root.clear();
        self.reader.error(root, kind, offset)
    }

    /// Reads one more piece; what is wrong is wrong where the machine's last token starts.
    fn read(&mut self, root: &mut dyn Record, mut input: &[u8]) -> Result<(), ErrorKind> {
        let Self { lexer: Lexer { offset, machine }, reader } = self;
        if reader.is_failed {
            return Err(ErrorKind::AfterError);
        }
        reader.start();
        let end = offset.wrapping_add(input.len());
        *offset = end;
        // A piece may be a single byte: what needs no record is done before the path is walked.
        let first = machine.skim(&mut input).filter(|token| !reader.keeps(token));
        if first.is_none() && input.is_empty() {
            return Ok(());
        }
        let Some(mut record) = reader.walk(root) else { return Ok(()) };
        match first {
            Some(Token::Name(Piece { bytes, last })) => reader.name(record, bytes, last)?,
            Some(Token::String(Piece { bytes, last })) => reader.scalar(record, bytes, last, true)?,
            _ => {}
        }
        loop {
            let mut schema = record.schema();
            loop {
                // Kept apart from `input`, whose address the machine is given: this may stay in registers.
                let mut rest = input;
                let token = loop {
                    let name = match machine.whole_name(&mut rest, end) {
                        Some(Token::Name(Piece { bytes, last: true })) => bytes,
                        other => break other,
                    };
                    if reader.skipped == 0 {
                        reader.member(schema, name)?;
                    }
                    match machine.whole_value(&mut rest, end) {
                        Some(Token::String(Piece { bytes, last: true })) => {
                            if reader.row != NO_ROW && reader.skipped == 0 {
                                reader.scalar(record, bytes, true, true)?;
                            }
                        }
                        // Every member of an open record starts absent.
                        Some(Token::Null) => {
                            if reader.skipped == 0 {
                                reader.row = NO_ROW;
                            }
                        }
                        other => break other,
                    }
                };
                input = rest;
                let token = match token {
                    Some(token) => token,
                    None if input.is_empty() => return Ok(()),
                    None => match machine.next(&mut input, end) {
                        Ok(Some(token)) => token,
                        Ok(None) => return Ok(()),
                        Err(error) => return Err(ErrorKind::Json(error.fault)),
                    },
                };
                match token {
                    token if reader.skipped > 0 => reader.pass(&token),
                    Token::Name(Piece { bytes, last }) => reader.name(record, bytes, last)?,
                    Token::String(Piece { bytes, last }) => reader.scalar(record, bytes, last, true)?,
                    Token::Number(Piece { bytes, last }) => reader.scalar(record, bytes, last, false)?,
                    Token::ObjectStart => match reader.open(record)? {
                        Some(child) => {
                            record = child;
                            schema = record.schema();
                        }
                        None => break,
                    },
                    Token::ObjectEnd => {
                        reader.close();
                        break;
                    }
                    token => reader.value(record, token)?,
                }
            }
            let Some(parent) = reader.walk(root) else { return Ok(()) };
            record = parent;
        }
    }
}

impl fmt::Debug for Binder {
    /// Shows where the binder stands, and nothing of the body.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { lexer, reader } = self;
        f.debug_struct("Binder")
            .field("offset", &lexer.offset())
            .field("depth", &lexer.depth())
            .field("is_failed", &reader.is_failed)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Binder {
    fn format(&self, f: defmt::Formatter<'_>) {
        let Self { lexer, reader } = self;
        defmt::write!(
            f,
            "Binder {{ offset: {=usize}, is_failed: {=bool} }}",
            lexer.offset(),
            reader.is_failed
        );
    }
}
