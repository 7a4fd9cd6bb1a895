//! A loopback Graph service over real TLS, with faults to order.
//!
//! Takes: a builder's wishes, and faults ordered while it runs.
//! Gives: `GET` of a call and the token endpoint, on 127.0.0.1 only.
//! Keeps: the calls it serves, the access tokens it issued, and what it received.
//! Refuses: a wrong access token, an unknown call, a request beyond its small limits.
//!
//! It stands in for the service where no account is at hand: in tests, in `graph-call demo` and in
//! `graph-call serve`. Nothing of the client is replaced by it: TCP, TLS, HTTP and JSON are the real ones.
//!
//! ```
//! use graph_call_std::service::{Fault, Service};
//!
//! let service = Service::start()?;
//! service.order(Fault::Throttled { retry_after: Some("2".into()) });
//! // The next GET of a call is answered 429, the one after it 200.
//! assert!(service.address().ip().is_loopback());
//! assert!(service.ca_pem().starts_with("-----BEGIN CERTIFICATE-----"));
//! # Ok::<(), std::io::Error>(())
//! ```

mod answer;
mod calls;
mod certificate;
mod connection;
mod fault;
mod graph;
mod login;
mod received;
mod script;
mod settings;
mod shared;
mod wire;

pub use calls::{CHANGING_CALL, GROUP_CALL, P2P_CALL};
pub use certificate::{Authority, CertificateKind, Identity};
pub use fault::{Fault, Phase, Place, UnknownFault, WireFault};
pub use received::Received;
pub use script::End;
pub use settings::{CLIENT_ID, CLIENT_SECRET, TENANT};
pub use shared::Counters;

use connection::Listener;
use core::fmt;
use rustls::{ServerConfig, SupportedProtocolVersion, version};
use settings::Settings;
use shared::Shared;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

static ONLY_TLS12: [&SupportedProtocolVersion; 1] = [&version::TLS12];
static ONLY_TLS13: [&SupportedProtocolVersion; 1] = [&version::TLS13];

/// A running service; dropping it stops it and closes every connection.
pub struct Service {
    shared: Arc<Shared>,
    keeper: Option<JoinHandle<()>>,
    authority: Authority,
    address: SocketAddr,
    plain: Option<SocketAddr>,
}

impl Service {
    /// Starts with the two documented calls, a good certificate, TLS 1.2 and 1.3.
    ///
    /// # Errors
    /// When no loopback port or no thread can be had.
    pub fn start() -> io::Result<Self> {
        Self::builder().start()
    }

    /// Begins a service that differs from [`Service::start`].
    #[must_use]
    pub fn builder() -> Builder {
        Builder::new()
    }

    /// The address of the TLS listener.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address of the plain HTTP listener, if one was asked for.
    #[must_use]
    pub fn plain_address(&self) -> Option<SocketAddr> {
        self.plain
    }

    /// The authority made at start; trust its certificate and no other.
    #[must_use]
    pub fn authority(&self) -> &Authority {
        &self.authority
    }

    /// The certificate of the authority, in PEM.
    #[must_use]
    pub fn ca_pem(&self) -> &str {
        self.authority.pem()
    }

    /// The certificate of the authority, in DER.
    #[must_use]
    pub fn ca_der(&self) -> &[u8] {
        self.authority.der()
    }

    /// Issues an access token without the token endpoint.
    #[must_use]
    pub fn access_token(&self) -> String {
        self.shared.issue_access_token()
    }

    /// Makes every access token issued so far invalid.
    pub fn revoke_access_tokens(&self) {
        self.shared.revoke_access_tokens();
    }

    /// Orders a fault for the next request of a call; orders are served first come, first served.
    pub fn order(&self, fault: Fault) {
        self.shared.order(fault);
    }

    /// Orders a fault for the next request of an access token.
    pub fn order_login(&self, fault: Fault) {
        self.shared.order_login(fault);
    }

    /// Orders a fault for the next connection, below TLS.
    pub fn order_wire(&self, fault: WireFault) {
        self.shared.order_wire(fault);
    }

    /// Drops every fault ordered and not yet served.
    pub fn clear_orders(&self) {
        self.shared.clear_orders();
    }

    /// What was served so far.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.shared.counters()
    }

    /// The latest requests received, at most 256, oldest first.
    #[must_use]
    pub fn received(&self) -> Vec<Received> {
        self.shared.received()
    }

    /// Waits until the service ends by its lifetime.
    pub fn wait(mut self) {
        if let Some(keeper) = self.keeper.take() {
            // A panic of the keeper is already reported on standard error; there is nothing left to stop.
            let _ = keeper.join();
        }
    }
}

/// Shows no access token and no client secret.
impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service")
            .field("address", &self.address)
            .field("plain_address", &self.plain)
            .field("counters", &self.counters())
            .finish_non_exhaustive()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.shared.stop.set();
        if let Some(keeper) = self.keeper.take() {
            let _ = keeper.join();
        }
    }
}

/// The wishes for a service.
///
/// ```
/// use graph_call_std::service::{CertificateKind, Service};
/// use std::time::Duration;
///
/// let service = Service::builder()
///     .certificate(CertificateKind::Expired)
///     .call("1a2b", r#"{"id":"1a2b","state":"incoming"}"#)
///     .lifetime(Duration::from_secs(60))
///     .start()?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Builder {
    port: u16,
    plain: Option<u16>,
    lifetime: Duration,
    certificate: CertificateKind,
    versions: &'static [&'static SupportedProtocolVersion],
    settings: Settings,
}

impl Builder {
    fn new() -> Self {
        Self {
            port: 0,
            plain: None,
            lifetime: Duration::from_secs(15 * 60),
            certificate: CertificateKind::Good,
            versions: rustls::ALL_VERSIONS,
            settings: Settings::new(calls::documented()),
        }
    }

    /// Sets the port of the TLS listener; 0, the default, takes a free one.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Adds a listener without TLS, for devices that bring none; 0 takes a free port.
    #[must_use]
    pub fn plain(mut self, port: u16) -> Self {
        self.plain = Some(port);
        self
    }

    /// Sets after how long the service stops by itself; 15 minutes by default.
    #[must_use]
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// Sets the certificate shown.
    #[must_use]
    pub fn certificate(mut self, kind: CertificateKind) -> Self {
        self.certificate = kind;
        self
    }

    /// Speaks TLS 1.2 only.
    #[must_use]
    pub fn only_tls12(mut self) -> Self {
        self.versions = &ONLY_TLS12;
        self
    }

    /// Speaks TLS 1.3 only.
    #[must_use]
    pub fn only_tls13(mut self) -> Self {
        self.versions = &ONLY_TLS13;
        self
    }

    /// Serves one more call: the content is sent as it is.
    #[must_use]
    pub fn call(mut self, id: &str, content: impl Into<Vec<u8>>) -> Self {
        self.settings.calls.insert(id.to_owned(), content.into());
        self
    }

    /// Sets the client id and the client secret that the token endpoint accepts.
    #[must_use]
    pub fn client(mut self, id: &str, secret: &str) -> Self {
        id.clone_into(&mut self.settings.client_id);
        secret.clone_into(&mut self.settings.client_secret);
        self
    }

    /// Accepts this access token too, for as long as the service lives.
    #[must_use]
    pub fn accept_access_token(mut self, access_token: &str) -> Self {
        self.settings.fixed_access_token = Some(access_token.to_owned());
        self
    }

    /// Sets for how many seconds an issued access token is valid; 3,599 by default.
    #[must_use]
    pub fn expires_in(mut self, seconds: u32) -> Self {
        self.settings.expires_in = seconds;
        self
    }

    /// Sets how many reads each state of [`CHANGING_CALL`] lasts; 2 by default.
    #[must_use]
    pub fn reads_per_state(mut self, reads: usize) -> Self {
        self.settings.reads_per_state = reads.max(1);
        self
    }

    /// Lets this time pass before each answer to a request for a call; none by default.
    #[must_use]
    pub fn latency(mut self, latency: Duration) -> Self {
        self.settings.latency = latency;
        self
    }

    /// Binds, makes the authority and starts the threads.
    ///
    /// # Errors
    /// When no loopback port or no thread can be had.
    pub fn start(self) -> io::Result<Service> {
        let authority = Authority::new()?;
        let tls = self.tls(&authority).map_err(io::Error::other)?;
        let secure = listen(self.port)?;
        let plain = self.plain.map(listen).transpose()?;
        let address = secure.local_addr()?;
        let plain_address = plain.as_ref().map(TcpListener::local_addr).transpose()?;
        let shared = Arc::new(Shared::new(self.settings));

        let mut listeners = vec![Listener::start(&shared, secure, Some(tls))?];
        if let Some(plain) = plain {
            listeners.push(Listener::start(&shared, plain, None)?);
        }
        let lifetime = self.lifetime;
        let of_keeper = Arc::clone(&shared);
        let keeper = thread::Builder::new().name("service-keeper".into()).spawn(move || {
            of_keeper.stop.wait(lifetime);
            of_keeper.stop.set();
            listeners.into_iter().for_each(Listener::join);
            of_keeper.close_connections();
        })?;
        Ok(Service { shared, keeper: Some(keeper), authority, address, plain: plain_address })
    }

    fn tls(
        &self,
        authority: &Authority,
    ) -> Result<Arc<ServerConfig>, Box<dyn core::error::Error + Send + Sync>> {
        let identity = authority.issue(self.certificate)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(self.versions)?
            .with_no_client_auth()
            .with_single_cert(identity.chain(), identity.key())?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}

/// A listener on loopback; what it fails with names the port, of which there may be two.
fn listen(port: u16) -> io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .map_err(|error| io::Error::new(error.kind(), format!("127.0.0.1:{port}: {error}")))
}
