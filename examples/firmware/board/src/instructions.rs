//! Counts executed instructions.
//!
//! Under `-icount shift=7` every instruction takes 128 ns of emulated time, and the CMSDK timer of the board counts
//! down once every 40 ns: 16 ticks are 5 instructions, and the same program gives the same count on every run.

use core::ptr;

const CTRL: *mut u32 = 0x4000_0000 as *mut u32;
const VALUE: *mut u32 = 0x4000_0004 as *mut u32;
const RELOAD: *mut u32 = 0x4000_0008 as *mut u32;
const ENABLE: u32 = 1;

/// Executes `work` and gives the number of instructions from one reading of the timer to the next.
///
/// The reading itself costs a few: measure an empty `work` and subtract.
pub fn count(work: impl FnOnce()) -> u32 {
    start();
    let before = read();
    work();
    of(before.wrapping_sub(read()))
}

/// Starts the timer anew.
pub fn start() {
    // SAFETY: the three registers of CMSDK timer 0 on this board; nothing else uses it, and no memory is touched.
    unsafe {
        ptr::write_volatile(CTRL, 0);
        ptr::write_volatile(RELOAD, u32::MAX);
        ptr::write_volatile(VALUE, u32::MAX);
        ptr::write_volatile(CTRL, ENABLE);
    }
}

/// The timer, which counts down.
pub fn read() -> u32 {
    // SAFETY: as above.
    unsafe { ptr::read_volatile(VALUE) }
}

/// The instructions that so many ticks are.
pub fn of(ticks: u32) -> u32 {
    (u64::from(ticks) * 5).div_ceil(16) as u32
}
