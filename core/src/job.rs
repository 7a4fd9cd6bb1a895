//! The whole job: sign in, get, wait, renew, watch a call to its end. One machine without I/O.
//!
//! - takes: a [`Plan`], the time, what the driver did, a buffer, and the call to fill
//! - gives: the next [`Step`]: what the driver does, or what the user gets
//! - keeps: the token, the answer being read, and where the job stands, in a [`Session`]
//! - refuses: an answer to another request, a wait beyond the policy, to post a secret that was refused
//!
//! A driver is a loop that does what it is told, with any network and any way of waiting:
//!
//! ```text
//! loop { match job.step(now, did, buffer, call) { what => did = do(what) } }
//! ```
//!
//! Of the files, `run` takes what the driver did and chooses what is next, and `judge` says what an answer comes to. Both
//! work on a session, and neither knows a [`Job`], which lends what they chose to the driver.

mod answer;
mod clock;
mod credential;
mod failure;
mod fault;
mod judge;
mod machine;
mod peer;
mod plan;
mod policy;
mod run;
mod schedule;
mod secrets;
mod session;
mod sign_in;
mod step;
mod store;
mod token;
mod watched;
mod who;

use core::fmt;

pub use credential::{Credential, FIELDS_MAX, FORM_MAX, Param, TokenRequest};
pub use failure::{Failure, FailureKind, Phase, Refused, Said};
pub use fault::Fault;
pub use peer::Peer;
pub use plan::{Plan, Query, Repeat};
pub use policy::Policy;
pub use session::Session;
pub use step::{Did, Step};
pub use token::{Grant, Need};
pub use watched::{Pair, Watched};
pub use who::Who;

use machine::Outcome;
use run::Act;
use who::To;

use crate::http::{AccessToken, Head};

/// What a job goes by: which call it is, whether it goes on, and how it has ended.
///
/// A session reads calls strictly unless its options say otherwise: a program acts on a call, and cannot know what a wrong member
/// means. One that would rather follow a call than lose it for the sake of a name on a display passes these names to
/// [`ParseOptions::required`](crate::ParseOptions::required), with those that it acts on itself. Without `state` among them a
/// watch would not see the end of a call whose state cannot be read.
///
/// ```
/// use graph_call::ParseOptions;
/// use graph_call::http::Limits;
/// use graph_call::job::{REQUIRED, Session};
///
/// let options = ParseOptions::new().required(REQUIRED);
/// let session: Session<512, 2048> = Session::with_options(Limits::DEFAULT, options);
/// # let _ = session;
/// ```
pub const REQUIRED: &[&str; 3] = &["id", "state", "resultInfo"];

/// A plan on its way over a session: [`step`](Self::step) says what to do next.
///
/// It holds nothing of its own. Dropping it ends nothing: [`Session::resume`] goes on.
pub struct Job<'s, 'p, const HEAD: usize, const TOKEN: usize, const TEXT: usize> {
    session: &'s mut Session<HEAD, TOKEN, TEXT>,
    plan: &'p Plan<'p>,
}

impl<const HEAD: usize, const TOKEN: usize, const TEXT: usize> Session<HEAD, TOKEN, TEXT> {
    /// Begins a plan; one that was not over is given up. `seed` is any number, another each time: it makes the
    /// client-request-ids, and spreads the waits.
    pub fn start<'s, 'p>(&'s mut self, plan: &'p Plan<'p>, seed: u64) -> Job<'s, 'p, HEAD, TOKEN, TEXT> {
        self.store.give_up();
        self.machine.restart(seed);
        self.resume(plan)
    }

    /// Goes on with the plan that was started, which has to be the same.
    pub fn resume<'s, 'p>(&'s mut self, plan: &'p Plan<'p>) -> Job<'s, 'p, HEAD, TOKEN, TEXT> {
        Job { session: self, plan }
    }
}

impl<const HEAD: usize, const TOKEN: usize, const TEXT: usize> Job<'_, '_, HEAD, TOKEN, TEXT> {
    /// Takes what the driver did, and says what is next.
    ///
    /// `now_ms` is any clock that counts milliseconds; if it jumps back, no time has passed. Bytes are read into
    /// the start of `buffer`, and bytes to send are made in it, so any size but 0 does. It is wiped of what it
    /// held. The call has to be the same one until a reading is over.
    pub fn step<'a>(
        &'a mut self,
        now_ms: u64,
        did: Did,
        buffer: &'a mut [u8],
        call: &mut dyn Watched,
    ) -> Step<'a> {
        let Self { session, plan } = self;
        session.machine.clock.tick(now_ms);
        session.take(plan, did, buffer, call);
        let act = session.decide(plan, buffer, call);
        let session = &**session;
        let machine = &session.machine;
        let by = machine.clock.outside(machine.phase_by);
        match act {
            Act::Close => Step::Close,
            Act::Over => Step::Over,
            Act::Receive => Step::Receive { by },
            Act::Send(length) => Step::Send { bytes: buffer.get(..length).unwrap_or_default(), by },
            Act::Connect => match session.peer(plan) {
                Some(peer) => Step::Connect { peer, is_fresh: machine.needs_fresh, by },
                None => Step::Over,
            },
            Act::Wait { is_new } => Step::Wait {
                until: machine.clock.outside(machine.until),
                after: is_new.then(|| session.failure(plan)),
            },
            Act::Token => {
                Step::Token { claims: session.store.claims(), was_refused: machine.was_refused, by }
            }
            Act::Told(Outcome::Failed) => Step::Failed(session.failure(plan)),
            Act::Told(outcome) => match (session.exchange.head(), outcome) {
                (Some(head), Outcome::Call) => Step::Call(head),
                (Some(head), _) => Step::Gone(session.refused(head)),
                (None, _) => Step::Over,
            },
        }
    }

    /// The failure that the last step told of, or the refusal of a [`Step::Gone`]: once more, for a driver that could not
    /// hold on to the step. After any other step it says nothing that is of use.
    pub fn failure(&self) -> Failure<'_> {
        self.session.failure(self.plan)
    }

    /// Brings a token, which [`Step::Token`] asked for, at a time of the driver's clock; and the milliseconds that
    /// it lives from then on, if that is known. One that does not fit the room is a failure by name.
    pub fn bring(&mut self, now_ms: u64, token: AccessToken<'_>, lifetime: Option<u64>) {
        let Session { store, machine, .. } = &mut *self.session;
        let now = machine.clock.tick(now_ms);
        store.drop_kept();
        store.give_up();
        machine.is_too_long = !token.reveal().bytes().all(|byte| store.push(byte));
        if machine.is_too_long {
            machine.grant = Grant::NONE;
            return;
        }
        store.commit(false);
        // Of an unknown life: until the service refuses it.
        machine.grant = Grant::new(now, Some(lifetime.unwrap_or(u64::MAX)), None, &self.plan.policy);
        machine.is_new_token = true;
        machine.was_refused = false;
    }
}

impl<const HEAD: usize, const TOKEN: usize, const TEXT: usize> Session<HEAD, TOKEN, TEXT> {
    /// Whom the exchange is with.
    fn peer<'p>(&self, plan: &Plan<'p>) -> Option<Peer<'p>> {
        match (self.machine.to, plan.credential, &plan.query) {
            (To::Login, Credential::Ask(request), _) => Some(request.peer()),
            (To::Service, _, Some(query)) => Some(query.peer()),
            _ => None,
        }
    }

    fn refused<'s>(&'s self, head: Head<'s>) -> Refused<'s> {
        Refused { head, said: answer::said(&self.exchange), is_cut: self.machine.failure.is_cut }
    }

    fn failure<'s>(&'s self, plan: &Plan<'s>) -> Failure<'s> {
        let stored = &self.machine.failure;
        let head = self.exchange.head().filter(|_| stored.has_head);
        let has_head = head.is_some();
        let before = self.machine.before;
        Failure {
            kind: stored.kind,
            phase: stored.phase,
            // Whose answer it was stays worth knowing where no other token was to be had for it.
            peer: self
                .peer(plan)
                .filter(|_| has_head || !matches!(stored.phase, Phase::Prepare | Phase::Token)),
            who: stored.who,
            refused: head.map(|head| self.refused(head)),
            before: (before > 0).then_some(before),
            is_final: stored.is_final,
        }
    }
}

impl<const HEAD: usize, const TOKEN: usize, const TEXT: usize> fmt::Debug for Job<'_, '_, HEAD, TOKEN, TEXT> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Job").field("session", &self.session).field("plan", &self.plan).finish()
    }
}
