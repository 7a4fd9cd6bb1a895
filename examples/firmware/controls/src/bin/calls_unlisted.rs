//! Breaks the proof that every indirect call is accounted for: one through a trait object of its own.

#![no_std]
#![no_main]

use core::hint::black_box;

use controls as _;
use cortex_m_rt::entry;

trait Answer {
    fn answer(&self) -> bool;
}

struct Yes;
struct No;

impl Answer for Yes {
    fn answer(&self) -> bool {
        black_box(true)
    }
}

impl Answer for No {
    fn answer(&self) -> bool {
        black_box(false)
    }
}

#[entry]
fn main() -> ! {
    let answers: [&dyn Answer; 2] = [&Yes, &No];
    board::semihosting::exit(subject(black_box(answers)))
}

#[inline(never)]
fn subject(answers: [&dyn Answer; 2]) -> bool {
    answers.iter().any(|answer| answer.answer())
}
