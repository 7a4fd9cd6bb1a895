//! Where access tokens come from.
//!
//! - takes: what a token is wanted for
//! - gives: a token, or the one request that brings one
//! - keeps: what it needs for the next one
//! - refuses: nothing by itself; the endpoint and the service judge
//!
//! A credential sends nothing: the client sends its request, reads the answer, and decides when the next token is due. So
//! the blocking client and the async one share every credential. Only one that is slow waits, for a file or a program.

mod check;
mod claims;
mod client_certificate;
mod client_credentials;
mod environment;
mod environment_credential;
mod fixed_token;
mod managed_identity;
mod request;
mod secret;
mod token_command;
mod token_file;
mod workload_identity;
mod written;

use core::fmt;
use core::time::Duration;

use graph_call::http::Cloud;

use crate::error::Error;

pub(crate) use check::check;
pub use claims::Claims;
pub use client_certificate::ClientCertificate;
pub use client_credentials::ClientCredentials;
pub use environment_credential::EnvironmentCredential;
pub use fixed_token::FixedToken;
pub use managed_identity::ManagedIdentity;
pub use request::{Field, TokenRequest};
pub use secret::Secret;
pub use token_command::TokenCommand;
pub use token_file::TokenFile;
pub use workload_identity::WorkloadIdentity;

/// What a token is wanted for.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Wanted<'a> {
    /// The cloud whose calls are read; `https://` + its Graph host + `/.default` is the scope of application tokens.
    pub cloud: Cloud,
    /// The claims that the token has to satisfy: base64 of JSON, as the service sent them. The client adds them to
    /// the form of a [`TokenRequest`] by itself.
    pub claims: Option<&'a str>,
    /// Whether the service has just refused the token that was offered last.
    pub was_refused: bool,
}

impl Wanted<'_> {
    /// A first token for a cloud.
    #[must_use]
    pub const fn new(cloud: Cloud) -> Self {
        Self { cloud, claims: None, was_refused: false }
    }
}

/// What a credential has to offer.
#[derive(Debug)]
#[non_exhaustive]
pub enum Offer {
    /// A token.
    Token {
        /// The token, without the word `Bearer`.
        token: Secret,
        /// How long it is good for from now on. `None`: until the service refuses it.
        lifetime: Option<Duration>,
    },
    /// The request whose answer holds the token.
    Ask(TokenRequest),
    /// No other token than the one that the service has refused.
    Nothing,
}

/// A source of access tokens.
///
/// A client asks for one when it needs it: for its first request, before the last one ends, and after the service has
/// refused it or asks for claims. Whatever uses the client, there is one such question at a time.
///
/// ```
/// use core::time::Duration;
/// use graph_call_std::Error;
/// use graph_call_std::credential::{Credential, Offer, Secret, Wanted};
///
/// /// The token that a vault of one's own gives out.
/// #[derive(Debug)]
/// struct FromVault;
///
/// fn ask_vault() -> Option<String> {
///     Some("eyJ0eXAiOiJKV1QifQ.e30.c2ln".to_owned())
/// }
///
/// impl Credential for FromVault {
///     fn offer(&mut self, _: &Wanted<'_>) -> Result<Offer, Error> {
///         let token = ask_vault().ok_or_else(|| Error::usage("the vault has no token"))?;
///         // Asked again after ten minutes, whatever the token says.
///         Ok(Offer::Token { token: Secret::new(token), lifetime: Some(Duration::from_secs(600)) })
///     }
///
///     fn is_slow(&self) -> bool {
///         true
///     }
/// }
/// ```
pub trait Credential: fmt::Debug {
    /// A token, or the request that brings one.
    ///
    /// # Errors
    /// When there is none and no way to one.
    fn offer(&mut self, wanted: &Wanted<'_>) -> Result<Offer, Error>;

    /// A number that changes when the credential does: after an endpoint has refused it, nothing more is posted
    /// until then. It is asked for after each offer.
    fn revision(&self) -> u64 {
        0
    }

    /// Whether an offer reads a file or runs a program: an async client asks for it on a thread where that may last.
    fn is_slow(&self) -> bool {
        false
    }
}

impl<C: Credential + ?Sized> Credential for Box<C> {
    fn offer(&mut self, wanted: &Wanted<'_>) -> Result<Offer, Error> {
        (**self).offer(wanted)
    }

    fn revision(&self) -> u64 {
        (**self).revision()
    }

    fn is_slow(&self) -> bool {
        (**self).is_slow()
    }
}
