//! What passes over a connection, for whoever wants to see it.
//!
//! - takes: bytes as they are written and read
//! - gives: each head once it is whole, without secrets; the content of the last answer
//! - keeps: the last exchange, as far as it is wanted
//! - refuses: to keep the content of a sign-in, which is a token
//!
//! A peer may quote what it was sent, so a value is left out if it shows a secret of the request, as it is or
//! percent-encoded, or enough of the beginning of one.

use core::fmt::Write as _;

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD_NO_PAD as STANDARD, BASE64_URL_SAFE_NO_PAD as URL_SAFE};
use graph_call::http::framing::Item;
use graph_call::http::{Framing, HeadParser, Limits, head};
use zeroize::Zeroizing;

/// What of an exchange is wanted.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wants {
    /// The heads of requests and answers.
    pub(crate) heads: bool,
    /// The content of the answer.
    pub(crate) content: bool,
}

impl Wants {
    /// Whether anything is.
    pub(crate) fn any(self) -> bool {
        self.heads || self.content
    }
}

/// An exchange, as far as it has come.
#[derive(Default)]
pub(crate) struct Record {
    request: Zeroizing<Vec<u8>>,
    /// That of a sign-in is a token.
    answer: Zeroizing<Vec<u8>>,
    request_head: Head,
    answer_head: Head,
}

/// The search for the end of a head.
#[derive(Clone, Copy)]
enum Head {
    /// It begins at this offset.
    From(usize),
    /// The last one was told.
    Told,
}

impl Default for Head {
    fn default() -> Self {
        Self::From(0)
    }
}

/// More than any request takes.
const REQUEST_BYTES_MAX: usize = 256 * 1024;
/// Room for the fields that decide the framing.
const HEAD_BYTES: usize = 8 * 1024;
/// So much of the beginning of a secret gives it away.
const TELLING: usize = 8;
/// So much is enough at the end of a text, which may have been cut there.
const TELLING_AT_END: usize = 4;
/// So many bytes of it do where they are in base64: a multiple of three.
const ENCODED: usize = 6;
/// What stands for a value that is not shown.
const HIDDEN: &str = "[hidden]";

/// The fields of a request whose values are no secret.
const OPEN: [&str; 11] = [
    "host",
    "accept",
    "accept-encoding",
    "user-agent",
    "client-request-id",
    "prefer",
    "content-type",
    "content-length",
    "connection",
    "metadata",
    "return-client-request-id",
];
/// The fields of an answer whose values are secrets.
const CLOSED: [&str; 4] = ["set-cookie", "authorization", "proxy-authorization", "authentication-info"];

impl Record {
    /// Takes what was written; gives the head of the request, if it is whole now.
    pub(crate) fn sent(&mut self, bytes: &[u8]) -> Option<String> {
        if self.request.len().saturating_add(bytes.len()) > REQUEST_BYTES_MAX {
            return None;
        }
        extend(&mut self.request, bytes);
        let lines = whole(&self.request, &mut self.request_head, |_| true)?;
        let is_shown = |name: &str, _: &[u8]| OPEN.contains(&name);
        Some(shown(lines, is_shown, |_| false))
    }

    /// Takes what was read; gives the heads that are whole now.
    pub(crate) fn received(&mut self, bytes: &[u8], wants: Wants) -> Vec<String> {
        if !wants.content && matches!(self.answer_head, Head::Told) {
            return Vec::new();
        }
        extend(&mut self.answer, bytes);
        let secrets = secrets(&self.request);
        let is_secret = |text: &[u8]| secrets.iter().any(|secret| is_in(secret, text));
        let is_shown = |name: &str, value: &[u8]| !CLOSED.contains(&name) && !is_secret(value);
        let mut heads = Vec::new();
        // An interim answer is followed by another one.
        while let Some(lines) = whole(&self.answer, &mut self.answer_head, |lines| !is_interim(lines)) {
            heads.push(shown(lines, is_shown, is_secret));
        }
        if !wants.content && matches!(self.answer_head, Head::Told) {
            self.answer = Zeroizing::default();
        }
        if wants.heads { heads } else { Vec::new() }
    }

    /// The content of the answer, as far as it has come; nothing if there was no answer.
    pub(crate) fn content(&self, limits: Limits) -> Option<Vec<u8>> {
        if self.answer.is_empty() {
            return None;
        }
        let mut parser = Box::new(HeadParser::<HEAD_BYTES>::with_limits(limits));
        let mut rest = &self.answer[..];
        loop {
            match parser.next(&mut rest) {
                Ok(Some(head::Item::End)) => break,
                Ok(Some(_)) => {}
                Ok(None) if self.answer.starts_with(b"HTTP/") => return Some(Vec::new()),
                Ok(None) => return Some(self.answer.to_vec()),
                // What is no head ends where an empty line is, if anywhere.
                Err(_) => return Some(after_head(&self.answer).to_vec()),
            }
        }
        let framing = parser.head().map(|head| Framing::new(&head, parser.offset(), &limits));
        let Some(Ok(mut framing)) = framing else { return Some(rest.to_vec()) };
        let mut content = Vec::new();
        while let Ok(Some(Item::Content(piece))) = framing.next(&mut rest) {
            content.extend_from_slice(piece);
        }
        Some(content)
    }
}

/// Adds bytes; a place that becomes too small leaves no copy of a secret behind.
fn extend(kept: &mut Zeroizing<Vec<u8>>, bytes: &[u8]) {
    let length = kept.len() + bytes.len();
    if length > kept.capacity() {
        let mut larger = Zeroizing::new(Vec::with_capacity(length.max(2 * kept.capacity())));
        larger.extend_from_slice(kept);
        *kept = larger;
    }
    kept.extend_from_slice(bytes);
}

/// The lines of the head that is being looked for, if it is whole; and whether it was the last one.
fn whole<'b>(bytes: &'b [u8], head: &mut Head, is_last: impl Fn(&[u8]) -> bool) -> Option<&'b [u8]> {
    let Head::From(start) = *head else { return None };
    let (lines, length) = split(bytes.get(start..)?)?;
    *head = if is_last(lines) { Head::Told } else { Head::From(start + length) };
    Some(lines)
}

/// A head without its empty line, and its length with it.
fn split(bytes: &[u8]) -> Option<(&[u8], usize)> {
    let mut line_start = 0;
    loop {
        let line_end = line_start + bytes.get(line_start..)?.iter().position(|byte| *byte == b'\n')?;
        let line = bytes.get(line_start..line_end)?;
        if line_start > 0 && matches!(line, [] | [b'\r']) {
            return Some((bytes.get(..line_start)?, line_end + 1));
        }
        line_start = line_end + 1;
    }
}

fn is_interim(lines: &[u8]) -> bool {
    lines.split(|byte| *byte == b' ').nth(1).is_some_and(|status| status.starts_with(b"1"))
}

fn after_head(bytes: &[u8]) -> &[u8] {
    split(bytes).and_then(|(_, length)| bytes.get(length..)).unwrap_or(bytes)
}

/// The lines of a head, values that are not to be shown left out, and names that are no names.
fn shown(lines: &[u8], is_shown: impl Fn(&str, &[u8]) -> bool, is_secret: impl Fn(&[u8]) -> bool) -> String {
    let mut text = String::new();
    for (index, line) in lines.split(|byte| *byte == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            continue;
        }
        let (name, value) = match line.iter().position(|byte| *byte == b':') {
            // A first line, or a folded one, is judged as a value without a name.
            Some(at) if index > 0 && !line.starts_with(b" ") => line.split_at(at + 1),
            _ => (&[][..], line),
        };
        let value = value.trim_ascii();
        // A peer may take what it was sent for a name.
        if is_secret(name) {
            let _ = writeln!(text, "{HIDDEN}");
            continue;
        }
        let name = String::from_utf8_lossy(name);
        let known = name.trim_end_matches(':').to_ascii_lowercase();
        let gap = if name.is_empty() { "" } else { " " };
        let is_first_of_request = index == 0 && known.is_empty() && !value.starts_with(b"HTTP/");
        let value = if is_first_of_request || is_shown(&known, value) {
            String::from_utf8_lossy(value)
        } else {
            HIDDEN.into()
        };
        // A string takes whatever is written to it.
        let _ = writeln!(text, "{name}{gap}{value}");
    }
    text
}

/// The secrets of a request: the values of its fields that are not open, and the members of a form that prove who asks.
fn secrets(request: &[u8]) -> Vec<&[u8]> {
    let Some((lines, length)) = split(request) else { return Vec::new() };
    let fields = lines.split(|byte| *byte == b'\n').skip(1).filter_map(|line| {
        let at = line.iter().position(|byte| *byte == b':')?;
        let name = String::from_utf8_lossy(line.get(..at)?).to_ascii_lowercase();
        let value = line.get(at + 1..)?.trim_ascii();
        // Behind the name of a scheme.
        let secret = value.rsplit(|byte| *byte == b' ').next()?;
        (!OPEN.contains(&name.as_str())).then_some(secret)
    });
    let form = request.get(length..).unwrap_or_default().split(|byte| *byte == b'&').filter_map(|pair| {
        let at = pair.iter().position(|byte| *byte == b'=')?;
        let name = String::from_utf8_lossy(pair.get(..at)?);
        let is_secret = ["secret", "assertion", "password", "code"].iter().any(|word| name.ends_with(word));
        is_secret.then(|| pair.get(at + 1..)).flatten()
    });
    fields.chain(form).filter(|secret| !secret.is_empty()).collect()
}

/// Whether a text shows a secret, or enough of its beginning; both may be percent-encoded, and the text in base64.
fn is_in(secret: &[u8], text: &[u8]) -> bool {
    let (secret, text) = (decoded(secret), decoded(text));
    if is_encoded_in(&secret, &text) {
        return true;
    }
    (0..text.len()).any(|start| {
        let rest = text.get(start..).unwrap_or_default();
        let common = rest.iter().zip(secret.iter()).take_while(|(a, b)| a == b).count();
        common >= TELLING.min(secret.len()) || common == rest.len() && common >= TELLING_AT_END
    })
}

/// Whether a text has the beginning of a secret in base64: one of its first three bytes begins a group of digits.
fn is_encoded_in(secret: &[u8], text: &[u8]) -> bool {
    let groups = (0..3).filter_map(|skipped| secret.get(skipped..skipped + ENCODED));
    groups.flat_map(|part| [STANDARD.encode(part), URL_SAFE.encode(part)]).any(|digits| {
        let digits = Zeroizing::new(digits);
        text.windows(digits.len()).any(|window| window == digits.as_bytes())
    })
}

fn decoded(text: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut rest = text;
    while let [first, after @ ..] = rest {
        let digits = |pair: &[u8]| u8::from_str_radix(core::str::from_utf8(pair).ok()?, 16).ok();
        match (first, after) {
            (b'%', [high, low, after @ ..]) if let Some(byte) = digits(&[*high, *low]) => {
                bytes.push(byte);
                rest = after;
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use graph_call::http::Limits;

    use super::{Record, Wants};

    const HEADS: Wants = Wants { heads: true, content: false };
    const CONTENT: Wants = Wants { heads: false, content: true };

    const REQUEST: &[u8] = b"GET /v1.0/communications/calls/1 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer secret-token-1\r\n\r\n";

    #[test]
    fn a_head_is_told_once_it_is_whole_and_shows_no_secret() {
        let mut record = Record::default();
        let told: Vec<String> = REQUEST.chunks(7).filter_map(|piece| record.sent(piece)).collect();
        assert_eq!(told, ["GET /v1.0/communications/calls/1 HTTP/1.1\nHost: a\nAuthorization: [hidden]\n"]);
        let answer =
            b"HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 401 secret-t\r\nDate: now\r\nSet-Cookie: a\r\n\
            Location: /?t=%73ecret-token-1\r\nX-secret-token-1: a\r\nX-Claims: eyJhIjoic2VjcmV0LXRva2VuLTEifQ\r\nX-End: Bearer secr\r\n\r\nsecret-token-1";
        let told: Vec<String> = answer.chunks(5).flat_map(|piece| record.received(piece, HEADS)).collect();
        let expected = "[hidden]\nDate: now\nSet-Cookie: [hidden]\nLocation: [hidden]\n[hidden]\nX-Claims: [hidden]\nX-End: [hidden]\n";
        assert_eq!(told, ["HTTP/1.1 103 Early\nLink: x\n", expected]);
        assert!(record.answer.is_empty(), "the content of a sign-in is a token");
    }

    #[test]
    fn what_proves_who_signs_in_is_a_secret_too() {
        let mut record = Record::default();
        record.sent(b"POST /t HTTP/1.1\r\nHost: a\r\nX-IDENTITY-HEADER: deep-secret\r\n\r\n");
        record.sent(b"client_id=known-id-123&client_secret=p%7Essword-1");
        let answer = b"HTTP/1.1 400 Bad\r\nA: known-id-123\r\nB: p~ssword-1\r\nC: deep-secret\r\n\r\n";
        let expected = "HTTP/1.1 400 Bad\nA: known-id-123\nB: [hidden]\nC: [hidden]\n";
        assert_eq!(record.received(answer, HEADS), [expected]);
    }

    #[test]
    fn the_content_is_what_the_service_sent_whatever_it_is() {
        // However it is cut into pieces.
        let content = |answer: &[u8]| {
            let contents = (1..=answer.len().max(1)).map(|length| {
                let mut record = Record::default();
                for piece in answer.chunks(length) {
                    assert!(record.received(piece, CONTENT).is_empty());
                }
                record.content(Limits::DEFAULT)
            });
            let mut contents: Vec<_> = contents.collect();
            contents.dedup();
            assert_eq!(contents.len(), 1, "{contents:?}");
            contents.remove(0).map(|content| String::from_utf8(content).expect("UTF-8"))
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(content(b""), None);
        assert_eq!(content(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n<a/>\nHTTP"), some("<a/>\n"));
        assert_eq!(
            content(b"HTTP/1.1 100 C\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n1;a\r\n \r\n0\r\n\r\n"),
            some("{} ")
        );
        assert_eq!(content(b"HTTP/1.1 404 N\r\nContent-Length: 9\r\n\r\nhalf"), some("half"));
        assert_eq!(content(b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nno length"), some("no length"));
        assert_eq!(content(b"<html>no HTTP"), some("<html>no HTTP"));
        assert_eq!(content(b"HTTP/1.1 200 OK\r\nDa"), some(""));
    }
}
