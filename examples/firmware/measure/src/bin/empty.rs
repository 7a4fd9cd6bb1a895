//! The same firmware without a parser: the flash that the parser adds is measured against this one.

#![no_std]
#![no_main]

use cortex_m_rt::entry;
use graph_call::Call;

#[entry]
fn main() -> ! {
    measure::run(nothing)
}

#[inline(never)]
fn nothing(call: &mut Call, document: &[u8], piece: usize) -> bool {
    core::hint::black_box((call, document, piece));
    true
}
