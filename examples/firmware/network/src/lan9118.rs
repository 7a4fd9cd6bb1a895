//! A polled driver for the SMSC LAN9118 Ethernet controller.
//!
//! Takes and gives whole frames through the controller's FIFOs, one at a time, without interrupts or DMA.

use smoltcp::{
    phy::{Device, DeviceCapabilities, Medium, RxToken, TxToken},
    time::Instant,
};

use crate::mmio::Registers;

const RX_DATA_FIFO: usize = 0x00;
const TX_DATA_FIFO: usize = 0x20;
const RX_STATUS_FIFO: usize = 0x40;
const TX_STATUS_FIFO: usize = 0x48;
const BYTE_TEST: usize = 0x64;
const TX_CFG: usize = 0x70;
const HW_CFG: usize = 0x74;
const RX_DP_CTRL: usize = 0x78;
const RX_FIFO_INF: usize = 0x7C;
const TX_FIFO_INF: usize = 0x80;
const MAC_CSR_CMD: usize = 0xA4;
const MAC_CSR_DATA: usize = 0xA8;

const BYTE_TEST_VALUE: u32 = 0x8765_4321;
const HW_CFG_MUST_BE_ONE: u32 = 1 << 20;
const HW_CFG_TX_FIFO_5K: u32 = 5 << 16;
const TX_CFG_ON: u32 = 1 << 1;
const RX_DP_FAST_FORWARD: u32 = 1 << 31;
const RX_STATUS_ERROR: u32 = 1 << 15;
const TX_FIRST_SEGMENT: u32 = 1 << 13;
const TX_LAST_SEGMENT: u32 = 1 << 12;
const CSR_BUSY: u32 = 1 << 31;

const MAC_CR: u32 = 1;
const MAC_ADDRH: u32 = 2;
const MAC_ADDRL: u32 = 3;
const MAC_CR_TX_ENABLE: u32 = 1 << 3;
const MAC_CR_RX_ENABLE: u32 = 1 << 2;
const MAC_CR_FULL_DUPLEX: u32 = 1 << 20;

const FRAME_LENGTH_MAX: usize = 1514;
const CHECK_SEQUENCE_LENGTH: usize = 4;
/// Two command words precede every frame that is sent.
const COMMANDS_LENGTH: usize = 8;

/// The controller, with room for one frame in each direction.
pub(crate) struct Lan9118 {
    registers: Registers,
    received: [u8; FRAME_LENGTH_MAX],
    sending: [u8; FRAME_LENGTH_MAX],
}

impl Lan9118 {
    /// Finds the controller and starts it with a hardware address; `None` when there is none.
    pub(crate) fn start(address: [u8; 6]) -> Option<Self> {
        let registers = Registers::LAN9118;
        if registers.read(BYTE_TEST) != BYTE_TEST_VALUE {
            return None;
        }
        let [a, b, c, d, e, f] = address;
        registers.write(HW_CFG, HW_CFG_MUST_BE_ONE | HW_CFG_TX_FIFO_5K);
        write_mac(&registers, MAC_ADDRL, u32::from_le_bytes([a, b, c, d]));
        write_mac(&registers, MAC_ADDRH, u32::from_le_bytes([e, f, 0, 0]));
        write_mac(&registers, MAC_CR, MAC_CR_FULL_DUPLEX | MAC_CR_TX_ENABLE | MAC_CR_RX_ENABLE);
        registers.write(TX_CFG, TX_CFG_ON);
        Some(Self { registers, received: [0; FRAME_LENGTH_MAX], sending: [0; FRAME_LENGTH_MAX] })
    }

    /// Moves the next good frame out of the FIFO into `received` and gives its length.
    fn take_frame(&mut self) -> Option<usize> {
        loop {
            if (self.registers.read(RX_FIFO_INF) >> 16) & 0xFF == 0 {
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
            let mut room = self.received.chunks_mut(4);
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
        if !self.has_room() {
            return None;
        }
        let length = self.take_frame()?;
        let received = self.received.get(..length)?;
        Some((Received(received), Sending { registers: &self.registers, frame: &mut self.sending }))
    }

    fn transmit(&mut self, _: Instant) -> Option<Sending<'_>> {
        self.has_room().then_some(Sending { registers: &self.registers, frame: &mut self.sending })
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
pub(crate) struct Received<'a>(&'a [u8]);

impl RxToken for Received<'_> {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, read: F) -> R {
        read(self.0)
    }
}

/// Room for a frame to send.
pub(crate) struct Sending<'a> {
    registers: &'a Registers,
    frame: &'a mut [u8; FRAME_LENGTH_MAX],
}

impl TxToken for Sending<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, length: usize, fill: F) -> R {
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

/// The registers of the MAC are behind two of the controller's.
fn write_mac(registers: &Registers, register: u32, value: u32) {
    registers.write(MAC_CSR_DATA, value);
    registers.write(MAC_CSR_CMD, CSR_BUSY | register);
    while registers.read(MAC_CSR_CMD) & CSR_BUSY != 0 {}
}
