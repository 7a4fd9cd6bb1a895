//! A clock on which minutes pass at once.

use core::time::Duration;
use graph_call_std::Clock;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Time that passes by sleeping only. Every sleep of at least a second is noted, and takes none.
///
/// A shorter one is a pause between two looks at a socket; it takes its time, for the peer is real.
#[derive(Clone, Debug, Default)]
pub struct ScriptedClock(Arc<Mutex<Time>>);

#[derive(Debug, Default)]
struct Time {
    now: Duration,
    waits: Vec<Duration>,
}

impl ScriptedClock {
    fn lock(&self) -> MutexGuard<'_, Time> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The waits so far; they are forgotten.
    #[must_use]
    pub fn take_waits(&self) -> Vec<Duration> {
        core::mem::take(&mut self.lock().waits)
    }
}

impl Clock for ScriptedClock {
    fn now(&self) -> Duration {
        self.lock().now
    }

    fn sleep(&self, span: Duration) {
        let mut time = self.lock();
        time.now += span;
        if span >= Duration::from_secs(1) {
            time.waits.push(span);
        } else {
            std::thread::sleep(span);
        }
    }
}
