//! The law of the C interface over the named seeds of its fuzz target, and over what lies beside them.

/// Those of the laws of graph-call, which this package does not depend on.
#[path = "../../../tests/laws/src/choices.rs"]
#[expect(dead_code, reason = "other laws choose otherwise")]
mod choices;
mod law;

use std::fs;
use std::path::Path;

#[test]
fn the_law_holds_for_the_seeds_of_the_fuzzer() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds/capi");
    let files: Vec<_> = fs::read_dir(folder).expect("a directory of seeds").collect();
    assert!(!files.is_empty());
    for file in files {
        let path = file.expect("a seed").path();
        println!("{}", path.display());
        let seed = fs::read(&path).expect("a seed");
        law::law(&seed);
        for at in 0..seed.len().min(400) {
            law::law(&seed[..at]);
            let mut changed = seed.clone();
            changed[at] ^= 1 << (at % 8);
            law::law(&changed);
        }
    }
}
