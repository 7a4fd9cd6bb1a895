//! The client for programs that run on tokio: the same settings, exchange and errors, with `await`
//! where the blocking one waits.
//!
//! - takes: a [`ClientBuilder`]'s settings
//! - gives: calls
//! - keeps: one connection, as long as it is clean; a future that is dropped closes it
//! - refuses: what the blocking client refuses
//!
//! It runs over tokio's own sockets rather than over the traits of embedded-nal-async: a program on
//! tokio has exactly one network stack, and a program without tokio has the exchange itself, which runs
//! over any `embedded_io_async::{Read, Write}`.

mod connection;
mod watch;

use core::fmt;
use core::time::Duration;

use embedded_io_async::{Read, Write};
use graph_call::Call;
use graph_call::http::End;
use graph_call::json::slot::Record;

pub use watch::AsyncWatch;

use crate::answer::AnswerHead;
use crate::builder::{ClientBuilder, Listener, Settings};
use crate::credential::{Credential, Offer, Secret, TokenAnswer, TokenRequest};
use crate::error::{Error, ErrorKind, Phase};
use crate::event::Event;
use crate::fetch::{self, Asked};
use crate::login;
use crate::operation::{Operation, Verdict};
use crate::query::{self, Fetched, Query};
use crate::random;
use crate::socket::{Limit, Whole};
use crate::watch::Watched;
use connection::{Connection, Ground, Stream, Timer};

/// Fetches calls, one at a time, without blocking a thread.
///
/// ```
/// use graph_call_std::credential::FixedToken;
/// use graph_call_std::{Client, Error};
///
/// async fn state(token: String, id: &str) -> Result<(), Error> {
///     let mut client = Client::builder().credential(FixedToken::new(token)?).build_async()?;
///     let fetched = client.get_call(id).await?;
///     println!("{:?}", fetched.call.state.get());
///     Ok(())
/// }
/// ```
pub struct AsyncClient {
    timer: Timer,
    settings: Settings,
    credential: Box<dyn Credential + Send>,
    listener: Listener,
    connection: Option<Connection>,
}

impl AsyncClient {
    pub(crate) fn new(
        settings: Settings,
        credential: Box<dyn Credential + Send>,
        listener: Listener,
    ) -> Self {
        Self { timer: Timer::start(), settings, credential, listener, connection: None }
    }

    /// Fetches a call.
    ///
    /// # Errors
    /// Whatever keeps the call from being read: see [`ErrorKind`]. The connection is then closed, and
    /// the next attempt starts anew.
    pub async fn get_call<'q>(&mut self, query: impl Into<Query<'q>>) -> Result<Fetched, Error> {
        self.get_call_as::<Call>(query).await
    }

    /// Fetches a call of other capacities than the standard ones.
    ///
    /// # Errors
    /// As [`get_call`](Self::get_call).
    pub async fn get_call_as<'q, C>(&mut self, query: impl Into<Query<'q>>) -> Result<Fetched<C>, Error>
    where
        C: Record + Default + Send + 'static,
    {
        let mut call = query::empty::<C>();
        let query = query.into();
        let head = self.fetch(&query, &mut *call).await?;
        Ok(Fetched { call, head })
    }

    /// Fetches a call in the place of an older one, which stays as it is if that fails.
    ///
    /// # Errors
    /// As [`get_call`](Self::get_call).
    pub async fn get_call_into<'q, C>(
        &mut self,
        query: impl Into<Query<'q>>,
        call: &mut C,
    ) -> Result<AnswerHead, Error>
    where
        C: Record + Default + Send + 'static,
    {
        let mut fetched = self.get_call_as::<C>(query).await?;
        core::mem::swap(call, &mut fetched.call);
        Ok(fetched.head)
    }

    /// Reads a call again and again until it ends.
    pub fn watch<'q>(&mut self, query: impl Into<Query<'q>>) -> AsyncWatch<'_, 'q> {
        AsyncWatch::new(self, query.into())
    }

    /// Watches a call of other capacities than the standard ones.
    pub fn watch_as<'q, C: Watched>(&mut self, query: impl Into<Query<'q>>) -> AsyncWatch<'_, 'q, C> {
        AsyncWatch::new(self, query.into())
    }

    /// Closes the connection kept for the next call.
    pub async fn disconnect(&mut self) {
        if let Some(connection) = self.connection.take() {
            connection.close().await;
        }
    }

    async fn fetch(
        &mut self,
        query: &Query<'_>,
        call: &mut (dyn Record + Send),
    ) -> Result<AnswerHead, Error> {
        fetch::check(query)?;
        let span = self.settings.timeouts.whole;
        let whole = Whole { span, by: self.timer.now().saturating_add(span) };
        let mut operation = Operation::new(self.settings.retry);
        loop {
            let error = match self.attempt(query, &operation, whole, call).await {
                Ok(head) => return Ok(head),
                Err(error) => error,
            };
            let left = whole.by.saturating_sub(self.timer.now());
            match operation.judge(error, left, random::number()) {
                Verdict::Fail(error) => return Err(error),
                Verdict::Renew { claims, error } => {
                    if !self.credential.rejected(claims.as_deref()) {
                        return Err(error);
                    }
                }
                Verdict::Wait { span, fresh, error } => {
                    if fresh {
                        self.disconnect().await;
                    }
                    self.wait(span, Some(&error)).await;
                }
            }
        }
    }

    /// One request and its answer, on the kept connection if that still serves.
    async fn attempt(
        &mut self,
        query: &Query<'_>,
        operation: &Operation,
        whole: Whole,
        call: &mut (dyn Record + Send),
    ) -> Result<AnswerHead, Error> {
        let token = self.access_token(whole).await?;
        let asked = Asked { query, token, earlier: operation.earlier_requests() };
        if let Some(connection) = self.kept().await {
            match self.exchange(connection, &asked, whole, call).await {
                // The peer gave up on an idle connection at the moment it was used again.
                Err((error, false)) if error.kind() == ErrorKind::Cut => {}
                result => return result.map_err(|(error, _)| error),
            }
        }
        let Self { timer, settings, listener, .. } = self;
        let mut ground =
            Ground { timer: *timer, events: &mut **listener, timeouts: &settings.timeouts, whole };
        let connection = Connection::open(&mut ground, &settings.graph_route()).await?;
        self.exchange(connection, &asked, whole, call).await.map_err(|(error, _)| error)
    }

    /// The kept connection, if it is still clean.
    async fn kept(&mut self) -> Option<Connection> {
        let mut connection = self.connection.take()?;
        if connection.is_clean().await {
            (self.listener)(&Event::Reused { host: connection.authority() });
            return Some(connection);
        }
        connection.close().await;
        None
    }

    /// Runs one exchange, then keeps or closes the connection. An error comes with whether any byte of
    /// an answer had arrived.
    async fn exchange(
        &mut self,
        mut connection: Connection,
        asked: &Asked<'_>,
        whole: Whole,
        call: &mut (dyn Record + Send),
    ) -> Result<AnswerHead, (Error, bool)> {
        let Self { timer, settings, listener, .. } = self;
        let request = asked.request(settings).map_err(|error| (error, true))?;
        let began = timer.now();
        let mut stream = connection.stream(*timer, &settings.timeouts, whole);
        fetch::announce(&request, listener);
        let outcome = fetch::run_async(&mut stream, settings, &request, call).await;
        let is_answered = stream.is_answered();
        fetch::report(outcome.result.as_ref(), timer.now().saturating_sub(began), listener);
        let result = outcome.result.map_err(|error| (error.at(connection.authority()), is_answered));
        if outcome.is_reusable {
            self.connection = Some(connection);
        } else {
            connection.close().await;
        }
        result
    }

    /// Waits, and says so.
    async fn wait(&mut self, span: Duration, after: Option<&Error>) {
        (self.listener)(&Event::Waiting { span, after });
        tokio::time::sleep(span).await;
    }

    /// A token, from wherever the credential has it.
    async fn access_token(&mut self, whole: Whole) -> Result<Secret, Error> {
        for _ in 0..=login::LOGINS_MAX {
            let now = self.timer.now();
            match self.credential.offer(&self.settings.audience(), now)? {
                Offer::Token(token) => return Ok(token),
                Offer::Ask(request) => {
                    let answer = self.log_in(&request, whole).await;
                    self.credential.answer(answer, self.timer.now())?;
                }
            }
        }
        Err(login::endless())
    }

    /// Posts a form to the login host, on a connection of its own.
    async fn log_in(&mut self, request: &TokenRequest, whole: Whole) -> Result<TokenAnswer, Error> {
        let Self { timer, settings, listener, .. } = self;
        let route = settings.login_route()?;
        let limit = Limit::new(Phase::Credential, timer.now(), login::TIMEOUT, whole);
        let whole = Whole { span: limit.span, by: limit.by };
        let timeouts = &settings.timeouts;
        let mut ground = Ground { timer: *timer, events: &mut **listener, timeouts, whole };
        let mut connection = Connection::open(&mut ground, &route).await?;
        let mut answer = login::Answer::new();
        let mut stream = connection.stream(*timer, timeouts, whole);
        let result = post(&mut stream, &login::request(&route.authority(), request), &mut answer).await;
        let result = result.map_err(|error| error.at(connection.authority()));
        connection.close().await;
        result?;
        answer.into_token_answer()
    }
}

/// Sends a form and reads the answer to its end.
async fn post(io: &mut Stream<'_>, request: &Secret, answer: &mut login::Answer) -> Result<(), Error> {
    io.write_all(request.reveal().as_bytes()).await?;
    io.flush().await?;
    let mut piece = [0; 4096];
    loop {
        match io.read(&mut piece).await? {
            0 => return answer.finish(End::CloseNotify),
            length if answer.take(piece.get(..length).unwrap_or_default())? => return Ok(()),
            _ => {}
        }
    }
}

impl fmt::Debug for AsyncClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncClient")
            .field("settings", &self.settings)
            .field("credential", &self.credential)
            .field("is_connected", &self.connection.is_some())
            .finish_non_exhaustive()
    }
}

impl ClientBuilder {
    /// A client for programs that run on tokio.
    ///
    /// # Errors
    /// `Usage` when there is no credential, or when a part cannot be used.
    pub fn build_async(self) -> Result<AsyncClient, Error> {
        let (settings, credential, listener) = self.with_system_proxies()?.settle()?;
        Ok(AsyncClient::new(settings, credential, listener))
    }
}
