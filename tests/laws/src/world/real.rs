//! The machine of the library, as a client of the world.

use graph_call::Call;
use graph_call::http::AccessToken;
use graph_call::job::{Did, Pair, Plan, Session, Step};

use super::{Client, Do, Told};

/// Room for heads, tokens and messages.
pub type RoomySession = Session<1024, 2048, 256>;

/// The machine, with two calls.
#[derive(Debug)]
pub struct Real<'p> {
    /// What outlives the job.
    pub session: Box<RoomySession>,
    /// What is to be done.
    pub plan: Plan<'p>,
    call: Box<Pair<Call>>,
    pause: Option<bool>,
}

impl<'p> Real<'p> {
    /// A new session that begins a plan.
    pub fn new(plan: Plan<'p>, seed: u64) -> Self {
        Self::over(Box::new(RoomySession::new()), plan, seed)
    }

    /// The plan over a session that there was before.
    pub fn over(mut session: Box<RoomySession>, plan: Plan<'p>, seed: u64) -> Self {
        let _ = session.start(&plan, seed);
        Self { session, plan, call: Box::new(Pair::new(Call::new(), Call::new())), pause: None }
    }
}

/// The subject and the state, if there is a call.
fn describe(call: &Call) -> Option<String> {
    Some(format!("{} {}", call.subject.as_str()?, call.state.as_str()?))
}

impl Client for Real<'_> {
    fn step(&mut self, now: u64, did: Did, buffer: &mut [u8]) -> Do {
        let mut job = self.session.resume(&self.plan);
        let step = job.step(now, did, buffer, &mut *self.call);
        let (doing, pause) = match step {
            Step::Connect { peer, is_fresh, by } => {
                assert!(!peer.is_plain && peer.port == 443);
                (Do::Connect { host: peer.host.into(), is_fresh, by }, None)
            }
            Step::Send { bytes, by } => (Do::Send { bytes: bytes.into(), by }, None),
            Step::Receive { by } => (Do::Receive { by }, None),
            Step::Close => (Do::Close, self.pause),
            Step::Wait { until, after } => {
                if let Some(failure) = after {
                    assert!(!failure.is_final, "no wait follows the end");
                    assert!(!super::trace::shows_secret(&format!("{failure} {failure:?}")), "{failure}");
                }
                // A pause is what comes after the user was told.
                let is_pause = self.pause.unwrap_or(false);
                (Do::Wait { until, is_pause }, Some(is_pause))
            }
            Step::Token { claims, was_refused, .. } => {
                (Do::Token { claims: claims.map(str::to_owned), was_refused }, None)
            }
            Step::Call(head) => {
                assert!(!super::trace::shows_secret(&format!("{head:?} {:?}", head.request_id())));
                let call = describe(self.call.last());
                (Do::Told(Told::Call(call.unwrap_or_default())), Some(true))
            }
            Step::Gone(refused) => {
                let shown = format!("{refused} {refused:?} {}", refused.head.status());
                (Do::Told(Told::Gone { shown }), Some(true))
            }
            Step::Failed(failure) => {
                let refused = failure.refused;
                let shown = format!(
                    "{failure} {failure:?} {:?} {:?} {:?}",
                    refused.map(|refused| refused.head.location()),
                    refused.map(|refused| refused.head.bearer_challenge()),
                    refused.map(|refused| refused.head.diagnostic()),
                );
                let told = Told::Failed {
                    kind: failure.kind,
                    phase: failure.phase,
                    who: failure.who,
                    status: refused.map(|refused| refused.head.status()),
                    retry_after: refused.and_then(|refused| Some(refused.head.retry_after()?.as_millis())),
                    is_cut: refused.is_some_and(|refused| refused.is_cut),
                    is_final: failure.is_final,
                    hint: failure.hint(),
                    shown,
                };
                (Do::Told(told), Some(true))
            }
            Step::Over => (Do::Over, None),
        };
        self.pause = pause;
        doing
    }

    fn bring(&mut self, now: u64, token: &str, lifetime: Option<u64>) {
        let token = AccessToken::new(token).expect("a token");
        self.session.resume(&self.plan).bring(now, token, lifetime);
    }

    fn shown(&self) -> String {
        format!("{:?} {:?}", self.session, self.plan)
    }

    fn last(&self) -> Option<String> {
        describe(self.call.last())
    }
}
