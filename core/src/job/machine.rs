//! Where a job stands: what does not depend on the capacities, so that there is one copy of it.

use super::clock::{Chance, Clock};
use super::failure::Stored;
use super::who::To;
use super::{FailureKind, Grant, Need, Phase, Plan, Repeat, Who};
use crate::http::ClientRequestId;

/// ```text
///  start --> Reading --> Begin --- a token is needed, from outside --> Token --- brought ---> Begin
///               ^          |
///               |          +------ a token is needed: to the login host --+
///               |          +------ to the service ------------------------+
///               |                                                         v
///               |   +-- once more, on a new connection ---------------> Connect --> Send --> Receive
///               |   |                                                                          |
///               |   +--------------------------------- stale, or to another request -----------+
///               |                              Begin <---------------- a token, a challenge ---+
///               |                    Begin <-- Wait <--------------- a failure that passes ----+
///               |                                                                              v
///               +--- Pause <--- in a watch -------------------- Told <-- call, gone, failure --+
///                                                                 \--- else, or at the end --> Over
/// ```
///
/// [`Step::Close`](super::Step::Close) comes between two of them wherever a connection is not to be used again.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
// So that a session is nothing but zeros, which take no flash.
#[repr(u8)]
pub(super) enum State {
    /// There is nothing to do.
    Over,
    /// A reading is due.
    Reading,
    /// An attempt is due.
    Begin,
    /// The driver is to bring a token.
    Token,
    Connect,
    Send,
    Receive,
    /// Time passes before another attempt.
    Wait,
    /// Time passes before another reading.
    Pause,
    /// The user is told what the reading came to.
    Told(Outcome),
}

/// What a reading came to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(super) enum Outcome {
    Call,
    Gone,
    Failed,
}

/// Where a job stands, and what its session knows.
pub(super) struct Machine {
    pub(super) clock: Clock,
    pub(super) chance: Chance,
    pub(super) state: State,
    pub(super) to: To,
    /// How long the token is good for.
    pub(super) grant: Grant,
    /// Whether the credential was refused, and has not changed since.
    pub(super) is_refused: bool,
    /// When the token was asked for.
    pub(super) asked_at: u64,
    /// When the watch ends, the reading, the phase, the wait.
    pub(super) watch_by: u64,
    pub(super) reading_by: u64,
    pub(super) phase_by: u64,
    pub(super) until: u64,
    /// Bytes of the request that were sent, and those that the driver was handed to send.
    pub(super) sent: usize,
    pub(super) handed: usize,
    /// What makes the id of the request that is on its way.
    pub(super) request: Chance,
    /// Failed attempts of the reading, and requests to the service.
    pub(super) attempts: u8,
    pub(super) requests: u8,
    /// The status of the last refusal that another attempt followed, or 0.
    pub(super) before: u16,
    /// Whether the token was renewed because the service refused it, or asked for claims.
    pub(super) is_renewed: bool,
    /// Whether the service has refused the last token.
    pub(super) was_refused: bool,
    /// Whether the token has just come: it is used once, however short it lives.
    pub(super) is_new_token: bool,
    /// Whether a token was brought that is longer than the room for it.
    pub(super) is_too_long: bool,
    /// Whether an answer to another request was met in this reading.
    pub(super) met_other: bool,
    /// Whether the next connection has to be a new one.
    pub(super) needs_fresh: bool,
    /// Whether the connection has carried an exchange before.
    pub(super) is_kept: bool,
    /// Whether an answer on this connection has named its request.
    pub(super) echoes: bool,
    /// Whether anything of the answer has come.
    pub(super) has_answer: bool,
    /// Whether a connection is to be closed; whether the driver was told to.
    pub(super) close_due: bool,
    pub(super) is_closing: bool,
    /// Whether there was a reading in this job.
    pub(super) was_seen: bool,
    /// Whether the job ends with what the user is told.
    pub(super) is_last: bool,
    /// Whether the job has begun.
    pub(super) is_begun: bool,
    /// Whether the user is yet to be shown why there is a wait.
    pub(super) shows_failure: bool,
    pub(super) failure: Stored,
}

impl Machine {
    pub(super) const NEW: Self = Self {
        clock: Clock::NEW,
        chance: Chance(0),
        state: State::Over,
        to: To::Service,
        grant: Grant::NONE,
        is_refused: false,
        asked_at: 0,
        watch_by: 0,
        reading_by: 0,
        phase_by: 0,
        until: 0,
        sent: 0,
        handed: 0,
        request: Chance(0),
        attempts: 0,
        requests: 0,
        before: 0,
        is_renewed: false,
        was_refused: false,
        is_new_token: false,
        is_too_long: false,
        met_other: false,
        needs_fresh: false,
        is_kept: false,
        echoes: false,
        has_answer: false,
        close_due: false,
        is_closing: false,
        was_seen: false,
        is_last: false,
        is_begun: false,
        shows_failure: false,
        failure: Stored {
            kind: FailureKind::Cut,
            phase: Phase::Prepare,
            who: Who::Nobody,
            has_head: false,
            is_cut: false,
            is_final: false,
        },
    };

    /// Forgets the job, and keeps what belongs to the session.
    pub(super) fn restart(&mut self, seed: u64) {
        let close_due = self.close_due || self.is_closing || self.is_connected();
        let Self { clock, chance, grant, is_refused, asked_at, was_refused, is_new_token, echoes, .. } =
            *self;
        *self = Self {
            clock,
            chance: Chance(chance.0 ^ seed),
            state: State::Reading,
            grant,
            is_refused,
            asked_at,
            was_refused,
            is_new_token,
            echoes,
            close_due,
            ..Self::NEW
        };
    }

    /// Whether an exchange is under way, or may be.
    pub(super) const fn is_connected(&self) -> bool {
        matches!(self.state, State::Connect | State::Send | State::Receive)
    }

    pub(super) fn begin_reading(&mut self, plan: &Plan<'_>) {
        let now = self.clock.now();
        if !self.is_begun {
            self.is_begun = true;
            self.watch_by = match plan.repeat {
                Repeat::Once => u64::MAX,
                Repeat::Watch { lasts, .. } => now.saturating_add(lasts),
            };
        }
        self.reading_by = now.saturating_add(plan.policy.reading);
        self.attempts = 0;
        self.requests = 0;
        self.before = 0;
        self.is_renewed = false;
        self.met_other = false;
        self.state = State::Begin;
    }

    /// What is needed before a request to the service.
    pub(super) fn needs(&self) -> Need {
        if self.is_new_token { Need::Nothing } else { self.grant.needs(self.clock.now()) }
    }

    /// Begins a phase that may last so long, within the time of the reading.
    pub(super) fn enter(&mut self, state: State, lasts: u64) {
        self.state = state;
        self.phase_by = self.clock.now().saturating_add(lasts).min(self.reading_by);
    }

    pub(super) fn connect(&mut self, plan: &Plan<'_>, to: To) {
        self.to = to;
        self.enter(State::Connect, plan.policy.connect);
    }

    pub(super) fn connected(&mut self, plan: &Plan<'_>, kept: bool) {
        self.is_kept = kept && !self.needs_fresh;
        self.needs_fresh = false;
        self.echoes &= self.is_kept;
        self.has_answer = false;
        self.sent = 0;
        self.handed = 0;
        match self.to {
            To::Login => self.asked_at = self.clock.now(),
            To::Service => {
                self.requests = self.requests.saturating_add(1);
                self.chance.next();
                self.request = self.chance;
            }
        }
        self.enter(State::Send, plan.policy.send);
    }

    /// Whether an answer that names this request, or none, is to ours.
    ///
    /// On a connection that was kept there may be an answer that nobody asked for: where the service names requests,
    /// it has to name this one.
    pub(super) fn is_ours(&self, named: Option<&str>) -> bool {
        match named {
            Some(id) => id.eq_ignore_ascii_case(self.request_id().as_str()),
            None => !self.echoes,
        }
    }

    /// The id of the request that is on its way.
    pub(super) fn request_id(&self) -> ClientRequestId {
        let mut chance = self.request;
        let mut random = [0; 16];
        for half in random.as_chunks_mut::<8>().0 {
            *half = chance.next().to_le_bytes();
        }
        ClientRequestId::from_random(random)
    }

    /// The phase, by the state.
    pub(super) const fn phase(&self) -> Phase {
        match self.state {
            State::Token => Phase::Token,
            State::Connect => Phase::Connect,
            State::Send => Phase::Send,
            State::Receive if self.has_answer => Phase::Answer,
            State::Receive => Phase::FirstByte,
            _ => Phase::Prepare,
        }
    }
}
