//! The words of an error: in which phase, of what kind, of which class.

use core::fmt;

/// The step of an operation, in the order in which they happen.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Phase {
    /// Checking what the caller asked for; nothing has been sent.
    Prepare,
    /// Obtaining an access token.
    Credential,
    /// Turning a host name into an address.
    Resolve,
    /// Opening the TCP connection.
    Connect,
    /// Asking a proxy for a tunnel.
    Proxy,
    /// The TLS handshake.
    Tls,
    /// Sending the request.
    Send,
    /// Waiting for the first byte of the answer.
    FirstByte,
    /// Receiving the rest of the answer.
    Receive,
    /// Waiting before another attempt.
    Wait,
}

impl Phase {
    /// The phase as a short word, for messages and logs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Prepare => "prepare",
            Self::Credential => "credential",
            Self::Resolve => "resolve",
            Self::Connect => "connect",
            Self::Proxy => "proxy",
            Self::Tls => "tls",
            Self::Send => "send",
            Self::FirstByte => "first byte",
            Self::Receive => "receive",
            Self::Wait => "wait",
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Makes the enumeration and its words. A row is
///
/// ```text
/// /// When it is.
/// Variant = "word for programs";
/// ```
macro_rules! kinds {
    (
        $(#[$about:meta])*
        pub enum $kinds:ident {
            $($(#[$which:meta])* $kind:ident = $word:literal;)*
        }
    ) => {
        $(#[$about])*
        pub enum $kinds {
            $($(#[$which])* $kind,)*
        }

        impl $kinds {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$kind),*];

            /// The kind as a word for programs, such as `noSuchCall`; it does not change.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$kind => $word,)*
                }
            }
        }
    };
}

kinds! {
    /// What went wrong.
    ///
    /// ```
    /// use graph_call_std::ErrorKind;
    ///
    /// assert_eq!(ErrorKind::NoSuchCall.as_str(), "noSuchCall");
    /// assert!(ErrorKind::ALL.contains(&ErrorKind::Timeout));
    /// ```
    #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
    #[non_exhaustive]
    pub enum ErrorKind {
        /// The caller asked for something that cannot be: a bad id, option, file or combination.
        Usage = "usage";
        /// No access token could be had.
        Credential = "credential";
        /// The host name has no address.
        NotResolved = "notResolved";
        /// The other side, or the way to it, did not accept a connection.
        Refused = "refused";
        /// The connection ended before the answer did.
        Cut = "cut";
        /// The network stack failed in a way of its own.
        Stack = "stack";
        /// A deadline passed; [`Error::phase`](super::Error::phase) says in which step, [`Error::limit`](super::Error::limit) which one.
        Timeout = "timeout";
        /// The server did not prove to be the host it was asked for.
        Certificate = "certificate";
        /// TLS failed for another reason than the certificate.
        Tls = "tls";
        /// The proxy did not open a tunnel.
        Proxy = "proxy";
        /// The answer broke the rules of HTTP, JSON or the call resource.
        Answer = "answer";
        /// The answer was legal, and larger than the room given to it.
        Capacity = "capacity";
        /// The service answered with an error; [`Error::refusal`](super::Error::refusal) holds it.
        Service = "service";
        /// The service does not know the call: it has ended, or never was.
        NoSuchCall = "noSuchCall";
        /// The service asked to come back later than the operation may last.
        Throttled = "throttled";
        /// The program was told to stop.
        Interrupted = "interrupted";
    }
}

/// The class of an error, as coarse as the exit code of a tool.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Class {
    /// None of the classes below.
    Other,
    /// Wrong use: an argument, an option, a file.
    Usage,
    /// The call has ended or never was.
    Gone,
    /// The identity or its permissions were not accepted.
    Auth,
    /// Too many requests.
    Throttled,
    /// A deadline passed.
    Timeout,
    /// Network, proxy or TLS.
    Network,
    /// An answer that cannot be read.
    Response,
    /// Stopped from outside.
    Interrupted,
}

impl Class {
    /// The exit code of a process that ends with this error.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Other => 1,
            Self::Usage => 2,
            Self::Gone => 3,
            Self::Auth => 4,
            Self::Throttled => 5,
            Self::Timeout => 6,
            Self::Network => 7,
            Self::Response => 8,
            Self::Interrupted => 130,
        }
    }
}
