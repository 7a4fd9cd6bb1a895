//! Faults to order: what goes wrong with one answer.
//!
//! Each fault has a name, so that a person can order it by the id of a call: `fault.throttled.2` is
//! answered 429 with `Retry-After: 2` every time, `once.throttled.2` every other time.

mod name;

pub use name::UnknownFault;

use super::answer::{Answer, Stamp};
use super::script::{End, Script, Step};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;
use std::time::Duration;

/// A fault of one answer.
///
/// ```
/// use graph_call_std::service::{Fault, Phase};
///
/// assert_eq!("throttled.2.128".parse(), Ok(Fault::Throttled { retry_after: Some("2.128".into()) }));
/// assert_eq!("stall.in-head".parse(), Ok(Fault::Stall(Phase::InHead)));
/// assert!("no-such-fault".parse::<Fault>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// 429, with the value of Retry-After if any.
    Throttled {
        /// The value of Retry-After, sent as it is.
        retry_after: Option<String>,
    },
    /// 503, with the value of Retry-After if any.
    Unavailable {
        /// The value of Retry-After, sent as it is.
        retry_after: Option<String>,
    },
    /// An error of this status.
    Status(u16),
    /// 401, as for an access token that has expired.
    Unauthorized,
    /// 401 that asks for an access token with more claims.
    ClaimsChallenge,
    /// 403, as for an application without the permission.
    Forbidden,
    /// 302 to another host.
    Redirect,
    /// 204 without content.
    NoContent,
    /// 200 with a page of HTML, as a proxy answers.
    Html,
    /// The content is labelled as this type.
    ContentType(String),
    /// The content is compressed although the client asked for `identity`.
    Gzip,
    /// The content comes in chunks of these sizes, over and over.
    Chunked(Vec<usize>),
    /// Content-Length says this, whatever the content.
    ContentLength(String),
    /// The content ends with the connection; TLS says `close_notify`.
    UntilClose,
    /// The content ends with the connection; TLS says nothing.
    UntilCut,
    /// The content is the call after blanks, of so many bytes in all.
    Huge(u64),
    /// Interim answers (103) without end.
    EndlessInterim,
    /// Field lines without end.
    EndlessHead,
    /// Chunks of blanks without end.
    EndlessContent,
    /// A trailer section without end.
    EndlessTrailer,
    /// One byte, a wait, and so on.
    Slow(Duration),
    /// Nothing more from this phase on, the connection stays open.
    Stall(Phase),
    /// TCP ends after so many bytes of the answer, without `close_notify`.
    Cut {
        /// How many bytes of the answer are sent.
        after: usize,
    },
    /// TCP is reset after so many bytes of the answer.
    Reset {
        /// How many bytes of the answer are sent.
        after: usize,
    },
    /// Exactly these pieces, then this end. Has no name.
    Raw {
        /// What is sent instead of an answer, each piece in a TLS record of its own.
        pieces: Vec<Vec<u8>>,
        /// What follows them.
        end: End,
    },
}

/// Where an answer stalls. For the phases before a request, see [`WireFault`](super::WireFault).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// After the request, before the first byte.
    BeforeHead,
    /// After half of the head.
    InHead,
    /// After half of the content.
    InContent,
}

impl Fault {
    /// The steps of an answer with this fault; `good` is the answer without it.
    pub(super) fn script(self, good: Answer, stamp: &Stamp) -> Script {
        match self {
            Self::Throttled { retry_after } => vec![Step::Write(throttled(stamp, retry_after).message())],
            Self::Unavailable { retry_after } => {
                let answer = Answer::error(stamp, 503, "serviceNotAvailable", "Service unavailable");
                vec![Step::Write(with_retry_after(answer, retry_after).message())]
            }
            Self::Status(status) => {
                vec![Step::Write(
                    Answer::error(stamp, status, "9999", "Unknown internal server error.").message(),
                )]
            }
            Self::Unauthorized => vec![Step::Write(expired(stamp).message())],
            Self::ClaimsChallenge => vec![Step::Write(claims_challenge(stamp).message())],
            Self::Forbidden => {
                let message = "Insufficient enterprise tenant permissions, cannot access this API.";
                vec![Step::Write(Answer::error(stamp, 403, "7504", message).message())]
            }
            Self::Redirect => {
                let answer = Answer { status: 302, content: Vec::new(), ..good };
                vec![Step::Write(answer.with("Location", "https://elsewhere.example/v1.0/").message())]
            }
            Self::NoContent => vec![Step::Write(Answer { status: 204, ..good }.message())],
            Self::Html => {
                let page = b"<!DOCTYPE html><html><title>Proxy</title><p>Please sign in</html>".to_vec();
                vec![Step::Write(
                    Answer { content: page, ..good }.with("Content-Type", "text/html").message(),
                )]
            }
            Self::ContentType(media_type) => {
                vec![Step::Write(good.with("Content-Type", media_type).message())]
            }
            Self::Gzip => {
                let content = gzip_stored(&good.content);
                vec![Step::Write(Answer { content, ..good }.with("Content-Encoding", "gzip").message())]
            }
            Self::Chunked(sizes) => vec![Step::Write(chunked(&good, &sizes))],
            Self::ContentLength(text) => {
                vec![Step::Write(good.head(&[("Content-Length", &text)])), Step::Write(good.content), CLOSE]
            }
            Self::UntilClose => vec![Step::Write(good.head(&[])), Step::Write(good.content), CLOSE],
            Self::UntilCut => {
                vec![Step::Write(good.head(&[])), Step::Write(good.content), Step::End(End::Cut)]
            }
            Self::Huge(length) => {
                let blanks = length.saturating_sub(good.content.len() as u64);
                let head =
                    good.head(&[("Content-Length", &(blanks + good.content.len() as u64).to_string())]);
                vec![
                    Step::Write(head),
                    Step::Repeat(vec![b' '; 4096], blanks / 4096),
                    Step::Repeat(vec![b' '], blanks % 4096),
                    Step::Write(good.content),
                ]
            }
            Self::EndlessInterim => forever(Vec::new(), "HTTP/1.1 103 Early Hints\r\nLink: </>\r\n\r\n"),
            Self::EndlessHead => forever(b"HTTP/1.1 200 OK\r\n".to_vec(), "x-again: and again\r\n"),
            Self::EndlessContent => forever(good.head(&[CHUNKED]), "10\r\n                \r\n"),
            Self::EndlessTrailer => {
                let mut start = chunked(&good, &[64]);
                start.truncate(start.len() - 2);
                forever(start, "x-again: and again\r\n")
            }
            Self::Slow(interval) => vec![Step::Trickle(good.message(), interval)],
            Self::Stall(phase) => {
                let head_length = good.head(&[("Content-Length", &good.content.len().to_string())]).len();
                let length = match phase {
                    Phase::BeforeHead => 0,
                    Phase::InHead => head_length / 2,
                    Phase::InContent => head_length + good.content.len() / 2,
                };
                vec![Step::Write(prefix(good.message(), length)), Step::Stall]
            }
            Self::Cut { after } => vec![Step::Write(prefix(good.message(), after)), Step::End(End::Cut)],
            Self::Reset { after } => vec![Step::Write(prefix(good.message(), after)), Step::End(End::Reset)],
            Self::Raw { pieces, end } => {
                pieces.into_iter().map(Step::Write).chain([Step::End(end)]).collect()
            }
        }
    }
}

const CLOSE: Step = Step::End(End::CloseNotify);
const CHUNKED: (&str, &str) = ("Transfer-Encoding", "chunked");

/// 401 for an access token whose time is over, or that was revoked.
pub(super) fn expired(stamp: &Stamp) -> Answer {
    let message = "Lifetime validation failed, the token is expired.";
    Answer::error(stamp, 401, "InvalidAuthenticationToken", message).with("WWW-Authenticate", CHALLENGE)
}

/// What a 401 asks for.
pub(super) const CHALLENGE: &str = r#"Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000""#;

fn throttled(stamp: &Stamp, retry_after: Option<String>) -> Answer {
    let inner = json!({ "code": "429", "message": "Please retry after", "status": "429" });
    let message = "Please retry again later.";
    with_retry_after(Answer::error_with(stamp, 429, "TooManyRequests", message, inner), retry_after)
}

fn with_retry_after(answer: Answer, retry_after: Option<String>) -> Answer {
    match retry_after {
        Some(value) => answer.with("Retry-After", value),
        None => answer,
    }
}

fn claims_challenge(stamp: &Stamp) -> Answer {
    let claims = BASE64_STANDARD.encode(
        json!({ "access_token": { "nbf": { "essential": true, "value": "1604106651" } } }).to_string(),
    );
    let message = "Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenCreatedWithOutdatedPolicies";
    let challenge = format!(
        r#"{CHALLENGE}, error="insufficient_claims", claims="{claims}", errorDescription="Continuous access evaluation resulted in claims challenge""#
    );
    Answer::error(stamp, 401, "InvalidAuthenticationToken", message).with("WWW-Authenticate", challenge)
}

fn chunked(answer: &Answer, sizes: &[usize]) -> Vec<u8> {
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

fn forever(start: Vec<u8>, again: &str) -> Script {
    vec![Step::Write(start), Step::Repeat(again.as_bytes().to_vec(), u64::MAX)]
}

fn prefix(mut bytes: Vec<u8>, length: usize) -> Vec<u8> {
    bytes.truncate(length);
    bytes
}

/// A gzip member of stored blocks (RFC 1951 section 3.2.4, RFC 1952).
fn gzip_stored(content: &[u8]) -> Vec<u8> {
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
