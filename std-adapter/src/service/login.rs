//! The token endpoint: client credentials, or an assertion in their place, for an access token (RFC 6749, section 4.4).

use super::answer::{Answer, Stamp};
use super::calls::percent_decode;
use super::fault::{Fault, UnknownFault};
use super::received::Received;
use super::settings::TENANT;
use super::shared::Shared;
use serde_json::json;
use std::sync::atomic::Ordering::Relaxed;

/// How the path of the token endpoint ends, after the tenant.
pub(super) const PATH: &str = "/oauth2/v2.0/token";

/// The kind of assertion that is known (RFC 7523, section 2.2).
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Answers a request of an access token, without faults.
pub(super) fn answer(shared: &Shared, received: &Received, stamp: &Stamp) -> Answer {
    if received.method() != "POST" {
        return Answer::login_error(
            stamp,
            400,
            "invalid_request",
            900561,
            "The endpoint only accepts POST requests.",
        );
    }
    if received.path().strip_suffix(PATH) != Some(&format!("/{TENANT}")) {
        return Answer::login_error(
            stamp,
            400,
            "invalid_request",
            90002,
            "Tenant not found. Check the tenant ID.",
        );
    }
    let value = |name| value(received, name);
    if value("grant_type") != "client_credentials" {
        return Answer::login_error(
            stamp,
            400,
            "unsupported_grant_type",
            70003,
            "The grant type is not supported.",
        );
    }
    let client_id = value("client_id");
    if client_id != shared.settings.client_id
        && !client_id.starts_with("fault.")
        && !client_id.starts_with("once.")
    {
        return Answer::login_error(
            stamp,
            400,
            "unauthorized_client",
            700016,
            "Application was not found in the directory.",
        );
    }
    // Any assertion will do: whoever tests one finds it in what was received.
    let has_assertion = value("client_assertion_type") == JWT_BEARER && !value("client_assertion").is_empty();
    if !has_assertion && value("client_secret") != shared.settings.client_secret {
        return Answer::login_error(stamp, 401, "invalid_client", 7000215, "Invalid client secret provided.");
    }
    if !(value("scope").starts_with("https://") && value("scope").ends_with("/.default")) {
        return Answer::login_error(
            stamp,
            400,
            "invalid_scope",
            1002012,
            "The provided value for scope is not valid.",
        );
    }
    shared.count.issued.fetch_add(1, Relaxed);
    let content = json!({
        "token_type": "Bearer",
        "expires_in": shared.settings.expires_in,
        "ext_expires_in": shared.settings.expires_in,
        "access_token": shared.issue_access_token(),
    });
    Answer::json(stamp, 200, content.to_string()).with("Cache-Control", "no-store, no-cache")
}

/// The fault of this request: ordered by its field line, by its client id, or by the library user.
///
/// # Errors
/// When the name ordered is no fault's.
pub(super) fn fault(shared: &Shared, received: &Received) -> Result<Option<Fault>, UnknownFault> {
    let id = value(received, "client_id");
    match shared.ordered_by(received, &id)? {
        None if !id.starts_with("once.") => Ok(shared.next_login_fault()),
        ordered => Ok(ordered),
    }
}

/// The client secret that a request brings.
pub(super) fn secret(received: &Received) -> String {
    value(received, "client_secret")
}

/// A value of the form, empty if there is none.
fn value(received: &Received, name: &str) -> String {
    let content = String::from_utf8_lossy(received.content());
    let mut pairs = content.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(of, _)| *of == name).map(|(_, value)| form_decode(value)).unwrap_or_default()
}

/// Decodes `application/x-www-form-urlencoded`: `+` is a blank.
fn form_decode(value: &str) -> String {
    percent_decode(&value.replace('+', " "))
}
