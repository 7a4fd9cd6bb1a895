//! The time of embassy-time: ticks are counted, and whoever waits for one is woken by it.

use core::cell::RefCell;
use core::task::Waker;

use critical_section::Mutex;
use embassy_time_driver::{Driver, time_driver_impl};
use embassy_time_queue_utils::Queue;

struct Ticks(Mutex<RefCell<State>>);

struct State {
    now: u64,
    /// The next tick that somebody waits for.
    next: u64,
    queue: Queue,
}

time_driver_impl!(static TICKS: Ticks = Ticks(Mutex::new(RefCell::new(State {
    now: 0,
    next: u64::MAX,
    queue: Queue::new(),
}))));

/// Counts a tick.
pub(crate) fn pass() {
    critical_section::with(|section| {
        let mut state = TICKS.0.borrow_ref_mut(section);
        state.now += 1;
        if state.now >= state.next {
            let now = state.now;
            state.next = state.queue.next_expiration(now);
        }
    });
}

impl Driver for Ticks {
    fn now(&self) -> u64 {
        critical_section::with(|section| self.0.borrow_ref(section).now)
    }

    fn schedule_wake(&self, at: u64, waker: &Waker) {
        critical_section::with(|section| {
            let mut state = self.0.borrow_ref_mut(section);
            if state.queue.schedule_wake(at, waker) {
                let now = state.now;
                state.next = state.queue.next_expiration(now);
            }
        });
    }
}
