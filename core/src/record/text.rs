//! Where a parser puts a string, piece by piece, whatever the string is kept in.
//!
//! - takes: the pieces of a string, each of whole characters
//! - gives: the string, and how it fits: whole, cut, or left out
//! - keeps: the bytes, which are looked at as a `str` only when they are read
//! - refuses: nothing: what is too long is cut and says so

use core::fmt;

use heapless::vec::VecView;

#[cfg(feature = "alloc")]
use super::bytes::HeapBytes;
use super::bytes::{Bytes, Room};
use super::value::Value;

/// Bytes of valid UTF-8 and how they fit, the storage behind every kind of text.
///
/// The lexer has checked that the bytes are UTF-8, but safe code cannot hand that knowledge on to `str`. So the
/// bytes are checked once more when somebody reads them as a `str`: only what is read costs a second check.
#[derive(Clone)]
pub struct Buffer<S: ?Sized> {
    fit: Fit,
    bytes: S,
}

/// A buffer of any capacity: where a parser puts a string, piece by piece.
pub struct TextView<'a>(Kept<'a>);

enum Kept<'a> {
    Array(&'a mut Buffer<VecView<u8>>),
    #[cfg(feature = "alloc")]
    Heap(&'a mut Buffer<HeapBytes>),
}

/// How a value fits its place.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u8)]
pub(super) enum Fit {
    Absent = 0,
    Whole,
    Cut,
    Omitted,
    /// Whole, but for a character that there is none for.
    Replaced,
}

/// Shows how the text fits, and nothing of it: it may be a secret.
impl<S: ?Sized> fmt::Debug for Buffer<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fit.fmt(f)
    }
}

impl<B: Bytes> Buffer<B> {
    pub(crate) const EMPTY: Self = Self { fit: Fit::Absent, bytes: B::EMPTY };

    /// The string, or as much of it as there was room for.
    pub(crate) fn as_str(&self) -> Option<&str> {
        match self.fit {
            Fit::Absent | Fit::Omitted => None,
            Fit::Whole | Fit::Cut | Fit::Replaced => core::str::from_utf8(self.bytes.bytes()).ok(),
        }
    }

    /// Whether the string lost its end.
    pub(crate) fn is_cut(&self) -> bool {
        self.fit == Fit::Cut
    }

    /// Whether U+FFFD stands in the string where the sender had half of a character.
    pub(crate) fn is_replaced(&self) -> bool {
        self.fit == Fit::Replaced
    }

    /// Whether there was a string that was left out.
    pub(crate) fn is_omitted(&self) -> bool {
        self.fit == Fit::Omitted
    }

    /// The value that is there.
    pub(crate) fn value(&self) -> Value<'_> {
        match (self.fit, self.as_str()) {
            (Fit::Omitted, _) => Value::Omitted,
            (fit, Some(text)) => {
                Value::Text { text, is_cut: fit == Fit::Cut, is_replaced: fit == Fit::Replaced }
            }
            (_, None) => Value::Absent,
        }
    }

    /// Makes the string absent; its bytes stay until others take their place.
    pub(crate) fn clear(&mut self) {
        self.fit = Fit::Absent;
    }

    /// Makes the string absent, and overwrites its bytes.
    pub(crate) fn erase(&mut self) {
        self.bytes.erase();
        self.fit = Fit::Absent;
    }
}

impl<B: Bytes> PartialEq for Buffer<B> {
    fn eq(&self, other: &Self) -> bool {
        self.fit == other.fit && self.as_str() == other.as_str()
    }
}

impl<B: Room + ?Sized> Buffer<B> {
    #[inline(always)]
    fn append(&mut self, piece: &[u8]) {
        // Once a piece was cut, nothing may follow it, even if the next piece would fit.
        if self.fit == Fit::Cut || !self.bytes.extend(piece) {
            self.append_part(piece);
        }
    }

    #[cold]
    #[inline(never)]
    fn append_part(&mut self, piece: &[u8]) {
        if self.fit == Fit::Cut {
            return;
        }
        self.fit = Fit::Cut;
        let mut room = self.bytes.left();
        while let Some(0x80..=0xBF) = piece.get(room) {
            room = room.saturating_sub(1);
        }
        for byte in piece.iter().take(room) {
            // There is room for so many: never an error.
            let _ = self.bytes.extend(core::slice::from_ref(byte));
        }
    }
}

macro_rules! kept {
    ($kept:expr, $buffer:ident => $what:expr) => {
        match $kept {
            Kept::Array($buffer) => $what,
            #[cfg(feature = "alloc")]
            Kept::Heap($buffer) => $what,
        }
    };
}

/// Shows how the text fits, and nothing of it: it may be a secret.
impl fmt::Debug for TextView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        kept!(&self.0, buffer => buffer.fmt(f))
    }
}

impl<'a> TextView<'a> {
    #[inline(always)]
    pub(crate) fn array(buffer: &'a mut Buffer<VecView<u8>>) -> Self {
        Self(Kept::Array(buffer))
    }

    #[cfg(feature = "alloc")]
    pub(crate) fn heap(buffer: &'a mut Buffer<HeapBytes>) -> Self {
        Self(Kept::Heap(buffer))
    }

    /// Makes the place a present, empty string.
    #[inline(always)]
    pub(crate) fn begin(&mut self) {
        kept!(&mut self.0, buffer => {
            buffer.bytes.empty();
            buffer.fit = Fit::Whole;
        });
    }

    /// Takes a whole string; false if only whole characters of its beginning fit.
    #[inline(always)]
    pub(crate) fn set(&mut self, text: &[u8]) -> bool {
        kept!(&mut self.0, buffer => {
            buffer.bytes.empty();
            buffer.fit = Fit::Whole;
            buffer.append(text);
            buffer.fit != Fit::Cut
        })
    }

    /// Takes one more piece. If there is no room for all of it, takes as many whole characters as fit.
    #[inline(always)]
    pub(crate) fn append(&mut self, piece: &[u8]) {
        kept!(&mut self.0, buffer => buffer.append(piece));
    }

    /// Marks the string as cut, though all that was handed over is kept.
    #[cfg(feature = "serde")]
    pub(crate) fn cut(&mut self) {
        kept!(&mut self.0, buffer => buffer.fit = Fit::Cut);
    }

    /// Marks the string as one with U+FFFD in it, unless it is cut.
    pub(crate) fn replaced(&mut self) {
        kept!(&mut self.0, buffer => if buffer.fit == Fit::Whole { buffer.fit = Fit::Replaced });
    }

    /// Whether all of the string fits, as it was sent.
    #[inline(always)]
    pub(crate) fn is_whole(&self) -> bool {
        kept!(&self.0, buffer => buffer.fit == Fit::Whole)
    }

    pub(crate) fn is_replaced(&self) -> bool {
        kept!(&self.0, buffer => buffer.fit == Fit::Replaced)
    }

    /// Makes the string absent, and overwrites its bytes.
    pub(crate) fn erase(&mut self) {
        kept!(&mut self.0, buffer => {
            buffer.bytes.erase();
            buffer.fit = Fit::Absent;
        });
    }

    /// Leaves the string out: the place is absent, and marked.
    pub(crate) fn omit(&mut self) {
        kept!(&mut self.0, buffer => {
            buffer.bytes.erase();
            buffer.fit = Fit::Omitted;
        });
    }

    pub(crate) fn capacity(&self) -> usize {
        kept!(&self.0, buffer => buffer.bytes.stated())
    }
}
