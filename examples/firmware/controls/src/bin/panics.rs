//! Breaks the proof that nothing panics: an index that may be out of bounds.

#![no_std]
#![no_main]

use core::hint::black_box;

use controls as _;
use cortex_m_rt::entry;

#[entry]
fn main() -> ! {
    board::semihosting::exit(subject(black_box(&[0]), black_box(0)) == 0)
}

#[inline(never)]
fn subject(bytes: &[u8], index: usize) -> u8 {
    bytes[index]
}
