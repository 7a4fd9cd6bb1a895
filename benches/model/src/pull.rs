//! Filling the model in place from a peer that hands out one piece of JSON at a time.

#[cfg(feature = "microjson")]
pub mod microjson;
#[cfg(feature = "picojson")]
pub mod picojson;

use crate::{List, Sink, Text};

/// A peer's reader, positioned before a value or between two.
///
/// Every method that reads a value says `None` or `false` where the value is `null`.
pub trait Pull {
    /// What the peer reports, and what does not fit.
    type Error: From<Misfit>;

    /// Enters an object.
    fn object(&mut self) -> Result<bool, Self::Error>;
    /// Reads the next member's name and hands it over; `None` at the object's end, which is left.
    fn member<R>(&mut self, name: impl FnOnce(&str) -> R) -> Result<Option<R>, Self::Error>;
    /// Enters an array.
    fn array(&mut self) -> Result<bool, Self::Error>;
    /// Whether an object follows in the array; at its end the array is left.
    fn element(&mut self) -> Result<bool, Self::Error>;
    /// Reads the next text of an array of texts; `None` at the array's end, which is left.
    fn text_element<R>(&mut self, keep: impl FnOnce(&str) -> R) -> Result<Option<R>, Self::Error>;
    /// Reads a string.
    fn text<R>(&mut self, keep: impl FnOnce(&str) -> R) -> Result<Option<R>, Self::Error>;
    /// Reads an integer.
    fn integer(&mut self) -> Result<Option<i64>, Self::Error>;
    /// Reads a boolean.
    fn flag(&mut self) -> Result<Option<bool>, Self::Error>;
    /// Passes over a value of any kind.
    fn skip(&mut self) -> Result<(), Self::Error>;
}

/// The document holds something the model has no room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Misfit;

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
        impl $(<$($generics)*>)? $crate::pull::Value for $type {
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

scalar!(heapless::String<N>, Text::copy, const N: usize);
scalar!(&str, Text::copy);
#[cfg(feature = "alloc")]
scalar!(alloc::string::String, Text::copy);
#[cfg(feature = "alloc")]
scalar!(crate::storage::Slice<'_>, Text::copy);

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
