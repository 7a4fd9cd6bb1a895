//! What an object and an array are made of, in any format: members by their fields, elements by their index.

use core::fmt;

use serde::de::{
    Deserialize as _, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use crate::binder::{ErrorKind, overflow};
use crate::record::{COUNT, Count, ERROR, Elements, FIELD, Place, Record, Schema, TextView};

/// A place, and the name of the member for errors.
pub(super) struct Member<'a> {
    pub(super) place: Place<'a>,
    pub(super) name: &'static str,
}

impl Member<'_> {
    pub(super) fn error<E: Error>(name: &str, kind: ErrorKind) -> E {
        match name {
            "" => E::custom(kind),
            name => E::custom(format_args!("{name}: {kind}")),
        }
    }

    /// The same member, or an error if the value is one more than there is room for.
    pub(super) fn wanted<E: Error>(self) -> Result<Self, E> {
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

/// The members of an object.
pub(super) struct Members<'a> {
    pub(super) record: &'a mut dyn Record,
    pub(super) for_people: bool,
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
            let name = schema.name(field & FIELD).unwrap_or_default();
            if field >= COUNT {
                let place = match record.place(field & FIELD) {
                    Place::List(count, elements) => Place::annotation(count, elements, field),
                    _ => Place::Nothing,
                };
                map.next_value_seed(Member { place, name })?;
                continue;
            }
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
        let annotated = || Some(self.schema.stranger(name.as_bytes(), false)).filter(|field| *field < ERROR);
        Ok(self.schema.find(name.as_bytes()).or_else(annotated))
    }
}

/// The elements of an array; gives how many there were.
pub(super) struct ElementsOf<'a> {
    pub(super) count: &'a mut Count,
    pub(super) elements: &'a mut dyn Elements,
    pub(super) name: &'static str,
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
pub(super) struct ElementAt<'a> {
    count: &'a mut Count,
    elements: &'a mut dyn Elements,
    name: &'static str,
    index: u16,
}

impl<'a> ElementAt<'a> {
    pub(super) fn member(self) -> Member<'a> {
        let Self { count, elements, name, index } = self;
        Member { place: Place::element(count, elements, index), name }
    }
}

/// Puts a text into its place, or the beginning of one that its writer had cut.
pub(super) fn set_text(place: &mut TextView<'_>, text: &str, is_cut: bool) -> Result<(), ErrorKind> {
    if place.set(text.as_bytes()) && is_cut {
        place.cut();
    }
    if place.is_whole() || is_cut && place.capacity() > 0 {
        return Ok(());
    }
    without_room(place, text.len() as u32)
}

/// Keeps a number as it is written, or says that it is too long.
pub(super) fn set_double(place: &mut TextView<'_>, number: fmt::Arguments<'_>) -> Result<(), ErrorKind> {
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
    if place.is_whole() { Ok(()) } else { without_room(place, need) }
}

/// Leaves out what is not wanted; what is wanted and does not fit is an error.
fn without_room(place: &mut TextView<'_>, need: u32) -> Result<(), ErrorKind> {
    match place.capacity() {
        0 => {
            place.omit();
            Ok(())
        }
        capacity => Err(overflow(capacity, need)),
    }
}
