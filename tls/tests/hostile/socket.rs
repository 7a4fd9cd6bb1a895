//! The network of a device, on a desktop: connections that wait and that are awaited, and a note of all that was sent.

use core::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::cell::{Ref, RefCell};
use std::future::poll_fn;
use std::io::{ErrorKind as IoKind, Read as _, Write as _};
use std::net::TcpStream;
use std::rc::Rc;
use std::sync::OnceLock;
use std::task::Poll;
use std::thread;
use std::time::{Duration, Instant};

use embedded_io::{ErrorKind, ErrorType, Read, Write};
use embedded_nal_async::{AddrType, Dns, TcpConnect};

/// What a device's stack takes in before its program reads.
const WINDOW: usize = 2048;

/// How long a look at a socket stays true.
const MOMENT: Duration = Duration::from_micros(50);

/// The milliseconds of a clock that every device here reads.
pub(crate) fn now() -> u64 {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_millis() as u64
}

/// Lets a moment pass, for whoever else there is.
pub(crate) fn pass() {
    thread::sleep(MOMENT);
}

/// A network on which every name and address is one peer's.
pub(crate) struct Network {
    peer: SocketAddr,
    sent: Rc<RefCell<Vec<Sent>>>,
}

/// What was sent over one connection.
#[derive(Default)]
pub(crate) struct Sent {
    pub(crate) bytes: Vec<u8>,
    /// How much of it before the peer had proved who it is; none if it has not.
    pub(crate) before_proof: Option<usize>,
}

impl Network {
    pub(crate) fn to(peer: SocketAddr) -> Self {
        Self { peer, sent: Rc::default() }
    }

    /// What was sent over each connection.
    pub(crate) fn sent(&self) -> Ref<'_, [Sent]> {
        Ref::map(self.sent.borrow(), Vec::as_slice)
    }

    pub(crate) fn open(&self) -> Result<Socket, ErrorKind> {
        let tcp = TcpStream::connect(self.peer).map_err(kind)?;
        tcp.set_nodelay(true).and_then(|()| tcp.set_nonblocking(true)).map_err(kind)?;
        let mut sent = self.sent.borrow_mut();
        sent.push(Sent::default());
        Ok(Socket { tcp, by: u64::MAX, window: WINDOW, number: sent.len() - 1, sent: Rc::clone(&self.sent) })
    }
}

/// A connection.
pub(crate) struct Socket {
    tcp: TcpStream,
    by: u64,
    /// What may be read before the network has to have its turn.
    window: usize,
    number: usize,
    sent: Rc<RefCell<Vec<Sent>>>,
}

impl Socket {
    /// When a read or write that waits has to be over.
    pub(crate) fn set_deadline(&mut self, by: u64) {
        self.by = by;
        self.window = WINDOW;
    }

    /// Notes that from now on the peer may know secrets.
    pub(crate) fn is_proved(&self) {
        if let Some(sent) = self.sent.borrow_mut().get_mut(self.number) {
            sent.before_proof = Some(sent.bytes.len());
        }
    }

    /// Reads what is there; none if nothing is.
    fn look(&mut self, output: &mut [u8]) -> Option<Result<usize, ErrorKind>> {
        let length = output.len().min(self.window);
        if length == 0 {
            self.window = WINDOW;
            return None;
        }
        match self.tcp.read(&mut output[..length]) {
            Err(error) if error.kind() == IoKind::WouldBlock => None,
            Err(error) => Some(Err(kind(error))),
            Ok(count) => {
                self.window -= count;
                Some(Ok(count))
            }
        }
    }

    /// Writes what there is room for; none if there is no room.
    fn put(&mut self, input: &[u8]) -> Option<Result<usize, ErrorKind>> {
        match self.tcp.write(input) {
            Err(error) if error.kind() == IoKind::WouldBlock => None,
            Err(error) => Some(Err(kind(error))),
            Ok(count) => {
                if let Some(sent) = self.sent.borrow_mut().get_mut(self.number) {
                    sent.bytes.extend_from_slice(&input[..count]);
                }
                Some(Ok(count))
            }
        }
    }

    fn wait<T>(
        &mut self,
        mut attempt: impl FnMut(&mut Self) -> Option<Result<T, ErrorKind>>,
    ) -> Result<T, ErrorKind> {
        loop {
            if let Some(result) = attempt(self) {
                return result;
            }
            if now() >= self.by {
                return Err(ErrorKind::TimedOut);
            }
            pass();
        }
    }

    async fn poll<T>(
        &mut self,
        mut attempt: impl FnMut(&mut Self) -> Option<Result<T, ErrorKind>>,
    ) -> Result<T, ErrorKind> {
        poll_fn(|_| attempt(self).map_or(Poll::Pending, Poll::Ready)).await
    }
}

fn kind(error: std::io::Error) -> ErrorKind {
    error.kind().into()
}

impl ErrorType for Socket {
    type Error = ErrorKind;
}

impl Read for Socket {
    fn read(&mut self, output: &mut [u8]) -> Result<usize, ErrorKind> {
        self.wait(|socket| socket.look(output))
    }
}

impl Write for Socket {
    fn write(&mut self, input: &[u8]) -> Result<usize, ErrorKind> {
        self.wait(|socket| socket.put(input))
    }

    fn flush(&mut self) -> Result<(), ErrorKind> {
        Ok(())
    }
}

impl embedded_io_async::Read for Socket {
    async fn read(&mut self, output: &mut [u8]) -> Result<usize, ErrorKind> {
        self.poll(|socket| socket.look(output)).await
    }
}

impl embedded_io_async::Write for Socket {
    async fn write(&mut self, input: &[u8]) -> Result<usize, ErrorKind> {
        self.poll(|socket| socket.put(input)).await
    }

    async fn flush(&mut self) -> Result<(), ErrorKind> {
        Ok(())
    }
}

impl TcpConnect for Network {
    type Error = ErrorKind;
    type Connection<'a> = Socket;

    async fn connect(&self, _: SocketAddr) -> Result<Socket, ErrorKind> {
        self.open()
    }
}

impl Dns for Network {
    type Error = ErrorKind;

    async fn get_host_by_name(&self, _: &str, _: AddrType) -> Result<IpAddr, ErrorKind> {
        Ok(Ipv4Addr::LOCALHOST.into())
    }

    async fn get_host_by_address(&self, _: IpAddr, _: &mut [u8]) -> Result<usize, ErrorKind> {
        Err(ErrorKind::Unsupported)
    }
}
