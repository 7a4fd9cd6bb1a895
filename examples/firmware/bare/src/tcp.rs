//! A TCP connection as `embedded_io::{Read, Write}`, with a deadline for each.

use core::cell::RefCell;

use embedded_io::{ErrorKind, ErrorType, Read, Write};
use smoltcp::socket::tcp::{self, RecvError};

use crate::Net;

/// The connection of a network. Dropping it ends the connection in order.
pub struct Tcp {
    net: &'static RefCell<Net>,
    by: u64,
}

/// Why a read or a write failed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Lost {
    /// The connection was reset, or the link is down.
    Reset,
    /// The deadline is over.
    TimedOut,
}

impl core::fmt::Display for Lost {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Reset => "the connection was lost",
            Self::TimedOut => "the peer was silent for too long",
        })
    }
}

impl core::error::Error for Lost {}

impl embedded_io::Error for Lost {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Reset => ErrorKind::ConnectionReset,
            Self::TimedOut => ErrorKind::TimedOut,
        }
    }
}

impl Tcp {
    pub(crate) const fn new(net: &'static RefCell<Net>, by: u64) -> Self {
        Self { net, by }
    }

    /// Sets by when each read and write has to be done.
    pub fn set_deadline(&mut self, by: u64) {
        self.by = by;
    }

    /// Whether nothing has come, the end included.
    pub fn is_silent(&mut self) -> bool {
        let by = self.net.borrow_mut().now();
        let is_silent = |net: &mut Net| Some(net.socket().may_recv() && !net.socket().can_recv());
        self.net.borrow_mut().wait(by, is_silent) == Some(true)
    }

    fn wait<T>(
        &mut self,
        mut done: impl FnMut(&mut tcp::Socket<'static>) -> Option<Result<T, Lost>>,
    ) -> Result<T, Lost> {
        self.net.borrow_mut().wait(self.by, |net| done(net.socket())).unwrap_or(Err(Lost::TimedOut))
    }
}

impl Drop for Tcp {
    fn drop(&mut self) {
        self.net.borrow_mut().socket().close();
    }
}

impl ErrorType for Tcp {
    type Error = Lost;
}

impl Read for Tcp {
    fn read(&mut self, output: &mut [u8]) -> Result<usize, Lost> {
        self.wait(|socket| match socket.recv_slice(output) {
            Ok(0) if output.is_empty() => Some(Ok(0)),
            Ok(0) => None,
            Ok(used) => Some(Ok(used)),
            Err(RecvError::Finished) => Some(Ok(0)),
            Err(RecvError::InvalidState) => Some(Err(Lost::Reset)),
        })
    }
}

impl Write for Tcp {
    fn write(&mut self, input: &[u8]) -> Result<usize, Lost> {
        self.wait(|socket| match socket.send_slice(input) {
            Ok(0) if !input.is_empty() => None,
            Ok(used) => Some(Ok(used)),
            Err(_) => Some(Err(Lost::Reset)),
        })
    }

    fn flush(&mut self) -> Result<(), Lost> {
        self.wait(|socket| (socket.send_queue() == 0 || !socket.may_send()).then_some(Ok(())))
    }
}
