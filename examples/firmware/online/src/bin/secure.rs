//! Fetches a call over the board's Ethernet and TLS 1.3, from a server that `ca.der` vouches for: demo-grade, see `tls`.

#![no_std]
#![no_main]

use cortex_m_rt::entry;
use graph_call::http::{Cloud, End};
use network::Connection;
use semihosting::{fs::File, io::Read as _};
use static_cell::ConstStaticCell;
use tls::Tls;

const AUTHORITY_LENGTH_MAX: usize = 2048;

static SOCKET_MEMORY: ConstStaticCell<network::Memory> = ConstStaticCell::new(network::Memory::new());
static TLS_MEMORY: ConstStaticCell<tls::Memory> = ConstStaticCell::new(tls::Memory::new());
static AUTHORITY: ConstStaticCell<[u8; AUTHORITY_LENGTH_MAX]> =
    ConstStaticCell::new([0; AUTHORITY_LENGTH_MAX]);

#[entry]
fn main() -> ! {
    let (Some(port), Some(authority)) = (online::port(), authority()) else {
        defmt::error!("the first argument must be a port, and ca.der a certificate");
        device::end(false)
    };
    let connection = match Connection::open(SOCKET_MEMORY.take(), port) {
        Ok(connection) => connection,
        Err(error) => {
            defmt::error!("{}", defmt::Display2Format(&error));
            device::end(false)
        }
    };
    match Tls::open(connection, TLS_MEMORY.take(), Cloud::Global.graph_host(), authority) {
        // `Tls` ends only with close_notify; all other ends are errors.
        Ok(mut connection) => device::end(online::fetch(&mut connection, End::CloseNotify)),
        Err(error) => {
            defmt::error!("TLS: {}", defmt::Debug2Format(&error));
            device::end(false)
        }
    }
}

/// The one authority that this device trusts, as it was provisioned: here, from the emulator's directory.
fn authority() -> Option<&'static [u8]> {
    let memory = AUTHORITY.take();
    let length = File::open(c"ca.der").ok()?.read(memory).ok()?;
    memory.get(..length).filter(|der| !der.is_empty())
}
