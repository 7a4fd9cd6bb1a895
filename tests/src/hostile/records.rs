//! The record layer of a server whose handshake is over, with nothing that keeps it from lying: AES-128-GCM under TLS 1.3
//! (RFC 8446, section 5) and TLS 1.2 (RFC 5288).

use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::hkdf;
use rustls::{ConnectionTrafficSecrets, ExtractedSecrets};
use std::io;

/// What the bytes of a record are: its content type.
pub mod kind {
    /// One byte that changes the cipher.
    pub const CHANGE_CIPHER_SPEC: u8 = 20;
    /// Level and description.
    pub const ALERT: u8 = 21;
    /// Messages of a handshake, or those that come after it.
    pub const HANDSHAKE: u8 = 22;
    /// Content.
    pub const CONTENT: u8 = 23;
}

/// The header of a record.
pub const HEADER_LENGTH: usize = 5;

/// The keys of both directions.
pub struct Records {
    is_tls13: bool,
    write: Keys,
    read: Keys,
}

/// The keys of one direction.
#[derive(Clone)]
struct Keys {
    key: LessSafeKey,
    iv: [u8; 12],
    /// Under TLS 1.3 the secret that the next keys are made of.
    secret: Vec<u8>,
    count: u64,
}

/// A record in clear: header and text.
#[must_use]
pub fn plain(kind: u8, text: &[u8]) -> Vec<u8> {
    header(kind, text.len()).into_iter().chain(text.iter().copied()).collect()
}

fn header(kind: u8, length: usize) -> [u8; HEADER_LENGTH] {
    let [high, low] = u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes();
    [kind, 3, 3, high, low]
}

impl Records {
    /// Goes on where the handshake has stopped; `secrets` are those of the client and the server, under TLS 1.3.
    ///
    /// # Errors
    /// Where another cipher was negotiated.
    pub fn new(extracted: ExtractedSecrets, secrets: Option<[Vec<u8>; 2]>) -> io::Result<Self> {
        let is_tls13 = secrets.is_some();
        let [of_client, of_server] = secrets.unwrap_or_default();
        let keys = |(count, secrets), secret| match secrets {
            ConnectionTrafficSecrets::Aes128Gcm { key, iv } => {
                let iv = iv.as_ref().try_into().map_err(io::Error::other)?;
                Ok(Keys { key: gcm(key.as_ref())?, iv, secret, count })
            }
            _ => Err(io::Error::other("another cipher")),
        };
        Ok(Self { is_tls13, write: keys(extracted.tx, of_server)?, read: keys(extracted.rx, of_client)? })
    }

    /// What a server of TLS 1.3 seals its handshake by, from its first record on.
    ///
    /// # Errors
    /// When the secret is none.
    pub fn of_handshake(secret: Vec<u8>) -> io::Result<Self> {
        Ok(Self::own(true, Keys::of(secret)?))
    }

    /// What a server of TLS 1.2 has sealed its Finished by.
    #[must_use]
    pub fn of_finished(self) -> Self {
        Self::own(self.is_tls13, self.write)
    }

    /// What opens and seals the server's own records.
    fn own(is_tls13: bool, keys: Keys) -> Self {
        let keys = Keys { count: 0, ..keys };
        Self { is_tls13, read: keys.clone(), write: keys }
    }

    /// The flight that ends with the server's Finished, with another last byte in it, and sealed as it was.
    ///
    /// # Errors
    /// Where other keys have sealed it.
    pub fn with_another_end(&mut self, mut flight: &[u8]) -> io::Result<Vec<u8>> {
        let mut altered = Vec::new();
        while let [kind, _, _, high, low, ..] = *flight {
            let length = HEADER_LENGTH + usize::from(u16::from_be_bytes([high, low]));
            let record = flight.get(..length).ok_or(io::ErrorKind::UnexpectedEof)?;
            flight = &flight[length..];
            if if self.is_tls13 { kind != kind::CONTENT } else { !flight.is_empty() } {
                altered.extend_from_slice(record);
                continue;
            }
            let (kind, mut text) = self.open(record)?;
            if let (Some(last), []) = (text.last_mut(), flight) {
                *last ^= 1;
            }
            altered.extend(self.seal(kind, &text));
        }
        Ok(altered)
    }

    /// Whether this is TLS 1.3.
    #[must_use]
    pub fn is_tls13(&self) -> bool {
        self.is_tls13
    }

    /// The next record, of any kind and length.
    pub fn seal(&mut self, kind: u8, text: &[u8]) -> Vec<u8> {
        self.seal_padded(kind, text, 0)
    }

    /// The same with so many zeros behind the text, which TLS 1.3 has.
    pub fn seal_padded(&mut self, kind: u8, text: &[u8], zeros: usize) -> Vec<u8> {
        let count = self.write.count.to_be_bytes();
        self.write.count += 1;
        let mut sealed = text.to_vec();
        let (header, explicit, authenticated) = if self.is_tls13 {
            sealed.push(kind);
            sealed.resize(sealed.len() + zeros, 0);
            let header = header(kind::CONTENT, sealed.len() + AES_128_GCM.tag_len());
            (header, &[][..], header.to_vec())
        } else {
            let authenticated = [&count[..], &header(kind, text.len())].concat();
            (header(kind, 8 + text.len() + AES_128_GCM.tag_len()), &count[..], authenticated)
        };
        let nonce = self.write.nonce(self.is_tls13, count);
        if self.write.key.seal_in_place_append_tag(nonce, Aad::from(authenticated), &mut sealed).is_err() {
            // Longer than any cipher takes: nothing asks for that.
            sealed.clear();
        }
        [&header[..], explicit, &sealed].concat()
    }

    /// The kind and the text of a record of the client's.
    ///
    /// # Errors
    /// Where it is none.
    pub fn open(&mut self, record: &[u8]) -> io::Result<(u8, Vec<u8>)> {
        let bad = || io::Error::other("no record of the client's");
        let (header_bytes, sealed) = record.split_at_checked(HEADER_LENGTH).ok_or_else(bad)?;
        let count = self.read.count.to_be_bytes();
        self.read.count += 1;
        let (nonce, authenticated, sealed) = if self.is_tls13 {
            (self.read.nonce(true, count), header_bytes.to_vec(), sealed)
        } else {
            let (explicit, sealed) = sealed.split_first_chunk::<8>().ok_or_else(bad)?;
            let length = sealed.len().checked_sub(AES_128_GCM.tag_len()).ok_or_else(bad)?;
            let authenticated = [&count[..], &header(header_bytes[0], length)].concat();
            (self.read.nonce(false, *explicit), authenticated, sealed)
        };
        let mut text = sealed.to_vec();
        let opened = self.read.key.open_in_place(nonce, Aad::from(authenticated), &mut text);
        let length = opened.map_err(|_| bad())?.len();
        text.truncate(length);
        if !self.is_tls13 {
            return Ok((header_bytes[0], text));
        }
        while text.last() == Some(&0) {
            text.pop();
        }
        let kind = text.pop().ok_or_else(bad)?;
        Ok((kind, text))
    }

    /// What is written from now on has new keys.
    ///
    /// # Errors
    /// When they cannot be made.
    pub fn renew_write_keys(&mut self) -> io::Result<()> {
        self.write.renew()
    }

    /// What is read from now on has new keys.
    ///
    /// # Errors
    /// When they cannot be made.
    pub fn renew_read_keys(&mut self) -> io::Result<()> {
        self.read.renew()
    }
}

impl Keys {
    fn nonce(&self, is_tls13: bool, count: [u8; 8]) -> Nonce {
        let mut nonce = self.iv;
        for (byte, of_count) in nonce.iter_mut().skip(4).zip(count) {
            *byte = if is_tls13 { *byte ^ of_count } else { of_count };
        }
        Nonce::assume_unique_for_key(nonce)
    }

    /// RFC 8446, section 7.3
    fn of(secret: Vec<u8>) -> io::Result<Self> {
        let key = gcm(&expand(&secret, "key", 16)?)?;
        let iv = expand(&secret, "iv", 12)?.try_into().map_err(|_| io::Error::other("no iv"))?;
        Ok(Self { key, iv, secret, count: 0 })
    }

    /// RFC 8446, section 7.2
    fn renew(&mut self) -> io::Result<()> {
        *self = Self::of(expand(&self.secret, "traffic upd", 32)?)?;
        Ok(())
    }
}

fn gcm(key: &[u8]) -> io::Result<LessSafeKey> {
    UnboundKey::new(&AES_128_GCM, key).map(LessSafeKey::new).map_err(|_| io::Error::other("no key"))
}

struct Length(usize);

impl hkdf::KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

/// HKDF-Expand-Label (RFC 8446, section 7.1), without a context.
fn expand(secret: &[u8], label: &str, length: usize) -> io::Result<Vec<u8>> {
    let failed = |_| io::Error::other("no secret");
    let label = format!("tls13 {label}");
    let [high, low] = u16::try_from(length).map_err(io::Error::other)?.to_be_bytes();
    let label_length = u8::try_from(label.len()).map_err(io::Error::other)?;
    let info = [&[high, low, label_length][..], label.as_bytes(), &[0]];
    let mut output = vec![0; length];
    let secret = hkdf::Prk::new_less_safe(hkdf::HKDF_SHA256, secret);
    secret
        .expand(&info, Length(length))
        .and_then(|output_key| output_key.fill(&mut output))
        .map_err(failed)?;
    Ok(output)
}
