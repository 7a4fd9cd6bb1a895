//! Values of formats that do not say what they are, and keep marks: postcard.

use core::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, SeqAccess, Visitor};

use super::super::serialize::{CUT, NAME_CUT, OMITTED, REPLACED};
use super::members::{ElementsOf, Member, set_double, set_text};
use crate::binder::wrong_type;
use crate::record::{Count, Elements, NEXT_LINK, Place, is_not_finite};

/// The value of a member that stands alone, in a format with marks.
pub(super) struct Optional<'a>(pub(super) Member<'a>);

impl<'de> Visitor<'de> for Optional<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or none")
    }

    fn visit_none<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.0.deserialize(deserializer)
    }
}

/// A value with its mark or its total, in a format that has them.
pub(super) struct Pair<'a>(pub(super) Member<'a>);

impl<'de> Visitor<'de> for Pair<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a mark and a value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut pair: A) -> Result<(), A::Error> {
        let Member { place, name } = self.0;
        let missing = || A::Error::invalid_length(1, &"a mark and a value");
        match place {
            Place::List(count, elements) => {
                let total: u16 = pair.next_element()?.ok_or_else(missing)?;
                count.is_present = true;
                let link = NextLink { count, elements, name };
                pair.next_element_seed(link)?.ok_or_else(missing)?;
                let read = ElementsOf { count, elements, name };
                count.total = total.max(pair.next_element_seed(read)?.ok_or_else(missing)?);
                Ok(())
            }
            place => {
                let mark: u8 = pair.next_element()?.ok_or_else(missing)?;
                pair.next_element_seed(Marked { place, name, mark })?.ok_or_else(missing)
            }
        }
    }
}

/// Where the elements are that the service did not send, if it cut the list.
struct NextLink<'a> {
    count: &'a mut Count,
    elements: &'a mut dyn Elements,
    name: &'static str,
}

impl<'de> DeserializeSeed<'de> for NextLink<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de> Visitor<'de> for NextLink<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a link or none")
    }

    fn visit_none<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let Self { count, elements, name } = self;
        let place = Place::annotation(count, elements, NEXT_LINK);
        Member { place, name }.deserialize(deserializer)
    }
}

/// A string after its mark.
struct Marked<'a> {
    place: Place<'a>,
    name: &'static str,
    mark: u8,
}

impl<'de> DeserializeSeed<'de> for Marked<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Marked<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        let Self { mut place, name, mark } = self;
        match &mut place {
            Place::Text(place) | Place::Id(place) | Place::Double(place) if mark == OMITTED => place.omit(),
            // No writer cuts what is never cut.
            Place::Id(place) if mark == CUT => place.omit(),
            Place::Link(is_there) => **is_there = true,
            Place::Text(place) | Place::Id(place) => {
                set_text(place, value, mark == CUT).map_err(|kind| Member::error(name, kind))?;
                if mark == REPLACED {
                    place.replaced();
                }
            }
            Place::Double(place) if is_number(value) || is_not_finite(value.as_bytes()) => {
                set_double(place, format_args!("{value}")).map_err(|kind| Member::error(name, kind))?;
            }
            Place::Variant(place, _) if mark == NAME_CUT => {
                place.set(None, value.as_bytes());
                place.cut();
            }
            Place::Variant(place, _) if mark == 1 => place.set(None, value.as_bytes()),
            Place::Variant(place, variants)
                if usize::from(mark) < variants.names().count().saturating_add(2) =>
            {
                place.set(mark.checked_sub(2), &[]);
            }
            place => return Err(Member::error(name, wrong_type(place))),
        }
        Ok(())
    }
}

/// Whether a text is a number as JSON writes it, but for zeros before it and for a bare point.
fn is_number(text: &str) -> bool {
    text.starts_with(|first: char| first == '-' || first.is_ascii_digit())
        && text.ends_with(|last: char| last.is_ascii_digit())
        && text.parse::<f64>().is_ok()
}
