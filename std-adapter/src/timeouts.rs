//! How long each phase may last; none of them is endless.

use core::time::Duration;

/// The time given to each phase of an operation.
///
/// ```
/// use core::time::Duration;
/// use graph_call_std::Timeouts;
///
/// let patient = Timeouts { first_byte: Duration::from_secs(60), ..Timeouts::DEFAULT };
/// assert_eq!(patient.connect, Duration::from_secs(10));
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Timeouts {
    /// From a host name to a connection; a proxy's tunnel has the same time again.
    pub connect: Duration,
    /// The TLS handshake.
    pub tls: Duration,
    /// From the sent request to the first byte of its answer.
    pub first_byte: Duration,
    /// Between two pieces of an answer, and between two pieces of a request that is not taken.
    pub idle: Duration,
    /// The whole operation: access token, all attempts, and the waits between them.
    pub whole: Duration,
}

impl Timeouts {
    /// 10 s to connect, 10 s for TLS, 30 s to the first byte, 15 s between two, 100 s for the whole.
    pub const DEFAULT: Self = Self {
        connect: Duration::from_secs(10),
        tls: Duration::from_secs(10),
        first_byte: Duration::from_secs(30),
        idle: Duration::from_secs(15),
        whole: Duration::from_secs(100),
    };
}

impl Default for Timeouts {
    fn default() -> Self {
        Self::DEFAULT
    }
}
