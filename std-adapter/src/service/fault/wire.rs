//! Faults of a connection, below TLS.

use std::time::Duration;

/// A fault of one connection, below TLS: its bytes are those on the wire, the handshake's first.
///
/// ```
/// use graph_call_std::service::{Service, WireFault};
///
/// let service = Service::start()?;
/// // The next connection gets half of a handshake, and then nothing.
/// service.order_wire(WireFault::Stall { after: 400 });
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WireFault {
    /// Nothing more after so many bytes; after 0, the connection is accepted and never answered.
    Stall {
        /// How many bytes are sent.
        after: usize,
    },
    /// TCP ends after so many bytes.
    Cut {
        /// How many bytes are sent.
        after: usize,
    },
    /// TCP is reset after so many bytes.
    Reset {
        /// How many bytes are sent.
        after: usize,
    },
    /// One byte per interval.
    Slow {
        /// The wait after each byte.
        interval: Duration,
    },
}
