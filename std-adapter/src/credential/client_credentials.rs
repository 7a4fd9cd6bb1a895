//! An application that signs in with a secret of its own: RFC 6749, section 4.4.

use super::{Credential, Offer, Secret, TokenRequest, Wanted};
use crate::error::Error;

/// An application's tenant, id and secret.
///
/// ```
/// use graph_call_std::Cloud;
/// use graph_call_std::credential::{ClientCredentials, Credential, Offer, Wanted};
///
/// let id = "2891555a-92ff-42e6-80fa-6e1300c6b5c6";
/// let mut app = ClientCredentials::new("contoso.example", id, "secret")?;
/// assert!(matches!(app.offer(&Wanted::new(Cloud::Global))?, Offer::Ask(_)));
/// assert!(!format!("{app:?}").contains("\"secret\""));
/// # Ok::<(), graph_call_std::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ClientCredentials(TokenRequest);

impl ClientCredentials {
    /// Takes an application's tenant (id or domain), client id and client secret.
    ///
    /// # Errors
    /// When the tenant or the client id has characters that neither a GUID nor a domain has, or the secret is empty or
    /// has control characters.
    pub fn new(tenant: &str, client_id: &str, client_secret: impl Into<String>) -> Result<Self, Error> {
        let secret = Secret::new(client_secret);
        check_names(tenant, client_id)?;
        if secret.reveal().is_empty() || secret.reveal().chars().any(char::is_control) {
            return Err(malformed("client secret"));
        }
        let (tenant, client_id) = (tenant.to_owned(), client_id.to_owned());
        Ok(Self(TokenRequest::ClientSecret { tenant, client_id, secret }))
    }
}

impl Credential for ClientCredentials {
    fn offer(&mut self, _wanted: &Wanted<'_>) -> Result<Offer, Error> {
        Ok(Offer::Ask(self.0.clone()))
    }
}

/// Accepts a tenant and a client id that are GUIDs or domains.
pub(super) fn check_names(tenant: &str, client_id: &str) -> Result<(), Error> {
    if !is_name(tenant) {
        return Err(malformed("tenant"));
    }
    check_id(client_id)
}

/// Accepts a client id that is a GUID or a domain.
pub(super) fn check_id(client_id: &str) -> Result<(), Error> {
    if is_name(client_id) { Ok(()) } else { Err(malformed("client id")) }
}

fn is_name(text: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
    (1..=253).contains(&text.len()) && !text.starts_with('.') && text.bytes().all(legal)
}

fn malformed(what: &str) -> Error {
    Error::usage(format!("the {what} has characters it cannot have"))
}
