//! No parser, and graph-call's own call.
#![no_std]
#![no_main]

use call_model::{Digest, ours};
use graph_call::Call;
use static_cell::ConstStaticCell;

static CALL: ConstStaticCell<Call> = ConstStaticCell::new(Call::new());

#[cortex_m_rt::entry]
fn main() -> ! {
    measure::run_on(CALL.take(), digest, |call, document, piece| {
        core::hint::black_box((call, document, piece));
        true
    })
}

fn digest(call: &Call) -> u32 {
    let mut digest = Digest::new();
    ours::put(call, &mut digest);
    digest.hash as u32
}
