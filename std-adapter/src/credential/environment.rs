//! The names that Azure's SDKs give to what they take from the environment.

use std::env;

use graph_call::http::Cloud;

use crate::error::{Error, ErrorKind, Phase};

pub(super) const TENANT: &str = "AZURE_TENANT_ID";
pub(super) const CLIENT: &str = "AZURE_CLIENT_ID";
pub(super) const FEDERATED_FILE: &str = "AZURE_FEDERATED_TOKEN_FILE";
const AUTHORITY: &str = "AZURE_AUTHORITY_HOST";

/// Where a value is looked up by its name.
pub(super) type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// A variable of the environment; one that is not UTF-8 is none.
pub(super) fn variable(name: &str) -> Option<String> {
    env::var(name).ok()
}

/// A value that is there and not empty.
pub(super) fn value(get: Lookup<'_>, name: &str) -> Option<String> {
    get(name).filter(|value| !value.is_empty())
}

/// The values of all names, or an error that tells which are missing.
pub(super) fn required<const N: usize>(get: Lookup<'_>, names: [&str; N]) -> Result<[String; N], Error> {
    let values = names.map(|name| value(get, name));
    let missing: Vec<&str> =
        names.into_iter().zip(&values).filter_map(|(name, value)| value.is_none().then_some(name)).collect();
    if missing.is_empty() {
        return Ok(values.map(Option::unwrap_or_default));
    }
    Err(failed(format!("not set: {}", missing.join(", "))))
}

/// The login host that the environment names, if it does.
#[derive(Clone, Debug, Default)]
pub(super) struct Authority(Option<String>);

impl Authority {
    pub(super) fn new(get: Lookup<'_>) -> Self {
        Self(value(get, AUTHORITY))
    }

    /// Sees to it that a secret goes to nobody but the login host of the cloud.
    pub(super) fn check(&self, cloud: Cloud) -> Result<(), Error> {
        let Some(authority) = &self.0 else { return Ok(()) };
        let host = authority.trim();
        let host = host.strip_prefix("https://").unwrap_or(host).trim_end_matches('/');
        if host.strip_suffix(":443").unwrap_or(host).eq_ignore_ascii_case(cloud.login_host()) {
            return Ok(());
        }
        let of_cloud = cloud.login_host();
        Err(failed(format!(
            "{AUTHORITY} is {authority}, and the login host of the cloud is {of_cloud}: choose its cloud"
        )))
    }
}

pub(super) fn failed(detail: String) -> Error {
    Error::new(ErrorKind::Credential, Phase::Credential, detail)
}
