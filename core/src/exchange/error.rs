//! Why an exchange came to nothing, and who is at fault.

use core::fmt;

use crate::{Culprit, http};

/// Why an answer is not one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ExchangeError {
    /// The head or the framing is at fault, or the answer incomplete; the offset counts from its first
    /// byte.
    Http(http::Error),
    /// The content of a 200 is no call; the offset counts from the first byte of the content.
    Content(crate::Error),
    /// The content of a 200 is not `application/json`, by its type. None of it is read, since it may be
    /// somebody's call all the same: [`Exchange::head`](super::Exchange::head) has its type and length.
    NotJson,
    /// The exchange was used again after an error.
    AfterError,
}

impl ExchangeError {
    /// The party whose change makes the error go away.
    pub const fn culprit(&self) -> Culprit {
        match self {
            Self::Http(error) => error.culprit(),
            Self::Content(error) => error.culprit(),
            Self::NotJson => Culprit::Peer,
            Self::AfterError => Culprit::Caller,
        }
    }

    /// Whether the answer only ended too early.
    pub fn is_truncated(&self) -> bool {
        match self {
            Self::Http(error) => error.kind() == http::ErrorKind::Truncated,
            Self::Content(error) => error.is_truncated(),
            _ => false,
        }
    }
}

impl fmt::Display for ExchangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Http(error) => error.fmt(f),
            Self::Content(error) => error.fmt(f),
            Self::NotJson => f.write_str("the content of the answer is not application/json"),
            Self::AfterError => f.write_str("the exchange had failed before; reset it"),
        }
    }
}

impl core::error::Error for ExchangeError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Http(error) => Some(error),
            Self::Content(error) => Some(error),
            _ => None,
        }
    }
}
