//! What follows from what the driver did, and what it does next.

use zeroize::Zeroize as _;

use super::machine::{Outcome, State};
use super::who::To;
use super::{Credential, Did, FailureKind, Fault, Need, Plan, Session, Watched, answer, sign_in};
use crate::ExchangeError;
use crate::http::{AccessToken, End, Request, UserAgent};

/// A step, without a borrow.
pub(super) enum Act {
    Connect,
    Send(usize),
    Receive,
    Close,
    Wait { is_new: bool },
    Token,
    Told(Outcome),
    Over,
}

impl<const HEAD: usize, const TOKEN: usize, const TEXT: usize> Session<HEAD, TOKEN, TEXT> {
    /// Takes what the driver did.
    pub(super) fn take(&mut self, plan: &Plan<'_>, did: Did, buffer: &mut [u8], call: &mut dyn Watched) {
        let machine = &mut self.machine;
        // Nobody knows what a driver that let go has put there.
        let held = if did == Did::Dropped { buffer.len() } else { machine.handed };
        if let Some(held) = buffer.get_mut(..held) {
            held.zeroize();
        }
        if did == Did::Dropped {
            self.dropped(call);
            return;
        }
        if core::mem::take(&mut machine.is_closing) {
            return;
        }
        match (machine.state, did) {
            (State::Token, Did::Failed(fault)) => self.broken(plan, FailureKind::Fault(fault), call),
            (State::Connect, Did::Connected { kept }) => {
                self.exchange.reset();
                self.reader = sign_in::Reader::new();
                machine.connected(plan, kept);
            }
            (State::Send, Did::Sent(length)) => {
                let length = length.min(core::mem::take(&mut machine.handed));
                machine.sent = machine.sent.wrapping_add(length);
            }
            (State::Receive, Did::Received(length)) => self.received(plan, length, buffer, call),
            (State::Receive, Did::Ended(end)) => self.ended(plan, end, call),
            (State::Connect | State::Send, Did::Ended(_)) => {
                self.broken(plan, FailureKind::Fault(Fault::Reset), call);
            }
            (State::Connect | State::Send | State::Receive, Did::Failed(Fault::Timeout)) => {
                self.broken(plan, FailureKind::Timeout, call);
            }
            (State::Connect | State::Send | State::Receive, Did::Failed(fault)) => {
                self.broken(plan, FailureKind::Fault(fault), call);
            }
            _ => {}
        }
    }

    /// Whatever was on its way is off.
    fn dropped(&mut self, call: &mut dyn Watched) {
        let machine = &mut self.machine;
        machine.close_due |= core::mem::take(&mut machine.is_closing);
        if machine.is_connected() {
            self.abandon(call);
            self.machine.close_due = true;
            self.machine.state = State::Begin;
        }
    }

    fn received(&mut self, plan: &Plan<'_>, length: usize, buffer: &mut [u8], call: &mut dyn Watched) {
        let Some(piece) = buffer.get_mut(..length) else {
            return self.broken(plan, FailureKind::Misuse, call);
        };
        if piece.is_empty() {
            return;
        }
        let machine = &mut self.machine;
        if !core::mem::replace(&mut machine.has_answer, true) {
            machine.enter(State::Receive, plan.policy.answer);
        }
        match machine.to {
            To::Service => {
                let progress = answer::feed(&mut self.exchange, call, &|named| machine.is_ours(named), piece);
                piece.zeroize();
                self.progress(plan, progress, call);
            }
            To::Login => {
                let result = sign_in::feed(&mut self.reader, &mut self.exchange, &mut self.store, piece);
                piece.zeroize();
                match result {
                    Ok(true) => self.judge_sign_in(plan, false),
                    Ok(false) => {}
                    Err(error) => self.wrong(plan, ExchangeError::Http(error), call),
                }
            }
        }
    }

    fn ended(&mut self, plan: &Plan<'_>, end: End, call: &mut dyn Watched) {
        match self.machine.to {
            To::Service => {
                let progress = answer::finish(&mut self.exchange, call, end);
                self.progress(plan, progress, call);
            }
            To::Login => match sign_in::finish(&mut self.exchange, end) {
                Ok(()) => self.judge_sign_in(plan, false),
                Err(error) => self.wrong(plan, ExchangeError::Http(error), call),
            },
        }
    }

    /// Goes on to what the driver does next.
    pub(super) fn decide(&mut self, plan: &Plan<'_>, buffer: &mut [u8], call: &mut dyn Watched) -> Act {
        loop {
            let machine = &mut self.machine;
            let now = machine.clock.now();
            if core::mem::take(&mut machine.close_due) {
                machine.is_closing = true;
                return Act::Close;
            }
            match machine.state {
                State::Over => return Act::Over,
                State::Reading => machine.begin_reading(plan),
                State::Begin => self.begin(plan, call),
                State::Wait | State::Pause if now < machine.until => {
                    return Act::Wait { is_new: core::mem::take(&mut machine.shows_failure) };
                }
                State::Wait => machine.state = State::Begin,
                State::Pause => machine.state = State::Reading,
                State::Told(outcome) => {
                    machine.state = if machine.is_last { State::Over } else { State::Pause };
                    return Act::Told(outcome);
                }
                State::Token if machine.is_new_token => machine.state = State::Begin,
                State::Token if core::mem::take(&mut machine.is_too_long) => {
                    self.broken(plan, FailureKind::TokenTooLong, call);
                }
                _ if now >= machine.phase_by => self.broken(plan, FailureKind::Timeout, call),
                State::Token => return Act::Token,
                State::Connect => return Act::Connect,
                State::Receive => return Act::Receive,
                State::Send => {
                    if buffer.is_empty() {
                        self.broken(plan, FailureKind::Misuse, call);
                        continue;
                    }
                    let length = self.write(plan, buffer);
                    let machine = &mut self.machine;
                    machine.handed = length;
                    if length > 0 {
                        return Act::Send(length);
                    }
                    machine.enter(State::Receive, plan.policy.first_byte);
                }
            }
        }
    }

    /// Begins an attempt: with the service, or first with whoever has a token.
    fn begin(&mut self, plan: &Plan<'_>, call: &mut dyn Watched) {
        let machine = &mut self.machine;
        let need = machine.needs();
        match plan.credential {
            _ if need == Need::Nothing => {
                if plan.query.is_none() {
                    machine.state = State::Over;
                } else {
                    machine.is_new_token = false;
                    machine.connect(plan, To::Service);
                }
            }
            Credential::Outside => machine.enter(State::Token, plan.policy.token),
            Credential::Ask(_) if !machine.is_refused => machine.connect(plan, To::Login),
            // The old token serves as long as it lives.
            Credential::Ask(_) if need == Need::Renewal => {
                machine.grant.postpone(u64::MAX);
            }
            Credential::Ask(_) => self.broken(plan, FailureKind::CredentialRefused, call),
        }
    }

    /// Writes what is left of the request, as far as the buffer goes.
    fn write(&self, plan: &Plan<'_>, buffer: &mut [u8]) -> usize {
        let Self { machine, store, .. } = self;
        let agent = plan.query.map_or(UserAgent::DEFAULT, |query| query.user_agent);
        match (machine.to, plan.credential, plan.query) {
            (To::Login, Credential::Ask(request), _) => {
                request.write_from(store.claims(), agent, machine.sent, buffer)
            }
            (To::Service, _, Some(query)) => {
                let token = core::str::from_utf8(store.token()).unwrap_or_default();
                let request = Request {
                    version: query.version,
                    select: query.select,
                    expand: query.expand,
                    client_request_id: Some(machine.request_id()),
                    user_agent: agent,
                    retry_attempt: machine.requests.saturating_sub(1),
                    danger_host: query.danger_host,
                    ..Request::new(query.cloud, query.id, AccessToken::checked(token))
                };
                request.write_from(machine.sent, buffer)
            }
            _ => 0,
        }
    }
}
