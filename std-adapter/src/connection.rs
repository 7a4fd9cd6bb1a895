//! One connection to a host: found, opened, proved, used, kept, closed.
//!
//! ```text
//!   host --resolve--> address --connect--> socket [--proxy--> tunnel] [--tls--> session]
//!             ^                   |
//!             +-- other family ---+  on failure
//! ```
//!
//! - takes: a host, the way to it, a stack
//! - gives: a stream with the deadlines of an exchange
//! - keeps: the socket and the TLS session between two exchanges
//! - refuses: to be used again when anything is left over from the last exchange

use core::fmt;
use core::net::{IpAddr, SocketAddr};
use core::time::Duration;

use embedded_io::{ErrorType, Read, Write};
use embedded_nal::{AddrType, Dns, TcpClientStack};

use crate::error::{Error, ErrorKind, Phase};
use crate::event::Event;
use crate::proxy::{Proxy, authority};
use crate::socket::{self, Limit, Pace, Probe, Socket, Whole};
use crate::timeouts::Timeouts;
use crate::tls::{Session, TlsStream, Trust};

/// Pieces of TLS that may come between two exchanges: session tickets, not much more.
const UNASKED_PIECES_MAX: usize = 16;

/// What opening and using a connection borrows from the client.
pub(crate) struct Ground<'a, S> {
    pub(crate) stack: &'a mut S,
    pub(crate) pace: &'a mut Pace<S>,
    pub(crate) events: &'a mut dyn FnMut(&Event<'_>),
    pub(crate) timeouts: &'a Timeouts,
    pub(crate) whole: Whole,
}

/// The way to a host.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Route<'a> {
    /// The name that the host has to prove.
    pub(crate) host: &'a str,
    pub(crate) port: u16,
    /// Another place to find that host at.
    pub(crate) place: Option<(&'a str, u16)>,
    pub(crate) proxy: Option<&'a Proxy>,
    /// `None` is plain text.
    pub(crate) trust: Option<&'a Trust>,
}

impl Route<'_> {
    pub(crate) fn authority(&self) -> String {
        authority(self.host, self.port)
    }
}

/// A connection between two exchanges.
pub(crate) struct Connection<S: TcpClientStack> {
    tcp: S::TcpSocket,
    session: Option<Session>,
    authority: String,
}

impl<S: TcpClientStack + Dns> Connection<S> {
    /// Opens a connection along `route`.
    pub(crate) fn open(ground: &mut Ground<'_, S>, route: &Route<'_>) -> Result<Self, Error> {
        let authority = route.authority();
        let began = ground.pace.now();
        let (host, port) = match (route.place, route.proxy) {
            (Some(place), _) => place,
            (None, Some(proxy)) => (proxy.host(), proxy.port()),
            (None, None) => (route.host, route.port),
        };
        let tcp = dial(ground, host, port)?;
        let took = ground.pace.now().saturating_sub(began);
        (ground.events)(&Event::Connected { host: &authority, took });
        let mut connection = Self { tcp, session: None, authority };
        match connection.secure(ground, route) {
            Ok(()) => Ok(connection),
            Err(error) => {
                let error = error.at(connection.authority.as_str());
                connection.close(ground.stack, ground.pace);
                Err(error)
            }
        }
    }

    /// Opens the tunnel and the session, where the route has them.
    fn secure(&mut self, ground: &mut Ground<'_, S>, route: &Route<'_>) -> Result<(), Error> {
        let Ground { stack, pace, events, timeouts, whole } = ground;
        if let (Some(proxy), None) = (route.proxy, route.place) {
            let limit = Limit::new(Phase::Proxy, pace.now(), timeouts.connect, *whole);
            let mut socket = Socket::new(*stack, &mut self.tcp, pace, limit);
            let name = proxy.to_string();
            proxy.tunnel(&mut socket, route.host, route.port).map_err(|error| error.at(name.as_str()))?;
            events(&Event::Tunnel { proxy: &name });
        }
        if let Some(trust) = route.trust {
            let began = pace.now();
            let limit = Limit::new(Phase::Tls, began, timeouts.tls, *whole);
            let session = self.session.insert(trust.session(route.host)?);
            session
                .over(Socket::new(*stack, &mut self.tcp, pace, limit))
                .handshake()
                .map_err(|error| error.into_error(Phase::Tls))?;
            let took = pace.now().saturating_sub(began);
            if let Some((version, cipher)) = session.describe() {
                events(&Event::Secured { version, cipher, took });
            }
        }
        Ok(())
    }
}

impl<S: TcpClientStack> Connection<S> {
    /// The host and port it leads to.
    pub(crate) fn authority(&self) -> &str {
        &self.authority
    }

    /// The stream for one exchange.
    pub(crate) fn stream<'a>(
        &'a mut self,
        stack: &'a mut S,
        pace: &'a mut Pace<S>,
        timeouts: &'a Timeouts,
        whole: Whole,
    ) -> Stream<'a, S> {
        let sent = pace.now();
        let limit = Limit::new(Phase::Send, sent, timeouts.idle, whole);
        let socket = Socket::new(stack, &mut self.tcp, pace, limit);
        let transport = match &mut self.session {
            Some(session) => Transport::Tls(session.over(socket)),
            None => Transport::Plain(socket),
        };
        Stream { transport, timeouts, whole, sent, is_answered: false }
    }

    /// Whether it can serve another exchange: open, and with nothing to say.
    pub(crate) fn is_clean(&mut self, stack: &mut S, pace: &mut Pace<S>) -> bool {
        pace.idle(stack);
        let now = pace.now();
        let never = Limit { phase: Phase::Prepare, span: Duration::ZERO, by: now };
        let mut piece = [0; 1024];
        // A peer that always has more to say is not one to ask again.
        for _ in 0..UNASKED_PIECES_MAX {
            let probe = Socket::new(stack, &mut self.tcp, pace, never).probe(&mut piece);
            match (probe, &mut self.session) {
                (Probe::Silent, None) => return true,
                (Probe::Silent, Some(session)) => return session.is_clean(),
                // Session tickets come between two exchanges; content must not.
                (Probe::Bytes(count), Some(session)) => {
                    if !session.stays_clean(piece.get(..count).unwrap_or_default()) {
                        return false;
                    }
                }
                (Probe::Bytes(_), None) | (Probe::Ended, _) => return false,
            }
        }
        false
    }

    /// Ends it.
    pub(crate) fn close(mut self, stack: &mut S, pace: &mut Pace<S>) {
        if let Some(session) = &mut self.session {
            let whole = Whole { span: Duration::ZERO, by: pace.now() + Duration::from_millis(1) };
            let limit = Limit::new(Phase::Send, pace.now(), Duration::from_millis(1), whole);
            // Polite, not necessary: nobody waits for a peer that does not take it.
            let _ = session.over(Socket::new(stack, &mut self.tcp, pace, limit)).close_notify();
        }
        socket::close(stack, pace, self.tcp);
    }
}

/// A TCP connection to `host`, by either address family.
fn dial<S: TcpClientStack + Dns>(
    ground: &mut Ground<'_, S>,
    host: &str,
    port: u16,
) -> Result<S::TcpSocket, Error> {
    let Ground { stack, pace, events, timeouts, whole } = ground;
    let authority = authority(host, port);
    let now = pace.now();
    let limit = |phase| Limit::new(phase, now, timeouts.connect, *whole);
    let mut try_address = |stack: &mut S, pace: &mut Pace<S>, address: IpAddr, limit: Limit| {
        let address = SocketAddr::new(address, port);
        events(&Event::Connecting { host: &authority, address });
        socket::connect(stack, pace, address, limit).map_err(|error| {
            error.at(if host.parse::<IpAddr>().is_ok() {
                authority.clone()
            } else {
                format!("{authority} ({})", address.ip())
            })
        })
    };
    if let Ok(address) = host.parse() {
        return try_address(stack, pace, address, limit(Phase::Connect));
    }
    let resolve = |stack: &mut S, pace: &mut Pace<S>, family: AddrType| {
        socket::resolve(stack, pace, host, &family, limit(Phase::Resolve)).map_err(|error| error.at(host))
    };
    let first = resolve(stack, pace, AddrType::Either)?;
    // Half of the time, so that the other family gets a chance where the first one leads nowhere.
    let whole_limit = limit(Phase::Connect);
    let half = whole_limit.by.saturating_sub(pace.now()) / 2;
    let half = Limit { span: half, by: pace.now().saturating_add(half), ..whole_limit };
    let error = match try_address(stack, pace, first, half) {
        Ok(tcp) => return Ok(tcp),
        Err(error) => error,
    };
    let other = if first.is_ipv4() { AddrType::IPv6 } else { AddrType::IPv4 };
    match resolve(stack, pace, other) {
        // Some stacks know one family only, and answer with it whatever the question.
        Ok(second) if second != first => try_address(stack, pace, second, whole_limit),
        _ => Err(error),
    }
}

enum Transport<'a, S: TcpClientStack> {
    Plain(Socket<'a, S>),
    Tls(TlsStream<'a, Socket<'a, S>>),
}

/// A connection during one exchange: what is written and read keeps to the deadlines of its phase.
///
/// A read of zero bytes is an orderly end, said by TLS. Any other end is an error: without TLS nobody
/// can know that an answer which lasts until the connection ends is complete.
pub(crate) struct Stream<'a, S: TcpClientStack> {
    transport: Transport<'a, S>,
    timeouts: &'a Timeouts,
    whole: Whole,
    /// When the last byte was written.
    sent: Duration,
    is_answered: bool,
}

impl<'a, S: TcpClientStack> Stream<'a, S> {
    /// Whether a byte of an answer has arrived.
    pub(crate) fn is_answered(&self) -> bool {
        self.is_answered
    }

    fn socket(&mut self) -> &mut Socket<'a, S> {
        match &mut self.transport {
            Transport::Plain(socket) => socket,
            Transport::Tls(tls) => tls.io_mut(),
        }
    }
}

impl<S: TcpClientStack> fmt::Debug for Stream<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").field("is_answered", &self.is_answered).finish_non_exhaustive()
    }
}

impl<S: TcpClientStack> ErrorType for Stream<'_, S> {
    type Error = Error;
}

impl<S: TcpClientStack> Read for Stream<'_, S> {
    fn read(&mut self, output: &mut [u8]) -> Result<usize, Error> {
        let (phase, since, span) = if self.is_answered {
            (Phase::Receive, self.socket().now(), self.timeouts.idle)
        } else {
            (Phase::FirstByte, self.sent, self.timeouts.first_byte)
        };
        let limit = Limit::new(phase, since, span, self.whole);
        self.socket().set_limit(limit);
        let count = match &mut self.transport {
            Transport::Plain(socket) => match socket.read(output)? {
                0 if !output.is_empty() => {
                    return Err(Error::new(ErrorKind::Cut, phase, "the connection ended"));
                }
                count => count,
            },
            Transport::Tls(tls) => tls.read(output).map_err(|error| error.into_error(phase))?,
        };
        self.is_answered |= count > 0;
        Ok(count)
    }
}

impl<S: TcpClientStack> Write for Stream<'_, S> {
    fn write(&mut self, input: &[u8]) -> Result<usize, Error> {
        let now = self.socket().now();
        let limit = Limit::new(Phase::Send, now, self.timeouts.idle, self.whole);
        self.socket().set_limit(limit);
        let count = match &mut self.transport {
            Transport::Plain(socket) => socket.write(input)?,
            Transport::Tls(tls) => tls.write(input).map_err(|error| error.into_error(Phase::Send))?,
        };
        self.sent = self.socket().now();
        Ok(count)
    }

    fn flush(&mut self) -> Result<(), Error> {
        match &mut self.transport {
            Transport::Plain(socket) => socket.flush(),
            Transport::Tls(tls) => tls.flush().map_err(|error| error.into_error(Phase::Send)),
        }
    }
}
