//! What an answer, or the want of one, comes to.

use super::failure::{Stored, is_final, is_passing};
use super::machine::{Outcome, State};
use super::schedule::Next;
use super::who::To;
use super::{FailureKind, Fault, Grant, Need, Phase, Plan, Repeat, Session, Watched, Who, answer, sign_in};
use crate::ExchangeError;
use crate::http::{ErrorKind, Head, SelectMember, date};
use crate::model::CallState;

use answer::Progress;

impl<const HEAD: usize, const TOKEN: usize, const TEXT: usize> Session<HEAD, TOKEN, TEXT> {
    pub(super) fn progress(&mut self, plan: &Plan<'_>, progress: Progress, call: &mut dyn Watched) {
        match progress {
            Progress::More => {}
            Progress::Done => self.judge(plan, false, call),
            Progress::Cut => self.judge(plan, true, call),
            Progress::Other => self.other(plan, call),
            Progress::Wrong(error) => self.wrong(plan, error, call),
        }
    }

    /// The answer breaks a rule, or has ended too early.
    pub(super) fn wrong(&mut self, plan: &Plan<'_>, error: ExchangeError, call: &mut dyn Watched) {
        let kind = match error {
            ExchangeError::Http(error) if error.kind() == ErrorKind::Truncated => FailureKind::Cut,
            ExchangeError::Content(error) if matches!(error.kind(), crate::ErrorKind::OtherBody(_)) => {
                FailureKind::NotACall
            }
            error => FailureKind::Answer(error),
        };
        self.broken(plan, kind, call);
    }

    /// There is no answer, or no whole one, or nothing could be asked.
    pub(super) fn broken(&mut self, plan: &Plan<'_>, kind: FailureKind, call: &mut dyn Watched) {
        let machine = &mut self.machine;
        let state = machine.state;
        let has_status = state == State::Receive && self.exchange.head().is_some();
        machine.close_due |= matches!(state, State::Send | State::Receive)
            || state == State::Connect && kind == FailureKind::Timeout;
        if has_status && self.exchange.head().is_some_and(|head| head.status() != 200) {
            // The status says enough, whatever became of the content.
            return match machine.to {
                To::Service => self.judge(plan, true, call),
                To::Login => self.judge_sign_in(plan, true),
            };
        }
        let is_lost = matches!(kind, FailureKind::Cut | FailureKind::Timeout | FailureKind::Fault(_));
        let is_stale = match machine.to {
            // What came before any whole head may be left from the answer before, bytes that nobody asked for.
            To::Service => {
                self.exchange.head().is_none() && (is_lost || matches!(kind, FailureKind::Answer(_)))
            }
            // A secret is not sent again to whoever has begun to answer.
            To::Login => is_lost && !machine.has_answer,
        };
        if machine.is_kept && is_stale && state != State::Connect && machine.is_connected() {
            // The connection that was kept was of no use any more: no failure of this attempt.
            machine.needs_fresh = true;
            machine.connect(plan, machine.to);
            return;
        }
        let is_content_begun = state == State::Receive && self.exchange.is_content_begun();
        self.abandon(call);
        self.hide(plan);
        // The refusal that no other token could be had for is what there is to tell.
        let is_refused = state == State::Token && self.machine.was_refused && self.exchange.head().is_some();
        let who = match self.exchange.head() {
            Some(_) if is_refused => Who::Service,
            Some(head) if has_status => answer::who(&head, self.host(), false, true),
            _ => Who::Nobody,
        };
        let stored = self.stored(kind, who, has_status || is_refused, is_lost && has_status);
        let is_retried = match kind {
            FailureKind::Cut | FailureKind::Fault(Fault::Reset) => !is_content_begun,
            FailureKind::Fault(Fault::NotResolved | Fault::NotConnected | Fault::Tls | Fault::Proxy(0))
            | FailureKind::Timeout => state == State::Connect,
            FailureKind::Fault(Fault::Proxy(status)) => is_passing(status) && state == State::Connect,
            _ => false,
        };
        if is_retried {
            self.retry(plan, stored, None);
        } else {
            self.fail(plan, stored, None);
        }
    }

    /// The answer is to another request: it is asked for once more, on a new connection.
    fn other(&mut self, plan: &Plan<'_>, call: &mut dyn Watched) {
        let who = match self.exchange.head() {
            // Something on the way may have answered, which does not know the id of the request.
            Some(head) => {
                let has_form = head.status() == 200 || answer::is_service(&self.exchange);
                answer::who(&head, self.host(), has_form, false)
            }
            None => self.host(),
        };
        self.abandon(call);
        self.hide(plan);
        let machine = &mut self.machine;
        machine.close_due = true;
        machine.needs_fresh = true;
        if !core::mem::replace(&mut machine.met_other, true) {
            machine.connect(plan, To::Service);
            return;
        }
        let stored = self.stored(FailureKind::OtherAnswer, who, false, false);
        self.fail(plan, stored, None);
    }

    /// The service, or somebody in its place, has answered.
    fn judge(&mut self, plan: &Plan<'_>, is_cut: bool, call: &mut dyn Watched) {
        // A code that quotes a secret is not shown, and tells whose form it is all the same.
        let is_service = answer::is_service(&self.exchange);
        let is_missing_call = answer::is_missing_call(&self.exchange);
        self.hide(plan);
        let (Some(head), Some(query)) = (self.exchange.head(), plan.query) else { return };
        let status = head.status();
        let asked = asked(&head);
        self.machine.echoes |= head.client_request_id().is_some();
        self.machine.close_due |= is_cut || !self.exchange.is_reusable();
        if status == 200 {
            let wants_id = query.select.is_empty() || query.select.contains(&SelectMember::ID);
            return match call.call_id() {
                Some(id) if wants_id && !id.eq_ignore_ascii_case(query.id.as_str()) => {
                    call.clear();
                    self.other(plan, call);
                }
                None if wants_id && !call.has_id() => {
                    call.clear();
                    let stored = self.stored(FailureKind::NotACall, self.host(), true, false);
                    self.fail(plan, stored, asked);
                }
                _ => self.read(plan, asked, call),
            };
        }
        // This answer is to this request: the next one may be mistaken once more.
        self.machine.met_other = false;
        let who = answer::who(&head, Who::Service, is_service, is_cut);
        let stored = self.stored(FailureKind::Refused, who, true, is_cut);
        let claims = head.claims_challenge().filter(|_| matches!(status, 401 | 403));
        if claims.is_some() || status == 401 && (is_service || head.bearer_challenge().is_some()) {
            self.store.drop_kept();
            self.store.give_up();
            self.machine.grant = Grant::NONE;
            if core::mem::replace(&mut self.machine.is_renewed, true) {
                // Whoever brought this token would bring the same again.
                self.machine.is_refused = true;
                self.fail(plan, Stored { kind: FailureKind::Unauthorized, ..stored }, None);
                return;
            }
            if claims.is_some_and(|claims| claims.bytes().all(|byte| self.store.push(byte))) {
                self.store.commit(true);
            }
            self.machine.was_refused = true;
            self.machine.before = status;
            self.machine.state = State::Begin;
        } else if is_missing_call {
            if self.machine.was_seen || query.was_seen {
                self.machine.failure = stored;
                self.machine.is_last = true;
                self.machine.state = State::Told(Outcome::Gone);
            } else {
                self.fail(plan, Stored { kind: FailureKind::NoSuchCall, ..stored }, None);
            }
        } else if is_passing(status) {
            self.machine.close_due |= status != 429;
            self.machine.needs_fresh |= status != 429;
            self.retry(plan, stored, asked);
        } else {
            self.fail(plan, stored, asked);
        }
    }

    /// The call is what the service sent.
    fn read(&mut self, plan: &Plan<'_>, asked: Option<u64>, call: &mut dyn Watched) {
        let state = call.call_state();
        let is_end = match plan.repeat {
            Repeat::Once => true,
            Repeat::Watch { until, .. } => {
                state.is_some_and(|state| state == CallState::Terminated || until.contains(&state))
            }
        };
        call.complete();
        self.machine.was_seen = true;
        self.machine.state = State::Told(Outcome::Call);
        self.next_reading(plan, is_end, asked);
    }

    /// The login host, or somebody in its place, has answered.
    pub(super) fn judge_sign_in(&mut self, plan: &Plan<'_>, is_cut: bool) {
        self.machine.close_due = true;
        let found = self.reader.finish(self.exchange.parts().2);
        let has_form = answer::error(&self.exchange).is_some_and(|error| error.code.as_str().is_some());
        self.hide(plan);
        let Some(head) = self.exchange.head() else { return };
        let status = head.status();
        let has_form = has_form || status == 200 && head.is_json();
        let who = answer::who(&head, Who::LoginHost, has_form, is_cut);
        let stored = self.stored(FailureKind::Refused, who, true, is_cut);
        if status == 200 && found == sign_in::Found::Token && head.is_json() {
            let until_then = self.reader.members().expires_on.get().and_then(|then| {
                let now = date::seconds(head.date()?.trim_ascii())?;
                Some(then.saturating_sub(now).min(u64::from(u32::MAX)).saturating_mul(1_000))
            });
            let lifetime = self.reader.members().expires_in.span().or(until_then);
            let machine = &mut self.machine;
            machine.grant =
                Grant::new(machine.asked_at, lifetime, self.reader.members().refresh_in.span(), &plan.policy);
            machine.is_refused = false;
            machine.was_refused = false;
            machine.is_new_token = true;
            machine.state = State::Begin;
            self.store.commit(false);
            return;
        }
        self.store.give_up();
        match (status, found) {
            (200, sign_in::Found::TooLong) => {
                self.fail(plan, Stored { kind: FailureKind::TokenTooLong, ..stored }, None);
            }
            (200, _) => self.fail(plan, Stored { kind: FailureKind::BadToken, ..stored }, None),
            _ if is_passing(status) => self.retry(plan, stored, asked(&head)),
            _ => {
                self.machine.is_refused |= who == Who::LoginHost;
                self.fail(plan, stored, None);
            }
        }
    }

    /// Another attempt, if the policy has one.
    fn retry(&mut self, plan: &Plan<'_>, stored: Stored, asked: Option<u64>) {
        if self.fall_back(plan) {
            return;
        }
        let machine = &mut self.machine;
        machine.attempts = machine.attempts.saturating_add(1);
        let now = machine.clock.now();
        match plan.policy.after(machine.attempts, asked, machine.reading_by.saturating_sub(now)) {
            Next::Wait(wait) => {
                let jitter = machine.chance.up_to(plan.policy.jitter);
                machine.until = now.saturating_add(wait).saturating_add(jitter);
                // Whatever chance adds, the attempt has the same time.
                let unused = plan.policy.jitter.saturating_sub(jitter);
                machine.reading_by = machine.reading_by.saturating_sub(unused);
                machine.state = State::Wait;
                machine.shows_failure = true;
                machine.failure = Stored { is_final: false, ..stored };
                if let Some(head) = self.exchange.head().filter(|_| stored.has_head) {
                    machine.before = head.status();
                }
            }
            Next::TooLong(wait) if asked.is_some() => {
                self.fail(plan, Stored { kind: FailureKind::Throttled { wait }, ..stored }, asked);
            }
            Next::Spent | Next::TooLong(_) => self.fail(plan, stored, asked),
        }
    }

    /// The reading has failed.
    fn fail(&mut self, plan: &Plan<'_>, stored: Stored, asked: Option<u64>) {
        if self.fall_back(plan) {
            return;
        }
        let status = self.exchange.head().map_or(0, |head| head.status());
        let is_once = plan.repeat == Repeat::Once;
        let is_final = is_once || is_final(&stored, self.machine.to, status);
        self.machine.failure = Stored { is_final, ..stored };
        self.machine.state = State::Told(Outcome::Failed);
        self.next_reading(plan, is_final, asked);
    }

    /// A renewal has failed, and the old token is still good: it serves for a while.
    fn fall_back(&mut self, plan: &Plan<'_>) -> bool {
        let machine = &mut self.machine;
        let is_sign_in = machine.state == State::Token || machine.is_connected() && machine.to == To::Login;
        let now = machine.clock.now();
        if !is_sign_in || machine.grant.needs(now) != Need::Renewal || self.store.token().is_empty() {
            return false;
        }
        machine.grant.postpone(now.saturating_add(plan.policy.renew_again));
        machine.state = State::Begin;
        true
    }

    /// Sets the time of the next reading, unless this was the last.
    fn next_reading(&mut self, plan: &Plan<'_>, is_last: bool, asked: Option<u64>) {
        let machine = &mut self.machine;
        let every = match plan.repeat {
            Repeat::Once => 0,
            Repeat::Watch { every, .. } => every,
        };
        let chance = (machine.chance.next() >> 48) as u16;
        machine.until = machine.clock.now().saturating_add(plan.policy.until_next(every, asked, chance));
        machine.is_last = is_last || machine.until >= machine.watch_by;
    }

    fn host(&self) -> Who {
        match self.machine.to {
            To::Service => Who::Service,
            To::Login => Who::LoginHost,
        }
    }

    fn stored(&self, kind: FailureKind, who: Who, has_head: bool, is_cut: bool) -> Stored {
        let phase = match kind {
            FailureKind::CredentialRefused => Phase::Token,
            _ => self.machine.phase(),
        };
        Stored { kind, phase, who, has_head, is_cut, is_final: true }
    }
}

/// The milliseconds that an answer asks to wait.
fn asked(head: &Head<'_>) -> Option<u64> {
    let wait = head.retry_after()?;
    Some(wait.as_secs().saturating_mul(1_000).saturating_add(u64::from(wait.subsec_millis())))
}
