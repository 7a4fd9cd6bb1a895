//! One operation over its attempts: what follows a failed one. No I/O, so both clients share it.
//!
//! ```text
//!            401, or claims asked for; once
//!          +--------------- Renew ----------------+
//!          v                                      |
//!   token ---> attempt --- fails ---> judge ------+--- Wait, then again
//!                 |                               +--- Fail
//!                 +-- answered: the call
//! ```

use core::time::Duration;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::error::{Error, ErrorKind, Phase};
use crate::retry::{Ended, Plan, Policy, Stop};

/// What follows a failed attempt.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// The operation has failed.
    Fail(Error),
    /// Another access token may do, if the credential has one; `claims` is what it must satisfy.
    Renew { claims: Option<String>, error: Error },
    /// Another attempt after `span`, on a new connection if `fresh`.
    Wait { span: Duration, fresh: bool, error: Error },
}

/// What the attempts so far leave behind.
#[derive(Debug)]
pub(crate) struct Operation {
    policy: Policy,
    /// Attempts that the policy counts.
    attempts: u8,
    /// All requests made, those with a refused token included.
    requests: u8,
    is_renewed: bool,
}

impl Operation {
    pub(crate) fn new(policy: Policy) -> Self {
        Self { policy, attempts: 0, requests: 0, is_renewed: false }
    }

    /// Requests made before the one that comes now.
    pub(crate) fn earlier_requests(&self) -> u8 {
        self.requests
    }

    /// Decides what follows a failed attempt, with `left` of the operation's time.
    pub(crate) fn judge(&mut self, error: Error, left: Duration, random: u32) -> Verdict {
        self.requests = self.requests.saturating_add(1);
        let claims = error.refusal().and_then(|refusal| refusal.claims.clone());
        if (error.status() == Some(401) || claims.is_some()) && !self.is_renewed {
            self.is_renewed = true;
            return Verdict::Renew { claims, error };
        }
        self.attempts = self.attempts.saturating_add(1);
        let Some(ended) = ended(&error) else { return Verdict::Fail(error) };
        match self.policy.plan(self.attempts, &ended, left, random) {
            Plan::Retry { after, fresh_connection } => {
                Verdict::Wait { span: after, fresh: fresh_connection, error }
            }
            Plan::Stop(Stop::TooLong { .. }) if error.retry_after().is_some() => {
                Verdict::Fail(error.with_kind(ErrorKind::Throttled).with_phase(Phase::Wait))
            }
            Plan::Stop(_) => Verdict::Fail(error),
        }
    }
}

/// The error as far as a retry depends on it; `None` is final.
fn ended(error: &Error) -> Option<Ended> {
    if let Some(refusal) = error.refusal() {
        let head = &refusal.head;
        return Some(Ended::Status { status: head.status, retry_after: head.retry_after });
    }
    let is_before_request =
        matches!(error.phase(), Phase::Resolve | Phase::Connect | Phase::Proxy | Phase::Tls);
    let is_passing = !matches!(error.kind(), ErrorKind::Certificate | ErrorKind::Usage);
    (is_before_request && is_passing).then_some(Ended::Connect)
}

/// The claims of a challenge as JSON, from base64 of either alphabet, padded or not.
pub(crate) fn claims(encoded: &str) -> Option<String> {
    const CONFIG: GeneralPurposeConfig =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let alphabet = if encoded.contains(['-', '_']) { &alphabet::URL_SAFE } else { &alphabet::STANDARD };
    let decoded = GeneralPurpose::new(alphabet, CONFIG).decode(encoded).ok()?;
    String::from_utf8(decoded).ok()
}
