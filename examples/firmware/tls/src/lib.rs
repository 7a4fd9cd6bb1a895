//! TLS 1.3 with one pinned authority over any `embedded_io::{Read, Write}`: demo-grade, never for a real access token.
//!
//! ```text
//! Tls -> embedded-tls, checked by the guard -> Records -> the connection below
//! ```
//!
//! embedded-tls 0.19 by itself leaves the proof of the server's identity optional, takes any certificate of a chain for
//! an authority, and panics on two kinds of message from anybody. The `guard` and `records` modules close these; what
//! stays open is that time and randomness come from the emulator's host, that an authenticated server can make it panic
//! by a handshake message after the handshake, and that nobody has audited it. A product brings its own TLS.

#![no_std]

mod guard;
mod host;
mod records;

use embedded_io::{ErrorType, Read, Write};
pub use embedded_tls::TlsError;
use embedded_tls::{Aes128GcmSha256, TlsConfig, TlsContext, blocking::TlsConnection};

use guard::Guard;
use records::Records;

/// The longest record of RFC 8446 (section 5.2) with its head, so that any server's records fit.
const RECORD_LENGTH_MAX: usize = 5 + 16_384 + 256;
const WRITE_BUFFER_LENGTH: usize = 2048;

/// The memory of a connection: put it into a static.
pub struct Memory {
    read: [u8; RECORD_LENGTH_MAX],
    write: [u8; WRITE_BUFFER_LENGTH],
}

impl Memory {
    /// Empty memory.
    pub const fn new() -> Self {
        Self { read: [0; RECORD_LENGTH_MAX], write: [0; WRITE_BUFFER_LENGTH] }
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self::new()
    }
}

/// A connection to a server that has proved who it is.
pub struct Tls<'a, Socket: Read + Write + 'a> {
    connection: TlsConnection<'a, Records<Socket>, Aes128GcmSha256>,
}

impl<'a, Socket: Read + Write + 'a> Tls<'a, Socket> {
    /// Makes the handshake: nothing is written for the server to read before it has proved its identity.
    ///
    /// # Errors
    /// When the server's certificate is not valid now for `name`, not issued by `authority` (a certificate in DER)
    /// itself, its key is not proved, or the handshake fails otherwise.
    pub fn open(
        socket: Socket,
        memory: &'a mut Memory,
        name: &str,
        authority: &[u8],
    ) -> Result<Self, TlsError> {
        let mut connection = TlsConnection::new(Records::new(socket), &mut memory.read, &mut memory.write);
        let mut guard = Guard::new(authority);
        let config = TlsConfig::new().with_server_name(name);
        connection.open(TlsContext::new(&config, &mut guard))?;
        guard.proved()?;
        Ok(Self { connection })
    }
}

impl<'a, Socket: Read + Write + 'a> ErrorType for Tls<'a, Socket> {
    type Error = TlsError;
}

impl<'a, Socket: Read + Write + 'a> Read for Tls<'a, Socket> {
    /// `Ok(0)` means that the server has said close_notify; TCP's end alone is an error.
    fn read(&mut self, output: &mut [u8]) -> Result<usize, TlsError> {
        match self.connection.read(output) {
            Err(TlsError::ConnectionClosed) => Ok(0),
            result => result,
        }
    }
}

impl<'a, Socket: Read + Write + 'a> Write for Tls<'a, Socket> {
    fn write(&mut self, input: &[u8]) -> Result<usize, TlsError> {
        self.connection.write(input)
    }

    fn flush(&mut self) -> Result<(), TlsError> {
        self.connection.flush()
    }
}
