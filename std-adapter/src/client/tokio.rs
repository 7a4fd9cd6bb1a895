//! The client for programs that run on tokio.
//!
//! It runs over tokio's own sockets rather than over the traits of embedded-nal-async: a program on tokio has exactly one
//! network stack, and a program without tokio has [`graph_call::drive::Nal`].

use core::fmt;
use core::future::Future;
use core::time::Duration;
use std::sync::Arc;

use embedded_io_async::{ErrorType, Read, Write};
use graph_call::HeapCall;
use graph_call::job::Watched;

use super::builder::ClientBuilder;
use super::engine::Engine;
use super::network::{self, Network};
use super::pool::Pool;
use super::query::{self, Fetched, Query};
use super::settings::milliseconds;
use super::tokens::{Asked, ask, is_slow};
use super::watch::{Reading, Watch};
use crate::answer::AnswerHead;
use crate::credential::{Offer, Secret, Wanted};
use crate::error::{Error, ErrorKind, Phase};
use crate::event::Event;
use crate::net::connection::{Route, cut};
use crate::net::socket::Whole;
use crate::net::tokio::{Connection, Context, Timer};

/// Fetches calls without blocking a thread.
///
/// It is shared by reference or by clones: all have one token and one pool of connections, and wait for their turn in
/// the order in which they came. Every future may be dropped: its connection is given back if it is clean, and closed if
/// it is not.
///
/// ```
/// use graph_call_std::credential::FixedToken;
/// use graph_call_std::{Client, Error};
///
/// async fn state(token: String, id: &str) -> Result<(), Error> {
///     let client = Client::builder().credential(FixedToken::new(token)?).build_async()?;
///     let fetched = client.get_call(id).await?;
///     println!("{:?}", fetched.call.state.get());
///     Ok(())
/// }
/// ```
#[derive(Clone)]
pub struct AsyncClient(Arc<Engine<Tokio>>);

impl AsyncClient {
    /// Fetches a call, whatever its size: only the content has a limit.
    ///
    /// # Errors
    /// Whatever keeps the call from being read: see [`ErrorKind`].
    pub async fn get_call<'q>(&self, query: impl Into<Query<'q>>) -> Result<Fetched, Error> {
        self.get_call_as::<HeapCall>(query).await
    }

    /// Fetches a call of other capacities.
    ///
    /// # Errors
    /// As [`get_call`](Self::get_call).
    pub async fn get_call_as<'q, C>(&self, query: impl Into<Query<'q>>) -> Result<Fetched<C>, Error>
    where
        C: Watched + Default + Send + 'static,
    {
        let (query, mut call) = (query.into(), query::empty::<C>());
        let head = self.0.get(&query, &mut *call).await?;
        Ok(Fetched { call, head })
    }

    /// Fetches a call in the place of an older one, which stays as it is if that fails.
    ///
    /// # Errors
    /// As [`get_call`](Self::get_call).
    pub async fn get_call_into<'q, C>(
        &self,
        query: impl Into<Query<'q>>,
        call: &mut C,
    ) -> Result<AnswerHead, Error>
    where
        C: Watched + Default + Send + 'static,
    {
        let Fetched { call: fetched, head } = self.get_call_as::<C>(query).await?;
        *call = *fetched;
        Ok(head)
    }

    /// Fetches a call, and keeps the content of the last answer as the service sent it, also where that is no call; `None` if
    /// there was no answer.
    pub async fn get_call_with_content<'q>(
        &self,
        query: impl Into<Query<'q>>,
    ) -> (Result<Fetched, Error>, Option<Vec<u8>>) {
        let (query, mut call) = (query.into(), query::empty::<HeapCall>());
        let (result, content) = self.0.get_with_content(&query, &mut *call).await;
        (result.map(|head| Fetched { call, head }), content)
    }

    /// The access token of all readings: signs in if there is none that will do. It is for looking at what it says
    /// ([`Claims`](crate::credential::Claims)); whoever has it can read calls.
    ///
    /// # Errors
    /// Whatever keeps the credential from giving one.
    pub async fn access_token(&self) -> Result<Secret, Error> {
        self.0.access_token().await
    }

    /// Reads a call again and again until it ends.
    pub fn watch<'q>(&self, query: impl Into<Query<'q>>) -> AsyncWatch<'q> {
        self.watch_as(query)
    }

    /// Watches a call of other capacities.
    pub fn watch_as<'q, C>(&self, query: impl Into<Query<'q>>) -> AsyncWatch<'q, C>
    where
        C: Watched + Default + Send + 'static,
    {
        Watch::new(self.clone(), query.into())
    }

    /// Closes the connections that are kept for the next calls.
    pub async fn disconnect(&self) {
        self.0.disconnect().await;
    }
}

impl fmt::Debug for AsyncClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AsyncClient").field(&self.0).finish()
    }
}

/// The readings of a watched call; made by [`AsyncClient::watch`]. The rules are those of [`Watch`].
///
/// Many of them run over one client: between two readings a watch has no connection.
///
/// ```
/// use graph_call_std::{AsyncClient, Error, Reading};
///
/// async fn follow(client: &AsyncClient, id: &str) -> Result<(), Error> {
///     let mut watch = client.watch(id);
///     while let Some(reading) = watch.next().await {
///         match reading? {
///             Reading::Call(fetched) => println!("{:?}", fetched.call.state.get()),
///             Reading::Gone(_) => println!("it has ended"),
///         }
///     }
///     Ok(())
/// }
/// ```
pub type AsyncWatch<'q, C = HeapCall> = Watch<'q, AsyncClient, C>;

impl<C: Watched + Default + Send + 'static> AsyncWatch<'_, C> {
    /// The next reading, after the wait that is due; `None` once the call has ended.
    ///
    /// The future may be dropped at any time. The next one goes on where it was: with the rest of the wait, or with the
    /// reading from its beginning.
    pub async fn next(&mut self) -> Option<Result<Reading<C>, Error>> {
        self.state.next(&self.client.0).await
    }
}

impl ClientBuilder {
    /// A client for programs that run on tokio.
    ///
    /// # Errors
    /// `Usage` when there is no credential, or when a part cannot be used.
    pub fn build_async(self) -> Result<AsyncClient, Error> {
        let parts = self.with_system_proxies()?.settle()?;
        let more = parts.settings.connections;
        Ok(AsyncClient(Arc::new(Engine::new(parts, Tokio(Timer::start()), Vec::new(), more))))
    }
}

/// tokio's network.
pub(crate) struct Tokio(Timer);

/// A connection, and another one beside it.
#[derive(Default)]
pub(crate) struct TokioLane {
    connection: Option<Connection>,
    aside: Option<Connection>,
}

impl Network for Tokio {
    type Lane = TokioLane;

    fn now(&self) -> u64 {
        milliseconds(self.0.now())
    }

    fn lane(&self) -> TokioLane {
        TokioLane::default()
    }

    async fn wait(&self, until: u64, _pool: &Pool<TokioLane>) {
        tokio::time::sleep(Duration::from_millis(until).saturating_sub(self.0.now())).await;
    }

    async fn within<T>(&self, future: impl Future<Output = T>, by: u64) -> Option<T> {
        tokio::time::timeout(Duration::from_millis(by).saturating_sub(self.0.now()), future).await.ok()
    }

    async fn open(
        &self,
        lane: &mut TokioLane,
        route: &Route<'_>,
        by: u64,
        events: &mut impl FnMut(&Event<'_>),
    ) -> Result<(), Error> {
        let by = Duration::from_millis(by);
        let whole = Whole { span: by.saturating_sub(self.0.now()), by };
        lane.connection = Some(Connection::open(&mut Context { timer: self.0, events, whole }, route).await?);
        Ok(())
    }

    async fn close(&self, lane: &mut TokioLane) {
        if let Some(connection) = lane.connection.take() {
            connection.close().await;
        }
    }

    async fn offer(&self, credential: &Asked, wanted: Wanted<'_>) -> (Result<Offer, Error>, u64) {
        if !is_slow(credential) {
            return ask(credential, &wanted);
        }
        let (credential, claims) = (Asked::clone(credential), wanted.claims.map(str::to_owned));
        let Wanted { cloud, was_refused, .. } = wanted;
        let asked = tokio::task::spawn_blocking(move || {
            ask(&credential, &Wanted { cloud, claims: claims.as_deref(), was_refused })
        });
        asked.await.unwrap_or_else(|error| {
            let text = "the credential panicked";
            (Err(Error::new(ErrorKind::Credential, Phase::Credential, text).caused_by(error)), 0)
        })
    }
}

impl network::Lane for TokioLane {
    fn authority(&self) -> Option<&str> {
        self.connection.as_ref().map(Connection::authority)
    }

    fn is_clean(&mut self) -> bool {
        self.connection.as_mut().is_some_and(Connection::is_clean)
    }

    fn has_spoken(&mut self) -> bool {
        self.connection.as_mut().is_some_and(Connection::has_spoken)
    }

    fn set_deadline(&mut self, _by: u64) {}

    fn swap(&mut self) {
        core::mem::swap(&mut self.connection, &mut self.aside);
    }

    fn clear(&mut self) {
        *self = Self::default();
    }
}

impl ErrorType for TokioLane {
    type Error = Error;
}

impl Read for TokioLane {
    async fn read(&mut self, output: &mut [u8]) -> Result<usize, Error> {
        match &mut self.connection {
            Some(connection) => connection.read(output).await,
            None => Err(cut(Phase::Receive)),
        }
    }
}

impl Write for TokioLane {
    async fn write(&mut self, input: &[u8]) -> Result<usize, Error> {
        match &mut self.connection {
            Some(connection) => connection.write(input).await,
            None => Err(cut(Phase::Send)),
        }
    }

    async fn flush(&mut self) -> Result<(), Error> {
        Ok(())
    }
}
