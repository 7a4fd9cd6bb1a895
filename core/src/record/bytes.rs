//! The bytes of a string: in an array, or with the feature `alloc` on the heap.
//!
//! - takes: bytes
//! - gives: whether there was room for them
//! - keeps: what fits
//! - refuses: what does not fit, or what there is no memory for; nothing here panics or aborts

#[cfg(feature = "alloc")]
use alloc::vec::Vec;

use heapless::vec::VecView;
use zeroize::Zeroize as _;

/// The bytes themselves, of known size.
pub trait Bytes: Room + Clone + Send + Sync + Sized + 'static {
    /// No bytes.
    const EMPTY: Self;
}

/// The bytes themselves, behind a reference.
pub trait Room {
    /// The bytes that are kept.
    fn bytes(&self) -> &[u8];
    /// Overwrites all bytes and keeps none.
    fn erase(&mut self);
    /// Keeps none of the bytes; they stay in memory until others take their place.
    fn empty(&mut self);
    /// Adds all of the bytes, or says that there is no room.
    fn extend(&mut self, piece: &[u8]) -> bool;
    /// What an error states as the capacity: 0 only if the text is not wanted.
    fn stated(&self) -> usize;
    /// For how many more bytes there is room right now.
    fn left(&self) -> usize;
}

macro_rules! heapless_room {
    ([$($parameter:tt)*] $type:ty) => {
        impl<$($parameter)*> Room for $type {
            #[inline(always)]
            fn bytes(&self) -> &[u8] {
                self
            }
            #[inline(always)]
            fn erase(&mut self) {
                self.as_mut_slice().zeroize();
                self.clear();
            }
            #[inline(always)]
            fn empty(&mut self) {
                self.clear();
            }
            #[inline(always)]
            fn extend(&mut self, piece: &[u8]) -> bool {
                self.extend_from_slice(piece).is_ok()
            }
            #[inline(always)]
            fn stated(&self) -> usize {
                self.capacity()
            }
            #[inline(always)]
            fn left(&self) -> usize {
                self.capacity().saturating_sub(self.len())
            }
        }
    };
}

heapless_room!([] VecView<u8>);
heapless_room!([const N: usize] heapless::Vec<u8, N>);

impl<const N: usize> Bytes for heapless::Vec<u8, N> {
    const EMPTY: Self = Self::new();
}

/// Bytes on the heap, as many as there is memory for.
#[cfg(feature = "alloc")]
#[derive(Clone)]
pub struct HeapBytes(Vec<u8>);

/// Shows how much there is, and nothing of it: it may be a secret.
#[cfg(feature = "alloc")]
impl core::fmt::Debug for HeapBytes {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.0.len().fmt(f)
    }
}

#[cfg(feature = "alloc")]
impl HeapBytes {
    /// Moves to a larger place; what is left behind may be a secret.
    #[cold]
    #[inline(never)]
    fn grow(&mut self, need: usize) -> bool {
        let mut larger = Vec::new();
        let twice = if self.0.is_empty() { 0 } else { self.0.capacity().saturating_mul(2) };
        if larger.try_reserve_exact(need.max(twice)).is_err() && larger.try_reserve_exact(need).is_err() {
            return false;
        }
        // There is room: no allocation.
        larger.extend_from_slice(&self.0);
        self.erase();
        self.0 = larger;
        true
    }
}

#[cfg(feature = "alloc")]
impl Room for HeapBytes {
    fn bytes(&self) -> &[u8] {
        &self.0
    }

    fn erase(&mut self) {
        // Where nothing was ever kept the slice begins at no address. To fill no bytes there takes some processors a
        // hundred times as long as to look.
        if !self.0.is_empty() {
            self.0.as_mut_slice().zeroize();
            self.0.clear();
        }
    }

    fn empty(&mut self) {
        self.0.clear();
    }

    fn extend(&mut self, piece: &[u8]) -> bool {
        let need = self.0.len().saturating_add(piece.len());
        if need > self.0.capacity() && !self.grow(need) {
            return false;
        }
        // There is room: no allocation.
        self.0.extend_from_slice(piece);
        true
    }

    fn stated(&self) -> usize {
        self.0.capacity().max(1)
    }

    fn left(&self) -> usize {
        self.0.capacity().saturating_sub(self.0.len())
    }
}

#[cfg(feature = "alloc")]
impl Bytes for HeapBytes {
    const EMPTY: Self = Self(Vec::new());
}
