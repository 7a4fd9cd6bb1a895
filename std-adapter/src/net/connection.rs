//! One connection to a host: found, opened, proved, used, kept, closed.
//!
//! ```text
//!   host --dial--> socket [--proxy--> tunnel] [--tls--> session]
//! ```
//!
//! - takes: a host, the way to it, a stack
//! - gives: a stream with the deadlines of an exchange
//! - keeps: the socket and the TLS session between two exchanges
//! - refuses: to be used again when anything is left over from the last exchange

use core::time::Duration;

use embedded_io::{ErrorType, Read, Write};
use embedded_nal::{Dns, TcpClientStack};

use super::dial::{Context, dial};
use crate::error::{Error, ErrorKind, Phase};
use crate::event::Event;
use crate::proxy::{Proxy, authority};
use crate::socket::{self, Limit, Pace, Probe, Socket};
use crate::tls::{Session, TlsStream, Trust};

/// Pieces of TLS that may come between two exchanges: session tickets, not much more.
const UNASKED_PIECES_MAX: usize = 16;

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
    /// Where the TCP connection leads: to the place, the proxy, or the host itself.
    pub(crate) fn next_hop(&self) -> (&str, u16) {
        match (self.place, self.proxy) {
            (Some(place), _) => place,
            (None, Some(proxy)) => (proxy.host(), proxy.port()),
            (None, None) => (self.host, self.port),
        }
    }

    /// The proxy to ask for a tunnel.
    pub(crate) fn tunnel(&self) -> Option<&Proxy> {
        self.proxy.filter(|_| self.place.is_none())
    }

    /// The error of a connection that did not come about: was it the host, or the proxy?
    pub(crate) fn explained(&self, error: Error) -> Error {
        match self.tunnel() {
            Some(_) => {
                error.with_hint("this is the proxy on the way: check its address, and whether it runs")
            }
            None => error,
        }
    }

    pub(crate) fn authority(&self) -> String {
        authority(self.host, self.port)
    }
}

/// A connection between two exchanges.
pub(crate) struct Connection<S: TcpClientStack> {
    tcp: S::TcpSocket,
    session: Option<Box<Session>>,
    authority: String,
}

impl<S: TcpClientStack + Dns> Connection<S> {
    /// Opens a connection along `route`.
    pub(crate) fn open(context: &mut Context<'_, S>, route: &Route<'_>) -> Result<Self, Error> {
        let authority = route.authority();
        let began = context.pace.now();
        let (host, port) = route.next_hop();
        let tcp = dial(context, host, port).map_err(|error| route.explained(error))?;
        let took = context.pace.now().saturating_sub(began);
        (context.events)(&Event::Connected { host: &authority, took });
        let mut connection = Self { tcp, session: None, authority };
        match connection.secure(context, route) {
            Ok(()) => Ok(connection),
            Err(error) => {
                let error = error.at(connection.authority.as_str());
                connection.close(context.stack, context.pace);
                Err(error)
            }
        }
    }

    /// Opens the tunnel and the session, where the route has them.
    fn secure(&mut self, context: &mut Context<'_, S>, route: &Route<'_>) -> Result<(), Error> {
        let Context { stack, pace, events, whole } = context;
        if let Some(proxy) = route.tunnel() {
            let limit = whole.limit(Phase::Proxy);
            let mut socket = Socket::new(*stack, &mut self.tcp, pace, limit);
            let name = proxy.to_string();
            proxy.tunnel(&mut socket, route.host, route.port).map_err(|error| error.at(name.as_str()))?;
            events(&Event::Tunnel { proxy: &name });
        }
        if let Some(trust) = route.trust {
            let began = pace.now();
            let limit = whole.limit(Phase::Tls);
            let session = self.session.insert(Box::new(trust.session(route.host)?));
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

    /// What is read and written until `limit`.
    pub(crate) fn stream<'a>(
        &'a mut self,
        stack: &'a mut S,
        pace: &'a mut Pace<S>,
        limit: Limit,
    ) -> Stream<'a, S> {
        let phase = limit.phase;
        let socket = Socket::new(stack, &mut self.tcp, pace, limit);
        let transport = match &mut self.session {
            Some(session) => Transport::Tls(session.over(socket)),
            None => Transport::Plain(socket),
        };
        Stream { transport, phase }
    }

    /// Whether it can serve another exchange: open, and with nothing to say.
    pub(crate) fn is_clean(&mut self, stack: &mut S, pace: &mut Pace<S>) -> bool {
        pace.idle(stack);
        let never = Limit { phase: Phase::Prepare, span: Duration::ZERO, by: pace.now() };
        is_clean(self.session.as_deref_mut(), |room| {
            Socket::new(stack, &mut self.tcp, pace, never).probe(room)
        })
    }

    /// Whether it has said something before it was asked.
    pub(crate) fn has_spoken(&mut self, stack: &mut S, pace: &mut Pace<S>) -> bool {
        let never = Limit { phase: Phase::Prepare, span: Duration::ZERO, by: pace.now() };
        has_spoken(self.session.as_deref_mut(), |room| {
            Socket::new(stack, &mut self.tcp, pace, never).probe(room)
        })
    }

    /// Ends it.
    pub(crate) fn close(mut self, stack: &mut S, pace: &mut Pace<S>) {
        if let Some(session) = &mut self.session {
            let span = Duration::from_millis(1);
            let limit = Limit { phase: Phase::Send, span, by: pace.now().saturating_add(span) };
            // Polite, not necessary: nobody waits for a peer that does not take it.
            let _ = session.over(Socket::new(stack, &mut self.tcp, pace, limit)).close_notify();
        }
        socket::close(stack, pace, self.tcp);
    }
}

/// Whether a connection has nothing to say, and nothing is left over of what it said; `probe` receives without waiting.
pub(crate) fn is_clean(mut session: Option<&mut Session>, mut probe: impl FnMut(&mut [u8]) -> Probe) -> bool {
    let mut byte = [0];
    // A peer that always has more to say is not one to ask again.
    for _ in 0..UNASKED_PIECES_MAX {
        let room = session.as_mut().map_or(&mut byte[..], |session| session.room());
        match (probe(room), &mut session) {
            (Probe::Silent, None) => return true,
            (Probe::Silent, Some(session)) => return session.is_clean(),
            // Session tickets come between two exchanges; content must not.
            (Probe::Bytes(count), Some(session)) => session.received(count),
            (Probe::Bytes(_), None) | (Probe::Ended, _) => return false,
        }
    }
    false
}

/// Whether a new connection has said something before it was asked; `probe` receives without waiting.
pub(crate) fn has_spoken(session: Option<&mut Session>, mut probe: impl FnMut(&mut [u8]) -> Probe) -> bool {
    match session {
        None => matches!(probe(&mut [0]), Probe::Bytes(_)),
        Some(session) => {
            if let Probe::Bytes(count) = probe(session.room()) {
                session.received(count);
            }
            session.has_text()
        }
    }
}

/// The error of a connection that has.
pub(crate) fn spoken() -> Error {
    let text = "something came before anything was asked: it answers nothing";
    Error::new(ErrorKind::Answer, Phase::Send, text)
}

/// A connection without TLS has ended: nobody can know that what was read is complete.
pub(crate) fn cut(phase: Phase) -> Error {
    Error::new(ErrorKind::Cut, phase, "the connection ended")
}

enum Transport<'a, S: TcpClientStack> {
    Plain(Socket<'a, S>),
    Tls(TlsStream<'a, Socket<'a, S>>),
}

/// A connection for as long as its stack is lent.
///
/// A read of zero bytes is an orderly end, said by TLS. Any other end is an error: without TLS nobody
/// can know that an answer which lasts until the connection ends is complete.
pub(crate) struct Stream<'a, S: TcpClientStack> {
    transport: Transport<'a, S>,
    phase: Phase,
}

impl<S: TcpClientStack> ErrorType for Stream<'_, S> {
    type Error = Error;
}

impl<S: TcpClientStack> Read for Stream<'_, S> {
    fn read(&mut self, output: &mut [u8]) -> Result<usize, Error> {
        match &mut self.transport {
            Transport::Plain(socket) => match socket.read(output)? {
                0 if !output.is_empty() => Err(cut(self.phase)),
                count => Ok(count),
            },
            Transport::Tls(tls) => tls.read(output).map_err(|error| error.into_error(self.phase)),
        }
    }
}

impl<S: TcpClientStack> Write for Stream<'_, S> {
    fn write(&mut self, input: &[u8]) -> Result<usize, Error> {
        match &mut self.transport {
            Transport::Plain(socket) => socket.write(input),
            Transport::Tls(tls) => tls.write(input).map_err(|error| error.into_error(self.phase)),
        }
    }

    fn flush(&mut self) -> Result<(), Error> {
        match &mut self.transport {
            Transport::Plain(socket) => socket.flush(),
            Transport::Tls(tls) => tls.flush().map_err(|error| error.into_error(self.phase)),
        }
    }
}
