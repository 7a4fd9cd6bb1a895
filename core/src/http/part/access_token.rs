//! The secret that opens it.

use core::fmt;

use super::{Part, RequestError};

/// An access token: a secret, which `Debug` and defmt do not show.
///
/// ```
/// use graph_call::http::AccessToken;
///
/// let token = AccessToken::new("eyJ0eXAi.eyJhdWQi.c2ln")?;
/// assert_eq!(format!("{token:?}"), "AccessToken(redacted)");
/// # Ok::<(), graph_call::http::RequestError>(())
/// ```
#[derive(Clone, Copy)]
pub struct AccessToken<'a>(&'a str);

impl<'a> AccessToken<'a> {
    /// Checks an access token: at most 16 KiB of
    /// `b64token = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="` (RFC 6750).
    ///
    /// # Errors
    /// Anything else, by the offset of the first wrong byte; the error holds nothing of the secret.
    pub fn new(token: &'a str) -> Result<Self, RequestError> {
        let mut body = token.as_bytes();
        while let [before @ .., b'='] = body {
            body = before;
        }
        Part::AccessToken.check(body, |byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/')
        })?;
        if token.len() > Part::AccessToken.longest() {
            return Err(RequestError::TooLong(Part::AccessToken));
        }
        Ok(Self(token))
    }

    /// A token whose every byte has been checked as it came.
    pub(crate) const fn checked(token: &'a str) -> Self {
        Self(token)
    }

    /// The secret.
    pub const fn reveal(self) -> &'a str {
        self.0
    }
}

impl fmt::Debug for AccessToken<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(redacted)")
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for AccessToken<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "AccessToken(redacted)");
    }
}
