//! What an access token says of itself.
//!
//! - takes: an access token
//! - gives: its claims, and why the service will not accept it, as far as they tell
//! - keeps: nothing of the token
//! - refuses: nothing; what cannot be read says nothing
//!
//! A token is for the service to validate, not for its client (RFC 6749, section 1.4): nothing here is trusted, and a token
//! without readable claims (an opaque or an encrypted one) is left for the service to judge.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use graph_call::http::Cloud;
use serde::Deserialize;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::clock::in_words;

/// Base64url (RFC 7515, section 2), with or without padding.
const BASE64URL: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Microsoft Graph as an application: the audience of a token for it, where that is no host.
const GRAPH: &str = "00000003-0000-0000-c000-000000000000";

/// Resources whose tokens are taken for Graph's, by a part of their name.
const OTHERS: [(&str, &str); 5] = [
    (
        "management.",
        "Azure Resource Manager, which `az account get-access-token` takes unless told --resource",
    ),
    ("api.botframework", "the Bot Framework"),
    ("graph.windows.net", "Azure AD Graph, which is not Microsoft Graph"),
    ("00000002-0000-0000-c000-000000000000", "Azure AD Graph, which is not Microsoft Graph"),
    ("vault.", "Azure Key Vault"),
];

/// What an access token says of itself (the claims of a JWT, RFC 7519, section 4); read, not verified.
///
/// ```
/// use graph_call_std::credential::Claims;
///
/// let claims = Claims::read("e30.eyJyb2xlcyI6WyJDYWxscy5Jbml0aWF0ZS5BbGwiXX0.c2ln").ok_or("no claims")?;
/// assert!(claims.may_read_calls());
/// assert!(Claims::read("opaque").is_none());
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Claims {
    /// The resource that the token is for (`aud`).
    pub audience: Option<String>,
    /// The id of the tenant (`tid`).
    pub tenant: Option<String>,
    /// The id of the application (`appid` or `azp`).
    pub application: Option<String>,
    /// The permissions of the application (`roles`).
    pub roles: Vec<String>,
    /// Whether the token is a signed-in user's: it has `scp`, and no `roles`.
    pub is_delegated: bool,
    /// When it begins to be good, in seconds since 1970 (`nbf`).
    pub begins: Option<u64>,
    /// When it ends, in seconds since 1970 (`exp`).
    pub ends: Option<u64>,
}

impl Claims {
    /// The permissions of an application each of which is enough to read a call; the first is the least of them.
    pub const PERMISSIONS: [&'static str; 2] = ["Calls.Initiate.All", "Calls.AccessMedia.All"];

    /// Reads the claims of a token, if they can be read.
    #[must_use]
    pub fn read(access_token: &str) -> Option<Self> {
        #[derive(Deserialize)]
        struct Members {
            aud: Option<Value>,
            tid: Option<Value>,
            appid: Option<Value>,
            azp: Option<Value>,
            roles: Option<Value>,
            scp: Option<Value>,
            nbf: Option<Value>,
            exp: Option<Value>,
        }
        let mut parts = access_token.split('.');
        let (Some(_header), Some(payload), Some(_signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return None;
        };
        let payload = BASE64URL.decode(payload).map(Zeroizing::new).ok()?;
        let claims: Members = serde_json::from_slice(&payload).ok()?;
        let text = |value: Option<Value>| value?.as_str().map(str::to_owned);
        // A time may have a fraction (RFC 7519, section 2), which counts for nothing.
        let seconds = |value: Option<Value>| value?.as_f64().map(|seconds| seconds as u64);
        let is_delegated = claims.scp.is_some() && claims.roles.is_none();
        let roles = claims.roles.as_ref().and_then(Value::as_array).into_iter().flatten();
        Some(Self {
            audience: text(claims.aud),
            tenant: text(claims.tid),
            application: text(claims.appid).or_else(|| text(claims.azp)),
            roles: roles.filter_map(|role| role.as_str().map(str::to_owned)).collect(),
            is_delegated,
            begins: seconds(claims.nbf),
            ends: seconds(claims.exp),
        })
    }

    /// Whether it has one of the [`PERMISSIONS`](Self::PERMISSIONS).
    #[must_use]
    pub fn may_read_calls(&self) -> bool {
        self.roles.iter().any(|role| Self::PERMISSIONS.contains(&role.as_str()))
    }

    /// The cloud whose Graph it is for; `None` if it names none, or all have its name.
    #[must_use]
    pub fn cloud(&self) -> Option<Cloud> {
        let host = host(self.audience.as_deref()?);
        Cloud::ALL.into_iter().find(|cloud| host.eq_ignore_ascii_case(cloud.graph_host()))
    }

    /// Why it is no token of an application.
    pub(super) fn not_an_application(&self) -> Option<String> {
        self.is_delegated.then(|| {
            "this access token is a signed-in user's (claim scp, no roles): delegated tokens are not supported for calls, \
             use an application's"
                .to_owned()
        })
    }

    /// Why it is not for the Graph of a cloud: it is for another one's, or for something else.
    #[must_use]
    pub fn misfit(&self, cloud: Cloud) -> Option<String> {
        let audience = self.audience.as_deref()?;
        let host = host(audience);
        if audience == GRAPH || host.eq_ignore_ascii_case(cloud.graph_host()) {
            return None;
        }
        let text = match self.cloud() {
            Some(other) => {
                format!(
                    "the cloud {}, and calls of {} are asked for: choose its cloud",
                    other.name(),
                    cloud.name()
                )
            }
            None => {
                let is_in = |(part, _): &&(&str, &str)| host.contains(part);
                let name = OTHERS.iter().find(is_in).map_or("another resource", |(_, name)| name);
                format!("{name}: ask for one for https://{}", cloud.graph_host())
            }
        };
        Some(format!("this access token is for {text}"))
    }

    /// Why the service will most probably refuse it, by a clock in seconds since 1970; for calls of this cloud, unless the
    /// host is one of the caller's own.
    #[must_use]
    pub fn doubt(&self, cloud: Option<Cloud>, now: u64) -> Option<String> {
        let by_clock = "by its own claim and the clock of this machine";
        match (self.ends, self.begins) {
            (Some(ends), _) if ends <= now => {
                return Some(format!("this access token ended {} ago, {by_clock}", in_words(now - ends)));
            }
            (_, Some(begins)) if begins > now => {
                return Some(format!("this access token begins in {}, {by_clock}", in_words(begins - now)));
            }
            _ => {}
        }
        self.not_an_application().or_else(|| self.misfit(cloud?)).or_else(|| {
            let [least, other] = Self::PERMISSIONS;
            let is_without = self.audience.is_some() && !self.may_read_calls();
            is_without.then(|| format!("this access token lacks the permission {least}, or {other}"))
        })
    }
}

/// The host of an audience that is a URL, or else all of it.
fn host(audience: &str) -> &str {
    let rest = audience.split_once("://").map_or(audience, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::prelude::BASE64_URL_SAFE_NO_PAD;

    fn claims(payload: &str) -> Claims {
        let payload = BASE64_URL_SAFE_NO_PAD.encode(payload);
        Claims::read(&format!("e30.{payload}.c2ln")).expect("claims")
    }

    #[test]
    fn what_is_no_jwt_says_nothing() {
        for token in ["", "a.b", "a.b.c", "a.b.c.d", "e30.W10.c2ln", "e30.eyJhdWQiOiIx.c2ln"] {
            assert!(Claims::read(token).is_none(), "{token}");
        }
        let odd = claims(r#"{"aud":[1],"roles":"Calls.Initiate.All","exp":"soon","tid":7}"#);
        assert!(odd.audience.is_none() && odd.roles.is_empty() && odd.ends.is_none() && odd.tenant.is_none());
    }

    #[test]
    fn an_audience_of_graph_fits_its_own_cloud_and_no_other() {
        for (audience, cloud) in [
            (GRAPH, Cloud::Global),
            (GRAPH, Cloud::China),
            ("https://graph.microsoft.com", Cloud::Global),
            ("https://Graph.Microsoft.com/", Cloud::Global),
            ("https://dod-graph.microsoft.us", Cloud::UsGovL5),
        ] {
            let claims = claims(&format!(r#"{{"aud":"{audience}","roles":["Calls.Initiate.All"]}}"#));
            assert_eq!(claims.misfit(cloud), None, "{audience}");
            assert_eq!(claims.doubt(Some(cloud), 0), None, "{audience}");
        }
        for (audience, says) in [
            ("https://graph.microsoft.us", "the cloud usgov-l4, and calls of global are asked for"),
            ("https://management.core.windows.net/", "Azure Resource Manager"),
            ("https://api.botframework.com", "the Bot Framework"),
            ("api://canary", "another resource: ask for one for https://graph.microsoft.com"),
            ("https://graph.microsoft.com.evil.example", "another resource"),
        ] {
            let misfit =
                claims(&format!(r#"{{"aud":"{audience}"}}"#)).misfit(Cloud::Global).unwrap_or_default();
            assert!(misfit.contains(says) && !misfit.contains("canary"), "{audience}: {misfit}");
        }
    }

    #[test]
    fn a_refused_token_is_doubted_for_what_it_says() {
        let now = 1_000_000;
        for (payload, says) in [
            (r#"{"exp":999820}"#, Some("ended 3 min ago")),
            (r#"{"exp":1000000.5}"#, Some("ended 0 s ago")),
            (r#"{"exp":1}"#, Some("ended 11 days ago")),
            (r#"{"exp":2000000,"nbf":1007200}"#, Some("begins in 2 h")),
            (r#"{"exp":2000000,"scp":"User.Read"}"#, Some("a signed-in user's (claim scp, no roles)")),
            (r#"{"aud":"https://vault.azure.net"}"#, Some("Azure Key Vault")),
            (
                r#"{"aud":"https://graph.microsoft.com","roles":["User.Read.All"]}"#,
                Some("lacks the permission"),
            ),
            (r#"{"aud":"https://graph.microsoft.com","roles":["Calls.AccessMedia.All"]}"#, None),
            ("{}", None),
        ] {
            let doubt = claims(payload).doubt(Some(Cloud::Global), now);
            assert_eq!(doubt.is_some(), says.is_some(), "{payload}: {doubt:?}");
            assert!(doubt.unwrap_or_default().contains(says.unwrap_or_default()), "{payload}");
        }
    }
}
