//! Arrays of fixed capacity.

use core::fmt;
use core::ops::Deref;

use crate::cell::Cell;
use crate::json::slot::{Elements, Place, Schema};

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
    is_present: bool,
    length: u16,
    total: u16,
    elements: [T; N],
}

impl<T, const N: usize> List<T, N> {
    /// Whether the member was there and not null; it may still be empty.
    pub fn is_present(&self) -> bool {
        self.is_present
    }

    /// How many elements there were on the wire: more than `len()` if they did not all fit.
    pub fn total(&self) -> usize {
        usize::from(self.total)
    }

    /// The elements that fit, in order.
    pub fn as_slice(&self) -> &[T] {
        self.elements.get(..usize::from(self.length)).unwrap_or_default()
    }
}

impl<T: Cell, const N: usize> List<T, N> {
    /// The element that is sought, or a new one after the last, if there is room.
    pub(crate) fn find_or_add(&mut self, is_it: impl Fn(&T) -> bool) -> Option<&mut T> {
        let index = self.iter().position(is_it).unwrap_or(usize::from(self.length));
        self.is_present = true;
        match self.elements.get_mut(index) {
            Some(element) => {
                if index >= usize::from(self.length) {
                    self.length = self.length.saturating_add(1);
                    self.total = self.length;
                    element.clear();
                }
                Some(element)
            }
            None => {
                self.total = self.total.saturating_add(1);
                None
            }
        }
    }
}

impl<T, const N: usize> Deref for List<T, N> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.as_slice()
    }
}

impl<T: Cell, const N: usize> Cell for List<T, N> {
    const EMPTY: Self = Self { is_present: false, length: 0, total: 0, elements: [const { T::EMPTY }; N] };
    const CHILD: Option<&'static Schema> = T::CHILD;

    fn place(&mut self) -> Place<'_> {
        Place::List(self)
    }

    fn clear(&mut self) {
        self.is_present = false;
        self.length = 0;
        self.total = 0;
    }
}

impl<T: Cell, const N: usize> Elements for List<T, N> {
    fn open(&mut self) {
        self.is_present = true;
    }

    fn count(&mut self, total: u16) {
        self.total = total;
    }

    fn element(&mut self, index: u16) -> Option<Place<'_>> {
        let element = self.elements.get_mut(usize::from(index))?;
        if index >= self.length {
            self.length = index.saturating_add(1);
            element.clear();
        }
        Some(element.place())
    }

    fn capacity(&self) -> usize {
        N
    }
}

impl<T: PartialEq, const N: usize> PartialEq for List<T, N> {
    fn eq(&self, other: &Self) -> bool {
        self.is_present == other.is_present
            && self.total == other.total
            && self.as_slice() == other.as_slice()
    }
}

impl<T: fmt::Debug, const N: usize> fmt::Debug for List<T, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.is_present {
            return f.write_str("None");
        }
        f.debug_list().entries(self.as_slice()).finish()?;
        match self.total().saturating_sub(self.len()) {
            0 => Ok(()),
            more => write!(f, " (and {more} more)"),
        }
    }
}
