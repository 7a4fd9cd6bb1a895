//! The blocking client: one call at a time over any embedded-nal stack.
//!
//! - takes: a [`ClientBuilder`]'s settings, a stack, a credential
//! - gives: calls, or one error that says who, what and where
//! - keeps: one connection, as long as it is clean
//! - refuses: to send an access token anywhere but to the host of its cloud over TLS, unless an option
//!   with `danger` in its name says so

use core::fmt;
use core::time::Duration;

use embedded_io::{Read, Write};
use embedded_nal::{Dns, TcpClientStack};
use graph_call::Call;
use graph_call::http::End;
use graph_call::json::slot::Record;

use crate::answer::AnswerHead;
use crate::builder::{ClientBuilder, Listener, Settings};
use crate::connection::{Connection, Ground};
use crate::credential::{Credential, Offer, Secret, TokenAnswer, TokenRequest};
use crate::error::{Error, ErrorKind, Phase};
use crate::event::Event;
use crate::fetch::{self, Asked};
use crate::login;
use crate::operation::{Operation, Verdict};
use crate::query::{self, Fetched, Query};
use crate::random;
use crate::socket::{Limit, Pace, Whole};
use crate::stack::Stack;
use crate::watch::{Watch, Watched};

/// Fetches calls, one at a time.
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
/// let mut client = Client::builder()
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
pub struct Client<S: TcpClientStack = Stack> {
    stack: S,
    pace: Pace<S>,
    settings: Settings,
    credential: Box<dyn Credential + Send>,
    listener: Listener,
    connection: Option<Connection<S>>,
}

impl Client<Stack> {
    /// A builder; [`ClientBuilder::credential`] is all it needs.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }
}

impl<S: TcpClientStack> Client<S> {
    pub(crate) fn new(
        stack: S,
        pace: Pace<S>,
        settings: Settings,
        credential: Box<dyn Credential + Send>,
        listener: Listener,
    ) -> Self {
        Self { stack, pace, settings, credential, listener, connection: None }
    }

    /// Closes the connection kept for the next call.
    pub fn disconnect(&mut self) {
        if let Some(connection) = self.connection.take() {
            connection.close(&mut self.stack, &mut self.pace);
        }
    }
}

impl<S: TcpClientStack + Dns> Client<S> {
    /// Fetches a call.
    ///
    /// # Errors
    /// Whatever keeps the call from being read: see [`ErrorKind`]. The connection is then closed, and
    /// the next attempt starts anew.
    pub fn get_call<'q>(&mut self, query: impl Into<Query<'q>>) -> Result<Fetched, Error> {
        self.get_call_as::<Call>(query)
    }

    /// Fetches a call of other capacities than the standard ones, for example a
    /// [`LargeCall`](graph_call::LargeCall) for a query that expands relationships.
    ///
    /// A `LargeCall` has 3.3 MB, all of them on the heap; capacities of one's own do for most programs.
    ///
    /// # Errors
    /// As [`get_call`](Self::get_call).
    pub fn get_call_as<'q, C>(&mut self, query: impl Into<Query<'q>>) -> Result<Fetched<C>, Error>
    where
        C: Record + Default + Send + 'static,
    {
        let mut call = query::empty::<C>();
        let head = self.fetch(&query.into(), &mut *call)?;
        Ok(Fetched { call, head })
    }

    /// Fetches a call in the place of an older one, which stays as it is if that fails.
    ///
    /// # Errors
    /// As [`get_call`](Self::get_call).
    pub fn get_call_into<'q, C>(
        &mut self,
        query: impl Into<Query<'q>>,
        call: &mut C,
    ) -> Result<AnswerHead, Error>
    where
        C: Record + Default + Send + 'static,
    {
        let mut fetched = self.get_call_as::<C>(query)?;
        core::mem::swap(call, &mut fetched.call);
        Ok(fetched.head)
    }

    /// Reads a call again and again until it ends.
    pub fn watch<'q>(&mut self, query: impl Into<Query<'q>>) -> Watch<'_, 'q, S> {
        Watch::new(self, query.into())
    }

    /// Watches a call of other capacities than the standard ones.
    pub fn watch_as<'q, C: Watched>(&mut self, query: impl Into<Query<'q>>) -> Watch<'_, 'q, S, C> {
        Watch::new(self, query.into())
    }

    /// One operation: a token, as many attempts as it takes, and the waits between them.
    fn fetch(&mut self, query: &Query<'_>, call: &mut dyn Record) -> Result<AnswerHead, Error> {
        fetch::check(query)?;
        let span = self.settings.timeouts.whole;
        let whole = Whole { span, by: self.pace.now().saturating_add(span) };
        let mut operation = Operation::new(self.settings.retry);
        loop {
            let error = match self.attempt(query, &operation, whole, call) {
                Ok(head) => return Ok(head),
                Err(error) => error,
            };
            let left = whole.by.saturating_sub(self.pace.now());
            match operation.judge(error, left, random::number()) {
                Verdict::Fail(error) => return Err(error),
                Verdict::Renew { claims, error } => {
                    if !self.credential.rejected(claims.as_deref()) {
                        return Err(error);
                    }
                }
                Verdict::Wait { span, fresh, error } => {
                    if fresh {
                        self.disconnect();
                    }
                    self.wait(span, Some(&error));
                }
            }
        }
    }

    /// One request and its answer, on the kept connection if that still serves.
    fn attempt(
        &mut self,
        query: &Query<'_>,
        operation: &Operation,
        whole: Whole,
        call: &mut dyn Record,
    ) -> Result<AnswerHead, Error> {
        let token = self.access_token(whole)?;
        let asked = Asked { query, token, earlier: operation.earlier_requests() };
        if let Some(connection) = self.kept() {
            match self.exchange(connection, &asked, whole, call) {
                // The peer gave up on an idle connection at the moment it was used again.
                Err((error, false)) if error.kind() == ErrorKind::Cut => {}
                result => return result.map_err(|(error, _)| error),
            }
        }
        let Self { stack, pace, settings, listener, .. } = self;
        let timeouts = &settings.timeouts;
        let mut ground = Ground { stack, pace, events: &mut **listener, timeouts, whole };
        let connection = Connection::open(&mut ground, &settings.graph_route())?;
        self.exchange(connection, &asked, whole, call).map_err(|(error, _)| error)
    }

    /// The kept connection, if it is still clean.
    fn kept(&mut self) -> Option<Connection<S>> {
        let Self { stack, pace, listener, .. } = self;
        let mut connection = self.connection.take()?;
        if connection.is_clean(stack, pace) {
            listener(&Event::Reused { host: connection.authority() });
            return Some(connection);
        }
        connection.close(stack, pace);
        None
    }

    /// Runs one exchange, then keeps or closes the connection. An error comes with whether any byte of
    /// an answer had arrived.
    fn exchange(
        &mut self,
        mut connection: Connection<S>,
        asked: &Asked<'_>,
        whole: Whole,
        call: &mut dyn Record,
    ) -> Result<AnswerHead, (Error, bool)> {
        let Self { stack, pace, settings, listener, .. } = self;
        let request = asked.request(settings).map_err(|error| (error, true))?;
        let began = pace.now();
        let mut stream = connection.stream(stack, pace, &settings.timeouts, whole);
        fetch::announce(&request, listener);
        let outcome = fetch::run(&mut stream, settings, &request, call);
        let is_answered = stream.is_answered();
        fetch::report(outcome.result.as_ref(), pace.now().saturating_sub(began), listener);
        let result = outcome.result.map_err(|error| (error.at(connection.authority()), is_answered));
        if outcome.is_reusable {
            self.connection = Some(connection);
        } else {
            connection.close(stack, pace);
        }
        result
    }

    /// Waits, and says so.
    pub(crate) fn wait(&mut self, span: Duration, after: Option<&Error>) {
        (self.listener)(&Event::Waiting { span, after });
        self.pace.sleep(&mut self.stack, span);
    }

    /// A token, from wherever the credential has it.
    fn access_token(&mut self, whole: Whole) -> Result<Secret, Error> {
        for _ in 0..=login::LOGINS_MAX {
            let now = self.pace.now();
            match self.credential.offer(&self.settings.audience(), now)? {
                Offer::Token(token) => return Ok(token),
                Offer::Ask(request) => {
                    let answer = self.log_in(&request, whole);
                    self.credential.answer(answer, self.pace.now())?;
                }
            }
        }
        Err(login::endless())
    }

    /// Posts a form to the login host, on a connection of its own.
    fn log_in(&mut self, request: &TokenRequest, whole: Whole) -> Result<TokenAnswer, Error> {
        let Self { stack, pace, settings, listener, .. } = self;
        let route = settings.login_route()?;
        let limit = Limit::new(Phase::Credential, pace.now(), login::TIMEOUT, whole);
        let whole = Whole { span: limit.span, by: limit.by };
        let timeouts = &settings.timeouts;
        let mut ground = Ground { stack, pace, events: &mut **listener, timeouts, whole };
        let mut connection = Connection::open(&mut ground, &route)?;
        let mut answer = login::Answer::new();
        let mut stream = connection.stream(stack, pace, timeouts, whole);
        let result = post(&mut stream, &login::request(&route.authority(), request), &mut answer);
        let result = result.map_err(|error| error.at(connection.authority()));
        connection.close(stack, pace);
        result?;
        answer.into_token_answer()
    }
}

/// Sends a form and reads the answer to its end.
fn post<IO>(io: &mut IO, request: &Secret, answer: &mut login::Answer) -> Result<(), Error>
where
    IO: Read<Error = Error> + Write<Error = Error>,
{
    io.write_all(request.reveal().as_bytes())?;
    io.flush()?;
    let mut piece = [0; 4096];
    loop {
        match io.read(&mut piece)? {
            0 => return answer.finish(End::CloseNotify),
            length if answer.take(piece.get(..length).unwrap_or_default())? => return Ok(()),
            _ => {}
        }
    }
}

impl<S: TcpClientStack> Drop for Client<S> {
    fn drop(&mut self) {
        self.disconnect();
    }
}

impl<S: TcpClientStack> fmt::Debug for Client<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("settings", &self.settings)
            .field("credential", &self.credential)
            .field("is_connected", &self.connection.is_some())
            .finish_non_exhaustive()
    }
}
