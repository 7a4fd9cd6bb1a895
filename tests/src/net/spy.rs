//! Stacks that watch, and stacks that misbehave.

use core::net::{IpAddr, Ipv4Addr, SocketAddr};
use embedded_nal::{AddrType, Dns, TcpClientStack, TcpError, TcpErrorKind, nb};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What a [`Spy`] saw: every address connected to, with all bytes sent there.
#[derive(Clone, Debug, Default)]
pub struct Log(Arc<Mutex<Vec<Row>>>);

type Row = (SocketAddr, Vec<u8>);

impl Log {
    fn lock(&self) -> MutexGuard<'_, Vec<Row>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The addresses that connections were tried to, in order.
    #[must_use]
    pub fn addresses(&self) -> Vec<SocketAddr> {
        self.lock().iter().map(|(address, _)| *address).collect()
    }

    /// Whether these bytes were sent in clear, anywhere.
    #[must_use]
    pub fn saw(&self, secret: &str) -> bool {
        let secret = secret.as_bytes();
        self.lock().iter().any(|(_, sent)| sent.windows(secret.len()).any(|window| window == secret))
    }

    /// All bytes sent.
    #[must_use]
    pub fn sent_bytes(&self) -> usize {
        self.lock().iter().map(|(_, sent)| sent.len()).sum()
    }
}

/// A stack that does its work by another one and notes what it is asked for.
///
/// It stands between the client and the network, where a thief would stand.
#[derive(Debug)]
pub struct Spy<S> {
    inner: S,
    log: Log,
    /// Bytes that it takes on a connection; then a send finds no room, for ever.
    room: usize,
    /// Bytes that it takes at once.
    step: usize,
}

/// A socket of a [`Spy`].
#[derive(Debug)]
pub struct SpySocket<T> {
    inner: T,
    /// The row of the log, once it is connected.
    row: Option<usize>,
}

impl<S> Spy<S> {
    /// Watches `inner`.
    pub fn new(inner: S) -> (Self, Log) {
        let log = Log::default();
        (Self { inner, log: log.clone(), room: usize::MAX, step: usize::MAX }, log)
    }

    /// With room for so many bytes of a connection, of which it takes so many at once.
    #[must_use]
    pub fn with_room(self, room: usize, step: usize) -> Self {
        Self { room, step, ..self }
    }
}

impl<S: TcpClientStack> TcpClientStack for Spy<S> {
    type TcpSocket = SpySocket<S::TcpSocket>;
    type Error = S::Error;

    fn socket(&mut self) -> Result<Self::TcpSocket, S::Error> {
        Ok(SpySocket { inner: self.inner.socket()?, row: None })
    }

    fn connect(&mut self, socket: &mut Self::TcpSocket, remote: SocketAddr) -> nb::Result<(), S::Error> {
        socket.row.get_or_insert_with(|| {
            let mut log = self.log.lock();
            log.push((remote, Vec::new()));
            log.len() - 1
        });
        self.inner.connect(&mut socket.inner, remote)
    }

    fn send(&mut self, socket: &mut Self::TcpSocket, buffer: &[u8]) -> nb::Result<usize, S::Error> {
        let sent = socket.row.map_or(0, |row| self.log.lock()[row].1.len());
        let length = buffer.len().min(self.step).min(self.room.saturating_sub(sent));
        if length == 0 {
            // What smoltcp-nal says when its buffer is full.
            return Ok(0);
        }
        let count = self.inner.send(&mut socket.inner, &buffer[..length])?;
        if let Some(row) = socket.row {
            self.log.lock()[row].1.extend_from_slice(&buffer[..count]);
        }
        Ok(count)
    }

    fn receive(&mut self, socket: &mut Self::TcpSocket, buffer: &mut [u8]) -> nb::Result<usize, S::Error> {
        self.inner.receive(&mut socket.inner, buffer)
    }

    fn close(&mut self, socket: Self::TcpSocket) -> Result<(), S::Error> {
        self.inner.close(socket.inner)
    }
}

impl<S: Dns> Dns for Spy<S> {
    type Error = S::Error;

    fn get_host_by_name(&mut self, host: &str, family: AddrType) -> nb::Result<IpAddr, S::Error> {
        self.inner.get_host_by_name(host, family)
    }

    fn get_host_by_address(&mut self, address: IpAddr, result: &mut [u8]) -> nb::Result<usize, S::Error> {
        self.inner.get_host_by_address(address, result)
    }
}

/// A stack on which nothing ever happens: no refusal is reported, as on smoltcp-nal.
#[derive(Debug, Default)]
pub struct Silent {
    /// Whether names are resolved, to a loopback address.
    pub resolves: bool,
    /// Sockets handed out and not yet closed.
    pub open_sockets: Arc<Mutex<usize>>,
}

/// The only thing a [`Silent`] stack could say, and never says.
#[derive(Debug)]
pub struct Never;

impl TcpError for Never {
    fn kind(&self) -> TcpErrorKind {
        TcpErrorKind::Other
    }
}

impl Silent {
    fn count(&self, change: isize) {
        let mut open = self.open_sockets.lock().unwrap_or_else(PoisonError::into_inner);
        *open = open.saturating_add_signed(change);
    }
}

impl TcpClientStack for Silent {
    type TcpSocket = ();
    type Error = Never;

    fn socket(&mut self) -> Result<(), Never> {
        self.count(1);
        Ok(())
    }

    fn connect(&mut self, (): &mut (), _: SocketAddr) -> nb::Result<(), Never> {
        Err(nb::Error::WouldBlock)
    }

    fn send(&mut self, (): &mut (), _: &[u8]) -> nb::Result<usize, Never> {
        Err(nb::Error::WouldBlock)
    }

    fn receive(&mut self, (): &mut (), _: &mut [u8]) -> nb::Result<usize, Never> {
        Err(nb::Error::WouldBlock)
    }

    fn close(&mut self, (): ()) -> Result<(), Never> {
        self.count(-1);
        Ok(())
    }
}

impl Dns for Silent {
    type Error = Never;

    fn get_host_by_name(&mut self, _: &str, _: AddrType) -> nb::Result<IpAddr, Never> {
        if self.resolves { Ok(Ipv4Addr::LOCALHOST.into()) } else { Err(nb::Error::WouldBlock) }
    }

    fn get_host_by_address(&mut self, _: IpAddr, _: &mut [u8]) -> nb::Result<usize, Never> {
        Err(nb::Error::WouldBlock)
    }
}
