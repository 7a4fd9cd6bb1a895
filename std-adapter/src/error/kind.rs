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

/// Makes the enumeration and the table of exit codes. A row is
///
/// ```text
/// /// When it is.
/// Variant = exit code, "what the help says of it";
/// ```
macro_rules! classes {
    (
        $(#[$about:meta])*
        pub enum $classes:ident {
            $($(#[$which:meta])* $class:ident = $code:literal, $meaning:literal;)*
        }
    ) => {
        $(#[$about])*
        pub enum $classes {
            $($(#[$which])* $class,)*
        }

        impl $classes {
            /// Every class, by its exit code.
            pub const ALL: [Self; [$($code),*].len()] = [$(Self::$class),*];

            /// The exit code of a process that ends with this error.
            #[must_use]
            pub const fn exit_code(self) -> u8 {
                match self {
                    $(Self::$class => $code,)*
                }
            }

            /// What the exit code means, for a person.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self {
                    $(Self::$class => $meaning,)*
                }
            }
        }
    };
}

classes! {
    /// The class of an error, as coarse as the exit code of a tool.
    ///
    /// ```
    /// use graph_call_std::Class;
    ///
    /// assert_eq!(Class::Throttled.exit_code(), 5);
    /// assert!(Class::ALL.windows(2).all(|two| two[0].exit_code() < two[1].exit_code()));
    /// ```
    #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
    #[non_exhaustive]
    pub enum Class {
        /// None of the classes below.
        Other = 1, "none of those below: an error of the service, or of this machine";
        /// Wrong use: an argument, an option, or a file that an option names.
        Usage = 2, "wrong use: an argument, an option, or a file that an option names";
        /// The call has ended or never was.
        Gone = 3, "the service knows no such call: it has ended, or never was";
        /// The identity or its permissions were not accepted, or there is none.
        Auth = 4, "no access token, or one without the permission";
        /// Too many requests.
        Throttled = 5, "too many requests: come back later";
        /// A deadline passed.
        Timeout = 6, "a deadline has passed";
        /// Network, proxy or TLS.
        Network = 7, "name, network, proxy or TLS";
        /// An answer or an input that cannot be read, or that holds no call.
        Response = 8, "an answer or a file that cannot be read, or holds no call";
        /// Stopped from outside.
        Interrupted = 130, "interrupted";
    }
}
