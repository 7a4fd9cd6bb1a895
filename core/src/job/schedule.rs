//! When to try again, and when to read again: pure functions.
//!
//! - takes: how many attempts failed, what the service asked for, the time left
//! - gives: a wait, or why there is none
//! - keeps: nothing
//! - refuses: a wait that is longer than the policy, or the time left, allows
//!
//! Waits follow `Retry-After` (RFC 9110, section 10.2.3) where the service sent one, and double from attempt to attempt
//! where it did not. Chance only lengthens a wait, and its most is charged to the time left in any case: so nothing
//! that comes of a reading depends on it.

use super::Policy;

/// The shortest time between two readings of a watch.
const INTERVAL_MIN: u64 = 1_000;
/// More than any program lives: 34 years, which can be multiplied without overflow.
const INTERVAL_MAX: u64 = 1 << 40;

/// What follows a failed attempt.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Next {
    /// Another attempt after so many milliseconds, and what chance adds.
    Wait(u64),
    /// There were as many as the policy allows.
    Spent,
    /// The wait that would be due is too long.
    TooLong(u64),
}

impl Policy {
    /// Plans what follows the failed attempt of this number, the first being 1, with `left` of the reading's time.
    pub(super) fn after(&self, attempt: u8, asked: Option<u64>, left: u64) -> Next {
        if attempt >= self.attempts {
            return Next::Spent;
        }
        let doublings = u32::from(attempt.saturating_sub(1)).min(30);
        let backoff = self.wait_first.saturating_mul(1 << doublings).min(self.wait_max);
        let wait = match asked {
            // A service that says `Retry-After: 1` again and again is not believed twice.
            Some(asked) if attempt > 1 => asked.max(backoff),
            Some(asked) => asked,
            None => backoff,
        };
        let wait = wait.max(self.wait_min);
        if wait > self.wait_max || wait.saturating_add(self.jitter) >= left {
            return Next::TooLong(wait);
        }
        Next::Wait(wait)
    }

    /// From a reading of a watch to the next: the interval give or take a fifth, by a number of chance of 16 bits,
    /// and no less than the service asked for, as far as the policy allows.
    pub(super) fn until_next(&self, every: u64, asked: Option<u64>, chance: u16) -> u64 {
        let every = every.clamp(INTERVAL_MIN, INTERVAL_MAX);
        // A fifth is 205 of 1024.
        let fifth = every.wrapping_mul(205) >> 10;
        let spread = fifth.wrapping_mul(u64::from(chance)) >> 15;
        let wait = every.wrapping_sub(fifth).wrapping_add(spread).max(INTERVAL_MIN);
        wait.max(asked.unwrap_or(0).min(self.wait_max))
    }
}
