//! Which members of a record had no value of their type.
//!
//! - takes: the place of a fault in a member that nobody requires
//! - gives: the members that are absent for such a reason, and where the first of them went wrong
//! - keeps: a bit for each member, and one place
//! - refuses: nothing

use core::fmt;

use super::path::{Path, Steps};
use super::schema::Schema;

/// The members of a record that could not be read, as the record keeps them.
#[derive(Clone)]
pub struct Marks {
    /// A bit for each member.
    fields: u32,
    /// Where the first fault is in the text, and the steps to it: none if that is not known.
    offset: usize,
    steps: Steps,
}

impl Marks {
    #[doc(hidden)]
    pub const NONE: Self = Self { fields: 0, offset: 0, steps: Steps::new() };

    /// Marks the member that the steps lead into.
    pub(crate) fn add(&mut self, steps: Steps, offset: usize) {
        let Some((field, _)) = steps.iter().next() else { return };
        if self.fields == 0 {
            self.steps = steps;
            self.offset = offset;
        }
        self.fields |= 1_u32.wrapping_shl(u32::from(field));
    }

    /// Takes over the marks of another copy of the record, which does not say where in its text they come from.
    #[cfg(feature = "serde")]
    pub(crate) fn restore(&mut self, fields: u32) {
        *self = Self { fields, ..Self::NONE };
    }

    /// Whether a field has the mark.
    pub(crate) const fn has(&self, field: u8) -> bool {
        self.fields.wrapping_shr(field as u32) & 1 == 1
    }

    #[doc(hidden)]
    pub const fn of(&self, root: &'static Schema) -> Unreadable<'_> {
        Unreadable { marks: self, root }
    }
}

/// Where in its text the first fault stood is nothing that a record is.
impl PartialEq for Marks {
    fn eq(&self, other: &Self) -> bool {
        self.fields == other.fields
    }
}

impl fmt::Debug for Marks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Marks({:#x})", self.fields)
    }
}

/// The members of a record that were there and had no value of their published type, or one that did not fit, or that
/// stood twice. They are absent. Only [`ParseOptions::required`](crate::ParseOptions::required) lets such a record pass.
///
/// ```
/// use graph_call::{Call, CallState, ParseOptions};
///
/// let mut call = Call::new();
/// let options = ParseOptions::new().required(&["id", "state"]);
/// call.parse_into_with(br#"{"state":"established","source":{"identity":[]},"subject":7}"#, options)?;
/// assert_eq!(call.state, CallState::Established);
/// assert!(call.source.get().is_none());
/// assert!(call.unreadable().names().eq(["source", "subject"]));
/// let (path, offset) = call.unreadable().first().ok_or("nothing")?;
/// assert_eq!((path.to_string().as_str(), offset), ("source.identity", 44));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Unreadable<'a> {
    marks: &'a Marks,
    root: &'static Schema,
}

impl<'a> Unreadable<'a> {
    /// The names of the members, in the order of the record.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + use<'a> {
        let Self { marks, root } = *self;
        (0..root.members).filter(|field| marks.has(*field)).filter_map(|field| root.name(field))
    }

    /// Whether all members could be read.
    pub fn is_empty(&self) -> bool {
        self.names().next().is_none()
    }

    /// Whether this member could not be read.
    pub fn contains(&self, name: &str) -> bool {
        self.names().any(|marked| marked == name)
    }

    /// Where the first fault is: the path to it, and how many bytes are before it in the text. `None` if there is none, or
    /// if the record did not come from its text.
    pub fn first(&self) -> Option<(Path, usize)> {
        let path = Path::new(self.root, self.marks.steps);
        (!self.is_empty() && !path.is_root()).then_some((path, self.marks.offset))
    }

    /// A bit for each member, the first lowest.
    #[cfg(feature = "serde")]
    pub(crate) const fn fields(&self) -> u32 {
        self.marks.fields
    }
}

/// Shows the names. A program that logs calls does not carry the path to the first fault as well.
impl fmt::Debug for Unreadable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Unreadable<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "[");
        for (index, name) in self.names().enumerate() {
            defmt::write!(f, "{=str:a}{=str:a}", if index == 0 { "" } else { ", " }, name);
        }
        defmt::write!(f, "]");
    }
}
