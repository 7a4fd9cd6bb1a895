//! Why a TLS stream failed.

use core::fmt;

use rustls::CertificateError;

use super::certificate::Refused;
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
            Self::Cut => {
                f.write_str("the connection was cut: TLS was not ended as it has to be, by close_notify")
            }
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

/// Whether a server was not believed because nobody trusts the issuer of its certificate: another
/// [`Trust`](super::Trust) would mend that, which it does not do for a wrong name or one that has expired.
#[must_use]
pub fn is_untrusted_issuer(error: &Error) -> bool {
    let source = core::error::Error::source(error).and_then(|source| source.downcast_ref());
    match source {
        Some(rustls::Error::InvalidCertificate(CertificateError::Other(refused))) => {
            refused.0.downcast_ref().is_some_and(Refused::is_untrusted_issuer)
        }
        _ => false,
    }
}

impl TlsError<Error> {
    /// The same as the adapter's own error, met in `phase`.
    pub(crate) fn into_error(self, phase: Phase) -> Error {
        match self {
            Self::Io(error) => error,
            Self::Tls(error) => {
                let (kind, text, hint) = match &error {
                    rustls::Error::InvalidCertificate(CertificateError::Other(refused)) => {
                        let hint = refused.0.downcast_ref().map(Refused::hint);
                        (ErrorKind::Certificate, refused.0.to_string(), hint)
                    }
                    rustls::Error::InvalidCertificate(_) => (ErrorKind::Certificate, error.to_string(), None),
                    rustls::Error::InvalidMessage(_) => (
                        ErrorKind::Tls,
                        "what answers there does not speak TLS".to_owned(),
                        Some("check the port; or something on the way has answered in its place"),
                    ),
                    _ => (ErrorKind::Tls, error.to_string(), None),
                };
                // A peer writes in its certificate and its alerts what it likes.
                let failure = Error::new(kind, phase, one_line(&text, TEXT_LENGTH_MAX)).caused_by(error);
                match hint {
                    Some(hint) => failure.with_hint(hint),
                    None => failure,
                }
            }
            Self::Cut => Error::new(ErrorKind::Cut, phase, self.to_string()),
        }
    }
}
