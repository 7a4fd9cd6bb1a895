//! The registers of the board's network: the only file of this package that touches memory by address.

#![allow(unsafe_code)] // device registers are reached no other way

use core::ptr;

/// The number of the Ethernet controller's interrupt.
pub(crate) const INTERRUPT: u32 = 13;

/// A block of 32-bit device registers.
pub(crate) struct Registers {
    base: usize,
    length: usize,
}

impl Registers {
    /// The LAN9118 Ethernet controller of the MPS2 board.
    pub(crate) const LAN9118: Self = Self { base: 0x4020_0000, length: 0x100 };
    /// CMSDK timer 1; timer 0 counts instructions.
    pub(crate) const TIMER1: Self = Self { base: 0x4000_1000, length: 0x10 };
    /// Where interrupts of the core are enabled, one by each bit.
    pub(crate) const INTERRUPTS: Self = Self { base: 0xE000_E100, length: 0x4 };

    /// Reads the register at a byte offset; 0 outside of the block.
    pub(crate) fn read(&self, offset: usize) -> u32 {
        if !self.holds(offset) {
            return 0;
        }
        // SAFETY: an aligned register inside one of the blocks above, which this board has.
        unsafe { ptr::read_volatile((self.base + offset) as *const u32) }
    }

    /// Writes the register at a byte offset; nothing outside of the block.
    pub(crate) fn write(&self, offset: usize, value: u32) {
        if self.holds(offset) {
            // SAFETY: as for reading; no device writes to memory by itself, and a handler exists for what is enabled.
            unsafe { ptr::write_volatile((self.base + offset) as *mut u32, value) }
        }
    }

    fn holds(&self, offset: usize) -> bool {
        offset < self.length && offset.is_multiple_of(4)
    }
}
