//! What a client needs of its network: the same for one that is awaited and one that blocks, whose futures never wait.

use core::future::Future;

use embedded_io_async::{Read, Write};

use super::pool::Pool;
use super::tokens::Asked;
use crate::credential::{Offer, Wanted};
use crate::error::Error;
use crate::event::Event;
use crate::net::connection::Route;

/// A network, and a clock in milliseconds.
pub(crate) trait Network {
    /// What one exchange at a time has.
    type Lane: Lane;

    /// The time.
    fn now(&self) -> u64;

    /// Another lane, without a connection.
    fn lane(&self) -> Self::Lane;

    /// Waits until a time; what is not in use of the pool may have to be kept alive meanwhile.
    fn wait(&self, until: u64, pool: &Pool<Self::Lane>) -> impl Future<Output = ()>;

    /// What a future gives, unless the time comes first.
    fn within<T>(&self, future: impl Future<Output = T>, by: u64) -> impl Future<Output = Option<T>>;

    /// Opens the connection of a lane.
    fn open(
        &self,
        lane: &mut Self::Lane,
        route: &Route<'_>,
        by: u64,
        events: &mut impl FnMut(&Event<'_>),
    ) -> impl Future<Output = Result<(), Error>>;

    /// Ends the connection of a lane, as TLS wants it.
    fn close(&self, lane: &mut Self::Lane) -> impl Future<Output = ()>;

    /// Asks a credential, without holding up others.
    fn offer(
        &self,
        credential: &Asked,
        wanted: Wanted<'_>,
    ) -> impl Future<Output = (Result<Offer, Error>, u64)>;
}

/// A place for a connection to the service, and for another one beside it.
pub(crate) trait Lane: Read<Error = Error> + Write<Error = Error> {
    /// `host:port` of the connection.
    fn authority(&self) -> Option<&str>;

    /// Whether there is a connection, it is open, and nothing at all has come on it.
    fn is_clean(&mut self) -> bool;

    /// Whether something has come on a new connection, on which nothing was asked.
    fn has_spoken(&mut self) -> bool;

    /// When the next read or write has to fail, for a lane that blocks.
    fn set_deadline(&mut self, by: u64);

    /// Puts the connection aside, and takes the one that was there: for a sign-in between two requests.
    fn swap(&mut self);

    /// Drops all connections.
    fn clear(&mut self);
}
