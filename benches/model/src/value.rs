//! What a member can hold: one value, one text, a list, each filled in place by a peer.

use crate::Sink;
use crate::pull::{Misfit, Pull};

/// Something a member can hold.
pub trait Value: Default {
    /// Fills the value in place; `false` where it was `null`.
    fn fill<P: Pull>(&mut self, pull: &mut P) -> Result<bool, P::Error>;
    /// Hands the value to a sink, under its member's name.
    fn put(&self, name: &str, sink: &mut impl Sink);
    /// Appends the next element of an array of such values; `false` at the array's end.
    fn append<P: Pull>(list: &mut impl List<Self>, pull: &mut P) -> Result<bool, P::Error> {
        let more = pull.element()?;
        if more {
            list.append(Self::default()).ok_or(Misfit)?.fill(pull)?;
        }
        Ok(more)
    }
}

/// One text.
pub trait Text: Value {
    /// Copies a text; `None` where it does not fit.
    fn copy(text: &str) -> Option<Self>;
    /// The text.
    fn as_str(&self) -> &str;
}

/// Several values of one type.
pub trait List<T>: Default {
    /// The values.
    fn as_slice(&self) -> &[T];
    /// Appends a value and returns its place; `None` where the list is full.
    fn append(&mut self, value: T) -> Option<&mut T>;
    /// Removes the last value.
    fn remove_last(&mut self);
}

impl<T: Value> Value for Option<T> {
    fn fill<P: Pull>(&mut self, pull: &mut P) -> Result<bool, P::Error> {
        let present = self.insert(T::default()).fill(pull)?;
        if !present {
            *self = None;
        }
        Ok(present)
    }
    fn put(&self, name: &str, sink: &mut impl Sink) {
        if let Some(value) = self {
            value.put(name, sink);
        }
    }
}

macro_rules! scalar {
    ($type:ty, $copy:expr $(, $($generics:tt)*)?) => {
        impl $(<$($generics)*>)? $crate::value::Value for $type {
            fn fill<P: $crate::Pull>(&mut self, pull: &mut P) -> Result<bool, P::Error> {
                let Some(value) = pull.text($copy)? else { return Ok(false) };
                *self = value.ok_or($crate::pull::Misfit)?;
                Ok(true)
            }
            fn put(&self, name: &str, sink: &mut impl $crate::Sink) {
                sink.text(name, self.as_str());
            }
            fn append<P: $crate::Pull>(
                list: &mut impl $crate::List<Self>,
                pull: &mut P,
            ) -> Result<bool, P::Error> {
                let Some(value) = pull.text_element($copy)? else { return Ok(false) };
                list.append(value.ok_or($crate::pull::Misfit)?).ok_or($crate::pull::Misfit)?;
                Ok(true)
            }
        }
    };
}
pub(crate) use scalar;

impl Value for bool {
    fn fill<P: Pull>(&mut self, pull: &mut P) -> Result<bool, P::Error> {
        let value = pull.flag()?;
        *self = value.unwrap_or_default();
        Ok(value.is_some())
    }
    fn put(&self, name: &str, sink: &mut impl Sink) {
        sink.number(name, i64::from(*self));
    }
}

impl Value for i64 {
    fn fill<P: Pull>(&mut self, pull: &mut P) -> Result<bool, P::Error> {
        let value = pull.integer()?;
        *self = value.unwrap_or_default();
        Ok(value.is_some())
    }
    fn put(&self, name: &str, sink: &mut impl Sink) {
        sink.number(name, *self);
    }
}

impl Value for i32 {
    fn fill<P: Pull>(&mut self, pull: &mut P) -> Result<bool, P::Error> {
        let value = pull.integer()?;
        *self = Self::try_from(value.unwrap_or_default()).map_err(|_| Misfit)?;
        Ok(value.is_some())
    }
    fn put(&self, name: &str, sink: &mut impl Sink) {
        sink.number(name, i64::from(*self));
    }
}
