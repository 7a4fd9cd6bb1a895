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

use core::fmt;

use for_people::AnyValue;
use marked::{Optional, Pair};
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use crate::binder::{ErrorKind, overflow};
use crate::record::{Count, DateTime, Elements, Place, Record, Schema, TextView};

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

/// A place, and the name of the member for errors.
struct Member<'a> {
    place: Place<'a>,
    name: &'static str,
}

impl Member<'_> {
    fn error<E: Error>(name: &str, kind: ErrorKind) -> E {
        match name {
            "" => E::custom(kind),
            name => E::custom(format_args!("{name}: {kind}")),
        }
    }

    /// The same member, or an error if the value is one more than there is room for.
    fn wanted<E: Error>(self) -> Result<Self, E> {
        match self.place {
            Place::Full(capacity @ 1..) => {
                let need = (capacity as u32).saturating_add(1);
                Err(Self::error(self.name, overflow(capacity, need)))
            }
            Place::Full(0) => Ok(Self { place: Place::Nothing, ..self }),
            _ => Ok(self),
        }
    }
}

/// The value of a member, in formats without marks and with.
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
            Place::Object(is_present, record) => {
                fill_record(record, deserializer)?;
                *is_present = true;
            }
            // The element was cleared when it was added.
            Place::Record(record) => deserializer.deserialize_map(Members { record, for_people: false })?,
            Place::Full(_) | Place::Nothing => drop(IgnoredAny::deserialize(deserializer)?),
            place @ (Place::List(..)
            | Place::Text(_)
            | Place::Id(_)
            | Place::Double(_)
            | Place::Variant(..)) => {
                deserializer.deserialize_tuple(2, Pair(Member { place, name }))?;
            }
        }
        Ok(())
    }
}

/// The members of an object.
struct Members<'a> {
    record: &'a mut dyn Record,
    for_people: bool,
}

impl<'de> Visitor<'de> for Members<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { record, for_people } = self;
        let schema = record.schema();
        // A record has at most 32 fields, which its table is checked for.
        let mut seen: u64 = 0;
        while let Some(field) = map.next_key_seed(FieldOf { schema, for_people })? {
            let Some(field) = field else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let name = schema.name(field).unwrap_or_default();
            let mark = 1_u64.wrapping_shl(u32::from(field));
            if seen & mark != 0 {
                return Err(Member::error(name, ErrorKind::RepeatedMember));
            }
            seen |= mark;
            map.next_value_seed(Member { place: record.place(field), name })?;
        }
        Ok(())
    }
}

/// The field of a member by its name, or by its number; `None` if there is no such member.
struct FieldOf {
    schema: &'static Schema,
    for_people: bool,
}

impl<'de> DeserializeSeed<'de> for FieldOf {
    type Value = Option<u8>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<u8>, D::Error> {
        if self.for_people {
            return deserializer.deserialize_str(self);
        }
        // The number after the last field stands for the total of a list whose elements are members.
        let field = u8::deserialize(deserializer)?;
        Ok((usize::from(field) <= self.schema.names().count()).then_some(field))
    }
}

impl Visitor<'_> for FieldOf {
    type Value = Option<u8>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_str<E>(self, name: &str) -> Result<Option<u8>, E> {
        Ok(self.schema.find(name.as_bytes()))
    }
}

/// The elements of an array; gives how many there were.
struct ElementsOf<'a> {
    count: &'a mut Count,
    elements: &'a mut dyn Elements,
    name: &'static str,
}

impl<'de> DeserializeSeed<'de> for ElementsOf<'_> {
    type Value = u16;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<u16, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for ElementsOf<'_> {
    type Value = u16;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<u16, A::Error> {
        let Self { count, elements, name } = self;
        let mut index: u16 = 0;
        while let Some(is_value) = sequence.next_element_seed(ElementAt { count, elements, name, index })? {
            if is_value {
                index = index.saturating_add(1);
            }
        }
        Ok(index)
    }
}

/// An element; gives whether it was a value.
struct ElementAt<'a> {
    count: &'a mut Count,
    elements: &'a mut dyn Elements,
    name: &'static str,
    index: u16,
}

impl<'a> ElementAt<'a> {
    fn member(self) -> Member<'a> {
        let Self { count, elements, name, index } = self;
        Member { place: Place::element(count, elements, index), name }
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

fn set_text(place: &mut TextView<'_>, text: &str, is_cut: bool) -> Result<(), ErrorKind> {
    place.begin();
    place.append(text.as_bytes());
    if place.is_whole() && is_cut {
        place.cut();
    }
    if !place.is_whole() {
        if !is_cut && place.capacity() > 0 {
            return Err(overflow(place.capacity(), text.len() as u32));
        }
        if place.capacity() == 0 {
            place.omit();
        }
    }
    Ok(())
}

/// Keeps a number as it is written, or says that it is too long.
fn set_double(place: &mut TextView<'_>, number: fmt::Arguments<'_>) -> Result<(), ErrorKind> {
    struct Written<'a, 'p>(&'a mut TextView<'p>, usize);

    impl fmt::Write for Written<'_, '_> {
        fn write_str(&mut self, part: &str) -> fmt::Result {
            self.0.append(part.as_bytes());
            self.1 = self.1.saturating_add(part.len());
            Ok(())
        }
    }

    place.begin();
    let mut written = Written(place, 0);
    // Nothing that is written fails.
    let _ = fmt::Write::write_fmt(&mut written, number);
    let need = written.1 as u32;
    match place.capacity() {
        _ if place.is_whole() => Ok(()),
        0 => {
            place.omit();
            Ok(())
        }
        capacity => Err(overflow(capacity, need)),
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
