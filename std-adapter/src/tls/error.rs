//! Why a TLS stream failed.

use core::fmt;

use crate::error::{Error, ErrorKind, Phase};

/// Why a TLS stream failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum TlsError<E> {
    /// The stream below failed.
    Io(E),
    /// TLS refused what the peer sent, its certificate above all.
    Tls(rustls::Error),
    /// The stream ended without close_notify.
    Cut,
}

impl<E: fmt::Display> fmt::Display for TlsError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::Tls(error) => error.fmt(f),
            Self::Cut => f.write_str("the connection ended without close_notify"),
        }
    }
}

impl<E: core::error::Error + 'static> core::error::Error for TlsError<E> {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            Self::Tls(error) => Some(error),
            Self::Cut => None,
        }
    }
}

impl<E: embedded_io::Error + 'static> embedded_io::Error for TlsError<E> {
    fn kind(&self) -> embedded_io::ErrorKind {
        match self {
            Self::Io(error) => error.kind(),
            Self::Tls(_) => embedded_io::ErrorKind::InvalidData,
            Self::Cut => embedded_io::ErrorKind::ConnectionAborted,
        }
    }
}

impl TlsError<Error> {
    /// The same as the adapter's own error, met in `phase`.
    pub(crate) fn into_error(self, phase: Phase) -> Error {
        match self {
            Self::Io(error) => error,
            Self::Tls(error @ rustls::Error::InvalidCertificate(_)) => {
                Error::new(ErrorKind::Certificate, phase, one_line(&error)).caused_by(error)
            }
            Self::Tls(error) => Error::new(ErrorKind::Tls, phase, one_line(&error)).caused_by(error),
            Self::Cut => Error::new(ErrorKind::Cut, phase, self.to_string()),
        }
    }
}

/// A certificate names what its owner likes: control characters do not reach a terminal.
fn one_line(error: &rustls::Error) -> String {
    error.to_string().chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect()
}
