//! Many calls at once: so many threads work on a list, and what comes of it is handed over in the order of the list.
//!
//! ```text
//!   ids --> next --> thread 1 .. thread N --> what came, in any order --> InOrder --> in the order of the ids
//!            ^ moved to the end by the first failure, if that is to end it
//! ```
//!
//! The threads belong to nobody: a program that has enough ends, and they with it.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use crate::progress;

/// What comes of a list, in its order.
pub(crate) struct InOrder<T> {
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
    let next = Arc::new(AtomicUsize::new(0));
    let work = Arc::new(work);
    for _ in 0..jobs.min(ids.len()) {
        let (ids, next, work, sender) =
            (Arc::clone(ids), Arc::clone(&next), Arc::clone(&work), sender.clone());
        thread::Builder::new().spawn(move || {
            loop {
                let index = next.fetch_add(1, Relaxed);
                let Some(id) = ids.get(index) else { return };
                let (came, goes_on) = progress::about(index, id, || work(id));
                if !goes_on {
                    next.fetch_max(ids.len(), Relaxed);
                }
                // Where nobody listens any more the program is about to end.
                if sender.send((index, came)).is_err() {
                    return;
                }
            }
        })?;
    }
    Ok(InOrder { came, early: BTreeMap::new(), next: 0, arrived: 0 })
}

impl<T> InOrder<T> {
    /// The next of the list with its index, once it is there; `arrived` hears how many there are whenever one comes.
    pub(crate) fn next(&mut self, mut arrived: impl FnMut(usize)) -> Option<(usize, T)> {
        loop {
            if let Some(came) = self.early.remove(&self.next) {
                self.next += 1;
                return Some((self.next - 1, came));
            }
            match self.came.recv() {
                Ok((index, came)) => {
                    self.arrived += 1;
                    arrived(self.arrived);
                    self.early.insert(index, came);
                }
                // All threads are done.
                Err(_) => {
                    let (index, came) = self.early.pop_first()?;
                    self.next = index + 1;
                    return Some((index, came));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
    use std::thread;
    use std::time::Duration;

    use super::start;

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
}
