//! The id of the call that is asked for.

use super::{Part, RequestError};

/// The id of a call, fit to stand in a path as it is.
///
/// ```
/// use graph_call::http::CallId;
///
/// let id = CallId::new("2f1a1100-b174-40a0-aba7-0b405e01ed92")?;
/// assert_eq!(id.as_str().len(), 36);
/// # Ok::<(), graph_call::http::RequestError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct CallId<'a>(&'a str);

impl<'a> CallId<'a> {
    /// Checks an id: 1 to 128 of `unreserved = ALPHA / DIGIT / "-" / "." / "_" / "~"` (RFC 3986).
    ///
    /// # Errors
    /// Anything else, and `.` and `..`. Nothing is percent-encoded in silence.
    pub fn new(id: &'a str) -> Result<Self, RequestError> {
        Part::CallId.check(id.as_bytes(), |byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
        })?;
        if id == "." || id == ".." {
            return Err(RequestError::Dots);
        }
        Ok(Self(id))
    }

    /// The id as given.
    pub const fn as_str(self) -> &'a str {
        self.0
    }
}
