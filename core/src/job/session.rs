//! What outlives one job.

use core::fmt;

use super::machine::{Machine, State};
use super::secrets::Secrets;
use super::store::Store;
use super::who::To;
use super::{Credential, Grant, Need, Plan, Watched, sign_in};
use crate::ParseOptions;
use crate::exchange::Exchange;
use crate::http::{AccessToken, Limits};

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

impl<const HEAD: usize, const TOKEN: usize, const TEXT: usize> Session<HEAD, TOKEN, TEXT> {
    /// A session with the default limits, strict about the call.
    pub const fn new() -> Self {
        Self::with_options(Limits::DEFAULT, ParseOptions::new())
    }

    /// A session with limits and leniencies of the caller's; [`REQUIRED`](super::REQUIRED) says which of them a watch can take.
    pub const fn with_options(limits: Limits, options: ParseOptions) -> Self {
        Self {
            exchange: Exchange::with_options(limits, options),
            reader: sign_in::Reader::new(),
            store: Store::new(),
            machine: Machine::NEW,
        }
    }

    /// Other leniencies about the call, from the next answer on: for a session that stands where it was made, as one
    /// in a `static`.
    pub fn set_options(&mut self, options: ParseOptions) {
        self.exchange.set_options(options);
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

    /// Leaves nothing half done.
    pub(super) fn abandon(&mut self, call: &mut dyn Watched) {
        let machine = &self.machine;
        match machine.to {
            To::Login => self.store.give_up(),
            To::Service if machine.state == State::Receive && self.exchange.is_content_begun() => {
                if self.exchange.head().is_some_and(|head| head.status() == 200) {
                    call.clear();
                }
            }
            To::Service => {}
        }
    }

    /// Leaves out whatever shows a secret, before anybody is shown what a peer said.
    pub(super) fn hide(&mut self, plan: &Plan<'_>) {
        let Self { exchange, store, .. } = self;
        let request = match plan.credential {
            Credential::Ask(request) => Some(request),
            Credential::Outside => None,
        };
        let secrets = Secrets { token: store.token(), request };
        exchange.hide(&|text| secrets.are_in(text));
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
