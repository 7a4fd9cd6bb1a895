//! The wire of a token endpoint: the form it takes and the JSON it answers.

use core::time::Duration;
use std::borrow::Cow;

use serde::{Deserialize, Deserializer, de};
use zeroize::Zeroize;

use super::Secret;
use super::fixed_token::check;
use crate::answer::{AnswerHead, Refusal};
use crate::error::{Error, ErrorKind, Phase};

/// The largest answer that is read, in bytes.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// What a good answer grants.
pub(super) struct Grant {
    pub(super) access_token: Secret,
    pub(super) expires_in: Duration,
    pub(super) refresh_in: Option<Duration>,
}

/// Writes `name=value&...`, everything but RFC 3986 `unreserved` percent-encoded.
///
/// The room is reserved at once: growing would leave copies of the secret behind.
pub(super) fn form(members: &[(&str, &str)]) -> Secret {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let room = members.iter().map(|(name, value)| name.len() + 3 * value.len() + 2).sum();
    let mut out = String::with_capacity(room);
    for (name, value) in members {
        if !out.is_empty() {
            out.push('&');
        }
        out.push_str(name);
        out.push('=');
        for byte in value.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                out.push(byte.into());
            } else {
                let nibbles = [HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]];
                out.extend(['%', nibbles[0].into(), nibbles[1].into()]);
            }
        }
    }
    Secret::new(out)
}

/// Reads the answer: a grant with 200, a refusal with anything else.
pub(super) fn read(status: u16, content: &str) -> Result<Grant, Error> {
    if content.len() > ANSWER_BYTES_MAX {
        return Err(unusable(status, "is larger than 64 KiB"));
    }
    if status != 200 {
        return Err(refusal(status, content));
    }
    let Answer { access_token, token_type, expires_in, refresh_in } =
        serde_json::from_str(content).map_err(|_| unusable(status, "is not the JSON of an access token"))?;
    let grant = Grant {
        access_token: Secret::new(access_token.as_ref()),
        expires_in: expires_in.0,
        refresh_in: refresh_in.map(|seconds| seconds.0),
    };
    if let Cow::Owned(mut unescaped) = access_token {
        unescaped.zeroize();
    }
    if !token_type.eq_ignore_ascii_case("bearer") {
        return Err(unusable(status, "is not a Bearer token"));
    }
    if grant.expires_in.is_zero() {
        return Err(unusable(status, "is a token that has expired"));
    }
    check(grant.access_token.reveal())?;
    Ok(grant)
}

fn unusable(status: u16, what: &str) -> Error {
    let detail = format!("the token endpoint's answer, status {status}, {what}");
    Error::new(ErrorKind::Credential, Phase::Credential, detail)
}

/// What an administrator should look at, for the codes that setups most often meet.
pub(super) fn meaning(aadsts: u32) -> Option<&'static str> {
    Some(match aadsts {
        7_000_215 => "the client secret is wrong: use its value, not its id",
        7_000_222 => "the client secret has expired",
        700_016 => "the tenant has no application with this client id",
        90_002 | 900_023 => "there is no such tenant",
        7_000_112 => "the application is disabled",
        7_000_229 => "the application is not installed in this tenant",
        53_003 => "a conditional access policy blocks the application",
        _ => return None,
    })
}

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    access_token: Cow<'a, str>,
    #[serde(borrow)]
    token_type: Cow<'a, str>,
    expires_in: Seconds,
    refresh_in: Option<Seconds>,
}

/// Seconds as a number or, as some endpoints write them, as a string of digits.
struct Seconds(Duration);

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Number(u64),
            Digits(String),
        }
        let seconds = match Form::deserialize(deserializer)? {
            Form::Number(seconds) => seconds,
            Form::Digits(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                digits.parse().map_err(de::Error::custom)?
            }
            Form::Digits(_) => return Err(de::Error::custom("not seconds")),
        };
        // A year is longer than any token lives, and short enough to be added to any clock.
        Ok(Self(Duration::from_secs(seconds.min(365 * 86_400))))
    }
}

/// The refusal of RFC 6749, section 5.2. Its description is never shown: it may quote the request.
fn refusal(status: u16, content: &str) -> Error {
    #[derive(Deserialize)]
    struct Answer {
        error: String,
        error_description: Option<String>,
        #[serde(default)]
        error_codes: Vec<u32>,
        trace_id: Option<String>,
    }
    let answer: Option<Answer> = serde_json::from_str(content).ok();
    let described = |description: &str| {
        let digits = description.split_once("AADSTS")?.1;
        digits.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
    };
    let head = AnswerHead { status, ..AnswerHead::default() };
    let mut refusal = Refusal { head, ..Refusal::default() };
    if let Some(Answer { error, error_description, error_codes, trace_id }) = answer {
        refusal.codes.push(word(&error));
        let aadsts =
            error_codes.first().copied().or_else(|| error_description.as_deref().and_then(described));
        if let Some(aadsts) = aadsts {
            refusal.codes.push(format!("AADSTS{aadsts}"));
            refusal.message = meaning(aadsts).unwrap_or_default().to_owned();
        }
        refusal.head.request_id = trace_id.as_deref().map(word);
    }
    // The endpoint's own trouble is the service's, and may pass; a plain no will stay one.
    let kind = if status == 429 || status >= 500 { ErrorKind::Service } else { ErrorKind::Credential };
    Error::service(refusal).with_kind(kind).with_phase(Phase::Credential)
}

/// A code or an id, freed of anything that is not part of one.
fn word(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c)).take(64).collect()
}
