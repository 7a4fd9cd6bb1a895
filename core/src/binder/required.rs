//! Which members have to be right, and what becomes of a fault in one that need not be.
//!
//! - takes: a fault, and where the reader stands
//! - gives: the reader behind the fault, in the same text; in the end a record without the members that are wrong
//! - keeps: nothing: the record has the marks
//! - refuses: a fault in a member that is required, or in what is no member; what the grammar forbids

use core::fmt;

use super::error::ErrorKind;
use super::reader::{Reader, Wrong};
use crate::json::Fault;
use crate::record::{Marks, Place, Record};

/// Lists of names, which are [`Some`] where a caller has named members. What it takes to pass over others is reached by them
/// alone, so that a program without such a list does not carry it.
#[derive(Clone, Copy, Default)]
pub(crate) struct Required(Option<&'static dyn Names>);

/// Names of members of a root.
trait Names: Sync {
    fn names(&self) -> &[&'static str];

    /// Passes over the member that the reader stands in, after a fault at `offset` inside of `depth` arrays and objects; false
    /// if that may not be.
    fn spare(&self, reader: &mut Reader, root: &mut dyn Record, offset: usize, depth: u8) -> bool;

    /// Makes the members absent that were passed over.
    fn settle(&self, root: &mut dyn Record);
}

impl Required {
    pub(crate) const ALL: Self = Self(None);

    pub(crate) const fn only<const N: usize>(names: &'static [&'static str; N]) -> Self {
        Self(Some(names))
    }

    /// Passes over the member that the reader stands in, after a fault, if that may be.
    #[cold]
    #[inline(never)]
    pub(super) fn spare(
        self,
        reader: &mut Reader,
        root: &mut dyn Record,
        offset: usize,
        depth: u8,
    ) -> Result<(), Wrong> {
        match self.0 {
            Some(names) if names.spare(reader, root, offset, depth) => Ok(()),
            _ => Err(Wrong),
        }
    }

    /// The text is over.
    pub(super) fn settle(self, root: &mut dyn Record) {
        if let Some(names) = self.0 {
            names.settle(root);
        }
    }

    fn names(&self) -> Option<&[&'static str]> {
        self.0.map(|names| names.names())
    }
}

impl<const N: usize> Names for [&'static str; N] {
    fn names(&self) -> &[&'static str] {
        self
    }

    fn spare(&self, reader: &mut Reader, root: &mut dyn Record, offset: usize, depth: u8) -> bool {
        spare(self, reader, root, offset, depth)
    }

    fn settle(&self, root: &mut dyn Record) {
        settle(root);
    }
}

fn spare(
    names: &[&'static str],
    reader: &mut Reader,
    root: &mut dyn Record,
    offset: usize,
    depth: u8,
) -> bool {
    let is_of_value = match reader.wrong {
        ErrorKind::Json(fault) => fault == Fault::UnpairedSurrogate,
        ErrorKind::OtherBody(_) | ErrorKind::AfterError => false,
        ErrorKind::WrongType { .. }
        | ErrorKind::RepeatedMember
        | ErrorKind::InvalidInteger { .. }
        | ErrorKind::InvalidDateTime
        | ErrorKind::Overflow { .. } => true,
    };
    let steps = reader.place_of_fault();
    let schema = root.schema();
    let Some((field, _)) = steps.iter().next().filter(|_| is_of_value) else { return false };
    if names.iter().any(|name| schema.find(name.as_bytes()) == Some(field)) {
        return false;
    }
    let Some(marks) = marks(root) else { return false };
    marks.add(steps, offset);
    reader.leave(depth);
    true
}

/// Members are emptied in the end, since what the text says of a list may come before the list and behind it.
fn settle(root: &mut dyn Record) {
    for field in 0..root.schema().members {
        if marks(root).is_some_and(|marks| marks.has(field)) {
            root.place(field).clear();
        }
    }
}

/// Where a record keeps which of its members could not be read, if it does.
fn marks(root: &mut dyn Record) -> Option<&mut Marks> {
    match root.place(root.schema().members) {
        Place::Unreadable(marks) => Some(marks),
        _ => None,
    }
}

impl PartialEq for Required {
    fn eq(&self, other: &Self) -> bool {
        self.names() == other.names()
    }
}

impl Eq for Required {}

impl fmt::Debug for Required {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.names() {
            None => f.write_str("all"),
            Some(names) => names.fmt(f),
        }
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Required {
    fn format(&self, f: defmt::Formatter<'_>) {
        match self.names() {
            None => defmt::write!(f, "all"),
            Some(names) => {
                defmt::write!(f, "[");
                for name in names {
                    defmt::write!(f, " {=str:a}", name);
                }
                defmt::write!(f, " ]");
            }
        }
    }
}
