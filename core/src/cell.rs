//! What holds the value of a field: a text, a number, an enumeration, an object or a list.
//!
//! A cell is part of the record that it belongs to, and the parser fills it in place. No value is built on
//! the stack and then moved into its cell: the move would take longer than the parse, and the stack would have
//! to be as large as the value.

mod list;
mod open_enum;
mod storage;
mod text;

pub use list::List;
pub use open_enum::{Enumeration, OpenEnum};
pub use storage::{ListStorage, TextStorage};
#[cfg(feature = "serde")]
pub(crate) use text::double;
pub use text::{Double, Id, Secret, Text};

use crate::record::{DateTime, Members, Place, Record, Scalar, Schema, Value};

/// A member of a record, or an element of a list.
pub trait Cell: Clone + PartialEq + Send + Sync + 'static {
    /// The absent value.
    const EMPTY: Self;

    /// Whether the cell can hold a secret. Such a cell must be overwritten when it is cleared; any other is only
    /// marked as absent.
    const HOLDS_SECRET: bool = false;

    /// The names of the record inside the cell, if it holds an object or a list of objects.
    const CHILD: Option<&'static Schema> = None;

    /// Where a parser puts the value.
    fn place(&mut self) -> Place<'_>;

    /// The value that is there.
    fn value(&self) -> Value<'_>;

    /// Makes the value absent.
    fn clear(&mut self);
}

macro_rules! scalar {
    ($($type:ty = $zero:expr => $place:ident,)*) => {$(
        impl Cell for Scalar<$type> {
            const EMPTY: Self = Self::absent($zero);

            fn place(&mut self) -> Place<'_> {
                Place::$place(self)
            }

            fn value(&self) -> Value<'_> {
                self.get().map_or(Value::Absent, Value::$place)
            }

            fn clear(&mut self) {
                self.unset();
            }
        }
    )*};
}

scalar! {
    bool = false => Bool,
    i32 = 0 => Int32,
    i64 = 0 => Int64,
    DateTime = DateTime::ZERO => DateTime,
}

/// An object that may be absent. Its memory is part of the record that holds it, whether it is there or not.
///
/// ```
/// let call = graph_call::Call::parse(br#"{"chatInfo":{"messageId":"0"},"toneInfo":null}"#)?;
/// assert_eq!(call.chat_info.get().and_then(|chat| chat.message_id.as_str()), Some("0"));
/// assert!(call.tone_info.get().is_none());
/// # Ok::<(), graph_call::Error>(())
/// ```
#[derive(Clone)]
pub struct Object<T> {
    is_present: bool,
    value: T,
}

impl<T> Object<T> {
    /// The object, or `None` if the member is absent or null.
    pub fn get(&self) -> Option<&T> {
        self.is_present.then_some(&self.value)
    }
}

impl<T: Cell + Record + Members> Cell for Object<T> {
    const EMPTY: Self = Self { is_present: false, value: T::EMPTY };
    const HOLDS_SECRET: bool = T::HOLDS_SECRET;
    const CHILD: Option<&'static Schema> = T::CHILD;

    fn place(&mut self) -> Place<'_> {
        Place::Object(&mut self.is_present, &mut self.value)
    }

    fn value(&self) -> Value<'_> {
        if self.is_present { Value::Object(&self.value) } else { Value::Absent }
    }

    fn clear(&mut self) {
        if T::HOLDS_SECRET && self.is_present {
            Cell::clear(&mut self.value);
        }
        self.is_present = false;
    }
}

impl<T: PartialEq> PartialEq for Object<T> {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

/// Whether a member of unpublished type is there.
#[derive(Clone, Copy, Default, Eq, PartialEq)]
pub struct Presence(pub bool);

impl Cell for Presence {
    const EMPTY: Self = Self(false);

    fn place(&mut self) -> Place<'_> {
        Place::Presence(&mut self.0)
    }

    fn value(&self) -> Value<'_> {
        if self.0 { Value::Present } else { Value::Absent }
    }

    fn clear(&mut self) {
        self.0 = false;
    }
}
