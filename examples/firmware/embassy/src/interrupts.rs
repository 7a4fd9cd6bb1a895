//! The handlers: a tick of the clock, and the controller of the network.

#![allow(unsafe_code)] // a handler for all interrupts of the board is unsafe to declare: it must not return where it fails

use cortex_m::peripheral::SYST;
use cortex_m::peripheral::syst::SystClkSource;
use cortex_m_rt::exception;

use crate::{ethernet, ticks};

/// Cycles of the core from one tick to the next.
const TICK: u32 = 25_000_000 / embassy_time_driver::TICK_HZ as u32;

/// Starts the clock.
pub(crate) fn enable(mut timer: SYST) {
    timer.set_clock_source(SystClkSource::Core);
    timer.set_reload(TICK - 1);
    timer.clear_current();
    timer.enable_interrupt();
    timer.enable_counter();
}

#[exception]
fn SysTick() {
    ticks::pass();
}

// SAFETY: only the controller of the network interrupts, and is quiet after it.
#[exception]
unsafe fn DefaultHandler(_: i16) {
    ethernet::wake();
}
