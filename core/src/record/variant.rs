//! Where a parser puts the value of an enumeration.
//!
//! - takes: the index of a known name, or a text that is none of them
//! - gives: the index, or the text as far as there is room for it
//! - keeps: one byte, and the text of an unknown name
//! - refuses: nothing: an unknown name that did not fit is cut, and marked

use core::fmt;
use core::str::{Utf8Error, from_utf8};

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
/// `Variant::number` of an unknown name of which only the beginning is kept, or nothing.
const CUT: u8 = u8::MAX;

/// The longest unknown name that is kept, in bytes, whatever there is room for: behind its namespace it is as long as the
/// parser can wait for, so that what is written can be read again. The beginning of one that is longer is longer than this.
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
    pub(crate) fn set(&mut self, index: Option<u8>, text: &[u8]) {
        match &mut self.0 {
            Kept::Array(name) => name.set(index, text),
            #[cfg(feature = "alloc")]
            Kept::Heap(name) => name.set(index, text),
        }
    }
}

impl VariantView<'_> {
    /// Makes the value absent.
    pub(crate) fn clear(&mut self) {
        match &mut self.0 {
            Kept::Array(name) => name.clear(),
            #[cfg(feature = "alloc")]
            Kept::Heap(name) => name.clear(),
        }
    }
}

#[cfg(feature = "serde")]
impl VariantView<'_> {
    /// Marks the text as cut, though all that was handed over is kept.
    pub(crate) fn cut(&mut self) {
        match &mut self.0 {
            Kept::Array(name) => name.number = CUT,
            #[cfg(feature = "alloc")]
            Kept::Heap(name) => name.number = CUT,
        }
    }
}

impl<B: Bytes> Variant<B> {
    pub(crate) const EMPTY: Self = Self { number: ABSENT, text: B::EMPTY };
}

impl<B: Room + ?Sized> Variant<B> {
    /// Takes the variant at an index, or a text that is none.
    pub(crate) fn set(&mut self, index: Option<u8>, text: &[u8]) {
        self.text.empty();
        self.number = match index {
            Some(index) => index.wrapping_add(FIRST),
            None if text.len() <= WORD_MAX && self.text.extend(text) => UNKNOWN,
            // A program cannot have asked for a name that it does not know, so this is no error.
            None => {
                for byte in text.iter().take(WORD_MAX) {
                    let _ = self.text.extend(core::slice::from_ref(byte));
                }
                CUT
            }
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
        self.number.checked_sub(FIRST).filter(|_| self.number != CUT)
    }

    /// Whether the name is unknown, and its end is missing.
    pub(crate) const fn is_cut(&self) -> bool {
        self.number == CUT
    }

    /// The whole characters of a name that is cut.
    fn beginning(&self) -> &str {
        let bytes = self.text.bytes();
        // Once more by the same function: an image has it already, and not `utf8_chunks`.
        let whole = |error: Utf8Error| from_utf8(bytes.get(..error.valid_up_to()).unwrap_or_default());
        from_utf8(bytes).or_else(whole).unwrap_or_default()
    }

    /// The name on the wire, known or not, or as much of it as is kept.
    pub(crate) fn as_str(&self, variants: &'static Variants) -> Option<&str> {
        match self.number {
            ABSENT => None,
            UNKNOWN => Some(self.beginning()),
            CUT => Some(self.beginning()).filter(|text| !text.is_empty()),
            number => variants.names().nth(usize::from(number.wrapping_sub(FIRST))),
        }
    }

    /// The value that is there.
    pub(crate) fn value(&self, variants: &'static Variants) -> Value<'_> {
        match self.number {
            ABSENT => Value::Absent,
            number => Value::Variant {
                number: if number == CUT { UNKNOWN } else { number },
                text: self.as_str(variants),
                is_cut: number == CUT,
                prefix: variants.prefix,
            },
        }
    }
}

impl<B: Room + ?Sized> PartialEq for Variant<B> {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number && self.beginning() == other.beginning()
    }
}
