//! Fetches a call over the board's Ethernet and TLS, from a server that `ca.der` vouches for.

#![no_std]
#![no_main]

use cortex_m_rt::entry;
use graph_call::http::{Cloud, End};
use network::Connection;
use static_cell::ConstStaticCell;
use tls::{Roots, Session, Sources, Tls};

const ROOTS_LENGTH_MAX: usize = 8 * 1024;
const HEAP_LENGTH: usize = 56 * 1024;

static SOCKET_MEMORY: ConstStaticCell<network::Memory> = ConstStaticCell::new(network::Memory::new());
static HEAP: ConstStaticCell<[u8; HEAP_LENGTH]> = ConstStaticCell::new([0; HEAP_LENGTH]);
static ROOTS: ConstStaticCell<[u8; ROOTS_LENGTH_MAX]> = ConstStaticCell::new([0; ROOTS_LENGTH_MAX]);

#[entry]
fn main() -> ! {
    device::end(fetch() == Some(true))
}

/// Whether the call came, or `None` if it was not asked for.
fn fetch() -> Option<bool> {
    let sources = Sources { random: online::random, unix_seconds: online::unix_seconds };
    let tls = told(Tls::start(HEAP.take(), sources))?;
    let roots = told(Roots::new(tls, online::provisioned(ROOTS.take())?))?;
    let socket = told(Connection::open(SOCKET_MEMORY.take(), online::argument(1)?))?;
    let mut session = told(Session::open(tls, &roots, Cloud::Global.graph_host(), socket))?;
    // TLS ends only with close_notify; all other ends are errors.
    let is_fetched = online::fetch(&mut session, End::CloseNotify);
    defmt::info!("heap of TLS: {}", tls.heap());
    Some(is_fetched)
}

fn told<T, E: core::fmt::Display>(result: Result<T, E>) -> Option<T> {
    result.inspect_err(|error| defmt::error!("{}", defmt::Display2Format(error))).ok()
}
