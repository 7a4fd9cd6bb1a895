//! The whole job without an executor: smoltcp, and a loop that sleeps until an interrupt.
//!
//! ```text
//! drive::run -> Board (Platform) -> Tcp (Read + Write) -> Net -> smoltcp -> Lan9118
//!                     names, time       sleeps until a frame, a tick or its deadline
//! ```

#![no_std]

mod interrupts;
mod net;
mod platform;
mod tcp;

pub use net::{Memory, Net, unix_seconds};
pub use platform::{Board, Plain, Secure};
pub use tcp::{Lost, Tcp};

use core::cell::RefCell;

use cortex_m::Peripherals;
use defmt::info;
use graph_call::drive::{self, Told};
use graph_call::job::Session;
use graph_call::{CallState, TinyCall};
use room::Settings;
use static_cell::{ConstStaticCell, StaticCell};

static ARGUMENT: ConstStaticCell<[u8; Settings::ARGUMENT_LENGTH_MAX]> =
    ConstStaticCell::new([0; Settings::ARGUMENT_LENGTH_MAX]);
static BUFFER: ConstStaticCell<[u8; 1024]> = ConstStaticCell::new([0; 1024]);
static CALL: ConstStaticCell<TinyCall> = ConstStaticCell::new(TinyCall::empty());
static MEMORY: ConstStaticCell<Memory> = ConstStaticCell::new(Memory::new());
static NET: StaticCell<RefCell<Net>> = StaticCell::new();
static SESSION: ConstStaticCell<Session<512, 2048, 128>> = ConstStaticCell::new(Session::new());

/// Watches the call to its end, over connections that `secure` makes what they have to be. Call it once.
pub fn watch<S: Secure>(secure: S) -> ! {
    board::stack::paint();
    let settings = Settings::new(ARGUMENT.take());
    let Some((Ok(settings), peripherals)) = Some(settings).zip(Peripherals::take()) else {
        defmt::error!("what was set up cannot stand in a request");
        device::end(false)
    };
    let (Ok(plan), Some(net)) = (settings.plan(&[]), Net::start(MEMORY.take())) else {
        defmt::error!("no Ethernet controller");
        device::end(false)
    };
    interrupts::enable(peripherals.SYST);
    let mut board = Board::new(NET.init(RefCell::new(net)), secure);
    board.learn_time();

    let (call, buffer) = (CALL.take(), BUFFER.take());
    let seed = board.ticks();
    let mut job = SESSION.take().start(&plan, seed);
    let mut last = None;
    loop {
        match drive::run(&mut job, &mut board, buffer, call, room::tell) {
            Told::Call => {
                last = call.state.get();
                info!("state {}", call.state.as_str().unwrap_or("unknown"));
            }
            Told::Failed => {}
            Told::Gone => last = Some(CallState::Terminated),
            Told::Over => break,
        }
    }
    board.tell();
    room::end(last == Some(CallState::Terminated))
}
