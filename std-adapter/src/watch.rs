//! A call read again and again until it ends.
//!
//! ```text
//!   read ---- terminated ----------> the last reading, then the end
//!    | ^
//!    | +----- 5 s, give or take 20 %, or what the service asks for
//!    |
//!    +------- not known any more --> Gone, then the end
//! ```
//!
//! States may be skipped, and new ones may come: only `terminated` and the service's "not found" end a
//! watch. A call that nobody keeps alive ends within 45 minutes.

use core::fmt;
use core::marker::PhantomData;
use core::time::Duration;

use embedded_nal::{Dns, TcpClientStack};
use graph_call::json::slot::Record;
use graph_call::{Call, CallState};

use crate::answer::Refusal;
use crate::client::Client;
use crate::error::{Class, Error};
use crate::query::{Fetched, Query};
use crate::random;

/// The time between two readings unless [`Watch::every`] says otherwise.
pub(crate) const INTERVAL: Duration = Duration::from_secs(5);
/// The service is never asked more often.
const INTERVAL_MIN: Duration = Duration::from_secs(1);

/// A call of some capacities, whose end can be told.
pub trait Watched: Record + Default + Send + 'static {
    /// Whether the call is over.
    fn is_terminated(&self) -> bool;
}

impl<
    const ID: usize,
    const TEXT: usize,
    const URI: usize,
    const SECRET: usize,
    const WORD: usize,
    const SET: usize,
    const LIST: usize,
    const EXPAND: usize,
> Watched for Call<ID, TEXT, URI, SECRET, WORD, SET, LIST, EXPAND>
{
    fn is_terminated(&self) -> bool {
        self.state == CallState::Terminated
    }
}

/// One reading of a watched call.
#[derive(Debug)]
pub enum Reading<C = Call> {
    /// The call as it is now.
    Call(Fetched<C>),
    /// The service does not know the call any more: it has ended. That is no failure.
    Gone(Refusal),
}

/// The readings of a watched call, as an iterator that waits; made by [`Client::watch`].
///
/// It ends after the call has. A failure that another try cannot mend ends it too; after any other,
/// going on is up to the caller.
///
/// ```
/// use core::time::Duration;
/// use graph_call_std::{Client, Reading};
/// # use graph_call_std::credential::FixedToken;
/// # use graph_call_std::service::{GROUP_CALL, Service};
/// # use graph_call_std::tls::{Roots, Trust};
/// # let service = Service::start()?;
/// # let mut client = Client::builder()
/// #     .credential(FixedToken::new(service.access_token())?)
/// #     .trust(Trust::new(Roots::Only, service.ca_pem().as_bytes())?)
/// #     .connect_to(service.address().to_string())
/// #     .build()?;
/// # let id = GROUP_CALL;
///
/// for reading in client.watch(id).every(Duration::from_secs(10)) {
///     match reading? {
///         Reading::Call(fetched) => println!("{:?}", fetched.call.state.get()),
///         Reading::Gone(_) => println!("it has ended"),
///     }
/// #   break;
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Watch<'c, 'q, S: TcpClientStack, C = Call> {
    client: &'c mut Client<S>,
    query: Query<'q>,
    turn: Turn,
    call: PhantomData<C>,
}

impl<'c, 'q, S: TcpClientStack + Dns, C> Watch<'c, 'q, S, C> {
    pub(crate) fn new(client: &'c mut Client<S>, query: Query<'q>) -> Self {
        Self { client, query, turn: Turn::new(), call: PhantomData }
    }

    /// Reads every `interval`, give or take a fifth; more often than once a second is not done.
    #[must_use]
    pub fn every(mut self, interval: Duration) -> Self {
        self.turn.interval = interval;
        self
    }
}

impl<S: TcpClientStack + Dns, C: Watched> Iterator for Watch<'_, '_, S, C> {
    type Item = Result<Reading<C>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.turn.is_over {
            return None;
        }
        if let Some(span) = self.turn.wait(random::number()) {
            self.client.wait(span, None);
        }
        Some(self.turn.judge(self.client.get_call_as(self.query)))
    }
}

impl<S: TcpClientStack, C> fmt::Debug for Watch<'_, '_, S, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").field("query", &self.query).field("turn", &self.turn).finish()
    }
}

/// Where a watch stands; no I/O, so both clients share it.
#[derive(Debug)]
pub(crate) struct Turn {
    pub(crate) interval: Duration,
    /// What the service asked for in its last answer.
    asked: Duration,
    is_first: bool,
    pub(crate) is_over: bool,
}

impl Turn {
    pub(crate) fn new() -> Self {
        Self { interval: INTERVAL, asked: Duration::ZERO, is_first: true, is_over: false }
    }

    /// The wait before the next reading; none before the first.
    pub(crate) fn wait(&mut self, random: u32) -> Option<Duration> {
        if core::mem::replace(&mut self.is_first, false) {
            return None;
        }
        // 80 to 120 %, so that many watchers do not come back together.
        let span = self.interval.max(INTERVAL_MIN);
        let fifth = span / 5;
        let jitter = fifth.mul_f64(2.0 * f64::from(random) / f64::from(u32::MAX));
        Some((span - fifth + jitter).max(INTERVAL_MIN).max(self.asked))
    }

    /// Turns an answer into a reading, and notices the end.
    pub(crate) fn judge<C: Watched>(
        &mut self,
        answer: Result<Fetched<C>, Error>,
    ) -> Result<Reading<C>, Error> {
        match answer {
            Ok(fetched) => {
                self.asked = fetched.head.retry_after.unwrap_or_default();
                self.is_over = fetched.call.is_terminated();
                Ok(Reading::Call(fetched))
            }
            Err(error) => {
                self.asked = error.retry_after().unwrap_or_default();
                self.is_over = matches!(error.class(), Class::Gone | Class::Usage | Class::Auth);
                match error.refusal() {
                    Some(refusal) if error.is_gone() => Ok(Reading::Gone(refusal.clone())),
                    _ => Err(error),
                }
            }
        }
    }
}
