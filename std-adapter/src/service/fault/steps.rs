//! What the rows of faults are made of.

use super::place::{Phase, Place};
use crate::service::answer::{Answer, Stamp};
use crate::service::script::{End, Script, Step};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use std::time::Duration;

pub(super) const CLOSE: Step = Step::End(End::CloseNotify);
pub(super) const CHUNKED: (&str, &str) = ("Transfer-Encoding", "chunked");
pub(super) const PAGE: &[u8] = b"<!DOCTYPE html><html><title>Proxy</title><p>Please sign in</html>";

/// What a 401 asks for.
pub(in crate::service) const CHALLENGE: &str = r#"Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000""#;

/// 401 for an access token whose time is over, or that was revoked.
pub(in crate::service) fn expired(stamp: &Stamp) -> Answer {
    let message = "Lifetime validation failed, the token is expired.";
    Answer::error(stamp, 401, "InvalidAuthenticationToken", message).with("WWW-Authenticate", CHALLENGE)
}

pub(super) fn throttled(stamp: &Stamp, retry_after: Option<String>) -> Answer {
    let inner = json!({ "code": "429", "message": "Please retry after", "status": "429" });
    let message = "Please retry again later.";
    with_retry_after(Answer::error_with(stamp, 429, "TooManyRequests", message, inner), retry_after)
}

pub(super) fn with_retry_after(answer: Answer, retry_after: Option<String>) -> Answer {
    match retry_after {
        Some(value) => answer.with("Retry-After", value),
        None => answer,
    }
}

pub(super) fn forbidden(stamp: &Stamp) -> Answer {
    let message = "Insufficient enterprise tenant permissions, cannot access this API.";
    Answer::error(stamp, 403, "7504", message)
}

pub(super) fn claims_challenge(stamp: &Stamp) -> Answer {
    let claims = BASE64_STANDARD.encode(
        json!({ "access_token": { "nbf": { "essential": true, "value": "1604106651" } } }).to_string(),
    );
    let message = "Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenCreatedWithOutdatedPolicies";
    let challenge = format!(
        r#"{CHALLENGE}, error="insufficient_claims", claims="{claims}", errorDescription="Continuous access evaluation resulted in claims challenge""#
    );
    Answer::error(stamp, 401, "InvalidAuthenticationToken", message).with("WWW-Authenticate", challenge)
}

pub(super) fn reflect(stamp: &Stamp, place: Place) -> Answer {
    let secret = &stamp.secret;
    let refuse =
        |stamp: &Stamp, message: &str| Answer::error(stamp, 401, "InvalidAuthenticationToken", message);
    match place {
        Place::Message => refuse(stamp, &format!("The value '{secret}' is not valid.")),
        Place::Excerpt => {
            let content = format!("denied: {secret}").into_bytes();
            Answer { content, ..refuse(stamp, "") }.with("Content-Type", "text/plain")
        }
        Place::Id => refuse(&stamp.identified_by(secret), "Access is denied."),
        Place::Field => refuse(stamp, "Access is denied.")
            .with(
                "WWW-Authenticate",
                format!(r#"Bearer error="invalid_token", error_description="{secret}""#),
            )
            .with("Location", format!("https://elsewhere.example/?token={secret}"))
            .with("x-ms-ags-diagnostic", secret),
    }
}

/// The answer with another value of a member of its content.
pub(super) fn with_member(answer: Answer, name: &str, value: &str) -> Answer {
    match serde_json::from_slice(&answer.content) {
        Ok(Value::Object(mut object)) => {
            object.insert(name.to_owned(), value.into());
            Answer { content: Value::Object(object).to_string().into(), ..answer }
        }
        _ => answer,
    }
}

/// The same call, terminated.
pub(super) fn unasked(answer: Answer) -> Vec<u8> {
    with_member(answer, "state", "terminated").message()
}

pub(super) fn page(answer: Answer, status: u16) -> Answer {
    Answer { status, content: PAGE.to_vec(), ..answer }.with("Content-Type", "text/html")
}

pub(super) fn huge(good: Answer, length: u64) -> Script {
    let blanks = length.saturating_sub(good.content.len() as u64);
    let head = good.head(&[("Content-Length", &(blanks + good.content.len() as u64).to_string())]);
    vec![
        Step::Write(head),
        Step::Repeat(vec![b' '; 4096], blanks / 4096, Duration::ZERO),
        Step::Repeat(vec![b' '], blanks % 4096, Duration::ZERO),
        Step::Write(good.content),
    ]
}

pub(super) fn chunked(answer: &Answer, sizes: &[usize]) -> Vec<u8> {
    let mut message = answer.head(&[CHUNKED]);
    let mut rest = &answer.content[..];
    let mut sizes = sizes.iter().copied().filter(|size| *size > 0).cycle();
    while !rest.is_empty() {
        let (chunk, after) = rest.split_at(sizes.next().unwrap_or(64).min(rest.len()));
        message.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        message.extend_from_slice(chunk);
        message.extend_from_slice(b"\r\n");
        rest = after;
    }
    message.extend_from_slice(b"0\r\n\r\n");
    message
}

/// The answer in chunks, up to where its trailer section may begin.
pub(super) fn before_trailer(answer: &Answer) -> Vec<u8> {
    let message = chunked(answer, &[64]);
    let length = message.len() - 2;
    prefix(message, length)
}

pub(super) fn forever(start: Vec<u8>, again: &str, interval: Duration) -> Script {
    vec![Step::Write(start), Step::Repeat(again.as_bytes().to_vec(), u64::MAX, interval)]
}

/// What of an answer comes before the phase.
pub(super) fn until(answer: &Answer, phase: Phase) -> Vec<u8> {
    let message = answer.message();
    let head_length = message.len() - answer.content.len();
    let length = match phase {
        Phase::BeforeHead => 0,
        Phase::InHead => head_length / 2,
        Phase::BeforeContent => head_length,
        Phase::InContent => head_length + answer.content.len() / 2,
    };
    prefix(message, length)
}

pub(super) fn prefix(mut bytes: Vec<u8>, length: usize) -> Vec<u8> {
    bytes.truncate(length);
    bytes
}

/// A gzip member of stored blocks (RFC 1951 section 3.2.4, RFC 1952).
pub(super) fn gzip_stored(content: &[u8]) -> Vec<u8> {
    let mut member = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    let last = content.len().div_ceil(0xffff).saturating_sub(1);
    for (index, block) in content.chunks(0xffff).enumerate() {
        let length = block.len() as u16;
        member.push(u8::from(index == last));
        member.extend_from_slice(&length.to_le_bytes());
        member.extend_from_slice(&(!length).to_le_bytes());
        member.extend_from_slice(block);
    }
    member.extend_from_slice(&crc32(content).to_le_bytes());
    member.extend_from_slice(&(content.len() as u32).to_le_bytes());
    member
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg()))
    })
}
