//! Why a TLS stream failed.

use core::fmt;

use rustls::CertificateError;

use crate::error::{Error, ErrorKind, Phase};
use crate::text::one_line;

/// The most characters that are shown of an error.
const TEXT_LENGTH_MAX: usize = 700;

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
            Self::Tls(error) => f.write_str(&one_line(&error.to_string(), TEXT_LENGTH_MAX)),
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
            Self::Tls(error) => {
                let (kind, text) = match &error {
                    rustls::Error::InvalidCertificate(CertificateError::Other(refused)) => {
                        (ErrorKind::Certificate, refused.0.to_string())
                    }
                    rustls::Error::InvalidCertificate(_) => (ErrorKind::Certificate, error.to_string()),
                    rustls::Error::InvalidMessage(_) => {
                        (ErrorKind::Tls, format!("what answers there does not speak TLS ({error})"))
                    }
                    _ => (ErrorKind::Tls, error.to_string()),
                };
                // A peer writes in its certificate and its alerts what it likes.
                Error::new(kind, phase, one_line(&text, TEXT_LENGTH_MAX)).caused_by(error)
            }
            Self::Cut => Error::new(ErrorKind::Cut, phase, self.to_string()),
        }
    }
}
