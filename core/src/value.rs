//! The model as data: what a record holds, member by member, without knowing its type.
//!
//! - takes: a record, as the model declares it
//! - gives: its members in order, each with its value
//! - keeps: nothing
//! - refuses: nothing
//!
//! This is the way back of [`json::slot`](crate::json::slot): a parser asks a record for the place of a
//! member, everything that shows or writes a record asks for the value. The two are traits apart, so that
//! a program which only reads calls carries no code to write them. `Debug`, `defmt::Format`,
//! `serde::Serialize` and `serde::Deserialize` of all types of the model are made here, once.

mod debug;
#[cfg(feature = "serde")]
mod deserialize;
#[cfg(feature = "defmt")]
mod log;
#[cfg(feature = "serde")]
mod serialize;

#[cfg(feature = "serde")]
pub use deserialize::RecordSeed;
#[cfg(feature = "serde")]
pub(crate) use deserialize::{fill_cell, fill_record};
#[cfg(feature = "serde")]
pub(crate) use serialize::{write_cell, write_object};

use crate::json::slot::Schema;
use crate::time::DateTime;

/// An object of the model, to be looked at member by member.
///
/// ```
/// use graph_call::Call;
/// use graph_call::value::{Members, Value};
///
/// let call = Call::parse(br#"{"subject":"Stand-up","ringingTimeoutInSeconds":30}"#)?;
/// let members: &dyn Members = &call;
/// let mut names = Vec::new();
/// let mut index = 0;
/// while let Some((row, value)) = members.member(index) {
///     if !matches!(value, Value::Absent) {
///         names.extend(members.schema().name(row));
///     }
///     index += 1;
/// }
/// assert_eq!(names, ["ringingTimeoutInSeconds", "subject"]);
/// # Ok::<(), graph_call::Error>(())
/// ```
pub trait Members {
    /// The name of the resource type, as Microsoft writes it.
    fn type_name(&self) -> &'static str;

    /// The members by name.
    fn schema(&self) -> &'static Schema;

    /// The row and the value of a member, absent or not; `None` past the last.
    ///
    /// A row past those of the schema holds what the record knows beside its members: a
    /// [`Value::Total`].
    fn member(&self, index: u8) -> Option<(u8, Value<'_>)>;
}

/// An array of the model, to be looked at value by value.
pub trait Values {
    /// How many values there were on the wire.
    fn total(&self) -> u16;

    /// A value that was kept; `None` past the last.
    fn value(&self, index: u16) -> Option<Value<'_>>;
}

/// The value of a member, or of an element of an array.
#[derive(Clone, Copy)]
pub enum Value<'a> {
    /// The member was missing or null.
    Absent,
    /// A string.
    Text {
        /// Its bytes, or the first of them.
        text: &'a str,
        /// Whether its end is missing.
        is_cut: bool,
    },
    /// A string that may be written, and never shown.
    Secret(&'a str),
    /// There was a string that did not fit.
    Omitted,
    /// A member of an enumeration.
    Name {
        /// 1 if it is unknown, else its index plus 2.
        number: u8,
        /// Its name, unless that is unknown and did not fit.
        text: Option<&'a str>,
        /// What Microsoft writes before the name.
        prefix: &'static str,
    },
    /// `true` or `false`.
    Bool(bool),
    /// An integer of 32 bits.
    Int32(i32),
    /// An integer of 64 bits.
    Int64(i64),
    /// A date and time.
    DateTime(DateTime),
    /// There was a value of a type that Microsoft does not publish.
    Present,
    /// An object.
    Object(&'a dyn Members),
    /// An array.
    List(&'a dyn Values),
    /// How many values there were for the places that are all taken.
    Total(u16),
}

impl Value<'_> {
    /// The member of an enumeration that has this index; past the last it is `Unknown`.
    #[cfg(feature = "serde")]
    pub(crate) fn name<E: crate::open::Names>(index: usize) -> Self {
        let text = E::VOCABULARY.names().nth(index);
        // No enumeration has so many members that the sum could wrap.
        let number = if text.is_some() { (index as u8).wrapping_add(2) } else { 1 };
        Self::Name { number, text, prefix: E::VOCABULARY.prefix }
    }
}

impl dyn Members + '_ {
    /// The members that are there, each with its row.
    fn present(&self) -> impl Iterator<Item = (u8, Value<'_>)> {
        let members = (0..u8::MAX).map_while(|index| self.member(index));
        members.filter(|(_, value)| !matches!(value, Value::Absent))
    }

    fn name_of(&self, row: u8) -> &'static str {
        self.schema().name(row).unwrap_or("total")
    }
}

impl dyn Values + '_ {
    fn iter(&self) -> impl Iterator<Item = Value<'_>> {
        (0..u16::MAX).map_while(|index| self.value(index))
    }
}

/// What every cell can do by its value: be shown and logged, written and read.
macro_rules! cell_by_value {
    ($([$($parameter:tt)*] $type:ty,)*) => {$(
        impl<$($parameter)*> core::fmt::Debug for $type {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                core::fmt::Debug::fmt(&$crate::cell::Cell::value(self), f)
            }
        }

        #[cfg(feature = "defmt")]
        impl<$($parameter)*> defmt::Format for $type {
            fn format(&self, f: defmt::Formatter<'_>) {
                defmt::Format::format(&$crate::cell::Cell::value(self), f);
            }
        }

        #[cfg(feature = "serde")]
        impl<$($parameter)*> serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::value::write_cell($crate::cell::Cell::value(self), serializer)
            }
        }

        #[cfg(feature = "serde")]
        impl<'de, $($parameter)*> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let mut cell = <Self as $crate::cell::Cell>::EMPTY;
                $crate::value::fill_cell($crate::cell::Cell::place(&mut cell), deserializer)?;
                Ok(cell)
            }
        }
    )*};
}

/// The same for a record, which is there by being held.
macro_rules! record_by_value {
    ($([$($parameter:tt)*] $type:ty,)*) => {$(
        impl<$($parameter)*> core::fmt::Debug for $type {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                core::fmt::Debug::fmt(self as &dyn $crate::value::Members, f)
            }
        }

        #[cfg(feature = "defmt")]
        impl<$($parameter)*> defmt::Format for $type {
            fn format(&self, f: defmt::Formatter<'_>) {
                defmt::Format::format(self as &dyn $crate::value::Members, f);
            }
        }

        #[cfg(feature = "serde")]
        impl<$($parameter)*> serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::value::write_object(self, serializer)
            }
        }

        #[cfg(feature = "serde")]
        impl<'de, $($parameter)*> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let mut record = <Self as $crate::cell::Cell>::EMPTY;
                $crate::value::fill_record(&mut record, deserializer)?;
                Ok(record)
            }
        }
    )*};
}
