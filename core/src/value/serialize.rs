//! Records as serde writes them.
//!
//! | | formats for people (JSON) | other formats (postcard) |
//! |---|---|---|
//! | object | map of names to values | map of field numbers (u8) to values |
//! | string | string | (0 whole, 1 cut, 2 omitted, 3 with U+FFFD in it for half a character; string) |
//! | name | string, with its prefix | (0 unknown and cut, 1 unknown, else index + 2; string if unknown) |
//! | double | number; or `"NaN"`, `"INF"`, `"-INF"` | as a string |
//! | array | sequence | (total: u16, next link if cut, sequence) |
//! | next link | text, beside the array | string |
//! | date-time | string | string |
//!
//! Absent members are left out. The left column has no room for marks: a member that could not be read is left out, a text
//! that was cut is written as it stands, a name with an ellipsis, and what was omitted is left out, or null in an array; a number loses its
//! spelling. Of an array of which not all elements are here, `@odata.count` is written, and if the service cut it
//! `@odata.nextLink`, which is empty if the link was not kept. So JSON reads back as an equal record if nothing was cut
//! or omitted.
//!
//! The right column has everything: the record reads back equal, with its marks, totals and spellings, where the
//! capacities are the same or larger. Which members could not be read is one number (u32), a bit for each, behind the number of
//! the last field; where in a text that was is not written. A smaller record is refused what does not fit and what it does not want, since
//! such a format cannot pass over a value.

use serde::ser::{Serialize, SerializeMap as _, SerializeSeq as _, SerializeTuple as _, Serializer};

use crate::cell::double;
use crate::record::{DateTime, Members, NAME_LENGTH_MAX, Value, Values, Variants, is_not_finite};

/// How a string fitted, in formats that keep such marks.
pub(super) const WHOLE: u8 = 0;
pub(super) const CUT: u8 = 1;
pub(super) const OMITTED: u8 = 2;
pub(super) const REPLACED: u8 = 3;

/// The mark of a name that is unknown and of which only the beginning is kept, or nothing.
pub(super) const NAME_CUT: u8 = 0;

/// Writes an object.
pub fn write_object<S: Serializer>(members: &dyn Members, serializer: S) -> Result<S::Ok, S::Error> {
    let for_people = serializer.is_human_readable();
    let is_written = |value: &Value<'_>| !(for_people && is_mark(value));
    let annotations = |(_, value): (u8, Value<'_>)| match for_people {
        true => usize::from(count(&value).is_some()).saturating_add(usize::from(next_link(&value).is_some())),
        false => 0,
    };
    let written = || members.present().filter(|(_, value)| is_written(value));
    let length = written().map(annotations).sum::<usize>().saturating_add(written().count());
    let mut map = serializer.serialize_map(Some(length))?;
    for (field, value) in written() {
        if for_people {
            let name = members.name_of(field, &value);
            if let Some(count) = count(&value) {
                map.serialize_entry(&Annotation::of(name, "@odata.count"), &count)?;
            }
            if let Some(link) = next_link(&value) {
                map.serialize_entry(&Annotation::of(name, "@odata.nextLink"), link)?;
            }
            map.serialize_entry(name, &value)?;
        } else {
            map.serialize_entry(&field, &value)?;
        }
    }
    map.end()
}

/// Writes a cell that stands alone. Its value may be missing.
pub fn write_cell<S: Serializer>(value: Value<'_>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Value::Absent => serializer.serialize_none(),
        value if serializer.is_human_readable() && is_mark(&value) => serializer.serialize_none(),
        value => serializer.serialize_some(&value),
    }
}

/// Writes the variant of an enumeration that has this index.
pub fn write_variant<S: Serializer>(
    variants: &'static Variants,
    index: usize,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    write_cell(Value::variant(variants, index), serializer)
}

/// How many elements there are, of a list that has not all of them.
fn count(value: &Value<'_>) -> Option<u16> {
    match value {
        Value::List(values) => {
            Some(values.total()).filter(|total| values.iter().count() < usize::from(*total))
        }
        _ => None,
    }
}

/// Where the elements are that the service did not send, of a list that it cut.
fn next_link<'v>(value: &Value<'v>) -> Option<&'v str> {
    match value {
        Value::List(values) => values.next_link(),
        _ => None,
    }
}

/// The name of an annotation of a member. It is put together first, since not every format writes a name in parts.
struct Annotation(heapless::String<{ NAME_LENGTH_MAX + "@odata.nextLink".len() }>);

impl Annotation {
    fn of(name: &str, annotation: &str) -> Self {
        let mut whole = heapless::String::new();
        // There is room for every name that a record may have.
        let _ = whole.push_str(name).and_then(|()| whole.push_str(annotation));
        Self(whole)
    }
}

impl Serialize for Annotation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Whether all that is known of the value is that there was one.
fn is_mark(value: &Value<'_>) -> bool {
    matches!(
        value,
        Value::Omitted | Value::Variant { text: None, .. } | Value::Total(_) | Value::Unreadable(_)
    )
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self {
            Value::Bool(value) => serializer.serialize_bool(value),
            Value::Int32(value) => serializer.serialize_i32(value),
            Value::Int64(value) => serializer.serialize_i64(value),
            Value::DateTime(value) => value.serialize(serializer),
            Value::Present => serializer.serialize_bool(true),
            Value::Object(members) => write_object(members, serializer),
            Value::Double(text) if serializer.is_human_readable() && !is_not_finite(text.as_bytes()) => {
                serializer.serialize_f64(double(text))
            }
            _ if serializer.is_human_readable() => for_people(self, serializer),
            Value::Absent => serializer.serialize_none(),
            Value::Text { text, is_cut, is_replaced } => {
                let mark = if is_cut { CUT } else { WHOLE };
                (if is_replaced { REPLACED } else { mark }, text).serialize(serializer)
            }
            Value::Secret(text) | Value::Double(text) => (WHOLE, text).serialize(serializer),
            Value::Omitted => (OMITTED, "").serialize(serializer),
            Value::Variant { text, is_cut: true, .. } => {
                (NAME_CUT, text.unwrap_or_default()).serialize(serializer)
            }
            Value::Variant { number: 1, text, .. } => (1_u8, text.unwrap_or_default()).serialize(serializer),
            Value::Variant { number, .. } => (number, "").serialize(serializer),
            Value::List(values) => {
                let mut parts = serializer.serialize_tuple(3)?;
                parts.serialize_element(&values.total())?;
                parts.serialize_element(&values.next_link().map(|link| (WHOLE, link)))?;
                parts.serialize_element(&Elements(values))?;
                parts.end()
            }
            Value::Total(total) => serializer.serialize_u16(total),
            Value::Unreadable(members) => serializer.serialize_u32(members.fields()),
        }
    }
}

fn for_people<S: Serializer>(value: &Value<'_>, serializer: S) -> Result<S::Ok, S::Error> {
    match *value {
        Value::Text { text, .. }
        | Value::Secret(text)
        | Value::Double(text)
        | Value::Variant { text: Some(text), prefix: "", is_cut: false, .. } => {
            serializer.serialize_str(text)
        }
        Value::Variant { text: Some(text), prefix, is_cut, .. } => {
            let (sign, prefix) = match prefix {
                "" => ("", ""),
                // The name of a type outside Microsoft's namespace was kept with its own prefix.
                _ if text.contains('.') => ("#", ""),
                _ => ("#", prefix),
            };
            // Half a word might be another word: with the mark it is none, and is cut again where it is read.
            serializer
                .collect_str(&format_args!("{sign}{prefix}{text}{}", if is_cut { "\u{2026}" } else { "" }))
        }
        Value::List(values) => Elements(values).serialize(serializer),
        _ => serializer.serialize_none(),
    }
}

struct Elements<'a>(&'a dyn Values);

impl Serialize for Elements<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sequence = serializer.serialize_seq(Some(self.0.iter().count()))?;
        for value in self.0.iter() {
            sequence.serialize_element(&value)?;
        }
        sequence.end()
    }
}

impl Serialize for DateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
