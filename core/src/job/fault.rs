//! Why a driver could not do what it was to do.

use core::fmt;

/// Why a driver could not do what it was to do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Fault {
    /// The host name has no address.
    NotResolved,
    /// No connection came about.
    NotConnected,
    /// A proxy did not open a tunnel; the status it answered, or 0.
    Proxy(u16),
    /// The peer did not prove to be the host it was asked for.
    Certificate,
    /// TLS failed for another reason.
    Tls,
    /// The connection was reset, or failed in another way.
    Reset,
    /// It took longer than was allowed.
    Timeout,
    /// There is no token to be had from outside, for now.
    NoToken,
    /// There is none to be had until somebody changes the credential.
    TokenRefused,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotResolved => "the host name has no address",
            Self::NotConnected => "no connection could be made",
            Self::Proxy(status) => return write!(f, "the proxy opens no tunnel: status {status}"),
            Self::Certificate => "the peer did not prove to be the host",
            Self::Tls => "TLS failed",
            Self::Reset => "the connection was lost",
            Self::Timeout => "the time is over",
            Self::NoToken => "there is no token to be had",
            Self::TokenRefused => "there is no token to be had with this credential",
        })
    }
}
