//! A call read again and again until it ends: one job over its own session.
//!
//! ```text
//!   next --> a reading is due --- Call, Failed ---> the user     (until the job is over: then none)
//!     ^                      \--- Gone -----------> the user, then none
//!     +---- the interval, give or take a fifth, or what the service asks for
//! ```
//!
//! A call that nobody keeps alive ends within 45 minutes.

use core::fmt;
use core::time::Duration;

use graph_call::drive::{self, Told};
use graph_call::job::{Credential, Plan, Watched};
use graph_call::{CallState, HeapCall};

use super::engine::{Engine, Worker};
use super::network::Network;
use super::observer::{Came, Observer};
use super::platform::Platform;
use super::query::{self, Fetched, Query};
use super::settings::milliseconds;
use super::trace::Trace;
use crate::answer::Refusal;
use crate::error::Error;
use crate::random;

/// Bytes received at once: little, for there may be many watches, and each has time.
const PIECE_LENGTH: usize = 1024;

/// The time between two readings unless the watch is told another one.
const INTERVAL: Duration = Duration::from_secs(5);

/// One reading of a watched call.
#[derive(Debug)]
pub enum Reading<C = HeapCall> {
    /// The call as it is now.
    Call(Fetched<C>),
    /// The service does not know the call any more: it has ended. That is no failure.
    Gone(Refusal),
}

/// The readings of a watched call; made by [`Client::watch`](crate::Client::watch), as an iterator that waits, and by
/// [`AsyncClient::watch`](crate::AsyncClient::watch).
///
/// It ends after the call has. A failure that another try cannot mend ends it too; after any other it goes on. What it
/// has read stays the caller's, whatever comes after.
///
/// ```
/// use core::time::Duration;
/// use graph_call_std::{Client, Reading};
/// # use graph_call_std::credential::FixedToken;
/// # use graph_call_std::service::{GROUP_CALL, Service};
/// # use graph_call_std::tls::{Roots, Trust};
/// # let service = Service::start()?;
/// # let client = Client::builder()
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
pub struct Watch<'q, W, C = HeapCall> {
    pub(super) client: W,
    pub(super) state: State<'q, C>,
}

impl<'q, W, C: Watched + Default + Send + 'static> Watch<'q, W, C> {
    pub(super) fn new(client: W, query: Query<'q>) -> Self {
        Self { client, state: State::new(query) }
    }

    /// Reads every `interval`, give or take a fifth; more often than once a second is not done.
    #[must_use]
    pub fn every(mut self, interval: Duration) -> Self {
        self.state.every = interval;
        self
    }

    /// Ends with one of these states too.
    #[must_use]
    pub fn until(mut self, states: &'q [CallState]) -> Self {
        self.state.until = states;
        self
    }

    /// Ends after this time; no reading begins later.
    #[must_use]
    pub fn lasts(mut self, span: Duration) -> Self {
        self.state.lasts = span;
        self
    }

    /// Whether it is known that nothing more comes: after a failure that has ended the watch, and after `None`.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.state.is_over
    }
}

impl<W, C> fmt::Debug for Watch<'_, W, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.state.fmt(f)
    }
}

/// Where a watch stands, whichever client it is of.
pub(super) struct State<'q, C> {
    query: Query<'q>,
    every: Duration,
    until: &'q [CallState],
    lasts: Duration,
    /// None before the first reading and after the last.
    worker: Option<Box<Worker>>,
    is_begun: bool,
    is_over: bool,
    /// The call that the next reading fills; the ones before belong to the user.
    call: Option<Box<C>>,
}

impl<'q, C: Watched + Default + Send + 'static> State<'q, C> {
    fn new(query: Query<'q>) -> Self {
        Self {
            query,
            every: INTERVAL,
            until: &[],
            lasts: Duration::MAX,
            worker: None,
            is_begun: false,
            is_over: false,
            call: None,
        }
    }

    /// The next reading, after the wait that is due. The future may be dropped: the next one goes on.
    pub(super) async fn next<N: Network>(&mut self, engine: &Engine<N>) -> Option<Result<Reading<C>, Error>> {
        if self.is_over {
            return None;
        }
        let came = self.read(engine).await;
        self.is_over = matches!(came, Ok(None) | Err((_, true)));
        match came {
            Ok(None) => {
                self.worker = None;
                self.call = None;
                None
            }
            Ok(Some(reading)) => Some(Ok(reading)),
            Err((error, _)) => Some(Err(error)),
        }
    }

    /// A reading; nothing when the job is over; or why there is none, and whether the watch ends with that.
    async fn read<N: Network>(&mut self, engine: &Engine<N>) -> Result<Option<Reading<C>>, (Error, bool)> {
        let asked = engine.settings.query(&self.query).map_err(|error| (error, true))?;
        let plan = Plan::watch(asked, Credential::Outside)
            .every(milliseconds(self.every))
            .until(self.until)
            .lasts(milliseconds(self.lasts))
            .policy(engine.settings.policy);
        let turn = if self.is_begun {
            // The job may have to wait first.
            None
        } else {
            let by = engine.network.now().saturating_add(engine.settings.policy.reading);
            Some(engine.turn(by).await.map_err(|error| (error, false))?)
        };
        let call = self.call.get_or_insert_with(query::empty);
        let Worker { session, serial, buffer } =
            &mut **self.worker.get_or_insert_with(|| engine.new_worker(PIECE_LENGTH));
        let mut job = if core::mem::replace(&mut self.is_begun, true) {
            session.resume(&plan)
        } else {
            session.start(&plan, random::number())
        };
        let trace = Trace::new(engine.settings.wants());
        let mut observer = Observer::new(engine, &trace);
        let mut platform = Platform::new(engine, &trace, serial, turn);
        let told =
            drive::run_async(&mut job, &mut platform, buffer, &mut **call, |step| observer.see(step)).await;
        drop(platform);
        match (told, observer.came()) {
            (Told::Call, Some(Came::Call(head))) => {
                Ok(self.call.take().map(|call| Reading::Call(Fetched { call, head })))
            }
            (Told::Gone, Some(Came::Gone(refusal))) => Ok(Some(Reading::Gone(refusal))),
            (Told::Failed, Some(Came::Failed(error, is_final))) => Err((error, is_final)),
            _ => Ok(None),
        }
    }
}

impl<C> fmt::Debug for State<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch")
            .field("query", &self.query)
            .field("every", &self.every)
            .field("until", &self.until)
            .field("lasts", &self.lasts)
            .field("is_over", &self.is_over)
            .finish_non_exhaustive()
    }
}
