//! An access token that somebody else fetched.

use super::check::check;
use super::written::Written;
use super::{Claims, Credential, Offer, Secret, Wanted};
use crate::error::Error;

/// One access token, used until the service no longer accepts it.
///
/// ```
/// use graph_call_std::credential::FixedToken;
///
/// let token = FixedToken::new("eyJ0eXAiOiJKV1QifQ.e30.c2ln")?;
/// assert_eq!(format!("{token:?}"), "FixedToken(Secret(hidden))");
/// assert!(FixedToken::new("Bearer eyJ0eXAiOiJKV1QifQ.e30.c2ln").is_err());
/// # Ok::<(), graph_call_std::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct FixedToken(Secret);

impl FixedToken {
    /// Takes an access token, without the word `Bearer`.
    ///
    /// # Errors
    /// When it is not a token, or one of a signed-in user.
    pub fn new(access_token: impl Into<String>) -> Result<Self, Error> {
        let access_token = Secret::new(access_token);
        check(access_token.reveal(), None)?;
        Ok(Self(access_token))
    }

    /// Reads an access token in any form that people have: bare, quoted, after `Bearer` or `Authorization: Bearer`, or
    /// in the JSON that a token endpoint or `az account get-access-token` gives, as UTF-8 or UTF-16.
    ///
    /// ```
    /// use graph_call_std::credential::FixedToken;
    ///
    /// assert!(FixedToken::read(b"Authorization: Bearer eyJ0eXAiOiJKV1QifQ.e30.c2ln\r\n").is_ok());
    /// assert!(FixedToken::read(b"{\"accessToken\": \"eyJ0eXAiOiJKV1QifQ.e30.c2ln\"}").is_ok());
    /// assert!(FixedToken::read(b"").is_err());
    /// ```
    ///
    /// # Errors
    /// When there is no token in it, or one of a signed-in user.
    pub fn read(text: &[u8]) -> Result<Self, Error> {
        Self::read_from(text, "the text")
    }

    /// The same; an error says that it is of `origin`, such as the name of a file.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_from(text: &[u8], origin: &str) -> Result<Self, Error> {
        Written::read(text, origin).map(|written| Self(written.token))
    }

    /// What the token says of itself, if that can be read.
    #[must_use]
    pub fn claims(&self) -> Option<Claims> {
        Claims::read(self.0.reveal())
    }
}

impl Credential for FixedToken {
    fn offer(&mut self, wanted: &Wanted<'_>) -> Result<Offer, Error> {
        if wanted.was_refused {
            return Ok(Offer::Nothing);
        }
        Ok(Offer::Token { token: self.0.clone(), lifetime: None })
    }
}
