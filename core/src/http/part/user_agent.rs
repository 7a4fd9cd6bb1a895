//! What the program calls itself.

use super::{Part, RequestError};

/// What the program calls itself: `name/version`.
///
/// ```
/// use graph_call::http::UserAgent;
///
/// let agent = UserAgent::new("door-panel/2.1")?;
/// assert_eq!(agent.as_str(), "door-panel/2.1");
/// # Ok::<(), graph_call::http::RequestError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct UserAgent<'a>(&'a str);

impl UserAgent<'static> {
    /// This crate and its version.
    pub const DEFAULT: Self = Self(concat!("graph-call/", env!("CARGO_PKG_VERSION")));
}

impl<'a> UserAgent<'a> {
    /// Checks a user agent: 1 to 256 bytes of visible ASCII, and spaces between.
    ///
    /// # Errors
    /// Anything else, by the offset of the first wrong byte.
    pub fn new(agent: &'a str) -> Result<Self, RequestError> {
        Part::UserAgent.check(agent.as_bytes(), |byte| matches!(byte, b' '..=b'~'))?;
        if agent.starts_with(' ') {
            return Err(RequestError::Byte { part: Part::UserAgent, offset: 0 });
        }
        if agent.ends_with(' ') {
            return Err(RequestError::Byte { part: Part::UserAgent, offset: agent.len().saturating_sub(1) });
        }
        Ok(Self(agent))
    }

    /// The user agent as given.
    pub const fn as_str(self) -> &'a str {
        self.0
    }
}
