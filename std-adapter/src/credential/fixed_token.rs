//! An access token that somebody else fetched, and what any access token must look like.

use core::time::Duration;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use graph_call::http::AccessToken;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::{Audience, Credential, Offer, Secret, TokenAnswer};
use crate::error::{Error, ErrorKind, Phase};

/// Base64url (RFC 7515, section 2), with or without padding.
const BASE64URL: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

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
        check(access_token.reveal())?;
        Ok(Self(access_token))
    }
}

impl Credential for FixedToken {
    fn offer(&mut self, _audience: &Audience<'_>, _now: Duration) -> Result<Offer, Error> {
        Ok(Offer::Token(self.0.clone()))
    }

    fn answer(&mut self, answer: Result<TokenAnswer, Error>, _now: Duration) -> Result<(), Error> {
        answer.map(|_| ())
    }

    fn rejected(&mut self, _claims: Option<&str>) -> bool {
        false
    }
}

/// Accepts the access token of an application.
pub(super) fn check(access_token: &str) -> Result<(), Error> {
    let refused = |detail: String| Err(Error::new(ErrorKind::Credential, Phase::Credential, detail));
    if let Err(error) = AccessToken::new(access_token) {
        return refused(error.to_string());
    }
    if is_delegated(access_token) {
        return refused(
            "this access token is a signed-in user's (claim scp, no roles): delegated tokens are not \
             supported for calls, use an application's"
                .to_owned(),
        );
    }
    Ok(())
}

/// Whether the token has scopes (`scp`) and no application `roles`.
///
/// A token is for the service to validate, not for its client: whatever cannot be read here (an
/// opaque or encrypted token) is left for the service to judge.
fn is_delegated(access_token: &str) -> bool {
    #[derive(Deserialize)]
    struct Claims {
        scp: Option<serde::de::IgnoredAny>,
        roles: Option<serde::de::IgnoredAny>,
    }
    let mut parts = access_token.split('.');
    let (Some(_header), Some(payload), Some(_signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let Ok(payload) = BASE64URL.decode(payload).map(Zeroizing::new) else { return false };
    serde_json::from_slice(&payload).is_ok_and(|Claims { scp, roles }| scp.is_some() && roles.is_none())
}
