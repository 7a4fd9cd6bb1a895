//! An application whose platform vouches for it: RFC 7523, section 2.2.

use std::path::PathBuf;

use super::client_credentials::check_names;
use super::environment::{Authority, CLIENT, FEDERATED_FILE, Lookup, TENANT, failed, required, variable};
use super::written::{Last, decode, read_file};
use super::{Credential, Offer, Secret, TokenRequest, Wanted};
use crate::error::Error;

/// An application that signs in with the assertion which its platform, such as Kubernetes, keeps fresh in a file.
///
/// ```
/// use graph_call_std::Cloud;
/// use graph_call_std::credential::{Credential, Offer, Wanted, WorkloadIdentity};
///
/// let path = std::env::temp_dir().join(format!("workload-example-{}", std::process::id()));
/// std::fs::write(&path, "eyJ0eXAiOiJKV1QifQ.e30.c2ln").expect("a folder for temporary files");
/// let id = "2891555a-92ff-42e6-80fa-6e1300c6b5c6";
/// let mut workload = WorkloadIdentity::new("contoso.example", id, &path)?;
/// assert!(matches!(workload.offer(&Wanted::new(Cloud::Global))?, Offer::Ask(_)));
/// # std::fs::remove_file(&path).expect("it was written");
/// # Ok::<(), graph_call_std::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct WorkloadIdentity {
    tenant: String,
    client_id: String,
    path: PathBuf,
    authority: Authority,
    last: Last,
}

impl WorkloadIdentity {
    /// Takes an application's tenant (id or domain), its client id, and the path of the file, which is read anew for
    /// each sign-in.
    ///
    /// # Errors
    /// When the tenant or the client id has characters that neither a GUID nor a domain has.
    pub fn new(tenant: &str, client_id: &str, path: impl Into<PathBuf>) -> Result<Self, Error> {
        check_names(tenant, client_id)?;
        Ok(Self {
            tenant: tenant.to_owned(),
            client_id: client_id.to_owned(),
            path: path.into(),
            authority: Authority::default(),
            last: Last::default(),
        })
    }

    /// Takes them from the environment, as Azure's workload identity sets it: `AZURE_TENANT_ID`, `AZURE_CLIENT_ID`,
    /// `AZURE_FEDERATED_TOKEN_FILE`, and `AZURE_AUTHORITY_HOST` if it is there.
    ///
    /// # Errors
    /// When one is missing or cannot be used.
    pub fn from_env() -> Result<Self, Error> {
        Self::from_variables(&variable)
    }

    pub(super) fn from_variables(get: Lookup<'_>) -> Result<Self, Error> {
        let [tenant, client_id, path] = required(get, [TENANT, CLIENT, FEDERATED_FILE])?;
        Ok(Self { authority: Authority::new(get), ..Self::new(&tenant, &client_id, path)? })
    }

    fn assertion(&self) -> Result<Secret, Error> {
        let origin = format!("the assertion file {}", self.path.display());
        let bytes = read_file(&self.path, &origin)?;
        let text = decode(&bytes).map(|text| Secret::new(text.trim()));
        let is_jwt = |text: &Secret| {
            let is_part = |part: &str| {
                !part.is_empty()
                    && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_=".contains(&byte))
            };
            text.reveal().split('.').count() == 3 && text.reveal().split('.').all(is_part)
        };
        text.filter(is_jwt).ok_or_else(|| failed(format!("{origin} holds no signed token (JWT)")))
    }
}

impl Credential for WorkloadIdentity {
    fn offer(&mut self, wanted: &Wanted<'_>) -> Result<Offer, Error> {
        self.authority.check(wanted.cloud)?;
        let assertion = self.assertion().inspect_err(|_| self.last.forget())?;
        self.last.notes(&assertion);
        let (tenant, client_id) = (self.tenant.clone(), self.client_id.clone());
        Ok(Offer::Ask(TokenRequest::ClientAssertion { tenant, client_id, assertion }))
    }

    fn revision(&self) -> u64 {
        self.last.revision
    }

    fn is_slow(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use graph_call::http::Cloud;

    #[test]
    fn the_environment_of_azure_is_enough_and_its_login_host_has_to_be_the_clouds() {
        let set = |authority: &'static str| {
            move |name: &str| {
                let value = match name {
                    "AZURE_TENANT_ID" => "contoso.example",
                    "AZURE_CLIENT_ID" => "2891555a",
                    "AZURE_FEDERATED_TOKEN_FILE" => "/nowhere/graph-call-no-such-file",
                    "AZURE_AUTHORITY_HOST" => authority,
                    _ => return None,
                };
                Some(value.to_owned())
            }
        };
        let offer = |authority, cloud| {
            let workload = WorkloadIdentity::from_variables(&set(authority));
            workload
                .and_then(|mut workload| workload.offer(&Wanted::new(cloud)))
                .expect_err("no file")
                .to_string()
        };
        for authority in ["", "https://login.microsoftonline.com/", "login.microsoftonline.com:443", "HTTPS"]
        {
            let says = if authority == "HTTPS" { "choose its cloud" } else { "assertion file" };
            assert!(offer(authority, Cloud::Global).contains(says), "{authority}");
        }
        assert!(offer("https://login.microsoftonline.us", Cloud::UsGovL5).contains("assertion file"));
        assert!(offer("https://login.microsoftonline.us", Cloud::Global).contains("choose its cloud"));
        assert!(offer("http://login.microsoftonline.com", Cloud::Global).contains("choose its cloud"));

        let error = WorkloadIdentity::from_variables(&|_| None).expect_err("nothing is set").to_string();
        assert!(
            error.contains("not set: AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_FEDERATED_TOKEN_FILE"),
            "{error}"
        );
    }
}
