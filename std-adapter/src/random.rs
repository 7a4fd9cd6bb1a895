//! Random numbers, from the provider that TLS uses.

use std::sync::OnceLock;

use rustls::crypto::{SecureRandom, ring};

/// Found once: a provider is a list of everything it can do, made anew each time.
static SOURCE: OnceLock<&'static dyn SecureRandom> = OnceLock::new();

/// Fills `output` with random bytes; zeros where the system has none to give, for nothing here is
/// secret: ids and jitter.
pub(crate) fn fill(output: &mut [u8]) {
    let source = SOURCE.get_or_init(|| ring::default_provider().secure_random);
    if source.fill(output).is_err() {
        output.fill(0);
    }
}

/// Any number.
pub(crate) fn number() -> u64 {
    let mut bytes = [0; 8];
    fill(&mut bytes);
    u64::from_le_bytes(bytes)
}
