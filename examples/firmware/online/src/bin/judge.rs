//! Connects to one server after another, as often as it is told, and says of each what TLS made of it: for the table of
//! servers that a device must reach, refuse or survive. At the end it says what that took.
//!
//! The clock is not set for the first of them. A token goes to whoever has proved to be the host.

#![no_std]
#![no_main]

use core::cell::Cell;

use board::{instructions, stack};
use cortex_m_rt::entry;
use critical_section::Mutex;
use embedded_io::{ErrorType, Read, Write};
use graph_call::http::Cloud;
use network::{Connection, ConnectionError};
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
    let before = tls.heap().used;
    let mut socket = Connection::open(SOCKET_MEMORY.take(), port).ok()?;
    let mut cost = Cost::default();
    for place in 0..count {
        if place > 0 {
            socket.reconnect(port).ok()?;
            critical_section::with(|token| IS_CLOCK_SET.borrow(token).set(true));
        }
        let mut asked = Err((false, Error::Cut));
        let stack = stack::high_water(|| asked = ask(tls, &roots, &mut socket, &mut cost));
        cost.stack = cost.stack.max(stack);
        match asked {
            Ok(length) => println!("answered {length}"),
            Err((true, error)) => println!("opened {error:?}"),
            Err((false, error)) => println!("refused {error:?}"),
        }
    }
    let (heap, Cost { stack, handshake, exchange }) = (tls.heap(), cost);
    println!(
        "heap {before} {} {} {} stack {stack} handshake {handshake} exchange {exchange}",
        heap.used, heap.peak, heap.reach
    );
    Some(())
}

/// What it takes: bytes of stack at most, and instructions of the last that answered, without those of the network.
#[derive(Clone, Copy, Default)]
struct Cost {
    stack: u32,
    handshake: u32,
    exchange: u32,
}

fn unix_seconds() -> Option<u64> {
    let is_set = critical_section::with(|token| IS_CLOCK_SET.borrow(token).get());
    if is_set { online::unix_seconds() } else { None }
}

/// The length of the answer, or the error and whether TLS was open by then.
fn ask(
    tls: Tls,
    roots: &Roots<'_>,
    socket: &mut Connection,
    cost: &mut Cost,
) -> Result<usize, (bool, Error)> {
    instructions::start();
    let socket = Counted { socket, other: 0 };
    let mut session =
        Session::open(tls, roots, Cloud::Global.graph_host(), socket).map_err(|error| (false, error))?;
    let opened = session.socket().own();
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
    let length = answer().map_err(|error| (true, error))?;
    cost.handshake = instructions::of(opened);
    cost.exchange = instructions::of(session.socket().own().wrapping_sub(opened));
    Ok(length)
}

/// A connection that keeps apart how long the network took, waits included.
struct Counted<'s> {
    socket: &'s mut Connection,
    other: u32,
}

impl Counted<'_> {
    /// The ticks since the start that were not the network's.
    fn own(&self) -> u32 {
        u32::MAX.wrapping_sub(instructions::read()).wrapping_sub(self.other)
    }

    fn apart<T>(&mut self, work: impl FnOnce(&mut Connection) -> T) -> T {
        let before = instructions::read();
        let result = work(self.socket);
        self.other = self.other.wrapping_add(before.wrapping_sub(instructions::read()));
        result
    }
}

impl ErrorType for Counted<'_> {
    type Error = ConnectionError;
}

impl Read for Counted<'_> {
    fn read(&mut self, output: &mut [u8]) -> Result<usize, ConnectionError> {
        self.apart(|socket| socket.read(output))
    }
}

impl Write for Counted<'_> {
    fn write(&mut self, input: &[u8]) -> Result<usize, ConnectionError> {
        self.apart(|socket| socket.write(input))
    }

    fn flush(&mut self) -> Result<(), ConnectionError> {
        self.apart(Connection::flush)
    }
}
