//! Who is asked, and who answered.

use core::fmt;

/// Whom an exchange is with.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum To {
    Service,
    Login,
}

/// Who answered, which decides what to do about it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Who {
    /// Nobody: no complete head of an answer came.
    Nobody,
    /// The service: its form of an error, or a request id of its.
    Service,
    /// The host that issues tokens, in its form.
    LoginHost,
    /// Something on the way, in the place of the host: a proxy, a gateway, a filter.
    Proxy,
    /// A page that wants a person to sign in to the network, or a redirect to one.
    CaptivePage,
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Service => "the service",
            Self::LoginHost => "the login host",
            Self::Proxy => "a proxy or gateway",
            Self::CaptivePage => "a sign-in page of the network",
            Self::Nobody => "nobody",
        })
    }
}
