//! Watches a call over plain HTTP: from a test double on the same desk, never from the service.

#![no_std]
#![no_main]

use cortex_m_rt::entry;
use embassy_net::Stack;
use graph_call::TinyCall;
use static_cell::ConstStaticCell;

static CALL: ConstStaticCell<TinyCall> = ConstStaticCell::new(TinyCall::empty());

#[entry]
fn main() -> ! {
    embassy::run(|spawner, stack| {
        if let Ok(task) = work(stack) {
            spawner.spawn(task);
        }
    })
}

#[embassy_executor::task]
async fn work(stack: Stack<'static>) -> ! {
    embassy::watch_plain(stack, CALL.take()).await
}
