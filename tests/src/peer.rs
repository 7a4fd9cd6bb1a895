//! A client that knows nothing of graph-call: rustls over a socket, and text.

use graph_call_std::service::Service;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

/// A TLS connection to a service.
pub struct Peer {
    stream: StreamOwned<ClientConnection, TcpStream>,
}

impl Peer {
    /// Connects, trusting the service's authority alone, and does the handshake.
    ///
    /// # Errors
    /// Those of TCP and TLS.
    pub fn connect(service: &Service) -> io::Result<Self> {
        Self::connect_trusting(service, service.ca_der())
    }

    /// Connects, trusting the authority with this certificate alone.
    ///
    /// # Errors
    /// Those of TCP and TLS.
    pub fn connect_trusting(service: &Service, authority: &[u8]) -> io::Result<Self> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from(authority.to_vec())).map_err(io::Error::other)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from("graph.microsoft.com").map_err(io::Error::other)?;
        let mut connection = ClientConnection::new(Arc::new(config), name).map_err(io::Error::other)?;
        let mut socket = TcpStream::connect(service.address())?;
        socket.set_read_timeout(Some(Duration::from_secs(1)))?;
        while connection.is_handshaking() {
            connection.complete_io(&mut socket)?;
        }
        Ok(Self { stream: StreamOwned::new(connection, socket) })
    }

    /// Whether an error says that nothing has come in time, for which systems have two words.
    #[must_use]
    pub fn is_silence(error: &io::Error) -> bool {
        matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
    }

    /// Writes bytes as they are.
    ///
    /// # Errors
    /// Those of TCP and TLS.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes)?;
        self.stream.flush()
    }

    /// Asks for a target and reads one answer: its head and its content, by Content-Length.
    ///
    /// # Errors
    /// Those of TCP and TLS, and an answer of another form.
    pub fn get(&mut self, target: &str, access_token: &str) -> io::Result<(String, String)> {
        self.write(
            format!(
                "GET {target} HTTP/1.1\r\nHost: graph.microsoft.com\r\nAuthorization: Bearer {access_token}\r\nclient-request-id: 7f1d\r\n\r\n"
            )
            .as_bytes(),
        )?;
        self.answer()
    }

    /// Reads one answer: its head and its content, by Content-Length.
    ///
    /// # Errors
    /// Those of TCP and TLS, and an answer of another form.
    pub fn answer(&mut self) -> io::Result<(String, String)> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            self.stream.read_exact(&mut byte)?;
            head.extend_from_slice(&byte);
        }
        let head = String::from_utf8(head).map_err(io::Error::other)?;
        let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: "));
        let mut content = vec![0; length.map_or(Ok(0), str::parse).map_err(io::Error::other)?];
        self.stream.read_exact(&mut content)?;
        Ok((head, String::from_utf8(content).map_err(io::Error::other)?))
    }

    /// Reads what one read gives.
    ///
    /// # Errors
    /// Those of TCP and TLS; an end is one.
    pub fn some(&mut self, output: &mut Vec<u8>) -> io::Result<()> {
        let mut piece = [0; 4096];
        let length = self.stream.read(&mut piece)?;
        output.extend_from_slice(piece.get(..length).unwrap_or_default());
        if length == 0 { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }

    /// Reads until the end of the connection, and keeps what came before an error.
    ///
    /// # Errors
    /// Those of TCP and TLS; an end without `close_notify` is one.
    pub fn rest(&mut self, rest: &mut Vec<u8>) -> io::Result<()> {
        self.stream.read_to_end(rest).map(drop)
    }
}
