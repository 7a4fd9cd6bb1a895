//! What outlives one job, and the job itself.

use core::fmt;

use super::machine::{Machine, Outcome};
use super::run::Act;
use super::store::Store;
use super::who::To;
use super::{
    Credential, Did, Failure, Grant, Need, Peer, Phase, Plan, Refused, Step, Watched, answer, sign_in,
};
use crate::ParseOptions;
use crate::exchange::Exchange;
use crate::http::{AccessToken, Head, Limits};

/// What outlives one job: the token, how its credential stands, and the machine.
///
/// It has no lifetime and a `const` constructor, so it may be a `static`. `HEAD` bytes hold the head of an answer:
/// 512 are enough for all that Microsoft's hosts send but a claims challenge, which takes 2048. `TOKEN` bytes hold
/// the token; where a new one fits beside the old one, the old one serves until the new one is complete. `TEXT` is
/// the room for the message of a refusal.
pub struct Session<const HEAD: usize = 2048, const TOKEN: usize = 4096, const TEXT: usize = 256> {
    pub(super) exchange: Exchange<HEAD, TEXT>,
    pub(super) reader: sign_in::Reader,
    pub(super) store: Store<TOKEN>,
    pub(super) machine: Machine,
}

/// A plan on its way over a session: [`step`](Self::step) says what to do next.
///
/// It holds nothing of its own. Dropping it ends nothing: [`Session::resume`] goes on.
pub struct Job<'s, 'p, const HEAD: usize, const TOKEN: usize, const TEXT: usize> {
    session: &'s mut Session<HEAD, TOKEN, TEXT>,
    plan: &'p Plan<'p>,
}

impl<const HEAD: usize, const TOKEN: usize, const TEXT: usize> Session<HEAD, TOKEN, TEXT> {
    /// A session with the default limits, strict about the call.
    pub const fn new() -> Self {
        Self::with_options(Limits::DEFAULT, ParseOptions::new())
    }

    /// A session with limits and leniencies of the caller's.
    pub const fn with_options(limits: Limits, options: ParseOptions) -> Self {
        Self {
            exchange: Exchange::with_options(limits, options),
            reader: sign_in::Reader::new(),
            store: Store::new(),
            machine: Machine::NEW,
        }
    }

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

    /// The token, if there is one; for how long is not said.
    pub fn token(&self) -> Option<AccessToken<'_>> {
        let token = core::str::from_utf8(self.store.token()).ok()?;
        (!token.is_empty()).then_some(AccessToken::checked(token))
    }

    /// What is needed before the next request, at a time of the driver's clock.
    pub fn needs(&self, now_ms: u64) -> Need {
        let mut clock = self.machine.clock;
        self.machine.grant.needs(clock.tick(now_ms))
    }

    /// The milliseconds that the token still lives at a time of the driver's clock, if they are known: for somebody
    /// else it is brought to.
    pub fn lifetime(&self, now_ms: u64) -> Option<u64> {
        let mut clock = self.machine.clock;
        self.machine.grant.lifetime(clock.tick(now_ms))
    }

    /// Says that the service has refused the token, to somebody else who used it: another one is needed, which
    /// satisfies these claims (in base64, as they were sent).
    pub fn reject(&mut self, claims: Option<&str>) {
        self.store.drop_kept();
        self.store.give_up();
        if claims.is_some_and(|claims| claims.bytes().all(|byte| self.store.push(byte))) {
            self.store.commit(true);
        }
        self.machine.grant = Grant::NONE;
        self.machine.is_new_token = false;
    }

    /// Says that the credential is another one: it is used, also where the old one was refused.
    pub fn change_credential(&mut self) {
        self.reject(None);
        self.machine.is_refused = false;
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
        let before = self.machine.before;
        Failure {
            kind: stored.kind,
            phase: stored.phase,
            peer: self.peer(plan).filter(|_| !matches!(stored.phase, Phase::Prepare | Phase::Token)),
            who: stored.who,
            refused: head.map(|head| self.refused(head)),
            before: (before > 0).then_some(before),
            is_final: stored.is_final,
        }
    }
}

impl<const HEAD: usize, const TOKEN: usize, const TEXT: usize> Default for Session<HEAD, TOKEN, TEXT> {
    fn default() -> Self {
        Self::new()
    }
}

/// Shows where the job stands, and nothing that is a secret.
impl<const HEAD: usize, const TOKEN: usize, const TEXT: usize> fmt::Debug for Session<HEAD, TOKEN, TEXT> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("state", &self.machine.state)
            .field("has_token", &!self.store.token().is_empty())
            .finish_non_exhaustive()
    }
}

impl<const HEAD: usize, const TOKEN: usize, const TEXT: usize> fmt::Debug for Job<'_, '_, HEAD, TOKEN, TEXT> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Job").field("session", &self.session).field("plan", &self.plan).finish()
    }
}
