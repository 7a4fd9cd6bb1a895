//! What several readings share, a few things at a time: whoever comes first is served first.
//!
//! - takes: things that are given back, and those who wait for one
//! - gives: each thing to one at a time
//! - keeps: the things that nobody has
//! - refuses: to overtake
//!
//! ```text
//!   take --> queue: [first, second, ...]     a waiter takes when fewer wait before it than there are things
//!              ^                 |
//!   put  ------+ wakes the first | dropped: leaves the queue, and wakes who is next
//! ```
//!
//! It knows nothing of threads or tasks: a waiter is a future, which a task awaits and a thread sleeps for.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A number of things, some of which may not be made yet.
#[derive(Debug)]
pub(crate) struct Pool<T>(Mutex<State<T>>);

#[derive(Debug)]
struct State<T> {
    idle: Vec<T>,
    unmade: usize,
    queue: VecDeque<(u64, Option<Waker>)>,
    next: u64,
}

/// What is taken: a thing, or the right to make one.
#[derive(Debug, Eq, PartialEq)]
pub(crate) enum Taken<T> {
    /// A thing.
    Idle(T),
    /// None has been made yet.
    Unmade,
}

impl<T> Pool<T> {
    /// These, and so many that are made when they are needed.
    pub(crate) fn new(idle: Vec<T>, unmade: usize) -> Self {
        Self(Mutex::new(State { idle, unmade, queue: VecDeque::new(), next: 0 }))
    }

    /// Waits for a turn.
    pub(crate) fn take(&self) -> Take<'_, T> {
        Take { pool: self, number: None }
    }

    /// Takes a thing if there is one and nobody waits.
    pub(crate) fn try_take(&self) -> Option<Taken<T>> {
        let mut state = self.lock();
        if state.queue.is_empty() && state.free() > 0 { Some(state.pick()) } else { None }
    }

    /// Gives a thing back.
    pub(crate) fn put(&self, thing: T) {
        let mut state = self.lock();
        state.idle.push(thing);
        state.wake();
    }

    /// How many things are made and not in use.
    #[cfg(test)]
    pub(crate) fn idle(&self) -> usize {
        self.lock().idle.len()
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        // Nothing in here is half done when it panics.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> State<T> {
    fn free(&self) -> usize {
        self.idle.len() + self.unmade
    }

    /// The thing that was used last: it is the warmest.
    fn pick(&mut self) -> Taken<T> {
        match self.idle.pop() {
            Some(thing) => Taken::Idle(thing),
            None => {
                self.unmade -= 1;
                Taken::Unmade
            }
        }
    }

    /// Wakes those whose turn it is.
    fn wake(&mut self) {
        let free = self.free();
        for (_, waker) in self.queue.iter_mut().take(free) {
            if let Some(waker) = waker.take() {
                waker.wake();
            }
        }
    }
}

/// A place in the queue.
#[derive(Debug)]
pub(crate) struct Take<'p, T> {
    pool: &'p Pool<T>,
    /// The number in the queue; none before the first look and after the last.
    number: Option<u64>,
}

impl<T> Future for Take<'_, T> {
    type Output = Taken<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Taken<T>> {
        let mut state = self.pool.lock();
        let number = match self.number {
            Some(number) => number,
            None => {
                let number = state.next;
                state.next += 1;
                state.queue.push_back((number, None));
                number
            }
        };
        let before = state.queue.iter().position(|(other, _)| *other == number).unwrap_or_default();
        if before < state.free() {
            state.queue.remove(before);
            let taken = state.pick();
            drop(state);
            self.number = None;
            return Poll::Ready(taken);
        }
        if let Some((_, waker)) = state.queue.get_mut(before) {
            *waker = Some(context.waker().clone());
        }
        drop(state);
        self.number = Some(number);
        Poll::Pending
    }
}

impl<T> Drop for Take<'_, T> {
    fn drop(&mut self) {
        if let Some(number) = self.number {
            let mut state = self.pool.lock();
            state.queue.retain(|(other, _)| *other != number);
            state.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use core::future::Future as _;
    use core::pin::pin;
    use core::task::{Context, Poll, Waker};

    use super::{Pool, Taken};

    #[test]
    fn whoever_comes_first_is_served_first_and_nobody_overtakes() {
        let pool = Pool::new(vec!['a'], 0);
        let context = &mut Context::from_waker(Waker::noop());
        let (mut first, mut second, mut third) = (pin!(pool.take()), pin!(pool.take()), pin!(pool.take()));
        assert_eq!(first.as_mut().poll(context), Poll::Ready(Taken::Idle('a')));
        assert_eq!(second.as_mut().poll(context), Poll::Pending);
        assert_eq!(third.as_mut().poll(context), Poll::Pending);
        pool.put('a');
        assert_eq!(pool.try_take(), None, "somebody waits");
        assert_eq!(pin!(pool.take()).poll(context), Poll::Pending);
        assert_eq!(third.as_mut().poll(context), Poll::Pending, "the second is before it");
        assert_eq!(second.as_mut().poll(context), Poll::Ready(Taken::Idle('a')));
    }

    #[test]
    fn who_gives_up_leaves_no_gap() {
        let pool = Pool::new(Vec::new(), 1);
        let context = &mut Context::from_waker(Waker::noop());
        assert_eq!(pool.try_take(), Some(Taken::Unmade));
        let mut last = pin!(pool.take());
        {
            let mut gone = pin!(pool.take());
            assert_eq!(gone.as_mut().poll(context), Poll::Pending);
            assert_eq!(last.as_mut().poll(context), Poll::Pending);
            pool.put('b');
            assert_eq!(last.as_mut().poll(context), Poll::Pending);
        }
        assert_eq!(last.as_mut().poll(context), Poll::Ready(Taken::Idle('b')));
        pool.put('b');
        assert_eq!((pool.idle(), pool.try_take(), pool.idle()), (1, Some(Taken::Idle('b')), 0));
    }
}
