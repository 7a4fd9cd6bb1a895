//! The operating system's network as an embedded-nal stack.
//!
//! - takes: host names and addresses
//! - gives: sockets that never block, with `TCP_NODELAY`, so that a small request leaves at once
//! - keeps: at most one name lookup under way, and which socket had nothing to give last
//! - refuses: a connection that does not stand within its timeout
//!
//! The system resolves names with a call that cannot be interrupted, so a lookup runs on a thread of
//! its own and the caller's deadline holds; a lookup nobody waits for any more ends with its thread.

use core::fmt;
use core::net::{IpAddr, SocketAddr};
use core::time::Duration;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};
use std::sync::{Arc, Weak};
use std::time::Instant;

use embedded_nal::{AddrType, Dns, TcpClientStack, TcpErrorKind, nb};
use socket2::{Domain, Protocol, Type};

/// The longest a connection attempt lasts unless [`Stack::with_connect_timeout`] says otherwise.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The operating system's TCP and name resolution behind the embedded-nal traits.
///
/// A received length of zero means that the peer closed.
///
/// ```
/// use embedded_nal::{AddrType, Dns, nb};
/// use graph_call_std::Stack;
///
/// let address = nb::block!(Stack::new().get_host_by_name("127.0.0.1", AddrType::Either))?;
/// assert!(address.is_loopback());
/// # Ok::<(), graph_call_std::StackError>(())
/// ```
#[derive(Debug)]
pub struct Stack {
    connect_timeout: Duration,
    lookup: Option<Lookup>,
    /// The socket whose peer is waited for.
    silent: Weak<TcpStream>,
}

#[derive(Debug)]
struct Lookup {
    host: String,
    addresses: Receiver<io::Result<Vec<IpAddr>>>,
}

/// A TCP socket of [`Stack`]; dropping it closes it.
#[derive(Debug)]
pub struct StackSocket(State);

/// ```text
///              connect            the handshake ends
///   Unused ------------> Connecting -------------> Connected
///      ^                     |                         |
///      +---------------------+  refused, too late      | dropped: closed
/// ```
#[derive(Debug)]
enum State {
    Unused,
    Connecting { socket: socket2::Socket, since: Instant },
    Connected(Arc<TcpStream>),
}

/// What the operating system reported.
pub struct StackError(io::Error);

impl Stack {
    /// The system's stack, with 10 s for a connection attempt.
    #[must_use]
    pub const fn new() -> Self {
        Self { connect_timeout: CONNECT_TIMEOUT, lookup: None, silent: Weak::new() }
    }

    /// The same stack with another limit for one connection attempt.
    #[must_use]
    pub const fn with_connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Waits until the socket that had nothing to give has something, at most for `span`.
    ///
    /// This is the pause of a client over this stack: it sleeps no longer than it must.
    pub fn wait(&mut self, span: Duration) {
        let silent = core::mem::take(&mut self.silent).upgrade();
        if silent.is_none_or(|stream| await_bytes(&stream, span).is_err()) {
            std::thread::sleep(span);
        }
    }
}

impl Default for Stack {
    fn default() -> Self {
        Self::new()
    }
}

impl TcpClientStack for Stack {
    type TcpSocket = StackSocket;
    type Error = StackError;

    fn socket(&mut self) -> Result<StackSocket, StackError> {
        Ok(StackSocket(State::Unused))
    }

    fn connect(&mut self, socket: &mut StackSocket, remote: SocketAddr) -> nb::Result<(), StackError> {
        match core::mem::replace(&mut socket.0, State::Unused) {
            State::Unused => {
                let new = start_connect(remote).map_err(StackError)?;
                socket.0 = State::Connecting { socket: new, since: Instant::now() };
                self.connect(socket, remote)
            }
            State::Connecting { socket: pending, since } => {
                if let Some(error) = pending.take_error().map_err(StackError)? {
                    return Err(StackError(error).into());
                }
                match pending.peer_addr() {
                    Ok(_) => {
                        socket.0 = State::Connected(Arc::new(pending.into()));
                        Ok(())
                    }
                    Err(error) if !is_pending(&error) => Err(StackError(error).into()),
                    Err(_) if since.elapsed() >= self.connect_timeout => {
                        Err(StackError(ErrorKind::TimedOut.into()).into())
                    }
                    Err(_) => {
                        socket.0 = State::Connecting { socket: pending, since };
                        Err(nb::Error::WouldBlock)
                    }
                }
            }
            connected @ State::Connected(_) => {
                socket.0 = connected;
                Ok(())
            }
        }
    }

    fn send(&mut self, socket: &mut StackSocket, buffer: &[u8]) -> nb::Result<usize, StackError> {
        without_blocking(|| (&**socket.stream()?).write(buffer))
    }

    fn receive(&mut self, socket: &mut StackSocket, buffer: &mut [u8]) -> nb::Result<usize, StackError> {
        let received = without_blocking(|| (&**socket.stream()?).read(buffer));
        if let (Err(nb::Error::WouldBlock), State::Connected(stream)) = (&received, &socket.0) {
            self.silent = Arc::downgrade(stream);
        }
        received
    }

    fn close(&mut self, socket: StackSocket) -> Result<(), StackError> {
        drop(socket);
        Ok(())
    }
}

impl Dns for Stack {
    type Error = StackError;

    fn get_host_by_name(&mut self, host: &str, family: AddrType) -> nb::Result<IpAddr, StackError> {
        let lookup = match self.lookup.take() {
            Some(lookup) if lookup.host == host => lookup,
            _ => Lookup::start(host).map_err(StackError)?,
        };
        let addresses = match lookup.addresses.try_recv() {
            Ok(addresses) => addresses.map_err(StackError)?,
            Err(TryRecvError::Empty) => {
                self.lookup = Some(lookup);
                return Err(nb::Error::WouldBlock);
            }
            Err(TryRecvError::Disconnected) => Vec::new(),
        };
        let fits = |address: &IpAddr| match family {
            AddrType::IPv4 => address.is_ipv4(),
            AddrType::IPv6 => address.is_ipv6(),
            AddrType::Either => true,
        };
        let found = addresses.into_iter().find(fits);
        found.ok_or_else(|| StackError(ErrorKind::NotFound.into()).into())
    }

    fn get_host_by_address(&mut self, _: IpAddr, _: &mut [u8]) -> nb::Result<usize, StackError> {
        Err(StackError(ErrorKind::Unsupported.into()).into())
    }
}

impl StackSocket {
    /// Whether small pieces are sent without delay.
    ///
    /// # Errors
    /// Before the connection stands, and what the operating system reports.
    pub fn is_nodelay(&self) -> io::Result<bool> {
        self.stream()?.nodelay()
    }

    fn stream(&self) -> io::Result<&Arc<TcpStream>> {
        match &self.0 {
            State::Connected(stream) => Ok(stream),
            _ => Err(ErrorKind::NotConnected.into()),
        }
    }
}

impl Lookup {
    fn start(host: &str) -> io::Result<Self> {
        // Room for the one result, so that the thread never waits for a reader.
        let (sender, addresses) = sync_channel(1);
        let name = host.to_owned();
        std::thread::Builder::new().name("resolve".into()).spawn(move || {
            let found = (name.as_str(), 0).to_socket_addrs();
            let found = found.map(|all| all.map(|address| address.ip()).collect());
            // The lookup may have been given up meanwhile; then nobody needs the result.
            let _ = sender.send(found);
        })?;
        Ok(Self { host: host.to_owned(), addresses })
    }
}

/// Blocks until there is something to receive, be it an end or an error, or until `span` has passed.
fn await_bytes(stream: &TcpStream, span: Duration) -> io::Result<()> {
    stream.set_read_timeout(Some(span))?;
    stream.set_nonblocking(false)?;
    // Whatever is seen here, the next `receive` sees too.
    let _ = stream.peek(&mut [0]);
    stream.set_nonblocking(true)
}

fn start_connect(remote: SocketAddr) -> io::Result<socket2::Socket> {
    let socket = socket2::Socket::new(Domain::for_address(remote), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_nonblocking(true)?;
    socket.set_tcp_nodelay(true)?;
    match socket.connect(&remote.into()) {
        Err(error) if !is_pending(&error) => Err(error),
        _ => Ok(socket),
    }
}

/// Whether a non-blocking connect is still under way.
fn is_pending(error: &io::Error) -> bool {
    #[cfg(unix)]
    if error.raw_os_error() == Some(libc::EINPROGRESS) {
        return true;
    }
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::NotConnected)
}

fn without_blocking<T>(mut step: impl FnMut() -> io::Result<T>) -> nb::Result<T, StackError> {
    loop {
        match step() {
            Ok(done) => return Ok(done),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Err(nb::Error::WouldBlock),
            Err(error) => return Err(StackError(error).into()),
        }
    }
}

impl embedded_nal::TcpError for StackError {
    fn kind(&self) -> TcpErrorKind {
        match self.0.kind() {
            ErrorKind::BrokenPipe | ErrorKind::NotConnected => TcpErrorKind::PipeClosed,
            _ => TcpErrorKind::Other,
        }
    }
}

impl fmt::Debug for StackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for StackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for StackError {}
