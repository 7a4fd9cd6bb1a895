//! A TLS 1.3 server without a certificate and without a key, which ends its handshake all the same.
//!
//! Takes one connection; gives a handshake that anybody could make (RFC 8446, section 2) with one thing wrong; keeps
//! nothing; refuses to understand a client that does not offer P-256 and AES-128-GCM.

use std::error::Error;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
use ring::{digest, hmac, rand::SystemRandom};

type Failure = Box<dyn Error + Send + Sync>;

const HANDSHAKE: u8 = 22;
const APPLICATION_DATA: u8 = 23;
const SILENCE: Duration = Duration::from_secs(2);

/// What the impostor does wrong.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Trick {
    /// No certificate and no proof of a key.
    NoCertificate,
    /// A proof of a key before any certificate.
    ProofOfNothing,
    /// An encrypted record with nothing in it, not even its content type.
    EmptyRecord,
}

/// A listening impostor.
pub(crate) struct Impostor {
    port: u16,
    serving: JoinHandle<Result<usize, Failure>>,
}

impl Impostor {
    /// Listens on a free port of loopback for one connection.
    pub(crate) fn start(trick: Trick) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        let serving = thread::spawn(move || serve(listener.accept()?.0, trick));
        Ok(Self { port, serving })
    }

    /// The port it listens on.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// How many encrypted records the client has sent: one is its Finished, a second one would be its request.
    pub(crate) fn encrypted_records(self) -> Result<usize, Failure> {
        self.serving.join().map_err(|_| "the impostor panicked")?
    }
}

/// One connection of an impostor: how many encrypted records the client has sent.
///
/// # Errors
/// When the client does not understand it.
pub(crate) fn serve(mut socket: TcpStream, trick: Trick) -> Result<usize, Failure> {
    socket.set_read_timeout(Some(SILENCE))?;
    let (_, client_hello) = read_record(&mut socket)?.ok_or("no ClientHello")?;
    let key = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new()).map_err(|_| "no key")?;
    let server_hello = server_hello(&client_hello, key.compute_public_key().map_err(|_| "no key")?.as_ref())?;
    write_record(&mut socket, HANDSHAKE, &server_hello)?;

    let mut transcript = [client_hello.clone(), server_hello].concat();
    let client_key = UnparsedPublicKey::new(&ECDH_P256, key_share(&client_hello)?);
    let secret = agree_ephemeral(key, &client_key, <[u8]>::to_vec).map_err(|_| "no agreement")?;
    let mut sender = Sender::new(&secret, &transcript)?;

    let mut flight = vec![message(8, &[0, 0])];
    if let Trick::ProofOfNothing = trick {
        flight.push(message(15, &[&[0x04, 0x03, 0, 8][..], &[0x30, 6, 2, 1, 1, 2, 1, 1]].concat()));
    }
    for message in &flight {
        sender.send(&mut socket, &[message, &[HANDSHAKE][..]].concat())?;
        transcript.extend(message);
    }
    if let Trick::EmptyRecord = trick {
        sender.send(&mut socket, &[])?;
    }
    let finished = message(20, sender.finished(&transcript).as_ref());
    // A client that has gone by now has refused, which is what is asked of it.
    let _ = sender.send(&mut socket, &[&finished, &[HANDSHAKE][..]].concat());

    let mut encrypted = 0;
    while let Ok(Some((content_type, _))) = read_record(&mut socket) {
        encrypted += usize::from(content_type == APPLICATION_DATA);
    }
    Ok(encrypted)
}

/// `Handshake = msg_type(1) length(3) body`
fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let [_, a, b, c] = (body.len() as u32).to_be_bytes();
    [&[kind, a, b, c][..], body].concat()
}

/// Echoes the session id and chooses TLS_AES_128_GCM_SHA256 and secp256r1.
fn server_hello(client_hello: &[u8], public: &[u8]) -> Result<Vec<u8>, Failure> {
    let session = session_id(client_hello)?;
    let versions = [0, 43, 0, 2, 3, 4];
    let share = [&[0, 51, 0, 69, 0, 23, 0, 65][..], public].concat();
    let extensions_length = u16::try_from(versions.len() + share.len())?.to_be_bytes();
    let body =
        [&[3, 3][..], &[7; 32], session, &[0x13, 1, 0], &extensions_length, &versions, &share].concat();
    Ok(message(2, &body))
}

/// The session id with its length; it follows the head of the message, the version and the random.
fn session_id(client_hello: &[u8]) -> Result<&[u8], Failure> {
    let length = usize::from(*client_hello.get(38).ok_or("short ClientHello")?);
    client_hello.get(38..39 + length).ok_or_else(|| "short ClientHello".into())
}

/// The client's P-256 point, found by its group, its length and its uncompressed form.
fn key_share(client_hello: &[u8]) -> Result<Vec<u8>, Failure> {
    let start =
        client_hello.windows(5).position(|bytes| bytes == [0, 23, 0, 65, 4]).ok_or("no P-256 share")?;
    Ok(client_hello.get(start + 4..start + 69).ok_or("short share")?.to_vec())
}

/// The sending half of the record layer after ServerHello (RFC 8446, sections 5.2 and 7.1).
struct Sender {
    traffic: Vec<u8>,
    key: LessSafeKey,
    iv: Vec<u8>,
    sequence: u8,
}

impl Sender {
    fn new(shared: &[u8], transcript: &[u8]) -> Result<Self, Failure> {
        let early = mac(&[0; 32], &[0; 32]);
        let derived = expand(&early, "derived", hash(&[]).as_ref(), 32);
        let handshake = mac(&derived, shared);
        let traffic = expand(&handshake, "s hs traffic", hash(transcript).as_ref(), 32);
        let key = UnboundKey::new(&AES_128_GCM, &expand(&traffic, "key", &[], 16)).map_err(|_| "no key")?;
        let iv = expand(&traffic, "iv", &[], 12);
        Ok(Self { traffic, key: LessSafeKey::new(key), iv, sequence: 0 })
    }

    fn finished(&self, transcript: &[u8]) -> Vec<u8> {
        mac(&expand(&self.traffic, "finished", &[], 32), hash(transcript).as_ref())
    }

    fn send(&mut self, socket: &mut TcpStream, inner: &[u8]) -> Result<(), Failure> {
        let mut nonce: [u8; 12] = self.iv.as_slice().try_into()?;
        nonce[11] ^= self.sequence;
        self.sequence += 1;
        let [high, low] = u16::try_from(inner.len() + AES_128_GCM.tag_len())?.to_be_bytes();
        let mut content = inner.to_vec();
        self.key
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from([APPLICATION_DATA, 3, 3, high, low]),
                &mut content,
            )
            .map_err(|_| "not sealed")?;
        write_record(socket, APPLICATION_DATA, &content)
    }
}

fn hash(bytes: &[u8]) -> digest::Digest {
    digest::digest(&digest::SHA256, bytes)
}

fn mac(key: &[u8], bytes: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), bytes).as_ref().to_vec()
}

/// HKDF-Expand-Label, for at most one block.
fn expand(secret: &[u8], label: &str, context: &[u8], length: u8) -> Vec<u8> {
    let label = format!("tls13 {label}");
    let info = [&[0, length, label.len() as u8][..], label.as_bytes(), &[context.len() as u8], context, &[1]];
    let mut block = mac(secret, &info.concat());
    block.truncate(usize::from(length));
    block
}

fn write_record(socket: &mut TcpStream, content_type: u8, content: &[u8]) -> Result<(), Failure> {
    let [high, low] = u16::try_from(content.len())?.to_be_bytes();
    Ok(socket.write_all(&[&[content_type, 3, 3, high, low][..], content].concat())?)
}

/// `None` at the end of the connection.
fn read_record(socket: &mut TcpStream) -> Result<Option<(u8, Vec<u8>)>, Failure> {
    let mut head = [0; 5];
    if socket.read_exact(&mut head).is_err() {
        return Ok(None);
    }
    let mut content = vec![0; usize::from(u16::from_be_bytes([head[3], head[4]]))];
    socket.read_exact(&mut content)?;
    Ok(Some((head[0], content)))
}
