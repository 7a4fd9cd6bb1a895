//! What a capacity is made of: arrays, or with the feature `alloc` the heap.
//!
//! - takes: bytes of a text, or the number of an element
//! - gives: whether there was room, or the element
//! - keeps: what was given
//! - refuses: what does not fit, or what there is no memory for; nothing here panics or aborts
//!
//! A storage is named by a type that everybody knows: `[u8; 64]` or `Vec<u8>` for a text, `[T; 4]` or `Vec<T>`
//! for a list.

#[cfg(feature = "alloc")]
use alloc::vec::Vec;

use super::Cell;
#[cfg(feature = "alloc")]
use crate::record::HeapBytes;
use crate::record::{Buffer, Bytes, Elements, Place, TextView, Variant, VariantView};

/// What a text is kept in: `[u8; N]`, or with the feature `alloc` `Vec<u8>`.
///
/// This trait is sealed.
#[diagnostic::on_unimplemented(
    message = "no text can be kept in `{Self}`",
    label = "a text is kept in `[u8; N]`, or with the feature `alloc` in `Vec<u8>`"
)]
pub trait TextStorage: 'static {
    /// Whether there is room for any text at all; without room the member is not wanted.
    const IS_WANTED: bool;
    #[doc(hidden)]
    type Bytes: Bytes;
    #[doc(hidden)]
    fn text(buffer: &mut Buffer<Self::Bytes>) -> TextView<'_>;
    #[doc(hidden)]
    fn variant(variant: &mut Variant<Self::Bytes>) -> VariantView<'_>;
}

/// What a list is kept in: `[T; N]`, or with the feature `alloc` `Vec<T>`.
///
/// This trait is sealed.
#[diagnostic::on_unimplemented(
    message = "no list can be kept in `{Self}`",
    label = "a list is kept in `[T; N]`, or with the feature `alloc` in `Vec<T>`"
)]
pub trait ListStorage: Elements + Sized + Send + Sync + 'static {
    /// Whether there is room for any element at all; without room the member is not wanted.
    const IS_WANTED: bool;
    /// The elements.
    type Item: Cell;
    #[doc(hidden)]
    type Link: Link;
    #[doc(hidden)]
    const EMPTY: Self;
    #[doc(hidden)]
    fn as_slice(&self) -> &[Self::Item];
    #[doc(hidden)]
    fn as_mut_slice(&mut self) -> &mut [Self::Item];
    /// The element at an index. If the index is one past the last element, a new element is added there.
    #[doc(hidden)]
    fn slot(&mut self, index: usize) -> Option<&mut Self::Item>;
    /// A copy of the first `length` elements. An array copies all of them, since its length is fixed.
    #[doc(hidden)]
    fn copy(&self, length: usize) -> Self;
}

/// Where the elements are that the service did not send: kept where there is a heap, since a link is as long as it likes.
pub trait Link: Clone + PartialEq + Send + Sync + 'static {
    const EMPTY: Self;

    /// The link, if there is one.
    fn as_str(&self) -> Option<&str>;

    /// Where a parser puts it.
    #[cfg(feature = "alloc")]
    fn place(&mut self) -> Option<TextView<'_>>;

    fn clear(&mut self);
}

impl Link for () {
    const EMPTY: Self = ();

    fn as_str(&self) -> Option<&str> {
        None
    }

    #[cfg(feature = "alloc")]
    fn place(&mut self) -> Option<TextView<'_>> {
        None
    }

    #[inline(always)]
    fn clear(&mut self) {}
}

#[cfg(feature = "alloc")]
impl Link for Buffer<HeapBytes> {
    const EMPTY: Self = Self::EMPTY;

    fn as_str(&self) -> Option<&str> {
        self.as_str()
    }

    fn place(&mut self) -> Option<TextView<'_>> {
        Some(TextView::heap(self))
    }

    fn clear(&mut self) {
        self.clear();
    }
}

impl<const N: usize> TextStorage for [u8; N] {
    const IS_WANTED: bool = N > 0;
    type Bytes = heapless::Vec<u8, N>;

    #[inline(always)]
    fn text(buffer: &mut Buffer<Self::Bytes>) -> TextView<'_> {
        TextView::array(buffer)
    }

    #[inline(always)]
    fn variant(variant: &mut Variant<Self::Bytes>) -> VariantView<'_> {
        VariantView::array(variant)
    }
}

impl<T: Cell, const N: usize> ListStorage for [T; N] {
    const IS_WANTED: bool = N > 0;
    type Item = T;
    type Link = ();
    const EMPTY: Self = [const { T::EMPTY }; N];

    fn as_slice(&self) -> &[T] {
        self
    }

    fn as_mut_slice(&mut self) -> &mut [T] {
        self
    }

    fn slot(&mut self, index: usize) -> Option<&mut T> {
        self.get_mut(index)
    }

    fn copy(&self, _length: usize) -> Self {
        self.clone()
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

#[cfg(feature = "alloc")]
impl TextStorage for Vec<u8> {
    const IS_WANTED: bool = true;
    type Bytes = HeapBytes;

    fn text(buffer: &mut Buffer<HeapBytes>) -> TextView<'_> {
        TextView::heap(buffer)
    }

    fn variant(variant: &mut Variant<HeapBytes>) -> VariantView<'_> {
        VariantView::heap(variant)
    }
}

/// The parser counts the elements of a list up to here.
#[cfg(feature = "alloc")]
const ELEMENTS_MAX: usize = u16::MAX as usize - 1;

/// Moves to a larger place: one element, then twice as many each time.
///
/// Elements that hold a secret are swapped out one by one, so that their own place is overwritten: a
/// reallocation would leave it behind as it was.
#[cfg(feature = "alloc")]
#[cold]
#[inline(never)]
fn grow<T: Cell>(elements: &mut Vec<T>) -> bool {
    let more = elements.len().max(1);
    if !T::HOLDS_SECRET {
        return elements.try_reserve_exact(more).is_ok() || elements.try_reserve_exact(1).is_ok();
    }
    let mut larger = Vec::new();
    let length = elements.len();
    if larger.try_reserve_exact(length.saturating_add(more)).is_err()
        && larger.try_reserve_exact(length.saturating_add(1)).is_err()
    {
        return false;
    }
    for element in elements.iter_mut() {
        // Room for it is reserved: `push` does not allocate.
        larger.push(T::EMPTY);
        if let Some(place) = larger.last_mut() {
            core::mem::swap(place, element);
        }
    }
    *elements = larger;
    true
}

#[cfg(feature = "alloc")]
impl<T: Cell> ListStorage for Vec<T> {
    const IS_WANTED: bool = true;
    type Item = T;
    type Link = Buffer<HeapBytes>;
    const EMPTY: Self = Self::new();

    fn as_slice(&self) -> &[T] {
        self
    }

    fn as_mut_slice(&mut self) -> &mut [T] {
        self
    }

    fn slot(&mut self, index: usize) -> Option<&mut T> {
        if index == self.len() {
            if index >= ELEMENTS_MAX || (index == self.capacity() && !grow(self)) {
                return None;
            }
            // Room for it is reserved: `push` does not allocate.
            self.push(T::EMPTY);
        }
        self.get_mut(index)
    }

    fn copy(&self, length: usize) -> Self {
        self.get(..length).unwrap_or_default().to_vec()
    }
}

#[cfg(feature = "alloc")]
impl<T: Cell> Elements for Vec<T> {
    fn element(&mut self, index: u16, is_new: bool) -> Option<Place<'_>> {
        let element = self.slot(usize::from(index))?;
        if is_new {
            element.clear();
        }
        Some(element.place())
    }

    /// The capacity that an error states when there is no more memory.
    fn capacity(&self) -> usize {
        self.len().max(1)
    }
}
