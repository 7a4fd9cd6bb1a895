//! What TLS needs of a device: authorities, random numbers, memory.

use semihosting::experimental::random;
use semihosting::fs::File;
use semihosting::io::Read as _;

/// Room for the authorities, in bytes of DER.
pub const ROOTS_LENGTH_MAX: usize = 2 * 1024;

/// The memory of the library. A handshake with a chain of RSA keys takes most.
pub const TLS_HEAP_LENGTH: usize = 48 * 1024;

/// The authorities that the device was provisioned with: here, `ca.der` in the directory of the emulator. Without it there
/// is none, and nobody is trusted.
pub fn roots(memory: &'static mut [u8]) -> &'static [u8] {
    let length = File::open(c"ca.der").and_then(|mut file| file.read(memory)).unwrap_or(0);
    memory.get(..length).unwrap_or_default()
}

/// Random numbers of the host that emulates the device: a product has a hardware generator.
pub fn random(output: &mut [u8]) -> bool {
    random::fill_bytes(output).is_ok()
}
