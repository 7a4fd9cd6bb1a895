//! What the job needs of the world, over the network of the board.

use core::cell::RefCell;

use embedded_io::{Read, Write};
use graph_call::drive::{Link, Platform};
use graph_call::http::End;
use graph_call::job::{Fault, Peer};
use heapless::String;
use room::{day, sntp};
use smoltcp::wire::IpEndpoint;

use crate::{Net, Tcp};

/// The longest host name (RFC 1035, section 2.3.4).
const HOST_LENGTH_MAX: usize = 255;

/// What makes a connection one that may carry a secret.
pub trait Secure {
    /// The connection.
    type Link: Read + Write;

    /// What a read of no bytes means.
    const END: End;

    /// Whether it needs to know the time.
    const NEEDS_TIME: bool;

    /// Proves that the peer of a connection is the one that was meant.
    ///
    /// # Errors
    /// When it is not, or has not proved it by the deadline that the connection has.
    fn open(&mut self, tcp: Tcp, peer: Peer<'_>) -> Result<Self::Link, Fault>;

    /// The connection below.
    fn tcp(link: &mut Self::Link) -> &mut Tcp;

    /// Whether nothing has come that was not read, part of a record included.
    fn is_silent(link: &mut Self::Link) -> bool {
        Self::tcp(link).is_silent()
    }

    /// Logs what it took.
    fn tell(&self) {}
}

/// No proof at all: for a test double on the same desk.
pub struct Plain;

impl Secure for Plain {
    type Link = Tcp;

    const END: End = End::Cut;
    const NEEDS_TIME: bool = false;

    fn open(&mut self, tcp: Tcp, _: Peer<'_>) -> Result<Tcp, Fault> {
        Ok(tcp)
    }

    fn tcp(link: &mut Tcp) -> &mut Tcp {
        link
    }
}

/// The platform: the network, and the connection that is kept.
pub struct Board<S: Secure> {
    net: &'static RefCell<Net>,
    secure: S,
    kept: Option<S::Link>,
    /// Whom the last connection was made for.
    host: String<HOST_LENGTH_MAX>,
    port: u16,
}

impl<S: Secure> Board<S> {
    /// A platform over a network.
    pub const fn new(net: &'static RefCell<Net>, secure: S) -> Self {
        Self { net, secure, kept: None, host: String::new(), port: 0 }
    }

    /// A number that is another one each time.
    pub fn ticks(&mut self) -> u64 {
        self.net.borrow_mut().ticks()
    }

    /// Logs what the proofs took.
    pub fn tell(&self) {
        self.secure.tell();
    }

    /// Asks what time it is: until it is known, where proofs need it.
    pub fn learn_time(&mut self) {
        let mut attempts = 0;
        while attempts < sntp::ATTEMPTS || S::NEEDS_TIME {
            attempts = attempts.saturating_add(1);
            let now = self.now();
            if let Some(seconds) = self.ask_time(now + sntp::PATIENCE) {
                defmt::info!("time {}", seconds);
                return day::set(now, seconds);
            }
            defmt::warn!("no time to be believed");
            self.wait(now + sntp::PATIENCE);
        }
    }

    fn ask_time(&mut self, by: u64) -> Option<u64> {
        let mut net = self.net.borrow_mut();
        net.wait(by, |net| net.has_lease().then_some(()))?;
        let address = net.resolve(sntp::HOST, by)?;
        let number = net.ticks();
        let to = IpEndpoint::new(address, sntp::PORT);
        net.ask(to, &sntp::request(number), by, |answer| sntp::seconds(answer, number))
    }

    /// A new connection to a peer.
    fn connect(&mut self, peer: Peer<'_>, by: u64) -> Result<S::Link, Fault> {
        let mut net = self.net.borrow_mut();
        net.wait(by, |net| net.has_lease().then_some(())).ok_or(Fault::Timeout)?;
        let address = net.resolve(peer.host, by).ok_or(Fault::NotResolved)?;
        if !net.connect(IpEndpoint::new(address, peer.port), by) {
            return Err(Fault::NotConnected);
        }
        drop(net);
        let mut link = self.secure.open(Tcp::new(self.net, by), peer)?;
        // What has come before anything is asked answers nothing.
        S::tcp(&mut link).set_deadline(self.now());
        match link.read(&mut [0]) {
            Ok(1..) => Err(Fault::NotConnected),
            _ => Ok(link),
        }
    }
}

impl<S: Secure> Platform for Board<S> {
    type Link = S::Link;

    const END: End = S::END;

    fn now(&mut self) -> u64 {
        self.net.borrow_mut().now()
    }

    fn wait(&mut self, until: u64) {
        // The network goes on meanwhile: a lease is renewed, and the end of a connection is taken note of.
        let nothing: Option<()> = self.net.borrow_mut().wait(until, |_| None);
        debug_assert!(nothing.is_none());
    }

    fn open(&mut self, peer: Peer<'_>, is_fresh: bool, by: u64) -> Result<Link<S::Link>, Fault> {
        if let Some(mut io) = self.kept.take()
            && !is_fresh
            && (self.host.as_str(), self.port) == (peer.host, peer.port)
            && S::is_silent(&mut io)
        {
            return Ok(Link { io, is_kept: true });
        }
        self.host.clear();
        // Of a host that is too long nothing is noted, and no connection to it is kept.
        let _ = self.host.push_str(peer.host);
        self.port = peer.port;
        self.connect(peer, by).map(|io| Link { io, is_kept: false })
    }

    fn set_deadline(&mut self, link: &mut S::Link, by: u64) {
        S::tcp(link).set_deadline(by);
    }

    fn keep(&mut self, link: S::Link) {
        self.kept = Some(link);
    }
}
