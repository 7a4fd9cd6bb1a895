//! Random numbers, from the provider that TLS uses.

use rustls::crypto::ring;

/// Fills `output` with random bytes; zeros where the system has none to give, for nothing here is
/// secret: ids and jitter.
pub(crate) fn fill(output: &mut [u8]) {
    if ring::default_provider().secure_random.fill(output).is_err() {
        output.fill(0);
    }
}

/// Any number.
pub(crate) fn number() -> u32 {
    let mut bytes = [0; 4];
    fill(&mut bytes);
    u32::from_le_bytes(bytes)
}
