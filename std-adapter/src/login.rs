//! One form posted to a login host, and its answer; no I/O.
//!
//! - takes: the form of a credential, then the bytes of the answer in pieces of any size
//! - gives: the request, then status and content
//! - keeps: at most 64 KiB of content, in memory that is wiped, for it may hold a token
//! - refuses: what RFC 9112 forbids, and an answer that ends before its end

use core::time::Duration;

use graph_call::http::framing::Item;
use graph_call::http::{End, Framing, HeadParser, Limits, UserAgent, head};
use zeroize::Zeroizing;

use crate::credential::{Secret, TokenAnswer, TokenRequest};
use crate::error::{Error, ErrorKind, Phase};

/// The most content that a login host may send.
const CONTENT_LENGTH_MAX: usize = 64 * 1024;

/// The time for a token, within that of the whole operation.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(30);

/// How often a credential may ask its login host before it has a token.
pub(crate) const LOGINS_MAX: u8 = 2;

const LIMITS: Limits = Limits { content_bytes: CONTENT_LENGTH_MAX, ..Limits::DEFAULT };

/// The bytes of the request.
pub(crate) fn request(host: &str, request: &TokenRequest) -> Secret {
    let TokenRequest { target, form } = request;
    let form = form.reveal();
    let head = format!(
        "POST {target} HTTP/1.1\r\n\
         Host: {host}\r\n\
         Accept: application/json\r\n\
         Accept-Encoding: identity\r\n\
         User-Agent: {agent}\r\n\
         Connection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {length}\r\n\
         \r\n",
        agent = UserAgent::DEFAULT.as_str(),
        length = form.len(),
    );
    // Joined at once: a string that grows leaves copies of the secret behind that nobody wipes.
    Secret::new([head.as_str(), form].concat())
}

/// An answer while it arrives.
#[derive(Debug)]
pub(crate) struct Answer {
    head: HeadParser<2048>,
    framing: Option<Framing>,
    content: Zeroizing<Vec<u8>>,
}

impl Answer {
    pub(crate) fn new() -> Self {
        // All the room at once: a vector that grows leaves copies behind that nobody wipes.
        let content = Zeroizing::new(Vec::with_capacity(CONTENT_LENGTH_MAX));
        Self { head: HeadParser::with_limits(LIMITS), framing: None, content }
    }

    /// Takes a piece; true when the answer is complete.
    pub(crate) fn take(&mut self, mut piece: &[u8]) -> Result<bool, Error> {
        let framing = match &mut self.framing {
            Some(framing) => framing,
            None => {
                loop {
                    match self.head.next(&mut piece).map_err(malformed)? {
                        None => return Ok(false),
                        Some(head::Item::End) => break,
                        Some(_) => {}
                    }
                }
                let Some(head) = self.head.head() else { return Ok(false) };
                let framing = Framing::new(&head, self.head.offset(), &LIMITS).map_err(malformed)?;
                self.framing.insert(framing)
            }
        };
        loop {
            match framing.next(&mut piece).map_err(malformed)? {
                None => return Ok(false),
                Some(Item::Content(content)) => self.content.extend_from_slice(content),
                Some(Item::End) => return Ok(true),
            }
        }
    }

    /// The connection ended.
    pub(crate) fn finish(&self, end: End) -> Result<(), Error> {
        match &self.framing {
            Some(framing) => framing.finish(end).map_err(malformed),
            None => self.head.finish().map_err(malformed),
        }
    }

    /// What the login host said.
    pub(crate) fn into_token_answer(self) -> Result<TokenAnswer, Error> {
        let head = self.head.head();
        let status = head.map_or(0, |head| head.status());
        // In a coding that was not asked for it says nothing; the status says enough.
        let content = if head.is_some_and(|head| head.is_coded()) { &[] } else { &self.content[..] };
        let content = core::str::from_utf8(content)
            .map_err(|error| Error::new(ErrorKind::Answer, Phase::Credential, error.to_string()))?;
        Ok(TokenAnswer { status, content: Secret::new(content) })
    }
}

fn malformed(error: graph_call::http::Error) -> Error {
    Error::new(ErrorKind::Answer, Phase::Credential, error.to_string()).caused_by(error)
}

/// A credential that never comes to a token.
pub(crate) fn endless() -> Error {
    Error::new(ErrorKind::Credential, Phase::Credential, "the credential asks again and again")
}
