//! Where tokens come from: from outside, or by one request to a token endpoint.

use core::fmt;

use super::Peer;
use crate::http::{Cloud, Host, Part, RequestError};

/// Where tokens come from.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Credential<'a> {
    /// From outside: the job asks for one by [`Step::Token`](super::Step::Token).
    Outside,
    /// By a request of the job's own.
    Ask(&'a TokenRequest<'a>),
}

/// The one request that brings a token: to whom, and what it says.
///
/// A form is posted; without one the request is a GET. `claims` are added to the form where the service asks for
/// them.
///
/// ```
/// use graph_call::http::Cloud;
/// use graph_call::job::TokenRequest;
///
/// let request = TokenRequest::client_secret(Cloud::Global, "contoso.example", "2891555a", "secret")?;
/// assert_eq!(request.peer().host, "login.microsoftonline.com");
/// assert!(!format!("{request:?}").contains("secret"));
/// # Ok::<(), graph_call::http::RequestError>(())
/// ```
#[derive(Clone, Copy)]
pub struct TokenRequest<'a> {
    pub(super) host: Host<'a>,
    pub(super) is_plain: bool,
    /// The request target, in parts that follow each other.
    pub(super) target: [&'a str; 3],
    pub(super) fields: [Param<'a>; FIELDS_MAX],
    pub(super) form: [Param<'a>; FORM_MAX],
}

/// A text with a name: a field line, or a pair of a form.
#[derive(Clone, Copy)]
pub struct Param<'a> {
    pub(super) name: &'a str,
    /// The value, in parts that follow each other.
    pub(super) value: [&'a str; 3],
    pub(super) is_secret: bool,
}

/// The most field lines that a token request adds to its own.
pub const FIELDS_MAX: usize = 2;
/// The most pairs of a token request's form.
pub const FORM_MAX: usize = 6;

impl<'a> Param<'a> {
    /// No text at all.
    pub const NONE: Self = Self { name: "", value: [""; 3], is_secret: false };

    /// A text that anybody may see.
    pub const fn new(name: &'a str, value: &'a str) -> Self {
        Self { name, value: [value, "", ""], is_secret: false }
    }

    /// A secret: whatever a peer says is searched for it before it is shown.
    pub const fn secret(name: &'a str, value: &'a str) -> Self {
        Self { name, value: [value, "", ""], is_secret: true }
    }
}

impl<'a> TokenRequest<'a> {
    /// An application signs in with its secret (RFC 6749, section 4.4), at the login host of its cloud.
    ///
    /// # Errors
    /// A tenant that is no name and no GUID, or an empty id or secret.
    pub fn client_secret(
        cloud: Cloud,
        tenant: &'a str,
        client_id: &'a str,
        secret: &'a str,
    ) -> Result<Self, RequestError> {
        let proof = [Param::secret("client_secret", secret), Param::NONE];
        Self::application(cloud, tenant, client_id, secret, proof)
    }

    /// An application signs in with an assertion that somebody signed for it (RFC 7523, section 2.2): made with a
    /// certificate, or given by a platform as a workload identity.
    ///
    /// # Errors
    /// A tenant that is no name and no GUID, or an empty id or assertion.
    pub fn client_assertion(
        cloud: Cloud,
        tenant: &'a str,
        client_id: &'a str,
        assertion: &'a str,
    ) -> Result<Self, RequestError> {
        let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
        let proof = [Param::new("client_assertion_type", kind), Param::secret("client_assertion", assertion)];
        Self::application(cloud, tenant, client_id, assertion, proof)
    }

    fn application(
        cloud: Cloud,
        tenant: &'a str,
        client_id: &'a str,
        secret: &'a str,
        [first, second]: [Param<'a>; 2],
    ) -> Result<Self, RequestError> {
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
        Part::Tenant.check(tenant.as_bytes(), is_name)?;
        Part::ClientId.check(client_id.as_bytes(), |byte| matches!(byte, b'!'..=b'~'))?;
        Part::ClientSecret.check(secret.as_bytes(), |_| true)?;
        let scope = Param { value: ["https://", cloud.graph_host(), "/.default"], ..Param::new("scope", "") };
        Ok(Self {
            host: Host::new(cloud.login_host())?,
            is_plain: false,
            target: ["/", tenant, "/oauth2/v2.0/token"],
            fields: [Param::NONE; FIELDS_MAX],
            form: [
                Param::new("client_id", client_id),
                first,
                second,
                scope,
                Param::new("grant_type", "client_credentials"),
                Param::NONE,
            ],
        })
    }

    /// A GET with up to two field lines, as the endpoint of a managed identity wants it; without TLS if
    /// `is_plain`.
    ///
    /// # Errors
    /// A target that is no path with a query, or a field that cannot stand in a line.
    pub fn get(
        host: Host<'a>,
        is_plain: bool,
        target: &'a str,
        fields: [Param<'a>; FIELDS_MAX],
    ) -> Result<Self, RequestError> {
        Part::TokenRequest.check(target.as_bytes(), |byte| matches!(byte, b'!'..=b'~'))?;
        if !target.starts_with('/') {
            return Err(RequestError::Byte { part: Part::TokenRequest, offset: 0 });
        }
        for field in fields.iter().filter(|field| !field.name.is_empty()) {
            let is_token = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
            Part::TokenRequest.check(field.name.as_bytes(), is_token)?;
            let [value, ..] = field.value;
            Part::TokenRequest.check(value.as_bytes(), |byte| matches!(byte, b' '..=b'~'))?;
        }
        Ok(Self { host, is_plain, target: [target, "", ""], fields, form: [Param::NONE; FORM_MAX] })
    }

    /// Another host than the cloud's: **it is sent the secret**.
    #[must_use]
    pub const fn danger_host(mut self, host: Host<'a>) -> Self {
        self.host = host;
        self
    }

    /// Who is asked: on port 443, or 80 without TLS, unless the host names one.
    pub fn peer(&self) -> Peer<'a> {
        Peer::of(self.host.as_str(), self.is_plain)
    }

    /// Whether one of the secrets in it is such a one.
    // Loops: each adapter of a chain of flattened iterators would be a function of its own in the image.
    pub(super) fn has_secret(&self, is_such: &dyn Fn(&[u8]) -> bool) -> bool {
        let is_so =
            |param: &Param<'_>| param.is_secret && param.value.iter().any(|part| is_such(part.as_bytes()));
        self.fields.iter().any(is_so) || self.form.iter().any(is_so)
    }
}

/// Shows no value: it may be a secret.
impl fmt::Debug for Param<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Param({})", self.name)
    }
}

/// Shows whom it is for, and nothing of what it says.
impl fmt::Debug for TokenRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenRequest").field("host", &self.host).finish_non_exhaustive()
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for TokenRequest<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "TokenRequest {{ host: {} }}", self.host);
    }
}
