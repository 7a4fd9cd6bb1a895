//! Enumerations that may grow: Microsoft adds members to them at any time.

use core::marker::PhantomData;

use super::Cell;
use super::storage::TextStorage;
use crate::record::{Place, Value, Variant, Variants};

/// An enumeration of the model, declared by a table with one row for each member.
pub trait Enumeration: Copy + Sized + Send + Sync + 'static {
    /// The members' names on the wire, in the order of the enumeration.
    const VARIANTS: &'static Variants;

    /// The member at an index of the names, or `Unknown`.
    fn at(index: usize) -> Self;
}

/// A value of an enumeration that may grow, with the text of a member that is not known yet.
///
/// `W` keeps the text of a value that this version does not know. A small device takes `[u8; 0]`: it then learns that
/// the value is unknown, and nothing more.
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
pub struct OpenEnum<E, W: TextStorage> {
    members: PhantomData<E>,
    variant: Variant<W::Bytes>,
}

impl<E: Enumeration, W: TextStorage> OpenEnum<E, W> {
    /// The member, `Unknown` if it is none that this version knows, or `None` if absent or null.
    pub fn get(&self) -> Option<E> {
        let index = self.variant.index().map_or(usize::MAX, usize::from);
        (!self.variant.is_absent()).then(|| E::at(index))
    }

    /// The name on the wire, without the prefix of a type; `None` if absent, or unknown and without room.
    pub fn as_str(&self) -> Option<&str> {
        self.variant.as_str(E::VARIANTS)
    }

    /// Whether the name is unknown, and on the wire was longer than what is kept of it.
    pub const fn is_truncated(&self) -> bool {
        self.variant.is_cut()
    }
}

impl<E, W: TextStorage> OpenEnum<E, W> {
    /// The index of the name, if it is a known one.
    pub(crate) fn index(&self) -> Option<u8> {
        self.variant.index()
    }

    /// Makes this the member at an index of the names.
    pub(crate) fn set_index(&mut self, index: u8) {
        self.variant.set(Some(index), &[]);
    }
}

impl<E: Enumeration, W: TextStorage> Cell for OpenEnum<E, W> {
    const EMPTY: Self = Self { members: PhantomData, variant: Variant::EMPTY };

    fn place(&mut self) -> Place<'_> {
        Place::Variant(W::variant(&mut self.variant), E::VARIANTS)
    }

    fn value(&self) -> Value<'_> {
        self.variant.value(E::VARIANTS)
    }

    fn clear(&mut self) {
        self.variant.clear();
    }
}

impl<E, W: TextStorage> Clone for OpenEnum<E, W> {
    fn clone(&self) -> Self {
        Self { members: PhantomData, variant: self.variant.clone() }
    }
}

impl<E, W: TextStorage> PartialEq for OpenEnum<E, W> {
    fn eq(&self, other: &Self) -> bool {
        self.variant == other.variant
    }
}

impl<E: Enumeration + PartialEq, W: TextStorage> PartialEq<E> for OpenEnum<E, W> {
    fn eq(&self, other: &E) -> bool {
        self.get() == Some(*other)
    }
}
