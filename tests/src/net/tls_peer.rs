//! A server of one's own over TLS: what it sends, and in which pieces of a record, is the test's to say.

use graph_call_std::service::{Authority, CertificateKind};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection};
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

/// A loopback server that proves to be any host of a cloud; its listener ends with the process.
#[derive(Debug)]
pub struct TlsPeer {
    address: SocketAddr,
    ca_pem: String,
}

impl TlsPeer {
    /// Serves at most 4096 connections, each by `serve` on a thread of its own, after the handshake.
    ///
    /// # Errors
    /// When no loopback port can be had.
    pub fn start<F>(serve: F) -> io::Result<Self>
    where
        F: Fn(Talk) -> io::Result<()> + Send + Sync + 'static,
    {
        let authority = Authority::new()?;
        let identity = authority.issue(CertificateKind::Good)?;
        let chain = CertificateDer::pem_slice_iter(identity.chain_pem().as_bytes());
        let chain = chain.collect::<Result<_, _>>().map_err(io::Error::other)?;
        let key = PrivateKeyDer::from_pem_slice(identity.key_pem().as_bytes()).map_err(io::Error::other)?;
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
            .map_err(io::Error::other)?;
        let (config, serve) = (Arc::new(config), Arc::new(serve));
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        thread::spawn(move || {
            for tcp in listener.incoming().take(4096).flatten() {
                let (config, serve) = (Arc::clone(&config), Arc::clone(&serve));
                // A client that goes away is part of the tests.
                thread::spawn(move || serve(Talk::begin(tcp, config)?));
            }
        });
        Ok(Self { address, ca_pem: authority.pem().to_owned() })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The certificate of its authority.
    #[must_use]
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }
}

/// One connection to a client.
#[derive(Debug)]
pub struct Talk {
    tls: ServerConnection,
    tcp: TcpStream,
}

impl Talk {
    fn begin(mut tcp: TcpStream, config: Arc<ServerConfig>) -> io::Result<Self> {
        tcp.set_nodelay(true)?;
        let mut tls = ServerConnection::new(config).map_err(io::Error::other)?;
        while tls.is_handshaking() {
            tls.complete_io(&mut tcp)?;
        }
        Ok(Self { tls, tcp })
    }

    /// Reads a request; false when the client has ended.
    ///
    /// # Errors
    /// When the connection fails.
    pub fn request(&mut self) -> io::Result<bool> {
        Ok(self.asked()?.is_some())
    }

    /// Reads a request, and gives its head and its content, which has a length; none when the client has ended.
    ///
    /// # Errors
    /// When the connection fails.
    pub fn asked(&mut self) -> io::Result<Option<String>> {
        let mut asked = Vec::new();
        loop {
            if let Some(end) = asked.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                let head = String::from_utf8_lossy(&asked[..end]).to_ascii_lowercase();
                let length =
                    head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
                if asked.len() >= end + 4 + length.unwrap_or(0) {
                    return Ok(Some(String::from_utf8_lossy(&asked).into_owned()));
                }
            }
            let mut piece = [0; 4096];
            match self.tls.reader().read(&mut piece) {
                Ok(0) => return Ok(None),
                Ok(length) => asked.extend_from_slice(&piece[..length]),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    if self.tls.complete_io(&mut self.tcp)?.0 == 0 {
                        return Ok(None);
                    }
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// The TLS records of `plain`, not sent.
    ///
    /// # Errors
    /// When TLS cannot write them.
    pub fn records(&mut self, plain: &[u8]) -> io::Result<Vec<u8>> {
        self.tls.writer().write_all(plain)?;
        self.waiting()
    }

    /// A request for new keys, not sent: traffic that is no content.
    ///
    /// # Errors
    /// When TLS cannot write it.
    pub fn key_update(&mut self) -> io::Result<Vec<u8>> {
        self.tls.refresh_traffic_keys().map_err(io::Error::other)?;
        self.waiting()
    }

    /// The record of close_notify, not sent.
    ///
    /// # Errors
    /// When TLS cannot write it.
    pub fn close_notify(&mut self) -> io::Result<Vec<u8>> {
        self.tls.send_close_notify();
        self.waiting()
    }

    /// Sends bytes as they are, below TLS.
    ///
    /// # Errors
    /// When the connection fails.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.tcp.write_all(bytes)
    }

    fn waiting(&mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        while self.tls.wants_write() {
            self.tls.write_tls(&mut bytes)?;
        }
        Ok(bytes)
    }
}

/// An answer with a call of this id, as small as it can be, padded to `length` bytes of content.
#[must_use]
pub fn answer(id: &str, length: usize) -> Vec<u8> {
    let mut content = format!("{{\"id\":\"{id}\",\"state\":\"established\"}}");
    content.push_str(&" ".repeat(length.saturating_sub(content.len())));
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        content.len()
    );
    [head, content].concat().into_bytes()
}
