//! The board's Ethernet controller as embassy-net wants one: its interrupt wakes whoever waits.

use core::task::Context;

use embassy_net_driver::{Capabilities, Driver, HardwareAddress, LinkState, RxToken, TxToken};
use embassy_sync::waitqueue::AtomicWaker;
use network::{FRAME_LENGTH_MAX, HARDWARE_ADDRESS, Lan9118, Sending};

static WAITS: AtomicWaker = AtomicWaker::new();

/// Keeps the controller quiet, and wakes whoever waits: for the handler of its interrupt.
pub(crate) fn wake() {
    network::quieten();
    WAITS.wake();
}

pub(crate) struct Ethernet(Lan9118);

impl Ethernet {
    pub(crate) fn start() -> Option<Self> {
        let controller = Lan9118::start(HARDWARE_ADDRESS)?;
        controller.enable_interrupt();
        Some(Self(controller))
    }
}

impl Driver for Ethernet {
    type RxToken<'a> = Received<'a>;
    type TxToken<'a> = Room<'a>;

    fn receive(&mut self, context: &mut Context<'_>) -> Option<(Received<'_>, Room<'_>)> {
        if !self.0.has_frame() {
            WAITS.register(context.waker());
            self.0.listen();
        }
        self.0.next_frame().map(|(frame, room)| (Received(frame), Room(room)))
    }

    fn transmit(&mut self, context: &mut Context<'_>) -> Option<Room<'_>> {
        let room = self.0.room();
        if room.is_none() {
            // It sends as fast as the cable takes it.
            context.waker().wake_by_ref();
        }
        room.map(Room)
    }

    fn link_state(&mut self, context: &mut Context<'_>) -> LinkState {
        WAITS.register(context.waker());
        if self.0.is_link_up() { LinkState::Up } else { LinkState::Down }
    }

    fn capabilities(&self) -> Capabilities {
        let mut capabilities = Capabilities::default();
        capabilities.max_transmission_unit = FRAME_LENGTH_MAX;
        capabilities.max_burst_size = Some(1);
        capabilities
    }

    fn hardware_address(&self) -> HardwareAddress {
        HardwareAddress::Ethernet(HARDWARE_ADDRESS)
    }
}

pub(crate) struct Received<'a>(&'a mut [u8]);

impl RxToken for Received<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, read: F) -> R {
        read(self.0)
    }
}

pub(crate) struct Room<'a>(Sending<'a>);

impl TxToken for Room<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, length: usize, fill: F) -> R {
        self.0.send(length, fill)
    }
}
