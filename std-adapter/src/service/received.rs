//! A request as the service received it.
//!
//! Takes: bytes of a connection.
//! Gives: one request at a time.
//! Keeps: bytes beyond the request, for the next one.
//! Refuses: a head of more than 32 KiB or 64 field lines, content of more than 64 KiB.

use core::fmt;
use std::io::{self, Read};

const HEAD_MAX: usize = 32 * 1024;
const FIELD_LINES_MAX: usize = 64;
const CONTENT_MAX: usize = 64 * 1024;

/// A request that reached the service.
///
/// ```
/// use graph_call_std::service::Service;
/// use std::io::{Read, Write};
/// use std::net::TcpStream;
///
/// let service = Service::builder().plain(0).start()?;
/// let mut socket = TcpStream::connect(service.plain_address().ok_or("no listener")?)?;
/// socket.write_all(b"GET /v1.0/communications/calls/1?$select=id HTTP/1.1\r\nConnection: close\r\n\r\n")?;
/// let mut answer = String::new();
/// socket.read_to_string(&mut answer)?;
/// assert!(answer.starts_with("HTTP/1.1 401 "));
///
/// let [received] = &service.received()[..] else { return Err("not one request".into()) };
/// assert_eq!((received.method(), received.query()), ("GET", "$select=id"));
/// assert_eq!(received.access_token(), None);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Received {
    method: String,
    target: String,
    field_lines: Vec<(String, String)>,
    content: Vec<u8>,
}

impl Received {
    /// The method, as sent.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The request target: path and query, as sent.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }

    /// The path of the target.
    #[must_use]
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The query of the target, empty when there is none.
    #[must_use]
    pub fn query(&self) -> &str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }

    /// The value of the first field line of that name, in any case.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.field_lines.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Every field line, in the order sent.
    #[must_use]
    pub fn field_lines(&self) -> &[(String, String)] {
        &self.field_lines
    }

    /// The access token, if one was sent.
    #[must_use]
    pub fn access_token(&self) -> Option<&str> {
        self.field("authorization")?.strip_prefix("Bearer ")
    }

    /// The content.
    #[must_use]
    pub fn content(&self) -> &[u8] {
        &self.content
    }
}

/// Shows no access token and no content: a client secret is sent there.
impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.field_lines.iter().map(|(name, _)| name).collect();
        f.debug_struct("Received")
            .field("method", &self.method)
            .field("target", &self.target)
            .field("field_names", &names)
            .field("content_length", &self.content.len())
            .finish()
    }
}

/// Why no further request comes.
#[derive(Debug)]
pub(super) enum Refusal {
    /// The connection ended or failed.
    Io(io::Error),
    /// The request is malformed or beyond a limit; the status says which.
    Status(u16),
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Reads requests one after another from one connection.
#[derive(Default)]
pub(super) struct Reader {
    buffer: Vec<u8>,
}

impl Reader {
    /// Gives the next request, or `None` when the client closed between two of them.
    pub(super) fn next(&mut self, input: &mut impl Read) -> Result<Option<Received>, Refusal> {
        let head_length = loop {
            if let Some(end) = self.buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
            if self.buffer.len() > HEAD_MAX {
                return Err(Refusal::Status(431));
            }
            if !self.fill(input)? {
                return if self.buffer.is_empty() { Ok(None) } else { Err(Refusal::Status(400)) };
            }
        };
        let head = str::from_utf8(&self.buffer[..head_length - 4]).map_err(|_| Refusal::Status(400))?;
        let mut received = parse_head(head)?;
        let content_length = match received.field("content-length") {
            Some(text) => text.parse().map_err(|_| Refusal::Status(400))?,
            None if received.field("transfer-encoding").is_some() => return Err(Refusal::Status(411)),
            None => 0,
        };
        if content_length > CONTENT_MAX {
            return Err(Refusal::Status(413));
        }
        while self.buffer.len() < head_length + content_length {
            if !self.fill(input)? {
                return Err(Refusal::Status(400));
            }
        }
        let message = self.buffer.drain(..head_length + content_length);
        received.content = message.skip(head_length).collect();
        Ok(Some(received))
    }

    fn fill(&mut self, input: &mut impl Read) -> io::Result<bool> {
        let mut piece = [0; 4096];
        let length = input.read(&mut piece)?;
        self.buffer.extend_from_slice(&piece[..length]);
        Ok(length > 0)
    }
}

/// `request-line CRLF *( field-line CRLF )`, RFC 9112 section 2.1.
fn parse_head(head: &str) -> Result<Received, Refusal> {
    let mut lines = head.split("\r\n");
    let request_line = lines.next().unwrap_or_default();
    let [method, target, "HTTP/1.1"] = request_line.split(' ').collect::<Vec<_>>()[..] else {
        return Err(Refusal::Status(400));
    };
    let mut field_lines = Vec::new();
    for line in lines {
        let (name, value) = line.split_once(':').ok_or(Refusal::Status(400))?;
        let is_malformed = name.is_empty()
            || name.bytes().any(|byte| !byte.is_ascii_graphic())
            || value.bytes().any(|byte| byte.is_ascii_control() && byte != b'\t');
        if is_malformed || field_lines.len() == FIELD_LINES_MAX {
            return Err(Refusal::Status(400));
        }
        field_lines.push((name.to_owned(), value.trim_matches([' ', '\t']).to_owned()));
    }
    Ok(Received { method: method.to_owned(), target: target.to_owned(), field_lines, content: Vec::new() })
}
