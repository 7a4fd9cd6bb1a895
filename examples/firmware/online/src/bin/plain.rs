//! Fetches a call over the board's Ethernet without TLS: for a test double on the same desk, never for the service.

#![no_std]
#![no_main]

use cortex_m_rt::entry;
use graph_call::http::End;
use network::{Connection, Memory};
use static_cell::ConstStaticCell;

static MEMORY: ConstStaticCell<Memory> = ConstStaticCell::new(Memory::new());

#[entry]
fn main() -> ! {
    let Some(port) = online::argument(1) else {
        defmt::error!("the first argument must be a port");
        device::end(false)
    };
    match Connection::open(MEMORY.take(), port) {
        // Without TLS nobody vouches for the end of the connection.
        Ok(mut connection) => device::end(online::fetch(&mut connection, End::Cut)),
        Err(error) => {
            defmt::error!("{}", defmt::Display2Format(&error));
            device::end(false)
        }
    }
}
