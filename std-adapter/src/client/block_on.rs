//! A thread that waits for a future.

use core::future::Future;
use core::pin::pin;
use core::task::{Context, Poll, Waker};
use core::time::Duration;
use std::sync::Arc;
use std::task::Wake;
use std::thread::{self, Thread};

/// Wakes a thread.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// What a future gives, unless no time is left before; `left` says how much there is.
pub(crate) fn block_until<T>(future: impl Future<Output = T>, left: impl Fn() -> Duration) -> Option<T> {
    let mut future = pin!(future);
    // The first look is mostly the only one.
    if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        return Some(output);
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return Some(output);
        }
        match left() {
            Duration::ZERO => return None,
            left => thread::park_timeout(left),
        }
    }
}

/// What a future gives, however long that takes.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    loop {
        if let Some(output) = block_until(future.as_mut(), || Duration::MAX) {
            return output;
        }
    }
}
