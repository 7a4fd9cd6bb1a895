//! The token endpoint: client credentials for an access token (RFC 6749 section 4.4).

use super::TENANT;
use super::answer::{Answer, Stamp};
use super::calls::percent_decode;
use super::received::Received;
use super::shared::Shared;
use serde_json::json;
use std::collections::HashMap;
use std::sync::atomic::Ordering::Relaxed;

/// How the path of the token endpoint ends, after the tenant.
pub(super) const PATH: &str = "/oauth2/v2.0/token";

/// Answers a request of an access token, without faults.
pub(super) fn answer(shared: &Shared, received: &Received, stamp: &Stamp) -> Answer {
    if received.method() != "POST" {
        return refuse(stamp, 400, "invalid_request", 900561, "The endpoint only accepts POST requests.");
    }
    if received.path().strip_suffix(PATH) != Some(&format!("/{TENANT}")) {
        return refuse(stamp, 400, "invalid_request", 90002, "Tenant not found. Check the tenant ID.");
    }
    let content = String::from_utf8_lossy(received.content());
    let pairs = content.split('&').filter_map(|pair| pair.split_once('='));
    let form: HashMap<_, _> = pairs.map(|(name, value)| (name, form_decode(value))).collect();
    let value = |name| form.get(name).map_or("", String::as_str);

    if value("grant_type") != "client_credentials" {
        return refuse(stamp, 400, "unsupported_grant_type", 70003, "The grant type is not supported.");
    }
    if value("client_id") != shared.settings.client_id {
        return refuse(
            stamp,
            400,
            "unauthorized_client",
            700016,
            "Application was not found in the directory.",
        );
    }
    if value("client_secret") != shared.settings.client_secret {
        return refuse(stamp, 401, "invalid_client", 7000215, "Invalid client secret provided.");
    }
    if !(value("scope").starts_with("https://") && value("scope").ends_with("/.default")) {
        return refuse(stamp, 400, "invalid_scope", 1002012, "The provided value for scope is not valid.");
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

fn refuse(stamp: &Stamp, status: u16, error: &str, code: u32, description: &str) -> Answer {
    let content = json!({
        "error": error,
        "error_description": format!("AADSTS{code}: {description} Trace ID: {} Correlation ID: {}", stamp.request_id, stamp.client_request_id),
        "error_codes": [code],
        "trace_id": stamp.request_id,
        "correlation_id": stamp.client_request_id,
    });
    Answer::json(stamp, status, content.to_string())
}

/// Decodes `application/x-www-form-urlencoded`: `+` is a blank.
fn form_decode(value: &str) -> String {
    percent_decode(&value.replace('+', " "))
}
