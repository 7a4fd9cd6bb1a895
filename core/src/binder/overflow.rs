//! What becomes of what does not fit.

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
