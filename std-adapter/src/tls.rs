//! TLS 1.2 and 1.3 by rustls over any `Read + Write`.
//!
//! - takes: whom to trust, a host name, a byte stream
//! - gives: `embedded_io::{Read, Write}` of the plain text
//! - keeps: the session, apart from the stream, so that a connection can be kept and lent again
//! - refuses: a server that does not prove its name, and an end without close_notify
//!
//! A read of zero bytes means that the peer ended the session with close_notify. A stream that just
//! stops is [`TlsError::Cut`]: somebody on the way may have done that (RFC 8446, section 6.1).

mod error;

use core::fmt;
use std::io::{Read as _, Write as _};
use std::sync::Arc;

use embedded_io::{ErrorType, Read, Write};
use rustls::client::danger::ServerCertVerifier;
use rustls::client::{ClientConnection, WebPkiServerVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};

pub use error::TlsError;

use crate::error::Error;

/// Encrypted bytes taken from the stream at once.
const INPUT_LENGTH: usize = 4096;

/// Which certificate authorities are trusted, before extra ones are added.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Roots {
    /// Those of the operating system.
    #[cfg(feature = "platform-verifier")]
    Platform,
    /// Mozilla's list, compiled in: for machines without a list of their own.
    #[cfg(feature = "webpki-roots")]
    WebPki,
    /// None: only the extra ones count.
    Only,
}

/// Whom to trust: made once, shared by every connection.
///
/// ```
/// use graph_call_std::tls::{Roots, Trust};
///
/// let trust = Trust::new(Roots::WebPki, &[])?;
/// assert!(Trust::new(Roots::WebPki, b"no certificate in here").is_err());
/// assert!(Trust::new(Roots::Only, &[]).is_err());
/// # let _ = trust;
/// # Ok::<(), graph_call_std::Error>(())
/// ```
#[derive(Clone)]
pub struct Trust(Arc<ClientConfig>);

impl Trust {
    /// Trusts `roots` and the certificates in `extra`, a PEM text that may be empty.
    ///
    /// # Errors
    /// `Usage` when a certificate cannot be read, or when nobody would be trusted.
    pub fn new(roots: Roots, extra: &[u8]) -> Result<Self, Error> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let is_empty = extra.trim_ascii().is_empty();
        let extra = CertificateDer::pem_slice_iter(extra)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| Error::usage(format!("a CA certificate cannot be read: {error}")))?;
        if extra.is_empty() && !is_empty {
            return Err(Error::usage("there is no CA certificate where one was expected"));
        }
        let verifier = verifier(roots, extra, &provider)
            .map_err(|error| Error::usage(format!("the trusted certificates cannot be used: {error}")))?;
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| Error::usage(error.to_string()))?
            // The verifier is rustls's own or the platform's: "dangerous" is the name of the door.
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self(Arc::new(config)))
    }

    /// Uses a configuration of the caller's: client certificates, another provider, key logging.
    #[must_use]
    pub fn from_config(config: Arc<ClientConfig>) -> Self {
        Self(config)
    }

    /// The rustls configuration.
    #[must_use]
    pub fn config(&self) -> &Arc<ClientConfig> {
        &self.0
    }

    /// Begins a session with `host`, a DNS name or an IP address.
    ///
    /// # Errors
    /// `Usage` when `host` is neither.
    pub fn session(&self, host: &str) -> Result<Session, Error> {
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| Error::usage("the host is neither a DNS name nor an IP address").at(host))?;
        let connection = ClientConnection::new(Arc::clone(&self.0), name)
            .map_err(|error| Error::usage(error.to_string()).at(host))?;
        Ok(Session { connection, input: Vec::new(), output: Vec::new() })
    }
}

impl fmt::Debug for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Trust(..)")
    }
}

fn verifier(
    roots: Roots,
    extra: Vec<CertificateDer<'static>>,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, Box<dyn std::error::Error>> {
    let mut store = RootCertStore::empty();
    match roots {
        #[cfg(feature = "platform-verifier")]
        Roots::Platform => {
            let verifier =
                rustls_platform_verifier::Verifier::new_with_extra_roots(extra, Arc::clone(provider))?;
            return Ok(Arc::new(verifier));
        }
        #[cfg(feature = "webpki-roots")]
        Roots::WebPki => store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Roots::Only => {}
    }
    for certificate in extra {
        store.add(certificate)?;
    }
    let verifier =
        WebPkiServerVerifier::builder_with_provider(Arc::new(store), Arc::clone(provider)).build()?;
    Ok(verifier)
}

/// One TLS session, apart from the stream it runs over.
#[derive(Debug)]
pub struct Session {
    connection: ClientConnection,
    /// Encrypted bytes received and not yet understood.
    input: Vec<u8>,
    /// Encrypted bytes to send; empty between two calls.
    output: Vec<u8>,
}

impl Session {
    /// The session over `io`, for as long as `io` is lent.
    pub fn over<IO: Read + Write>(&mut self, io: IO) -> TlsStream<'_, IO> {
        TlsStream { session: self, io }
    }

    /// The negotiated version and cipher suite, once the handshake is over.
    #[must_use]
    pub fn describe(&self) -> Option<(&'static str, &'static str)> {
        let version = self.connection.protocol_version()?.as_str()?;
        let suite = self.connection.negotiated_cipher_suite()?.suite().as_str()?;
        Some((version, suite))
    }

    /// Takes bytes that arrived while nobody was asking; true when they hold no content and no end.
    pub(crate) fn stays_clean(&mut self, arrived: &[u8]) -> bool {
        self.input.extend_from_slice(arrived);
        while !self.input.is_empty() {
            if self.digest().is_err() {
                return false;
            }
        }
        self.is_clean()
    }

    /// Whether nothing but the session itself is left over from the last exchange.
    pub(crate) fn is_clean(&mut self) -> bool {
        let mut byte = [0];
        let read = self.connection.reader().read(&mut byte);
        self.input.is_empty() && matches!(read, Err(error) if error.kind() == std::io::ErrorKind::WouldBlock)
    }

    /// Understands part of `input`.
    fn digest(&mut self) -> Result<(), rustls::Error> {
        let mut rest = self.input.as_slice();
        let taken = self.connection.read_tls(&mut rest);
        let left = rest.len();
        let taken = taken.map_err(|error| rustls::Error::General(error.to_string()))?;
        let processed = self.connection.process_new_packets();
        self.input.drain(..self.input.len() - left);
        processed?;
        if taken == 0 && !self.input.is_empty() {
            // After close_notify rustls takes nothing more; what follows it has no meaning.
            self.input.clear();
        }
        Ok(())
    }
}

/// `Read + Write` of the plain text.
///
/// ```no_run
/// use embedded_io::{Read, Write};
/// use graph_call_std::tls::{Roots, TlsStream, Trust};
///
/// /// Asks over any byte stream, for example a modem's.
/// fn ask<IO: Read + Write>(modem: IO) -> Result<Vec<u8>, Box<dyn std::error::Error>>
/// where
///     IO::Error: 'static,
/// {
///     let mut session = Trust::new(Roots::WebPki, &[])?.session("graph.microsoft.com")?;
///     let mut tls = session.over(modem);
///     tls.handshake()?;
///     tls.write_all(b"GET / HTTP/1.1\r\nHost: graph.microsoft.com\r\n\r\n")?;
///     tls.flush()?;
///     let mut piece = [0; 512];
///     let length = tls.read(&mut piece)?;
///     Ok(piece[..length].to_vec())
/// }
/// ```
#[derive(Debug)]
pub struct TlsStream<'a, IO> {
    session: &'a mut Session,
    io: IO,
}

impl<IO: Read + Write> TlsStream<'_, IO> {
    /// Runs the handshake to its end; reading and writing would do it too, without a name.
    ///
    /// # Errors
    /// When the stream fails, or when the peer does not prove to be the host.
    pub fn handshake(&mut self) -> Result<(), TlsError<IO::Error>> {
        while self.session.connection.is_handshaking() {
            self.send()?;
            if self.session.connection.is_handshaking() {
                self.receive()?;
            }
        }
        self.send()
    }

    /// The stream below.
    pub fn io_mut(&mut self) -> &mut IO {
        &mut self.io
    }

    /// Tells the peer that nothing more will come.
    ///
    /// # Errors
    /// When the stream fails.
    pub fn close_notify(&mut self) -> Result<(), TlsError<IO::Error>> {
        self.session.connection.send_close_notify();
        self.send()
    }

    /// Sends what TLS has to send.
    fn send(&mut self) -> Result<(), TlsError<IO::Error>> {
        let Session { connection, output, .. } = &mut *self.session;
        while connection.wants_write() {
            connection.write_tls(output).map_err(|error| TlsError::Tls(general(&error)))?;
        }
        let sent = self.io.write_all(output).and_then(|()| self.io.flush());
        output.clear();
        sent.map_err(TlsError::Io)
    }

    /// Receives some encrypted bytes and understands them.
    fn receive(&mut self) -> Result<(), TlsError<IO::Error>> {
        if self.session.input.is_empty() {
            let mut piece = [0; INPUT_LENGTH];
            let length = self.io.read(&mut piece).map_err(TlsError::Io)?;
            let arrived = piece.get(..length).unwrap_or_default();
            if arrived.is_empty() {
                return Err(TlsError::Cut);
            }
            self.session.input.extend_from_slice(arrived);
        }
        let digested = self.session.digest();
        // An alert that explains a failure, or an answer to a key update, is due now.
        let sent = self.send();
        digested.map_err(TlsError::Tls)?;
        sent
    }
}

impl<IO: Read + Write> ErrorType for TlsStream<'_, IO>
where
    IO::Error: 'static,
{
    type Error = TlsError<IO::Error>;
}

impl<IO: Read + Write> Read for TlsStream<'_, IO>
where
    IO::Error: 'static,
{
    fn read(&mut self, output: &mut [u8]) -> Result<usize, Self::Error> {
        if output.is_empty() {
            return Ok(0);
        }
        loop {
            // Plain text first: rustls takes no more bytes while much of it is waiting.
            match self.session.connection.reader().read(output) {
                Ok(count) => return Ok(count),
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => self.receive()?,
                Err(_) => return Err(TlsError::Cut),
            }
        }
    }
}

impl<IO: Read + Write> Write for TlsStream<'_, IO>
where
    IO::Error: 'static,
{
    fn write(&mut self, input: &[u8]) -> Result<usize, Self::Error> {
        let count = self.session.connection.writer().write(input);
        self.send()?;
        count.map_err(|error| TlsError::Tls(general(&error)))
    }

    fn flush(&mut self) -> Result<(), Self::Error> {
        self.send()
    }
}

fn general(error: &std::io::Error) -> rustls::Error {
    rustls::Error::General(error.to_string())
}
