//! Where a parser puts the value of an enumeration.
//!
//! - takes: the index of a known name, or a text that is none of them
//! - gives: the index, or the text as far as there is room for it
//! - keeps: one byte, and the text of an unknown name
//! - refuses: nothing: that an unknown name did not fit is a mark

use core::fmt;

use heapless::vec::VecView;

#[cfg(feature = "alloc")]
use super::bytes::HeapBytes;
use super::bytes::{Bytes, Room};
use super::value::Value;
use super::variants::Variants;

/// The value of an enumeration: the number of a known name, or the text of an unknown one.
#[derive(Clone)]
pub struct Variant<S: ?Sized> {
    number: u8,
    text: S,
}

impl<S: ?Sized> fmt::Debug for Variant<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.number.fmt(f)
    }
}

/// A name of any capacity for the text.
pub struct VariantView<'a>(Kept<'a>);

enum Kept<'a> {
    Array(&'a mut Variant<VecView<u8>>),
    #[cfg(feature = "alloc")]
    Heap(&'a mut Variant<HeapBytes>),
}

/// `Variant::number` if there is no name.
const ABSENT: u8 = 0;
/// `Variant::number` of an unknown name whose text is kept.
const UNKNOWN: u8 = 1;
/// `Variant::number` of the first known name.
const FIRST: u8 = 2;
/// `Variant::number` of an unknown name whose text is too long to be kept.
const OMITTED: u8 = u8::MAX;

/// The longest unknown name that is kept, in bytes, whatever there is room for: behind its namespace it is as long as the
/// parser can wait for, so that what is written can be read again.
const WORD_MAX: usize = 32;

impl fmt::Debug for VariantView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kept::Array(name) => name.fmt(f),
            #[cfg(feature = "alloc")]
            Kept::Heap(name) => name.fmt(f),
        }
    }
}

impl<'a> VariantView<'a> {
    #[inline(always)]
    pub(crate) fn array(name: &'a mut Variant<VecView<u8>>) -> Self {
        Self(Kept::Array(name))
    }

    #[cfg(feature = "alloc")]
    pub(crate) fn heap(name: &'a mut Variant<HeapBytes>) -> Self {
        Self(Kept::Heap(name))
    }

    /// Takes the name at an index, or a text that is none.
    #[inline(always)]
    pub(crate) fn set(&mut self, index: Option<u8>, text: Option<&[u8]>) {
        match &mut self.0 {
            Kept::Array(name) => name.set(index, text),
            #[cfg(feature = "alloc")]
            Kept::Heap(name) => name.set(index, text),
        }
    }
}

impl<B: Bytes> Variant<B> {
    pub(crate) const EMPTY: Self = Self { number: ABSENT, text: B::EMPTY };
}

impl<B: Room + ?Sized> Variant<B> {
    /// Takes the variant at an index, or a text that is none.
    pub(crate) fn set(&mut self, index: Option<u8>, text: Option<&[u8]>) {
        self.text.empty();
        self.number = match (index, text) {
            (Some(index), _) => index.wrapping_add(FIRST),
            (None, Some(text)) if text.len() <= WORD_MAX && self.text.extend(text) => UNKNOWN,
            // A program cannot have asked for a name that it does not know, so this is no error.
            _ => OMITTED,
        };
    }

    /// Makes the value absent.
    pub(crate) fn clear(&mut self) {
        self.number = ABSENT;
        self.text.empty();
    }

    /// Whether there is no value.
    pub(crate) const fn is_absent(&self) -> bool {
        self.number == ABSENT
    }

    /// The index of the name, if it is a known one.
    pub(crate) fn index(&self) -> Option<u8> {
        self.number.checked_sub(FIRST).filter(|_| self.number != OMITTED)
    }

    /// The name on the wire, known or not, if it is kept.
    pub(crate) fn as_str(&self, variants: &'static Variants) -> Option<&str> {
        match self.number {
            ABSENT | OMITTED => None,
            UNKNOWN => core::str::from_utf8(self.text.bytes()).ok(),
            number => variants.names().nth(usize::from(number.wrapping_sub(FIRST))),
        }
    }

    /// The value that is there.
    pub(crate) fn value(&self, variants: &'static Variants) -> Value<'_> {
        match self.number {
            ABSENT => Value::Absent,
            OMITTED => Value::Variant { number: UNKNOWN, text: None, prefix: variants.prefix },
            number => Value::Variant { number, text: self.as_str(variants), prefix: variants.prefix },
        }
    }
}

impl<B: Room + ?Sized> PartialEq for Variant<B> {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number && self.text.bytes() == other.text.bytes()
    }
}
