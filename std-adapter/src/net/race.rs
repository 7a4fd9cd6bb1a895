//! Which address of a host is tried when: several at once, the first that answers wins (RFC 8305).
//!
//! - takes: addresses in the resolver's order, the time, what became of each attempt
//! - gives: the address to try now, and when to ask again
//! - keeps: the addresses not tried yet
//! - refuses: to let one silent address use up the time of all
//!
//! ```text
//!   start --> the first address --> after 250 ms, or as soon as all others failed: the next one --> ...
//! ```

use core::net::{IpAddr, SocketAddr};
use core::time::Duration;
use std::collections::VecDeque;

/// The time that an attempt has before the next one begins beside it (section 5).
pub(crate) const ATTEMPT_DELAY: Duration = Duration::from_millis(250);
/// Addresses of a name that are tried.
const ADDRESSES_MAX: usize = 16;

/// The order and the times of connection attempts; times are those of the caller's clock.
#[derive(Debug)]
pub(crate) struct Race {
    waiting: VecDeque<SocketAddr>,
    /// When the next attempt begins, whatever the ones under way do.
    next_at: Duration,
}

impl Race {
    /// A race of these addresses, of which the first is tried at once.
    pub(crate) fn new(addresses: &[IpAddr], port: u16) -> Self {
        Self {
            waiting: interleaved(addresses).map(|address| SocketAddr::new(address, port)).collect(),
            next_at: Duration::ZERO,
        }
    }

    /// One more address, after the others.
    pub(crate) fn add(&mut self, address: SocketAddr) {
        self.waiting.push_back(address);
    }

    /// The address to try now, if it is time; `is_idle` says that no attempt is under way.
    pub(crate) fn start(&mut self, now: Duration, is_idle: bool) -> Option<SocketAddr> {
        if !is_idle && now < self.next_at {
            return None;
        }
        let address = self.waiting.pop_front()?;
        self.next_at = now.saturating_add(ATTEMPT_DELAY);
        Some(address)
    }

    /// The stack holds no further attempt beside the ones under way: this one waits until they have had their share of
    /// the time until `by`.
    pub(crate) fn put_back(&mut self, address: SocketAddr, now: Duration, by: Duration) {
        self.waiting.push_front(address);
        let attempts = u32::try_from(self.waiting.len()).unwrap_or(u32::MAX).saturating_add(1);
        self.next_at = now.saturating_add(by.saturating_sub(now) / attempts);
    }

    /// When [`Race::start`] has the next address, if there is one.
    pub(crate) fn next_at(&self) -> Option<Duration> {
        (!self.waiting.is_empty()).then_some(self.next_at)
    }
}

/// The families in turn, beginning with the first address's: the system has sorted the addresses by what it can reach
/// (RFC 6724), and puts IPv6 first where there is any (RFC 8305, section 4).
fn interleaved(addresses: &[IpAddr]) -> impl Iterator<Item = IpAddr> {
    let is_first_v4 = addresses.first().is_some_and(IpAddr::is_ipv4);
    let mut seen = Vec::new();
    for address in addresses {
        if !seen.contains(address) {
            seen.push(*address);
        }
    }
    let (mut first, mut other): (VecDeque<_>, VecDeque<_>) =
        seen.into_iter().partition(|address| address.is_ipv4() == is_first_v4);
    let mut is_first = false;
    core::iter::from_fn(move || {
        is_first = !is_first;
        if is_first {
            first.pop_front().or_else(|| other.pop_front())
        } else {
            other.pop_front().or_else(|| first.pop_front())
        }
    })
    .take(ADDRESSES_MAX)
}

#[cfg(test)]
mod tests {
    use super::{ADDRESSES_MAX, ATTEMPT_DELAY, Race};
    use core::net::IpAddr;
    use core::time::Duration;

    fn addresses(texts: &[&str]) -> Vec<IpAddr> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    fn order(texts: &[&str]) -> Vec<String> {
        let mut race = Race::new(&addresses(texts), 443);
        core::iter::from_fn(|| race.start(Duration::ZERO, true).map(|address| address.ip().to_string()))
            .collect()
    }

    #[test]
    fn families_take_turns_and_no_address_comes_twice() {
        assert_eq!(order(&["::1", "::2", "::3", "10.0.0.1", "::1"]), ["::1", "10.0.0.1", "::2", "::3"]);
        assert_eq!(order(&["10.0.0.1", "10.0.0.2", "::1"]), ["10.0.0.1", "::1", "10.0.0.2"]);
        assert!(order(&[]).is_empty());
        let many: Vec<String> = (0..99).map(|last| format!("10.0.0.{last}")).collect();
        assert_eq!(order(&many.iter().map(String::as_str).collect::<Vec<_>>()).len(), ADDRESSES_MAX);
    }

    #[test]
    fn the_next_attempt_begins_after_the_delay_or_a_failure() {
        let mut race = Race::new(&addresses(&["::1", "10.0.0.1", "::2"]), 443);
        let second = Duration::from_secs(1);
        assert!(race.start(second, true).is_some());
        assert_eq!(race.start(second, false), None);
        assert_eq!(race.next_at(), Some(second + ATTEMPT_DELAY));
        assert!(race.start(second + ATTEMPT_DELAY, false).is_some());
        // All failed: no reason to wait.
        assert!(race.start(second + ATTEMPT_DELAY, true).is_some());
        assert_eq!((race.next_at(), race.start(9 * second, true)), (None, None));
    }

    #[test]
    fn where_only_one_attempt_fits_each_has_its_share() {
        let mut race = Race::new(&addresses(&["::1", "10.0.0.1", "::2"]), 443);
        race.start(Duration::ZERO, true);
        let second = Duration::from_secs(1);
        let address = race.start(second, false).unwrap();
        race.put_back(address, second, 10 * second);
        assert_eq!(race.next_at(), Some(4 * second));
        assert_eq!(race.start(4 * second, false), Some(address));
    }
}
