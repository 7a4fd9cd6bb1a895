//! How long a token is good for.

/// When a token is to be renewed, and when it ends; by any clock that counts milliseconds.
///
/// A session has one for the token it holds. A program that shares a token between sessions may keep another
/// beside it, for the same decision.
///
/// ```
/// use graph_call::job::{Grant, Need, Policy};
///
/// let grant = Grant::new(0, Some(3_600_000), None, &Policy::DEFAULT);
/// assert_eq!(grant.needs(3_299_999), Need::Nothing);
/// assert_eq!(grant.needs(3_300_000), Need::Renewal);
/// assert_eq!(grant.needs(3_600_000), Need::Token);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Grant {
    renew_at: u64,
    ends_at: u64,
}

/// What is needed before the next request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Need {
    /// Nothing: the token is good.
    Nothing,
    /// Another token, but this one serves if none can be had.
    Renewal,
    /// A token.
    Token,
}

impl Grant {
    /// No token: one is needed at any time.
    pub const NONE: Self = Self { renew_at: 0, ends_at: 0 };

    /// A token asked for at `now` that lives so many milliseconds, and is to be renewed after so many, if the
    /// answer said so.
    pub fn new(now: u64, lifetime: Option<u64>, refresh: Option<u64>, policy: &super::Policy) -> Self {
        let lifetime = lifetime.unwrap_or(policy.lifetime);
        // A token that lives less than twice the margin is good for half of its life.
        let margin = policy.renew_before.min(lifetime / 2);
        let renewal = refresh.unwrap_or(u64::MAX).min(lifetime.saturating_sub(margin));
        Self { renew_at: now.saturating_add(renewal), ends_at: now.saturating_add(lifetime) }
    }

    /// No renewal before a time: the last one has failed.
    pub(super) fn postpone(&mut self, until: u64) {
        self.renew_at = until;
    }

    /// How long the token still lives, if it does not live for ever.
    pub(super) fn lifetime(&self, now: u64) -> Option<u64> {
        (self.ends_at < u64::MAX).then(|| self.ends_at.saturating_sub(now))
    }

    /// What is needed at a time.
    pub const fn needs(&self, now: u64) -> Need {
        if now >= self.ends_at {
            Need::Token
        } else if now >= self.renew_at {
            Need::Renewal
        } else {
            Need::Nothing
        }
    }
}
