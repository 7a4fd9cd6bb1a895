//! The laws of the adapter over the named seeds of their fuzz targets, and over what lies beside them.

use graph_call_laws::seeds;
use graph_call_tests::laws;

fn replay(target: &str, law: fn(&[u8])) {
    assert!(!seeds::of(target).is_empty());
    for (name, seed) in seeds::of(target) {
        println!("{target}/{name}");
        law(seed);
        for at in 0..seed.len().min(400) {
            law(&seed[..at]);
            let mut changed = seed.to_vec();
            changed[at] ^= 1 << (at % 8);
            law(&changed);
        }
    }
}

#[test]
fn proxy() {
    replay("proxy", laws::proxy);
}

#[test]
fn settings() {
    replay("settings", laws::settings);
}
