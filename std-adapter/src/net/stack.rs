//! The operating system's network as an embedded-nal stack.
//!
//! - takes: host names and addresses
//! - gives: sockets that never block, with `TCP_NODELAY`, so that a small request leaves at once
//! - keeps: what had nothing to say last: sockets, or a name lookup
//! - refuses: a connection that does not stand within its timeout
//!
//! [`Stack::wait`] sleeps in the system until one of those has something to say: that, and no pause of a fixed length, is
//! what a client over this stack waits by ([`Pace::system`]).

use core::fmt;
use core::net::{IpAddr, SocketAddr};
use core::time::Duration;
use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Weak};
use std::time::Instant;

use embedded_nal::{AddrType, Dns, TcpClientStack, TcpErrorKind, nb};
use rustix::event::{Nsecs, PollFd, PollFlags, Secs, Timespec, poll};
use socket2::{Domain, Protocol, SockRef, Type};

use super::lookup::{self, Lookup, LookupError};
use super::socket::{Pace, ZeroRead};
use crate::clock::{Clock, SystemClock};
use crate::error::{Error, Phase};
use crate::text::of_system;

/// The longest a connection attempt lasts unless [`Stack::with_connect_timeout`] says otherwise.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// The longest wait that the system is asked for at once; it may be shorter than what is left.
const WAIT_MAX: Duration = Duration::from_secs(3600);
/// The longest wait for a connection: some versions of Windows never report one that was refused.
const CONNECT_WAIT_MAX: Duration = if cfg!(windows) { Duration::from_millis(50) } else { WAIT_MAX };

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
    /// The sockets that had nothing to say since the last wait.
    silent: Vec<(Weak<TcpStream>, PollFlags)>,
}

/// A TCP socket of [`Stack`]; dropping it closes it.
#[derive(Debug)]
pub struct StackSocket(State);

/// ```text
///              connect            writable, and SO_ERROR is none
///   Unused ------------> Connecting -------------> Connected
///      ^                     |                         |
///      +---------------------+  SO_ERROR, too late     | dropped: closed
/// ```
///
/// `getpeername` says nothing about the handshake: on Windows it succeeds before the end of it.
#[derive(Debug)]
enum State {
    Unused,
    Connecting { stream: Arc<TcpStream>, since: Instant },
    Connected(Arc<TcpStream>),
}

/// What the operating system reported.
pub struct StackError(io::Error);

impl Stack {
    /// The system's stack, with 10 s for a connection attempt.
    #[must_use]
    pub const fn new() -> Self {
        Self { connect_timeout: CONNECT_TIMEOUT, lookup: None, silent: Vec::new() }
    }

    /// The same stack with another limit for one connection attempt.
    #[must_use]
    pub const fn with_connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Waits until what had nothing to say since the last wait (sockets, or a name lookup) has something, at most for
    /// `span`; it may return early. Without any of them it is a sleep.
    ///
    /// This is the pause of a client over this stack: it sleeps no longer than it must.
    pub fn wait(&mut self, span: Duration) {
        let silent: Vec<_> =
            self.silent.drain(..).filter_map(|(one, flags)| Some((one.upgrade()?, flags))).collect();
        if silent.is_empty() {
            match &self.lookup {
                Some(lookup) => lookup.wait(span),
                None => std::thread::sleep(span),
            }
            return;
        }
        // An error is nothing to act on here: it comes again with the next operation of the socket that has it.
        if await_any(&silent, span).is_err() {
            std::thread::sleep(span.min(Duration::from_millis(1)));
        }
    }

    /// All addresses of `host`, in the system's order.
    ///
    /// # Errors
    /// `NotResolved` when there are none, `Stack` when the system cannot be asked.
    pub(crate) fn addresses(&mut self, host: &str) -> nb::Result<Vec<IpAddr>, Error> {
        self.look_up(host).map_err(|error| error.map(LookupError::into_error))
    }

    fn look_up(&mut self, host: &str) -> nb::Result<Vec<IpAddr>, LookupError> {
        let lookup = match self.lookup.take() {
            Some(lookup) if lookup.host() == host => lookup,
            _ => lookup::SYSTEM.find(host)?,
        };
        match lookup.found() {
            Some(found) => Ok(found?),
            None => {
                self.lookup = Some(lookup);
                Err(nb::Error::WouldBlock)
            }
        }
    }

    /// Remembers that this socket had nothing to say.
    fn await_later(&mut self, stream: &Arc<TcpStream>, flags: PollFlags) {
        let stream = Arc::downgrade(stream);
        // A caller that never waits must not make the list grow.
        self.silent.retain(|(other, _)| other.strong_count() > 0 && !other.ptr_eq(&stream));
        self.silent.push((stream, flags));
    }
}

impl Default for Stack {
    fn default() -> Self {
        Self::new()
    }
}

impl Pace<Stack> {
    /// Waits for the system's stack by readiness: it wakes when there is something to do, and not before.
    #[must_use]
    pub fn system() -> Self {
        Self::system_by(Arc::new(SystemClock::new()))
    }

    /// The same by a clock that others look at too.
    pub(crate) fn system_by(clock: Arc<dyn Clock + Send + Sync>) -> Self {
        Self::by(clock, ZeroRead::Closed).with_pause(Stack::wait).with_addresses(Stack::addresses)
    }
}

impl TcpClientStack for Stack {
    type TcpSocket = StackSocket;
    type Error = StackError;

    fn socket(&mut self) -> Result<StackSocket, StackError> {
        Ok(StackSocket(State::Unused))
    }

    fn connect(&mut self, socket: &mut StackSocket, remote: SocketAddr) -> nb::Result<(), StackError> {
        let (stream, since) = match core::mem::replace(&mut socket.0, State::Unused) {
            State::Unused => (start_connect(remote).map_err(StackError)?, Instant::now()),
            State::Connecting { stream, since } => (stream, since),
            connected @ State::Connected(_) => {
                socket.0 = connected;
                return Ok(());
            }
        };
        if is_connected(&stream).map_err(StackError)? {
            socket.0 = State::Connected(stream);
            return Ok(());
        }
        if since.elapsed() >= self.connect_timeout {
            return Err(StackError(ErrorKind::TimedOut.into()).into());
        }
        self.await_later(&stream, PollFlags::OUT);
        socket.0 = State::Connecting { stream, since };
        Err(nb::Error::WouldBlock)
    }

    fn send(&mut self, socket: &mut StackSocket, buffer: &[u8]) -> nb::Result<usize, StackError> {
        let stream = socket.stream()?;
        let sent = without_blocking(|| (&**stream).write(buffer));
        if matches!(sent, Err(nb::Error::WouldBlock)) {
            self.await_later(stream, PollFlags::OUT);
        }
        sent
    }

    fn receive(&mut self, socket: &mut StackSocket, buffer: &mut [u8]) -> nb::Result<usize, StackError> {
        let stream = socket.stream()?;
        let received = without_blocking(|| (&**stream).read(buffer));
        if matches!(received, Err(nb::Error::WouldBlock)) {
            self.await_later(stream, PollFlags::IN);
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
        let addresses = self.look_up(host).map_err(|error| error.map(|error| StackError(error.into_io())))?;
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
        self.stream().map_err(|StackError(error)| error)?.nodelay()
    }

    fn stream(&self) -> Result<&Arc<TcpStream>, StackError> {
        match &self.0 {
            State::Connected(stream) => Ok(stream),
            _ => Err(StackError(ErrorKind::NotConnected.into())),
        }
    }
}

impl LookupError {
    /// The same as the adapter's own error.
    pub(crate) fn into_error(self) -> Error {
        match self {
            Self::NotFound(text) => Error::new(crate::ErrorKind::NotResolved, Phase::Resolve, text),
            Self::NoThread(text) => Error::new(crate::ErrorKind::Stack, Phase::Resolve, text),
        }
    }

    fn into_io(self) -> io::Error {
        match self {
            Self::NotFound(text) => io::Error::new(ErrorKind::NotFound, text),
            Self::NoThread(text) => io::Error::new(ErrorKind::ResourceBusy, text),
        }
    }
}

fn start_connect(remote: SocketAddr) -> io::Result<Arc<TcpStream>> {
    let socket = socket2::Socket::new(Domain::for_address(remote), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_nonblocking(true)?;
    socket.set_tcp_nodelay(true)?;
    match socket.connect(&remote.into()) {
        Err(error) if !is_pending(&error) => Err(error),
        _ => Ok(Arc::new(socket.into())),
    }
}

/// Whether a handshake is over: the socket can be written to, and has no error to tell.
fn is_connected(stream: &TcpStream) -> io::Result<bool> {
    let is_writable = is_ready(stream, PollFlags::OUT)?;
    // Asked for whether it is writable or not: see `CONNECT_WAIT_MAX`.
    match SockRef::from(stream).take_error()? {
        Some(error) => Err(error),
        None => Ok(is_writable),
    }
}

/// Whether a non-blocking connect is still under way.
fn is_pending(error: &io::Error) -> bool {
    #[cfg(unix)]
    if error.raw_os_error() == Some(libc::EINPROGRESS) {
        return true;
    }
    error.kind() == ErrorKind::WouldBlock
}

fn is_ready(stream: &TcpStream, flags: PollFlags) -> io::Result<bool> {
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    Ok(poll(&mut [PollFd::new(stream, flags)], Some(&now))? > 0)
}

/// Sleeps until one of them is ready, or `span` has passed, or earlier.
fn await_any(silent: &[(Arc<TcpStream>, PollFlags)], span: Duration) -> io::Result<()> {
    let connects = silent.iter().any(|(_, flags)| flags.contains(PollFlags::OUT));
    let span = span.min(if connects { CONNECT_WAIT_MAX } else { WAIT_MAX });
    let mut sockets: Vec<_> = silent.iter().map(|(stream, flags)| PollFd::new(&**stream, *flags)).collect();
    let span = Timespec { tv_sec: span.as_secs() as Secs, tv_nsec: span.subsec_nanos() as Nsecs };
    match poll(&mut sockets, Some(&span)) {
        Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
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
        f.write_str(&of_system(&self.0))
    }
}

impl std::error::Error for StackError {}
