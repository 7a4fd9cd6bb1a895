//! A hostile TLS peer: a server of TLS 1.2 and 1.3 that does everything it should not, each by a name, and what the one
//! right outcome of each is.
//!
//! - [`table`] lists what it does; whatever a client is, it is held to the same rows.
//! - [`meet`] has a client meet a row, and says what became of it.
//! - [`HostilePeer`] is the program; `cargo run -p graph-call-tests --example hostile_peer` lists and runs it.
//!
//! The handshake is rustls's, its bytes altered on the way; the records after it are written by hand.

mod peer;
pub mod records;
mod table;
mod trial;

pub use peer::{Asked, HostilePeer, Talk, Then, Wire, config};
pub use table::table;
pub use trial::{Get, good, meet};

use std::io;

/// The version of TLS that a peer speaks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Version {
    /// RFC 5246
    Tls12,
    /// RFC 8446
    Tls13,
}

impl Version {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Tls12, Self::Tls13];
}

/// The one right outcome of a reading.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// The call is read, over the connection there is.
    Call,
    /// What the connection said is not taken: the call is read over another one.
    CallAnew,
    /// An error: the connection was cut.
    Cut,
    /// An error: the peer does not speak TLS as it has to.
    Tls,
    /// An error: the peer does not prove who it is.
    Certificate,
    /// An error: the peer spoke before it was asked.
    Answer,
    /// An error: a deadline.
    Timeout,
}

/// What the peer does.
pub struct Behaviour {
    /// Its name.
    pub name: &'static str,
    /// What a client has to make of it under TLS 1.2; none where it is not to be had.
    pub tls12: Option<Outcome>,
    /// The same under TLS 1.3.
    pub tls13: Option<Outcome>,
    /// What a device has to make of it, where that is something else.
    pub device: Option<Device>,
    pub(crate) act: Act,
}

/// What a device rightly makes of a row that is something else on a desktop: its TLS is another library, Mbed TLS.
#[derive(Clone, Copy, Debug)]
pub struct Device {
    /// Under TLS 1.2.
    pub tls12: Option<Outcome>,
    /// Under TLS 1.3.
    pub tls13: Option<Outcome>,
    /// Why that is right too.
    pub why: &'static str,
}

impl Behaviour {
    /// The one with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        table().iter().find(|behaviour| behaviour.name == name)
    }

    /// What a client has to make of it.
    #[must_use]
    pub fn outcome(&self, version: Version) -> Option<Outcome> {
        match version {
            Version::Tls12 => self.tls12,
            Version::Tls13 => self.tls13,
        }
    }

    /// What a device has to make of it.
    #[must_use]
    pub fn on_a_device(&self, version: Version) -> Option<Outcome> {
        match (self.device, version) {
            (None, version) => self.outcome(version),
            (Some(device), Version::Tls12) => device.tls12,
            (Some(device), Version::Tls13) => device.tls13,
        }
    }

    /// Whether it strikes a new connection, before anything is asked.
    #[must_use]
    pub fn is_of_a_new_connection(&self) -> bool {
        matches!(
            self.act,
            Act::Handshake(_) | Act::Fragments(_) | Act::Finished | Act::Early(_) | Act::Connected(_)
        )
    }

    /// Whether it is all in the handshake: where an error comes of it, nothing was proved.
    #[must_use]
    pub fn is_in_the_handshake(&self) -> bool {
        matches!(self.act, Act::Handshake(_) | Act::Fragments(_) | Act::Finished)
    }

    /// Whether it follows a good answer, of its own accord: the request after that one meets it.
    #[must_use]
    pub fn is_between_requests(&self) -> bool {
        matches!(self.act, Act::Idle(_))
    }

    /// Whether it is what a request meets on a connection that has served another one.
    #[must_use]
    pub fn is_of_a_kept_connection(&self) -> bool {
        matches!(self.act, Act::Kept(_))
    }
}

impl core::fmt::Debug for Behaviour {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.name)
    }
}

/// When it strikes, and by what.
pub(crate) enum Act {
    /// Each flight of the handshake, by its number, passes here; flight 0 is empty, and comes before anything is read.
    Handshake(fn(&mut Wire, usize, Vec<u8>) -> io::Result<Then>),
    /// The handshake's messages come in records of so many bytes.
    Fragments(usize),
    /// The peer's Finished does not fit its handshake.
    Finished,
    /// This text comes with the last flight of the handshake.
    Early(fn() -> Vec<u8>),
    /// The handshake is over, and nothing was asked.
    Connected(fn(&mut Talk) -> io::Result<Then>),
    /// Something was asked.
    Answer(fn(&mut Talk, &Asked) -> io::Result<Then>),
    /// A good answer was given.
    Idle(fn(&mut Talk, &Asked) -> io::Result<Then>),
    /// Something was asked, and not for the first time.
    Kept(fn(&mut Talk, &Asked) -> io::Result<Then>),
}
