//! What a caller may choose about reading.

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
}

/// What happens to a value that is larger than its place.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Overflow {
    /// The parse fails, with an error that names the member, the capacity and the need.
    #[default]
    Refuse,
    /// Readable text is cut and marked, a list keeps its first elements and the true count, an id, URI or
    /// secret is absent and marked.
    Truncate,
}

impl ParseOptions {
    /// Strict, and refusing what does not fit.
    pub const fn new() -> Self {
        Self { trailing_commas: false, lone_surrogates: false, overflow: Overflow::Refuse }
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
}
