//! The registers of the board's network: the only file of this package that touches memory by address.

#![allow(unsafe_code)] // device registers are reached no other way

use core::ptr;

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

    /// Reads the register at a byte offset; 0 outside of the block.
    pub(crate) fn read(&self, offset: usize) -> u32 {
        if !self.holds(offset) {
            return 0;
        }
        // SAFETY: an aligned register inside one of the two blocks above, which this board has.
        unsafe { ptr::read_volatile((self.base + offset) as *const u32) }
    }

    /// Writes the register at a byte offset; nothing outside of the block.
    pub(crate) fn write(&self, offset: usize, value: u32) {
        if self.holds(offset) {
            // SAFETY: as for reading; neither device writes to memory by itself.
            unsafe { ptr::write_volatile((self.base + offset) as *mut u32, value) }
        }
    }

    fn holds(&self, offset: usize) -> bool {
        offset < self.length && offset.is_multiple_of(4)
    }
}
