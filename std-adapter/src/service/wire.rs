//! The wire of one connection: TCP with its faults, then TLS or nothing.

use super::fault::WireFault;
use super::script::{End, Script, Step};
use super::shared::Shared;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use socket2::SockRef;
use std::io::{self, Read, Write};
use std::mem;
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

/// How long a connection may stay idle.
const IDLE: Duration = Duration::from_secs(60);
/// How long the client may leave what was written unread.
const UNREAD: Duration = Duration::from_secs(10);
/// How long the end of TCP waits for the client's own end.
const LINGER: Duration = Duration::from_millis(250);

/// TCP, counted, with at most one fault.
pub(super) struct Tcp {
    socket: Arc<TcpStream>,
    shared: Arc<Shared>,
    fault: Option<WireFault>,
    written: usize,
    /// What goes before the next byte.
    held: Vec<u8>,
}

impl Tcp {
    pub(super) fn new(socket: Arc<TcpStream>, shared: &Arc<Shared>) -> io::Result<Self> {
        socket.set_nodelay(true)?;
        socket.set_read_timeout(Some(IDLE))?;
        socket.set_write_timeout(Some(UNREAD))?;
        Ok(Self {
            socket,
            shared: Arc::clone(shared),
            fault: shared.next_wire_fault(),
            written: 0,
            held: Vec::new(),
        })
    }

    /// Writes nothing until the client goes or the service stops.
    fn stall(&self) {
        let mut unread = [0; 1024];
        while matches!((&*self.socket).read(&mut unread), Ok(length) if length > 0) {}
    }

    fn end(&self, end: End) {
        if end == End::Reset {
            // Without linger, closing sends RST; a failure leaves a FIN, which is an end too.
            let _ = SockRef::from(&*self.socket).set_linger(Some(Duration::ZERO));
            return;
        }
        // A connection that the client has already closed cannot be closed again.
        let _ = self.socket.shutdown(Shutdown::Write);
        let _ = self.socket.set_read_timeout(Some(LINGER));
        let mut unread = [0; 4096];
        // Closing with bytes unread would reset the connection and lose what was written.
        for _ in 0..64 {
            if !matches!((&*self.socket).read(&mut unread), Ok(length) if length > 0) {
                break;
            }
        }
    }

    /// How many bytes the fault lets pass, or what it does instead.
    fn passes(&self, length: usize) -> io::Result<usize> {
        let (after, end) = match self.fault {
            None => return Ok(length),
            Some(WireFault::Slow { interval }) => {
                self.shared.stop.wait(interval);
                return Ok(1);
            }
            Some(WireFault::Stall { after }) => (after, None),
            Some(WireFault::Cut { after }) => (after, Some(End::Cut)),
            Some(WireFault::Reset { after }) => (after, Some(End::Reset)),
        };
        if self.written < after {
            return Ok(length.min(after - self.written));
        }
        match end {
            Some(end) => self.end(end),
            None => self.stall(),
        }
        Err(io::ErrorKind::BrokenPipe.into())
    }
}

impl Read for Tcp {
    fn read(&mut self, output: &mut [u8]) -> io::Result<usize> {
        if matches!(self.fault, Some(WireFault::Stall { after: 0 })) {
            self.stall();
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        let length = (&*self.socket).read(output)?;
        self.shared.count.bytes_read.fetch_add(length as u64, Relaxed);
        Ok(length)
    }
}

impl Write for Tcp {
    fn write(&mut self, input: &[u8]) -> io::Result<usize> {
        let held = mem::take(&mut self.held);
        self.write_all(&held)?;
        let length = self.passes(input.len())?.min(input.len());
        // Counted before it is written: whoever has read the answer finds it counted.
        self.shared.count.bytes_written.fetch_add(length as u64, Relaxed);
        let written = (&*self.socket).write(&input[..length]);
        let used = *written.as_ref().unwrap_or(&0);
        self.shared.count.bytes_written.fetch_sub((length - used) as u64, Relaxed);
        self.written += used;
        written
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What requests come from and answers go to.
pub(super) enum Wire {
    Plain(Tcp),
    Tls(Box<StreamOwned<ServerConnection, Tcp>>),
}

impl Wire {
    pub(super) fn plain(tcp: Tcp) -> Self {
        Self::Plain(tcp)
    }

    /// Does the handshake.
    pub(super) fn tls(mut tcp: Tcp, config: &Arc<ServerConfig>) -> io::Result<Self> {
        let mut connection = ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?;
        while connection.is_handshaking() {
            connection.complete_io(&mut tcp)?;
        }
        tcp.shared.count.handshakes.fetch_add(1, Relaxed);
        Ok(Self::Tls(Box::new(StreamOwned::new(connection, tcp))))
    }

    /// Performs the steps; says whether the connection stays open.
    pub(super) fn perform(&mut self, script: Script) -> io::Result<bool> {
        for step in script {
            match step {
                Step::Write(bytes) => {
                    self.write_all(&bytes)?;
                    self.flush()?;
                }
                Step::Trickle(bytes, interval) => {
                    for byte in bytes {
                        self.write_all(&[byte])?;
                        self.flush()?;
                        if self.tcp().shared.stop.wait(interval) {
                            return Ok(false);
                        }
                    }
                }
                Step::Repeat(bytes, times, interval) => {
                    for _ in 0..times {
                        self.write_all(&bytes)?;
                        if !interval.is_zero() && self.tcp().shared.stop.wait(interval) {
                            return Ok(false);
                        }
                    }
                }
                Step::Half(bytes) => self.write_half(&bytes)?,
                Step::Revoke => self.tcp().shared.revoke_access_tokens(),
                Step::Stall => {
                    self.flush()?;
                    self.tcp().stall();
                    return Ok(false);
                }
                Step::End(End::KeepAlive) => {}
                Step::End(end) => {
                    self.end(end)?;
                    return Ok(false);
                }
            }
        }
        self.flush()?;
        Ok(true)
    }

    /// Ends the connection as told; without TLS, `CloseNotify` is a plain end.
    pub(super) fn end(&mut self, end: End) -> io::Result<()> {
        self.flush()?;
        if let (Self::Tls(stream), End::CloseNotify) = (&mut *self, end) {
            stream.conn.send_close_notify();
            stream.flush()?;
        }
        self.tcp().end(end);
        Ok(())
    }

    fn write_half(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.flush()?;
        let mut sealed = Vec::new();
        let tcp = match self {
            Self::Plain(tcp) => {
                sealed.extend_from_slice(bytes);
                tcp
            }
            Self::Tls(stream) => {
                stream.conn.writer().write_all(bytes)?;
                while stream.conn.wants_write() {
                    stream.conn.write_tls(&mut sealed)?;
                }
                &mut stream.sock
            }
        };
        let held = sealed.split_off(sealed.len() / 2);
        tcp.write_all(&sealed)?;
        tcp.held = held;
        Ok(())
    }

    fn tcp(&self) -> &Tcp {
        match self {
            Self::Plain(tcp) => tcp,
            Self::Tls(stream) => &stream.sock,
        }
    }
}

impl Read for Wire {
    fn read(&mut self, output: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(tcp) => tcp.read(output),
            Self::Tls(stream) => stream.read(output),
        }
    }
}

impl Write for Wire {
    fn write(&mut self, input: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(tcp) => tcp.write(input),
            Self::Tls(stream) => stream.write(input),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(tcp) => tcp.flush(),
            Self::Tls(stream) => stream.flush(),
        }
    }
}
