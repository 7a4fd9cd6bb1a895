//! Whether a failed attempt deserves another one, and after how long.
//!
//! - takes: how the attempt ended, how many were made, the time left, a random number
//! - gives: wait so long and try again, or stop and why
//! - keeps: nothing; the same arguments give the same plan
//! - refuses: waits longer than the policy or the time left allows
//!
//! A GET is idempotent (RFC 9110, section 9.2.2), so any answer may be asked for again, as long as
//! no content was delivered to the caller. Waits follow `Retry-After` (RFC 9110, section 10.2.3)
//! where the service sent one, and double from attempt to attempt where it did not.

use core::time::Duration;

/// The most retries a policy can ask for.
pub const RETRIES_MAX: u8 = 10;

/// Which failures are tried again, how often, and how long a wait may be.
///
/// ```
/// use core::time::Duration;
/// use graph_call_std::retry::{Ended, Plan, Policy, Stop};
///
/// let policy = Policy::default();
/// let throttled = Ended::Status { status: 429, retry_after: Some(Duration::from_millis(2_128)) };
/// let left = Duration::from_secs(100);
/// assert_eq!(
///     policy.plan(1, &throttled, left, 0),
///     Plan::Retry { after: Duration::from_millis(2128), fresh_connection: false },
/// );
/// assert_eq!(
///     policy.plan(1, &Ended::Status { status: 404, retry_after: None }, left, 0),
///     Plan::Stop(Stop::Final),
/// );
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Policy {
    /// Attempts after the first one; more than [`RETRIES_MAX`] counts as that.
    pub retries: u8,
    /// Whether 408, 500 and 502 are tried again, as 429, 503 and 504 always are.
    pub server_errors: bool,
    /// Whether a connection that could not be made is tried again.
    pub connect: bool,
    /// The wait before the first retry; it doubles for each further one.
    pub first_wait: Duration,
    /// The most that chance adds to a wait, so that many clients do not return together.
    pub jitter: Duration,
    /// The longest single wait; a service that asks for more is not waited for.
    pub wait_max: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            retries: 3,
            server_errors: false,
            connect: false,
            first_wait: Duration::from_secs(3),
            jitter: Duration::from_secs(1),
            wait_max: Duration::from_secs(180),
        }
    }
}

/// How an attempt ended, as far as a retry depends on it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Ended {
    /// No connection, so no request was sent.
    Connect,
    /// An answer with this status.
    Status {
        /// The status code.
        status: u16,
        /// The wait that the service asked for.
        retry_after: Option<Duration>,
    },
}

/// What to do after a failed attempt.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Plan {
    /// Wait, then try again.
    Retry {
        /// The wait.
        after: Duration,
        /// Whether the next attempt must not reuse the connection: a 503 asks for another server.
        fresh_connection: bool,
    },
    /// Report the failure.
    Stop(Stop),
}

/// Why there is no further attempt.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Stop {
    /// Another attempt would end the same way.
    Final,
    /// Every attempt of the policy was made.
    Spent,
    /// The wait is longer than the policy or the time left allows.
    TooLong {
        /// The wait, as the service asked for it or as the policy computed it.
        wait: Duration,
    },
}

impl Policy {
    /// Plans what follows the failed attempt number `attempt`, the first being 1.
    ///
    /// `left` is what remains of the operation's time, `random` any number: it picks the jitter.
    #[must_use]
    pub fn plan(&self, attempt: u8, ended: &Ended, left: Duration, random: u32) -> Plan {
        if !self.repeats(ended) {
            return Plan::Stop(Stop::Final);
        }
        if attempt > self.retries.min(RETRIES_MAX) {
            return Plan::Stop(Stop::Spent);
        }
        let backoff = self.backoff(attempt);
        let wait = match *ended {
            // A service that says `Retry-After: 1` again and again is not believed twice.
            Ended::Status { retry_after: Some(asked), .. } if attempt > 1 => asked.max(backoff),
            Ended::Status { retry_after: Some(asked), .. } => asked,
            _ => backoff,
        };
        if wait > self.wait_max || wait >= left {
            return Plan::Stop(Stop::TooLong { wait });
        }
        // Jitter only lengthens, and never past the end of the operation.
        let jitter = (self.jitter.as_nanos() * u128::from(random)) >> u32::BITS;
        let jitter = Duration::from_nanos(u64::try_from(jitter).unwrap_or(u64::MAX));
        Plan::Retry {
            after: wait.saturating_add(jitter).min(self.wait_max.max(wait)).min(left),
            fresh_connection: !matches!(ended, Ended::Status { status: 429, .. }),
        }
    }

    fn repeats(&self, ended: &Ended) -> bool {
        match ended {
            Ended::Connect => self.connect,
            Ended::Status { status: 429 | 503 | 504, .. } => true,
            Ended::Status { status: 408 | 500 | 502, .. } => self.server_errors,
            Ended::Status { .. } => false,
        }
    }

    /// 3, 6, 12 s ... without overflow.
    fn backoff(&self, attempt: u8) -> Duration {
        let doublings = u32::from(attempt.saturating_sub(1)).min(RETRIES_MAX.into());
        self.first_wait.saturating_mul(1 << doublings)
    }
}
