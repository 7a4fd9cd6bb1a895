//! The hinge between the parser and a model: what a record is, and what a place in it takes.
//!
//! The parser knows records only by the two tables of this file; a model provides them. `Record` and
//! `Place` are used through `dyn`, so that the parser exists once whatever the capacities are.

use crate::cell::Scalar;
use crate::text::TextPlace;
use crate::time::DateTime;

/// The members of a record by their names on the wire.
#[derive(Debug)]
pub struct Schema {
    /// The name of the resource type, as Microsoft writes it.
    pub name: &'static str,
    /// The members, each at the row that [`Record::place`] knows it by.
    pub rows: &'static [Row],
    /// How many of the rows are members; the rest are other spellings of these.
    pub members: usize,
    /// Where to look for the row of a name.
    pub index: &'static Index,
}

/// One member: its name and, if it holds records, what those are.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The name on the wire.
    pub name: &'static str,
    /// The record, or record of the list, that the member holds.
    pub child: Option<&'static Schema>,
}

/// No row has this number.
pub(crate) const NO_ROW: u8 = u8::MAX;

impl Schema {
    /// The row that has this name.
    #[inline]
    pub fn find(&self, name: &[u8]) -> Option<u8> {
        let row = self.index.look_up(name)?;
        let found = self.rows.get(usize::from(row))?.name.as_bytes();
        if found == name { Some(row) } else { None }
    }
}

/// A perfect hash of the names of a record, made at compile time.
#[derive(Debug)]
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
    /// A string.
    Text(TextPlace<'a>),
    /// One of a set of names; the number is 0 if absent, 1 if unknown, else the name's index plus 2.
    Name {
        /// The number.
        number: &'a mut u8,
        /// The names known.
        names: &'static [&'static str],
        /// What may precede a name on the wire.
        prefix: &'static str,
        /// The text of a name that is not known.
        text: TextPlace<'a>,
    },
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
    List(&'a mut dyn Elements),
    /// There are as many values as there is room for.
    Full(usize),
    /// How many values there were for the places that are all taken.
    Total(&'a mut u16),
    /// The value is checked and skipped.
    Nothing,
}

/// An array of the model.
pub trait Elements {
    /// Makes the array present and empty.
    fn open(&mut self);

    /// Notes that the array on the wire has so many elements.
    fn count(&mut self, total: u16);

    /// The place of an element; the one after the last is made if there is room.
    fn element(&mut self, index: u16) -> Option<Place<'_>>;

    /// How many elements there is room for.
    fn capacity(&self) -> usize;
}
