//! Why there is no TLS, or no more of it.

use core::fmt;

use embedded_io::ErrorKind;
use graph_call::job::Fault;

/// Why there is no TLS, or no more of it: what failed, and so who has to do something about it.
///
/// ```
/// use graph_call::job::Fault;
/// use graph_call_tls::Error;
///
/// assert_eq!(Error::Expired.fault(), Fault::Certificate);
/// assert_eq!(Error::NoTime.to_string(), "the clock is not set");
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Error {
    /// The certificate is for other names; a common name is none (RFC 9525, section 2).
    Name,
    /// The certificate, or one above it, is no longer valid.
    Expired,
    /// The certificate, or one above it, is not yet valid.
    NotYetValid,
    /// No chain leads from the certificate to a root: another issuer, an issuer that is no authority, a path that is too
    /// long, or constraints that nobody here can check.
    Untrusted,
    /// The certificate, or one above it, is not for servers (RFC 5280, sections 4.2.1.3 and 4.2.1.12).
    Purpose,
    /// A key or a hash of the chain is too weak.
    Weak,
    /// A certificate cannot be read, or has a critical extension that nobody here understands.
    Malformed,
    /// The server has not proved that it has the certificate's key, or has shown no certificate.
    Unproved,
    /// The clock is not set. Without the time nothing proves a certificate.
    NoTime,
    /// The heap is full, or there is none.
    NoMemory,
    /// There are no random numbers.
    NoRandomness,
    /// A root of the program is no certificate.
    Root,
    /// The peer has ended it by an alert of this number (RFC 8446, section 6).
    Alert(u8),
    /// A record is broken: too long, or not what the peer's key has sealed.
    Record,
    /// What the peer says is not TLS, or no TLS that this build knows.
    Protocol,
    /// The connection ended without a word: what came may not be all.
    Cut,
    /// The connection below has failed like this.
    Socket(ErrorKind),
}

impl Error {
    /// What a job is to be told.
    pub const fn fault(self) -> Fault {
        match self {
            Self::Name
            | Self::Expired
            | Self::NotYetValid
            | Self::Untrusted
            | Self::Purpose
            | Self::Weak
            | Self::Malformed
            | Self::Unproved => Fault::Certificate,
            Self::NoTime
            | Self::NoMemory
            | Self::NoRandomness
            | Self::Root
            | Self::Alert(_)
            | Self::Record
            | Self::Protocol => Fault::Tls,
            Self::Socket(ErrorKind::TimedOut) => Fault::Timeout,
            Self::Cut | Self::Socket(_) => Fault::Reset,
        }
    }
}

/// What the connection below says.
pub(crate) fn below(error: impl embedded_io::Error) -> Error {
    Error::Socket(error.kind())
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Name => "the certificate is for other names",
            Self::Expired => "a certificate is no longer valid",
            Self::NotYetValid => "a certificate is not yet valid",
            Self::Untrusted => "no chain leads to a root of this device",
            Self::Purpose => "a certificate is not for servers",
            Self::Weak => "a key or a hash of the chain is too weak",
            Self::Malformed => "a certificate is malformed, or has a critical extension that is not known",
            Self::Unproved => "the server has not proved who it is",
            Self::NoTime => "the clock is not set",
            Self::NoMemory => "the heap of TLS is full",
            Self::NoRandomness => "there are no random numbers",
            Self::Root => "a root is no certificate",
            Self::Alert(number) => return write!(f, "the peer ended TLS by alert {number}"),
            Self::Record => "a TLS record is broken",
            Self::Protocol => "the peer speaks no TLS that is known here",
            Self::Cut => "the connection ended in the middle",
            Self::Socket(kind) => return write!(f, "the connection failed: {kind}"),
        })
    }
}

impl core::error::Error for Error {}

/// The kinds are those that the platforms of `graph_call::drive` tell apart.
impl embedded_io::Error for Error {
    fn kind(&self) -> ErrorKind {
        match (self, self.fault()) {
            (Self::Socket(kind), _) => *kind,
            (_, Fault::Certificate) => ErrorKind::PermissionDenied,
            (_, Fault::Tls) => ErrorKind::InvalidData,
            _ => ErrorKind::ConnectionReset,
        }
    }
}
