//! What a SOCKS proxy and its client say to each other before there is a tunnel: version 5 (RFC 1928), with a user name
//! and a password if it wants them (RFC 1929).
//!
//! ```text
//!   Methods ---- none ---------------------> Reply ---> the tunnel
//!      \------ a user ---> Judgement ---------^
//! ```

use core::fmt;
use core::net::IpAddr;

use zeroize::Zeroizing;

const VERSION: u8 = 5;
const NO_AUTHENTICATION: u8 = 0;
const USER: u8 = 2;
const USER_VERSION: u8 = 1;
const CONNECT: u8 = 1;
const IPV4: u8 = 1;
const NAME: u8 = 3;
const IPV6: u8 = 4;

/// The longest name, user or password: their length is one byte.
pub(super) const LENGTH_MAX: usize = 255;

/// A user name and a password.
#[derive(Clone)]
pub(super) struct User {
    pub(super) name: Zeroizing<Vec<u8>>,
    pub(super) password: Zeroizing<Vec<u8>>,
}

/// Shows nothing of either.
impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("User(hidden)")
    }
}

/// The client's side, up to the tunnel.
#[derive(Debug)]
pub(super) struct Socks {
    state: State,
    user: Option<User>,
    /// The request for the tunnel.
    request: Vec<u8>,
    /// What has come of an answer that is not complete.
    received: Vec<u8>,
    unsent: Zeroizing<Vec<u8>>,
}

#[derive(Debug)]
enum State {
    Methods,
    Judgement,
    Reply,
}

impl Socks {
    /// Asks for a tunnel; the proxy looks the name of the host up.
    pub(super) fn new(user: Option<User>, host: &str, port: u16) -> Result<Self, &'static str> {
        let mut request = vec![VERSION, CONNECT, 0];
        match host.parse() {
            Ok(IpAddr::V4(address)) => {
                request.push(IPV4);
                request.extend(address.octets());
            }
            Ok(IpAddr::V6(address)) => {
                request.push(IPV6);
                request.extend(address.octets());
            }
            Err(_) => {
                request.push(NAME);
                request
                    .push(u8::try_from(host.len()).map_err(|_| "the name of the host is too long for it")?);
                request.extend(host.as_bytes());
            }
        }
        request.extend(port.to_be_bytes());
        let methods: &[u8] = if user.is_some() { &[NO_AUTHENTICATION, USER] } else { &[NO_AUTHENTICATION] };
        let mut unsent = vec![VERSION, methods.len() as u8];
        unsent.extend(methods);
        Ok(Self {
            state: State::Methods,
            user,
            request,
            received: Vec::new(),
            unsent: Zeroizing::new(unsent),
        })
    }

    /// What is to be sent before anything is received, once.
    pub(super) fn unsent(&mut self) -> Zeroizing<Vec<u8>> {
        core::mem::take(&mut self.unsent)
    }

    /// Takes what was received; true when the tunnel stands.
    pub(super) fn take(&mut self, piece: &[u8]) -> Result<bool, String> {
        self.received.extend(piece);
        loop {
            let Some(length) = self.length()? else { return Ok(false) };
            if self.received.len() < length {
                return Ok(false);
            }
            let answer: Vec<u8> = self.received.drain(..length).collect();
            let second = answer.get(1).copied().unwrap_or_default();
            match (&self.state, second) {
                (State::Methods, NO_AUTHENTICATION) => self.ask(),
                (State::Methods, USER) => match &self.user {
                    Some(User { name, password }) => {
                        let parts =
                            [&[USER_VERSION, name.len() as u8], &name[..], &[password.len() as u8], password];
                        self.unsent = Zeroizing::new(parts.concat());
                        self.state = State::Judgement;
                    }
                    None => return Err("it wants a user and a password".to_owned()),
                },
                (State::Methods, _) if self.user.is_some() => {
                    return Err("it takes no user name and password, and wants another proof".to_owned());
                }
                (State::Methods, _) => return Err("it wants a user and a password".to_owned()),
                (State::Judgement, 0) => self.ask(),
                (State::Judgement, _) => return Err("it refuses the user or the password".to_owned()),
                // Whatever follows would be read as the first bytes of TLS, in the name of the host.
                (State::Reply, 0) if !self.received.is_empty() => {
                    return Err("it sent bytes of its own into the tunnel".to_owned());
                }
                (State::Reply, 0) => return Ok(true),
                (State::Reply, reply) => return Err(meaning(reply)),
            }
        }
    }

    fn ask(&mut self) {
        self.unsent = Zeroizing::new(core::mem::take(&mut self.request));
        self.state = State::Reply;
    }

    /// How long the answer is that begins with what was received, once that can be known.
    fn length(&self) -> Result<Option<usize>, String> {
        let Some(first) = self.received.first() else { return Ok(None) };
        let expected = if matches!(self.state, State::Judgement) { USER_VERSION } else { VERSION };
        if *first != expected {
            return Err("what answers there is no SOCKS proxy of version 5".to_owned());
        }
        let address = match (&self.state, &self.received[..]) {
            (State::Methods | State::Judgement, _) => return Ok(Some(2)),
            // A reply that says no may be shorter than it ought to be.
            (State::Reply, [_, reply, ..]) if *reply != 0 => return Ok(Some(2)),
            (State::Reply, [_, _, _, IPV4, ..]) => 4,
            (State::Reply, [_, _, _, IPV6, ..]) => 16,
            (State::Reply, [_, _, _, NAME, length, ..]) => usize::from(*length) + 1,
            (State::Reply, [_, _, _, NAME]) | (State::Reply, [] | [_] | [_, _] | [_, _, _]) => {
                return Ok(None);
            }
            (State::Reply, _) => return Err("it answers with an address of no kind".to_owned()),
        };
        Ok(Some(4 + address + 2))
    }
}

/// The replies of RFC 1928, section 6.
fn meaning(reply: u8) -> String {
    let meaning = match reply {
        2 => "its rules do not allow a way to this host",
        3 => "the network is unreachable from it",
        4 => "the host is unreachable from it, or has no address there",
        5 => "the host refuses its connection",
        6 => "its connection took too long",
        _ => return format!("it failed with reply {reply}"),
    };
    meaning.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user() -> Option<User> {
        let part = |text: &str| Zeroizing::new(text.as_bytes().to_vec());
        Some(User { name: part("me"), password: part("canary") })
    }

    /// What is sent for these answers, each in pieces of so many bytes.
    fn talk(user: Option<User>, host: &str, answers: &[&[u8]], size: usize) -> Result<Vec<Vec<u8>>, String> {
        let mut socks = Socks::new(user, host, 443)?;
        let mut sent = vec![socks.unsent().to_vec()];
        for answer in answers {
            let mut stands = false;
            for piece in answer.chunks(size) {
                assert!(!stands);
                stands = socks.take(piece)?;
            }
            if stands {
                return Ok(sent);
            }
            sent.push(socks.unsent().to_vec());
        }
        Err("no tunnel".to_owned())
    }

    #[test]
    fn every_split_of_the_answers_opens_the_tunnel() {
        let reply = |address: &[u8]| [&[5, 0, 0], address, &[1, 187]].concat();
        for address in [&[1, 127, 0, 0, 1][..], &[3, 2, b'a', b'b'], &[&[4][..], &[0; 16]].concat()] {
            for size in 1..=22 {
                let sent = talk(None, "a.example", &[&[5, 0], &reply(address)], size).expect("a tunnel");
                assert_eq!(sent, [&[5, 1, 0][..], b"\x05\x01\x00\x03\x09a.example\x01\xbb"]);
                let sent = talk(user(), "::1", &[&[5, 2], &[1, 0], &reply(address)], size).expect("a tunnel");
                assert_eq!(sent[..2], [&[5, 2, 0, 2][..], b"\x01\x02me\x06canary"]);
                assert_eq!(sent[2], [&[5, 1, 0, 4][..], &[0; 15], &[1, 1, 187]].concat());
            }
        }
    }

    #[test]
    fn whatever_else_it_says_is_no_tunnel() {
        for (user, answers, says) in [
            (None, &[&b"HTTP/1.1 400"[..]][..], "no SOCKS proxy"),
            (None, &[&[4, 0]], "no SOCKS proxy"),
            (None, &[&[5, 2]], "a user and a password"),
            (None, &[&[5, 255]], "a user and a password"),
            (user(), &[&[5, 255]], "another proof"),
            (user(), &[&[5, 2], &[1, 1]], "refuses the user"),
            (None, &[&[5, 0], &[5, 2]], "its rules"),
            (None, &[&[5, 0], &[5, 9, 0, 1]], "reply 9"),
            (None, &[&[5, 0], &[5, 0, 0, 9, 0]], "no kind"),
            (None, &[&[5, 0], &[5, 0, 0, 1, 0, 0, 0, 0, 0, 0, 22]], "bytes of its own"),
            (None, &[&[5, 0], &[5, 0, 0, 1, 0, 0, 0, 0, 0]], "no tunnel"),
        ] {
            let error = talk(user, "a.example", answers, 99).expect_err(says);
            assert!(error.contains(says) && !error.contains("canary"), "{answers:?}: {error}");
        }
        assert!(Socks::new(None, &"a".repeat(256), 1).is_err());
        assert_eq!(format!("{:?}", user()), "Some(User(hidden))");
    }
}
