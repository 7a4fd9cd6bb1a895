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

use super::lexer::{LexError, Lexer};
use super::path::{NO_ELEMENT, PATH_DEPTH_MAX, Path, Steps};
use super::slot::{NO_ROW, Place, Record};
use super::token::{Piece, Token};
use crate::error::{Error, ErrorKind, Expected};
use crate::options::{Overflow, ParseOptions};
use crate::text::TextPlace;
use crate::time::DateTime;

/// The bytes of the longest name, enumeration member, integer or date-time that is known.
const CARRY_MAX: usize = 48;

/// `Reader::carried` of a value too long to be carried.
const TOO_LONG: u8 = u8::MAX;

/// `Reader::row` before the document begins.
const ROOT: u8 = NO_ROW - 1;

/// Rows with a mark of their own at each level; the root has a second word.
const ROWS_MARKED: u8 = 32;

/// Fills a record from a JSON text that arrives in pieces.
///
/// [`CallParser`](crate::CallParser) is this machine with a call for its record.
#[derive(Clone, Debug)]
pub struct Binder {
    lexer: Lexer,
    reader: Reader,
}

/// Where the binder stands in the record.
#[derive(Clone, Debug)]
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
    is_failed: bool,
    overflow: Overflow,
    carried: u8,
    carry: [u8; CARRY_MAX],
}

impl Binder {
    /// A binder at the start of a text.
    pub const fn new(options: ParseOptions) -> Self {
        Self {
            lexer: Lexer::new().trailing_commas(options.trailing_commas),
            reader: Reader {
                steps: Steps::new(),
                seen: [0; PATH_DEPTH_MAX + 1],
                given: 0,
                element: NO_ELEMENT,
                row: ROOT,
                skipped: 0,
                is_failed: false,
                overflow: options.overflow,
                carried: 0,
                carry: [0; CARRY_MAX],
            },
        }
    }

    /// Reads one more piece.
    ///
    /// # Errors
    /// The first thing that is wrong with the text; the record is then empty.
    pub fn feed(&mut self, root: &mut dyn Record, input: &[u8]) -> Result<(), Error> {
        let result = self.read(root, input);
        if result.is_err() {
            self.reader.is_failed = true;
            root.clear();
        }
        result
    }

    /// Says that the text is over.
    ///
    /// # Errors
    /// [`Fault::Truncated`](super::Fault::Truncated) if it is not complete; the record is then empty.
    pub fn finish(&mut self, root: &mut dyn Record) -> Result<(), Error> {
        let result = match self.lexer.finish() {
            _ if self.reader.is_failed => Err(ErrorKind::AfterError),
            Err(LexError { fault, .. }) => Err(ErrorKind::Json(fault)),
            Ok(()) if self.reader.row == ROOT => Err(ErrorKind::WrongType { expected: Expected::Object }),
            Ok(()) => return Ok(()),
        };
        self.reader.is_failed = true;
        root.clear();
        result.map_err(|kind| self.reader.error(root, kind, self.lexer.offset()))
    }

    fn read(&mut self, root: &mut dyn Record, mut input: &[u8]) -> Result<(), Error> {
        let Self { lexer, reader } = self;
        if reader.is_failed {
            return Err(reader.error(root, ErrorKind::AfterError, lexer.offset()));
        }
        loop {
            // The path is walked only once a token needs it: a piece may be a single byte.
            let token = loop {
                match lexer.next(&mut input) {
                    Ok(None) => return Ok(()),
                    Ok(Some(token)) if reader.passes(&token) => {}
                    Ok(Some(token)) => break token,
                    Err(error) => return Err(reader.syntax(root, error)),
                }
            };
            let Some(mut record) = reader.walk(root) else { return Ok(()) };
            let mut taken = reader.take(record, token);
            loop {
                record = match taken {
                    Ok(Some(next)) => next,
                    Ok(None) => break,
                    Err(kind) => return Err(reader.error(root, kind, lexer.token_start())),
                };
                let token = loop {
                    match lexer.next(&mut input) {
                        Ok(None) => return Ok(()),
                        Ok(Some(token)) if reader.passes(&token) => {}
                        Ok(Some(token)) => break token,
                        Err(error) => return Err(reader.syntax(root, error)),
                    }
                };
                taken = reader.take(record, token);
            }
        }
    }
}

impl Reader {
    /// The record that the path leads to.
    fn walk<'r>(&self, root: &'r mut dyn Record) -> Option<&'r mut dyn Record> {
        let mut record = root;
        for (row, element) in self.steps.iter() {
            let place = match record.place(row) {
                Place::List(list) => list.element(element)?,
                place => place,
            };
            record = match place {
                Place::Object(_, record) | Place::Record(record) => record,
                _ => return None,
            };
        }
        Some(record)
    }

    /// Deals with a token that no record is needed for: it is skipped, or kept until its value ends.
    #[inline(always)]
    fn passes(&mut self, token: &Token<'_>) -> bool {
        if self.skipped > 0 {
            match token {
                Token::ObjectStart | Token::ArrayStart => self.skipped = self.skipped.wrapping_add(1),
                Token::ObjectEnd | Token::ArrayEnd => self.skipped = self.skipped.wrapping_sub(1),
                _ => {}
            }
            return true;
        }
        match token {
            Token::Name(piece) => !piece.last && self.carry(piece.bytes),
            Token::ObjectEnd | Token::ArrayEnd => false,
            Token::ObjectStart | Token::ArrayStart => {
                self.row == NO_ROW && {
                    self.skipped = 1;
                    true
                }
            }
            _ if self.row == NO_ROW => true,
            Token::String(piece) | Token::Number(piece) => !piece.last && self.carry(piece.bytes),
            Token::True | Token::False | Token::Null => false,
        }
    }

    /// Keeps a piece until the next; says whether there was room.
    #[inline(never)]
    fn carry(&mut self, piece: &[u8]) -> bool {
        let carried = usize::from(self.carried);
        let length = carried.saturating_add(piece.len());
        let Some(room) = self.carry.get_mut(carried..length) else { return false };
        for (to, from) in room.iter_mut().zip(piece) {
            *to = *from;
        }
        self.carried = length as u8;
        true
    }

    /// A value that is complete with this piece, unless it is too long to be of use.
    #[inline(always)]
    fn joined<'t>(&'t mut self, piece: &'t [u8]) -> Option<&'t [u8]> {
        if self.carried == 0 {
            return (piece.len() <= CARRY_MAX).then_some(piece);
        }
        let fits = self.carry(piece);
        let length = usize::from(core::mem::take(&mut self.carried));
        if fits { self.carry.get(..length) } else { None }
    }

    /// Takes a token that is about `record`; gives the record that the next token is about, or `None` if
    /// the path has to be walked anew.
    #[inline(always)]
    fn take<'r>(
        &mut self,
        record: &'r mut dyn Record,
        token: Token<'_>,
    ) -> Result<Option<&'r mut dyn Record>, ErrorKind> {
        match token {
            Token::Name(piece) if piece.last => {
                let seen = self.steps.depth();
                let row = self.joined(piece.bytes).and_then(|name| record.schema().find(name));
                self.row = row.unwrap_or(NO_ROW);
                if self.row != NO_ROW && !self.mark(seen) {
                    return Err(ErrorKind::RepeatedMember);
                }
                Ok(Some(record))
            }
            Token::Name(_) => {
                self.carried = TOO_LONG;
                Ok(Some(record))
            }
            Token::ObjectStart => self.open(record),
            Token::ObjectEnd => {
                match self.steps.pop() {
                    Some((row, element)) => {
                        self.row = row;
                        self.element = element;
                        self.end_value();
                    }
                    None => self.row = NO_ROW,
                }
                Ok(None)
            }
            _ => {
                self.value(record, token)?;
                Ok(Some(record))
            }
        }
    }

    /// Marks the present row of the record at a depth as seen; says whether it is for the first time.
    #[inline(always)]
    fn mark(&mut self, depth: usize) -> bool {
        let (word, bit) = match self.row.checked_sub(ROWS_MARKED) {
            None => (depth, self.row),
            Some(bit) => (PATH_DEPTH_MAX, bit),
        };
        let mark = 1_u32.wrapping_shl(u32::from(bit));
        match self.seen.get_mut(word) {
            Some(word) if *word & mark == 0 => {
                *word |= mark;
                true
            }
            _ => false,
        }
    }

    /// An object begins.
    fn open<'r>(&mut self, record: &'r mut dyn Record) -> Result<Option<&'r mut dyn Record>, ErrorKind> {
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
        let (capacity, need) = match record.place(self.row) {
            Place::List(list) if self.element != NO_ELEMENT => {
                let capacity = list.capacity();
                match list.element(self.element) {
                    Some(place) => return Ok(place),
                    None => (capacity, u32::from(self.element)),
                }
            }
            Place::Full(capacity) => (capacity, capacity as u32),
            place => return Ok(place),
        };
        if self.overflow == Overflow::Refuse && capacity > 0 {
            return Err(overflow(capacity, need.saturating_add(1)));
        }
        Ok(Place::Nothing)
    }

    /// A value, or piece of one, that is no object.
    fn value(&mut self, record: &mut dyn Record, token: Token<'_>) -> Result<(), ErrorKind> {
        match token {
            _ if self.row == ROOT => return self.no_object(token),
            Token::ArrayStart => return self.open_list(record),
            Token::ArrayEnd => {
                if let Place::List(list) = record.place(self.row) {
                    list.count(self.element);
                }
                self.element = NO_ELEMENT;
                self.row = NO_ROW;
                return Ok(());
            }
            Token::Null => {
                // Every member of an open record starts absent; an absent element takes no place.
                if self.element == NO_ELEMENT {
                    self.row = NO_ROW;
                }
                return Ok(());
            }
            _ => {}
        }
        let place = match (self.place(record), token) {
            (Ok(Place::Text(text)), Token::String(piece)) => return self.text(text, piece),
            (_, Token::String(piece) | Token::Number(piece)) if !piece.last => {
                self.carried = TOO_LONG;
                return Ok(());
            }
            (place, _) => place?,
        };
        match (place, token) {
            (Place::Bool(place), Token::True) => place.set(true),
            (Place::Bool(place), Token::False) => place.set(false),
            (Place::Name { number, names, prefix, mut text }, Token::String(piece)) => {
                let name = self.joined(piece.bytes);
                set_name(name, number, names, prefix, &mut text);
            }
            (Place::Int32(place), Token::Number(piece) | Token::String(piece)) => {
                let number = self.joined(piece.bytes).and_then(integer);
                let number = number.and_then(|number| i32::try_from(number).ok());
                place.set(number.ok_or(ErrorKind::InvalidInteger { bits: 32 })?);
            }
            (Place::Int64(place), Token::Number(piece) | Token::String(piece)) => {
                let number = self.joined(piece.bytes).and_then(integer);
                place.set(number.ok_or(ErrorKind::InvalidInteger { bits: 64 })?);
            }
            (Place::DateTime(place), Token::String(piece)) => {
                let time = self.joined(piece.bytes).and_then(DateTime::parse);
                place.set(time.ok_or(ErrorKind::InvalidDateTime)?);
            }
            (Place::Presence(is_present), _) => *is_present = true,
            (Place::Nothing, _) => {}
            (place, _) => return Err(wrong_type(&place)),
        }
        self.carried = 0;
        self.end_value();
        Ok(())
    }

    #[inline(always)]
    fn text(&mut self, mut place: TextPlace<'_>, piece: Piece<'_>) -> Result<(), ErrorKind> {
        if self.carried == 0 && self.given == 0 && piece.last {
            self.given = piece.bytes.len() as u32;
            place.set(piece.bytes);
        } else {
            self.append(&mut place, piece.bytes);
            if !piece.last {
                return Ok(());
            }
        }
        let need = core::mem::take(&mut self.given);
        if !place.is_whole() {
            if self.overflow == Overflow::Refuse && place.capacity() > 0 {
                return Err(overflow(place.capacity(), need));
            }
            place.settle();
        }
        self.end_value();
        Ok(())
    }

    /// Gives a place what was carried, and one more piece.
    #[inline(never)]
    fn append(&mut self, place: &mut TextPlace<'_>, piece: &[u8]) {
        if self.given == 0 {
            place.begin();
        }
        let carried = usize::from(core::mem::take(&mut self.carried));
        place.append(self.carry.get(..carried).unwrap_or_default());
        place.append(piece);
        let length = carried.saturating_add(piece.len()) as u32;
        self.given = self.given.saturating_add(length);
    }

    fn open_list(&mut self, record: &mut dyn Record) -> Result<(), ErrorKind> {
        match self.place(record)? {
            Place::List(list) => {
                list.open();
                self.element = 0;
            }
            Place::Presence(is_present) => {
                *is_present = true;
                self.skip();
            }
            Place::Nothing => self.skip(),
            place => return Err(wrong_type(&place)),
        }
        Ok(())
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
    fn no_object(&mut self, token: Token<'_>) -> Result<(), ErrorKind> {
        match token {
            Token::String(piece) | Token::Number(piece) if !piece.last => {
                self.carried = TOO_LONG;
                Ok(())
            }
            _ => Err(ErrorKind::WrongType { expected: Expected::Object }),
        }
    }

    #[cold]
    #[inline(never)]
    fn syntax(&self, root: &dyn Record, LexError { fault, offset }: LexError) -> Error {
        self.error(root, ErrorKind::Json(fault), offset)
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

/// An integer as JSON, or a string of JSON, writes it: no fraction, no exponent.
pub(crate) fn integer(text: &[u8]) -> Option<i64> {
    let (is_negative, digits) = match text.split_first() {
        Some((b'-', digits)) => (true, digits),
        _ => (false, text),
    };
    digits.first()?;
    let mut number: i64 = 0;
    for byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        let digit = i64::from(digit);
        number = number.checked_mul(10)?;
        // Negative numbers reach one further, so each digit is added with its sign.
        number = if is_negative { number.checked_sub(digit)? } else { number.checked_add(digit)? };
    }
    Some(number)
}

/// Looks a name up; the case of its first letter is ignored, since Microsoft writes both.
pub(crate) fn set_name(
    text: Option<&[u8]>,
    number: &mut u8,
    names: &[&str],
    prefix: &str,
    unknown: &mut TextPlace<'_>,
) {
    *number = 1;
    let Some(text) = text else {
        unknown.omit();
        return;
    };
    let name = strip(text, prefix);
    let mut known: u8 = 2;
    for candidate in names {
        if is_same(candidate.as_bytes(), name) {
            *number = known;
            return;
        }
        known = known.wrapping_add(1);
    }
    unknown.set(name);
    if !unknown.is_whole() {
        unknown.settle();
    }
}

/// A type's name without what Microsoft writes before it, `#` or not.
fn strip<'t>(text: &'t [u8], prefix: &str) -> &'t [u8] {
    if prefix.is_empty() {
        return text;
    }
    let text = text.strip_prefix(b"#").unwrap_or(text);
    text.strip_prefix(prefix.as_bytes()).unwrap_or(text)
}

fn is_same(known: &[u8], name: &[u8]) -> bool {
    match (known.split_first(), name.split_first()) {
        (Some((a, known)), Some((b, name))) => a.eq_ignore_ascii_case(b) && known == name,
        _ => false,
    }
}

#[cold]
pub(crate) const fn overflow(capacity: usize, need: u32) -> ErrorKind {
    ErrorKind::Overflow { capacity: capacity as u32, need }
}

#[cold]
pub(crate) fn wrong_type(place: &Place<'_>) -> ErrorKind {
    let expected = match place {
        Place::Text(_) | Place::Name { .. } => Expected::String,
        Place::Bool(_) => Expected::Boolean,
        Place::Int32(_) | Place::Int64(_) => Expected::Integer,
        Place::DateTime(_) => Expected::DateTime,
        Place::List(_) => Expected::Array,
        _ => Expected::Object,
    };
    ErrorKind::WrongType { expected }
}
