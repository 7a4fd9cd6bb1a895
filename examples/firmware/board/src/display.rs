//! The board's other memory (PSRAM), in the place of the memory that the controller of a display has.

use core::ptr;
use core::sync::atomic::{AtomicBool, Ordering};

const BASE: usize = 0x2100_0000;
/// Enough for 800 by 480 pixels.
const PIXELS_MAX: usize = 800 * 480;

static IS_TAKEN: AtomicBool = AtomicBool::new(false);

/// Pixels of 16 bits.
pub struct Memory(());

impl Memory {
    /// The memory; `None` if somebody has it.
    pub fn take() -> Option<Self> {
        (!IS_TAKEN.swap(true, Ordering::Relaxed)).then_some(Self(()))
    }

    /// Sets pixels in a row; what is outside of the memory is left out.
    pub fn fill(&mut self, first: usize, count: usize, colour: u16) {
        let end = first.saturating_add(count).min(PIXELS_MAX);
        for place in first..end {
            // SAFETY: RAM that no linker script knows, inside of its bounds, and only this object reaches it.
            unsafe { ptr::write_volatile((BASE as *mut u16).wrapping_add(place), colour) };
        }
    }

    /// The first bytes of it.
    pub fn bytes(&self, length: usize) -> &[u8] {
        // SAFETY: as above; RAM holds bytes whatever was written to it, and writing needs this object for itself.
        unsafe { core::slice::from_raw_parts(BASE as *const u8, length.min(2 * PIXELS_MAX)) }
    }
}
