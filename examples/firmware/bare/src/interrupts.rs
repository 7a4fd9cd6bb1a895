//! What ends the sleep of the loop: the controller of the network, and a tick. Neither does any work here.

#![allow(unsafe_code)] // a handler for all interrupts of the board is unsafe to declare: it must not return where it fails

use cortex_m::peripheral::SYST;
use cortex_m::peripheral::syst::SystClkSource;
use cortex_m_rt::exception;

/// Cycles of the core from one tick to the next: 10 ms. Timers of TCP need no finer one.
const TICK: u32 = 250_000;

/// Starts the tick.
pub(crate) fn enable(mut timer: SYST) {
    timer.set_clock_source(SystClkSource::Core);
    timer.set_reload(TICK - 1);
    timer.clear_current();
    timer.enable_interrupt();
    timer.enable_counter();
}

#[exception]
fn SysTick() {}

// SAFETY: only the controller of the network interrupts, and is quiet after it.
#[exception]
unsafe fn DefaultHandler(_: i16) {
    network::quieten();
}
