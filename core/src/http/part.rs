//! The parts of a request that come from outside, each checked once, before any byte is written.

mod access_token;
mod call_id;
mod client_request_id;
mod host;
mod user_agent;

use core::fmt;

pub use access_token::AccessToken;
pub use call_id::CallId;
pub use client_request_id::ClientRequestId;
pub use host::Host;
pub use user_agent::UserAgent;

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
    /// The tenant of a token request: the name or id of a directory.
    Tenant,
    /// The id of the application in a token request.
    ClientId,
    /// The secret, or the assertion, of a token request.
    ClientSecret,
    /// The target, or a field, of a token request.
    TokenRequest,
}

impl Part {
    const fn longest(self) -> usize {
        match self {
            Self::CallId => 128,
            Self::AccessToken | Self::ClientSecret => 16 * 1024,
            // A DNS name of 253, a colon, five digits.
            Self::Host => 259,
            Self::UserAgent | Self::Tenant | Self::ClientId => 256,
            Self::TokenRequest => 8 * 1024,
        }
    }

    /// Checks the length, and every byte by a predicate.
    pub(crate) fn check(self, value: &[u8], allowed: fn(u8) -> bool) -> Result<(), RequestError> {
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
            Self::Tenant => "tenant",
            Self::ClientId => "client id",
            Self::ClientSecret => "client secret",
            Self::TokenRequest => "token request",
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
