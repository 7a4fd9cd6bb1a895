//! What any access token must look like.

use graph_call::http::{AccessToken, Cloud};

use super::claims::Claims;
use crate::error::{Error, ErrorKind, Phase};

/// Accepts the access token of an application, for the Graph of this cloud if one is named.
pub(crate) fn check(access_token: &str, cloud: Option<Cloud>) -> Result<(), Error> {
    let misfit = || Claims::read(access_token)?.misfit(cloud?);
    match fault(access_token).or_else(misfit) {
        None => Ok(()),
        Some(fault) => Err(Error::new(ErrorKind::Credential, Phase::Credential, fault)),
    }
}

/// Why this is no access token of an application.
pub(super) fn fault(access_token: &str) -> Option<String> {
    match AccessToken::new(access_token) {
        Err(error) => Some(error.to_string()),
        Ok(_) => Claims::read(access_token)?.not_an_application(),
    }
}
