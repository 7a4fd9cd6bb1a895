//! The request that brings a token, as a credential owns it.

use graph_call::http::{Cloud, Host, RequestError};
use graph_call::job::{self, FIELDS_MAX, Param};

use super::Secret;
use crate::error::Error;

/// One request to whoever issues tokens; its answer is JSON with an `access_token`.
///
/// The client sends it once for each token, over a connection of its own, and adds the claims that the service asks
/// for.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum TokenRequest {
    /// An application signs in with its secret, at the cloud's login host (RFC 6749, section 4.4).
    ClientSecret {
        /// The id or a domain of the tenant.
        tenant: String,
        /// The id of the application.
        client_id: String,
        /// Its secret.
        secret: Secret,
    },
    /// An application signs in with an assertion that was signed for it, at the cloud's login host (RFC 7523,
    /// section 2.2).
    ClientAssertion {
        /// The id or a domain of the tenant.
        tenant: String,
        /// The id of the application.
        client_id: String,
        /// The assertion.
        assertion: Secret,
    },
    /// A GET of an endpoint on the machine itself or its platform.
    Get {
        /// `host` or `host:port`.
        host: String,
        /// Whether it is asked without TLS.
        is_plain: bool,
        /// The request target, beginning with `/`.
        target: String,
        /// Field lines, at most [`FIELDS_MAX`].
        fields: Vec<Field>,
    },
}

/// A field line of a [`TokenRequest::Get`].
#[derive(Clone, Debug)]
pub struct Field {
    /// The name.
    pub name: String,
    /// The value; a secret or not.
    pub value: Secret,
    /// Whether it is one: then whatever the endpoint says is searched for it before it is shown.
    pub is_secret: bool,
}

impl TokenRequest {
    /// The same as core wants it; `login_host` is asked in the place of the cloud's.
    pub(crate) fn borrow<'a>(
        &'a self,
        cloud: Cloud,
        login_host: Option<Host<'a>>,
    ) -> Result<job::TokenRequest<'a>, Error> {
        let request = match self {
            Self::ClientSecret { tenant, client_id, secret } => {
                job::TokenRequest::client_secret(cloud, tenant, client_id, secret.reveal())
            }
            Self::ClientAssertion { tenant, client_id, assertion } => {
                job::TokenRequest::client_assertion(cloud, tenant, client_id, assertion.reveal())
            }
            Self::Get { host, is_plain, target, fields } => {
                let mut params = [Param::NONE; FIELDS_MAX];
                if fields.len() > FIELDS_MAX {
                    return Err(Error::usage("the token request has too many field lines"));
                }
                for (param, Field { name, value, is_secret }) in params.iter_mut().zip(fields) {
                    let value = value.reveal();
                    *param = if *is_secret { Param::secret(name, value) } else { Param::new(name, value) };
                }
                return Host::new(host)
                    .and_then(|host| job::TokenRequest::get(host, *is_plain, target, params))
                    .map_err(refused);
            }
        };
        let request = request.map_err(refused)?;
        Ok(match login_host {
            Some(host) => request.danger_host(host),
            None => request,
        })
    }
}

fn refused(error: RequestError) -> Error {
    Error::usage(error.to_string()).caused_by(error)
}
