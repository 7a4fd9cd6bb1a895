//! Many calls at once: so many threads work on a list, and what comes of it is handed over in the order of the list.
//!
//! ```text
//!   List --> thread 1 .. thread N --> what came, in any order --> InOrder --> in the order of the list
//!    ^ ends with the first failure, if that is to end it             |
//!    +---------- how far it is: nobody works too far ahead ----------+
//! ```
//!
//! The threads belong to nobody: a program that has enough ends, and they with it.

use std::collections::BTreeMap;
use std::io;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::progress;

/// How far ahead of the one that is waited for the threads may work: what comes before its turn is kept in memory.
const AHEAD_MAX: usize = 1_000;

/// The list that the threads share.
struct List {
    ids: Arc<[String]>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// The first that nobody works on.
    next: usize,
    /// The one that is waited for.
    due: usize,
}

impl List {
    /// Takes the next one, once it is not too far ahead.
    fn take(&self) -> Option<(usize, &str)> {
        let is_too_far = |state: &mut State| {
            state.next >= state.due.saturating_add(AHEAD_MAX) && state.next < self.ids.len()
        };
        let state = self.changed.wait_while(self.lock(), is_too_far);
        let mut state = state.unwrap_or_else(PoisonError::into_inner);
        let index = state.next;
        let id = self.ids.get(index)?;
        state.next += 1;
        Some((index, id))
    }

    /// Lets no further one begin.
    fn end(&self) {
        self.lock().next = self.ids.len();
        self.changed.notify_all();
    }

    fn wait_for(&self, due: usize) {
        self.lock().due = due;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Every change of it is one assignment.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What comes of a list, in its order.
pub(crate) struct InOrder<T> {
    list: Arc<List>,
    came: Receiver<(usize, T)>,
    /// What came before its turn.
    early: BTreeMap<usize, T>,
    next: usize,
    arrived: usize,
}

/// Starts to work on a list on so many threads. `work` says of an id what came of it, and whether to begin another one.
pub(crate) fn start<T: Send + 'static>(
    ids: &Arc<[String]>,
    jobs: usize,
    work: impl Fn(&str) -> (T, bool) + Send + Sync + 'static,
) -> io::Result<InOrder<T>> {
    let (sender, came) = channel();
    let list = Arc::new(List { ids: Arc::clone(ids), state: Mutex::default(), changed: Condvar::new() });
    let work = Arc::new(work);
    for _ in 0..jobs.min(ids.len()) {
        let (list, work, sender) = (Arc::clone(&list), Arc::clone(&work), sender.clone());
        thread::Builder::new().spawn(move || {
            while let Some((index, id)) = list.take() {
                let (came, goes_on) = progress::about(index, id, || work(id));
                if !goes_on {
                    list.end();
                }
                // Where nobody listens any more the program is about to end.
                if sender.send((index, came)).is_err() {
                    return;
                }
            }
        })?;
    }
    Ok(InOrder { list, came, early: BTreeMap::new(), next: 0, arrived: 0 })
}

impl<T> InOrder<T> {
    /// The next of the list with its index, once it is there; `arrived` hears how many there are whenever one comes.
    pub(crate) fn next(&mut self, mut arrived: impl FnMut(usize)) -> Option<(usize, T)> {
        loop {
            if let Some(came) = self.early.remove(&self.next) {
                self.next += 1;
                self.list.wait_for(self.next);
                return Some((self.next - 1, came));
            }
            // No more come when all threads are done.
            let (index, came) = self.came.recv().ok()?;
            self.arrived += 1;
            arrived(self.arrived);
            self.early.insert(index, came);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
    use std::sync::mpsc::channel;
    use std::sync::{Arc, Mutex};
    use std::thread;
    use std::time::Duration;

    use super::{AHEAD_MAX, start};

    fn ids(count: u64) -> Arc<[String]> {
        (0..count).map(|number| number.to_string()).collect()
    }

    #[test]
    fn the_order_is_that_of_the_list_whoever_comes_first() {
        let at_once = Arc::new((AtomicUsize::new(0), AtomicUsize::new(0)));
        let seen = Arc::clone(&at_once);
        let mut results = start(&ids(12), 3, move |id| {
            let now = seen.0.fetch_add(1, Relaxed) + 1;
            seen.1.fetch_max(now, Relaxed);
            // The first of each three takes longest.
            thread::sleep(Duration::from_millis(30 - id.parse::<u64>().unwrap_or(0) % 3 * 10));
            seen.0.fetch_sub(1, Relaxed);
            (id.to_owned(), true)
        })
        .expect("threads");
        let mut arrived = Vec::new();
        let mut came = Vec::new();
        while let Some((index, id)) = results.next(|count| arrived.push(count)) {
            assert_eq!(id, index.to_string());
            came.push(index);
        }
        assert_eq!(came, (0..12).collect::<Vec<_>>());
        assert_eq!(arrived, (1..=12).collect::<Vec<_>>());
        assert_eq!(at_once.1.load(Relaxed), 3, "as many at once as there are threads");
    }

    #[test]
    fn nothing_begins_after_what_ends_the_list() {
        let mut results = start(&ids(100), 2, |id| (id.to_owned(), id != "3")).expect("threads");
        let mut count = 0;
        while results.next(|_| ()).is_some() {
            count += 1;
        }
        assert!((4..=6).contains(&count), "{count}");
    }

    #[test]
    fn nobody_works_too_far_ahead_of_the_first() {
        let begun = Arc::new(AtomicUsize::new(0));
        let (seen, count) = (Arc::clone(&begun), AHEAD_MAX + 500);
        let (release, first) = channel();
        let first = Mutex::new(first);
        let mut results = start(&ids(count as u64), 2, move |id| {
            seen.fetch_add(1, Relaxed);
            if id == "0" {
                let _ = first.lock().map(|first| first.recv());
            }
            ((), true)
        })
        .expect("threads");
        while begun.load(Relaxed) < AHEAD_MAX {
            thread::sleep(Duration::from_millis(1));
        }
        thread::sleep(Duration::from_millis(50));
        assert_eq!(begun.load(Relaxed), AHEAD_MAX, "the first is waited for");
        release.send(()).expect("the first waits");
        let mut came = 0;
        while results.next(|_| ()).is_some() {
            came += 1;
        }
        assert_eq!(came, count);
    }
}
