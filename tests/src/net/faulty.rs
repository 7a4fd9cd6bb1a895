//! A stack of which one call fails: the n-th, in any way that the traits allow, and in some that they do not.

use core::net::{IpAddr, SocketAddr};
use embedded_nal::{AddrType, Dns, TcpClientStack, TcpError, TcpErrorKind, nb};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Wrong {
    /// The call fails with an error of this kind.
    Fails(TcpErrorKind),
    /// It fails from then on.
    FailsForEver,
    /// Nothing has happened yet.
    NotYet,
    /// Nothing ever happens again.
    Never,
    /// One byte is sent or received.
    Short,
    /// Nothing is sent or received, and the call says so.
    Zero,
    /// More was sent or received than there is room for: a stack must not say that.
    Beyond,
}

impl Wrong {
    /// Every way.
    pub const ALL: [Self; 8] = [
        Self::Fails(TcpErrorKind::PipeClosed),
        Self::Fails(TcpErrorKind::Other),
        Self::FailsForEver,
        Self::NotYet,
        Self::Never,
        Self::Short,
        Self::Zero,
        Self::Beyond,
    ];
}

/// Does its work by another stack, but for one call.
#[derive(Debug)]
pub struct Faulty<S> {
    inner: S,
    at: usize,
    wrong: Wrong,
    calls: usize,
    log: Arc<Log>,
}

/// What became of a [`Faulty`] stack.
#[derive(Debug, Default)]
pub struct Log {
    calls: AtomicUsize,
    open: AtomicUsize,
}

impl Log {
    /// How often it was called.
    #[must_use]
    pub fn calls(&self) -> usize {
        self.calls.load(SeqCst)
    }

    /// How many sockets were not given back.
    #[must_use]
    pub fn open(&self) -> usize {
        self.open.load(SeqCst)
    }
}

/// What such a stack reports.
#[derive(Debug)]
pub struct Injected(TcpErrorKind);

impl TcpError for Injected {
    fn kind(&self) -> TcpErrorKind {
        self.0
    }
}

impl<S> Faulty<S> {
    /// The call number `at`, from 0, goes wrong.
    pub fn new(inner: S, at: usize, wrong: Wrong) -> (Self, Arc<Log>) {
        let log = Arc::new(Log::default());
        (Self { inner, at, wrong, calls: 0, log: Arc::clone(&log) }, log)
    }

    /// The stack that does the work.
    pub fn inner_mut(&mut self) -> &mut S {
        &mut self.inner
    }

    /// What goes wrong with this call.
    fn turn(&mut self) -> Option<Wrong> {
        let call = self.calls;
        self.calls += 1;
        self.log.calls.store(self.calls, SeqCst);
        let is_now = match self.wrong {
            Wrong::FailsForEver | Wrong::Never => call >= self.at,
            _ => call == self.at,
        };
        is_now.then_some(self.wrong)
    }
}

fn injected<E: TcpError>(error: nb::Error<E>) -> nb::Error<Injected> {
    error.map(|error| Injected(error.kind()))
}

/// The outcome of a call that has no length; none where it is done as it should be.
fn without_length<T>(wrong: Option<Wrong>) -> Option<nb::Result<T, Injected>> {
    match wrong? {
        Wrong::Fails(kind) => Some(Err(Injected(kind).into())),
        Wrong::FailsForEver => Some(Err(Injected(TcpErrorKind::Other).into())),
        Wrong::NotYet | Wrong::Never => Some(Err(nb::Error::WouldBlock)),
        Wrong::Short | Wrong::Zero | Wrong::Beyond => None,
    }
}

impl<S: TcpClientStack> TcpClientStack for Faulty<S> {
    type TcpSocket = S::TcpSocket;
    type Error = Injected;

    fn socket(&mut self) -> Result<S::TcpSocket, Injected> {
        if let Some(Err(nb::Error::Other(error))) = without_length::<()>(self.turn()) {
            return Err(error);
        }
        let socket = self.inner.socket().map_err(|error| Injected(error.kind()))?;
        self.log.open.fetch_add(1, SeqCst);
        Ok(socket)
    }

    fn connect(&mut self, socket: &mut S::TcpSocket, remote: SocketAddr) -> nb::Result<(), Injected> {
        let wrong = self.turn();
        without_length(wrong).unwrap_or_else(|| self.inner.connect(socket, remote).map_err(injected))
    }

    fn send(&mut self, socket: &mut S::TcpSocket, buffer: &[u8]) -> nb::Result<usize, Injected> {
        let wrong = self.turn();
        if let Some(outcome) = without_length(wrong) {
            return outcome;
        }
        match wrong {
            Some(Wrong::Zero) => Ok(0),
            Some(Wrong::Short) => self.inner.send(socket, &buffer[..buffer.len().min(1)]).map_err(injected),
            Some(Wrong::Beyond) => Ok(buffer.len() + 1000),
            _ => self.inner.send(socket, buffer).map_err(injected),
        }
    }

    fn receive(&mut self, socket: &mut S::TcpSocket, buffer: &mut [u8]) -> nb::Result<usize, Injected> {
        let wrong = self.turn();
        if let Some(outcome) = without_length(wrong) {
            return outcome;
        }
        let length = buffer.len();
        match wrong {
            Some(Wrong::Zero) => Ok(0),
            Some(Wrong::Short) => self.inner.receive(socket, &mut buffer[..length.min(1)]).map_err(injected),
            Some(Wrong::Beyond) => Ok(length + 1000),
            _ => self.inner.receive(socket, buffer).map_err(injected),
        }
    }

    fn close(&mut self, socket: S::TcpSocket) -> Result<(), Injected> {
        self.log.open.fetch_sub(1, SeqCst);
        let wrong = self.turn();
        let closed = self.inner.close(socket).map_err(|error| Injected(error.kind()));
        match without_length::<()>(wrong) {
            Some(Err(nb::Error::Other(error))) => Err(error),
            _ => closed,
        }
    }
}

impl<S: Dns> Dns for Faulty<S> {
    type Error = Injected;

    fn get_host_by_name(&mut self, host: &str, family: AddrType) -> nb::Result<IpAddr, Injected> {
        let wrong = self.turn();
        without_length(wrong).unwrap_or_else(|| {
            self.inner
                .get_host_by_name(host, family)
                .map_err(|error| error.map(|_| Injected(TcpErrorKind::Other)))
        })
    }

    fn get_host_by_address(&mut self, address: IpAddr, result: &mut [u8]) -> nb::Result<usize, Injected> {
        self.inner
            .get_host_by_address(address, result)
            .map_err(|error| error.map(|_| Injected(TcpErrorKind::Other)))
    }
}
