//! Why no reply came, and who is at fault.

use core::fmt;

use crate::{Culprit, ExchangeError};

/// Why a call could not be fetched.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum DriveError<E> {
    /// The connection failed.
    Io(E),
    /// The connection takes no more bytes.
    WriteZero,
    /// The answer is at fault.
    Exchange(ExchangeError),
    /// The buffer is empty.
    EmptyBuffer,
}

impl<E> DriveError<E> {
    /// The party whose change makes the error go away.
    pub const fn culprit(&self) -> Culprit {
        match self {
            Self::Io(_) | Self::WriteZero => Culprit::Peer,
            Self::Exchange(error) => error.culprit(),
            Self::EmptyBuffer => Culprit::Caller,
        }
    }
}

impl<E: fmt::Debug> fmt::Display for DriveError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "the connection failed: {error:?}"),
            Self::WriteZero => f.write_str("the connection takes no more bytes"),
            Self::Exchange(error) => error.fmt(f),
            Self::EmptyBuffer => f.write_str("the buffer is empty"),
        }
    }
}

impl<E: fmt::Debug> core::error::Error for DriveError<E> {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Exchange(error) => Some(error),
            _ => None,
        }
    }
}
