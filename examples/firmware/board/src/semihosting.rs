//! Output and exit status over Arm semihosting, without `core::fmt`, which would hide in the measured flash.

use core::arch::asm;

const SYS_WRITE0: usize = 0x04;
const SYS_EXIT: usize = 0x18;
const STOPPED_APPLICATION_EXIT: usize = 0x2_0026;
const STOPPED_RUN_TIME_ERROR: usize = 0x2_0023;

/// Writes a number in decimal.
pub fn print_number(mut number: u32) {
    let mut digits = [0u8; 11];
    let mut start = digits.len() - 1;
    loop {
        start = start.saturating_sub(1);
        if let Some(digit) = digits.get_mut(start) {
            *digit = b'0' + (number % 10) as u8;
        }
        number /= 10;
        if number == 0 {
            break;
        }
    }
    if let Some(text) = digits.get(start..) {
        write0(text);
    }
}

/// Writes a text of at most 63 bytes; a longer one is cut.
pub fn print(text: &str) {
    let mut line = [0u8; 64];
    for (to, from) in line.iter_mut().take(63).zip(text.bytes()) {
        *to = from;
    }
    write0(&line);
}

/// Ends the emulation: exit status 0 when all went well, 1 otherwise.
pub fn exit(success: bool) -> ! {
    call(SYS_EXIT, if success { STOPPED_APPLICATION_EXIT } else { STOPPED_RUN_TIME_ERROR });
    loop {}
}

/// Writes the bytes before the first NUL; `text` holds one.
fn write0(text: &[u8]) {
    call(SYS_WRITE0, text.as_ptr() as usize);
}

fn call(operation: usize, argument: usize) {
    // SAFETY: the breakpoint is the semihosting call of M-profile cores. The two operations used here read
    // a NUL-terminated text that outlives the call, or end the program; neither writes to our memory.
    unsafe { asm!("bkpt 0xAB", inout("r0") operation => _, in("r1") argument, options(nostack)) }
}
