//! TLS 1.2 and 1.3 by rustls over any `Read + Write`.
//!
//! - takes: whom to trust, a host name, a byte stream
//! - gives: `embedded_io::{Read, Write}` of the plain text
//! - keeps: the session, apart from the stream, so that a connection can be kept and lent again
//! - refuses: a server that does not prove its name, and an end without close_notify
//!
//! A read of zero bytes means that the peer ended the session with close_notify. A stream that just
//! stops is [`TlsError::Cut`]: somebody on the way may have done that (RFC 8446, section 6.1).

mod buffer;
mod certificate;
mod der;
mod error;
mod session;
mod trust;

use embedded_io::{ErrorType, Read, Write};

pub use error::{TlsError, is_untrusted_issuer};
pub use session::Session;
pub(crate) use session::{Goal, Step};
pub use trust::{Roots, Trust};

impl Session {
    /// The session over `io`, for as long as `io` is lent.
    pub fn over<IO: Read + Write>(&mut self, io: IO) -> TlsStream<'_, IO> {
        TlsStream { session: self, io }
    }
}

/// `Read + Write` of the plain text.
///
/// ```no_run
/// use embedded_io::{Read, Write};
/// use graph_call_std::tls::{Roots, TlsStream, Trust};
///
/// /// Asks over any byte stream, for example a modem's.
/// fn ask<IO: Read + Write>(modem: IO) -> Result<Vec<u8>, Box<dyn std::error::Error>>
/// where
///     IO::Error: 'static,
/// {
///     let mut session = Trust::new(Roots::WebPki, &[])?.session("graph.microsoft.com")?;
///     let mut tls = session.over(modem);
///     tls.handshake()?;
///     tls.write_all(b"GET / HTTP/1.1\r\nHost: graph.microsoft.com\r\n\r\n")?;
///     tls.flush()?;
///     let mut piece = [0; 512];
///     let length = tls.read(&mut piece)?;
///     Ok(piece[..length].to_vec())
/// }
/// ```
#[derive(Debug)]
pub struct TlsStream<'a, IO> {
    session: &'a mut Session,
    io: IO,
}

impl<IO: Read + Write> TlsStream<'_, IO> {
    /// Runs the handshake to its end; reading and writing would do it too, without a name.
    ///
    /// # Errors
    /// When the stream fails, or when the peer does not prove to be the host.
    pub fn handshake(&mut self) -> Result<(), TlsError<IO::Error>> {
        self.run(Goal::Handshake).map(|_| ())
    }

    /// The stream below.
    pub fn io_mut(&mut self) -> &mut IO {
        &mut self.io
    }

    /// Tells the peer that nothing more will come.
    ///
    /// # Errors
    /// When the stream fails.
    pub fn close_notify(&mut self) -> Result<(), TlsError<IO::Error>> {
        self.run(Goal::Close).map(|_| ())
    }

    /// Does what the session says until its goal is reached.
    fn run(&mut self, mut goal: Goal<'_>) -> Result<usize, TlsError<IO::Error>> {
        let Self { session, io } = self;
        loop {
            match session.step(&mut goal).map_err(TlsError::Tls)? {
                Step::Done(count) => return Ok(count),
                Step::Send => {
                    let count = io.write(session.unsent()).map_err(TlsError::Io)?;
                    session.sent(count);
                    if session.unsent().is_empty() {
                        io.flush().map_err(TlsError::Io)?;
                    }
                }
                Step::Receive => match io.read(session.room()).map_err(TlsError::Io)? {
                    0 => return Err(TlsError::Cut),
                    count => session.received(count),
                },
            }
        }
    }
}

impl<IO: Read + Write> ErrorType for TlsStream<'_, IO>
where
    IO::Error: 'static,
{
    type Error = TlsError<IO::Error>;
}

impl<IO: Read + Write> Read for TlsStream<'_, IO>
where
    IO::Error: 'static,
{
    fn read(&mut self, output: &mut [u8]) -> Result<usize, Self::Error> {
        self.run(Goal::Read(output))
    }
}

impl<IO: Read + Write> Write for TlsStream<'_, IO>
where
    IO::Error: 'static,
{
    fn write(&mut self, input: &[u8]) -> Result<usize, Self::Error> {
        self.run(Goal::write(input))
    }

    fn flush(&mut self) -> Result<(), Self::Error> {
        self.run(Goal::Flush(0)).map(|_| ())
    }
}
