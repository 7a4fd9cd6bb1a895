//! Measures the parser: a whole document in one call, or pieces into a `Parser` that lives in a static.

#![no_std]
#![no_main]

use cortex_m_rt::entry;
use graph_call::{Call, Parser};

#[entry]
fn main() -> ! {
    measure::run(parse)
}

fn parse(call: &mut Call, document: &[u8], piece: usize) -> bool {
    if piece == 0 { whole(call, document) } else { pieces(call, document, piece) }
}

#[inline(never)]
fn whole(call: &mut Call, document: &[u8]) -> bool {
    call.parse_into(document).is_ok()
}

#[inline(never)]
fn pieces(call: &mut Call, document: &[u8], piece: usize) -> bool {
    let mut parser = Parser::new();
    document.chunks(piece).all(|piece| parser.feed(call, piece).is_ok()) && parser.finish(call).is_ok()
}
