//! Reads a call from a buffer in flash into a call in a static.

#![no_std]
#![no_main]

use get_call::Call;
use static_cell::ConstStaticCell;

static BODY: &[u8] = include_bytes!("../../../../../tests/data/p2p.json");
static CALL: ConstStaticCell<Call> = ConstStaticCell::new(Call::empty());

#[cfg_attr(target_arch = "arm", cortex_m_rt::entry)]
#[cfg_attr(target_arch = "riscv32", riscv_rt::entry)]
fn main() -> ! {
    let call = CALL.take();
    match call.parse_into(BODY) {
        Ok(()) => defmt::info!("{}", call),
        Err(error) => defmt::error!("byte {}: {}", error.offset(), error.kind()),
    }
    device::end(call.id.as_str().is_some())
}
