//! An embedded-nal socket as blocking `Read + Write`, with deadlines.
//!
//! - takes: a stack, a connected socket, a clock
//! - gives: `embedded_io::{Read, Write}`; a read of zero bytes is the end of the connection
//! - keeps: nothing between two calls, so that the connection can outlive its borrower
//! - refuses: to wait past a deadline, and to wait without a pause
//!
//! Stacks disagree on what a received length of zero means; [`ZeroRead`] tells.

use core::fmt;
use core::net::{IpAddr, SocketAddr};
use core::time::Duration;
use std::sync::Arc;

use embedded_io::{ErrorType, Read, Write};
use embedded_nal::{AddrType, Dns, TcpClientStack, TcpError, TcpErrorKind, nb};

use crate::clock::Clock;
use crate::error::{Error, ErrorKind, Phase};
use crate::text;

/// The first pause after a stack had nothing to say; each further one doubles.
const PAUSE_MIN: Duration = Duration::from_millis(1);
/// The shortest wait.
const SPAN_MIN: Duration = Duration::from_micros(50);
/// The longest pause.
const PAUSE_MAX: Duration = Duration::from_millis(10);

/// What a stack means when it receives `Ok(0)`.
///
/// The embedded-nal traits do not say. Told wrongly, a stack is slow or fails loudly, but an answer is
/// never taken for complete: with `NotYet` the end of a connection is seen by a deadline only; with
/// `Closed` a stack that has nothing yet looks like one that was cut.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum ZeroRead {
    /// The peer closed the connection, as in `std::net` ([`crate::Stack`], std-embedded-nal).
    Closed,
    /// Nothing has arrived yet; a closed connection is an error (smoltcp-nal).
    #[default]
    NotYet,
}

/// A moment by which a phase has to end.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limit {
    /// The phase, for the error.
    pub phase: Phase,
    /// How long the phase may last, for the error.
    pub span: Duration,
    /// The moment, on the clock of the [`Pace`].
    pub by: Duration,
}

impl Limit {
    /// `span` from `now`, or the end of the whole operation where that comes first.
    #[must_use]
    pub fn new(phase: Phase, now: Duration, span: Duration, whole: Whole) -> Self {
        let by = now.saturating_add(span);
        if by <= whole.by { Self { phase, span, by } } else { Self { phase, span: whole.span, by: whole.by } }
    }
}

/// The end of the whole operation, whatever its phase.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Whole {
    /// How long the operation may last.
    pub span: Duration,
    /// The moment on the clock.
    pub by: Duration,
}

impl Whole {
    /// The limit of a phase that may last as long as the whole.
    pub(crate) const fn limit(self, phase: Phase) -> Limit {
        Limit { phase, span: self.span, by: self.by }
    }
}

/// The code that runs a stack of its own: see [`Pace::with_idle`].
pub type Idle<S> = Box<dyn FnMut(&mut S) + Send>;

/// What finds all addresses of a name: see [`Pace::with_addresses`].
pub(crate) type Addresses<S> = fn(&mut S, &str) -> nb::Result<Vec<IpAddr>, Error>;

/// What came of one look at a stack.
pub(crate) enum Turn<T> {
    /// This.
    Done(T),
    /// Nothing; look again at this moment at the latest, if there is one.
    Nothing(Option<Duration>),
}

/// How to wait for a stack: the clock, the pause, and the stack's dialect.
///
/// ```
/// use graph_call_std::SystemClock;
/// use graph_call_std::socket::{Pace, ZeroRead};
///
/// struct Modem;
/// impl Modem {
///     fn poll(&mut self) { /* moves bytes between the serial line and the sockets */ }
/// }
///
/// let pace = Pace::new(Box::new(SystemClock::new()), ZeroRead::NotYet)
///     .with_idle(Box::new(|modem: &mut Modem| modem.poll()));
/// # let _ = pace;
/// ```
pub struct Pace<S> {
    clock: Arc<dyn Clock + Send + Sync>,
    idle: Option<Idle<S>>,
    pause: Option<fn(&mut S, Duration)>,
    addresses: Option<Addresses<S>>,
    zero: ZeroRead,
}

impl<S> Pace<S> {
    /// Waits by `clock` for a stack that means `zero`.
    #[must_use]
    pub fn new(clock: Box<dyn Clock + Send + Sync>, zero: ZeroRead) -> Self {
        Self::by(clock.into(), zero)
    }

    pub(crate) fn by(clock: Arc<dyn Clock + Send + Sync>, zero: ZeroRead) -> Self {
        Self { clock, idle: None, pause: None, addresses: None, zero }
    }

    /// Runs `idle` whenever the stack has nothing to say, before the pause.
    ///
    /// A stack without an interrupt or a thread moves only when it is polled: this is the place.
    #[must_use]
    pub fn with_idle(mut self, idle: Idle<S>) -> Self {
        self.idle = Some(idle);
        self
    }

    /// Waits by `pause` instead of the clock's sleep: for a stack that can tell when it has something to
    /// say, and so need not be looked at before. It gets the most that it may wait: the time that is left, or, with an
    /// idle hook, the length of a pause.
    #[must_use]
    pub fn with_pause(mut self, pause: fn(&mut S, Duration)) -> Self {
        self.pause = Some(pause);
        self
    }

    /// Finds all addresses of a name by `addresses`: embedded-nal gives one of each family.
    #[must_use]
    pub(crate) fn with_addresses(mut self, addresses: Addresses<S>) -> Self {
        self.addresses = Some(addresses);
        self
    }

    /// What finds all addresses of a name, if the stack has it.
    pub(crate) fn addresses(&self) -> Option<Addresses<S>> {
        self.addresses
    }

    /// The clock's time.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.clock.now()
    }

    /// The clock itself.
    pub(crate) fn clock(&self) -> Arc<dyn Clock + Send + Sync> {
        Arc::clone(&self.clock)
    }

    /// Whether the stack moves only when it is polled.
    pub(crate) fn is_polled(&self) -> bool {
        self.idle.is_some()
    }

    /// Waits for `span`; a stack with an idle hook stays alive meanwhile.
    pub fn sleep(&mut self, stack: &mut S, span: Duration) {
        let Some(idle) = &mut self.idle else { return self.clock.sleep(span) };
        let end = self.clock.now().saturating_add(span);
        loop {
            idle(stack);
            let left = end.saturating_sub(self.clock.now());
            if left.is_zero() {
                return;
            }
            self.clock.sleep(left.min(PAUSE_MAX));
        }
    }

    /// Gives the stack its turn.
    pub(crate) fn idle(&mut self, stack: &mut S) {
        if let Some(idle) = &mut self.idle {
            idle(stack);
        }
    }

    /// Repeats `step` until it gives something, with a wait between two tries.
    pub(crate) fn wait<T>(
        &mut self,
        stack: &mut S,
        limit: Limit,
        mut step: impl FnMut(&mut S) -> Result<Option<T>, Error>,
    ) -> Result<T, Error> {
        self.turns(stack, limit, |stack, _| Ok(step(stack)?.map_or(Turn::Nothing(None), Turn::Done)))
    }

    /// The same for a step that looks at the time, and wants another look at some moment.
    pub(crate) fn turns<T>(
        &mut self,
        stack: &mut S,
        limit: Limit,
        mut step: impl FnMut(&mut S, Duration) -> Result<Turn<T>, Error>,
    ) -> Result<T, Error> {
        let mut pause = PAUSE_MIN;
        loop {
            // Before the step: a peer that always has one more byte must not outlive the deadline.
            let now = self.clock.now();
            if now >= limit.by {
                return Err(Error::timeout(limit.phase, limit.span));
            }
            let until = match step(stack, now)? {
                Turn::Done(done) => return Ok(done),
                Turn::Nothing(until) => until.map_or(limit.by, |until| until.min(limit.by)),
            };
            self.idle(stack);
            // Never nothing: a moment that has passed already is no reason to spin.
            let left = until.saturating_sub(self.clock.now()).max(SPAN_MIN);
            match (self.pause, &self.idle) {
                (Some(wait), None) => wait(stack, left),
                (Some(wait), Some(_)) => wait(stack, pause.min(left)),
                (None, _) => self.clock.sleep(pause.min(left)),
            }
            pause = (pause * 2).min(PAUSE_MAX);
        }
    }
}

impl<S> fmt::Debug for Pace<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { clock, idle, pause, addresses, zero } = self;
        f.debug_struct("Pace")
            .field("clock", clock)
            .field("idle", &idle.is_some())
            .field("pause", &pause.is_some())
            .field("addresses", &addresses.is_some())
            .field("zero", zero)
            .finish()
    }
}

/// An address of `host`.
///
/// # Errors
/// `NotResolved` when the stack knows none of that family, `Timeout` when it does not say.
pub fn resolve<S: Dns>(
    stack: &mut S,
    pace: &mut Pace<S>,
    host: &str,
    family: &AddrType,
    limit: Limit,
) -> Result<IpAddr, Error> {
    pace.wait(stack, limit, |stack| match stack.get_host_by_name(host, family.clone()) {
        Ok(address) => Ok(Some(address)),
        Err(nb::Error::WouldBlock) => Ok(None),
        Err(nb::Error::Other(error)) => {
            Err(Error::new(ErrorKind::NotResolved, Phase::Resolve, one_line(&error)))
        }
    })
}

/// A connected TCP socket; whoever holds it gives it back to the stack's `close`.
///
/// # Errors
/// `Refused` when the stack reports one, `Timeout` when it reports nothing, `Stack` when it has no
/// socket to give.
pub fn connect<S: TcpClientStack>(
    stack: &mut S,
    pace: &mut Pace<S>,
    remote: SocketAddr,
    limit: Limit,
) -> Result<S::TcpSocket, Error> {
    let mut tcp =
        stack.socket().map_err(|error| Error::new(ErrorKind::Stack, Phase::Connect, one_line(&error)))?;
    let connected = pace.wait(stack, limit, |stack| match stack.connect(&mut tcp, remote) {
        Ok(()) => Ok(Some(())),
        Err(nb::Error::WouldBlock) => Ok(None),
        Err(nb::Error::Other(error)) => Err(Error::new(ErrorKind::Refused, Phase::Connect, one_line(&error))),
    });
    match connected {
        Ok(()) => Ok(tcp),
        Err(error) => {
            close(stack, pace, tcp);
            Err(error)
        }
    }
}

/// Gives a socket back to its stack.
pub fn close<S: TcpClientStack>(stack: &mut S, pace: &mut Pace<S>, tcp: S::TcpSocket) {
    // The connection is over either way; a stack that cannot close it has nothing useful to add.
    let _ = stack.close(tcp);
    // One turn, so that a polled stack tells the peer.
    pace.idle(stack);
}

/// What a connection has to say without being waited for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Probe {
    /// Nothing: it is open and silent.
    Silent,
    /// So many bytes arrived.
    Bytes(usize),
    /// It has ended.
    Ended,
}

/// A connected socket, borrowed for as long as one exchange lasts.
///
/// ```
/// use core::time::Duration;
/// use embedded_io::{Read, Write};
/// use graph_call_std::socket::{self, Limit, Pace, Socket, Whole, ZeroRead};
/// use graph_call_std::{Phase, Stack, SystemClock};
/// # let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
/// # let address = listener.local_addr()?;
/// # let server = std::thread::spawn(move || std::io::copy(&mut (&listener.accept()?.0), &mut std::io::sink()));
///
/// let mut stack = Stack::new();
/// let mut pace = Pace::new(Box::new(SystemClock::new()), ZeroRead::Closed);
/// let second = Duration::from_secs(1);
/// let whole = Whole { span: second, by: pace.now() + second };
/// let limit = Limit::new(Phase::Connect, pace.now(), second, whole);
///
/// let mut tcp = socket::connect(&mut stack, &mut pace, address, limit)?;
/// let mut socket = Socket::new(&mut stack, &mut tcp, &mut pace, limit);
/// socket.write_all(b"hello")?;
/// socket::close(&mut stack, &mut pace, tcp);
/// # assert_eq!(server.join().map_err(|_| "server")??, 5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Socket<'a, S: TcpClientStack> {
    stack: &'a mut S,
    tcp: &'a mut S::TcpSocket,
    pace: &'a mut Pace<S>,
    limit: Limit,
}

impl<'a, S: TcpClientStack> Socket<'a, S> {
    /// Reads from and writes to `tcp` until `limit`.
    #[must_use]
    pub fn new(stack: &'a mut S, tcp: &'a mut S::TcpSocket, pace: &'a mut Pace<S>, limit: Limit) -> Self {
        Self { stack, tcp, pace, limit }
    }

    /// The clock's time.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.pace.now()
    }

    /// From now on, waits until `limit`.
    pub fn set_limit(&mut self, limit: Limit) {
        self.limit = limit;
    }

    /// Looks without waiting.
    pub(crate) fn probe(&mut self, output: &mut [u8]) -> Probe {
        match self.stack.receive(self.tcp, output) {
            Ok(0) if self.pace.zero == ZeroRead::NotYet => Probe::Silent,
            Ok(0) => Probe::Ended,
            Ok(count) if count > output.len() => Probe::Ended,
            Ok(count) => Probe::Bytes(count),
            Err(nb::Error::WouldBlock) => Probe::Silent,
            Err(nb::Error::Other(_)) => Probe::Ended,
        }
    }
}

impl<S: TcpClientStack> fmt::Debug for Socket<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket").field("limit", &self.limit).finish_non_exhaustive()
    }
}

impl<S: TcpClientStack> ErrorType for Socket<'_, S> {
    type Error = Error;
}

impl<S: TcpClientStack> Read for Socket<'_, S> {
    fn read(&mut self, output: &mut [u8]) -> Result<usize, Error> {
        if output.is_empty() {
            return Ok(0);
        }
        let Self { stack, tcp, pace, limit } = self;
        let zero = pace.zero;
        pace.wait(*stack, *limit, |stack| match stack.receive(tcp, output) {
            Ok(0) if zero == ZeroRead::NotYet => Ok(None),
            Ok(count) if count > output.len() => Err(beyond(limit.phase)),
            Ok(count) => Ok(Some(count)),
            Err(nb::Error::WouldBlock) => Ok(None),
            Err(nb::Error::Other(error)) if error.kind() == TcpErrorKind::PipeClosed => Ok(Some(0)),
            Err(nb::Error::Other(error)) => Err(cut(limit.phase, &error)),
        })
    }
}

impl<S: TcpClientStack> Write for Socket<'_, S> {
    fn write(&mut self, input: &[u8]) -> Result<usize, Error> {
        if input.is_empty() {
            return Ok(0);
        }
        let Self { stack, tcp, pace, limit } = self;
        // In both dialects a sent length of zero can only mean that there is no room yet.
        pace.wait(*stack, *limit, |stack| match stack.send(tcp, input) {
            Ok(0) | Err(nb::Error::WouldBlock) => Ok(None),
            Ok(count) if count > input.len() => Err(beyond(limit.phase)),
            Ok(count) => Ok(Some(count)),
            Err(nb::Error::Other(error)) => Err(cut(limit.phase, &error)),
        })
    }

    fn flush(&mut self) -> Result<(), Error> {
        // A polled stack has taken the bytes but not sent them.
        self.pace.idle(self.stack);
        Ok(())
    }
}

/// Whoever believes this counts bytes that there are not.
fn beyond(phase: Phase) -> Error {
    Error::new(ErrorKind::Stack, phase, "the stack says that it moved more bytes than it was given room for")
}

fn cut(phase: Phase, error: &impl fmt::Debug) -> Error {
    Error::new(ErrorKind::Cut, phase, format!("the connection ended: {}", one_line(error)))
}

/// A foreign error as one printable line.
pub(crate) fn one_line(error: &impl fmt::Debug) -> String {
    text::one_line(&format!("{error:?}"), 200)
}
