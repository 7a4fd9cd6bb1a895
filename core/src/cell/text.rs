//! Strings in the three kinds that a call has.
//!
//! | type | for | too long, and cutting is allowed |
//! |---|---|---|
//! | [`Text`] | what people read | cut after a whole character, and marked |
//! | [`Id`] | ids, URIs | absent, and marked: half an id is a wrong id |
//! | [`Secret`] | tokens, passcodes | absent, and marked; never shown, zeroed when dropped |
//!
//! A capacity of 0 says that the member is not wanted. Then a value on the wire is no error, whatever its length:
//! the member is absent, and marked.

use super::Cell;
use super::storage::TextStorage;
use crate::record::{Buffer, Place, Value};

/// A string that people read, kept in a [`TextStorage`]: `Text<[u8; 128]>` has at most 128 bytes of UTF-8.
///
/// ```
/// use graph_call::{Call, Overflow, Parser, ParseOptions};
///
/// let mut call = Call::new();
/// call.parse_into(br#"{"subject":"Stand-up"}"#)?;
/// assert_eq!(call.subject.as_str(), Some("Stand-up"));
/// assert!(!call.subject.is_truncated());
/// # Ok::<(), graph_call::Error>(())
/// ```
pub struct Text<S: TextStorage>(Buffer<S::Bytes>);

impl<S: TextStorage> Text<S> {
    /// The text, or `None` if the member is absent, null or not wanted.
    pub fn as_str(&self) -> Option<&str> {
        self.0.as_str()
    }

    /// Whether the text on the wire was longer, and its end is missing here.
    pub fn is_truncated(&self) -> bool {
        self.0.is_cut() || self.0.is_omitted()
    }

    /// Whether half of a surrogate pair stood in the text, for which U+FFFD stands here
    /// ([`lone_surrogates`](crate::ParseOptions::lone_surrogates)). One that lost its end as well is only
    /// [truncated](Self::is_truncated).
    ///
    /// ```
    /// use graph_call::{Call, ParseOptions};
    ///
    /// let mut call = Call::new();
    /// call.parse_into_with(br#"{"subject":"cut \ud83d"}"#, ParseOptions::new().lone_surrogates(true))?;
    /// assert_eq!(call.subject.as_str(), Some("cut \u{fffd}"));
    /// assert!(call.subject.is_replaced());
    /// # Ok::<(), graph_call::Error>(())
    /// ```
    pub fn is_replaced(&self) -> bool {
        self.0.is_replaced()
    }
}

impl<S: TextStorage> Cell for Text<S> {
    const EMPTY: Self = Self(Buffer::EMPTY);

    fn place(&mut self) -> Place<'_> {
        Place::Text(S::text(&mut self.0))
    }

    fn value(&self) -> Value<'_> {
        self.0.value()
    }

    fn clear(&mut self) {
        self.0.clear();
    }
}

/// An id or a URI: whole or absent.
///
/// ```
/// let call = graph_call::Call::parse(br#"{"id":"2e1a0b00-2db4-4022-9570-243709c565ab"}"#)?;
/// assert_eq!(call.id.as_str(), Some("2e1a0b00-2db4-4022-9570-243709c565ab"));
/// # Ok::<(), graph_call::Error>(())
/// ```
pub struct Id<S: TextStorage>(Buffer<S::Bytes>);

impl<S: TextStorage> Id<S> {
    /// The value, or `None` if the member is absent, null or did not fit.
    pub fn as_str(&self) -> Option<&str> {
        self.0.as_str()
    }

    /// Whether there was a value on the wire that did not fit.
    pub fn is_omitted(&self) -> bool {
        self.0.is_omitted()
    }
}

impl<S: TextStorage> Cell for Id<S> {
    const EMPTY: Self = Self(Buffer::EMPTY);

    fn place(&mut self) -> Place<'_> {
        Place::Id(S::text(&mut self.0))
    }

    fn value(&self) -> Value<'_> {
        self.0.value()
    }

    fn clear(&mut self) {
        self.0.clear();
    }
}

/// A token, passcode or key: whole or absent, never shown, zeroed when dropped.
///
/// ```
/// let call = graph_call::Call::parse(br#"{"meetingInfo":{"passcode":"psw123"}}"#)?;
/// let passcode = &call.meeting_info.get().ok_or("no meeting")?.passcode;
/// assert_eq!(passcode.reveal(), Some("psw123"));
/// assert_eq!(format!("{passcode:?}"), "(secret)");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
pub struct Secret<S: TextStorage>(Buffer<S::Bytes>);

impl<S: TextStorage> Secret<S> {
    /// The secret itself, or `None` if the member is absent, null or did not fit.
    pub fn reveal(&self) -> Option<&str> {
        self.0.as_str()
    }

    /// Whether there was a value on the wire that did not fit.
    pub fn is_omitted(&self) -> bool {
        self.0.is_omitted()
    }
}

impl<S: TextStorage> Cell for Secret<S> {
    const EMPTY: Self = Self(Buffer::EMPTY);
    const HOLDS_SECRET: bool = S::IS_WANTED;

    fn place(&mut self) -> Place<'_> {
        Place::Id(S::text(&mut self.0))
    }

    fn value(&self) -> Value<'_> {
        match self.0.value() {
            Value::Text { text, .. } => Value::Secret(text),
            value => value,
        }
    }

    fn clear(&mut self) {
        self.0.erase();
    }
}

impl<S: TextStorage> Drop for Secret<S> {
    fn drop(&mut self) {
        self.0.erase();
    }
}

/// A number of any form, `Edm.Double`, kept as it is written.
///
/// The numbers that JSON cannot write come as the strings `"NaN"`, `"INF"` and `"-INF"`, in which they are written again.
///
/// A device that never looks at one carries no arithmetic of floating point.
///
/// ```
/// graph_call::capacities! { Roster { expand: 2 } }
///
/// let mut call = graph_call::Call::<Roster>::empty();
/// call.parse_into(br#"{"participants":[{"syntheticMediaDetection":{"syntheticConfidence":0.750}}]}"#)?;
/// let media = call.participants[0].synthetic_media_detection.get().ok_or("nothing said")?;
/// assert_eq!(media.synthetic_confidence.as_str(), Some("0.750"));
/// assert_eq!(media.synthetic_confidence.get(), Some(0.75));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
pub struct Double<S: TextStorage>(Buffer<S::Bytes>);

impl<S: TextStorage> Double<S> {
    /// The number, or of the finite ones the nearest to it; `None` if the member is absent, null or did not fit.
    pub fn get(&self) -> Option<f64> {
        self.as_str().map(double)
    }

    /// The number as it is written.
    pub fn as_str(&self) -> Option<&str> {
        self.0.as_str()
    }

    /// Whether there was a number on the wire that did not fit.
    pub fn is_omitted(&self) -> bool {
        self.0.is_omitted()
    }
}

impl<S: TextStorage> Cell for Double<S> {
    const EMPTY: Self = Self(Buffer::EMPTY);

    fn place(&mut self) -> Place<'_> {
        Place::Double(S::text(&mut self.0))
    }

    fn value(&self) -> Value<'_> {
        match self.0.value() {
            Value::Text { text, .. } => Value::Double(text),
            value => value,
        }
    }

    fn clear(&mut self) {
        self.0.clear();
    }
}

impl<S: TextStorage> Clone for Double<S> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// The number that a text writes, or of the finite ones the nearest to it.
pub(crate) fn double(text: &str) -> f64 {
    match text {
        "INF" => f64::INFINITY,
        "-INF" => f64::NEG_INFINITY,
        _ => text.parse().map_or(0.0, |number: f64| number.clamp(f64::MIN, f64::MAX)),
    }
}

/// One number has many spellings.
impl<S: TextStorage> PartialEq for Double<S> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0 || self.get().is_some() && self.get() == other.get()
    }
}

macro_rules! cloned_and_compared {
    ($($text:ident,)*) => {$(
        impl<S: TextStorage> Clone for $text<S> {
            fn clone(&self) -> Self {
                Self(self.0.clone())
            }
        }

        impl<S: TextStorage> PartialEq for $text<S> {
            fn eq(&self, other: &Self) -> bool {
                self.0 == other.0
            }
        }
    )*};
}

cloned_and_compared! {
    Text,
    Id,
    Secret,
}
