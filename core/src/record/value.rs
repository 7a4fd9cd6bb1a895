//! A record to look at, member by member, without knowing its type.
//!
//! This is the way back of [`Place`](super::Place): a parser asks a record for the place of a member, whoever
//! shows or writes a record asks for the value. The two are traits apart, so that a program which only reads
//! calls carries no code to write them.

use super::date_time::DateTime;
use super::schema::Schema;
use super::unreadable::Unreadable;
#[cfg(feature = "serde")]
use super::variants::Variants;

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
/// while let Some((field, value)) = members.member(index) {
///     if !matches!(value, Value::Absent) {
///         names.extend(members.schema().name(field));
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

    /// The field and the value of a member, absent or not; `None` past the last.
    ///
    /// A field past those of the schema holds what the record knows beside its members: a
    /// [`Value::Total`] or [`Value::Unreadable`].
    fn member(&self, index: u8) -> Option<(u8, Value<'_>)>;
}

/// An array of the model, to be looked at value by value.
pub trait Values {
    /// How many values there are, on the wire or by the service's word.
    fn total(&self) -> u16;

    /// Where the values are that the service did not send, if it did not send all; empty if the link was not kept.
    fn next_link(&self) -> Option<&str>;

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
        /// Whether U+FFFD stands in it for half of a character.
        is_replaced: bool,
    },
    /// A string that may be written, and never shown.
    Secret(&'a str),
    /// There was a string that did not fit.
    Omitted,
    /// A member of an enumeration.
    Variant {
        /// 1 if it is unknown, else its index plus 2.
        number: u8,
        /// Its name, or as much of an unknown one as there was room for; `None` if there was none.
        text: Option<&'a str>,
        /// Whether the end of an unknown name is missing.
        is_cut: bool,
        /// What Microsoft writes before the name.
        prefix: &'static str,
    },
    /// `true` or `false`.
    Bool(bool),
    /// A number of any form, as it is written; or `NaN`, `INF` or `-INF`.
    Double(&'a str),
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
    /// The members that could not be read.
    Unreadable(Unreadable<'a>),
}

impl Value<'_> {
    /// The variant of an enumeration that has this index; past the last it is unknown.
    #[cfg(feature = "serde")]
    pub(crate) fn variant(variants: &'static Variants, index: usize) -> Self {
        let text = variants.names().nth(index);
        // No enumeration has so many variants that the sum could wrap.
        let number = if text.is_some() { (index as u8).wrapping_add(2) } else { 1 };
        Self::Variant { number, text, is_cut: text.is_none(), prefix: variants.prefix }
    }
}

impl dyn Members + '_ {
    /// The members that are there, each with its field.
    pub(crate) fn present(&self) -> impl Iterator<Item = (u8, Value<'_>)> {
        let members = (0..u8::MAX).map_while(|index| self.member(index));
        members.filter(|(_, value)| !matches!(value, Value::Absent))
    }

    /// The name of a member, or of what the record knows beside its members.
    pub(crate) fn name_of(&self, field: u8, value: &Value<'_>) -> &'static str {
        self.schema().name(field).unwrap_or(match value {
            Value::Unreadable(_) => "unreadable",
            _ => "total",
        })
    }
}

impl dyn Values + '_ {
    pub(crate) fn iter(&self) -> impl Iterator<Item = Value<'_>> {
        (0..u16::MAX).map_while(|index| self.value(index))
    }
}
