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

mod value;

use core::fmt;

use super::carry::Carry;
use super::fault::LexError;
use super::lexer::Lexer;
use super::path::{NO_ELEMENT, PATH_DEPTH_MAX, Path, Steps};
use super::slot::{NO_ROW, Place, Record, Schema};
use super::token::{Piece, Token};
use crate::error::{Error, ErrorKind, Expected};
use crate::options::{Overflow, ParseOptions};

#[cfg(feature = "serde")]
pub(crate) use value::integer;
pub(crate) use value::{overflow, wrong_type};

/// `Reader::row` before the document begins.
const ROOT: u8 = NO_ROW - 1;

/// Fills a record from a JSON text that arrives in pieces.
///
/// [`CallParser`](crate::CallParser) is this machine with a call for its record.
#[derive(Clone)]
pub struct Binder {
    lexer: Lexer,
    reader: Reader,
}

/// Where the binder stands in the record.
#[derive(Clone)]
struct Reader {
    steps: Steps,
    /// The rows seen of each record on the path, so that a repeated one is noticed.
    seen: [u32; PATH_DEPTH_MAX + 1],
    /// The bytes of the present string that its place has been given.
    given: u32,
    /// The element of the present array that comes next.
    element: u16,
    /// The member whose value comes next, or is being read.
    row: u8,
    /// How many arrays and objects are open inside a skipped value.
    skipped: u8,
    is_started: bool,
    is_failed: bool,
    overflow: Overflow,
    carry: Carry,
}

impl Binder {
    /// A binder at the start of a text: all zeros if it is strict, so that a static one takes no flash.
    pub const fn new(options: ParseOptions) -> Self {
        Self {
            lexer: Lexer::with(options.trailing_commas),
            reader: Reader {
                steps: Steps::new(),
                seen: [0; PATH_DEPTH_MAX + 1],
                given: 0,
                element: 0,
                row: 0,
                skipped: 0,
                is_started: false,
                is_failed: false,
                overflow: options.overflow,
                carry: Carry::new(),
            },
        }
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
            Some(Token::Name(piece)) => reader.name(record, piece)?,
            Some(Token::String(piece)) => reader.scalar(record, piece, true)?,
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
                                reader.scalar(record, Piece { bytes, last: true }, true)?;
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
                    Token::Name(piece) => reader.name(record, piece)?,
                    Token::String(piece) => reader.scalar(record, piece, true)?,
                    Token::Number(piece) => reader.scalar(record, piece, false)?,
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

impl Reader {
    /// Stands before the root, unless that is long done.
    fn start(&mut self) {
        if !self.is_started {
            self.is_started = true;
            self.element = NO_ELEMENT;
            self.row = ROOT;
        }
    }

    /// The record that the path leads to.
    #[inline(never)]
    fn walk<'r>(&self, root: &'r mut dyn Record) -> Option<&'r mut dyn Record> {
        let mut record = root;
        for (row, element) in self.steps.iter() {
            let place = match record.place(row) {
                Place::List(_, elements) => elements.element(element, false)?,
                place => place,
            };
            record = match place {
                Place::Object(_, record) | Place::Record(record) => record,
                _ => return None,
            };
        }
        Some(record)
    }

    /// Passes over a token inside a skipped array or object.
    #[inline(always)]
    fn pass(&mut self, token: &Token<'_>) {
        match token {
            Token::ObjectStart | Token::ArrayStart => self.skipped = self.skipped.wrapping_add(1),
            Token::ObjectEnd | Token::ArrayEnd => self.skipped = self.skipped.wrapping_sub(1),
            _ => {}
        }
    }

    /// Keeps a piece that is not the last, or drops what nobody wants; false if it is still to be dealt with.
    fn keeps(&mut self, token: &Token<'_>) -> bool {
        match token {
            _ if self.skipped > 0 => true,
            Token::String(_) if self.row == NO_ROW => true,
            Token::String(piece) | Token::Name(piece) => !piece.last && self.carry.push(piece.bytes),
            _ => false,
        }
    }

    /// The name of a member, or a piece of it.
    #[inline(never)]
    fn name(&mut self, record: &dyn Record, piece: Piece<'_>) -> Result<(), ErrorKind> {
        if !piece.last {
            if !self.carry.push(piece.bytes) {
                self.carry.spoil();
            }
            return Ok(());
        }
        self.row = self.carry.join(piece.bytes).and_then(|name| record.schema().find(name)).unwrap_or(NO_ROW);
        self.mark()
    }

    /// The name of a member, whole.
    #[inline(always)]
    fn member(&mut self, schema: &Schema, name: &[u8]) -> Result<(), ErrorKind> {
        self.row = schema.find(name).unwrap_or(NO_ROW);
        self.mark()
    }

    /// An object ends.
    fn close(&mut self) {
        match self.steps.pop() {
            Some((row, element)) => {
                self.row = row;
                self.element = element;
                self.end_value();
            }
            None => self.row = NO_ROW,
        }
    }

    /// Marks the present row of the present record as seen.
    #[inline(always)]
    fn mark(&mut self) -> Result<(), ErrorKind> {
        if self.row == NO_ROW {
            return Ok(());
        }
        let mark = 1_u32.wrapping_shl(u32::from(self.row));
        match self.seen.get_mut(self.steps.depth()) {
            Some(word) if *word & mark == 0 => {
                *word |= mark;
                Ok(())
            }
            _ => Err(ErrorKind::RepeatedMember),
        }
    }

    /// An object begins.
    #[inline(never)]
    fn open<'r>(&mut self, record: &'r mut dyn Record) -> Result<Option<&'r mut dyn Record>, ErrorKind> {
        if self.row == NO_ROW {
            self.skipped = 1;
            return Ok(Some(record));
        }
        if self.row == ROOT {
            self.row = NO_ROW;
            record.clear();
            return Ok(Some(record));
        }
        let child = match self.place(record)? {
            Place::Object(is_present, child) => {
                *is_present = true;
                child.clear();
                child
            }
            // Cleared when it was added.
            Place::Record(child) => child,
            Place::Presence(is_present) => {
                *is_present = true;
                self.skip();
                return Ok(None);
            }
            Place::Nothing => {
                self.skip();
                return Ok(None);
            }
            place => return Err(wrong_type(&place)),
        };
        self.steps.push(self.row, self.element);
        if let Some(seen) = self.seen.get_mut(self.steps.depth()) {
            *seen = 0;
        }
        self.row = NO_ROW;
        self.element = NO_ELEMENT;
        Ok(Some(child))
    }

    /// Passes over an array or object that has just begun.
    fn skip(&mut self) {
        self.skipped = 1;
        self.end_value();
    }

    /// The place of the present value.
    #[inline(always)]
    fn place<'r>(&self, record: &'r mut dyn Record) -> Result<Place<'r>, ErrorKind> {
        if self.row == ROOT {
            return Err(ErrorKind::WrongType { expected: Expected::Object });
        }
        let place = match record.place(self.row) {
            Place::List(count, elements) if self.element != NO_ELEMENT => {
                count.element(elements, self.element)
            }
            place => place,
        };
        match place {
            Place::Full(capacity @ 1..) if self.overflow == Overflow::Refuse => {
                Err(overflow(capacity, (capacity as u32).saturating_add(1)))
            }
            Place::Full(_) => Ok(Place::Nothing),
            place => Ok(place),
        }
    }

    /// The present value is over: what comes next is an element of the same array, or a name.
    #[inline(always)]
    fn end_value(&mut self) {
        if self.element == NO_ELEMENT {
            self.row = NO_ROW;
        } else {
            // One below the mark for "no element", which a list of so many can only overflow.
            self.element = self.element.saturating_add(1).min(NO_ELEMENT - 1);
        }
    }

    #[cold]
    #[inline(never)]
    fn error(&self, root: &dyn Record, kind: ErrorKind, offset: usize) -> Error {
        let mut steps = self.steps;
        if self.row < ROOT {
            steps.push(self.row, self.element);
        }
        Error::new(kind, offset, Path::new(root.schema(), steps))
    }
}
