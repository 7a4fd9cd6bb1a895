//! An application that signs in with a secret of its own: RFC 6749, section 4.4.

use core::fmt;
use core::time::Duration;

use super::endpoint::{self, Grant};
use super::{Audience, Credential, Offer, Secret, TokenAnswer, TokenRequest};
use crate::error::Error;

/// A token with less than this left is renewed before it is used.
const RENEW_BEFORE_END: Duration = Duration::from_secs(5 * 60);

/// After a failed renewal, a token that is still valid is used this long before the next try.
const RENEW_AGAIN_AFTER: Duration = Duration::from_secs(30);

/// An application's tenant, id and secret, with the access token they last gave.
///
/// ```text
///            offer: no token               answer: a grant
///   ┌───────┐ ─── Ask ──► ┌─────────┐ ──────────────────► ┌──────┐ offer ─► Token
///   │ empty │             │ waiting │                     │ kept │
///   └───────┘ ◄────────── └─────────┘ ◄──── offer: due ── └──────┘ ── rejected ─► empty
///            answer: none           (the old token stays, and serves if no answer comes)
/// ```
///
/// ```
/// use core::time::Duration;
/// use graph_call_std::credential::{Audience, ClientCredentials, Credential, Offer};
/// use graph_call_std::{Secret, TokenAnswer};
///
/// let audience = Audience { graph_host: "graph.microsoft.com", login_host: "login.microsoftonline.com" };
/// let mut app = ClientCredentials::new("contoso.example", "2891555a-92ff-42e6-80fa-6e1300c6b5c6", "secret")?;
///
/// let Offer::Ask(request) = app.offer(&audience, Duration::ZERO)? else { return Err("a token is due")? };
/// assert_eq!(request.target, "/contoso.example/oauth2/v2.0/token");
///
/// let content = Secret::new(r#"{"token_type":"Bearer","expires_in":3599,"access_token":"ey.e30.s"}"#);
/// app.answer(Ok(TokenAnswer { status: 200, content }), Duration::ZERO)?;
/// assert!(matches!(app.offer(&audience, Duration::ZERO)?, Offer::Token(_)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ClientCredentials {
    target: String,
    client_id: String,
    client_secret: Secret,
    /// Whom the kept token is for: it is never offered to another host.
    graph_host: String,
    kept: Option<Kept>,
    /// The claims the next token must satisfy; sent once.
    claims: Option<String>,
    /// The claims the kept token was asked to satisfy.
    answered: Option<String>,
}

/// A token with its times.
struct Kept {
    access_token: Secret,
    renew_at: Duration,
    ends_at: Duration,
}

impl ClientCredentials {
    /// Takes an application's tenant (id or domain), client id and client secret.
    ///
    /// # Errors
    /// When the tenant or the client id has characters that neither a GUID nor a domain has, or
    /// the secret is empty or has control characters.
    pub fn new(tenant: &str, client_id: &str, client_secret: impl Into<String>) -> Result<Self, Error> {
        let client_secret = Secret::new(client_secret);
        let is_name = |text: &str| {
            let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
            (1..=253).contains(&text.len()) && !text.starts_with('.') && text.bytes().all(legal)
        };
        let malformed = |what: &str| Err(Error::usage(format!("the {what} has characters it cannot have")));
        if !is_name(tenant) {
            return malformed("tenant");
        }
        if !is_name(client_id) {
            return malformed("client id");
        }
        let secret = client_secret.reveal();
        if secret.is_empty() || secret.chars().any(char::is_control) {
            return malformed("client secret");
        }
        Ok(Self {
            target: format!("/{tenant}/oauth2/v2.0/token"),
            client_id: client_id.to_owned(),
            client_secret,
            graph_host: String::new(),
            kept: None,
            claims: None,
            answered: None,
        })
    }
}

impl Credential for ClientCredentials {
    fn offer(&mut self, audience: &Audience<'_>, now: Duration) -> Result<Offer, Error> {
        if self.graph_host != audience.graph_host {
            self.kept = None;
            self.graph_host = audience.graph_host.to_owned();
        }
        if let Some(kept) = self.kept.as_ref().filter(|kept| now < kept.renew_at) {
            return Ok(Offer::Token(kept.access_token.clone()));
        }
        let scope = format!("https://{}/.default", audience.graph_host);
        let mut members = vec![
            ("client_id", self.client_id.as_str()),
            ("scope", &scope),
            ("client_secret", self.client_secret.reveal()),
            ("grant_type", "client_credentials"),
        ];
        if let Some(claims) = &self.claims {
            members.push(("claims", claims));
        }
        Ok(Offer::Ask(TokenRequest { target: self.target.clone(), form: endpoint::form(&members) }))
    }

    fn answer(&mut self, answer: Result<TokenAnswer, Error>, now: Duration) -> Result<(), Error> {
        let grant =
            answer.and_then(|TokenAnswer { status, content }| endpoint::read(status, content.reveal()));
        let Grant { access_token, expires_in, refresh_in } = match (grant, &mut self.kept) {
            (Ok(grant), _) => grant,
            (Err(_), Some(kept)) if now < kept.ends_at => {
                kept.renew_at = (now + RENEW_AGAIN_AFTER).min(kept.ends_at);
                return Ok(());
            }
            (Err(error), _) => return Err(error),
        };
        // A token that lives only minutes would otherwise be due again at once.
        let latest = expires_in - RENEW_BEFORE_END.min(expires_in / 2);
        let renew_in = refresh_in.map_or(latest, |refresh_in| refresh_in.min(latest));
        self.kept = Some(Kept { access_token, renew_at: now + renew_in, ends_at: now + expires_in });
        self.answered = self.claims.take();
        Ok(())
    }

    fn rejected(&mut self, claims: Option<&str>) -> bool {
        self.kept = None;
        self.claims = claims.map(str::to_owned);
        // The same claims asked for again were not satisfied: a third token would not be either.
        claims.is_none() || claims != self.answered.as_deref()
    }
}

impl fmt::Debug for ClientCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCredentials")
            .field("target", &self.target)
            .field("client_id", &self.client_id)
            .field("has_token", &self.kept.is_some())
            .finish_non_exhaustive()
    }
}
