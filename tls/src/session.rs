//! A session over a connection whose calls wait.

use embedded_io::{ErrorKind, ErrorType, Read, Write};

use crate::engine::{Engine, Progress};
use crate::error::below;
use crate::{Error, Roots, Tls};

/// TLS over a connection whose calls wait: content that only the proved server reads and has written.
///
/// `Ok(0)` of a read is the server's word that there is no more ([`End::CloseNotify`](graph_call::http::End)); a
/// connection that ends without it is [`Error::Cut`]. The deadlines are those of the connection below. After an error of TLS
/// every call fails with the same one. What is dropped is wiped and freed, and nothing is sent; [`close`](Self::close) says
/// farewell first.
///
/// ```
/// use embedded_io::{Read, Write};
/// use graph_call_tls::{Error, Roots, Session, Tls};
///
/// fn greet<S: Read + Write>(tls: Tls, roots: &Roots<'_>, socket: S) -> Result<usize, Error> {
///     let mut session = Session::open(tls, roots, "graph.microsoft.com", socket)?;
///     session.write_all(b"GET / HTTP/1.1\r\nHost: graph.microsoft.com\r\n\r\n")?;
///     session.flush()?;
///     session.read(&mut [0; 64])
/// }
/// ```
pub struct Session<'r, S> {
    engine: Engine<'r>,
    socket: S,
}

impl<'r, S: Read + Write> Session<'r, S> {
    /// Makes the handshake. Nothing of the program is sent before the server has proved to be the one with this name.
    ///
    /// # Errors
    /// Why there is no such server, or no proof.
    pub fn open(tls: Tls, roots: &'r Roots<'_>, name: &str, socket: S) -> Result<Self, Error> {
        let mut session = Self { engine: Engine::new(tls, roots, name)?, socket };
        session.run(Engine::handshake)?;
        Ok(session)
    }

    /// Tells the server that there is no more, and gives the connection back.
    ///
    /// # Errors
    /// Those of the connection, and the one that the session has ended with.
    pub fn close(mut self) -> Result<S, Error> {
        self.finish()?;
        self.run(Engine::close)?;
        self.socket.flush().map_err(below)?;
        Ok(self.socket)
    }

    /// Whether bytes of the server are here that were not read, be it part of a record.
    pub fn has_input(&self) -> bool {
        self.engine.has_input()
    }

    /// The connection below.
    pub fn socket(&mut self) -> &mut S {
        &mut self.socket
    }

    /// Ends a write that was given up in the middle of a record.
    fn finish(&mut self) -> Result<(), Error> {
        if self.engine.is_writing() {
            self.run(|engine| engine.write(&[]))?;
        }
        Ok(())
    }

    fn run(&mut self, mut step: impl FnMut(&mut Engine<'r>) -> Progress) -> Result<usize, Error> {
        loop {
            let progress = step(&mut self.engine);
            let sent = self.send();
            match progress {
                // The alert may not have reached the peer, but this is what failed.
                Progress::Failed(error) => return Err(error),
                Progress::Done(count) => return sent.map(|()| count),
                Progress::Again => sent?,
                Progress::Wants => {
                    sent?;
                    self.socket.flush().map_err(below)?;
                    let room = self.engine.bytes().incoming.room();
                    let length = self.socket.read(room).map_err(below)?;
                    self.engine.received(length);
                }
            }
        }
    }

    fn send(&mut self) -> Result<(), Error> {
        let outgoing = &mut self.engine.bytes().outgoing;
        while !outgoing.waiting().is_empty() {
            match self.socket.write(outgoing.waiting()).map_err(below)? {
                0 => return Err(Error::Socket(ErrorKind::WriteZero)),
                length => outgoing.take(length),
            }
        }
        Ok(())
    }
}

impl<S> ErrorType for Session<'_, S> {
    type Error = Error;
}

impl<S: Read + Write> Read for Session<'_, S> {
    fn read(&mut self, output: &mut [u8]) -> Result<usize, Error> {
        if output.is_empty() {
            return Ok(0);
        }
        self.run(|engine| engine.read(output))
    }
}

impl<S: Read + Write> Write for Session<'_, S> {
    fn write(&mut self, input: &[u8]) -> Result<usize, Error> {
        if input.is_empty() {
            return Ok(0);
        }
        self.finish()?;
        self.run(|engine| engine.write(input))
    }

    fn flush(&mut self) -> Result<(), Error> {
        self.finish()?;
        self.send()?;
        self.socket.flush().map_err(below)
    }
}
