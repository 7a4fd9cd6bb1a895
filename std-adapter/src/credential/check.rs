//! What any access token must look like.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use graph_call::http::AccessToken;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::error::{Error, ErrorKind, Phase};

/// Base64url (RFC 7515, section 2), with or without padding.
const BASE64URL: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Accepts the access token of an application.
pub(crate) fn check(access_token: &str) -> Result<(), Error> {
    match fault(access_token) {
        None => Ok(()),
        Some(fault) => Err(Error::new(ErrorKind::Credential, Phase::Credential, fault)),
    }
}

/// Why this is no access token of an application.
pub(super) fn fault(access_token: &str) -> Option<String> {
    if let Err(error) = AccessToken::new(access_token) {
        return Some(error.to_string());
    }
    is_delegated(access_token).then(|| {
        "this access token is a signed-in user's (claim scp, no roles): delegated tokens are not \
         supported for calls, use an application's"
            .to_owned()
    })
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
