//! An application as Azure's SDKs find it in the environment.

use std::fmt;
use std::path::Path;

use super::environment::{
    Authority, CLIENT, FEDERATED_FILE, Lookup, TENANT, failed, required, value, variable,
};
use super::written::read_file;
use super::{ClientCertificate, ClientCredentials, Credential, Offer, Wanted, WorkloadIdentity};
use crate::error::Error;

const CLIENT_SECRET: &str = "AZURE_CLIENT_SECRET";
const CERTIFICATE_PATH: &str = "AZURE_CLIENT_CERTIFICATE_PATH";

/// The application that the environment names as Azure's SDKs want it: with a secret, a certificate or a federated
/// assertion, whichever comes first.
///
/// | name | for |
/// |---|---|
/// | `AZURE_TENANT_ID`, `AZURE_CLIENT_ID` | every application |
/// | `AZURE_CLIENT_SECRET` | [`ClientCredentials`] |
/// | `AZURE_CLIENT_CERTIFICATE_PATH` | [`ClientCertificate`] |
/// | `AZURE_FEDERATED_TOKEN_FILE` | [`WorkloadIdentity`] |
/// | `AZURE_AUTHORITY_HOST` | if it is there, it has to be the login host of the cloud |
///
/// ```
/// use graph_call_std::Cloud;
/// use graph_call_std::credential::{Credential, EnvironmentCredential, Offer, Wanted};
///
/// // `from_env()` reads the environment itself; the values may come from elsewhere, too.
/// let mut app = EnvironmentCredential::from_lookup(|name| match name {
///     "AZURE_TENANT_ID" => Some("contoso.example".to_owned()),
///     "AZURE_CLIENT_ID" => Some("2891555a-92ff-42e6-80fa-6e1300c6b5c6".to_owned()),
///     "AZURE_CLIENT_SECRET" => Some("secret".to_owned()),
///     _ => None,
/// })?;
/// assert!(matches!(app.offer(&Wanted::new(Cloud::Global))?, Offer::Ask(_)));
/// assert!(EnvironmentCredential::from_lookup(|_| None).is_err());
/// # Ok::<(), graph_call_std::Error>(())
/// ```
pub struct EnvironmentCredential {
    credential: Box<dyn Credential + Send>,
    authority: Authority,
}

impl EnvironmentCredential {
    /// Looks at the variables of the environment; one that is empty or not UTF-8 is none.
    ///
    /// # Errors
    /// When one is missing or cannot be used.
    pub fn from_env() -> Result<Self, Error> {
        Self::from_lookup(variable)
    }

    /// The same with values from elsewhere.
    ///
    /// # Errors
    /// When one is missing or cannot be used.
    pub fn from_lookup(get: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        Ok(Self { credential: choose(&get)?, authority: Authority::new(&get) })
    }
}

fn choose(get: Lookup<'_>) -> Result<Box<dyn Credential + Send>, Error> {
    let secret = value(get, CLIENT_SECRET);
    let certificate = value(get, CERTIFICATE_PATH);
    if secret.is_none() && certificate.is_none() && value(get, FEDERATED_FILE).is_none() {
        let one = format!("{CLIENT_SECRET}, {CERTIFICATE_PATH} or {FEDERATED_FILE}");
        return Err(failed(format!(
            "the environment names no application: set {TENANT}, {CLIENT}, and {one}"
        )));
    }
    let [tenant, client_id] = required(get, [TENANT, CLIENT])?;
    if let Some(secret) = secret {
        return Ok(Box::new(ClientCredentials::new(&tenant, &client_id, secret)?));
    }
    if let Some(path) = certificate {
        let pem = read_file(Path::new(&path), &format!("{CERTIFICATE_PATH}, {path},"))?;
        return Ok(Box::new(ClientCertificate::new(&tenant, &client_id, &pem)?));
    }
    Ok(Box::new(WorkloadIdentity::from_variables(get)?))
}

impl Credential for EnvironmentCredential {
    fn offer(&mut self, wanted: &Wanted<'_>) -> Result<Offer, Error> {
        self.authority.check(wanted.cloud)?;
        self.credential.offer(wanted)
    }

    fn revision(&self) -> u64 {
        self.credential.revision()
    }

    fn is_slow(&self) -> bool {
        self.credential.is_slow()
    }
}

/// Shows the credential that was found.
impl fmt::Debug for EnvironmentCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("EnvironmentCredential").field(&self.credential).finish()
    }
}
