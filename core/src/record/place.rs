//! What a record is to the parser, and what each of its places takes.

use core::fmt;

use super::count::Count;
use super::date_time::DateTime;
use super::scalar::Scalar;
#[cfg(doc)]
use super::schema::TYPE;
use super::schema::{NEXT_LINK, NO_FIELD, Schema};
use super::text::TextView;
use super::unreadable::Marks;
use super::variant::VariantView;
use super::variants::Variants;

/// An object that the parser can fill: the names of its members, and a place for the value of each.
pub trait Record {
    /// The members by name.
    fn schema(&self) -> &'static Schema;

    /// The place of a field's value. [`AS_TEXT`] and [`TYPE`] are no fields: they stand for a string where the object was
    /// due, and for the type that a document states.
    fn place(&mut self, field: u8) -> Place<'_>;

    /// Makes every member absent.
    fn clear(&mut self);
}

/// What a record is asked for when a string stands where an element that is an object was due: the place of an id, if
/// a record may be written so.
pub const AS_TEXT: u8 = NO_FIELD - 2;

/// Whether a string stands for a number that JSON cannot write: `nanInfinity` of OData's grammar.
pub(crate) fn is_not_finite(text: &[u8]) -> bool {
    matches!(text, b"NaN" | b"INF" | b"-INF")
}

/// Where a value goes, and of which type it has to be.
pub enum Place<'a> {
    /// A string that may be cut.
    Text(TextView<'a>),
    /// A string that may not be cut.
    Id(TextView<'a>),
    /// A number of any form, as it is written, or one of the strings by which OData says that it is no finite one.
    Double(TextView<'a>),
    /// One of a set of names.
    Variant(VariantView<'a>, &'static Variants),
    /// `true` or `false`.
    Bool(&'a mut Scalar<bool>),
    /// An integer of 32 bits, as a number or as a string.
    Int32(&'a mut Scalar<i32>),
    /// An integer of 64 bits, as a number or as a string.
    Int64(&'a mut Scalar<i64>),
    /// A string that is a date, a time and an offset.
    DateTime(&'a mut Scalar<DateTime>),
    /// A value of any type. It is not kept: only whether there was one.
    Presence(&'a mut bool),
    /// An object, and the mark that says whether it is there.
    Object(&'a mut bool, &'a mut dyn Record),
    /// An object without such a mark: an element of an array.
    Record(&'a mut dyn Record),
    /// An array.
    List(&'a mut Count, &'a mut dyn Elements),
    /// All elements of the array are taken; the number is its capacity.
    Full(usize),
    /// How many elements there are, on the wire or by the service's word.
    Total(&'a mut u16),
    /// A string that is not kept: that it is there says that the service has cut a list.
    Link(&'a mut bool),
    /// The name of the type, as the service writes it, which has to be this one.
    Type(&'static str),
    /// Which members could not be read.
    Unreadable(&'a mut Marks),
    /// The value is checked and skipped.
    Nothing,
}

/// The elements of an array.
pub trait Elements {
    /// The place of an element; `None` if there is no room for so many. A new element starts out absent.
    fn element(&mut self, index: u16, is_new: bool) -> Option<Place<'_>>;

    /// How many elements there is room for.
    fn capacity(&self) -> usize;

    /// The place of the link to the elements that the service did not send, if it is kept.
    #[cfg(feature = "alloc")]
    fn link(&mut self) -> Option<TextView<'_>> {
        None
    }
}

impl Place<'_> {
    /// What it takes, in a word.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "Text",
            Self::Id(_) => "Id",
            Self::Double(_) => "Double",
            Self::Variant(..) => "Variant",
            Self::Bool(_) => "Bool",
            Self::Int32(_) => "Int32",
            Self::Int64(_) => "Int64",
            Self::DateTime(_) => "DateTime",
            Self::Presence(_) => "Presence",
            Self::Object(..) => "Object",
            Self::Record(_) => "Record",
            Self::List(..) => "List",
            Self::Full(_) => "Full",
            Self::Total(_) => "Total",
            Self::Link(_) => "Link",
            Self::Type(_) => "Type",
            Self::Unreadable(_) => "Unreadable",
            Self::Nothing => "Nothing",
        }
    }
}

impl<'a> Place<'a> {
    /// The place of an element of the array that `count` counts; the one after the last is added.
    #[inline(always)]
    pub(crate) fn element(count: &mut Count, elements: &'a mut dyn Elements, index: u16) -> Self {
        let capacity = elements.capacity();
        match elements.element(index, index >= count.length) {
            Some(place) => {
                count.length = count.length.max(index.saturating_add(1));
                place
            }
            None => Self::Full(capacity),
        }
    }

    /// The place of an annotation of the array that `count` counts.
    #[inline(always)]
    pub(crate) fn annotation(count: &'a mut Count, elements: &'a mut dyn Elements, annotation: u8) -> Self {
        // Something was said of it, whether it is there or not.
        count.is_present = true;
        if annotation < NEXT_LINK {
            return Self::Total(&mut count.total);
        }
        #[cfg(feature = "alloc")]
        if let Some(link) = elements.link() {
            count.is_cut = true;
            return Self::Id(link);
        }
        let _ = elements;
        Self::Link(&mut count.is_cut)
    }

    /// Makes the value absent; bytes of a text are overwritten, since they may be a secret.
    pub(crate) fn clear(self) {
        match self {
            Self::Text(mut text) | Self::Id(mut text) | Self::Double(mut text) => text.erase(),
            Self::Variant(mut name, _) => name.clear(),
            Self::Bool(place) => place.unset(),
            Self::Int32(place) => place.unset(),
            Self::Int64(place) => place.unset(),
            Self::DateTime(place) => place.unset(),
            Self::Presence(is_present) => *is_present = false,
            Self::Object(is_present, record) => {
                *is_present = false;
                record.clear();
            }
            Self::List(count, elements) => {
                for index in 0..count.length {
                    // A new element starts out absent, and so does one that is taken for new.
                    let _ = elements.element(index, true);
                }
                *count = Count::ABSENT;
                #[cfg(feature = "alloc")]
                if let Some(mut link) = elements.link() {
                    link.erase();
                }
            }
            // What is no member, or no value.
            Self::Record(_)
            | Self::Full(_)
            | Self::Total(_)
            | Self::Link(_)
            | Self::Type(_)
            | Self::Unreadable(_)
            | Self::Nothing => {}
        }
    }
}

/// Shows nothing of what is there: it may be a secret.
impl fmt::Debug for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())
    }
}
