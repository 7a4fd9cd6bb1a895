//! The places of a record: present or absent, filled where they stand.
//!
//! Nothing of a call is ever built elsewhere and moved in: a move would cost more than the parse, and a
//! stack as large as the value.

use crate::json::slot::{Place, Record, Schema};
use crate::time::DateTime;
use crate::value::{Members, Value};

/// A member of a record, or an element of a list.
pub trait Cell {
    /// The absent value.
    const EMPTY: Self;

    /// Whether a secret may be left in the cell once it is absent, unless it is cleared all through.
    const HOLDS_SECRET: bool = false;

    /// What the cell holds records of, if it does.
    const CHILD: Option<&'static Schema> = None;

    /// Where a parser puts the value.
    fn place(&mut self) -> Place<'_>;

    /// The value that is there.
    fn value(&self) -> Value<'_>;

    /// Makes the value absent.
    fn clear(&mut self);
}

/// A number, a truth value or a date-time that may be absent.
///
/// An `Option` would do, were its absent value all zeros: a call in a `static` then costs no flash.
///
/// ```
/// let call = graph_call::Call::parse(br#"{"ringingTimeoutInSeconds":"30"}"#)?;
/// assert_eq!(call.ringing_timeout_in_seconds.get(), Some(30));
/// # Ok::<(), graph_call::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Scalar<T> {
    is_present: bool,
    value: T,
}

impl<T: Copy> Scalar<T> {
    /// The value, or `None` if the member is absent or null.
    pub const fn get(&self) -> Option<T> {
        if self.is_present { Some(self.value) } else { None }
    }

    pub(crate) const fn set(&mut self, value: T) {
        self.value = value;
        self.is_present = true;
    }
}

impl<T: Copy + PartialEq> PartialEq for Scalar<T> {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

macro_rules! scalar {
    ($($type:ty = $zero:expr => $place:ident,)*) => {$(
        impl Cell for Scalar<$type> {
            const EMPTY: Self = Self { is_present: false, value: $zero };

            fn place(&mut self) -> Place<'_> {
                Place::$place(self)
            }

            fn value(&self) -> Value<'_> {
                self.get().map_or(Value::Absent, Value::$place)
            }

            fn clear(&mut self) {
                self.is_present = false;
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

/// An object that may be absent; its room is part of the record that holds it.
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

cell_by_value! {
    [] Scalar<bool>,
    [] Scalar<i32>,
    [] Scalar<i64>,
    [] Scalar<DateTime>,
    [T: Cell + Record + Members] Object<T>,
    [] Presence,
}
