//! Measures how deep the stack goes: paint it, work, look how far the paint is gone.

use core::{
    arch::asm,
    ptr,
    sync::atomic::{AtomicUsize, Ordering},
};

const DEPTH: usize = 64 * 1024;
const PAINT: u32 = 0xC5C5_C5C5;

/// Down to where the paint was laid on, and up to where.
static TOP: AtomicUsize = AtomicUsize::new(0);

/// Paints the stack below the caller: what is used from now on is found by [`used`].
#[inline(always)]
pub fn paint() {
    let top: usize;
    // SAFETY: copies the stack pointer; touches neither memory nor flags.
    unsafe { asm!("mov {}, sp", out(reg) top, options(nomem, nostack, preserves_flags)) };
    for address in (top - DEPTH..top).step_by(4) {
        // SAFETY: RAM below the stack pointer, far above the statics (4 MiB of RAM, under 1 MiB used): nobody's.
        unsafe { ptr::write_volatile(address as *mut u32, PAINT) };
    }
    TOP.store(top, Ordering::Relaxed);
}

/// The bytes of stack that were written to since it was painted.
pub fn used() -> u32 {
    let top = TOP.load(Ordering::Relaxed);
    for address in (top.saturating_sub(DEPTH)..top).step_by(4) {
        // SAFETY: as above.
        if unsafe { ptr::read_volatile(address as *const u32) } != PAINT {
            return (top - address) as u32;
        }
    }
    0
}

/// Executes `work` and gives the bytes of stack below the caller that were written to.
#[inline(never)]
pub fn high_water(work: impl FnOnce()) -> u32 {
    paint();
    work();
    used()
}
