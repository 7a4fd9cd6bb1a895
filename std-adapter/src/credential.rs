//! Where access tokens come from.
//!
//! A credential performs no I/O: it hands out a token, or the one request that would bring it a
//! token, so that the blocking client and the async client share every implementation.

use core::fmt;
use core::time::Duration;

use zeroize::Zeroizing;

use crate::error::Error;

mod client_credentials;
mod endpoint;
mod fixed_token;

pub use client_credentials::ClientCredentials;
pub use fixed_token::FixedToken;

/// A secret text: hidden in `Debug`, wiped when dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a text into custody.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text itself; the name says what it means to call this.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

/// What a credential has to offer right now.
#[derive(Debug)]
#[non_exhaustive]
pub enum Offer {
    /// A token to use.
    Token(Secret),
    /// Post this form first; [`Credential::answer`] takes what comes back.
    Ask(TokenRequest),
}

/// The two hosts of a cloud: whom a token is for, and who hands it out.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Audience<'a> {
    /// The Graph host; `https://` + this + `/.default` is the scope of application tokens.
    pub graph_host: &'a str,
    /// The login host; every [`TokenRequest`] goes there and nowhere else.
    pub login_host: &'a str,
}

/// One form to post to the login host, over TLS.
#[derive(Debug)]
pub struct TokenRequest {
    /// The request target, beginning with `/`.
    pub target: String,
    /// The content, `application/x-www-form-urlencoded`; it holds the client's secret.
    pub form: Secret,
}

/// What a login host answered.
#[derive(Debug)]
pub struct TokenAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The content; it may hold a token.
    pub content: Secret,
}

/// A source of access tokens, without I/O of its own.
///
/// ```
/// use core::time::Duration;
/// use graph_call_std::{Audience, Credential, Error, Offer, Secret, TokenAnswer};
///
/// /// The token that another program keeps fresh in a file.
/// #[derive(Debug)]
/// struct FromFile(std::path::PathBuf);
///
/// impl Credential for FromFile {
///     fn offer(&mut self, _: &Audience<'_>, _: Duration) -> Result<Offer, Error> {
///         let text = std::fs::read_to_string(&self.0)
///             .map_err(|error| Error::usage("the token file cannot be read").caused_by(error))?;
///         Ok(Offer::Token(Secret::new(text.trim())))
///     }
///     fn answer(&mut self, answer: Result<TokenAnswer, Error>, _: Duration) -> Result<(), Error> {
///         answer.map(|_| ())
///     }
///     fn rejected(&mut self, _: Option<&str>) -> bool {
///         true
///     }
/// }
/// ```
pub trait Credential: fmt::Debug {
    /// A token for the audience, or the request that would bring one; `now` is the client's clock.
    ///
    /// # Errors
    /// When there is no token and no way to one.
    fn offer(&mut self, audience: &Audience<'_>, now: Duration) -> Result<Offer, Error>;

    /// Takes the answer to the request of the last [`Offer::Ask`], or why there was none.
    ///
    /// # Errors
    /// When the answer holds no token and no older one is still valid.
    fn answer(&mut self, answer: Result<TokenAnswer, Error>, now: Duration) -> Result<(), Error>;

    /// The service did not accept the last token; `claims` is what it asks of the next one.
    ///
    /// True when another token may be had: the client then asks for it once.
    fn rejected(&mut self, claims: Option<&str>) -> bool;
}
