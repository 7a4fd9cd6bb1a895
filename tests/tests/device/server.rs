//! One connection of a server that does one thing, and what the device let it see.

use std::error::Error;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::ring;
use rustls::server::ResolvesServerCert;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::version::{TLS12, TLS13};
use rustls::{ServerConfig, ServerConnection};

use graph_call_tests::hostile::{self, Behaviour};

use super::forge::{Forge, GOOD, Identity};
use super::impostor::{self, Trick};

type Result<T = ()> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

const SILENCE: Duration = Duration::from_secs(5);
const REQUEST_END: &[u8] = b"\r\n\r\n";

/// What a server does with a connection.
#[derive(Clone, Copy)]
pub(crate) enum Server {
    /// It speaks TLS, with this certificate, and does this.
    Tls(fn(&Forge) -> std::result::Result<Identity, Box<dyn Error>>, Then),
    /// It does what the hostile peer does by this name, with a good certificate.
    Hostile(&'static str),
    /// It says these bytes to whatever comes, and closes.
    Raw(&'static [u8]),
    /// It makes a handshake that proves nothing.
    Impostor(Trick),
    /// It says nothing, and does not close.
    Silent,
}

/// What follows on the handshake.
#[derive(Clone, Copy)]
pub(crate) enum Then {
    /// An answer of so many bytes, and the word that this is all.
    Answer(usize),
    /// The same, by a group that the device has sent no share of, so that it has to begin again.
    Retry,
    /// An answer, and the connection is cut.
    Cut,
    /// An answer, and a record that nobody has sealed.
    Junk,
    /// The connection is cut in the middle of the handshake.
    CutEarly,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Version {
    Tls12,
    Tls13,
}

/// A server that waits for its connection.
pub(crate) enum Ready {
    Tls(Arc<ServerConfig>, Then),
    Hostile(&'static Behaviour, Box<ServerConfig>),
    Raw(&'static [u8]),
    Impostor(Trick),
    Silent,
}

impl Server {
    pub(crate) fn ready(self, forge: &Forge, version: Version) -> std::result::Result<Ready, Box<dyn Error>> {
        Ok(match self {
            Self::Tls(identity, then) => {
                let Identity { chain, key } = identity(forge)?;
                let key = CertifiedKey::new(chain, ring::sign::any_supported_type(&key)?);
                let resolver: Arc<dyn ResolvesServerCert> = Arc::new(SingleCertAndKey::from(key));
                let version = match version {
                    Version::Tls12 => &TLS12,
                    Version::Tls13 => &TLS13,
                };
                let mut provider = ring::default_provider();
                if let Then::Retry = then {
                    provider.kx_groups = vec![ring::kx_group::SECP384R1];
                }
                let config = ServerConfig::builder_with_provider(Arc::new(provider))
                    .with_protocol_versions(&[version])?
                    .with_no_client_auth()
                    .with_cert_resolver(resolver);
                Ready::Tls(Arc::new(config), then)
            }
            Self::Hostile(name) => {
                let Identity { chain, key } = forge.leaf(GOOD)?;
                let version = match version {
                    Version::Tls12 => hostile::Version::Tls12,
                    Version::Tls13 => hostile::Version::Tls13,
                };
                let behaviour = Behaviour::named(name).ok_or(name)?;
                Ready::Hostile(behaviour, Box::new(hostile::config(chain, key, version)?))
            }
            Self::Raw(bytes) => Ready::Raw(bytes),
            Self::Impostor(trick) => Ready::Impostor(trick),
            Self::Silent => Ready::Silent,
        })
    }
}

impl Ready {
    /// Whether the device has sent anything that it keeps for the host that has proved itself.
    pub(crate) fn serve(self, mut socket: TcpStream) -> bool {
        // A device that goes away is no failure of the server; what it was told is what counts.
        let _ = socket.set_read_timeout(Some(SILENCE));
        let mut seen = Vec::new();
        match self {
            Self::Tls(config, then) => {
                let _ = speak(&mut socket, config, then, &mut seen);
                !seen.is_empty()
            }
            Self::Hostile(behaviour, config) => {
                let mut was_asked = false;
                let _ = behaviour.serve(socket, *config, &mut was_asked);
                was_asked
            }
            Self::Raw(bytes) => {
                let mut first = [0; 1];
                let _ = socket.read_exact(&mut first);
                let _ = socket.write_all(bytes);
                let _ = socket.shutdown(Shutdown::Write);
                let _ = socket.read_to_end(&mut seen);
                has_content(&seen)
            }
            Self::Silent => {
                let _ = socket.set_read_timeout(None);
                let _ = socket.read_to_end(&mut seen);
                has_content(&seen)
            }
            Self::Impostor(trick) => {
                // One encrypted record is the device's Finished.
                impostor::serve(socket, trick).is_ok_and(|records| records > 1)
            }
        }
    }
}

/// Whether bytes hold the request as it is.
fn has_content(bytes: &[u8]) -> bool {
    bytes.windows(4).any(|bytes| bytes == b"GET ")
}

fn speak(socket: &mut TcpStream, config: Arc<ServerConfig>, then: Then, seen: &mut Vec<u8>) -> Result {
    let mut tls = ServerConnection::new(config)?;
    if let Then::CutEarly = then {
        tls.read_tls(socket)?;
        tls.process_new_packets()?;
        let mut flight = Vec::new();
        while tls.wants_write() {
            tls.write_tls(&mut flight)?;
        }
        socket.write_all(flight.get(..flight.len() / 2).unwrap_or_default())?;
        socket.shutdown(Shutdown::Both)?;
        return Ok(());
    }
    while tls.is_handshaking() {
        tls.complete_io(socket)?;
    }
    while !seen.ends_with(REQUEST_END) {
        let mut piece = [0; 1024];
        let length = rustls::Stream::new(&mut tls, socket).read(&mut piece)?;
        seen.extend_from_slice(piece.get(..length).unwrap_or_default());
        if length == 0 {
            return Ok(());
        }
    }
    let length = if let Then::Answer(length) = then { length } else { 100 };
    rustls::Stream::new(&mut tls, socket).write_all(&vec![b'x'; length])?;
    match then {
        Then::Answer(_) | Then::Retry => tls.send_close_notify(),
        Then::Junk => socket.write_all(&[&[23, 3, 3, 0, 64][..], &[0x5a; 64]].concat())?,
        Then::Cut | Then::CutEarly => {}
    }
    while tls.wants_write() {
        tls.write_tls(socket)?;
    }
    socket.shutdown(Shutdown::Write)?;
    // The connection lives until the device has read all.
    let _ = socket.read_to_end(&mut Vec::new());
    Ok(())
}
