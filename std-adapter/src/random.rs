//! Random numbers, from the provider that TLS uses.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

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

/// Any number, each time another one: the system is asked for the first only.
pub(crate) fn number() -> u64 {
    static NEXT: OnceLock<AtomicU64> = OnceLock::new();
    let next = NEXT.get_or_init(|| {
        let mut bytes = [0; 8];
        fill(&mut bytes);
        AtomicU64::new(u64::from_le_bytes(bytes))
    });
    // SplitMix64: a row of numbers at equal distances, mixed.
    let mut mixed = next.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    #[test]
    fn no_number_comes_again() {
        let numbers: HashSet<u64> = (0..1_000).map(|_| super::number()).collect();
        assert_eq!(numbers.len(), 1_000);
    }
}
