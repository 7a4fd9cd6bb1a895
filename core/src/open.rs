//! Enumerations that may grow: Microsoft adds members to them at any time.

use core::marker::PhantomData;

use crate::cell::Cell;
use crate::json::slot::Place;
use crate::text::Exact;
use crate::value::Value;

/// An enumeration of the model: one row a member.
pub trait Names: Copy + Sized + 'static {
    /// The members' names on the wire, in the order of the enumeration.
    const NAMES: &'static [&'static str];

    /// What Microsoft writes before the name, if it is the name of a type.
    const PREFIX: &'static str = "";

    /// The member at an index of [`Names::NAMES`], or `Unknown`.
    fn at(index: usize) -> Self;
}

/// A value of an enumeration that may grow, with the text of a member that is not known yet.
///
/// The text is kept in at most `N` bytes: 0 on a small device, where an unknown value is then only
/// [`Names`]' `Unknown`.
///
/// ```
/// use graph_call::{Call, CallState};
///
/// let call = Call::parse(br#"{"state":"established"}"#)?;
/// assert_eq!(call.state.get(), Some(CallState::Established));
///
/// let call = Call::parse(br#"{"state":"parked"}"#)?;
/// assert_eq!(call.state.get(), Some(CallState::Unknown));
/// assert_eq!(call.state.as_str(), Some("parked"));
/// # Ok::<(), graph_call::Error>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct Open<E, const N: usize> {
    number: u8,
    text: Exact<N>,
    names: PhantomData<E>,
}

impl<E: Names, const N: usize> Open<E, N> {
    /// The member, `Unknown` if it is none that this version knows, or `None` if absent or null.
    pub fn get(&self) -> Option<E> {
        let index = usize::from(self.number).checked_sub(1)?;
        Some(match index.checked_sub(1) {
            Some(index) => E::at(index),
            None => E::at(usize::MAX),
        })
    }

    /// The name on the wire, without the prefix of a type; `None` if absent, or unknown and not kept.
    pub fn as_str(&self) -> Option<&str> {
        match usize::from(self.number).checked_sub(2) {
            Some(index) => E::NAMES.get(index).copied(),
            None => self.text.as_str(),
        }
    }
}

impl<E, const N: usize> Open<E, N> {
    /// Whether this is the member at an index of the names.
    pub(crate) fn is_at(&self, index: u8) -> bool {
        self.number == index.wrapping_add(2)
    }

    /// The index of the name, if it is a known one.
    pub(crate) fn row(&self) -> Option<u8> {
        self.number.checked_sub(2)
    }

    /// Makes this the member at an index of the names.
    pub(crate) fn set_at(&mut self, index: u8) {
        self.number = index.wrapping_add(2);
    }
}

impl<E: Names, const N: usize> Cell for Open<E, N> {
    const EMPTY: Self = Self { number: 0, text: Exact::EMPTY, names: PhantomData };

    fn place(&mut self) -> Place<'_> {
        Place::Name {
            number: &mut self.number,
            names: E::NAMES,
            prefix: E::PREFIX,
            text: self.text.text_place(),
        }
    }

    fn value(&self) -> Value<'_> {
        match self.number {
            0 => Value::Absent,
            number => Value::Name { number, text: self.as_str(), prefix: E::PREFIX },
        }
    }

    fn clear(&mut self) {
        self.number = 0;
        self.text.clear();
    }
}

impl<E: Names + PartialEq, const N: usize> PartialEq<E> for Open<E, N> {
    fn eq(&self, other: &E) -> bool {
        self.get() == Some(*other)
    }
}

cell_by_value! {
    [E: Names, const N: usize] Open<E, N>,
}
