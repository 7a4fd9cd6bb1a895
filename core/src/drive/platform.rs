//! What a job needs of the world: time, connections, and tokens if they come from outside.

#[cfg(feature = "embedded-io-async")]
use core::future::Future;

use crate::http::{AccessToken, End};
#[cfg(doc)]
use crate::job::Step;
use crate::job::{Fault, Peer};

/// A connection, and whether it has carried an exchange before.
#[derive(Clone, Copy, Debug)]
pub struct Link<L> {
    /// The connection; TLS over it is the platform's.
    pub io: L,
    /// Whether it was kept from an earlier exchange with the very same peer, and nothing at all has come on it since,
    /// part of a TLS record included.
    pub is_kept: bool,
}

/// The token that a job wants: see [`Step::Token`].
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The claims that it has to satisfy, in base64 as the service sent them.
    pub claims: Option<&'a str>,
    /// Whether the service has just refused the one that the job had.
    pub was_refused: bool,
    /// When to give up.
    pub by: u64,
}

/// A token from outside.
#[derive(Clone, Copy, Debug)]
pub struct Granted<'a> {
    /// The token.
    pub token: AccessToken<'a>,
    /// The milliseconds that it lives from now on, if that is known.
    pub lifetime: Option<u64>,
}

/// What a job needs of the world, by calls that return when it is done.
///
/// All times are milliseconds of the clock that [`now`](Self::now) reads.
#[cfg(feature = "embedded-io")]
pub trait Platform {
    /// A connection to a peer. The kind of its errors says what became of it: `TimedOut`, `PermissionDenied` for a
    /// certificate that proves nothing, `InvalidData` for TLS, and anything else for a connection that is lost.
    type Link: embedded_io::Read + embedded_io::Write;

    /// What a read of no bytes means: `CloseNotify` only where TLS has said so.
    const END: End = End::Cut;

    /// The time.
    fn now(&mut self) -> u64;

    /// Lets time pass.
    fn wait(&mut self, until: u64);

    /// A connection to the peer: one that was kept, unless it has to be a fresh one, or a new one. What has come on a new
    /// one before anything is asked is no answer: such a connection is better given up.
    ///
    /// # Errors
    /// Why there is no connection by the time `by`.
    fn open(&mut self, peer: Peer<'_>, is_fresh: bool, by: u64) -> Result<Link<Self::Link>, Fault>;

    /// Says when the next read or write has to fail.
    fn set_deadline(&mut self, link: &mut Self::Link, by: u64);

    /// Takes back a connection that may carry another exchange.
    fn keep(&mut self, link: Self::Link) {
        drop(link);
    }

    /// Takes back a connection that may carry no other exchange.
    fn close(&mut self, link: Self::Link) {
        drop(link);
    }

    /// Brings a token, where the plan says that it comes from outside.
    ///
    /// # Errors
    /// Why there is none.
    fn token(&mut self, wanted: Wanted<'_>) -> Result<Granted<'_>, Fault> {
        let _ = wanted;
        Err(Fault::NoToken)
    }
}

/// What a job needs of the world, by calls that are awaited. Every future may be dropped.
///
/// All times are milliseconds of the clock that [`now`](Self::now) reads.
#[cfg(feature = "embedded-io-async")]
pub trait AsyncPlatform {
    /// A connection to a peer. The kind of its errors says what became of it: `TimedOut`, `PermissionDenied` for a
    /// certificate that proves nothing, `InvalidData` for TLS, and anything else for a connection that is lost.
    type Link: embedded_io_async::Read + embedded_io_async::Write;

    /// What a read of no bytes means: `CloseNotify` only where TLS has said so.
    const END: End = End::Cut;

    /// The time.
    fn now(&mut self) -> u64;

    /// Lets time pass. A read or write that is not over by then is given up.
    fn wait(&mut self, until: u64) -> impl Future<Output = ()>;

    /// Lets time pass between two exchanges. A platform that shares its connections lets others have them meanwhile.
    fn pause(&mut self, until: u64) -> impl Future<Output = ()> {
        self.wait(until)
    }

    /// A connection to the peer: one that was kept, unless it has to be a fresh one, or a new one. What has come on a new
    /// one before anything is asked is no answer: such a connection is better given up.
    ///
    /// # Errors
    /// Why there is no connection by the time `by`.
    fn open(
        &mut self,
        peer: Peer<'_>,
        is_fresh: bool,
        by: u64,
    ) -> impl Future<Output = Result<Link<Self::Link>, Fault>>;

    /// Says when the next read or write has to fail: for a connection that keeps time itself.
    fn set_deadline(&mut self, link: &mut Self::Link, by: u64) {
        let _ = (link, by);
    }

    /// Takes back a connection that may carry another exchange. One that is dropped may not.
    fn keep(&mut self, link: Self::Link) {
        drop(link);
    }

    /// Takes back a connection that may carry no other exchange, and ends it as its protocol wants.
    fn close(&mut self, link: Self::Link) -> impl Future<Output = ()> {
        async move { drop(link) }
    }

    /// Brings a token, where the plan says that it comes from outside.
    ///
    /// # Errors
    /// Why there is none.
    fn token(&mut self, wanted: Wanted<'_>) -> impl Future<Output = Result<Granted<'_>, Fault>> {
        let _ = wanted;
        async { Err(Fault::NoToken) }
    }
}
