//! Monotonic time, as the client needs it: one reading, one pause.
//!
//! A trait, because a device has its own timer and a test wants minutes to pass at once.

use core::fmt;
use core::time::Duration;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// A clock that never goes back, and that can wait.
///
/// ```
/// use core::cell::Cell;
/// use core::time::Duration;
/// use graph_call_std::Clock;
///
/// /// Time that passes only when somebody waits.
/// #[derive(Debug, Default)]
/// struct Script(Cell<Duration>);
///
/// impl Clock for Script {
///     fn now(&self) -> Duration {
///         self.0.get()
///     }
///     fn sleep(&self, span: Duration) {
///         self.0.set(self.0.get() + span);
///     }
/// }
///
/// let clock = Script::default();
/// clock.sleep(Duration::from_secs(12));
/// assert_eq!(clock.now(), Duration::from_secs(12));
/// ```
pub trait Clock: fmt::Debug {
    /// The time since a fixed moment of the clock's own choice.
    fn now(&self) -> Duration;

    /// Returns when `span` has passed.
    fn sleep(&self, span: Duration);
}

/// The operating system's monotonic clock.
///
/// ```
/// use graph_call_std::{Clock, SystemClock};
///
/// let clock = SystemClock::new();
/// let before = clock.now();
/// assert!(clock.now() >= before);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct SystemClock {
    start: Instant,
}

impl SystemClock {
    /// A clock that counts from now.
    #[must_use]
    pub fn new() -> Self {
        Self { start: Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Duration {
        self.start.elapsed()
    }

    fn sleep(&self, span: Duration) {
        std::thread::sleep(span);
    }
}

/// What the system's clock says, in seconds since the start of 1970; before that it is wrong anyway, and says 0.
///
/// ```
/// use graph_call::DateTime;
/// use graph_call_std::clock::unix_seconds;
///
/// let now = DateTime::from_unix(unix_seconds()).ok_or("after the year 9999")?;
/// assert!(now.year >= 2025);
/// # Ok::<(), &str>(())
/// ```
#[must_use]
pub fn unix_seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// So many seconds in one unit, for people: `90 s`, `3 min`, `5 h`, `11 days`.
///
/// ```
/// use graph_call_std::clock::in_words;
///
/// assert_eq!(in_words(200), "3 min");
/// ```
#[must_use]
pub fn in_words(seconds: u64) -> String {
    match seconds {
        ..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        7_200..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}
