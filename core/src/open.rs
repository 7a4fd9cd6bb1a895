//! Enumerations that may grow: Microsoft adds members to them at any time.

use core::fmt;
use core::marker::PhantomData;

use heapless::{Vec, vec::VecView};

use crate::cell::Cell;
use crate::json::slot::{Place, Vocabulary};
use crate::value::Value;

/// An enumeration of the model: one row a member.
pub trait Names: Copy + Sized + 'static {
    /// The members' names on the wire, in the order of the enumeration.
    const VOCABULARY: &'static Vocabulary;

    /// The member at an index of the names, or `Unknown`.
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
pub struct Open<E, const N: usize> {
    names: PhantomData<E>,
    name: Name<Vec<u8, N>>,
}

/// The number of a name, or what there is instead; and the text if unknown.
pub struct Name<S: ?Sized> {
    number: u8,
    text: S,
}

impl<S: ?Sized> fmt::Debug for Name<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.number.fmt(f)
    }
}

/// A name of any capacity for the text.
#[allow(unreachable_pub)] // named by the public `Place`
pub type NameView = Name<VecView<u8>>;

/// `Name::number` if there is no name.
const ABSENT: u8 = 0;
/// `Name::number` of an unknown name whose text is kept.
const UNKNOWN: u8 = 1;
/// `Name::number` of the first known name.
const FIRST: u8 = 2;
/// `Name::number` of an unknown name whose text is too long to be kept.
const OMITTED: u8 = u8::MAX;

impl NameView {
    /// Takes the name at an index, or a text that is none.
    pub(crate) fn set(&mut self, index: Option<u8>, text: Option<&[u8]>) {
        self.text.clear();
        self.number = match (index, text) {
            (Some(index), _) => index.wrapping_add(FIRST),
            (None, Some(text)) if self.text.extend_from_slice(text).is_ok() => UNKNOWN,
            // Nobody can have asked for it: it is no error.
            _ => OMITTED,
        };
    }
}

impl<E: Names, const N: usize> Open<E, N> {
    /// The member, `Unknown` if it is none that this version knows, or `None` if absent or null.
    pub fn get(&self) -> Option<E> {
        match self.name.number {
            ABSENT => None,
            number => Some(E::at(number.checked_sub(FIRST).map_or(usize::MAX, usize::from))),
        }
    }

    /// The name on the wire, without the prefix of a type; `None` if absent, or unknown and not kept.
    pub fn as_str(&self) -> Option<&str> {
        match self.name.number {
            ABSENT | OMITTED => None,
            UNKNOWN => core::str::from_utf8(&self.name.text).ok(),
            number => E::VOCABULARY.names().nth(usize::from(number.wrapping_sub(FIRST))),
        }
    }
}

impl<E, const N: usize> Open<E, N> {
    /// Whether this is the member at an index of the names.
    pub(crate) fn is_at(&self, index: u8) -> bool {
        self.name.number == index.wrapping_add(FIRST)
    }

    /// The index of the name, if it is a known one.
    pub(crate) fn row(&self) -> Option<u8> {
        self.name.number.checked_sub(FIRST).filter(|_| self.name.number != OMITTED)
    }

    /// Makes this the member at an index of the names.
    pub(crate) fn set_at(&mut self, index: u8) {
        self.name.number = index.wrapping_add(FIRST);
    }
}

impl<E: Names, const N: usize> Cell for Open<E, N> {
    const EMPTY: Self = Self { names: PhantomData, name: Name { number: ABSENT, text: Vec::new() } };

    fn place(&mut self) -> Place<'_> {
        Place::Name(&mut self.name, E::VOCABULARY)
    }

    fn value(&self) -> Value<'_> {
        match self.name.number {
            ABSENT => Value::Absent,
            OMITTED => Value::Name { number: UNKNOWN, text: None, prefix: E::VOCABULARY.prefix },
            number => Value::Name { number, text: self.as_str(), prefix: E::VOCABULARY.prefix },
        }
    }

    fn clear(&mut self) {
        self.name.number = ABSENT;
        self.name.text.clear();
    }
}

impl<E, const N: usize> Clone for Open<E, N> {
    fn clone(&self) -> Self {
        let name = Name { number: self.name.number, text: self.name.text.clone() };
        Self { names: PhantomData, name }
    }
}

impl<E, const N: usize> PartialEq for Open<E, N> {
    fn eq(&self, other: &Self) -> bool {
        self.name.number == other.name.number && self.name.text == other.name.text
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
