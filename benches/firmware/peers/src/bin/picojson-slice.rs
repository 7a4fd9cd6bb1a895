//! picojson from a slice.
#![no_std]
#![no_main]

use call_model::Value as _;
use call_model::pull::picojson::Reader;
use picojson::SliceParser;

#[cortex_m_rt::entry]
fn main() -> ! {
    peers::run(|call, document, _| {
        let mut scratch = [0; 256];
        *call = peers::PeerCall::default();
        let mut reader = Reader::new(SliceParser::with_buffer_from_slice(document, &mut scratch));
        call.fill(&mut reader).is_ok() && reader.finish().is_ok()
    })
}
