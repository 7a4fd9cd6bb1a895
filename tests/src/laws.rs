//! What must hold of the adapter for any bytes: each law takes those of a fuzzer, and panics where it is broken.

use embedded_io::{ErrorType, Read, Write};
use graph_call_std::Error;
use graph_call_std::credential::{Claims, ClientCertificate, FixedToken, ManagedIdentity};
use graph_call_std::proxy::{Proxies, Proxy};
use graph_call_std::tls::{Roots, Trust};

/// What no error may show, as it is and in base64 behind `someone:`.
const PASSWORD: &str = "canary0123";
const ENCODED: &str = "Y2FuYXJ5MDEyMw";

/// An error as people see it: one line, without secrets.
fn check(error: &Error) {
    let shown = format!("{error}");
    assert!(!shown.chars().any(char::is_control), "{shown:?}");
    let shown = format!("{shown} {error:?} {:?} {:?}", error.hint(), error.head());
    assert!(!shown.contains(PASSWORD) && !shown.contains(ENCODED), "{shown}");
}

/// Text that a person or an administrator has written: the address of a proxy, certificates, a key, a token, an endpoint. It is taken
/// or refused, and what is refused is not repeated where it may be a secret.
pub fn settings(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for scheme in ["", "http://", "socks5://", "socks5h://"] {
        match Proxy::new(&format!("{scheme}someone:{PASSWORD}@{text}")) {
            Ok(proxy) => assert!(!format!("{proxy} {proxy:?}").contains(PASSWORD), "{proxy:?}"),
            Err(error) => check(&error),
        }
    }
    let lookup = |name: &str| match name {
        "https_proxy" => Some("http://proxy.example".to_owned()),
        "no_proxy" => Some(text.clone().into_owned()),
        _ => None,
    };
    let proxies = Proxies::from_lookup(lookup).expect("the address is good");
    for host in ["graph.microsoft.com", "10.1.2.3", "::1", &text] {
        let is_direct = proxies.proxy_for(host, 443).is_none();
        assert!(!is_direct || !text.trim().is_empty(), "nobody has said so");
    }
    let results = [
        Trust::new(Roots::Only, bytes).map(drop),
        ClientCertificate::new("contoso.example", "app", bytes).map(drop),
        ManagedIdentity::app_service(&text, PASSWORD).map(drop),
        FixedToken::read(&[PASSWORD.as_bytes(), b" ", bytes].concat()).map(drop),
    ];
    results.iter().filter_map(|result| result.as_ref().err()).for_each(check);
    // What a program of Windows has written is the same text in UTF-16.
    if let Ok(text) = core::str::from_utf8(bytes)
        && !text.starts_with('\u{feff}')
        && text.len() < 1024
    {
        let wide: Vec<u8> =
            ['\u{feff}' as u16].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let [narrow, wide] =
            [bytes, &wide].map(|bytes| FixedToken::read(bytes).map(|token| format!("{:?}", token.claims())));
        assert_eq!(narrow.as_ref().map_err(Error::to_string), wide.as_ref().map_err(Error::to_string));
    }
    if let Ok(token) = FixedToken::read(bytes) {
        // What is claimed can be read, or not.
        let _ = token.claims();
    }
    let _ = Claims::read(&text);
}

/// What a proxy says, behind a byte that says which one it is: the tunnel stands only where another reader says so too, and what
/// it is sent is what it must be sent.
pub fn proxy(bytes: &[u8]) {
    let Some((kind, said)) = bytes.split_first() else { return };
    let (url, opens): (String, Opens) = match kind % 4 {
        0 => ("http://proxy.example".to_owned(), connected),
        1 => (format!("http://someone:{PASSWORD}@proxy.example"), connected),
        2 => ("socks5://proxy.example".to_owned(), |said| socks_opens(said, false)),
        _ => (format!("socks5://someone:{PASSWORD}@proxy.example"), |said| socks_opens(said, true)),
    };
    let proxy = Proxy::new(&url).expect("the address is good");
    let end = opens(said);
    let [whole, by_byte] = [usize::MAX, 1].map(|length| {
        let mut talk = Talk { said, length, sent: Vec::new() };
        let result = proxy.tunnel(&mut talk, "graph.microsoft.com", 443);
        if let Err(error) = &result {
            check(error);
        }
        assert!(!talk.sent.windows(3).any(|bytes| bytes == b"GET"), "more than the way was asked for");
        (result.is_ok(), said.len() - talk.said.len())
    });
    // Byte by byte, nothing behind the end is looked at.
    assert_eq!(by_byte.0.then_some(by_byte.1), end.filter(|_| by_byte.0), "{}", said.escape_ascii());
    assert!(!by_byte.0 || end.is_some());
    assert!(!whole.0 || end == Some(said.len()), "{}", said.escape_ascii());
}

/// Where what a proxy says opens the tunnel, if it does.
type Opens = fn(&[u8]) -> Option<usize>;

/// The end of the head of an answer that opens a tunnel, interim ones before it.
fn connected(said: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let rest = said.get(from..)?;
        let length = rest.windows(4).position(|bytes| bytes == b"\r\n\r\n")? + 4;
        from += length;
        match rest.get(9)? {
            b'1' => {}
            b'2' if rest.starts_with(b"HTTP/1.") => return Some(from),
            _ => return None,
        }
    }
}

/// The end of what a SOCKS proxy says before the tunnel stands (RFC 1928, RFC 1929).
fn socks_opens(said: &[u8], has_user: bool) -> Option<usize> {
    let at = match said {
        [5, 0, ..] => 2,
        [5, 2, 1, 0, ..] if has_user => 4,
        _ => return None,
    };
    let length = match said.get(at..)? {
        [5, 0, _, 1, ..] => 10,
        [5, 0, _, 3, length, ..] => 7 + usize::from(*length),
        [5, 0, _, 4, ..] => 22,
        _ => return None,
    };
    (said.len() >= at + length).then_some(at + length)
}

/// A proxy that has said everything already, in pieces of a length.
struct Talk<'a> {
    said: &'a [u8],
    length: usize,
    sent: Vec<u8>,
}

impl ErrorType for Talk<'_> {
    type Error = Error;
}

impl Read for Talk<'_> {
    fn read(&mut self, output: &mut [u8]) -> Result<usize, Error> {
        let count = self.said.len().min(self.length).min(output.len());
        let (piece, rest) = self.said.split_at(count);
        output[..count].copy_from_slice(piece);
        self.said = rest;
        Ok(count)
    }
}

impl Write for Talk<'_> {
    fn write(&mut self, input: &[u8]) -> Result<usize, Error> {
        self.sent.extend_from_slice(input);
        Ok(input.len())
    }

    fn flush(&mut self) -> Result<(), Error> {
        Ok(())
    }
}
