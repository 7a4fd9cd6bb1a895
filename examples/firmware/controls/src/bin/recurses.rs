//! Breaks the proof that nothing calls itself: a walk as deep as its input says.

#![no_std]
#![no_main]

use core::hint::black_box;

use controls as _;
use cortex_m_rt::entry;

#[entry]
fn main() -> ! {
    board::semihosting::exit(subject(black_box(3)) == 3)
}

#[inline(never)]
fn subject(depth: u32) -> u32 {
    if depth == 0 { 0 } else { black_box(subject(depth - 1)) + 1 }
}
