//! Measures how deep the stack goes: paint it, work, look how far the paint is gone.

use core::{arch::asm, ptr};

const DEPTH: usize = 64 * 1024;
const PAINT: u32 = 0xC5C5_C5C5;

/// Executes `work` and gives the bytes of stack below the caller that were written to.
#[inline(never)]
pub fn high_water(work: impl FnOnce()) -> u32 {
    let top: usize;
    // SAFETY: copies the stack pointer; touches neither memory nor flags.
    unsafe { asm!("mov {}, sp", out(reg) top, options(nomem, nostack, preserves_flags)) };
    let bottom = top - DEPTH;
    for address in (bottom..top).step_by(4) {
        // SAFETY: RAM below the stack pointer, far above the statics (4 MiB of RAM, under 1 MiB used): nobody's.
        unsafe { ptr::write_volatile(address as *mut u32, PAINT) };
    }
    work();
    for address in (bottom..top).step_by(4) {
        // SAFETY: as above.
        if unsafe { ptr::read_volatile(address as *const u32) } != PAINT {
            return (top - address) as u32;
        }
    }
    0
}
