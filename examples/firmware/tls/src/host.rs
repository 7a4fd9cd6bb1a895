//! Time and randomness, asked from the host that emulates the device: a product has an RTC and a TRNG.

use embedded_tls::TlsClock;
use rand_core::{CryptoRng, Error, RngCore, impls};
use semihosting::experimental::{random, time::SystemTime};

/// The host's wall clock.
pub(crate) struct Clock;

impl TlsClock for Clock {
    fn now() -> Option<u64> {
        // A clock before 1970 makes every certificate invalid, which is the safe side.
        Some(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs()))
    }
}

/// The host's random number generator.
pub(crate) struct Entropy;

impl CryptoRng for Entropy {}

impl RngCore for Entropy {
    fn next_u32(&mut self) -> u32 {
        impls::next_u32_via_fill(self)
    }

    fn next_u64(&mut self) -> u64 {
        impls::next_u64_via_fill(self)
    }

    fn fill_bytes(&mut self, output: &mut [u8]) {
        // This signature has no error: without randomness there must be no handshake, so the program ends.
        random::fill_bytes(output).expect("the host has no randomness");
    }

    fn try_fill_bytes(&mut self, output: &mut [u8]) -> Result<(), Error> {
        self.fill_bytes(output);
        Ok(())
    }
}
