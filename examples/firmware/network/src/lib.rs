//! The board's network: LAN9118 Ethernet, smoltcp above it, and a TCP connection as `embedded_io::{Read, Write}`.
//!
//! ```text
//! Connection (embedded-io, deadlines) -> smoltcp -> Lan9118 (frames) -> mmio (registers)
//! ```

#![no_std]

mod clock;
mod connection;
mod lan9118;
mod mmio;

pub use clock::Clock;
pub use connection::{Connection, ConnectionError, HARDWARE_ADDRESS, Memory};
pub use lan9118::{FRAME_LENGTH_MAX, Lan9118, Received, Sending, quieten};
