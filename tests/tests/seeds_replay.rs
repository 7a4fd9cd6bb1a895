//! The laws of the adapter over the named seeds of their fuzz targets, and over what lies beside them.

use graph_call_tests::laws;
use std::fs;
use std::path::Path;

fn replay(target: &str, law: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds").join(target);
    let files: Vec<_> = fs::read_dir(folder).expect("a directory of seeds").collect();
    assert!(!files.is_empty());
    for file in files {
        let path = file.expect("a seed").path();
        println!("{}", path.display());
        let seed = fs::read(&path).expect("a seed");
        law(&seed);
        for at in 0..seed.len().min(400) {
            law(&seed[..at]);
            let mut changed = seed.clone();
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
