//! The parts of a request that come from outside, each checked once, before any byte is written.

use core::fmt;

use crate::Culprit;

/// Why a part of a request was refused.
///
/// ```
/// use graph_call::http::{CallId, Part, RequestError};
///
/// let error = CallId::new("a/b").err().ok_or("accepted")?;
/// assert_eq!(error, RequestError::Byte { part: Part::CallId, offset: 1 });
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum RequestError {
    /// The part is empty.
    Empty(Part),
    /// The part is longer than is accepted.
    TooLong(Part),
    /// The byte at this offset of the part does not belong there.
    Byte {
        /// The part.
        part: Part,
        /// The first wrong byte.
        offset: usize,
    },
    /// The call id is `.` or `..`, which a path would not keep.
    Dots,
    /// The buffer is smaller than the request.
    BufferTooSmall {
        /// The bytes that the request takes.
        needed: usize,
    },
}

/// A part of the request that is checked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Part {
    /// [`CallId`]
    CallId,
    /// [`AccessToken`]
    AccessToken,
    /// [`Host`]
    Host,
    /// [`UserAgent`]
    UserAgent,
}

impl Part {
    const fn longest(self) -> usize {
        match self {
            Self::CallId => 128,
            Self::AccessToken => 16 * 1024,
            // A DNS name of 253, a colon, five digits.
            Self::Host => 259,
            Self::UserAgent => 256,
        }
    }

    /// Checks the length, and every byte by a predicate.
    fn check(self, value: &[u8], allowed: fn(u8) -> bool) -> Result<(), RequestError> {
        if value.is_empty() {
            return Err(RequestError::Empty(self));
        }
        if value.len() > self.longest() {
            return Err(RequestError::TooLong(self));
        }
        match value.iter().position(|&byte| !allowed(byte)) {
            Some(offset) => Err(RequestError::Byte { part: self, offset }),
            None => Ok(()),
        }
    }
}

impl RequestError {
    /// The party whose change makes the error go away.
    pub const fn culprit(self) -> Culprit {
        match self {
            Self::BufferTooSmall { .. } => Culprit::Capacity,
            _ => Culprit::Caller,
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CallId => "call id",
            Self::AccessToken => "access token",
            Self::Host => "host",
            Self::UserAgent => "user agent",
        })
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty(part) => write!(f, "the {part} is empty"),
            Self::TooLong(part) => write!(f, "the {part} is longer than {} bytes", part.longest()),
            Self::Byte { part, offset } => {
                write!(f, "the {part} holds a byte at offset {offset} that is not allowed there")
            }
            Self::Dots => f.write_str("the call id is `.` or `..`"),
            Self::BufferTooSmall { needed } => write!(f, "the request takes a buffer of {needed} bytes"),
        }
    }
}

impl core::error::Error for RequestError {}

/// The id of a call, fit to stand in a path as it is.
///
/// ```
/// use graph_call::http::CallId;
///
/// let id = CallId::new("2f1a1100-b174-40a0-aba7-0b405e01ed92")?;
/// assert_eq!(id.as_str().len(), 36);
/// # Ok::<(), graph_call::http::RequestError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct CallId<'a>(&'a str);

impl<'a> CallId<'a> {
    /// Checks an id: 1 to 128 of `unreserved = ALPHA / DIGIT / "-" / "." / "_" / "~"` (RFC 3986).
    ///
    /// # Errors
    /// Anything else, and `.` and `..`. Nothing is percent-encoded in silence.
    pub fn new(id: &'a str) -> Result<Self, RequestError> {
        Part::CallId.check(id.as_bytes(), |byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
        })?;
        if id == "." || id == ".." {
            return Err(RequestError::Dots);
        }
        Ok(Self(id))
    }

    /// The id as given.
    pub const fn as_str(self) -> &'a str {
        self.0
    }
}

/// An access token: a secret, which `Debug` and defmt do not show.
///
/// ```
/// use graph_call::http::AccessToken;
///
/// let token = AccessToken::new("eyJ0eXAi.eyJhdWQi.c2ln")?;
/// assert_eq!(format!("{token:?}"), "AccessToken(redacted)");
/// # Ok::<(), graph_call::http::RequestError>(())
/// ```
#[derive(Clone, Copy)]
pub struct AccessToken<'a>(&'a str);

impl<'a> AccessToken<'a> {
    /// Checks an access token: at most 16 KiB of
    /// `b64token = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="` (RFC 6750).
    ///
    /// # Errors
    /// Anything else, by the offset of the first wrong byte; the error holds nothing of the secret.
    pub fn new(token: &'a str) -> Result<Self, RequestError> {
        let mut body = token.as_bytes();
        while let [before @ .., b'='] = body {
            body = before;
        }
        Part::AccessToken.check(body, |byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/')
        })?;
        if token.len() > Part::AccessToken.longest() {
            return Err(RequestError::TooLong(Part::AccessToken));
        }
        Ok(Self(token))
    }

    /// The secret.
    pub const fn reveal(self) -> &'a str {
        self.0
    }
}

impl fmt::Debug for AccessToken<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(redacted)")
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for AccessToken<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "AccessToken(redacted)");
    }
}

/// A host with an optional port, as the `Host` field line carries it.
///
/// ```
/// use graph_call::http::Host;
///
/// assert_eq!(Host::new("localhost:8443")?.as_str(), "localhost:8443");
/// assert_eq!(Host::new("[::1]:443")?.as_str(), "[::1]:443");
/// assert!(Host::new("localhost:0x1").is_err());
/// # Ok::<(), graph_call::http::RequestError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Host<'a>(&'a str);

impl<'a> Host<'a> {
    /// Checks `uri-host [ ":" port ]`: a DNS name, an IPv4 address, or an IPv6 address in brackets.
    ///
    /// # Errors
    /// An empty or overlong host, a byte that belongs to none of them, a port that is not 1 to 65535.
    pub fn new(host: &'a str) -> Result<Self, RequestError> {
        Part::Host.check(host.as_bytes(), |byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b':' | b'[' | b']')
        })?;
        let wrong = |offset| Err(RequestError::Byte { part: Part::Host, offset });
        let (name, port) = match host.strip_prefix('[') {
            Some(bracketed) => {
                let Some((address, after)) = bracketed.split_once(']') else { return wrong(0) };
                if let Some(at) =
                    address.bytes().position(|b| !(b.is_ascii_hexdigit() || b == b':' || b == b'.'))
                {
                    return wrong(at.saturating_add(1));
                }
                match after.strip_prefix(':') {
                    _ if after.is_empty() => (address, None),
                    Some(port) => (address, Some(port)),
                    None => return wrong(address.len().saturating_add(2)),
                }
            }
            None => {
                if let Some(at) = host.bytes().position(|b| matches!(b, b'[' | b']')) {
                    return wrong(at);
                }
                match host.split_once(':') {
                    Some((name, port)) => (name, Some(port)),
                    None => (host, None),
                }
            }
        };
        if name.is_empty() {
            return Err(RequestError::Empty(Part::Host));
        }
        match port {
            Some(digits) if !is_port(digits) => wrong(host.len().saturating_sub(digits.len())),
            _ => Ok(Self(host)),
        }
    }

    /// The host as given.
    pub const fn as_str(self) -> &'a str {
        self.0
    }
}

/// `port = 1*5DIGIT`, from 1 to 65535.
fn is_port(digits: &str) -> bool {
    digits.len() <= 5
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && digits.parse::<u16>().is_ok_and(|port| port != 0)
}

/// What the program calls itself: `name/version`.
///
/// ```
/// use graph_call::http::UserAgent;
///
/// let agent = UserAgent::new("door-panel/2.1")?;
/// assert_eq!(agent.as_str(), "door-panel/2.1");
/// # Ok::<(), graph_call::http::RequestError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct UserAgent<'a>(&'a str);

impl UserAgent<'static> {
    /// This crate and its version.
    pub const DEFAULT: Self = Self(concat!("graph-call/", env!("CARGO_PKG_VERSION")));
}

impl<'a> UserAgent<'a> {
    /// Checks a user agent: 1 to 256 bytes of visible ASCII, and spaces between.
    ///
    /// # Errors
    /// Anything else, by the offset of the first wrong byte.
    pub fn new(agent: &'a str) -> Result<Self, RequestError> {
        Part::UserAgent.check(agent.as_bytes(), |byte| matches!(byte, b' '..=b'~'))?;
        if agent.starts_with(' ') {
            return Err(RequestError::Byte { part: Part::UserAgent, offset: 0 });
        }
        if agent.ends_with(' ') {
            return Err(RequestError::Byte { part: Part::UserAgent, offset: agent.len().saturating_sub(1) });
        }
        Ok(Self(agent))
    }

    /// The user agent as given.
    pub const fn as_str(self) -> &'a str {
        self.0
    }
}

/// The `client-request-id`: a random UUID that the service writes into its own logs.
///
/// ```
/// use graph_call::http::ClientRequestId;
///
/// let id = ClientRequestId::from_random([0xff; 16]);
/// assert_eq!(id.as_str(), "ffffffff-ffff-4fff-bfff-ffffffffffff");
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ClientRequestId([u8; 36]);

impl ClientRequestId {
    /// A version 4 UUID (RFC 9562) of sixteen random bytes.
    pub fn from_random(mut random: [u8; 16]) -> Self {
        let [_, _, _, _, _, _, version, _, variant, ..] = &mut random;
        *version = *version & 0x0f | 0x40;
        *variant = *variant & 0x3f | 0x80;
        let mut text = [b'-'; 36];
        let digits = random.iter().flat_map(|byte| [byte >> 4, byte & 0x0f]);
        let places = text.iter_mut().enumerate().filter(|(at, _)| !matches!(at, 8 | 13 | 18 | 23));
        for ((_, place), digit) in places.zip(digits) {
            *place =
                if digit < 10 { b'0'.wrapping_add(digit) } else { b'a'.wrapping_sub(10).wrapping_add(digit) };
        }
        Self(text)
    }

    pub(super) const fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The text of the UUID.
    pub fn as_str(&self) -> &str {
        // Only hexadecimal digits and hyphens were written.
        core::str::from_utf8(&self.0).unwrap_or_default()
    }
}
