//! The one loop: a request written and its answer read, over any connection that is `Read + Write`.
//!
//! - takes: a connection, a request, an exchange, the call to fill, and one small buffer of the caller's
//! - gives: the [`Reply`](crate::Reply)
//! - keeps: nothing between two calls
//! - refuses: a connection that fails, closes too early, or takes no bytes
//!
//! Deadlines are the connection's: a read or write that takes too long has to fail, and that failure
//! comes out as [`DriveError::Io`]. TLS is the connection's too; what is written here holds the access
//! token.
//!
//! The functions exist twice: for `embedded_io` (feature `embedded-io`), and with `_async` in their names
//! for `embedded_io_async` (feature `embedded-io-async`).

#[cfg(feature = "embedded-io-async")]
mod asynchronous;
#[cfg(feature = "embedded-io")]
mod blocking;
mod error;

#[cfg(feature = "embedded-io-async")]
pub use asynchronous::{get_call_async, receive_async, send_async};
#[cfg(feature = "embedded-io")]
pub use blocking::{get_call, receive, send};
pub use error::DriveError;
use zeroize::Zeroize as _;

/// A buffer that holds the access token, and is wiped when that is over, however it ends.
struct Wiped<'b>(&'b mut [u8]);

impl Drop for Wiped<'_> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}
