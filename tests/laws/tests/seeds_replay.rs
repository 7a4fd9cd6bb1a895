//! The fuzz targets' laws over their named seeds, on stable; and the list of what each seed is.

use std::fs;
use std::path::{Path, PathBuf};

use graph_call_laws::laws;

fn seeds() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds")
}

fn replay(target: &str, law: fn(&[u8])) {
    let files: Vec<_> = fs::read_dir(seeds().join(target)).expect("a directory of seeds").collect();
    assert!(!files.is_empty());
    for file in files {
        let path = file.expect("a seed").path();
        println!("{}", path.display());
        law(&fs::read(path).expect("a seed"));
    }
}

macro_rules! replay {
    ($($target:ident)*) => {
        $(#[test]
        fn $target() {
            replay(stringify!($target), laws::$target);
        })*

        const TARGETS: &[&str] = &[$(stringify!($target)),*];
    };
}

replay! { lexer call call_structured splits differential round_trip head framing exchange graph_error retry_after job sign_in serde_input }

/// A target without seeds, a seed without a line that says what it is, a target without a law: all show here.
#[test]
fn every_target_and_every_seed_is_listed() {
    let readme = fs::read_to_string(seeds().join("../README.md")).expect("the list");
    let manifest = fs::read_to_string(seeds().join("../Cargo.toml")).expect("the manifest");
    let names = |path: PathBuf| -> Vec<String> {
        let files = fs::read_dir(path).expect("a directory");
        files.map(|file| file.expect("a file").file_name().into_string().expect("a name")).collect()
    };
    let mut found = names(seeds());
    found.sort();
    // Unsafe code stands in the target itself, and is not replayed; those of the adapter and of the example replay their own.
    let mut targets = [TARGETS, &["capi", "notifications", "proxy", "settings"]].concat();
    targets.sort_unstable();
    assert_eq!(found, targets);
    for target in targets {
        assert!(manifest.contains(&format!("name = \"{target}\"")), "{target} is not built");
        for seed in names(seeds().join(target)) {
            assert!(readme.contains(&format!("| `{target}` | `{seed}` |")), "{target}/{seed} is not listed");
        }
    }
}
