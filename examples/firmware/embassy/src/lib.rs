//! The whole job on embassy: embassy-executor, embassy-net, and the driver of the core that is awaited.
//!
//! ```text
//! drive::run_async -> drive::Nal -> Network (TcpConnect + Dns) -> embassy-net -> Ethernet -> Lan9118
//!                     Secure: TLS                                 embassy-time -> ticks
//! ```

#![no_std]

mod ethernet;
mod interrupts;
mod network;
mod program;
mod secure;
mod ticks;
mod time;
mod watch;

pub use network::{Connection, Network};
pub use program::{watch_plain, watch_secure};
pub use secure::Secure;
pub use time::{learn_time, unix_seconds};
pub use watch::{Job, now, plan, wait, watch};

use cortex_m::Peripherals;
use embassy_executor::{Executor, Spawner};
use embassy_net::{Config, Runner, Stack, StackResources};
use ethernet::Ethernet;
use static_cell::{ConstStaticCell, StaticCell};

/// One socket each for addresses, names, the time and the connection.
const SOCKETS: usize = 4;

static EXECUTOR: StaticCell<Executor> = StaticCell::new();
static RESOURCES: ConstStaticCell<StackResources<SOCKETS>> = ConstStaticCell::new(StackResources::new());

/// Starts executor and network, and hands over both. Call it once, at the very start.
pub fn run(start: impl FnOnce(Spawner, Stack<'static>)) -> ! {
    board::stack::paint();
    let (Some(peripherals), Some(ethernet)) = (Peripherals::take(), Ethernet::start()) else {
        defmt::error!("no Ethernet controller");
        device::end(false)
    };
    interrupts::enable(peripherals.SYST);
    let config = Config::dhcpv4(Default::default());
    let (stack, runner) = embassy_net::new(ethernet, config, RESOURCES.take(), number());
    EXECUTOR.init_with(Executor::new).run(|spawner| {
        if let Ok(task) = keep_network(runner) {
            spawner.spawn(task);
        }
        start(spawner, stack);
    })
}

/// A number of chance.
pub fn number() -> u64 {
    let mut bytes = [0; 8];
    // Without chance it is always the same: ports and ids could be guessed, and nothing else would be wrong.
    room::random(&mut bytes);
    u64::from_le_bytes(bytes)
}

#[embassy_executor::task]
async fn keep_network(mut runner: Runner<'static, Ethernet>) -> ! {
    runner.run().await
}
