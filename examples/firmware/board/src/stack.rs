//! Measures how deep the stack goes: paint it, work, look how far the paint is gone.

use core::{
    arch::asm,
    ptr,
    sync::atomic::{AtomicUsize, Ordering},
};

const DEPTH: usize = 64 * 1024;
const PAINT: u32 = 0xC5C5_C5C5;

/// Up to where the paint was laid on.
static TOP: AtomicUsize = AtomicUsize::new(0);

unsafe extern "C" {
    /// Where the stack begins, by the linker script of the runtime.
    static _stack_start: u32;
}

/// Paints the stack below the caller: what is used from now on is found by [`in_all`].
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

/// The bytes of stack that were in use at most since it was painted, those of the callers included.
pub fn in_all() -> u32 {
    (&raw const _stack_start as usize - lowest()) as u32
}

/// The lowest address that was written to since the stack was painted.
fn lowest() -> usize {
    let top = TOP.load(Ordering::Relaxed);
    // SAFETY: as above.
    let is_used = |&address: &usize| unsafe { ptr::read_volatile(address as *const u32) } != PAINT;
    (top.saturating_sub(DEPTH)..top).step_by(4).find(is_used).unwrap_or(top)
}

/// Executes `work` and gives the bytes of stack below the caller that were written to.
#[inline(never)]
pub fn high_water(work: impl FnOnce()) -> u32 {
    paint();
    work();
    (TOP.load(Ordering::Relaxed) - lowest()) as u32
}
