//! What every example on a device shares: the defmt logger, the panic handler and the exit status.

#![no_std]

use board as _; // the memory map
#[cfg(target_arch = "arm")]
use cortex_m as _; // its critical section
use defmt_semihosting as _; // the logger
use portable_atomic as _; // compare-and-swap where the core has none
#[cfg(target_arch = "riscv32")]
use riscv as _; // its critical section
use semihosting::process;

/// Ends the emulation: exit status 0 when all went well, 1 otherwise.
pub fn end(success: bool) -> ! {
    process::exit(i32::from(!success))
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    defmt::error!("panicked");
    process::exit(101)
}
