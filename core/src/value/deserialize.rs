//! Records as serde reads them: in place, in the two forms that `serialize` describes.
//!
//! - takes: a deserializer and the place of a value
//! - gives: the place filled
//! - keeps: the fields seen of each record
//! - refuses: what the parser refuses: a known member twice, a wrong type, what does not fit
//!
//! A format for people, such as JSON, says itself which type a value has, so that an integer may also be a
//! string, as Microsoft writes some. Other formats are told which type to read. The recursion is as deep as the
//! model and no deeper: the format itself skips what no record knows.

mod for_people;
mod marked;
mod members;

use core::fmt;

use for_people::AnyValue;
use marked::{Optional, Pair};
use members::{ElementAt, Member, Members};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, Visitor};

use crate::binder::ErrorKind;
use crate::record::{DateTime, Place, Record};

/// Reads a record in place, so that a large call does not pass over the stack.
///
/// ```
/// use graph_call::Call;
/// use graph_call::value::RecordSeed;
/// use serde::de::DeserializeSeed as _;
///
/// let mut call = Call::new();
/// let mut json = serde_json::Deserializer::from_str(r#"{"state":"established"}"#);
/// RecordSeed(&mut call).deserialize(&mut json)?;
/// assert_eq!(call.state.as_str(), Some("established"));
/// # Ok::<(), serde_json::Error>(())
/// ```
pub struct RecordSeed<'a>(
    /// The record to fill; what it held before is gone, and after an error it is empty.
    pub &'a mut dyn Record,
);

impl fmt::Debug for RecordSeed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RecordSeed").field(&self.0.schema()).finish()
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for RecordSeed<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "RecordSeed({})", self.0.schema());
    }
}

impl<'de> DeserializeSeed<'de> for RecordSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        fill_record(self.0, deserializer)
    }
}

/// Reads a record. The caller asked for it, so there has to be one.
pub fn fill_record<'de, D: Deserializer<'de>>(
    record: &mut dyn Record,
    deserializer: D,
) -> Result<(), D::Error> {
    record.clear();
    let for_people = deserializer.is_human_readable();
    let result = deserializer.deserialize_map(Members { record, for_people });
    if result.is_err() {
        record.clear();
    }
    result
}

/// Reads a cell that stands alone. Its value may be missing.
pub fn fill_cell<'de, D: Deserializer<'de>>(place: Place<'_>, deserializer: D) -> Result<(), D::Error> {
    let member = Member { place, name: "" };
    if deserializer.is_human_readable() {
        deserializer.deserialize_any(AnyValue::Member(member)).map(drop)
    } else {
        deserializer.deserialize_option(Optional(member))
    }
}

/// The value of a member: the format decides which of the two forms it has.
impl<'de> DeserializeSeed<'de> for Member<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if deserializer.is_human_readable() {
            return deserializer.deserialize_any(AnyValue::Member(self)).map(drop);
        }
        let Self { place, name } = self.wanted()?;
        match place {
            Place::Bool(place) => place.set(bool::deserialize(deserializer)?),
            Place::Int32(place) => place.set(i32::deserialize(deserializer)?),
            Place::Int64(place) => place.set(i64::deserialize(deserializer)?),
            Place::DateTime(place) => place.set(DateTime::deserialize(deserializer)?),
            Place::Presence(is_present) => *is_present = bool::deserialize(deserializer)?,
            Place::Total(total) => *total = u16::deserialize(deserializer)?,
            Place::Unreadable(marks) => marks.restore(u32::deserialize(deserializer)?),
            Place::Object(is_present, record) => {
                fill_record(record, deserializer)?;
                *is_present = true;
            }
            // The element was cleared when it was added.
            Place::Record(record) => deserializer.deserialize_map(Members { record, for_people: false })?,
            Place::Full(_) | Place::Type(_) | Place::Nothing => drop(IgnoredAny::deserialize(deserializer)?),
            place @ Place::List(..) => deserializer.deserialize_tuple(3, Pair(Member { place, name }))?,
            place @ (Place::Text(_)
            | Place::Id(_)
            | Place::Link(_)
            | Place::Double(_)
            | Place::Variant(..)) => {
                deserializer.deserialize_tuple(2, Pair(Member { place, name }))?;
            }
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for ElementAt<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        if deserializer.is_human_readable() {
            return deserializer.deserialize_any(AnyValue::Element(self));
        }
        self.member().deserialize(deserializer).map(|()| true)
    }
}

impl<'de> Deserialize<'de> for DateTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl Visitor<'_> for Text {
            type Value = DateTime;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a date and time")
            }

            fn visit_str<E: Error>(self, value: &str) -> Result<DateTime, E> {
                DateTime::parse(value.as_bytes()).ok_or_else(|| E::custom(ErrorKind::InvalidDateTime))
            }
        }

        deserializer.deserialize_str(Text)
    }
}
