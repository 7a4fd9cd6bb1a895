//! Watches a call over TLS: the whole job of a product.

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
    embassy::watch_secure(stack, CALL.take()).await
}
