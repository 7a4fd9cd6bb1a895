//! The way through a proxy: which one, and what opens a tunnel: CONNECT of HTTP, or SOCKS 5.
//!
//! - takes: the text of `HTTPS_PROXY` and `NO_PROXY`, or a URL
//! - gives: the proxy for a host, and a tunnel through it
//! - keeps: the proxy's credentials, hidden
//! - refuses: any scheme but `http`, `socks5` and `socks5h`, and a proxy that talks before the tunnel's other end does
//!
//! The request inside the tunnel is TLS from end to end: a proxy sees the host name and nothing else.

mod socks;

use core::fmt;
use core::net::IpAddr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use embedded_io::{Read, Write};
use graph_call::http::HeadParser;
use graph_call::http::head::Item;
use zeroize::Zeroizing;

use self::socks::{LENGTH_MAX, Socks, User};
use crate::answer::AnswerHead;
use crate::credential::Secret;
use crate::error::{Error, ErrorKind, Phase};

/// An HTTP proxy, or a SOCKS proxy of version 5.
///
/// ```
/// use graph_call_std::proxy::Proxy;
///
/// let proxy = Proxy::new("http://user:pass@proxy.example:3128")?;
/// assert_eq!(proxy.to_string(), "proxy.example:3128");
/// assert!(!format!("{proxy:?}").contains("pass"));
/// assert_eq!(Proxy::new("socks5h://localhost")?.port(), 1080);
/// # Ok::<(), graph_call_std::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Proxy {
    host: String,
    port: u16,
    protocol: Protocol,
}

#[derive(Clone, Debug)]
enum Protocol {
    /// With the value of `Proxy-Authorization`.
    Http(Option<Secret>),
    Socks(Option<User>),
}

impl Proxy {
    /// Reads `[SCHEME://][user[:password]@]host[:port]`, the scheme being `http`, `socks5` or `socks5h`; user and password
    /// may be percent-encoded. A SOCKS proxy looks names up itself, whichever of both schemes it has.
    ///
    /// # Errors
    /// `Usage` for anything else; the message never repeats the text, which may hold a password.
    pub fn new(url: &str) -> Result<Self, Error> {
        let wrong = |what| Error::usage(format!("the proxy address {what}"));
        let (is_socks, rest) = match url.split_once("://") {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => (false, rest),
            Some((scheme, rest))
                if ["socks5", "socks5h"].iter().any(|socks| scheme.eq_ignore_ascii_case(socks)) =>
            {
                (true, rest)
            }
            Some(_) => return Err(wrong("has another scheme than http, socks5 or socks5h")),
            None => (false, url),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (user, authority) = match rest.rsplit_once('@') {
            Some((user, authority)) => (Some(user), authority),
            None => (None, rest),
        };
        let default_port = if is_socks { 1080 } else { 80 };
        let (host, port) =
            split_authority(authority, default_port).ok_or_else(|| wrong("is not host:port"))?;
        let user = user.map(|user| {
            let (name, password) = user.split_once(':').unwrap_or((user, ""));
            User { name: Zeroizing::new(decode(name)), password: Zeroizing::new(decode(password)) }
        });
        let protocol = match user {
            Some(User { name, password }) if is_socks && name.len().max(password.len()) > LENGTH_MAX => {
                return Err(wrong("has a user or a password that is longer than 255 bytes"));
            }
            user if is_socks => Protocol::Socks(user),
            Some(User { name, password }) => {
                let plain = Zeroizing::new([name.as_slice(), b":", &password].concat());
                let encoded = Zeroizing::new(STANDARD.encode(&*plain));
                Protocol::Http(Some(Secret::new(["Basic ", &encoded].concat())))
            }
            None => Protocol::Http(None),
        };
        Ok(Self { host: host.to_owned(), port, protocol })
    }

    /// The host, without brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Asks for a tunnel to `host:port` over `io`, which is connected to the proxy.
    ///
    /// # Errors
    /// `Proxy` when it does not open one, and what `io` reports.
    pub fn tunnel<IO>(&self, io: &mut IO, host: &str, port: u16) -> Result<(), Error>
    where
        IO: Read<Error = Error> + Write<Error = Error>,
    {
        let mut tunnel = self.tunnel_to(host, port)?;
        let mut piece = [0; 512];
        loop {
            let unsent = tunnel.unsent();
            if !unsent.is_empty() {
                io.write_all(&unsent)?;
                io.flush()?;
            }
            let length = io.read(&mut piece)?;
            if tunnel.take(piece.get(..length).unwrap_or_default())? {
                return Ok(());
            }
        }
    }

    /// What is said to the proxy, and understood of it, until the tunnel to `host:port` stands.
    pub(crate) fn tunnel_to(&self, host: &str, port: u16) -> Result<Tunnel, Error> {
        match &self.protocol {
            Protocol::Http(authorization) => {
                let request = Some(connect(host, port, authorization.as_ref()));
                Ok(Tunnel(Talk::Http { request, answer: Box::default() }))
            }
            Protocol::Socks(user) => {
                let socks =
                    Socks::new(user.clone(), host, port).map_err(|error| refused(error.to_owned()))?;
                Ok(Tunnel(Talk::Socks(socks)))
            }
        }
    }
}

/// `CONNECT host:port HTTP/1.1` (RFC 9110, section 9.3.6)
fn connect(host: &str, port: u16, authorization: Option<&Secret>) -> Secret {
    let target = authority(host, port);
    let head = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n");
    // Joined at once: a string that grows leaves copies of the secret behind that nobody wipes.
    Secret::new(match authorization {
        Some(value) => [&head, "Proxy-Authorization: ", value.reveal(), "\r\n\r\n"].concat(),
        None => [&head, "\r\n"].concat(),
    })
}

fn refused(detail: String) -> Error {
    Error::new(ErrorKind::Proxy, Phase::Proxy, detail)
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&authority(&self.host, self.port))
    }
}

/// What is said before a tunnel stands, in pieces.
#[derive(Debug)]
pub(crate) struct Tunnel(Talk);

#[derive(Debug)]
enum Talk {
    Http { request: Option<Secret>, answer: Box<HeadParser<2048>> },
    Socks(Socks),
}

impl Tunnel {
    /// What is to be sent before more is received; empty if nothing is.
    pub(crate) fn unsent(&mut self) -> Zeroizing<Vec<u8>> {
        match &mut self.0 {
            Talk::Http { request, .. } => {
                let request = request.take();
                Zeroizing::new(request.map_or_else(Vec::new, |request| request.reveal().as_bytes().to_vec()))
            }
            Talk::Socks(socks) => socks.unsent(),
        }
    }

    /// True when the tunnel stands; an empty piece means that the proxy hung up.
    pub(crate) fn take(&mut self, piece: &[u8]) -> Result<bool, Error> {
        if piece.is_empty() {
            return Err(refused("it hung up without an answer".into()));
        }
        match &mut self.0 {
            Talk::Http { answer, .. } => connected(answer, piece),
            Talk::Socks(socks) => socks.take(piece).map_err(refused),
        }
    }
}

/// Whether an answer to CONNECT, as far as it has come, opens the tunnel.
fn connected(answer: &mut HeadParser<2048>, mut piece: &[u8]) -> Result<bool, Error> {
    loop {
        let item = answer.next(&mut piece).map_err(|error| refused(error.to_string()))?;
        match item {
            None => return Ok(false),
            Some(Item::End) => break,
            Some(_) => {}
        }
    }
    let Some(head) = answer.head() else { return Ok(false) };
    // It was sent a password, and may have written that anywhere: nothing but numbers is kept.
    let (status, retry_after) = (head.status(), head.retry_after());
    let refused = |detail: &str| {
        refused(detail.to_owned()).with_head(AnswerHead { status, retry_after, ..AnswerHead::default() })
    };
    match head.status() {
        // Whatever follows would be read as the first bytes of TLS, in the name of the host.
        200..=299 if !piece.is_empty() => Err(refused("it sent bytes of its own into the tunnel")),
        200..=299 => Ok(true),
        status => Err(refused(&format!("status {status}"))),
    }
}

/// Which proxy leads to which host.
///
/// ```
/// use graph_call_std::proxy::Proxies;
///
/// let proxies = Proxies::from_lookup(|name| match name {
///     "HTTPS_PROXY" => Some("http://proxy.example:3128".into()),
///     "NO_PROXY" => Some("localhost,.example.org,10.0.0.0/8".into()),
///     _ => None,
/// })?;
/// assert!(proxies.proxy_for("graph.microsoft.com", 443).is_some());
/// assert!(proxies.proxy_for("graph.example.org", 443).is_none());
/// assert!(proxies.proxy_for("10.1.2.3", 443).is_none());
/// # Ok::<(), graph_call_std::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Proxies {
    proxy: Option<Proxy>,
    direct: Vec<String>,
}

impl Proxies {
    /// Every host is reached directly.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Every host is reached through `proxy`.
    #[must_use]
    pub fn all(proxy: Proxy) -> Self {
        Self { proxy: Some(proxy), direct: Vec::new() }
    }

    /// What the environment says: `https_proxy`, `HTTPS_PROXY`, `all_proxy`, `ALL_PROXY`, and `no_proxy`,
    /// `NO_PROXY`; of each group the first that is set and not empty.
    ///
    /// # Errors
    /// `Usage` when the address of the proxy cannot be read.
    pub fn from_env() -> Result<Self, Error> {
        Self::from_lookup(|name| std::env::var(name).ok())
    }

    /// The same from any other place than the environment.
    ///
    /// # Errors
    /// `Usage` when the address of the proxy cannot be read.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let first =
            |names: &[&str]| names.iter().find_map(|name| lookup(name).filter(|text| !text.is_empty()));
        let url = first(&["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]);
        let proxy = url.map(|url| Proxy::new(&url)).transpose()?;
        let direct = first(&["no_proxy", "NO_PROXY"]).unwrap_or_default();
        let direct = direct.split([',', ' ']).filter(|rule| !rule.is_empty()).map(str::to_ascii_lowercase);
        Ok(Self { proxy, direct: direct.collect() })
    }

    /// The proxy on the way to `host`, if there is one.
    #[must_use]
    pub fn proxy_for(&self, host: &str, port: u16) -> Option<&Proxy> {
        let host = host.to_ascii_lowercase();
        let is_direct = self.direct.iter().any(|rule| covers(rule, &host, port));
        self.proxy.as_ref().filter(|_| !is_direct)
    }
}

/// Whether a rule of `NO_PROXY` covers a host: `*`, a name and all below it, an address, a network, each
/// but the first and the last with an optional port.
fn covers(rule: &str, host: &str, port: u16) -> bool {
    if rule == "*" {
        return true;
    }
    if let (Some((network, bits)), Ok(address)) = (rule.split_once('/'), host.parse()) {
        return network.parse().is_ok_and(|network| is_within(address, network, bits));
    }
    let Some((name, rule_port)) = split_authority(rule, port) else { return false };
    let name = name.strip_prefix("*.").or_else(|| name.strip_prefix('.')).unwrap_or(name);
    let below = host.strip_suffix(name);
    rule_port == port && below.is_some_and(|below| below.is_empty() || below.ends_with('.'))
}

fn is_within(address: IpAddr, network: IpAddr, bits: &str) -> bool {
    let (address, network, width) = match (address, network) {
        (IpAddr::V4(a), IpAddr::V4(n)) => (u128::from(a.to_bits()), u128::from(n.to_bits()), 32),
        (IpAddr::V6(a), IpAddr::V6(n)) => (a.to_bits(), n.to_bits(), 128),
        _ => return false,
    };
    let bits = bits.parse().ok().filter(|bits: &u32| *bits <= width);
    // A shift by all bits of the number leaves nothing to compare.
    bits.is_some_and(|bits| (address ^ network).checked_shr(width - bits).unwrap_or(0) == 0)
}

/// `host [ ":" port ]`, the host without brackets; a bare IPv6 address has no port.
pub(crate) fn split_authority(text: &str, default_port: u16) -> Option<(&str, u16)> {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (host, rest) = rest.split_once(']')?;
            (host, rest.strip_prefix(':').or_else(|| rest.is_empty().then_some("")))
        }
        None if text.matches(':').count() > 1 => (text, Some("")),
        None => text.split_once(':').map_or((text, Some("")), |(host, port)| (host, Some(port))),
    };
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':' | b'*');
    if host.is_empty() || !host.bytes().all(is_host) {
        return None;
    }
    match port? {
        "" => Some((host, default_port)),
        port => port.parse().ok().filter(|port| *port != 0).map(|port| (host, port)),
    }
}

/// `host:port`, an IPv6 address in brackets.
pub(crate) fn authority(host: &str, port: u16) -> String {
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

/// `pct-encoded = "%" HEXDIG HEXDIG`; a percent sign without them stands for itself.
fn decode(text: &str) -> Vec<u8> {
    let mut rest = text.as_bytes();
    let mut decoded = Vec::with_capacity(rest.len());
    while let [first, after @ ..] = rest {
        let digit = |at: usize| after.get(at).and_then(|byte| char::from(*byte).to_digit(16));
        match (first, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                decoded.extend(u8::try_from(high * 16 + low));
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                decoded.push(*first);
                rest = after;
            }
        }
    }
    decoded
}
