//! Arrays of fixed capacity.

use core::ops::Deref;

use crate::cell::Cell;
use crate::json::slot::{Elements, Place, Schema};
use crate::value::{Value, Values};

/// An array of at most `N` elements, and how many there were on the wire.
///
/// The storage is an array and not `heapless::Vec`, since that takes its elements by value, and an
/// element of a call may be larger than the stack of the task that reads it.
///
/// ```
/// use graph_call::{Call, Modality};
///
/// let call = Call::parse(br#"{"requestedModalities":["audio"]}"#)?;
/// assert!(call.requested_modalities.is_present());
/// assert_eq!(call.requested_modalities.len(), 1);
/// assert_eq!(call.requested_modalities[0].get(), Some(Modality::Audio));
/// # Ok::<(), graph_call::Error>(())
/// ```
#[derive(Clone)]
pub struct List<T, const N: usize> {
    count: Count,
    elements: [T; N],
}

/// How many elements a list has, here and on the wire.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Count {
    pub(crate) is_present: bool,
    pub(crate) length: u16,
    pub(crate) total: u16,
}

impl Count {
    const ABSENT: Self = Self { is_present: false, length: 0, total: 0 };

    /// The place of an element of the list that this counts; the one after the last is added.
    #[inline(always)]
    pub(crate) fn element<'e>(&mut self, elements: &'e mut dyn Elements, index: u16) -> Place<'e> {
        let capacity = elements.capacity();
        match elements.element(index, index >= self.length) {
            Some(place) => {
                self.length = self.length.max(index.saturating_add(1));
                place
            }
            None => Place::Full(capacity),
        }
    }
}

impl<T, const N: usize> List<T, N> {
    /// Whether the member was there and not null; it may still be empty.
    pub fn is_present(&self) -> bool {
        self.count.is_present
    }

    /// How many elements there were on the wire, up to 65,534: more than `len()` if they did not all fit.
    ///
    /// Of the identities of a set, and of the extras of an identity, at least so many.
    pub fn total(&self) -> usize {
        usize::from(self.count.total)
    }

    /// The elements that fit, in order.
    pub fn as_slice(&self) -> &[T] {
        self.elements.get(..usize::from(self.count.length)).unwrap_or_default()
    }
}

impl<T: Cell, const N: usize> List<T, N> {
    /// The element that is sought, or a new one after the last, if there is room.
    pub(crate) fn find_or_add(&mut self, is_it: impl Fn(&T) -> bool) -> Option<&mut T> {
        let index = self.iter().position(is_it).unwrap_or(usize::from(self.count.length));
        self.count.is_present = true;
        match self.elements.get_mut(index) {
            Some(element) => {
                if index >= usize::from(self.count.length) {
                    self.count.length = self.count.length.saturating_add(1);
                    self.count.total = self.count.length;
                    element.clear();
                }
                Some(element)
            }
            None => {
                // The same value may be asked for again with its next piece: it is not counted.
                self.count.total = self.count.length.saturating_add(1);
                None
            }
        }
    }

    /// The place of the count, of a list that is a record to the parser.
    pub(crate) fn total_place(&mut self) -> Place<'_> {
        self.count.is_present = true;
        Place::Total(&mut self.count.total)
    }

    /// The count of such a list, if it is more than the length says.
    pub(crate) fn total_value(&self) -> Value<'_> {
        let Count { length, total, .. } = self.count;
        if total == length { Value::Absent } else { Value::Total(total) }
    }
}

impl<T, const N: usize> Deref for List<T, N> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.as_slice()
    }
}

impl<T: Cell, const N: usize> Cell for List<T, N> {
    const EMPTY: Self = Self { count: Count::ABSENT, elements: [const { T::EMPTY }; N] };
    const HOLDS_SECRET: bool = T::HOLDS_SECRET;
    const CHILD: Option<&'static Schema> = T::CHILD;

    fn place(&mut self) -> Place<'_> {
        Place::List(&mut self.count, &mut self.elements)
    }

    fn value(&self) -> Value<'_> {
        if self.count.is_present { Value::List(self) } else { Value::Absent }
    }

    fn clear(&mut self) {
        if T::HOLDS_SECRET {
            self.elements.iter_mut().take(usize::from(self.count.length)).for_each(Cell::clear);
        }
        self.count = Count::ABSENT;
    }
}

impl<T: Cell, const N: usize> Elements for [T; N] {
    fn element(&mut self, index: u16, is_new: bool) -> Option<Place<'_>> {
        let element = self.get_mut(usize::from(index))?;
        if is_new {
            element.clear();
        }
        Some(element.place())
    }

    fn capacity(&self) -> usize {
        N
    }
}

impl<T: Cell, const N: usize> Values for List<T, N> {
    fn total(&self) -> u16 {
        self.count.total
    }

    fn value(&self, index: u16) -> Option<Value<'_>> {
        self.get(usize::from(index)).map(Cell::value)
    }
}

impl<T: PartialEq, const N: usize> List<T, N> {
    /// Whether the other list has the same elements, in any order; no element stands twice.
    pub(crate) fn is_permutation(&self, other: &Self) -> bool {
        self.count == other.count && self.iter().all(|element| other.contains(element))
    }
}

impl<T: PartialEq, const N: usize> PartialEq for List<T, N> {
    fn eq(&self, other: &Self) -> bool {
        self.count == other.count && self.as_slice() == other.as_slice()
    }
}

cell_by_value! {
    [T: Cell, const N: usize] List<T, N>,
}
