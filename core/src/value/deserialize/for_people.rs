//! Values of formats for people, which say themselves what they are: JSON.

use core::fmt;

use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::members::{ElementAt, ElementsOf, Member, Members, set_double, set_text};
use crate::binder::{ErrorKind, integer, raise, wrong_type};
use crate::record::{AS_TEXT, DateTime, Place, is_not_finite};

/// Whatever a format for people has for a member or an element; gives whether it was a value, and not null.
pub(super) enum AnyValue<'a> {
    Member(Member<'a>),
    /// The place of an element is made once there is a value for it.
    Element(ElementAt<'a>),
}

impl<'a> AnyValue<'a> {
    fn member<E: Error>(self) -> Result<Member<'a>, E> {
        match self {
            Self::Member(member) => member.wanted(),
            Self::Element(element) => element.member().wanted(),
        }
    }

    /// Puts a value where its place takes it; `put` says whether it does.
    fn put<E: Error>(self, put: impl FnOnce(&mut Place<'_>) -> Result<bool, ErrorKind>) -> Result<bool, E> {
        let Member { mut place, name } = self.member()?;
        let taken = match &mut place {
            Place::Presence(is_present) => {
                **is_present = true;
                Ok(true)
            }
            Place::Nothing => Ok(true),
            place => put(place),
        };
        match taken {
            Ok(true) => Ok(true),
            Ok(false) => Err(Member::error(name, wrong_type(&place))),
            Err(kind) => Err(Member::error(name, kind)),
        }
    }

    fn integer<E: Error>(self, value: Option<i64>) -> Result<bool, E> {
        self.put(|place| set_integer(place, value))
    }

    /// A number, which is an integer or only a double.
    fn number<E: Error>(self, value: Option<i64>, text: fmt::Arguments<'_>) -> Result<bool, E> {
        self.put(|place| match place {
            Place::Double(place) => set_double(place, text).map(|()| true),
            place => set_integer(place, value),
        })
    }
}

impl<'de> Visitor<'de> for AnyValue<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("what Microsoft Graph publishes")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<bool, E> {
        self.put(|place| match place {
            Place::Bool(place) => {
                place.set(value);
                Ok(true)
            }
            _ => Ok(false),
        })
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<bool, E> {
        self.number(Some(value), format_args!("{value}"))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<bool, E> {
        self.number(i64::try_from(value).ok(), format_args!("{value}"))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<bool, E> {
        if !value.is_finite() {
            return self.integer(None);
        }
        self.number(None, format_args!("{value:?}"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<bool, E> {
        self.put(|place| {
            if let Place::Record(record) = place
                && let Place::Id(place) = &mut record.place(AS_TEXT)
            {
                return set_text(place, value, false).map(|()| true);
            }
            set_string(place, value)
        })
    }

    fn visit_none<E>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<bool, A::Error> {
        let Member { place, name } = self.member()?;
        match place {
            Place::Object(is_present, record) => {
                record.clear();
                *is_present = true;
                Members { record, for_people: true }.visit_map(map)?;
            }
            Place::Record(record) => Members { record, for_people: true }.visit_map(map)?,
            Place::Presence(is_present) => {
                *is_present = true;
                IgnoredAny.visit_map(map)?;
            }
            Place::Nothing => drop(IgnoredAny.visit_map(map)?),
            place => return Err(Member::error(name, wrong_type(&place))),
        }
        Ok(true)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, sequence: A) -> Result<bool, A::Error> {
        let Member { place, name } = self.member()?;
        match place {
            Place::List(count, elements) => {
                count.is_present = true;
                count.total = count.total.max(ElementsOf { count, elements, name }.visit_seq(sequence)?);
            }
            Place::Presence(is_present) => {
                *is_present = true;
                IgnoredAny.visit_seq(sequence)?;
            }
            Place::Nothing => drop(IgnoredAny.visit_seq(sequence)?),
            place => return Err(Member::error(name, wrong_type(&place))),
        }
        Ok(true)
    }
}

fn set_string(place: &mut Place<'_>, value: &str) -> Result<bool, ErrorKind> {
    let bytes = value.as_bytes();
    match place {
        Place::Text(place) | Place::Id(place) => set_text(place, value, false)?,
        Place::Double(place) if is_not_finite(bytes) => set_text(place, value, false)?,
        Place::Variant(name, variants) => {
            let text = variants.stripped(bytes);
            name.set(variants.find(text), text);
        }
        Place::DateTime(place) => {
            place.set(DateTime::parse(bytes).ok_or(ErrorKind::InvalidDateTime)?);
        }
        Place::Link(is_there) => **is_there = true,
        place => return set_integer(place, integer(bytes)),
    }
    Ok(true)
}

fn set_integer(place: &mut Place<'_>, value: Option<i64>) -> Result<bool, ErrorKind> {
    match place {
        Place::Int32(place) => {
            let value = value.and_then(|value| i32::try_from(value).ok());
            place.set(value.ok_or(ErrorKind::InvalidInteger { bits: 32 })?);
        }
        Place::Int64(place) => place.set(value.ok_or(ErrorKind::InvalidInteger { bits: 64 })?),
        Place::Total(total) => raise(total, value)?,
        _ => return Ok(false),
    }
    Ok(true)
}
