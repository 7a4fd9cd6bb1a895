//! A session over a connection whose calls are awaited.

use embedded_io_async::{ErrorKind, ErrorType, Read, Write};

use crate::engine::{Engine, Progress};
use crate::error::below;
use crate::{Error, Roots, Tls};

/// TLS over a connection whose calls are awaited; all else is as of [`Session`](crate::Session).
///
/// Every future may be dropped, if those of the connection may: what has come is kept, and a record that is half written is
/// completed by the next write, flush or close. Whether the content of a write that was dropped is sent is not known.
///
/// ```
/// use embedded_io_async::{Read, Write};
/// use graph_call_tls::{AsyncSession, Error, Roots, Tls};
///
/// async fn greet<S: Read + Write>(tls: Tls, roots: &Roots<'_>, socket: S) -> Result<usize, Error> {
///     let mut session = AsyncSession::open(tls, roots, "graph.microsoft.com", socket).await?;
///     session.write_all(b"GET / HTTP/1.1\r\nHost: graph.microsoft.com\r\n\r\n").await?;
///     session.flush().await?;
///     session.read(&mut [0; 64]).await
/// }
/// ```
pub struct AsyncSession<'r, S> {
    engine: Engine<'r>,
    socket: S,
}

impl<'r, S: Read + Write> AsyncSession<'r, S> {
    /// Makes the handshake. Nothing of the program is sent before the server has proved to be the one with this name.
    ///
    /// # Errors
    /// Why there is no such server, or no proof.
    pub async fn open(tls: Tls, roots: &'r Roots<'_>, name: &str, socket: S) -> Result<Self, Error> {
        let mut session = Self { engine: Engine::new(tls, roots, name)?, socket };
        session.run(Engine::handshake).await?;
        Ok(session)
    }

    /// Tells the server that there is no more, and gives the connection back.
    ///
    /// # Errors
    /// Those of the connection, and the one that the session has ended with.
    pub async fn close(mut self) -> Result<S, Error> {
        self.finish().await?;
        self.run(Engine::close).await?;
        self.socket.flush().await.map_err(below)?;
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
    async fn finish(&mut self) -> Result<(), Error> {
        if self.engine.is_writing() {
            self.run(|engine| engine.write(&[])).await?;
        }
        Ok(())
    }

    async fn run(&mut self, mut step: impl FnMut(&mut Engine<'r>) -> Progress) -> Result<usize, Error> {
        loop {
            let progress = step(&mut self.engine);
            let sent = self.send().await;
            match progress {
                // The alert may not have reached the peer, but this is what failed.
                Progress::Failed(error) => return Err(error),
                Progress::Done(count) => return sent.map(|()| count),
                Progress::Again => sent?,
                Progress::Wants => {
                    sent?;
                    self.socket.flush().await.map_err(below)?;
                    let room = self.engine.bytes().incoming.room();
                    let length = self.socket.read(room).await.map_err(below)?;
                    self.engine.received(length);
                }
            }
        }
    }

    async fn send(&mut self) -> Result<(), Error> {
        let outgoing = &mut self.engine.bytes().outgoing;
        while !outgoing.waiting().is_empty() {
            match self.socket.write(outgoing.waiting()).await.map_err(below)? {
                0 => return Err(Error::Socket(ErrorKind::WriteZero)),
                length => outgoing.take(length),
            }
        }
        Ok(())
    }
}

impl<S> ErrorType for AsyncSession<'_, S> {
    type Error = Error;
}

impl<S: Read + Write> Read for AsyncSession<'_, S> {
    async fn read(&mut self, output: &mut [u8]) -> Result<usize, Error> {
        if output.is_empty() {
            return Ok(0);
        }
        self.run(|engine| engine.read(output)).await
    }
}

impl<S: Read + Write> Write for AsyncSession<'_, S> {
    async fn write(&mut self, input: &[u8]) -> Result<usize, Error> {
        if input.is_empty() {
            return Ok(0);
        }
        self.finish().await?;
        self.run(|engine| engine.write(input)).await
    }

    async fn flush(&mut self) -> Result<(), Error> {
        self.finish().await?;
        self.send().await?;
        self.socket.flush().await.map_err(below)
    }
}
