//! Watches a call over plain HTTP: from a test double on the same desk, never from the service.

#![no_std]
#![no_main]

use bare::Plain;
use cortex_m_rt::entry;

#[entry]
fn main() -> ! {
    bare::watch(Plain)
}
