//! Name lookups by the operating system, each on a thread of its own, none of them twice at a time.
//!
//! - takes: a host name
//! - gives: all its addresses, to as many waiters as there are
//! - keeps: the lookups under way, each under its name, so that a late answer is nobody else's
//! - refuses: a lookup beyond [`THREADS_MAX`]
//!
//! The system resolves names with a call that cannot be interrupted. Whoever stops waiting leaves the thread behind; the
//! next one to ask for the same name waits for that thread instead of starting another.

use core::net::IpAddr;
use core::time::Duration;
use std::io;
use std::net::ToSocketAddrs;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::text::of_system;

/// Lookups under way at once in a process.
const THREADS_MAX: usize = 16;

/// The lookups of this process.
pub(crate) static SYSTEM: Lookups = Lookups::new(|name| {
    let found = (name, 0).to_socket_addrs()?;
    Ok(found.map(|address| address.ip()).collect())
});

/// What asks the system.
type Resolve = fn(&str) -> io::Result<Vec<IpAddr>>;

/// Lookups under way.
pub(crate) struct Lookups {
    resolve: Resolve,
    under_way: Mutex<Vec<Arc<Shared>>>,
}

/// One wait for a lookup.
#[derive(Clone, Debug)]
pub(crate) struct Lookup(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    host: String,
    outcome: Mutex<Outcome>,
    is_over: Condvar,
}

#[derive(Debug, Default)]
struct Outcome {
    found: Option<Result<Vec<IpAddr>, LookupError>>,
    #[cfg(feature = "tokio")]
    wakers: Vec<core::task::Waker>,
}

/// Why there are no addresses.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum LookupError {
    /// The system says so.
    NotFound(String),
    /// There is no thread to ask it on.
    NoThread(String),
}

impl Lookups {
    pub(crate) const fn new(resolve: Resolve) -> Self {
        Self { resolve, under_way: Mutex::new(Vec::new()) }
    }

    /// Begins to look `host` up, or joins the lookup of it that is under way.
    pub(crate) fn find(&'static self, host: &str) -> Result<Lookup, LookupError> {
        let mut under_way = locked(&self.under_way);
        if let Some(shared) = under_way.iter().find(|shared| shared.host == host) {
            return Ok(Lookup(Arc::clone(shared)));
        }
        if under_way.len() >= THREADS_MAX {
            return Err(LookupError::NoThread(format!(
                "{THREADS_MAX} name lookups wait for the system's resolver already"
            )));
        }
        let shared =
            Arc::new(Shared { host: host.to_owned(), outcome: Mutex::default(), is_over: Condvar::new() });
        let asked = Arc::clone(&shared);
        let thread = std::thread::Builder::new().name("resolve".into()).spawn(move || {
            let found =
                (self.resolve)(&asked.host).map_err(|error| LookupError::NotFound(no_address(&error)));
            locked(&self.under_way).retain(|shared| !Arc::ptr_eq(shared, &asked));
            asked.finish(found);
        });
        if let Err(error) = thread {
            return Err(LookupError::NoThread(format!("no thread for a name lookup: {error}")));
        }
        under_way.push(Arc::clone(&shared));
        Ok(Lookup(shared))
    }
}

/// That a name has no address, and what the system says of it.
fn no_address(error: &io::Error) -> String {
    let said = of_system(error);
    // What was tried is said already.
    let said = said.strip_prefix("failed to lookup address information: ").unwrap_or(&said);
    format!("no address is known for this name ({said})")
}

impl Shared {
    fn finish(&self, found: Result<Vec<IpAddr>, LookupError>) {
        let mut outcome = locked(&self.outcome);
        outcome.found = Some(found);
        self.is_over.notify_all();
        #[cfg(feature = "tokio")]
        outcome.wakers.drain(..).for_each(core::task::Waker::wake);
    }
}

impl Lookup {
    pub(crate) fn host(&self) -> &str {
        &self.0.host
    }

    /// What was found, if the lookup is over.
    pub(crate) fn found(&self) -> Option<Result<Vec<IpAddr>, LookupError>> {
        locked(&self.0.outcome).found.clone()
    }

    /// Waits until the lookup is over, at most for `span`.
    pub(crate) fn wait(&self, span: Duration) {
        let outcome = locked(&self.0.outcome);
        // Over, late or disturbed: whoever waits looks again.
        let _ = self.0.is_over.wait_timeout_while(outcome, span, |outcome| outcome.found.is_none());
    }

    /// The same, awaited.
    #[cfg(feature = "tokio")]
    pub(crate) async fn finished(&self) -> Result<Vec<IpAddr>, LookupError> {
        core::future::poll_fn(|context| {
            let mut outcome = locked(&self.0.outcome);
            match &outcome.found {
                Some(found) => core::task::Poll::Ready(found.clone()),
                None => {
                    outcome.wakers.retain(|waker| !waker.will_wake(context.waker()));
                    outcome.wakers.push(context.waker().clone());
                    core::task::Poll::Pending
                }
            }
        })
        .await
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::{LookupError, Lookups, THREADS_MAX};
    use core::net::{IpAddr, Ipv4Addr};
    use core::time::Duration;
    use std::io;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Instant;

    const SECOND: Duration = Duration::from_secs(1);

    static ASKED: AtomicUsize = AtomicUsize::new(0);

    /// Each name is a number of milliseconds, and an address that tells it.
    fn slowly(name: &str) -> io::Result<Vec<IpAddr>> {
        ASKED.fetch_add(1, Ordering::SeqCst);
        let number: u8 = name.parse().map_err(io::Error::other)?;
        std::thread::sleep(Duration::from_millis(number.into()));
        Ok(vec![Ipv4Addr::new(10, 0, 0, number).into()])
    }

    #[test]
    fn tries_for_one_name_share_a_thread_and_a_late_answer_stays_with_its_name() {
        static LOOKUPS: Lookups = Lookups::new(slowly);
        let address = |last| Some(Ok(vec![IpAddr::from(Ipv4Addr::new(10, 0, 0, last))]));
        for _ in 0..20 {
            let given_up = LOOKUPS.find("100").unwrap();
            assert!(given_up.found().is_none());
        }
        assert!(ASKED.load(Ordering::SeqCst) <= 1);
        let other = LOOKUPS.find("20").unwrap();
        other.wait(SECOND);
        assert_eq!(other.found(), address(20));
        let joined = LOOKUPS.find("100").unwrap();
        joined.wait(SECOND);
        assert_eq!(joined.found(), address(100));
        assert_eq!(ASKED.load(Ordering::SeqCst), 2);
        // Over is over: the next one asks anew.
        let again = LOOKUPS.find("100").unwrap();
        assert!(again.found().is_none());
    }

    #[test]
    fn threads_have_a_limit_and_its_error_is_not_that_of_a_name() {
        fn never(_: &str) -> io::Result<Vec<IpAddr>> {
            std::thread::sleep(SECOND);
            Err(io::Error::other("nobody waits for this"))
        }
        static LOOKUPS: Lookups = Lookups::new(never);
        let began = Instant::now();
        for number in 0..THREADS_MAX {
            LOOKUPS.find(&number.to_string()).unwrap();
        }
        assert!(matches!(LOOKUPS.find("one more"), Err(LookupError::NoThread(_))));
        assert!(LOOKUPS.find("3").is_ok(), "a name that is looked up already is joined");
        assert!(began.elapsed() < SECOND);
    }

    #[test]
    fn a_wait_ends_with_the_lookup_and_not_later() {
        fn at_once(_: &str) -> io::Result<Vec<IpAddr>> {
            Err(io::Error::other("unknown"))
        }
        static LOOKUPS: Lookups = Lookups::new(at_once);
        let began = Instant::now();
        let lookup = LOOKUPS.find("nobody.example").unwrap();
        lookup.wait(10 * SECOND);
        assert_eq!(
            lookup.found(),
            Some(Err(LookupError::NotFound("no address is known for this name (unknown)".into())))
        );
        assert!(began.elapsed() < 5 * SECOND);
    }
}
