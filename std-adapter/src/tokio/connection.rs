//! One connection to a host over tokio's sockets.

use core::fmt;
use core::future::{Future, poll_fn};
use core::mem::MaybeUninit;
use core::net::SocketAddr;
use core::pin::pin;
use core::task::Poll;
use core::time::Duration;
use std::io;

use embedded_io_async::{ErrorType, Read, Write};
use rustls::pki_types::ServerName;
use socket2::SockRef;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::connection::Route;
use crate::error::{Error, ErrorKind, Phase};
use crate::event::Event;
use crate::proxy::{TunnelAnswer, authority};
use crate::socket::{Limit, Whole};
use crate::timeouts::Timeouts;
use crate::tls::TlsError;

/// What opening a connection borrows from the client.
pub(super) struct Ground<'a> {
    pub(super) timer: Timer,
    pub(super) events: &'a mut (dyn FnMut(&Event<'_>) + Send),
    pub(super) timeouts: &'a Timeouts,
    pub(super) whole: Whole,
}

/// tokio's clock, counted from the client's beginning.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timer(Instant);

impl Timer {
    pub(super) fn start() -> Self {
        Self(Instant::now())
    }

    pub(super) fn now(self) -> Duration {
        self.0.elapsed()
    }

    /// Runs `step` until `limit`.
    async fn within<T>(self, limit: Limit, step: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        match timeout(limit.by.saturating_sub(self.now()), step).await {
            Ok(result) => result,
            Err(_) => Err(Error::timeout(limit.phase, limit.span)),
        }
    }
}

/// A connection between two exchanges.
pub(super) struct Connection {
    io: Io,
    authority: String,
}

enum Io {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Connection {
    /// Opens a connection along `route`.
    pub(super) async fn open(ground: &mut Ground<'_>, route: &Route<'_>) -> Result<Self, Error> {
        let authority = route.authority();
        let began = ground.timer.now();
        let (host, port) = match (route.place, route.proxy) {
            (Some(place), _) => place,
            (None, Some(proxy)) => (proxy.host(), proxy.port()),
            (None, None) => (route.host, route.port),
        };
        let tcp = dial(ground, host, port).await?;
        let took = ground.timer.now().saturating_sub(began);
        (ground.events)(&Event::Connected { host: &authority, took });
        let io = secure(ground, route, tcp).await.map_err(|error| error.at(authority.as_str()))?;
        Ok(Self { io, authority })
    }

    /// The host and port it leads to.
    pub(super) fn authority(&self) -> &str {
        &self.authority
    }

    /// The stream for one exchange.
    pub(super) fn stream<'a>(&'a mut self, timer: Timer, timeouts: &'a Timeouts, whole: Whole) -> Stream<'a> {
        Stream { io: &mut self.io, timer, timeouts, whole, sent: timer.now(), is_answered: false }
    }

    /// Whether it can serve another exchange: open, and with nothing to say.
    pub(super) async fn is_clean(&mut self) -> bool {
        let tcp = match &self.io {
            Io::Plain(tcp) => tcp,
            Io::Tls(tls) => tls.get_ref().0,
        };
        // The system is asked itself: tokio may not have heard yet of what has just arrived.
        let is_silent = SockRef::from(tcp)
            .peek(&mut [MaybeUninit::uninit()])
            .is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock);
        let mut byte = [0];
        is_silent
            && match &mut self.io {
                Io::Plain(_) => true,
                // Plain text that was received with the last exchange would be left here.
                Io::Tls(tls) => poll_once(tls.read(&mut byte)).await.is_none(),
            }
    }

    /// Ends it.
    pub(super) async fn close(mut self) {
        if let Io::Tls(tls) = &mut self.io {
            // Polite, not necessary: nobody waits for a peer that does not take it.
            let _ = poll_once(tls.shutdown()).await;
        }
    }
}

/// What a future gives without being waited for. A timeout of zero would wait for the timer's next tick.
async fn poll_once<F: Future>(future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    poll_fn(|context| {
        Poll::Ready(match future.as_mut().poll(context) {
            Poll::Ready(output) => Some(output),
            Poll::Pending => None,
        })
    })
    .await
}

/// A TCP connection to `host`: every address in turn, each with its share of the time left.
async fn dial(ground: &mut Ground<'_>, host: &str, port: u16) -> Result<TcpStream, Error> {
    let Ground { timer, events, timeouts, whole } = ground;
    let authority = authority(host, port);
    let now = timer.now();
    let limit = |phase| Limit::new(phase, now, timeouts.connect, *whole);
    let lookup = async {
        let found = tokio::net::lookup_host((host, port)).await;
        found.map_err(|error| Error::new(ErrorKind::NotResolved, Phase::Resolve, error.to_string()))
    };
    let addresses = timer.within(limit(Phase::Resolve), lookup).await.map_err(|error| error.at(host))?;
    let addresses: Vec<SocketAddr> = addresses.collect();
    let mut last = Error::new(ErrorKind::NotResolved, Phase::Resolve, "the name has no address").at(host);
    for (address, left) in addresses.iter().zip((1..=addresses.len()).rev()) {
        events(&Event::Connecting { host: &authority, address: *address });
        let whole_limit = limit(Phase::Connect);
        let share = whole_limit.by.saturating_sub(timer.now()) / u32::try_from(left).unwrap_or(u32::MAX);
        let limit = Limit { span: share, by: timer.now().saturating_add(share), ..whole_limit };
        let connect = async {
            let tcp = TcpStream::connect(*address).await?;
            tcp.set_nodelay(true)?;
            Ok(tcp)
        };
        let connect = async {
            connect
                .await
                .map_err(|error: io::Error| Error::new(ErrorKind::Refused, Phase::Connect, error.to_string()))
        };
        match timer.within(limit, connect).await {
            Ok(tcp) => return Ok(tcp),
            Err(error) => last = error.at(format!("{authority} ({})", address.ip())),
        }
    }
    Err(last)
}

/// Opens the tunnel and the session, where the route has them.
async fn secure(ground: &mut Ground<'_>, route: &Route<'_>, mut tcp: TcpStream) -> Result<Io, Error> {
    let Ground { timer, events, timeouts, whole } = ground;
    if let (Some(proxy), None) = (route.proxy, route.place) {
        let limit = Limit::new(Phase::Proxy, timer.now(), timeouts.connect, *whole);
        let name = proxy.to_string();
        let tunnel = async {
            let cut = |error: io::Error| Error::new(ErrorKind::Cut, Phase::Proxy, error.to_string());
            tcp.write_all(proxy.request(route.host, route.port).reveal().as_bytes()).await.map_err(cut)?;
            let mut answer = TunnelAnswer::default();
            let mut piece = [0; 512];
            loop {
                let length = tcp.read(&mut piece).await.map_err(cut)?;
                if answer.take(piece.get(..length).unwrap_or_default())? {
                    return Ok(());
                }
            }
        };
        timer.within(limit, tunnel).await.map_err(|error| error.at(name.as_str()))?;
        events(&Event::Tunnel { proxy: &name });
    }
    let Some(trust) = route.trust else { return Ok(Io::Plain(tcp)) };
    let began = timer.now();
    let limit = Limit::new(Phase::Tls, began, timeouts.tls, *whole);
    let name = ServerName::try_from(route.host.to_owned())
        .map_err(|_| Error::usage("the host is neither a DNS name nor an IP address"))?;
    let connector = TlsConnector::from(trust.config().clone());
    let handshake = async { connector.connect(name, tcp).await.map_err(|error| failed(Phase::Tls, error)) };
    let tls = timer.within(limit, handshake).await?;
    let took = timer.now().saturating_sub(began);
    let session = tls.get_ref().1;
    let version = session.protocol_version().and_then(|version| version.as_str());
    let cipher = session.negotiated_cipher_suite().and_then(|suite| suite.suite().as_str());
    if let (Some(version), Some(cipher)) = (version, cipher) {
        events(&Event::Secured { version, cipher, took });
    }
    Ok(Io::Tls(Box::new(tls)))
}

/// What tokio reports, as one of the adapter's errors.
fn failed(phase: Phase, error: io::Error) -> Error {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        return TlsError::Cut.into_error(phase);
    }
    match error.downcast::<rustls::Error>() {
        Ok(error) => TlsError::Tls(error).into_error(phase),
        Err(error) => Error::new(ErrorKind::Cut, phase, format!("the connection ended: {error}")),
    }
}

/// A connection during one exchange, with the deadlines of its phases; as the blocking one.
pub(super) struct Stream<'a> {
    io: &'a mut Io,
    timer: Timer,
    timeouts: &'a Timeouts,
    whole: Whole,
    sent: Duration,
    is_answered: bool,
}

impl Stream<'_> {
    /// Whether a byte of an answer has arrived.
    pub(super) fn is_answered(&self) -> bool {
        self.is_answered
    }
}

impl fmt::Debug for Stream<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").field("is_answered", &self.is_answered).finish_non_exhaustive()
    }
}

impl ErrorType for Stream<'_> {
    type Error = Error;
}

impl Read for Stream<'_> {
    async fn read(&mut self, output: &mut [u8]) -> Result<usize, Error> {
        let (phase, since, span) = if self.is_answered {
            (Phase::Receive, self.timer.now(), self.timeouts.idle)
        } else {
            (Phase::FirstByte, self.sent, self.timeouts.first_byte)
        };
        let limit = Limit::new(phase, since, span, self.whole);
        let io = &mut *self.io;
        let read = async {
            match io {
                Io::Plain(tcp) => match tcp.read(output).await {
                    Ok(0) => Err(Error::new(ErrorKind::Cut, phase, "the connection ended")),
                    result => result.map_err(|error| failed(phase, error)),
                },
                Io::Tls(tls) => tls.read(output).await.map_err(|error| failed(phase, error)),
            }
        };
        let count = self.timer.within(limit, read).await?;
        self.is_answered |= count > 0;
        Ok(count)
    }
}

impl Write for Stream<'_> {
    async fn write(&mut self, input: &[u8]) -> Result<usize, Error> {
        let limit = Limit::new(Phase::Send, self.timer.now(), self.timeouts.idle, self.whole);
        let io = &mut *self.io;
        let write = async {
            match io {
                Io::Plain(tcp) => tcp.write(input).await,
                Io::Tls(tls) => tls.write(input).await,
            }
            .map_err(|error| failed(Phase::Send, error))
        };
        let count = self.timer.within(limit, write).await?;
        self.sent = self.timer.now();
        Ok(count)
    }

    async fn flush(&mut self) -> Result<(), Error> {
        let limit = Limit::new(Phase::Send, self.timer.now(), self.timeouts.idle, self.whole);
        let io = &mut *self.io;
        let flush = async {
            match io {
                Io::Plain(tcp) => tcp.flush().await,
                Io::Tls(tls) => tls.flush().await,
            }
            .map_err(|error| failed(Phase::Send, error))
        };
        self.timer.within(limit, flush).await
    }
}
