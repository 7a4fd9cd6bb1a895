//! The loops: a job that is done, or one answer that is read, over any connection that is `Read + Write`.
//!
//! - takes: a [`Job`](crate::job::Job) and a [`Platform`]; or a connection, a request and an exchange
//! - gives: what concerns the user; or the [`Reply`](crate::Reply)
//! - keeps: nothing between two calls
//! - refuses: a connection that takes no bytes
//!
//! [`run`] decides nothing: it does what the job says, and says what came of it. A program that has no such loop, as
//! one that is called by interrupts, calls [`Job::step`](crate::job::Job::step) itself, whenever something has
//! happened:
//!
//! ```
//! use graph_call::Call;
//! use graph_call::http::End;
//! use graph_call::job::{Did, Job, Step};
//!
//! /// A TCP stack that is polled, such as smoltcp's, with TLS over it.
//! trait Stack {
//!     fn connect(&mut self, host: &str, port: u16);
//!     fn is_connected(&self) -> bool;
//!     fn send(&mut self, bytes: &[u8]) -> usize;
//!     /// Bytes that have come; `None` once the peer has closed.
//!     fn receive(&mut self, buffer: &mut [u8]) -> Option<usize>;
//!     fn close(&mut self);
//! }
//!
//! /// What is under way: the answer to the last step, as far as the stack knows it.
//! #[derive(Default)]
//! struct Loop {
//!     is_connecting: bool,
//!     is_receiving: bool,
//! }
//!
//! impl Loop {
//!     /// Called by a timer or an interrupt of the network; false when there is nothing more to do.
//!     fn wake<S: Stack>(
//!         &mut self,
//!         now_ms: u64,
//!         stack: &mut S,
//!         job: &mut Job<'_, '_, 1024, 4096, 256>,
//!         buffer: &mut [u8],
//!         call: &mut Call,
//!     ) -> bool {
//!         let mut did = if self.is_connecting && stack.is_connected() {
//!             self.is_connecting = false;
//!             Did::Connected { kept: false }
//!         } else if self.is_receiving {
//!             match stack.receive(buffer) {
//!                 Some(length) => Did::Received(length),
//!                 None => Did::Ended(End::Cut),
//!             }
//!         } else {
//!             Did::Nothing
//!         };
//!         loop {
//!             self.is_receiving = false;
//!             did = match job.step(now_ms, did, buffer, call) {
//!                 Step::Connect { peer, .. } => {
//!                     if !core::mem::replace(&mut self.is_connecting, true) {
//!                         stack.connect(peer.host, peer.port);
//!                     }
//!                     return true;
//!                 }
//!                 Step::Send { bytes, .. } => Did::Sent(stack.send(bytes)),
//!                 Step::Receive { .. } => {
//!                     self.is_receiving = true;
//!                     return true;
//!                 }
//!                 Step::Close => {
//!                     self.is_connecting = false;
//!                     stack.close();
//!                     Did::Nothing
//!                 }
//!                 Step::Wait { .. } => return true,
//!                 Step::Call(_) => {
//!                     // `call` is what the service sent.
//!                     return true;
//!                 }
//!                 Step::Gone(_) | Step::Failed(_) => return true,
//!                 // A credential of its own is part of the plan: no token is asked for.
//!                 Step::Token { .. } | Step::Over => return false,
//!             };
//!         }
//!     }
//! }
//! ```
//!
//! [`get_call`] reads one answer over an open connection. Its deadlines are the connection's: a read or write that takes
//! too long has to fail, and that failure comes out as [`DriveError::Io`]. TLS is the connection's too; what is written
//! here holds the access token.
//!
//! The functions exist twice: for `embedded_io` (feature `embedded-io`), and with `_async` in their names
//! for `embedded_io_async` (feature `embedded-io-async`).

#[cfg(feature = "embedded-io-async")]
mod asynchronous;
#[cfg(feature = "embedded-io")]
mod blocking;
mod error;
#[cfg(feature = "embedded-nal-async")]
mod nal;
mod platform;
mod told;

#[cfg(feature = "embedded-io-async")]
pub use asynchronous::{get_call_async, receive_async, run_async, send_async};
#[cfg(feature = "embedded-io")]
pub use blocking::{get_call, receive, run, send};
pub use error::DriveError;
#[cfg(feature = "embedded-nal-async")]
pub use nal::Nal;
#[cfg(feature = "embedded-io-async")]
pub use platform::AsyncPlatform;
#[cfg(feature = "embedded-io")]
pub use platform::Platform;
pub use platform::{Granted, Link, Wanted};
pub use told::Told;

use zeroize::Zeroize as _;

/// A buffer that holds the access token, and is wiped when that is over, however it ends.
struct Wiped<'b>(&'b mut [u8]);

impl Drop for Wiped<'_> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}
