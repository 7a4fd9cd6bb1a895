//! graph-call, whole and in pieces.
#![no_std]
#![no_main]

use call_model::{Digest, ours};
use graph_call::{Call, Parser};
use static_cell::ConstStaticCell;

static CALL: ConstStaticCell<Call> = ConstStaticCell::new(Call::new());

#[cortex_m_rt::entry]
fn main() -> ! {
    measure::print_size("size call", size_of::<Call>());
    measure::run_on(CALL.take(), digest, |call, document, piece| {
        if piece == 0 {
            return call.parse_into(document).is_ok();
        }
        let mut parser = Parser::new();
        document.chunks(piece).all(|piece| parser.feed(call, piece).is_ok()) && parser.finish(call).is_ok()
    })
}

fn digest(call: &Call) -> u32 {
    let mut digest = Digest::new();
    ours::put(call, &mut digest);
    digest.hash as u32
}
