//! The blocking client: over the operating system's network, or any embedded-nal stack.

use core::fmt;
use core::future::Future;
use core::time::Duration;
use std::sync::Arc;

use embedded_io::{ErrorType, Read as _, Write as _};
use embedded_io_async::{Read, Write};
use embedded_nal::{Dns, TcpClientStack};
use graph_call::HeapCall;
use graph_call::job::Watched;

use super::block_on::{block_on, block_until};
use super::engine::{Engine, Parts};
use super::network::{self, Network};
use super::pool::{Pool, Taken};
use super::query::{self, Fetched, Query};
use super::settings::milliseconds;
use super::tokens::{Asked, ask};
use super::watch::{Reading, Watch};
use crate::answer::AnswerHead;
use crate::clock::Clock;
use crate::credential::{Offer, Secret, Wanted};
use crate::error::{Error, Phase};
use crate::event::Event;
use crate::net::connection::{Connection, Route};
use crate::net::dial::Context;
use crate::net::socket::{Limit, Pace, Whole};
use crate::net::stack::Stack;

/// The longest that a polled stack is left alone.
const IDLE: Duration = Duration::from_millis(10);

/// Fetches calls.
///
/// It is shared by reference or by clones, between threads too: all have one token and one pool of connections.
///
/// ```
/// use graph_call_std::Client;
/// use graph_call_std::credential::FixedToken;
/// # use graph_call_std::service::{GROUP_CALL, Service};
/// # use graph_call_std::tls::{Roots, Trust};
/// # let service = Service::start()?;
/// # let token = service.access_token();
/// # let id = GROUP_CALL;
///
/// let client = Client::builder()
///     .credential(FixedToken::new(token)?)
/// #   .trust(Trust::new(Roots::Only, service.ca_pem().as_bytes())?)
/// #   .connect_to(service.address().to_string())
///     .build()?;
///
/// let fetched = client.get_call(id)?;
/// println!("{:?}: {:?}", fetched.call.subject.as_str(), fetched.call.state.get());
///
/// // Later, in the place of the older one; the connection is still open.
/// let mut call = *fetched.call;
/// client.get_call_into(id, &mut call)?;
/// # assert_eq!(call.id.as_str(), Some(id));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Client<S: TcpClientStack + Dns = Stack>(Arc<Engine<Blocking<S>>>);

/// Makes a stack, and how to wait for it.
type Make<S> = Box<dyn Fn(Arc<dyn Clock + Send + Sync>) -> (S, Pace<S>) + Send + Sync>;

impl Client<Stack> {
    /// A client that makes a stack for each connection.
    pub(crate) fn over_many(parts: Parts, make: Make<Stack>) -> Self {
        let clock: Arc<dyn Clock + Send + Sync> = Arc::new(crate::clock::SystemClock::new());
        let more = parts.settings.connections;
        Self(Arc::new(Engine::new(
            parts,
            Blocking { clock, is_polled: false, make: Some(make) },
            Vec::new(),
            more,
        )))
    }
}

impl<S: TcpClientStack + Dns> Client<S> {
    /// A client that has one stack.
    pub(crate) fn over_one(parts: Parts, stack: S, pace: Pace<S>) -> Self {
        let network = Blocking { clock: pace.clock(), is_polled: pace.is_polled(), make: None };
        let lane = BlockingLane::new(Some((stack, pace)));
        Self(Arc::new(Engine::new(parts, network, vec![lane], 0)))
    }

    /// Fetches a call, whatever its size: only the content has a limit.
    ///
    /// # Errors
    /// Whatever keeps the call from being read: see [`ErrorKind`](crate::ErrorKind).
    pub fn get_call<'q>(&self, query: impl Into<Query<'q>>) -> Result<Fetched, Error> {
        self.get_call_as::<HeapCall>(query)
    }

    /// Fetches a call of other capacities, for example a [`Call`](graph_call::Call), whose text is within it.
    ///
    /// # Errors
    /// As [`get_call`](Self::get_call).
    pub fn get_call_as<'q, C>(&self, query: impl Into<Query<'q>>) -> Result<Fetched<C>, Error>
    where
        C: Watched + Default + Send + 'static,
    {
        let mut call = query::empty::<C>();
        let head = block_on(self.0.get(&query.into(), &mut *call))?;
        Ok(Fetched { call, head })
    }

    /// Fetches a call in the place of an older one, which stays as it is if that fails.
    ///
    /// # Errors
    /// As [`get_call`](Self::get_call).
    pub fn get_call_into<'q, C>(&self, query: impl Into<Query<'q>>, call: &mut C) -> Result<AnswerHead, Error>
    where
        C: Watched + Default + Send + 'static,
    {
        let Fetched { call: fetched, head } = self.get_call_as::<C>(query)?;
        *call = *fetched;
        Ok(head)
    }

    /// Fetches a call, and keeps the content of the last answer as the service sent it, also where that is no call; `None` if
    /// there was no answer.
    ///
    /// ```
    /// # use graph_call_std::Client;
    /// # use graph_call_std::credential::FixedToken;
    /// # use graph_call_std::service::{GROUP_CALL, Service};
    /// # use graph_call_std::tls::{Roots, Trust};
    /// # let service = Service::start()?;
    /// # let client = Client::builder()
    /// #     .credential(FixedToken::new(service.access_token())?)
    /// #     .trust(Trust::new(Roots::Only, service.ca_pem().as_bytes())?)
    /// #     .connect_to(service.address().to_string())
    /// #     .build()?;
    /// let (fetched, content) = client.get_call_with_content("no-such-call");
    /// assert!(fetched.is_err_and(|error| error.is_no_such_call()));
    /// assert!(content.is_some_and(|content| content.starts_with(b"{\"error\":")));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn get_call_with_content<'q>(
        &self,
        query: impl Into<Query<'q>>,
    ) -> (Result<Fetched, Error>, Option<Vec<u8>>) {
        let mut call = query::empty::<HeapCall>();
        let (result, content) = block_on(self.0.get_with_content(&query.into(), &mut *call));
        (result.map(|head| Fetched { call, head }), content)
    }

    /// The access token of all readings: signs in if there is none that will do. It is for looking at what it says
    /// ([`Claims`](crate::credential::Claims)); whoever has it can read calls.
    ///
    /// # Errors
    /// Whatever keeps the credential from giving one.
    pub fn access_token(&self) -> Result<Secret, Error> {
        block_on(self.0.access_token())
    }

    /// Reads a call again and again until it ends.
    pub fn watch<'q>(&self, query: impl Into<Query<'q>>) -> Watch<'q, Self> {
        self.watch_as(query)
    }

    /// Watches a call of other capacities.
    pub fn watch_as<'q, C>(&self, query: impl Into<Query<'q>>) -> Watch<'q, Self, C>
    where
        C: Watched + Default + Send + 'static,
    {
        Watch::new(self.clone(), query.into())
    }

    /// Closes the connections that are kept for the next calls.
    pub fn disconnect(&self) {
        block_on(self.0.disconnect());
    }
}

impl<S: TcpClientStack + Dns> Clone for Client<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S: TcpClientStack + Dns> fmt::Debug for Client<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Client").field(&self.0).finish()
    }
}

impl<S: TcpClientStack + Dns, C: Watched + Default + Send + 'static> Iterator for Watch<'_, Client<S>, C> {
    type Item = Result<Reading<C>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        block_on(self.state.next(&self.client.0))
    }
}

/// A network that blocks: its futures are over when they are looked at.
pub(crate) struct Blocking<S> {
    clock: Arc<dyn Clock + Send + Sync>,
    is_polled: bool,
    /// None where there is one stack, which is in the pool.
    make: Option<Make<S>>,
}

/// A stack, how to wait for it, and what it is connected to.
pub(crate) struct BlockingLane<S: TcpClientStack> {
    /// None where a lane was asked for that there is not.
    stack: Option<(S, Pace<S>)>,
    connection: Option<Connection<S>>,
    aside: Option<Connection<S>>,
    limit: Limit,
}

/// A moment of the clock, as a job has it.
fn moment(by: u64) -> Duration {
    Duration::from_millis(by)
}

impl<S: TcpClientStack + Dns> Network for Blocking<S> {
    type Lane = BlockingLane<S>;

    fn now(&self) -> u64 {
        milliseconds(self.clock.now())
    }

    fn lane(&self) -> Self::Lane {
        BlockingLane::new(self.make.as_ref().map(|make| make(Arc::clone(&self.clock))))
    }

    async fn wait(&self, until: u64, pool: &Pool<Self::Lane>) {
        loop {
            let left = moment(until).saturating_sub(self.clock.now());
            if left.is_zero() {
                return;
            }
            if !self.is_polled {
                self.clock.sleep(left);
            } else if let Some(Taken::Idle(mut lane)) = pool.try_take() {
                lane.poll();
                pool.put(lane);
                self.clock.sleep(left.min(IDLE));
            } else {
                // Whoever has the stack polls it.
                self.clock.sleep(left.min(IDLE));
            }
        }
    }

    async fn within<T>(&self, future: impl Future<Output = T>, by: u64) -> Option<T> {
        block_until(future, || moment(by).saturating_sub(self.clock.now()))
    }

    async fn open(
        &self,
        lane: &mut Self::Lane,
        route: &Route<'_>,
        by: u64,
        events: &mut impl FnMut(&Event<'_>),
    ) -> Result<(), Error> {
        let Some((stack, pace)) = &mut lane.stack else {
            return Err(Error::new(crate::ErrorKind::Stack, Phase::Connect, "the stack is in use"));
        };
        let by = moment(by);
        let whole = Whole { span: by.saturating_sub(pace.now()), by };
        let mut context = Context { stack, pace, events, whole };
        lane.connection = Some(Connection::open(&mut context, route)?);
        Ok(())
    }

    async fn close(&self, lane: &mut Self::Lane) {
        if let (Some(connection), Some((stack, pace))) = (lane.connection.take(), &mut lane.stack) {
            connection.close(stack, pace);
        }
    }

    async fn offer(&self, credential: &Asked, wanted: Wanted<'_>) -> (Result<Offer, Error>, u64) {
        ask(credential, &wanted)
    }
}

impl<S: TcpClientStack> BlockingLane<S> {
    fn new(stack: Option<(S, Pace<S>)>) -> Self {
        let limit = Limit { phase: Phase::Send, span: Duration::ZERO, by: Duration::ZERO };
        Self { stack, connection: None, aside: None, limit }
    }

    /// Gives a stack that has to be polled its turn.
    fn poll(&mut self) {
        if let Some((stack, pace)) = &mut self.stack {
            pace.idle(stack);
        }
    }

    /// Does something with the connection until the deadline.
    fn with<T>(
        &mut self,
        phase: Phase,
        act: impl FnOnce(&mut crate::net::connection::Stream<'_, S>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let (Some(connection), Some((stack, pace))) = (&mut self.connection, &mut self.stack) else {
            return Err(crate::net::connection::cut(phase));
        };
        act(&mut connection.stream(stack, pace, Limit { phase, ..self.limit }))
    }
}

impl<S: TcpClientStack> network::Lane for BlockingLane<S> {
    fn authority(&self) -> Option<&str> {
        self.connection.as_ref().map(Connection::authority)
    }

    fn is_clean(&mut self) -> bool {
        match (&mut self.connection, &mut self.stack) {
            (Some(connection), Some((stack, pace))) => connection.is_clean(stack, pace),
            _ => false,
        }
    }

    fn has_spoken(&mut self) -> bool {
        match (&mut self.connection, &mut self.stack) {
            (Some(connection), Some((stack, pace))) => connection.has_spoken(stack, pace),
            _ => false,
        }
    }

    fn set_deadline(&mut self, by: u64) {
        let by = moment(by);
        let now = self.stack.as_ref().map_or(by, |(_, pace)| pace.now());
        self.limit = Limit { span: by.saturating_sub(now), by, ..self.limit };
    }

    fn swap(&mut self) {
        core::mem::swap(&mut self.connection, &mut self.aside);
    }

    fn clear(&mut self) {
        for connection in [self.connection.take(), self.aside.take()].into_iter().flatten() {
            if let Some((stack, pace)) = &mut self.stack {
                connection.close(stack, pace);
            }
        }
    }
}

impl<S: TcpClientStack> Drop for BlockingLane<S> {
    fn drop(&mut self) {
        network::Lane::clear(self);
    }
}

impl<S: TcpClientStack> ErrorType for BlockingLane<S> {
    type Error = Error;
}

impl<S: TcpClientStack> Read for BlockingLane<S> {
    async fn read(&mut self, output: &mut [u8]) -> Result<usize, Error> {
        self.with(Phase::Receive, |stream| stream.read(output))
    }
}

impl<S: TcpClientStack> Write for BlockingLane<S> {
    async fn write(&mut self, input: &[u8]) -> Result<usize, Error> {
        self.with(Phase::Send, |stream| stream.write(input))
    }

    async fn flush(&mut self) -> Result<(), Error> {
        self.with(Phase::Send, |stream| stream.flush())
    }
}
