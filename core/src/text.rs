//! Strings of fixed capacity, in the three kinds that a call has.
//!
//! | type | for | too long, and cutting is allowed |
//! |---|---|---|
//! | [`Text`] | what people read | cut after a whole character, and marked |
//! | [`Exact`] | ids, URIs | absent, and marked: half an id is a wrong id |
//! | [`Secret`] | tokens, passcodes | absent, and marked; never shown, zeroed when dropped |
//!
//! A capacity of 0 says that the member is not wanted: it is never an error, and always absent and marked.

use core::fmt;

use heapless::{Vec, vec::VecView};
use zeroize::Zeroize as _;

use crate::cell::Cell;
use crate::json::slot::Place;
use crate::value::Value;

/// Bytes of valid UTF-8 and how they fit, the storage behind every kind of text.
///
/// The bytes are stored as bytes, and looked at as a `str` only when read: a check of UTF-8 that the
/// lexer has already made would cost every parse, one at the reader costs only what is read.
#[derive(Clone)]
pub struct Buffer<S: ?Sized> {
    fit: Fit,
    bytes: S,
}

/// A buffer of any capacity: where a parser puts a string, piece by piece.
#[allow(unreachable_pub)] // named by the public `Place`
pub type TextView = Buffer<VecView<u8>>;

/// A buffer of a stated capacity.
type Room<const N: usize> = Buffer<Vec<u8, N>>;

/// How a value fits its place.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u8)]
enum Fit {
    Absent = 0,
    Whole,
    Cut,
    Omitted,
}

/// Shows how the text fits, and nothing of it: it may be a secret.
impl<S: ?Sized> fmt::Debug for Buffer<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fit.fmt(f)
    }
}

impl<const N: usize> Room<N> {
    const EMPTY: Self = Self { fit: Fit::Absent, bytes: Vec::new() };

    fn as_str(&self) -> Option<&str> {
        match self.fit {
            Fit::Absent | Fit::Omitted => None,
            Fit::Whole | Fit::Cut => core::str::from_utf8(&self.bytes).ok(),
        }
    }
}

impl<const N: usize> Room<N> {
    fn value(&self) -> Value<'_> {
        match (self.fit, self.as_str()) {
            (Fit::Omitted, _) => Value::Omitted,
            (fit, Some(text)) => Value::Text { text, is_cut: fit == Fit::Cut },
            (_, None) => Value::Absent,
        }
    }
}

impl<const N: usize> PartialEq for Room<N> {
    fn eq(&self, other: &Self) -> bool {
        self.fit == other.fit && self.as_str() == other.as_str()
    }
}

impl TextView {
    /// Makes the place a present, empty string.
    pub(crate) fn begin(&mut self) {
        self.bytes.clear();
        self.fit = Fit::Whole;
    }

    /// Takes one more piece, of which whole characters as long as there is room.
    pub(crate) fn append(&mut self, piece: &[u8]) {
        // After a cut nothing may follow the gap, were it short enough to fit.
        if self.fit == Fit::Cut || self.bytes.extend_from_slice(piece).is_err() {
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
        let mut room = self.bytes.capacity().saturating_sub(self.bytes.len());
        while let Some(0x80..=0xBF) = piece.get(room) {
            room = room.saturating_sub(1);
        }
        for byte in piece.iter().take(room) {
            // There is room for so many: never an error.
            let _ = self.bytes.push(*byte);
        }
    }

    /// Marks a string as cut that is handed over without its end.
    #[cfg(feature = "serde")]
    pub(crate) fn cut(&mut self) {
        self.fit = Fit::Cut;
    }

    /// Whether all of the string fits.
    pub(crate) fn is_whole(&self) -> bool {
        self.fit != Fit::Cut
    }

    /// Makes the place absent and marked: there was a string, and it is of no use.
    pub(crate) fn omit(&mut self) {
        self.bytes.as_mut_slice().zeroize();
        self.bytes.clear();
        self.fit = Fit::Omitted;
    }

    pub(crate) fn capacity(&self) -> usize {
        self.bytes.capacity()
    }
}

/// A string that people read, of at most `N` bytes of UTF-8.
///
/// ```
/// use graph_call::{Call, Overflow, CallParser, ParseOptions};
///
/// let mut call = Call::new();
/// call.parse_into(br#"{"subject":"Stand-up"}"#)?;
/// assert_eq!(call.subject.as_str(), Some("Stand-up"));
/// assert!(!call.subject.is_truncated());
/// # Ok::<(), graph_call::Error>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct Text<const N: usize>(Room<N>);

impl<const N: usize> Text<N> {
    /// The text, or `None` if the member is absent, null or not wanted.
    pub fn as_str(&self) -> Option<&str> {
        self.0.as_str()
    }

    /// Whether the text on the wire was longer, and its end is missing here.
    pub fn is_truncated(&self) -> bool {
        matches!(self.0.fit, Fit::Cut | Fit::Omitted)
    }
}

impl<const N: usize> Cell for Text<N> {
    const EMPTY: Self = Self(Room::EMPTY);

    fn place(&mut self) -> Place<'_> {
        Place::Text(&mut self.0)
    }

    fn value(&self) -> Value<'_> {
        self.0.value()
    }

    fn clear(&mut self) {
        self.0.fit = Fit::Absent;
    }
}

/// An id or a URI, of at most `N` bytes of UTF-8: whole or absent.
///
/// ```
/// let call = graph_call::Call::parse(br#"{"id":"2e1a0b00-2db4-4022-9570-243709c565ab"}"#)?;
/// assert_eq!(call.id.as_str(), Some("2e1a0b00-2db4-4022-9570-243709c565ab"));
/// # Ok::<(), graph_call::Error>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct Exact<const N: usize>(Room<N>);

impl<const N: usize> Exact<N> {
    /// The value, or `None` if the member is absent, null or did not fit.
    pub fn as_str(&self) -> Option<&str> {
        self.0.as_str()
    }

    /// Whether there was a value on the wire that did not fit.
    pub fn is_omitted(&self) -> bool {
        self.0.fit == Fit::Omitted
    }
}

impl<const N: usize> Cell for Exact<N> {
    const EMPTY: Self = Self(Room::EMPTY);

    fn place(&mut self) -> Place<'_> {
        Place::Exact(&mut self.0)
    }

    fn value(&self) -> Value<'_> {
        self.0.value()
    }

    fn clear(&mut self) {
        self.0.fit = Fit::Absent;
    }
}

/// A token, passcode or key, of at most `N` bytes: whole or absent, never shown, zeroed when dropped.
///
/// ```
/// let call = graph_call::Call::parse(br#"{"meetingInfo":{"passcode":"psw123"}}"#)?;
/// let passcode = &call.meeting_info.get().ok_or("no meeting")?.passcode;
/// assert_eq!(passcode.reveal(), Some("psw123"));
/// assert_eq!(format!("{passcode:?}"), "(secret)");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct Secret<const N: usize>(Room<N>);

impl<const N: usize> Secret<N> {
    /// The secret itself, or `None` if the member is absent, null or did not fit.
    pub fn reveal(&self) -> Option<&str> {
        self.0.as_str()
    }

    /// Whether there was a value on the wire that did not fit.
    pub fn is_omitted(&self) -> bool {
        self.0.fit == Fit::Omitted
    }

    fn erase(&mut self) {
        self.0.bytes.as_mut_slice().zeroize();
        self.0.bytes.clear();
        self.0.fit = Fit::Absent;
    }
}

impl<const N: usize> Cell for Secret<N> {
    const EMPTY: Self = Self(Room::EMPTY);
    const HOLDS_SECRET: bool = N > 0;

    fn place(&mut self) -> Place<'_> {
        Place::Exact(&mut self.0)
    }

    fn value(&self) -> Value<'_> {
        match self.0.value() {
            Value::Text { text, .. } => Value::Secret(text),
            value => value,
        }
    }

    fn clear(&mut self) {
        self.erase();
    }
}

impl<const N: usize> Drop for Secret<N> {
    fn drop(&mut self) {
        self.erase();
    }
}

cell_by_value! {
    [const N: usize] Text<N>,
    [const N: usize] Exact<N>,
    [const N: usize] Secret<N>,
}
