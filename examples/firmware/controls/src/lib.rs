//! What every control shares: a panic handler.

#![no_std]

use board::semihosting::exit;

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    exit(false)
}
