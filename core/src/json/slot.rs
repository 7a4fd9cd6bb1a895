//! The hinge between the parser and a model: what a record is, and what a place in it takes.
//!
//! The parser knows records only by the two tables of this file; a model provides them. `Record` and
//! `Place` are used through `dyn`, so that the parser exists once whatever the capacities are.

use core::fmt;

use super::string::WORD;
use crate::cell::Scalar;
use crate::list::Count;
use crate::open::NameView;
use crate::text::TextView;
use crate::time::DateTime;

/// The members of a record by their names on the wire.
///
/// The names stand in one string, since on a small device a pointer to each would cost as much again.
pub struct Schema {
    /// How many of the rows are members; the rest are other spellings of these.
    pub members: u8,
    pub(crate) names: &'static str,
    /// Where the name of each row starts in `names`, and where the last one ends.
    pub(crate) starts: &'static [u16],
    /// For each row, what it holds records of, if it does.
    pub(crate) children: &'static [Option<&'static Self>],
    pub(crate) index: Index,
}

/// No row has this number.
pub(crate) const NO_ROW: u8 = u8::MAX;

impl Schema {
    /// The name of a row.
    #[inline(always)]
    pub fn name(&self, row: u8) -> Option<&'static str> {
        let [start, end] = *self.starts.get(usize::from(row)..)?.first_chunk()?;
        self.names.get(usize::from(start)..usize::from(end))
    }

    /// The names of all rows, in order.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        (0..NO_ROW).map_while(|row| self.name(row))
    }

    /// What a row holds records of, if it does.
    pub fn child(&self, row: u8) -> Option<&'static Self> {
        self.children.get(usize::from(row)).copied().flatten()
    }

    /// The row that has this name.
    #[inline(always)]
    pub fn find(&self, name: &[u8]) -> Option<u8> {
        let row = self.index.look_up(name)?;
        let [start, end] = *self.starts.get(usize::from(row)..)?.first_chunk()?;
        let found = self.names.as_bytes().get(usize::from(start)..usize::from(end))?;
        if found.len() == name.len() && is_same(found, name) { Some(row) } else { None }
    }
}

/// Whether two names of one length are equal, a word at a time.
#[inline(always)]
fn is_same(a: &[u8], b: &[u8]) -> bool {
    let (Some(last_a), Some(last_b)) = (a.last_chunk::<WORD>(), b.last_chunk::<WORD>()) else {
        return a.iter().zip(b).all(|(a, b)| a == b);
    };
    let (words_a, words_b) = (a.as_chunks::<WORD>().0, b.as_chunks::<WORD>().0);
    // The last word overlaps the one before it, and covers what is left.
    last_a == last_b && words_a.iter().zip(words_b).all(|(a, b)| a == b)
}

/// Where the names of these rows start when they stand in one string, and where the last one ends.
pub const fn starts<const N: usize>(names: &[&str]) -> [u16; N] {
    let mut starts = [0; N];
    let mut rest: &mut [u16] = &mut starts;
    let mut names = names;
    let mut start: u16 = 0;
    while let [first, tail @ ..] = rest {
        *first = start;
        rest = tail;
        if let [name, left @ ..] = names {
            start = start.wrapping_add(name.len() as u16);
            names = left;
        }
    }
    starts
}

/// The names that a member may have for its value.
#[derive(Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Vocabulary {
    /// The names, each after its length.
    pub(crate) names: &'static [u8],
    /// What may precede a name on the wire.
    pub(crate) prefix: &'static str,
}

impl Vocabulary {
    /// The names, in order.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + use<> {
        let mut rest = self.names;
        core::iter::from_fn(move || core::str::from_utf8(next_name(&mut rest)?).ok())
    }

    /// A type's name without what Microsoft writes before it, `#` or not.
    pub(crate) fn stripped<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        if self.prefix.is_empty() {
            return text;
        }
        let text = text.strip_prefix(b"#").unwrap_or(text);
        text.strip_prefix(self.prefix.as_bytes()).unwrap_or(text)
    }

    /// The index of a name; the case of its first letter is ignored, since Microsoft writes both.
    #[inline(never)]
    pub(crate) fn find(&self, text: &[u8]) -> Option<u8> {
        let (first, others) = text.split_first()?;
        let mut rest = self.names;
        let mut index: u8 = 0;
        while let Some(name) = next_name(&mut rest) {
            if name.len() == text.len()
                && let Some((initial, left)) = name.split_first()
                && initial.eq_ignore_ascii_case(first)
                && is_same(left, others)
            {
                return Some(index);
            }
            index = index.wrapping_add(1);
        }
        None
    }
}

#[inline(always)]
fn next_name(rest: &mut &'static [u8]) -> Option<&'static [u8]> {
    let (length, names) = rest.split_first()?;
    let (name, after) = names.split_at_checked(usize::from(*length))?;
    *rest = after;
    Some(name)
}

/// The bytes of these names, each after its length.
pub const fn prefixed_size(names: &[&str]) -> usize {
    let mut size: usize = 0;
    let mut names = names;
    while let [name, left @ ..] = names {
        size = size.saturating_add(name.len()).saturating_add(1);
        names = left;
    }
    size
}

/// These names, each after its length.
pub const fn prefixed<const SIZE: usize>(names: &[&str]) -> [u8; SIZE] {
    let mut bytes = [0; SIZE];
    let mut rest: &mut [u8] = &mut bytes;
    let mut names = names;
    while let [name, left @ ..] = names {
        rest = put(rest, name.len() as u8);
        let mut letters = name.as_bytes();
        while let [letter, more @ ..] = letters {
            rest = put(rest, *letter);
            letters = more;
        }
        names = left;
    }
    bytes
}

/// Stores a byte, and gives the places after it.
const fn put(places: &mut [u8], byte: u8) -> &mut [u8] {
    match places {
        [first, rest @ ..] => {
            *first = byte;
            rest
        }
        full => full,
    }
}

/// A perfect hash of the names of a record, made at compile time.
#[derive(Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Index {
    seed: u32,
    rows: &'static [u8],
}

impl Index {
    /// The index whose parts [`seed`] and [`places`] made.
    pub const fn new(seed: u32, rows: &'static [u8]) -> Self {
        Self { seed, rows }
    }

    #[inline(always)]
    fn look_up(&self, name: &[u8]) -> Option<u8> {
        let hash = hash(name, self.seed)? & self.rows.len().wrapping_sub(1);
        self.rows.get(hash).copied()
    }
}

/// The seed that gives each of these names a place of its own among `SIZE`.
///
/// A record for whose names there is none does not compile.
pub const fn seed<const SIZE: usize>(names: &[&str]) -> u32 {
    // Powers of an odd number with well-mixed bits (2^32 over the golden ratio).
    const STEP: u32 = 0x9E37_79B1;
    let mut seed = STEP;
    while places::<SIZE>(names, seed).is_none() {
        seed = seed.wrapping_mul(STEP);
    }
    seed
}

/// The row of each name at the place that `seed` gives it, or `None` if two share one.
pub const fn places<const SIZE: usize>(names: &[&str], seed: u32) -> Option<[u8; SIZE]> {
    let mut places = [NO_ROW; SIZE];
    let mut rest = names;
    let mut row: u8 = 0;
    while let Some((name, tail)) = rest.split_first() {
        let Some(hash) = hash(name.as_bytes(), seed) else { return None };
        let (_, from) = places.split_at_mut(hash & SIZE.wrapping_sub(1));
        match from.split_first_mut() {
            Some((place, _)) if *place == NO_ROW => *place = row,
            _ => return None,
        }
        row = row.wrapping_add(1);
        rest = tail;
    }
    Some(places)
}

/// How many places an [`Index`] of so many names has: a power of two, and enough that a seed is soon found.
pub const fn index_size(names: usize) -> usize {
    let enough = names.saturating_mul(names) / 8;
    if enough > names { enough.next_power_of_two() } else { names.next_power_of_two() }
}

/// Mixes the length and three letters of a name; every name of a record has its own mix.
#[inline(always)]
const fn hash(name: &[u8], seed: u32) -> Option<usize> {
    let length = name.len();
    let (Some((first, _)), Some((last, _))) = (name.split_first(), name.split_last()) else { return None };
    let middle = match name.split_at_checked(length / 2) {
        Some((_, tail)) => match tail.split_first() {
            Some((middle, _)) => *middle,
            None => 0,
        },
        None => 0,
    };
    let key = u32::from_le_bytes([*first, middle, *last, length as u8]);
    Some((key.wrapping_mul(seed) >> 24) as usize)
}

/// An object of the model: its members' names and the places for their values.
pub trait Record {
    /// The members by name.
    fn schema(&self) -> &'static Schema;

    /// The place of a row's value.
    fn place(&mut self, row: u8) -> Place<'_>;

    /// Makes every member absent.
    fn clear(&mut self);
}

/// What a member takes, and where it goes.
pub enum Place<'a> {
    /// A string that may be cut.
    Text(&'a mut TextView),
    /// A string that may not be cut.
    Exact(&'a mut TextView),
    /// One of a set of names.
    Name(&'a mut NameView, &'static Vocabulary),
    /// `true` or `false`.
    Bool(&'a mut Scalar<bool>),
    /// An integer of 32 bits, as a number or as a string.
    Int32(&'a mut Scalar<i32>),
    /// An integer of 64 bits, as a number or as a string.
    Int64(&'a mut Scalar<i64>),
    /// A string that is a date, a time and an offset.
    DateTime(&'a mut Scalar<DateTime>),
    /// Any value: only that it is there is kept.
    Presence(&'a mut bool),
    /// An object, and whether it is there.
    Object(&'a mut bool, &'a mut dyn Record),
    /// An object that is there by being reached: an element of an array.
    Record(&'a mut dyn Record),
    /// An array.
    List(&'a mut Count, &'a mut dyn Elements),
    /// There are as many values as there is room for.
    Full(usize),
    /// How many values there were for the places that are all taken.
    Total(&'a mut u16),
    /// The value is checked and skipped.
    Nothing,
}

/// The elements of an array.
pub trait Elements {
    /// The place of an element, which is absent if it is new; `None` if there is no room for so many.
    fn element(&mut self, index: u16, is_new: bool) -> Option<Place<'_>>;

    /// How many elements there is room for.
    fn capacity(&self) -> usize;
}

/// Shows the names: a record may hold records of its own kind.
impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

impl Place<'_> {
    /// What it takes, in a word.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "Text",
            Self::Exact(_) => "Exact",
            Self::Name(..) => "Name",
            Self::Bool(_) => "Bool",
            Self::Int32(_) => "Int32",
            Self::Int64(_) => "Int64",
            Self::DateTime(_) => "DateTime",
            Self::Presence(_) => "Presence",
            Self::Object(..) => "Object",
            Self::Record(_) => "Record",
            Self::List(..) => "List",
            Self::Full(_) => "Full",
            Self::Total(_) => "Total",
            Self::Nothing => "Nothing",
        }
    }
}

/// Shows nothing of what is there: it may be a secret.
impl fmt::Debug for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())
    }
}
