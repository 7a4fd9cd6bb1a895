//! One connection to a host over tokio's sockets: where the blocking one waits, this one awaits.
//!
//! - takes: a host, the way to it
//! - gives: a stream with the deadlines of an exchange
//! - keeps: the socket and the TLS session between two exchanges
//! - refuses: what [`crate::net::connection`] refuses; every decision is made there, and in the machines below it

use core::future::{Future, poll_fn};
use core::net::SocketAddr;
use core::pin::{Pin, pin};
use core::task::Poll;
use core::time::Duration;
use std::io::{self, Read as _};

use embedded_io_async::{ErrorType, Read, Write};
use socket2::SockRef;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

use super::connection::{Route, cut, has_spoken, is_clean};
use crate::error::{Error, ErrorKind, Phase};
use crate::event::Event;
use crate::net::dial::place_name;
use crate::net::lookup::{self, LookupError};
use crate::net::race::Race;
use crate::net::tls::{Goal, Session, Step, TlsError};
use crate::proxy::{Proxy, authority};
use crate::socket::{Limit, Probe, Whole};
use crate::text::of_system;

/// What opening a connection borrows from the client.
pub(crate) struct Context<'a, E> {
    pub(crate) timer: Timer,
    pub(crate) events: &'a mut E,
    /// When the connection has to stand, TLS included.
    pub(crate) whole: Whole,
}

/// tokio's clock, counted from the client's beginning.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timer(Instant);

impl Timer {
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn now(self) -> Duration {
        self.0.elapsed()
    }

    /// Runs `step` until `limit`.
    async fn within<T>(self, limit: Limit, step: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let left = limit.by.saturating_sub(self.now());
        // A timeout that has passed would still let a step through that is ready: a peer that always has one more byte.
        if !left.is_zero()
            && let Ok(result) = timeout(left, step).await
        {
            return result;
        }
        Err(Error::timeout(limit.phase, limit.span))
    }
}

/// A connection between two exchanges.
pub(crate) struct Connection {
    tcp: TcpStream,
    session: Option<Box<Session>>,
    authority: String,
}

impl Connection {
    /// Opens a connection along `route`.
    pub(crate) async fn open(
        context: &mut Context<'_, impl FnMut(&Event<'_>)>,
        route: &Route<'_>,
    ) -> Result<Self, Error> {
        let authority = route.authority();
        let began = context.timer.now();
        let (host, port) = route.next_hop();
        let tcp = dial(context, host, port).await.map_err(|error| route.explained(error))?;
        let took = context.timer.now().saturating_sub(began);
        (context.events)(&Event::Connected { host: &authority, took });
        let mut connection = Self { tcp, session: None, authority };
        match connection.secure(context, route).await {
            Ok(()) => Ok(connection),
            Err(error) => Err(error.at(connection.authority)),
        }
    }

    /// Opens the tunnel and the session, where the route has them.
    async fn secure(
        &mut self,
        context: &mut Context<'_, impl FnMut(&Event<'_>)>,
        route: &Route<'_>,
    ) -> Result<(), Error> {
        let Context { timer, events, whole } = context;
        if let Some(proxy) = route.tunnel() {
            let limit = whole.limit(Phase::Proxy);
            let name = proxy.to_string();
            let tunnel = timer.within(limit, tunnel(&mut self.tcp, proxy, route));
            tunnel.await.map_err(|error| error.at(name.as_str()))?;
            events(&Event::Tunnel { proxy: &name });
        }
        let Some(trust) = route.trust else { return Ok(()) };
        let began = timer.now();
        let limit = whole.limit(Phase::Tls);
        let session = self.session.insert(Box::new(trust.session(route.host)?));
        timer.within(limit, run(session, &mut self.tcp, Goal::Handshake, Phase::Tls)).await?;
        let took = timer.now().saturating_sub(began);
        if let Some((version, cipher)) = session.describe() {
            events(&Event::Secured { version, cipher, took });
        }
        Ok(())
    }

    /// The host and port it leads to.
    pub(crate) fn authority(&self) -> &str {
        &self.authority
    }

    /// Whether it can serve another exchange: open, and with nothing to say.
    pub(crate) fn is_clean(&mut self) -> bool {
        let socket = SockRef::from(&self.tcp);
        is_clean(self.session.as_deref_mut(), |room| probe(&socket, room))
    }

    /// Whether it has said something before it was asked.
    pub(crate) fn has_spoken(&mut self) -> bool {
        let socket = SockRef::from(&self.tcp);
        has_spoken(self.session.as_deref_mut(), |room| probe(&socket, room))
    }

    /// Ends it.
    pub(crate) async fn close(mut self) {
        if let Some(session) = &mut self.session {
            // Polite, not necessary: nobody waits for a peer that does not take it.
            poll_once(run(session, &mut self.tcp, Goal::Close, Phase::Send)).await;
        }
    }
}

/// Looks without waiting. The system is asked itself: tokio may not have heard yet of what has just arrived.
fn probe(mut socket: &socket2::Socket, room: &mut [u8]) -> Probe {
    match socket.read(room) {
        Ok(0) => Probe::Ended,
        Ok(count) => Probe::Bytes(count),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Probe::Silent,
        Err(_) => Probe::Ended,
    }
}

/// Lets a future do what it can without being waited for. A timeout of zero would wait for the timer's next tick.
async fn poll_once<F: Future>(future: F) {
    let mut future = pin!(future);
    poll_fn(|context| {
        // Whether it is over or not: nobody waits for it.
        let _ = future.as_mut().poll(context);
        Poll::Ready(())
    })
    .await;
}

/// Does what the session says until its goal is reached.
async fn run(
    session: &mut Session,
    tcp: &mut TcpStream,
    mut goal: Goal<'_>,
    phase: Phase,
) -> Result<usize, Error> {
    loop {
        match session.step(&mut goal).map_err(|error| TlsError::Tls(error).into_error(phase))? {
            Step::Done(count) => return Ok(count),
            Step::Send => {
                let count = send(tcp, session.unsent()).await.map_err(|error| failed(phase, &error))?;
                session.sent(count);
            }
            Step::Receive => {
                match receive(tcp, session.room()).await.map_err(|error| failed(phase, &error))? {
                    0 => return Err(TlsError::Cut.into_error(phase)),
                    count => session.received(count),
                }
            }
        }
    }
}

/// What is received at once; a signal that comes between is nothing.
async fn receive(tcp: &mut TcpStream, room: &mut [u8]) -> io::Result<usize> {
    loop {
        match tcp.read(room).await {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

/// What is sent at once, likewise; something is.
async fn send(tcp: &mut TcpStream, bytes: &[u8]) -> io::Result<usize> {
    loop {
        match tcp.write(bytes).await {
            Ok(0) if !bytes.is_empty() => return Err(io::ErrorKind::WriteZero.into()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

/// What the system reports of a connection that stood.
fn failed(phase: Phase, error: &io::Error) -> Error {
    Error::new(ErrorKind::Cut, phase, format!("the connection ended: {error}"))
}

/// Asks the proxy for a tunnel to the route's host.
async fn tunnel(tcp: &mut TcpStream, proxy: &Proxy, route: &Route<'_>) -> Result<(), Error> {
    let cut = |error: io::Error| failed(Phase::Proxy, &error);
    let mut tunnel = proxy.tunnel_to(route.host, route.port)?;
    let mut piece = [0; 512];
    loop {
        let unsent = tunnel.unsent();
        let mut rest = unsent.as_slice();
        while !rest.is_empty() {
            let count = send(tcp, rest).await.map_err(cut)?;
            rest = rest.get(count..).unwrap_or_default();
        }
        let length = receive(tcp, &mut piece).await.map_err(cut)?;
        if tunnel.take(piece.get(..length).unwrap_or_default())? {
            return Ok(());
        }
    }
}

/// An attempt to connect.
type Attempt = Pin<Box<dyn Future<Output = io::Result<TcpStream>> + Send>>;

/// A TCP connection to `host`, by whichever of its addresses answers first.
async fn dial(
    context: &mut Context<'_, impl FnMut(&Event<'_>)>,
    host: &str,
    port: u16,
) -> Result<TcpStream, Error> {
    let Context { timer, events, whole } = context;
    let limit = |phase| whole.limit(phase);
    let authority = authority(host, port);
    let addresses = match host.parse() {
        Ok(address) => vec![address],
        Err(_) => {
            let found = async { lookup::SYSTEM.find(host)?.finished().await };
            let found = async { found.await.map_err(LookupError::into_error) };
            timer.within(limit(Phase::Resolve), found).await.map_err(|error| error.at(host))?
        }
    };
    let limit = limit(Phase::Connect);
    let mut race = Race::new(&addresses, port);
    let mut under_way: Vec<(SocketAddr, Attempt)> = Vec::new();
    let mut failure = Error::new(ErrorKind::NotResolved, Phase::Resolve, "the name has no address").at(host);
    loop {
        let now = timer.now();
        if let Some(address) = race.start(now, under_way.is_empty()) {
            events(&Event::Connecting { host: &authority, address });
            under_way.push((address, Box::pin(connect(address))));
        }
        let Some((oldest, _)) = under_way.first() else { return Err(failure) };
        if now >= limit.by {
            let name = place_name(host, &authority, *oldest);
            return Err(Error::timeout(limit.phase, limit.span).at(name));
        }
        let until = race.next_at().map_or(limit.by, |at| at.min(limit.by));
        match timeout(until.saturating_sub(now), first_of(&mut under_way)).await {
            Ok((_, Ok(tcp))) => return Ok(tcp),
            Ok((address, Err(error))) => {
                let name = place_name(host, &authority, address);
                failure = Error::new(ErrorKind::Refused, Phase::Connect, of_system(&error)).at(name);
            }
            // Time for the next address, or none is left.
            Err(_) => {}
        }
    }
}

async fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let tcp = TcpStream::connect(address).await?;
    tcp.set_nodelay(true)?;
    Ok(tcp)
}

/// The attempt that is over first; the others go on.
async fn first_of(under_way: &mut Vec<(SocketAddr, Attempt)>) -> (SocketAddr, io::Result<TcpStream>) {
    poll_fn(|context| {
        for at in 0..under_way.len() {
            if let Some((address, attempt)) = under_way.get_mut(at)
                && let Poll::Ready(result) = attempt.as_mut().poll(context)
            {
                let address = *address;
                drop(under_way.remove(at));
                return Poll::Ready((address, result));
            }
        }
        Poll::Pending
    })
    .await
}

impl ErrorType for Connection {
    type Error = Error;
}

impl Read for Connection {
    async fn read(&mut self, output: &mut [u8]) -> Result<usize, Error> {
        let phase = Phase::Receive;
        match &mut self.session {
            Some(session) => run(session, &mut self.tcp, Goal::Read(output), phase).await,
            None => match receive(&mut self.tcp, output).await {
                Ok(0) => Err(cut(phase)),
                result => result.map_err(|error| failed(phase, &error)),
            },
        }
    }
}

impl Write for Connection {
    async fn write(&mut self, input: &[u8]) -> Result<usize, Error> {
        let phase = Phase::Send;
        match &mut self.session {
            Some(session) => run(session, &mut self.tcp, Goal::write(input), phase).await,
            None => send(&mut self.tcp, input).await.map_err(|error| failed(phase, &error)),
        }
    }

    async fn flush(&mut self) -> Result<(), Error> {
        // tokio's sockets keep nothing back, and a write of the session has sent all of it.
        Ok(())
    }
}
