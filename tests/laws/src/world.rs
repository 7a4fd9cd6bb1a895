//! A world for a job: hosts that do as a script says, a driver with good or bad hands, and a clock of its own.
//!
//! - takes: a [`Client`], what the hosts do ([`Deed`]s), how the driver does its work ([`Hands`])
//! - gives: a [`Trace`] of all that happened, on which laws are judged
//! - keeps: the connections
//! - refuses: a client that does not end
//!
//! The client is the machine of the library, or one that does what careless programs do: the laws have to fail on it.

mod careless;
mod deed;
mod hands;
mod real;
mod trace;
mod verdict;

use std::collections::VecDeque;
use std::sync::LazyLock;

use graph_call::http::{CallId, Cloud, End};
use graph_call::job::{Credential, Did, Fault, Plan, Query, TokenRequest};

pub use careless::Careless;
pub use deed::{Body, Deed, Expiry, Place};
pub use hands::Hands;
pub use real::{Real, RoomySession};
pub use trace::{Act, At, Told, Trace, shows, shows_secret};

/// The call that is asked for.
pub const ID: &str = "57dab8b1-894c-409a-b240-bd8beae78896";
/// The secret of the application; not all of it may stand in a form as it is.
pub const SECRET: &str = "s3cr3t~of/the+application%";
/// What every access token begins with.
pub const TOKEN: &str = "eyJ0eXAiOiJKV1QiLCJub25jZSI6";
/// The host of the service.
pub const GRAPH: &str = "graph.microsoft.com";
/// The host that issues tokens.
pub const LOGIN: &str = "login.microsoftonline.com";

/// The application that signs in.
pub fn application() -> &'static TokenRequest<'static> {
    static REQUEST: LazyLock<TokenRequest<'_>> = LazyLock::new(|| {
        TokenRequest::client_secret(Cloud::Global, "contoso.example", "2891555a", SECRET).expect("a request")
    });
    &REQUEST
}

/// The call that is asked for.
pub fn query() -> Query<'static> {
    Query::new(CallId::new(ID).expect("an id"))
}

/// One reading of it.
pub fn once() -> Plan<'static> {
    Plan::once(query(), Credential::Ask(application()))
}

/// A watch of it, every 5 s.
pub fn watch() -> Plan<'static> {
    Plan::watch(query(), Credential::Ask(application()))
}

/// What a client tells its driver, owned.
#[derive(Clone, Debug, PartialEq)]
pub enum Do {
    /// Have a connection.
    Connect {
        /// To this host.
        host: String,
        /// A new one.
        is_fresh: bool,
        /// Until then.
        by: u64,
    },
    /// Send.
    Send {
        /// These bytes.
        bytes: Vec<u8>,
        /// Until then.
        by: u64,
    },
    /// Receive until then.
    Receive {
        /// Until then.
        by: u64,
    },
    /// Close the connection.
    Close,
    /// Wait until then.
    Wait {
        /// Until then.
        until: u64,
        /// Whether between two readings.
        is_pause: bool,
    },
    /// Bring a token.
    Token {
        /// With these claims.
        claims: Option<String>,
        /// The last one was refused.
        was_refused: bool,
    },
    /// Tell the user.
    Told(Told),
    /// It is over.
    Over,
}

/// A machine as the world sees it.
pub trait Client {
    /// The next step.
    fn step(&mut self, now: u64, did: Did, buffer: &mut [u8]) -> Do;

    /// A token is brought from outside.
    fn bring(&mut self, now: u64, token: &str, lifetime: Option<u64>);

    /// What is shown of the client by `Debug`.
    fn shown(&self) -> String;

    /// The last complete reading: subject and state.
    fn last(&self) -> Option<String>;
}

/// A connection.
#[derive(Debug)]
struct Connection {
    host: String,
    /// What has come of the request.
    request: Vec<u8>,
    answer: VecDeque<u8>,
    end: deed::Ending,
    /// Milliseconds for each piece.
    drip: u64,
    /// Bytes at the end of the answer that nobody asked for.
    left: usize,
    deed: Option<Deed>,
    /// A future that used it was dropped: nobody knows what was sent or received.
    is_let_go: bool,
    /// Bytes of the answer that were handed out.
    taken: usize,
    exchanges: usize,
}

/// The world.
#[derive(Debug)]
pub struct World {
    /// What the service does, one for each exchange; then it sends calls.
    pub graph: VecDeque<Deed>,
    /// What the login host does; then it issues tokens.
    pub login: VecDeque<Deed>,
    /// How the driver works.
    pub hands: Hands,
    /// Tokens from outside; `None` is a failure to get one.
    pub outside: VecDeque<Option<(String, Option<u64>)>>,
    /// The time by the driver's clock.
    pub now: u64,
    /// What happened.
    pub trace: Trace,
    connection: Option<Connection>,
    tokens: usize,
}

impl World {
    /// A world in which the hosts do these things.
    pub fn new(graph: impl IntoIterator<Item = Deed>, login: impl IntoIterator<Item = Deed>) -> Self {
        Self {
            graph: graph.into_iter().collect(),
            login: login.into_iter().collect(),
            hands: Hands::good(),
            outside: VecDeque::new(),
            now: 1_000_000,
            trace: Trace::default(),
            connection: None,
            tokens: 0,
        }
    }

    /// The same with other hands.
    #[must_use]
    pub fn with_hands(mut self, hands: Hands) -> Self {
        self.hands = hands;
        self
    }

    /// Runs a client until it is over, or has told so many things; never longer than a number of steps that grows
    /// with what the hosts have to say.
    pub fn run(&mut self, client: &mut dyn Client, tells: usize) {
        let mut buffer = vec![0; self.hands.buffer];
        let mut told = 0;
        let mut did = Did::Dropped;
        let bytes: usize = 40_000 + 8_000 * (self.graph.len() + self.login.len());
        for _ in 0..bytes * 4 {
            if self.hands.jump(&mut self.now) {
                self.note(Act::Jumped);
            }
            let doing = client.step(self.now, did, &mut buffer);
            self.check(client, &doing, &buffer);
            match &doing {
                Do::Over => {
                    self.note(Act::Over);
                    return;
                }
                Do::Told(what) => {
                    told += 1;
                    self.note(Act::Told(what.clone()));
                    self.trace.kept.push(client.last());
                    if told == tells {
                        return;
                    }
                    did = Did::Nothing;
                    continue;
                }
                _ => {}
            }
            did = if self.hands.drops() {
                self.drop_future(&doing)
            } else {
                self.work(client, doing, &mut buffer)
            };
        }
        panic!("the job has no end: {:?}", self.trace);
    }

    /// Does one thing that a client says, unless it is a wait or meant for the user.
    ///
    /// # Errors
    /// What is not done.
    #[expect(clippy::result_large_err, reason = "what is not done is handed back as it was")]
    pub fn act(&mut self, client: &mut dyn Client, doing: Do, buffer: &mut [u8]) -> Result<Did, Do> {
        match doing {
            Do::Wait { .. } | Do::Told(_) | Do::Over => Err(doing),
            doing => Ok(self.work(client, doing, buffer)),
        }
    }

    fn note(&mut self, act: Act) {
        self.trace.entries.push(At { time: self.now, act });
    }

    /// What comes next has its time anew.
    fn begin_anew(&mut self) {
        self.trace.deadlines.push((self.now, self.now, "anew"));
    }

    /// What no step may do, whatever happens.
    fn check(&mut self, client: &dyn Client, doing: &Do, buffer: &[u8]) {
        // What a session shows changes with its state: once for each thing told is enough.
        if let Do::Told(_) | Do::Wait { .. } | Do::Over | Do::Token { .. } = doing {
            self.trace.shown.push(client.shown());
            self.trace.shown.push(format!("{doing:?}"));
        }
        match doing {
            Do::Send { bytes, by } => {
                assert!(!bytes.is_empty(), "nothing to send");
                self.trace.deadlines.push((self.now, *by, "send"));
            }
            Do::Connect { by, .. } => self.trace.deadlines.push((self.now, *by, "connect")),
            Do::Receive { by } => self.trace.deadlines.push((self.now, *by, "receive")),
            Do::Wait { until, is_pause } => {
                let what = if *is_pause { "pause" } else { "wait" };
                self.trace.deadlines.push((self.now, *until, what));
            }
            _ => {}
        }
        let may_hold = !matches!(doing, Do::Send { .. }) && buffer.iter().any(|byte| *byte != 0);
        if may_hold && shows_secret(&String::from_utf8_lossy(buffer)) {
            self.note(Act::BufferKept);
        }
    }

    /// A future is dropped in the middle of its work.
    fn drop_future(&mut self, doing: &Do) -> Did {
        self.note(Act::Dropped);
        self.begin_anew();
        if let (Do::Send { .. } | Do::Receive { .. }, Some(connection)) = (doing, &mut self.connection) {
            connection.is_let_go = true;
        }
        if let (Do::Send { bytes, .. }, Some(connection)) = (doing, &mut self.connection) {
            connection.request.extend(&bytes[..bytes.len() / 2]);
        }
        // What the host meant to do it does the next time.
        if let Some(connection) = &mut self.connection
            && let Some(deed) = connection.deed.take()
            && matches!(doing, Do::Send { .. } | Do::Receive { .. })
        {
            let queue = if connection.host == LOGIN { &mut self.login } else { &mut self.graph };
            queue.push_front(deed);
            self.note(Act::Unheard);
        }
        if matches!(doing, Do::Close) {
            self.hands.tire();
        }
        Did::Dropped
    }

    fn work(&mut self, client: &mut dyn Client, doing: Do, buffer: &mut [u8]) -> Did {
        let is_exchange = matches!(doing, Do::Send { .. } | Do::Receive { .. });
        if is_exchange && self.connection.as_ref().is_some_and(|connection| connection.is_let_go) {
            self.note(Act::UsedOn);
        }
        match doing {
            Do::Connect { host, is_fresh, by } => self.connect(host, is_fresh, by),
            Do::Send { bytes, by } => self.send(&bytes, by),
            Do::Receive { by } => self.receive(by, buffer),
            Do::Close => {
                self.connection = None;
                self.note(Act::Closed);
                self.hands.idle()
            }
            Do::Wait { until, is_pause } => {
                self.note(Act::Wait { until, is_pause });
                self.now = self.hands.wake(self.now, until);
                self.hands.idle()
            }
            Do::Token { claims, was_refused } => {
                self.note(Act::AskedForToken { claims, was_refused });
                match self.outside.pop_front() {
                    Some(None) => Did::Failed(Fault::NoToken),
                    Some(Some((token, lifetime))) => {
                        client.bring(self.now, &token, lifetime);
                        Did::Nothing
                    }
                    None => {
                        self.tokens += 1;
                        client.bring(self.now, &format!("{TOKEN}{}", self.tokens), Some(3_600_000));
                        Did::Nothing
                    }
                }
            }
            Do::Told(_) | Do::Over => Did::Nothing,
        }
    }

    fn queue(&mut self, host: &str) -> &mut VecDeque<Deed> {
        if host == LOGIN { &mut self.login } else { &mut self.graph }
    }

    fn connect(&mut self, host: String, is_fresh: bool, by: u64) -> Did {
        if let Some(connection) = &self.connection
            && connection.host == host
            && !is_fresh
            && connection.exchanges > 0
            && connection.end == deed::Ending::Open
        {
            return Did::Connected { kept: true };
        }
        self.connection = None;
        if let Some(Deed::NoConnection(_)) = self.queue(&host).front() {
            self.begin_anew();
        }
        match self.queue(&host).front() {
            Some(Deed::NoConnection(Fault::Timeout)) => {
                self.queue(&host).pop_front();
                self.note(Act::Broken { host });
                self.now = self.now.max(by);
                return Did::Nothing;
            }
            Some(Deed::NoConnection(fault)) => {
                let fault = *fault;
                self.queue(&host).pop_front();
                self.note(Act::Broken { host });
                return Did::Failed(fault);
            }
            _ => {}
        }
        self.now += self.hands.latency;
        self.note(Act::Connected { host: host.clone() });
        self.connection = Some(Connection {
            host,
            request: Vec::new(),
            answer: VecDeque::new(),
            end: deed::Ending::Open,
            drip: 0,
            left: 0,
            deed: None,
            is_let_go: false,
            taken: 0,
            exchanges: 0,
        });
        Did::Connected { kept: false }
    }

    fn send(&mut self, bytes: &[u8], _by: u64) -> Did {
        let Some(connection) = &mut self.connection else { return Did::Failed(Fault::Reset) };
        let length = self.hands.some(bytes.len());
        connection.request.extend(&bytes[..length]);
        let text = str::from_utf8(&connection.request).expect("a request is ASCII");
        if let Some(asked) = deed::Asked::of(text) {
            let text = text.to_owned();
            connection.request.clear();
            let host = connection.host.clone();
            let is_kept = connection.exchanges > 0;
            let deed = self.next_deed(&host, is_kept);
            self.tokens += 1;
            let answer = deed.answer(&asked, self.tokens);
            let sent = Act::Asked {
                host: host.clone(),
                request: text,
                deed: deed.clone(),
                subject: asked.subject(),
            };
            self.note(sent);
            let connection = self.connection.as_mut().expect("it is there");
            // What an earlier answer left over comes first.
            connection.answer.extend(&answer.bytes);
            connection.end = answer.end;
            connection.drip = answer.drip;
            connection.left = answer.left;
            connection.deed = Some(deed);
            connection.taken = 0;
        }
        Did::Sent(length)
    }

    fn next_deed(&mut self, host: &str, is_kept: bool) -> Deed {
        // A connection that was not kept cannot be stale, and one that stands is one.
        let queue = self.queue(host);
        while matches!(queue.front(), Some(Deed::Stale | Deed::NoConnection(_)))
            && !(is_kept && queue.front() == Some(&Deed::Stale))
        {
            queue.pop_front();
        }
        queue.pop_front().unwrap_or(if host == LOGIN { Deed::TOKEN } else { Deed::CALL })
    }

    fn receive(&mut self, by: u64, buffer: &mut [u8]) -> Did {
        let Some(connection) = &mut self.connection else { return Did::Failed(Fault::Reset) };
        if connection.answer.is_empty() {
            let host = connection.host.clone();
            match connection.end {
                deed::Ending::Open => {
                    self.now = self.now.max(by);
                    self.note(Act::Broken { host });
                    return self.hands.late();
                }
                deed::Ending::Closed(end) => {
                    self.finished();
                    self.note(Act::Ended { host });
                    return Did::Ended(end);
                }
                deed::Ending::Reset => {
                    self.note(Act::Broken { host });
                    return Did::Failed(Fault::Reset);
                }
            }
        }
        if connection.drip > 0 {
            self.now += connection.drip;
            if self.now > by {
                self.now = by;
                return Did::Nothing;
            }
        }
        let most = if connection.drip > 0 { 1 } else { self.hands.some(buffer.len()) };
        let ahead = match connection.deed {
            Some(Deed::Unasked) => connection.answer.len() - connection.left,
            _ => connection.answer.len(),
        };
        let length = most.min(ahead);
        for (place, byte) in buffer.iter_mut().zip(connection.answer.drain(..length)) {
            *place = byte;
        }
        connection.taken += length;
        if connection.deed.is_some() && connection.answer.len() <= connection.left {
            self.finished();
        }
        Did::Received(length)
    }

    /// All that a host had to say is said.
    fn finished(&mut self) {
        if let Some(connection) = &mut self.connection {
            connection.exchanges += 1;
            connection.deed = None;
        }
    }
}

/// The end that a careful stack reports.
pub const CLOSED: End = End::CloseNotify;
