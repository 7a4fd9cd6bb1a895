//! No parser: what the runtime, the call and its digest take.
#![no_std]
#![no_main]

#[cortex_m_rt::entry]
fn main() -> ! {
    peers::run(|call, document, piece| {
        core::hint::black_box((call, document, piece));
        true
    })
}
