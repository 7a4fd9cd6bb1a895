//! The program of the peer: takes connections, does the handshake, reads requests, and does what was ordered.

use super::records::{HEADER_LENGTH, Records, kind};
use super::{Act, Behaviour, Version};
use graph_call_std::service::{Authority, CertificateKind, P2P_CALL};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ExtractedSecrets, KeyLog, ServerConfig, ServerConnection, SupportedCipherSuite};
use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How long the peer waits for a client that says nothing.
const PATIENCE: Duration = Duration::from_secs(20);

/// Connections at a time; further ones are closed.
const CONNECTIONS_MAX: usize = 256;

/// A running peer on loopback, that proves to be any host of a cloud; dropping it ends its listener.
#[derive(Debug)]
pub struct HostilePeer {
    shared: Arc<Shared>,
    address: SocketAddr,
    ca_pem: String,
    ca_der: Vec<u8>,
}

#[derive(Debug, Default)]
struct Shared {
    orders: Mutex<VecDeque<&'static Behaviour>>,
    connections: AtomicUsize,
    under_way: AtomicUsize,
    /// The client that came last.
    last: Mutex<Option<SocketAddr>>,
    /// Orders that were done to their end, or as far as the client let them.
    done: AtomicUsize,
    is_over: AtomicBool,
}

impl HostilePeer {
    /// Starts a peer that speaks this version, and is polite until something else is ordered.
    ///
    /// # Errors
    /// When no loopback port can be had.
    pub fn start(version: Version) -> io::Result<Self> {
        Self::with_certificate(version, CertificateKind::Good)
    }

    /// The same with another certificate than a good one.
    ///
    /// # Errors
    /// When no loopback port can be had.
    pub fn with_certificate(version: Version, kind: CertificateKind) -> io::Result<Self> {
        let authority = Authority::new()?;
        let config = of_authority(&authority, kind, version).map_err(io::Error::other)?;
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::default());
        let of_listener = Arc::clone(&shared);
        thread::spawn(move || {
            for tcp in listener.incoming().flatten() {
                if of_listener.is_over.load(SeqCst) {
                    return;
                }
                of_listener.connections.fetch_add(1, SeqCst);
                let others = of_listener.under_way.fetch_add(1, SeqCst);
                *of_listener.last.lock().unwrap_or_else(PoisonError::into_inner) = tcp.peer_addr().ok();
                if others >= CONNECTIONS_MAX {
                    of_listener.under_way.fetch_sub(1, SeqCst);
                    continue;
                }
                let (shared, config) = (Arc::clone(&of_listener), config.clone());
                thread::spawn(move || {
                    // A client that goes away is part of the tests.
                    let _ = serve(tcp, config, &shared);
                    shared.under_way.fetch_sub(1, SeqCst);
                });
            }
        });
        Ok(Self { shared, address, ca_pem: authority.pem().to_owned(), ca_der: authority.der().to_owned() })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The certificate of its authority, to be trusted.
    #[must_use]
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// The same, in DER.
    #[must_use]
    pub fn ca_der(&self) -> &[u8] {
        &self.ca_der
    }

    /// The next connection, or the next request, meets this.
    pub fn order(&self, behaviour: &'static Behaviour) {
        self.shared.orders().push_back(behaviour);
    }

    /// How many orders nobody has met yet.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.shared.orders().len()
    }

    /// How many connections there were.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.shared.connections.load(SeqCst)
    }

    /// How many orders were done, to their end or as far as the client let them.
    #[must_use]
    pub fn done(&self) -> usize {
        self.shared.done.load(SeqCst)
    }

    /// Whether no connection is open any more; what was just closed has a moment to be. Nothing must be ordered.
    #[must_use]
    pub fn is_alone_soon(&self) -> bool {
        let began = Instant::now();
        // Whoever came before this one has been seen when it has.
        let Ok(last) = TcpStream::connect(self.address).and_then(|last| last.local_addr()) else {
            return false;
        };
        let is_alone = || {
            let seen = *self.shared.last.lock().unwrap_or_else(PoisonError::into_inner);
            seen == Some(last) && self.shared.under_way.load(SeqCst) == 0
        };
        while !is_alone() {
            if began.elapsed() > PATIENCE / 4 {
                return false;
            }
            thread::sleep(Duration::from_millis(1));
        }
        true
    }

    /// Drops the orders that nobody has met.
    pub fn clear_orders(&self) {
        self.shared.orders().clear();
    }

    /// Waits until so many orders were done, but not for ever: what a client has to notice between two requests must have
    /// been sent before the second.
    pub fn wait_until_done(&self, orders: usize) {
        let began = Instant::now();
        while self.done() < orders && began.elapsed() < PATIENCE {
            thread::sleep(Duration::from_millis(1));
        }
    }
}

impl Drop for HostilePeer {
    fn drop(&mut self) {
        self.shared.is_over.store(true, SeqCst);
        // The listener looks at that when somebody comes.
        let _ = TcpStream::connect(self.address);
    }
}

impl Shared {
    fn orders(&self) -> MutexGuard<'_, VecDeque<&'static Behaviour>> {
        self.orders.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The order that comes first, if it is for this moment.
    fn take(&self, is_for_now: impl Fn(&Act) -> bool) -> Option<&'static Behaviour> {
        let mut orders = self.orders();
        if orders.front().is_some_and(|behaviour| is_for_now(&behaviour.act)) {
            orders.pop_front()
        } else {
            None
        }
    }
}

fn of_authority(
    authority: &Authority,
    kind: CertificateKind,
    version: Version,
) -> Result<ServerConfig, Box<dyn std::error::Error + Send + Sync>> {
    let identity = authority.issue(kind)?;
    let chain = CertificateDer::pem_slice_iter(identity.chain_pem().as_bytes()).collect::<Result<_, _>>()?;
    Ok(config(chain, PrivateKeyDer::from_pem_slice(identity.key_pem().as_bytes())?, version)?)
}

/// What the handshake of a peer is made by: who it says that it is, its key, and its version of TLS.
///
/// # Errors
/// When the key does not fit.
pub fn config(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
    version: Version,
) -> Result<ServerConfig, rustls::Error> {
    let mut provider = rustls::crypto::ring::default_provider();
    // The one whose records are written by hand.
    provider.cipher_suites.retain(|suite: &SupportedCipherSuite| {
        suite.suite().as_str().is_some_and(|name| name.ends_with("AES_128_GCM_SHA256"))
    });
    let versions: &[_] = match version {
        Version::Tls12 => &[&rustls::version::TLS12],
        Version::Tls13 => &[&rustls::version::TLS13],
    };
    let mut config = ServerConfig::builder_with_provider(Arc::new(provider))
        .with_protocol_versions(versions)?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.enable_secret_extraction = true;
    Ok(config)
}

impl Behaviour {
    /// Has one connection meet this, with its first request, and ends it. Gives whether anything was asked.
    ///
    /// # Errors
    /// When the client goes away.
    pub fn serve(&self, tcp: TcpStream, config: ServerConfig, was_asked: &mut bool) -> io::Result<()> {
        tcp.set_nodelay(true)?;
        tcp.set_read_timeout(Some(PATIENCE))?;
        let mut wire = Wire(tcp);
        let Some(records) = handshake(&mut wire, config, Some(&self.act))? else { return Ok(()) };
        let mut talk = Talk { wire, records };
        if let Act::Connected(act) = self.act
            && act(&mut talk)? == Then::End
        {
            return Ok(());
        }
        let Some(asked) = talk.request()? else { return Ok(()) };
        *was_asked = true;
        let then = match self.act {
            Act::Answer(act) => act(&mut talk, &asked)?,
            _ => talk.say(kind::CONTENT, &asked.answer()).map(|()| Then::Serve)?,
        };
        if then == Then::Serve {
            talk.close()?;
        }
        Ok(())
    }
}

/// Whether a connection goes on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Then {
    /// With the next request, if there is one.
    Serve,
    /// It has ended.
    End,
}

fn serve(tcp: TcpStream, config: ServerConfig, shared: &Shared) -> io::Result<()> {
    tcp.set_nodelay(true)?;
    tcp.set_read_timeout(Some(PATIENCE))?;
    let order = shared.take(|act| !matches!(act, Act::Answer(_) | Act::Idle(_) | Act::Kept(_)));
    let mut wire = Wire(tcp);
    let shaken = handshake(&mut wire, config, order.map(|behaviour| &behaviour.act));
    let mut talk = match shaken {
        Ok(Some(records)) => Talk { wire, records },
        Ok(None) => {
            shared.done.fetch_add(1, SeqCst);
            return Ok(());
        }
        Err(error) => {
            shared.done.fetch_add(usize::from(order.is_some()), SeqCst);
            return Err(error);
        }
    };
    if let Some(order) = order {
        let then = match order.act {
            Act::Connected(act) => act(&mut talk),
            _ => Ok(Then::Serve),
        };
        shared.done.fetch_add(1, SeqCst);
        if then? == Then::End {
            return Ok(());
        }
    }
    let mut is_kept = false;
    while let Some(asked) = talk.request()? {
        let order = shared.take(|act| match act {
            Act::Answer(_) | Act::Idle(_) => true,
            Act::Kept(_) => is_kept,
            _ => false,
        });
        is_kept = true;
        let then = match order.map(|behaviour| &behaviour.act) {
            Some(Act::Answer(act) | Act::Kept(act)) => act(&mut talk, &asked),
            Some(Act::Idle(act)) => {
                let good = talk.records.seal(kind::CONTENT, &asked.answer());
                talk.wire.send(&good).and_then(|()| {
                    // After the answer, not with it: the client has read all of it, and left.
                    thread::sleep(Duration::from_millis(20));
                    act(&mut talk, &asked)
                })
            }
            _ => {
                let good = talk.records.seal(kind::CONTENT, &asked.answer());
                talk.wire.send(&good).map(|()| Then::Serve)
            }
        };
        shared.done.fetch_add(usize::from(order.is_some()), SeqCst);
        if then? == Then::End {
            return Ok(());
        }
    }
    Ok(())
}

/// The secrets that the next keys are made of, the client's and the server's, and the one of the server's handshake.
#[derive(Debug, Default)]
struct Noted(Mutex<[Vec<u8>; 3]>);

impl Noted {
    fn secrets(&self) -> MutexGuard<'_, [Vec<u8>; 3]> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl KeyLog for Noted {
    fn log(&self, label: &str, _: &[u8], secret: &[u8]) {
        let mut noted = self.secrets();
        match label {
            "CLIENT_TRAFFIC_SECRET_0" => noted[0] = secret.to_vec(),
            "SERVER_TRAFFIC_SECRET_0" => noted[1] = secret.to_vec(),
            "SERVER_HANDSHAKE_TRAFFIC_SECRET" => noted[2] = secret.to_vec(),
            _ => {}
        }
    }
}

/// Does the handshake record by record; none when it was ended on purpose.
fn handshake(wire: &mut Wire, mut config: ServerConfig, act: Option<&Act>) -> io::Result<Option<Records>> {
    let noted = Arc::new(Noted::default());
    config.send_half_rtt_data = matches!(act, Some(Act::Early(_)));
    if let Some(Act::Early(_) | Act::Finished) = act {
        // The client has the last word where a session is resumed under TLS 1.2.
        config.session_storage = Arc::new(rustls::server::NoServerSessionStorage {});
    }
    config.key_log = Arc::<Noted>::clone(&noted);
    if let Some(Act::Fragments(length)) = act {
        config.max_fragment_size = Some(*length);
    }
    let mut tls = ServerConnection::new(Arc::new(config)).map_err(io::Error::other)?;
    if let Some(Act::Early(text)) = act {
        tls.writer().write_all(&text())?;
    }
    let send = |wire: &mut Wire, flight, bytes: Vec<u8>| match act {
        Some(Act::Handshake(act)) => act(wire, flight, bytes),
        _ => wire.send(&bytes).map(|()| Then::Serve),
    };
    if send(wire, 0, Vec::new())? == Then::End {
        return Ok(None);
    }
    let mut flight = 1;
    while tls.is_handshaking() || tls.wants_write() {
        let mut bytes = Vec::new();
        while tls.wants_write() {
            tls.write_tls(&mut bytes)?;
        }
        if bytes.is_empty() {
            let record = wire.record()?.ok_or(io::ErrorKind::UnexpectedEof)?;
            tls.read_tls(&mut &record[..])?;
            tls.process_new_packets().map_err(io::Error::other)?;
        } else {
            if let Some(Act::Finished) = act {
                let secret = noted.secrets()[2].clone();
                // Under TLS 1.3 it ends the first flight that has a secret, under TLS 1.2 the last one.
                if !secret.is_empty() || !tls.is_handshaking() {
                    let mut own = match secret.is_empty() {
                        false => Records::of_handshake(secret)?,
                        true => Records::new(extracted(tls)?, None)?.of_finished(),
                    };
                    wire.send(&own.with_another_end(&bytes)?)?;
                    wire.leave_open()?;
                    return Ok(None);
                }
            }
            if send(wire, flight, bytes)? == Then::End {
                return Ok(None);
            }
            flight += 1;
        }
    }
    let is_tls13 = tls.protocol_version() == Some(rustls::ProtocolVersion::TLSv1_3);
    let [of_client, of_server, _] = noted.secrets().clone();
    Records::new(extracted(tls)?, is_tls13.then_some([of_client, of_server])).map(Some)
}

fn extracted(tls: ServerConnection) -> io::Result<ExtractedSecrets> {
    tls.dangerous_extract_secrets().map_err(io::Error::other)
}

/// A connection below TLS.
#[derive(Debug)]
pub struct Wire(pub(super) TcpStream);

impl Wire {
    /// Sends bytes as they are.
    ///
    /// # Errors
    /// When the client has gone.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    /// Sends them in pieces of this length, each in a packet of its own, as far as the system goes along.
    ///
    /// # Errors
    /// When the client has gone.
    pub fn send_pieces(&mut self, bytes: &[u8], length: usize, pause: Duration) -> io::Result<()> {
        bytes.chunks(length).try_for_each(|piece| {
            thread::sleep(pause);
            self.send(piece)
        })
    }

    /// Says nothing more, and waits for the client to go.
    ///
    /// # Errors
    /// When it goes by a reset.
    pub fn end(&mut self) -> io::Result<Then> {
        self.0.shutdown(Shutdown::Write)?;
        self.leave_open()
    }

    /// Ends by a reset.
    ///
    /// # Errors
    /// When the system does not let it.
    pub fn reset(&mut self) -> io::Result<Then> {
        socket2::SockRef::from(&self.0).set_linger(Some(Duration::ZERO))?;
        Ok(Then::End)
    }

    /// Says nothing, and waits for the client to go.
    ///
    /// # Errors
    /// When it goes by a reset.
    pub fn leave_open(&mut self) -> io::Result<Then> {
        let mut piece = [0; 4096];
        while self.0.read(&mut piece)? > 0 {}
        Ok(Then::End)
    }

    /// The next record of the client's, header and all; none when it has ended.
    pub(super) fn record(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut record = vec![0; HEADER_LENGTH];
        match self.0.read_exact(&mut record) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            result => result?,
        }
        let length = usize::from(u16::from_be_bytes([record[3], record[4]]));
        record.resize(HEADER_LENGTH + length, 0);
        self.0.read_exact(&mut record[HEADER_LENGTH..])?;
        Ok(Some(record))
    }
}

/// A connection whose handshake is over.
pub struct Talk {
    /// Below TLS.
    pub wire: Wire,
    /// TLS, as far as there is any left.
    pub records: Records,
}

impl Talk {
    /// Seals one record and sends it.
    ///
    /// # Errors
    /// When the client has gone.
    pub fn say(&mut self, kind: u8, text: &[u8]) -> io::Result<()> {
        let record = self.records.seal(kind, text);
        self.wire.send(&record)
    }

    /// Says that there is no more, and waits for the client to go.
    ///
    /// # Errors
    /// When it goes by a reset.
    pub fn close(&mut self) -> io::Result<Then> {
        self.say(kind::ALERT, &[1, 0])?;
        self.wire.end()
    }

    /// The next request; none when the client has ended.
    ///
    /// # Errors
    /// When the connection fails, or what comes is no request.
    pub fn request(&mut self) -> io::Result<Option<Asked>> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let Some(record) = self.wire.record()? else { return Ok(None) };
            match self.records.open(&record)? {
                (kind::CONTENT, text) => head.extend_from_slice(&text),
                // An answer to new keys: its own.
                (kind::HANDSHAKE, _) if self.records.is_tls13() => self.records.renew_read_keys()?,
                // That it will not negotiate again.
                (kind::ALERT, text) if text.first() == Some(&1) && text != [1, 0] => {}
                _ => return Ok(None),
            }
        }
        let head = String::from_utf8(head).map_err(io::Error::other)?;
        Ok(Some(Asked { head }))
    }
}

/// A request.
#[derive(Debug)]
pub struct Asked {
    /// Its head, the access token in it.
    pub head: String,
}

impl Asked {
    /// What a client will ask for, most probably.
    #[must_use]
    pub fn guessed() -> Self {
        Self { head: format!("GET /v1.0/communications/calls/{P2P_CALL} HTTP/1.1\r\n\r\n") }
    }

    /// The id of the call that is asked for.
    #[must_use]
    pub fn id(&self) -> &str {
        let target = self.head.split(' ').nth(1).unwrap_or_default();
        target.rsplit('/').next().and_then(|last| last.split('?').next()).unwrap_or_default()
    }

    /// The answer to it: the call, which is established.
    #[must_use]
    pub fn answer(&self) -> Vec<u8> {
        self.answer_of_length(0)
    }

    /// The same with blanks behind it, so that there are so many bytes of content.
    #[must_use]
    pub fn answer_of_length(&self, length: usize) -> Vec<u8> {
        with_length(&self.call("established"), length)
    }

    /// An answer that nobody asked for: there the same call is terminated.
    #[must_use]
    pub fn unasked(&self) -> Vec<u8> {
        with_length(&self.call("terminated"), 0)
    }

    /// The answer without its length: the connection's end is its own.
    #[must_use]
    pub fn answer_until_close(&self) -> Vec<u8> {
        let content = self.call("established");
        format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{content}").into_bytes()
    }

    fn call(&self, state: &str) -> String {
        format!("{{\"id\":\"{}\",\"state\":\"{state}\"}}", self.id())
    }
}

fn with_length(content: &str, length: usize) -> Vec<u8> {
    let blanks = " ".repeat(length.saturating_sub(content.len()));
    let length = content.len() + blanks.len();
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n");
    [&head, content, &blanks].concat().into_bytes()
}
