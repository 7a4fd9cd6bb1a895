//! Sessions on a desktop, with the loopback service: what a device does not show, or not as fast.
//!
//! The library starts once in a process and belongs to one thread, so all of this is one test.

#![allow(unsafe_code)] // memory that was freed has no owner to show it

use std::future::{Future, poll_fn};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use embedded_io::{ErrorKind, ErrorType, Read, Write};
use graph_call_std::service::Service;
use graph_call_tls::{AsyncSession, Error, Roots, Session, Sources, Tls};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

const HOST: &str = "graph.microsoft.com";
const REQUEST: &[u8] = b"GET /nothing HTTP/1.1\r\nHost: graph.microsoft.com\r\nConnection: close\r\n\r\n";
/// What an answer has in any case.
const SIGN: &[u8] = b"HTTP/1.1 ";
/// And what it has later.
const LATER: &[u8] = b"\r\nContent-";
const HEAP_LENGTH: usize = 72 * 1024;

static HAS_TIME: AtomicBool = AtomicBool::new(false);
static HAS_RANDOMNESS: AtomicBool = AtomicBool::new(true);

fn unix_seconds() -> Option<u64> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    HAS_TIME.load(Relaxed).then_some(now.as_secs())
}

fn random(output: &mut [u8]) -> bool {
    let source = std::fs::File::open("/dev/urandom");
    HAS_RANDOMNESS.load(Relaxed) && source.is_ok_and(|mut source| source.read_exact(output).is_ok())
}

/// A socket that waits, and one that is awaited: the latter lets every other call wait, and takes as many bytes as it may.
struct Socket {
    stream: TcpStream,
    is_ready: bool,
    room: usize,
}

impl Socket {
    fn connect(service: &Service) -> Result<Self> {
        let stream = TcpStream::connect(service.address())?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        Ok(Self { stream, is_ready: false, room: usize::MAX })
    }

    /// Pending in every other call.
    async fn turn(&mut self) {
        poll_fn(|_| {
            self.is_ready = !self.is_ready;
            if self.is_ready { Poll::Pending } else { Poll::Ready(()) }
        })
        .await;
    }
}

impl ErrorType for Socket {
    type Error = ErrorKind;
}

impl Read for Socket {
    fn read(&mut self, output: &mut [u8]) -> std::result::Result<usize, ErrorKind> {
        self.stream.read(output).map_err(|error| error.kind().into())
    }
}

impl Write for Socket {
    fn write(&mut self, input: &[u8]) -> std::result::Result<usize, ErrorKind> {
        self.stream.write(input).map_err(|error| error.kind().into())
    }

    fn flush(&mut self) -> std::result::Result<(), ErrorKind> {
        Ok(())
    }
}

impl embedded_io_async::Read for Socket {
    async fn read(&mut self, output: &mut [u8]) -> std::result::Result<usize, ErrorKind> {
        self.turn().await;
        // Few bytes at a time: a record comes in pieces.
        let length = output.len().min(100);
        Read::read(self, &mut output[..length])
    }
}

impl embedded_io_async::Write for Socket {
    async fn write(&mut self, input: &[u8]) -> std::result::Result<usize, ErrorKind> {
        self.turn().await;
        let length = input.len().min(self.room);
        if length == 0 {
            poll_fn(|_| Poll::<()>::Pending).await;
        }
        self.room -= length;
        Write::write(self, &input[..length])
    }

    async fn flush(&mut self) -> std::result::Result<(), ErrorKind> {
        Ok(())
    }
}

/// Polls a future at most so often, and drops it.
fn poll<T>(times: usize, future: impl Future<Output = T>) -> Option<T> {
    let (mut future, mut context) = (pin!(future), Context::from_waker(Waker::noop()));
    (0..times).find_map(|_| match future.as_mut().poll(&mut context) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    })
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    poll(usize::MAX, future).expect("a future ends")
}

#[test]
fn sessions() -> Result {
    let memory: &'static mut [u8] = Box::leak(vec![0; HEAP_LENGTH].into_boxed_slice());
    let place = (memory.as_ptr(), memory.len());
    let sources = Sources { random, unix_seconds };
    assert_eq!(Tls::start(&mut [], sources).err(), Some(Error::NoMemory), "no heap is none");
    let tls = Tls::start(memory, sources)?;
    assert_eq!(Tls::start(Box::leak(Box::new([0; 4096])), sources).err(), Some(Error::NoMemory), "twice");
    let service = Service::start()?;
    roots(tls, &service);
    let roots = Roots::new(tls, service.ca_der())?;
    let before = tls.heap().used;
    without_sources(tls, &roots, &service)?;
    names(tls, &roots, &service)?;
    blocking(tls, &roots, &service, place)?;
    awaited(tls, &roots, &service)?;
    dropped(tls, &roots, &service)?;
    too_many(tls, &roots, &service)?;
    assert_eq!(tls.heap().used, before, "all memory came back");
    Ok(())
}

fn roots(tls: Tls, service: &Service) {
    let der = service.ca_der();
    for wrong in [&[][..], b"-----BEGIN CERTIFICATE-----", &der[..der.len() - 1], &[der, b"\0"].concat()] {
        assert_eq!(Roots::new(tls, wrong).err(), Some(Error::Root));
    }
    assert!(Roots::new(tls, &[der, der].concat()).is_ok());
}

fn without_sources(tls: Tls, roots: &Roots<'_>, service: &Service) -> Result {
    let connections = service.counters().requests;
    let open = || {
        Ok::<_, Box<dyn std::error::Error>>(Session::open(tls, roots, HOST, Socket::connect(service)?).err())
    };
    assert_eq!(open()?, Some(Error::NoTime));
    HAS_TIME.store(true, Relaxed);
    HAS_RANDOMNESS.store(false, Relaxed);
    assert_eq!(open()?, Some(Error::NoRandomness));
    HAS_RANDOMNESS.store(true, Relaxed);
    assert_eq!(open()?, None);
    assert_eq!(service.counters().requests, connections);
    Ok(())
}

fn names(tls: Tls, roots: &Roots<'_>, service: &Service) -> Result {
    for name in ["", "graph.microsoft.com\0", "example.org", &"a".repeat(254)] {
        let opened = Session::open(tls, roots, name, Socket::connect(service)?);
        assert_eq!(opened.err(), Some(Error::Name), "{name}");
    }
    Ok(())
}

/// A whole exchange; what was not read yet is on the heap as long as the session is there, and no longer.
fn blocking(tls: Tls, roots: &Roots<'_>, service: &Service, (start, length): (*const u8, usize)) -> Result {
    let is_on_the_heap = || {
        let is_there = |place: usize, at: usize, byte: u8| {
            // SAFETY: the heap is there for good; its bytes are read one by one, as they are now.
            unsafe { start.add(place + at).read_volatile() == byte }
        };
        (0..length - LATER.len())
            .any(|place| LATER.iter().enumerate().all(|(at, byte)| is_there(place, at, *byte)))
    };
    let mut session = Session::open(tls, roots, HOST, Socket::connect(service)?)?;
    assert!(!is_on_the_heap());
    session.write_all(REQUEST)?;
    session.flush()?;
    let mut answer = [0; 9];
    session.read_exact(&mut answer).map_err(|error| format!("{error:?}"))?;
    assert_eq!(answer, SIGN);
    assert!(is_on_the_heap() && session.has_input());
    drop(session);
    assert!(!is_on_the_heap(), "what is freed is wiped");
    let mut session = Session::open(tls, roots, HOST, Socket::connect(service)?)?;
    session.write_all(REQUEST)?;
    let mut rest = [0; 64];
    while session.read(&mut rest)? > 0 {}
    assert!(!session.has_input());
    session.close()?;
    Ok(())
}

fn awaited(tls: Tls, roots: &Roots<'_>, service: &Service) -> Result {
    use embedded_io_async::{Read as _, Write as _};
    let mut session = wait(AsyncSession::open(tls, roots, HOST, Socket::connect(service)?))?;
    wait(session.write_all(REQUEST))?;
    wait(session.flush())?;
    let mut answer = Vec::new();
    let mut piece = [0; 64];
    loop {
        match wait(session.read(&mut piece))? {
            0 => break,
            length => answer.extend_from_slice(&piece[..length]),
        }
    }
    assert!(answer.starts_with(SIGN));
    wait(session.close())?;
    Ok(())
}

/// Futures that are dropped: a write in the middle of its record, and every read again and again.
fn dropped(tls: Tls, roots: &Roots<'_>, service: &Service) -> Result {
    use embedded_io_async::{Read as _, Write as _};
    let mut session = wait(AsyncSession::open(tls, roots, HOST, Socket::connect(service)?))?;
    // More than the library hands over at once: it stops in the middle of the record.
    let first = format!("GET /nothing HTTP/1.1\r\nPadding: {}\r\n", "x".repeat(1000));
    let second = b"Host: graph.microsoft.com\r\nConnection: close\r\n\r\n";
    session.socket().room = 7;
    assert!(poll(9, session.write(first.as_bytes())).is_none(), "seven bytes are no record");
    session.socket().room = usize::MAX;
    wait(session.write_all(second))?;
    wait(session.flush())?;
    let mut answer = Vec::new();
    let mut piece = [0; 64];
    let (mut drops, mut last) = (0, 1);
    while last > 0 {
        match poll(1, session.read(&mut piece)) {
            Some(length) => {
                last = length?;
                answer.extend_from_slice(&piece[..last]);
            }
            None => drops += 1,
        }
    }
    assert!(answer.starts_with(SIGN) && drops > 3, "{drops}");
    Ok(())
}

/// More sessions than the heap has room for: the last one is refused, and the others go on.
fn too_many(tls: Tls, roots: &Roots<'_>, service: &Service) -> Result {
    let mut sessions = Vec::new();
    let refused = loop {
        match Session::open(tls, roots, HOST, Socket::connect(service)?) {
            Ok(session) => sessions.push(session),
            Err(error) => break error,
        }
    };
    assert_eq!(refused, Error::NoMemory);
    let heap = tls.heap();
    assert!(heap.peak <= heap.reach && heap.reach <= heap.size && heap.size <= HEAP_LENGTH, "{heap:?}");
    let session = sessions.last_mut().ok_or("there is room for one")?;
    session.write_all(REQUEST)?;
    session.flush()?;
    let mut answer = [0; 9];
    session.read_exact(&mut answer).map_err(|error| format!("{error:?}"))?;
    assert_eq!(answer, SIGN);
    Ok(())
}
