//! What a caller may choose about reading.

use super::overflow::Overflow;
use super::required::Required;

/// How a call is read; the default is strict and refuses what does not fit.
///
/// ```
/// use graph_call::{Parser, Overflow, ParseOptions};
///
/// let options = ParseOptions::new().trailing_commas(true).overflow(Overflow::Truncate);
/// let parser = Parser::with_options(options);
/// # let _ = parser;
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ParseOptions {
    pub(crate) trailing_commas: bool,
    pub(crate) lone_surrogates: bool,
    pub(crate) overflow: Overflow,
    pub(crate) required: Required,
}

impl ParseOptions {
    /// Strict, and refusing what does not fit.
    pub const fn new() -> Self {
        Self {
            trailing_commas: false,
            lone_surrogates: false,
            overflow: Overflow::Refuse,
            required: Required::ALL,
        }
    }

    /// Accepts one comma before a closing bracket, as Microsoft's documentation prints them.
    #[must_use]
    pub const fn trailing_commas(mut self, accepted: bool) -> Self {
        self.trailing_commas = accepted;
        self
    }

    /// Accepts half of a surrogate pair in a value that is kept, such as `"\ud83d"`: what a sender leaves that cuts a text in
    /// the middle of a character. U+FFFD stands in its place, and readable text [says so](crate::Text::is_replaced); an id,
    /// URI or secret is absent and marked, as if it did not fit.
    ///
    /// In a value that nobody keeps it is no fault at all: there the grammar of RFC 8259 is enough, which allows it.
    #[must_use]
    pub const fn lone_surrogates(mut self, accepted: bool) -> Self {
        self.lone_surrogates = accepted;
        self
    }

    /// What happens to a value that is larger than its place.
    #[must_use]
    pub const fn overflow(mut self, overflow: Overflow) -> Self {
        self.overflow = overflow;
        self
    }

    /// Which members of a call have to be right; without this option, all. A fault in another member, anywhere in it, then
    /// costs that member and not the call: a value of another type than is published, one that does not fit, or a member
    /// twice in its object. The member is absent, and the call [says so](crate::Call::unreadable).
    ///
    /// The names are those of the call's own members, as they are on the wire. A name that no member has requires nothing.
    /// What is no JSON is refused wherever it stands, and so is what says that it is no call. A record that has no place for
    /// such marks, as every one but a call, is read as without the option.
    ///
    /// ```
    /// use graph_call::{Call, ParseOptions};
    ///
    /// let options = ParseOptions::new().required(&["id", "state"]);
    /// let mut call = Call::new();
    /// call.parse_into_with(br#"{"id":"2f1a1100","toneInfo":"tone5"}"#, options)?;
    /// assert_eq!(call.id.as_str(), Some("2f1a1100"));
    /// assert!(call.unreadable().contains("toneInfo"));
    /// assert!(call.parse_into_with(br#"{"id":2,"toneInfo":"tone5"}"#, options).is_err());
    /// # Ok::<(), graph_call::Error>(())
    /// ```
    #[must_use]
    pub const fn required<const N: usize>(mut self, names: &'static [&'static str; N]) -> Self {
        self.required = Required::only(names);
        self
    }
}
