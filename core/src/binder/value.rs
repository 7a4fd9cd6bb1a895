//! Values that are no objects, each into its place.

use super::error::{Body, ErrorKind, overflow, wrong_type};
use super::overflow::Overflow;
use super::reader::{ROOT, Reader, Wrong};
use crate::json::Token;
use crate::record::{
    AS_TEXT, DateTime, NO_ELEMENT, NO_FIELD, Place, Record, TextView, is_equal, is_not_finite,
};

impl Reader {
    /// A literal, or the start or end of an array.
    #[inline(never)]
    pub(super) fn value(&mut self, record: &mut dyn Record, token: Token<'_>) -> Result<(), Wrong> {
        if self.field == NO_FIELD {
            self.skipped = u8::from(token == Token::ArrayStart);
            return Ok(());
        }
        match token {
            Token::ArrayStart => return self.open_list(record),
            Token::ArrayEnd => {
                self.close_list(record);
                return Ok(());
            }
            // A member is absent from the start of its record: `null` changes nothing. As an element it is left out.
            Token::Null if self.field != ROOT => {
                if self.element == NO_ELEMENT {
                    self.field = NO_FIELD;
                }
                return Ok(());
            }
            _ => {}
        }
        match self.place(record)? {
            Place::Bool(place) => place.set(token == Token::True),
            Place::Presence(is_present) => *is_present = true,
            Place::Nothing => {}
            place => return self.fails(wrong_type(&place)),
        }
        self.end_value();
        Ok(())
    }

    /// A string or a number, or a piece of one.
    #[inline(never)]
    pub(super) fn scalar(
        &mut self,
        record: &mut dyn Record,
        piece: &[u8],
        last: bool,
        is_string: bool,
    ) -> Result<(), Wrong> {
        if self.field == NO_FIELD {
            return Ok(());
        }
        // The beginning of a value is kept until its end comes, if there is room for it.
        if !last && self.partial.push(piece) {
            return Ok(());
        }
        let place = self.place(record);
        let may_cut = matches!(place, Ok(Place::Text(_)));
        match place {
            Ok(Place::Text(text) | Place::Id(text)) if is_string => self.text(text, may_cut, piece, last)?,
            // An error about a value is reported at its end, whatever the pieces.
            _ if !last => {
                self.partial.spoil(piece);
            }
            Ok(Place::Presence(is_present)) => *is_present = true,
            Ok(Place::Nothing) => {}
            Ok(place) => self.word(place, piece, is_string)?,
            Err(wrong) => return Err(wrong),
        }
        if last {
            self.partial.take();
            self.end_value();
        }
        Ok(())
    }

    /// A short string or a number, whole, and the place for it.
    #[inline(always)]
    fn word(&mut self, place: Place<'_>, piece: &[u8], is_string: bool) -> Result<(), Wrong> {
        let word = self.partial.join(piece);
        match place {
            Place::Variant(mut name, variants) if is_string => match word {
                Some(text) => {
                    let text = variants.stripped(text);
                    name.set(variants.find(text), text);
                }
                None => name.set(None, variants.stripped(self.partial.spoil(piece))),
            },
            Place::Int32(place) => {
                match word.and_then(integer).and_then(|number| i32::try_from(number).ok()) {
                    Some(number) => place.set(number),
                    None => return self.fails(ErrorKind::InvalidInteger { bits: 32 }),
                }
            }
            Place::Int64(place) => match word.and_then(integer) {
                Some(number) => place.set(number),
                None => return self.fails(ErrorKind::InvalidInteger { bits: 64 }),
            },
            Place::DateTime(place) if is_string => match word.and_then(DateTime::parse) {
                Some(time) => place.set(time),
                None => return self.fails(ErrorKind::InvalidDateTime),
            },
            place => {
                let kept = match as_written(place, word, is_string) {
                    Ok(Some(text)) => exact(self.overflow, text, word),
                    Ok(None) => Ok(()),
                    Err(kind) => Err(kind),
                };
                if let Err(kind) = kept {
                    return self.fails(kind);
                }
            }
        }
        Ok(())
    }

    /// Whether U+FFFD may stand for half of a surrogate pair, in a string or in a name. If not, it is refused, since the
    /// value is kept.
    #[cold]
    #[inline(never)]
    pub(super) fn replaces(&mut self, record: &mut dyn Record, is_name: bool) -> bool {
        // No name that is known has such a character.
        if self.skipped > 0 || is_name || self.field == NO_FIELD {
            return true;
        }
        match self.place(record) {
            Ok(Place::Nothing | Place::Presence(_)) => true,
            Ok(Place::Text(text) | Place::Id(text)) if self.lone_surrogates || text.capacity() == 0 => {
                self.is_replaced = true;
                true
            }
            // A text that is an id: half of one is a wrong one.
            Ok(Place::Record(_)) if self.lone_surrogates => {
                self.partial.spoil(&[]);
                true
            }
            _ => self.lone_surrogates,
        }
    }

    /// A string, or piece of one, and the place for it.
    #[inline(always)]
    fn text(
        &mut self,
        mut place: TextView<'_>,
        may_cut: bool,
        piece: &[u8],
        last: bool,
    ) -> Result<(), Wrong> {
        let kept = self.partial.take();
        if last && self.given == 0 && kept.is_empty() {
            // All of it at once, as nearly every text comes.
            return if place.set(piece) { Ok(()) } else { self.too_long(place, may_cut, piece.len() as u32) };
        }
        if self.given == 0 {
            place.begin();
        }
        if !kept.is_empty() {
            place.append(kept);
        }
        place.append(piece);
        let length = kept.len().saturating_add(piece.len()) as u32;
        self.given = self.given.saturating_add(length);
        if !last {
            return Ok(());
        }
        let need = core::mem::take(&mut self.given);
        if core::mem::take(&mut self.is_replaced) {
            place.replaced();
        }
        if place.is_whole() { Ok(()) } else { self.too_long(place, may_cut, need) }
    }

    #[cold]
    #[inline(never)]
    fn too_long(&mut self, place: TextView<'_>, may_cut: bool, need: u32) -> Result<(), Wrong> {
        too_long(self.overflow, place, may_cut, need).or_else(|kind| self.fails(kind))
    }

    /// An array ends.
    pub(super) fn close_list(&mut self, record: &mut dyn Record) {
        if let Place::List(count, _) = record.place(self.field) {
            count.total = count.total.max(self.element);
        }
        self.element = NO_ELEMENT;
        self.field = NO_FIELD;
    }

    /// An array begins.
    pub(super) fn open_list(&mut self, record: &mut dyn Record) -> Result<(), Wrong> {
        match self.place(record)? {
            Place::List(count, _) => {
                count.is_present = true;
                self.element = 0;
            }
            Place::Presence(is_present) => {
                *is_present = true;
                self.skip();
            }
            Place::Nothing => self.skip(),
            place => return self.fails(wrong_type(&place)),
        }
        Ok(())
    }
}

/// The place of a value that is kept as it is written: a number, or a text in the place of an object. An annotation is not:
/// it has no more to be done.
#[cold]
#[inline(never)]
fn as_written<'p>(
    place: Place<'p>,
    word: Option<&[u8]>,
    is_string: bool,
) -> Result<Option<TextView<'p>>, ErrorKind> {
    match place {
        Place::Double(text) if !is_string || word.is_some_and(is_not_finite) => Ok(Some(text)),
        Place::Record(record) if is_string => match record.place(AS_TEXT) {
            Place::Id(text) => Ok(Some(text)),
            place => Err(wrong_type(&place)),
        },
        Place::Total(total) => raise(total, word.and_then(integer)).map(|()| None),
        Place::Link(is_there) if is_string => {
            *is_there = true;
            Ok(None)
        }
        Place::Type(name) if is_string => match word {
            Some(word) if is_equal(word.strip_prefix(b"#").unwrap_or(word), name.as_bytes()) => Ok(None),
            _ => Err(ErrorKind::OtherBody(Body::OtherType)),
        },
        place => Err(wrong_type(&place)),
    }
}

/// A short value that is kept as it is written, or left out if it is not short.
#[cold]
#[inline(never)]
fn exact(policy: Overflow, mut text: TextView<'_>, word: Option<&[u8]>) -> Result<(), ErrorKind> {
    let Some(word) = word else { return too_long(Overflow::Truncate, text, false, 0) };
    if text.set(word) { Ok(()) } else { too_long(policy, text, false, word.len() as u32) }
}

/// The service says how many elements there are, which may be more than it sends.
pub(crate) fn raise(total: &mut u16, count: Option<i64>) -> Result<(), ErrorKind> {
    let Some(count @ 0..) = count else { return Err(ErrorKind::InvalidInteger { bits: 64 }) };
    // As many as a list counts.
    *total = (*total).max(count.min(i64::from(NO_ELEMENT - 1)) as u16);
    Ok(())
}

/// A string is longer than its place, or has U+FFFD in it for half of a character.
#[cold]
#[inline(never)]
fn too_long(policy: Overflow, mut place: TextView<'_>, may_cut: bool, need: u32) -> Result<(), ErrorKind> {
    if policy == Overflow::Refuse && place.capacity() > 0 && !place.is_replaced() {
        return Err(overflow(place.capacity(), need));
    }
    if !may_cut || place.capacity() == 0 {
        place.omit();
    }
    Ok(())
}

/// An integer as JSON, or a string of JSON, writes it: at most 19 digits, no fraction, no exponent.
#[inline(never)]
pub(crate) fn integer(text: &[u8]) -> Option<i64> {
    let (is_negative, digits) = match text.split_first() {
        Some((b'-', digits)) => (true, digits),
        // Only a string has such a sign: `int64Value = [ SIGN ] 1*19DIGIT` in OData's grammar.
        Some((b'+', digits)) => (false, digits),
        _ => (false, text),
    };
    // So many digits are always below 2^64.
    if !(1..=19).contains(&digits.len()) {
        return None;
    }
    let mut number: u64 = 0;
    for byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number.wrapping_mul(10).wrapping_add(u64::from(digit));
    }
    if is_negative { 0_i64.checked_sub_unsigned(number) } else { i64::try_from(number).ok() }
}
