//! microjson's lazy values.
#![no_std]
#![no_main]

use call_model::Value as _;
use call_model::pull::microjson::Reader;

#[cortex_m_rt::entry]
fn main() -> ! {
    peers::run(|call, document, _| {
        *call = peers::PeerCall::default();
        core::str::from_utf8(document).is_ok_and(|text| call.fill(&mut Reader::new(text)).is_ok())
    })
}
