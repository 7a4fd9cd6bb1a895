//! Measures the parser: a whole document in one call, or pieces into a `CallParser` that lives in a static.

#![no_std]
#![no_main]

use cortex_m_rt::entry;
use graph_call::{Call, CallParser, LargeCall, TinyCall};

#[entry]
fn main() -> ! {
    measure::print_size("size parser", size_of::<CallParser>());
    measure::print_size("size tiny call", size_of::<TinyCall>());
    measure::print_size("size standard call", size_of::<Call>());
    measure::print_size("size large call", size_of::<LargeCall>());
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
    let mut parser = CallParser::new();
    document.chunks(piece).all(|piece| parser.feed(call, piece).is_ok()) && parser.finish(call).is_ok()
}
