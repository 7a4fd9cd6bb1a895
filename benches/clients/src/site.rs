//! Where the server is, how it answers at each port, whom to trust, and what to ask for.

use std::io::{self, Read};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

/// The call that everybody gets; the document on disk has another id, which the server replaces.
pub const ID: &str = "57dab8b1-894c-409a-b240-bd8beae78896";

/// How many bytes an access token of the login host has, or nearly.
const TOKEN_LENGTH: usize = 1500;

/// How the server answers at one of its ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answering {
    /// The word for it.
    pub name: &'static str,
    /// How long it waits before the answer.
    pub delay: Duration,
    /// Whether it ends the connection after each answer.
    pub closes: bool,
}

/// At once, on a connection that stays.
pub const WARM: Answering = Answering { name: "warm", delay: Duration::ZERO, closes: false };

/// At once, on a connection that every get has to make anew.
pub const COLD: Answering = Answering { name: "cold", delay: Duration::ZERO, closes: true };

/// After a while, on a connection that stays.
pub const DELAYED: [Answering; 3] = [
    Answering { name: "0.3 ms", delay: Duration::from_micros(300), closes: false },
    Answering { name: "3 ms", delay: Duration::from_millis(3), closes: false },
    Answering { name: "30 ms", delay: Duration::from_millis(30), closes: false },
];

/// Every way, in the order of the ports.
pub const ANSWERINGS: [Answering; 5] = [WARM, COLD, DELAYED[0], DELAYED[1], DELAYED[2]];

/// A running server, as its clients see it.
#[derive(Clone, Debug)]
pub struct Site {
    ports: Vec<u16>,
    /// The certificate of its authority, in PEM.
    pub authority: String,
}

impl Site {
    /// A server with these ports, in the order of [`ANSWERINGS`].
    pub fn new(ports: Vec<u16>, authority: String) -> Self {
        Self { ports, authority }
    }

    /// Reads what [`Display`](std::fmt::Display) writes, up to the end of the certificate.
    ///
    /// # Errors
    ///
    /// It is something else.
    pub fn read(from: &mut impl Read) -> Result<Self, String> {
        let text = io::read_to_string(from).map_err(|e| e.to_string())?;
        Self::parse(&text).ok_or_else(|| "this is not the description of a server".into())
    }

    /// Understands what [`Display`](std::fmt::Display) writes.
    pub fn parse(text: &str) -> Option<Self> {
        let (ports, authority) = text.split_once('\n')?;
        let ports: Vec<u16> = ports.split(' ').map(|port| port.parse().ok()).collect::<Option<_>>()?;
        (ports.len() == ANSWERINGS.len()).then(|| Self::new(ports, authority.into()))
    }

    /// Where the server answers this way.
    pub fn address(&self, answering: Answering) -> SocketAddr {
        let index = ANSWERINGS.iter().position(|other| *other == answering);
        let port = index.and_then(|index| self.ports.get(index)).copied().unwrap_or_default();
        (Ipv4Addr::LOCALHOST, port).into()
    }

    /// The address of the call.
    pub fn url(&self, answering: Answering) -> String {
        format!("https://{}{}", self.address(answering), path())
    }
}

impl std::fmt::Display for Site {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ports: Vec<String> = self.ports.iter().map(u16::to_string).collect();
        write!(f, "{}\n{}", ports.join(" "), self.authority)
    }
}

/// The target of the request.
pub fn path() -> String {
    format!("/v1.0/communications/calls/{ID}")
}

/// The access token that the server wants: of the usual length and of the usual letters.
pub fn token() -> String {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let spread = (0..TOKEN_LENGTH).map(|place| char::from(letters[place * 37 % letters.len()]));
    format!("eyJ0eXAiOiJKV1QifQ.{}.c2ln", spread.collect::<String>())
}
