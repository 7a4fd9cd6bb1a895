//! The identity that Azure gives to a machine or an app: a token by one request to an endpoint nearby.

use std::net::IpAddr;

use super::client_credentials::check_id;
use super::environment::{Lookup, failed, required, value, variable};
use super::{Credential, Field, Offer, Secret, TokenRequest, Wanted};
use crate::error::Error;

const ENDPOINT: &str = "IDENTITY_ENDPOINT";
const HEADER: &str = "IDENTITY_HEADER";

/// The identity that Azure gives to a virtual machine, an App Service, a Function or a container app.
///
/// Its endpoint, on the machine itself or a private network of it, is asked without TLS; no other address is.
///
/// ```
/// use graph_call_std::Cloud;
/// use graph_call_std::credential::{Credential, ManagedIdentity, Offer, Wanted};
///
/// let id = "2891555a-92ff-42e6-80fa-6e1300c6b5c6";
/// let mut identity = ManagedIdentity::imds().client_id(id)?;
/// assert!(matches!(identity.offer(&Wanted::new(Cloud::Global))?, Offer::Ask(_)));
/// assert!(ManagedIdentity::app_service("http://evil.example/msi/token", "secret").is_err());
/// # Ok::<(), graph_call_std::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ManagedIdentity {
    /// `host` or `host:port`.
    host: String,
    path: String,
    api_version: &'static str,
    field: Field,
    client_id: Option<String>,
}

impl ManagedIdentity {
    /// The instance metadata service of a virtual machine, at 169.254.169.254.
    #[must_use]
    pub fn imds() -> Self {
        Self {
            host: "169.254.169.254".to_owned(),
            path: "/metadata/identity/oauth2/token".to_owned(),
            api_version: "2018-02-01",
            field: Field { name: "Metadata".to_owned(), value: Secret::new("true"), is_secret: false },
            client_id: None,
        }
    }

    /// The endpoint of an App Service, as `IDENTITY_ENDPOINT` and `IDENTITY_HEADER` say.
    ///
    /// # Errors
    /// When the endpoint is not `http://` and an address of the machine or its own network, with a path, or the header
    /// is empty.
    pub fn app_service(endpoint: &str, header: impl Into<String>) -> Result<Self, Error> {
        let header = Secret::new(header);
        let refused = |what: &str| Err(Error::usage(format!("the endpoint of the managed identity {what}")));
        let Some(rest) = endpoint.strip_prefix("http://") else {
            return refused("does not begin with http://");
        };
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        if !is_near(host) {
            return refused("is no address of this machine or its own network");
        }
        if path.contains(['?', '#']) {
            return refused("has more than a path");
        }
        if header.reveal().is_empty() {
            return refused("needs its header");
        }
        Ok(Self {
            host: host.to_owned(),
            path: if path.is_empty() { "/".to_owned() } else { path.to_owned() },
            api_version: "2019-08-01",
            field: Field { name: "X-IDENTITY-HEADER".to_owned(), value: header, is_secret: true },
            client_id: None,
        })
    }

    /// The endpoint that `IDENTITY_ENDPOINT` and `IDENTITY_HEADER` name; without the first, the instance metadata
    /// service.
    ///
    /// # Errors
    /// When they cannot be used.
    pub fn from_env() -> Result<Self, Error> {
        Self::from_variables(&variable)
    }

    pub(super) fn from_variables(get: Lookup<'_>) -> Result<Self, Error> {
        if value(get, ENDPOINT).is_none() {
            return Ok(Self::imds());
        }
        if value(get, HEADER).is_none() && value(get, "IMDS_ENDPOINT").is_some() {
            return Err(failed("the managed identity of Azure Arc is not supported".to_owned()));
        }
        let [endpoint, header] = required(get, [ENDPOINT, HEADER])?;
        Self::app_service(&endpoint, header)
    }

    /// Chooses one of several identities by its client id.
    ///
    /// # Errors
    /// When it has characters that a GUID does not have.
    pub fn client_id(mut self, client_id: &str) -> Result<Self, Error> {
        check_id(client_id)?;
        self.client_id = Some(client_id.to_owned());
        Ok(self)
    }
}

impl Credential for ManagedIdentity {
    fn offer(&mut self, wanted: &Wanted<'_>) -> Result<Offer, Error> {
        let Self { host, path, api_version, field, client_id } = self;
        // The colon and the slashes of `https://`, percent-encoded.
        let resource = format!("https%3A%2F%2F{}", wanted.cloud.graph_host());
        let mut target = format!("{path}?api-version={api_version}&resource={resource}");
        if let Some(client_id) = client_id {
            target.push_str("&client_id=");
            target.push_str(client_id);
        }
        let (host, fields) = (host.clone(), vec![field.clone()]);
        Ok(Offer::Ask(TokenRequest::Get { host, is_plain: true, target, fields }))
    }
}

/// Whether `host` or `host:port` is the machine itself or on a network of its own.
fn is_near(authority: &str) -> bool {
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    };
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    match address.parse() {
        Ok(IpAddr::V4(address)) => address.is_loopback() || address.is_private() || address.is_link_local(),
        Ok(IpAddr::V6(address)) => {
            address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
        }
        Err(_) => host.eq_ignore_ascii_case("localhost"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use graph_call::http::Cloud;

    fn request(identity: &mut ManagedIdentity, cloud: Cloud) -> (String, String, String, String) {
        match identity.offer(&Wanted::new(cloud)) {
            Ok(Offer::Ask(TokenRequest::Get { host, is_plain: true, target, fields })) => {
                let [Field { name, value, .. }] = &fields[..] else { panic!("not one field") };
                (host, target, name.clone(), value.reveal().to_owned())
            }
            other => panic!("no plain request: {other:?}"),
        }
    }

    #[test]
    fn a_machine_asks_its_metadata_service_and_an_app_its_endpoint() {
        let from = |variables: &'static [(&str, &str)]| {
            ManagedIdentity::from_variables(&|name| {
                variables.iter().find(|(of, _)| *of == name).map(|(_, value)| (*value).to_owned())
            })
        };
        let mut machine = from(&[]).expect("the metadata service");
        let target = "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fgraph.microsoft.com";
        let expected = ["169.254.169.254", target, "Metadata", "true"].map(str::to_owned);
        assert_eq!(<[String; 4]>::from(request(&mut machine, Cloud::Global)), expected);

        let app = from(&[(ENDPOINT, "http://127.0.0.1:41741/msi/token/"), (HEADER, "canary")]);
        let mut app = app.and_then(|app| app.client_id("2891555a")).expect("an endpoint");
        let target =
            "/msi/token/?api-version=2019-08-01&resource=https%3A%2F%2Fgraph.microsoft.us&client_id=2891555a";
        let expected = ["127.0.0.1:41741", target, "X-IDENTITY-HEADER", "canary"].map(str::to_owned);
        assert_eq!(<[String; 4]>::from(request(&mut app, Cloud::UsGovL4)), expected);
        assert!(!format!("{app:?}").contains("canary"));

        let error = from(&[(ENDPOINT, "http://localhost:40342/x"), ("IMDS_ENDPOINT", "x")]).expect_err("Arc");
        assert!(error.to_string().contains("Arc"), "{error}");
        let error = from(&[(ENDPOINT, "http://localhost:40342/x")]).expect_err("no header");
        assert!(error.to_string().contains("not set: IDENTITY_HEADER"), "{error}");
    }

    #[test]
    fn plain_text_goes_to_no_address_beyond_the_machines_own_network() {
        let new = |endpoint: &str| ManagedIdentity::app_service(endpoint, "canary").map(|_| ());
        for near in [
            "localhost",
            "LOCALHOST:1",
            "127.9.9.9:80",
            "[::1]:80",
            "[fd00::1]",
            "172.16.1.2:8081",
            "10.0.0.1",
        ] {
            assert!(new(&format!("http://{near}/msi/token")).is_ok(), "{near}");
        }
        for far in [
            "https://127.0.0.1/msi/token",
            "127.0.0.1/msi/token",
            "http://evil.example/",
            "http://localhost.evil.example/",
            "http://localhost@evil.example/",
            "http://127.0.0.1@evil.example/",
            "http://8.8.8.8/",
            "http://[2001:db8::1]/",
            "http://172.32.0.1/",
            "http:///msi/token",
            "http://127.0.0.1/msi?a=b",
        ] {
            let error = new(far).expect_err(far);
            assert!(!format!("{error:?}").contains("canary"), "{error}");
        }
        assert!(ManagedIdentity::app_service("http://localhost/", "").is_err());
        assert!(ManagedIdentity::imds().client_id("a&b").is_err());
    }
}
