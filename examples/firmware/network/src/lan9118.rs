//! A driver for the SMSC LAN9118 Ethernet controller.
//!
//! Takes and gives whole frames through the controller's FIFOs, one at a time, without DMA. It may be polled; or the
//! controller interrupts the core once, when a frame has come or the link has changed, after each [`Lan9118::listen`].

use smoltcp::{
    phy::{Device, DeviceCapabilities, Medium, RxToken, TxToken},
    time::Instant,
};

use static_cell::ConstStaticCell;

use crate::mmio::{INTERRUPT, Registers};

const RX_DATA_FIFO: usize = 0x00;
const TX_DATA_FIFO: usize = 0x20;
const RX_STATUS_FIFO: usize = 0x40;
const TX_STATUS_FIFO: usize = 0x48;
const IRQ_CFG: usize = 0x54;
const INT_STS: usize = 0x58;
const INT_EN: usize = 0x5C;
const BYTE_TEST: usize = 0x64;
const FIFO_INT: usize = 0x68;
const TX_CFG: usize = 0x70;
const HW_CFG: usize = 0x74;
const RX_DP_CTRL: usize = 0x78;
const RX_FIFO_INF: usize = 0x7C;
const TX_FIFO_INF: usize = 0x80;
const MAC_CSR_CMD: usize = 0xA4;
const MAC_CSR_DATA: usize = 0xA8;

/// An interrupt is a high level, driven both ways.
const IRQ_ON: u32 = 1 << 8 | 1 << 4 | 1;
const INT_PHY: u32 = 1 << 18;
const INT_RX_STATUS_LEVEL: u32 = 1 << 3;
const BYTE_TEST_VALUE: u32 = 0x8765_4321;
const HW_CFG_MUST_BE_ONE: u32 = 1 << 20;
const HW_CFG_TX_FIFO_5K: u32 = 5 << 16;
const TX_CFG_ON: u32 = 1 << 1;
const RX_DP_FAST_FORWARD: u32 = 1 << 31;
const RX_STATUS_ERROR: u32 = 1 << 15;
const TX_FIRST_SEGMENT: u32 = 1 << 13;
const TX_LAST_SEGMENT: u32 = 1 << 12;
const CSR_BUSY: u32 = 1 << 31;
const CSR_READ: u32 = 1 << 30;

const MAC_CR: u32 = 1;
const MAC_ADDRH: u32 = 2;
const MAC_ADDRL: u32 = 3;
const MAC_MII_ACCESS: u32 = 6;
const MAC_MII_DATA: u32 = 7;
const MAC_CR_TX_ENABLE: u32 = 1 << 3;
const MAC_CR_RX_ENABLE: u32 = 1 << 2;
const MAC_CR_FULL_DUPLEX: u32 = 1 << 20;

const MII_BUSY: u32 = 1;
const MII_WRITE: u32 = 1 << 1;
/// The PHY inside of the controller has this address.
const MII_PHY: u32 = 1 << 11;
const PHY_STATUS: u32 = 1;
const PHY_STATUS_LINK: u32 = 1 << 2;
const PHY_INTERRUPT_SOURCE: u32 = 29;
const PHY_INTERRUPT_MASK: u32 = 30;
/// Energy, the end of the negotiation, the loss of the link.
const PHY_INTERRUPTS: u32 = 1 << 7 | 1 << 6 | 1 << 4;

/// The longest frame, without its check sequence.
pub const FRAME_LENGTH_MAX: usize = 1514;
const CHECK_SEQUENCE_LENGTH: usize = 4;
/// Two command words precede every frame that is sent.
const COMMANDS_LENGTH: usize = 8;

/// Room for one frame in each direction.
struct Frames {
    received: [u8; FRAME_LENGTH_MAX],
    sending: [u8; FRAME_LENGTH_MAX],
}

/// Not in the controller's object, which is moved to its place over the stack.
static FRAMES: ConstStaticCell<Frames> =
    ConstStaticCell::new(Frames { received: [0; FRAME_LENGTH_MAX], sending: [0; FRAME_LENGTH_MAX] });

/// The controller.
pub struct Lan9118 {
    registers: Registers,
    frames: &'static mut Frames,
}

impl Lan9118 {
    /// Finds the controller and starts it with a hardware address; `None` when there is none, or somebody has it.
    pub fn start(address: [u8; 6]) -> Option<Self> {
        let registers = Registers::LAN9118;
        if registers.read(BYTE_TEST) != BYTE_TEST_VALUE {
            return None;
        }
        let frames = FRAMES.try_take()?;
        let [a, b, c, d, e, f] = address;
        registers.write(HW_CFG, HW_CFG_MUST_BE_ONE | HW_CFG_TX_FIFO_5K);
        write_mac(&registers, MAC_ADDRL, u32::from_le_bytes([a, b, c, d]));
        write_mac(&registers, MAC_ADDRH, u32::from_le_bytes([e, f, 0, 0]));
        write_mac(&registers, MAC_CR, MAC_CR_FULL_DUPLEX | MAC_CR_TX_ENABLE | MAC_CR_RX_ENABLE);
        registers.write(TX_CFG, TX_CFG_ON);
        Some(Self { registers, frames })
    }

    /// Lets the controller interrupt the core, once it is told to [`listen`](Self::listen).
    pub fn enable_interrupt(&self) {
        self.registers.write(FIFO_INT, 0);
        write_phy(&self.registers, PHY_INTERRUPT_MASK, PHY_INTERRUPTS);
        self.registers.write(IRQ_CFG, IRQ_ON);
        Registers::INTERRUPTS.write(0, 1 << INTERRUPT);
    }

    /// Has the controller interrupt the core when a frame comes or the link changes. Look once more for a frame after it:
    /// one that has come before does not interrupt.
    pub fn listen(&self) {
        // Reading the PHY's sources clears them.
        read_phy(&self.registers, PHY_INTERRUPT_SOURCE);
        self.registers.write(INT_STS, u32::MAX);
        self.registers.write(INT_EN, INT_RX_STATUS_LEVEL | INT_PHY);
    }

    /// Whether the cable leads anywhere.
    pub fn is_link_up(&self) -> bool {
        read_phy(&self.registers, PHY_STATUS) & PHY_STATUS_LINK != 0
    }

    /// The frame that has come next, if there is room for what may be sent in answer; and that room.
    pub fn next_frame(&mut self) -> Option<(&mut [u8], Sending<'_>)> {
        if !self.has_room() {
            return None;
        }
        let length = self.take_frame()?;
        let Frames { received, sending } = self.frames;
        Some((received.get_mut(..length)?, Sending { registers: &self.registers, frame: sending }))
    }

    /// Room for a frame to send.
    pub fn room(&mut self) -> Option<Sending<'_>> {
        self.has_room().then_some(Sending { registers: &self.registers, frame: &mut self.frames.sending })
    }

    /// Whether a frame waits to be taken.
    pub fn has_frame(&self) -> bool {
        (self.registers.read(RX_FIFO_INF) >> 16) & 0xFF != 0
    }

    /// Moves the next good frame out of the FIFO into `received` and gives its length.
    fn take_frame(&mut self) -> Option<usize> {
        loop {
            if !self.has_frame() {
                return None;
            }
            let status = self.registers.read(RX_STATUS_FIFO);
            let stored = (status >> 16 & 0x3FFF) as usize;
            let length = stored.saturating_sub(CHECK_SEQUENCE_LENGTH);
            if status & RX_STATUS_ERROR != 0 || length > FRAME_LENGTH_MAX {
                self.registers.write(RX_DP_CTRL, RX_DP_FAST_FORWARD);
                while self.registers.read(RX_DP_CTRL) & RX_DP_FAST_FORWARD != 0 {}
                continue;
            }
            let mut room = self.frames.received.chunks_mut(4);
            for _ in 0..stored.div_ceil(4) {
                let word = self.registers.read(RX_DATA_FIFO).to_le_bytes();
                for (to, from) in room.next().unwrap_or_default().iter_mut().zip(word) {
                    *to = from;
                }
            }
            return Some(length);
        }
    }

    /// Whether the transmit FIFO takes a frame of any length; drops the reports of earlier frames.
    fn has_room(&self) -> bool {
        let information = self.registers.read(TX_FIFO_INF);
        for _ in 0..(information >> 16 & 0xFF) {
            self.registers.read(TX_STATUS_FIFO);
        }
        (information & 0xFFFF) as usize >= FRAME_LENGTH_MAX + COMMANDS_LENGTH
    }
}

impl Device for Lan9118 {
    type RxToken<'a> = Received<'a>;
    type TxToken<'a> = Sending<'a>;

    fn receive(&mut self, _: Instant) -> Option<(Received<'_>, Sending<'_>)> {
        self.next_frame().map(|(frame, room)| (Received(frame), room))
    }

    fn transmit(&mut self, _: Instant) -> Option<Sending<'_>> {
        self.room()
    }

    fn capabilities(&self) -> DeviceCapabilities {
        let mut capabilities = DeviceCapabilities::default();
        capabilities.medium = Medium::Ethernet;
        capabilities.max_transmission_unit = FRAME_LENGTH_MAX;
        capabilities.max_burst_size = Some(1);
        capabilities
    }
}

/// A frame that arrived.
pub struct Received<'a>(&'a [u8]);

impl RxToken for Received<'_> {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, read: F) -> R {
        read(self.0)
    }
}

/// Room for a frame to send.
pub struct Sending<'a> {
    registers: &'a Registers,
    frame: &'a mut [u8; FRAME_LENGTH_MAX],
}

impl Sending<'_> {
    /// Sends a frame of this length, once it is filled.
    pub fn send<R>(self, length: usize, fill: impl FnOnce(&mut [u8]) -> R) -> R {
        let frame = self.frame.get_mut(..length).unwrap_or_default();
        let result = fill(frame);
        let length = frame.len() as u32;
        self.registers.write(TX_DATA_FIFO, TX_FIRST_SEGMENT | TX_LAST_SEGMENT | length);
        self.registers.write(TX_DATA_FIFO, length);
        for chunk in frame.chunks(4) {
            let mut word = [0; 4];
            for (to, from) in word.iter_mut().zip(chunk) {
                *to = *from;
            }
            self.registers.write(TX_DATA_FIFO, u32::from_le_bytes(word));
        }
        result
    }
}

impl TxToken for Sending<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, length: usize, fill: F) -> R {
        self.send(length, fill)
    }
}

/// Keeps the controller quiet until it is told to listen again: to be called by the handler of its interrupt.
pub fn quieten() {
    Registers::LAN9118.write(INT_EN, 0);
}

/// The registers of the MAC are behind two of the controller's.
fn write_mac(registers: &Registers, register: u32, value: u32) {
    registers.write(MAC_CSR_DATA, value);
    registers.write(MAC_CSR_CMD, CSR_BUSY | register);
    while registers.read(MAC_CSR_CMD) & CSR_BUSY != 0 {}
}

fn read_mac(registers: &Registers, register: u32) -> u32 {
    registers.write(MAC_CSR_CMD, CSR_BUSY | CSR_READ | register);
    while registers.read(MAC_CSR_CMD) & CSR_BUSY != 0 {}
    registers.read(MAC_CSR_DATA)
}

/// The registers of the PHY are behind two of the MAC's.
fn write_phy(registers: &Registers, register: u32, value: u32) {
    write_mac(registers, MAC_MII_DATA, value);
    write_mac(registers, MAC_MII_ACCESS, MII_PHY | register << 6 | MII_WRITE | MII_BUSY);
    while read_mac(registers, MAC_MII_ACCESS) & MII_BUSY != 0 {}
}

fn read_phy(registers: &Registers, register: u32) -> u32 {
    write_mac(registers, MAC_MII_ACCESS, MII_PHY | register << 6 | MII_BUSY);
    while read_mac(registers, MAC_MII_ACCESS) & MII_BUSY != 0 {}
    read_mac(registers, MAC_MII_DATA)
}
