//! A job over `embedded_nal_async::{TcpConnect, Dns}`, as embassy-net has them.
//!
//! - takes: a network stack, a clock, and what puts TLS over a connection
//! - gives: an [`AsyncPlatform`]
//! - keeps: the last connection, while it may carry another exchange
//! - refuses: to use it for another peer; a peer that speaks before it is asked

use core::fmt;
use core::net::SocketAddr;

use embedded_io_async::{Read, Write};
use embedded_nal_async::{AddrType, Dns, TcpConnect};

use super::asynchronous::first;
use super::{AsyncPlatform, Link};
use crate::http::End;
use crate::job::{Fault, Peer};

/// The longest host name (RFC 1035, section 2.3.4).
const HOST_MAX: usize = 255;

/// A platform made of a network stack, a clock and TLS. Tokens come by the plan's credential.
///
/// `secure` puts TLS over a connection, proves the peer's name and gives what is read and written; for a plain peer it
/// gives the connection itself, or an error. It may be the place to keep TLS buffers.
///
/// [`new`](Self::new) is for whatever it gives. [`over_tls`](Nal::over_tls) is for a TLS that says more: that it was the
/// peer who has ended a connection, and whether part of a record is left on one that is kept.
///
/// A connection whose peer says something before it is asked is none: [`Fault::NotConnected`].
///
/// ```
/// use embedded_nal_async::{Dns, TcpConnect};
/// use graph_call::Call;
/// use graph_call::drive::{self, Nal, Told};
/// use graph_call::job::{Fault, Peer, Plan, Session};
///
/// /// Reads a call once, with a clock and TLS of the caller's: `embassy_time::Instant::now().as_millis()`,
/// /// `embassy_time::Timer::at(..)`, and what `embedded-tls` opens.
/// async fn get<N: TcpConnect + Dns>(network: &N, plan: &Plan<'_>, call: &mut Call) -> bool {
/// #   let (now, wait) = (|| 0, async |_| ());
///     let secure = async |connection, peer: Peer<'_>| match peer.is_plain {
///         true => Ok::<N::Connection<'_>, _>(connection),
///         false => Err(Fault::Tls), // TLS is opened here.
///     };
///     let mut platform = Nal::new(network, now, wait, secure);
///     let mut session = Session::<1024, 4096>::new();
///     let mut job = session.start(plan, 1);
///     drive::run_async(&mut job, &mut platform, &mut [0; 1024], call, |_| {}).await == Told::Call
/// }
/// ```
pub struct Nal<'n, N, L, NOW, WAIT, SECURE, const IS_TLS: bool = false> {
    network: &'n N,
    now: NOW,
    wait: WAIT,
    secure: SECURE,
    has_input: fn(&L) -> bool,
    kept: Option<L>,
    /// Whom the last connection was made for.
    host: [u8; HOST_MAX],
    host_length: usize,
    port: u16,
    is_plain: bool,
}

impl<'n, N, L, NOW, WAIT, SECURE> Nal<'n, N, L, NOW, WAIT, SECURE>
where
    N: TcpConnect + Dns,
    L: Read + Write,
    NOW: FnMut() -> u64,
    WAIT: AsyncFnMut(u64),
    SECURE: AsyncFnMut(N::Connection<'n>, Peer<'_>) -> Result<L, Fault>,
{
    /// A platform over a network, with a clock in milliseconds, what waits until a time of it, and what makes a
    /// connection a secure one.
    pub const fn new(network: &'n N, now: NOW, wait: WAIT, secure: SECURE) -> Self {
        Self::with(network, now, wait, secure, |_| false)
    }
}

impl<'n, N, L, NOW, WAIT, SECURE> Nal<'n, N, L, NOW, WAIT, SECURE, true>
where
    N: TcpConnect + Dns,
    L: Read + Write,
    NOW: FnMut() -> u64,
    WAIT: AsyncFnMut(u64),
    SECURE: AsyncFnMut(N::Connection<'n>, Peer<'_>) -> Result<L, Fault>,
{
    /// The same, where every link is TLS whose read of no bytes is its peer's `close_notify`, and whose other ends are
    /// errors: then content may last until the connection ends. `has_input` says whether bytes have come that were not
    /// read, be it part of a record: such a link is not used again.
    ///
    /// ```
    /// use embedded_io_async::{Read, Write};
    /// use embedded_nal_async::{Dns, TcpConnect};
    /// use graph_call::drive::{AsyncPlatform, Nal};
    /// use graph_call::job::{Fault, Peer};
    ///
    /// /// TLS, as `graph-call-tls` has it.
    /// trait Tls<C>: Read + Write + Sized {
    ///     async fn open(name: &str, connection: C) -> Result<Self, Fault>;
    ///     fn has_input(&self) -> bool;
    /// }
    ///
    /// fn platform<'n, N: TcpConnect + Dns, T: Tls<N::Connection<'n>>>(network: &'n N) -> impl AsyncPlatform {
    ///     let secure = async |connection, peer: Peer<'_>| T::open(peer.host, connection).await;
    /// #   let (now, wait) = (|| 0, async |_| ());
    ///     Nal::over_tls(network, now, wait, secure, T::has_input)
    /// }
    /// ```
    pub const fn over_tls(
        network: &'n N,
        now: NOW,
        wait: WAIT,
        secure: SECURE,
        has_input: fn(&L) -> bool,
    ) -> Self {
        Self::with(network, now, wait, secure, has_input)
    }
}

impl<'n, N, L, NOW, WAIT, SECURE, const IS_TLS: bool> Nal<'n, N, L, NOW, WAIT, SECURE, IS_TLS> {
    const fn with(network: &'n N, now: NOW, wait: WAIT, secure: SECURE, has_input: fn(&L) -> bool) -> Self {
        Self {
            network,
            now,
            wait,
            secure,
            has_input,
            kept: None,
            host: [0; HOST_MAX],
            host_length: 0,
            port: 0,
            is_plain: false,
        }
    }

    fn is_for(&self, peer: Peer<'_>) -> bool {
        let host = self.host.get(..self.host_length).unwrap_or_default();
        host == peer.host.as_bytes() && (self.port, self.is_plain) == (peer.port, peer.is_plain)
    }

    fn note(&mut self, peer: Peer<'_>) {
        // Of a host that is too long the whole length is kept and not all bytes: `is_for` finds it equal to none.
        self.host_length = peer.host.len();
        for (place, byte) in self.host.iter_mut().zip(peer.host.bytes()) {
            *place = byte;
        }
        (self.port, self.is_plain) = (peer.port, peer.is_plain);
    }
}

/// What has come on a connection, without waiting for it; its end and its failure are something, too.
async fn look<L: Read>(link: &mut L) -> Option<Result<usize, L::Error>> {
    let mut byte = [0];
    first(link.read(&mut byte), core::future::ready(())).await
}

/// Finds, connects and proves a peer.
async fn connect<'n, N: TcpConnect + Dns, L>(
    network: &'n N,
    secure: &mut impl AsyncFnMut(N::Connection<'n>, Peer<'_>) -> Result<L, Fault>,
    peer: Peer<'_>,
) -> Result<L, Fault> {
    let address = match peer.host.parse() {
        Ok(address) => address,
        Err(_) => {
            let found = network.get_host_by_name(peer.host, AddrType::Either).await;
            found.map_err(|_| Fault::NotResolved)?
        }
    };
    let connection = network.connect(SocketAddr::new(address, peer.port)).await;
    secure(connection.map_err(|_| Fault::NotConnected)?, peer).await
}

impl<'n, N, L, NOW, WAIT, SECURE, const IS_TLS: bool> AsyncPlatform
    for Nal<'n, N, L, NOW, WAIT, SECURE, IS_TLS>
where
    N: TcpConnect + Dns,
    L: Read + Write,
    NOW: FnMut() -> u64,
    WAIT: AsyncFnMut(u64),
    SECURE: AsyncFnMut(N::Connection<'n>, Peer<'_>) -> Result<L, Fault>,
{
    type Link = L;

    const END: End = if IS_TLS { End::CloseNotify } else { End::Cut };

    fn now(&mut self) -> u64 {
        (self.now)()
    }

    async fn wait(&mut self, until: u64) {
        (self.wait)(until).await;
    }

    async fn open(&mut self, peer: Peer<'_>, is_fresh: bool, by: u64) -> Result<Link<L>, Fault> {
        if let Some(mut io) = self.kept.take()
            && !is_fresh
            && self.is_for(peer)
            // The read takes in what is there; then the link knows whether it was part of something.
            && look(&mut io).await.is_none()
            && !(self.has_input)(&io)
        {
            return Ok(Link { io, is_kept: true });
        }
        self.note(peer);
        let Self { network, wait, secure, .. } = self;
        let connected = first(connect(*network, secure, peer), wait(by)).await;
        let mut io = connected.unwrap_or(Err(Fault::Timeout))?;
        // What comes before anything was asked answers nothing.
        if let Some(Ok(1..)) = look(&mut io).await {
            return Err(Fault::NotConnected);
        }
        Ok(Link { io, is_kept: false })
    }

    fn keep(&mut self, link: L) {
        self.kept = Some(link);
    }
}

/// Shows whom the last connection was made for, and whether it is kept.
impl<N, L, NOW, WAIT, SECURE, const IS_TLS: bool> fmt::Debug for Nal<'_, N, L, NOW, WAIT, SECURE, IS_TLS> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.host.get(..self.host_length).unwrap_or_default();
        f.debug_struct("Nal")
            .field("host", &core::str::from_utf8(host).unwrap_or_default())
            .field("port", &self.port)
            .field("is_kept", &self.kept.is_some())
            .finish_non_exhaustive()
    }
}
