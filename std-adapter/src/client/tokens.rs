//! One access token for all readings of a client, and one sign-in at a time.
//!
//! - takes: a credential; what a reading says of the token that it has
//! - gives: the current token, or the right to get another one
//! - keeps: the token, and in the session of the sign-in whether its credential was refused
//! - refuses: two sign-ins at a time
//!
//! ```text
//!   a reading wants a token --- the current one is good, and is not the one that was refused ---> that one
//!        |                  \-- it is to be renewed, and somebody is at it --------------------> that one
//!        +--- else: waits for the desk, looks again, and signs in if that is still needed
//! ```

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use graph_call::job::{Grant, Need, Policy};

use super::Session;
use super::pool::{Pool, Taken};
use crate::credential::{Credential, Offer, Secret, Wanted};
use crate::error::Error;

/// The token, and the desk where another one is got.
pub(crate) struct Tokens {
    current: Mutex<Current>,
    /// One desk: whoever has it signs in.
    desk: Pool<Desk>,
}

/// What a sign-in needs; one reading at a time has it.
pub(crate) struct Desk {
    pub(crate) session: Box<Session>,
    /// Shared, for it may be asked on a thread of its own.
    pub(crate) credential: Asked,
    /// The revision that was asked last.
    pub(crate) revision: u64,
}

/// A credential that is asked by one at a time.
pub(crate) type Asked = Arc<Mutex<Box<dyn Credential + Send>>>;

/// What a credential offers, and the revision of it that does.
pub(crate) fn ask(credential: &Asked, wanted: &Wanted<'_>) -> (Result<Offer, Error>, u64) {
    // One that has panicked may be asked again: what it keeps is its own.
    let mut credential = credential.lock().unwrap_or_else(PoisonError::into_inner);
    let offer = credential.offer(wanted);
    (offer, credential.revision())
}

/// Whether it may take its time.
#[cfg(feature = "tokio")]
pub(crate) fn is_slow(credential: &Asked) -> bool {
    // Somebody gave up on it while it was asked: it is slow.
    credential.try_lock().map_or(true, |credential| credential.is_slow())
}

/// The current token.
#[derive(Clone, Debug)]
pub(crate) struct Current {
    pub(crate) token: Arc<Secret>,
    /// Which token it is: the first is 1.
    pub(crate) serial: u64,
    grant: Grant,
    ends_at: u64,
}

/// What a reading wants.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Want {
    /// The serial of the token that it has; 0 for none.
    pub(crate) serial: u64,
    /// Whether that one was refused.
    pub(crate) was_refused: bool,
}

impl Want {
    /// Whether the service refused the very token that is current.
    pub(crate) fn refuses(self, current: &Current) -> bool {
        self.was_refused && self.serial == current.serial
    }
}

impl Current {
    /// Milliseconds that it still lives.
    pub(crate) fn lifetime(&self, now: u64) -> u64 {
        self.ends_at.saturating_sub(now)
    }
}

impl Tokens {
    pub(crate) fn new(credential: Box<dyn Credential + Send>, session: Box<Session>) -> Self {
        let desk = Desk { session, credential: Arc::new(Mutex::new(credential)), revision: 0 };
        let current = Current { token: Arc::new(Secret::new("")), serial: 0, grant: Grant::NONE, ends_at: 0 };
        Self { current: Mutex::new(current), desk: Pool::new(vec![desk], 0) }
    }

    /// The current token, if it serves; or else whether it may do until somebody else has another one.
    pub(crate) fn look(&self, want: Want, now: u64) -> Result<Current, Option<Current>> {
        let current = self.lock().clone();
        match current.grant.needs(now) {
            _ if want.refuses(&current) => Err(None),
            Need::Nothing => Ok(current),
            Need::Renewal => Err(Some(current)),
            Need::Token => Err(None),
        }
    }

    /// The current token, whether it serves or not.
    pub(crate) fn current(&self) -> Current {
        self.lock().clone()
    }

    /// Where another one is got.
    pub(crate) fn desk(&self) -> &Pool<Desk> {
        &self.desk
    }

    /// The token of the desk is the current one from now on.
    pub(crate) fn publish(&self, desk: &Desk, now: u64, policy: &Policy) {
        let Some(token) = desk.session.token() else { return };
        let mut current = self.lock();
        if current.token.reveal() != token.reveal() || current.serial == 0 {
            current.token = Arc::new(Secret::new(token.reveal()));
            current.serial += 1;
        }
        let lifetime = desk.session.lifetime(now).unwrap_or(u64::MAX);
        current.ends_at = now.saturating_add(lifetime);
        current.grant = Grant::new(now, Some(lifetime), None, policy);
    }

    fn lock(&self) -> MutexGuard<'_, Current> {
        // Every change of it is one assignment.
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl core::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Tokens").field("current", &self.lock()).finish_non_exhaustive()
    }
}

/// The desk, given back when this is dropped.
pub(crate) struct AtDesk<'t> {
    tokens: &'t Tokens,
    desk: Option<Desk>,
}

impl<'t> AtDesk<'t> {
    /// Sits down at a desk that was taken.
    pub(crate) fn new(tokens: &'t Tokens, taken: Taken<Desk>) -> Option<Self> {
        match taken {
            Taken::Idle(desk) => Some(Self { tokens, desk: Some(desk) }),
            // There is one from the beginning.
            Taken::Unmade => None,
        }
    }

    pub(crate) fn desk(&mut self) -> Option<&mut Desk> {
        self.desk.as_mut()
    }
}

impl Drop for AtDesk<'_> {
    fn drop(&mut self) {
        if let Some(desk) = self.desk.take() {
            self.tokens.desk.put(desk);
        }
    }
}
