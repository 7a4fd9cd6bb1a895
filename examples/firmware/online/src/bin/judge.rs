//! Connects to one server after another, as often as it is told, and says of each what TLS made of it: for the table of
//! servers that a device must reach, refuse or survive.
//!
//! The clock is not set for the first of them. A token goes to whoever has proved to be the host.

#![no_std]
#![no_main]

use core::cell::Cell;

use cortex_m_rt::entry;
use critical_section::Mutex;
use embedded_io::{Read as _, Write as _};
use graph_call::http::Cloud;
use network::Connection;
use semihosting::println;
use static_cell::ConstStaticCell;
use tls::{Error, Roots, Session, Sources, Tls};

const ROOTS_LENGTH_MAX: usize = 8 * 1024;
const HEAP_LENGTH: usize = 64 * 1024;
const REQUEST: &[u8] =
    b"GET / HTTP/1.1\r\nHost: graph.microsoft.com\r\nAuthorization: Bearer loopback-only\r\n\r\n";

static SOCKET_MEMORY: ConstStaticCell<network::Memory> = ConstStaticCell::new(network::Memory::new());
static HEAP: ConstStaticCell<[u8; HEAP_LENGTH]> = ConstStaticCell::new([0; HEAP_LENGTH]);
static ROOTS: ConstStaticCell<[u8; ROOTS_LENGTH_MAX]> = ConstStaticCell::new([0; ROOTS_LENGTH_MAX]);
static IS_CLOCK_SET: Mutex<Cell<bool>> = Mutex::new(Cell::new(false));

#[entry]
fn main() -> ! {
    device::end(judge().is_some())
}

fn judge() -> Option<()> {
    let sources = Sources { random: online::random, unix_seconds };
    let tls = Tls::start(HEAP.take(), sources).ok()?;
    let roots = Roots::new(tls, online::provisioned(ROOTS.take())?).ok()?;
    let (port, count) = (online::argument(1)?, online::argument(2)?);
    let mut socket = Connection::open(SOCKET_MEMORY.take(), port).ok()?;
    for place in 0..count {
        if place > 0 {
            socket.reconnect(port).ok()?;
            critical_section::with(|token| IS_CLOCK_SET.borrow(token).set(true));
        }
        match ask(tls, &roots, &mut socket) {
            Ok(length) => println!("answered {length}"),
            Err((true, error)) => println!("opened {error:?}"),
            Err((false, error)) => println!("refused {error:?}"),
        }
    }
    let heap = tls.heap();
    println!("heap {} {} {}", heap.used, heap.peak, heap.reach);
    Some(())
}

fn unix_seconds() -> Option<u64> {
    let is_set = critical_section::with(|token| IS_CLOCK_SET.borrow(token).get());
    if is_set { online::unix_seconds() } else { None }
}

/// The length of the answer, or the error and whether TLS was open by then.
fn ask(tls: Tls, roots: &Roots<'_>, socket: &mut Connection) -> Result<usize, (bool, Error)> {
    let mut session =
        Session::open(tls, roots, Cloud::Global.graph_host(), socket).map_err(|error| (false, error))?;
    let mut answer = || {
        session.write_all(REQUEST)?;
        session.flush()?;
        let (mut buffer, mut length) = ([0; 512], 0);
        loop {
            match session.read(&mut buffer)? {
                0 => return Ok(length),
                count => length += count,
            }
        }
    };
    answer().map_err(|error| (true, error))
}
