//! Filling the model in place from a peer that hands out one piece of JSON at a time.

#[cfg(feature = "microjson")]
pub mod microjson;
#[cfg(feature = "picojson")]
pub mod picojson;

/// A peer's reader, positioned before a value or between two.
///
/// Every method that reads a value says `None` or `false` where the value is `null`.
pub trait Pull {
    /// What the peer reports, and what does not fit.
    type Error: From<Misfit>;

    /// Enters an object.
    fn object(&mut self) -> Result<bool, Self::Error>;
    /// Reads the next member's name and hands it over; `None` at the object's end, which is left.
    fn member<R>(&mut self, name: impl FnOnce(&str) -> R) -> Result<Option<R>, Self::Error>;
    /// Enters an array.
    fn array(&mut self) -> Result<bool, Self::Error>;
    /// Whether an object follows in the array; at its end the array is left.
    fn element(&mut self) -> Result<bool, Self::Error>;
    /// Reads the next text of an array of texts; `None` at the array's end, which is left.
    fn text_element<R>(&mut self, keep: impl FnOnce(&str) -> R) -> Result<Option<R>, Self::Error>;
    /// Reads a string.
    fn text<R>(&mut self, keep: impl FnOnce(&str) -> R) -> Result<Option<R>, Self::Error>;
    /// Reads an integer.
    fn integer(&mut self) -> Result<Option<i64>, Self::Error>;
    /// Reads a boolean.
    fn flag(&mut self) -> Result<Option<bool>, Self::Error>;
    /// Passes over a value of any kind.
    fn skip(&mut self) -> Result<(), Self::Error>;
}

/// The document holds something the model has no room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Misfit;
