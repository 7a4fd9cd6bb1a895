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

/// Seeds are small: a fuzzer changes a byte, and which one matters.
const LENGTH_MAX: u64 = 8 * 1024;

/// The targets whose laws stand in other packages, and the tests that replay their seeds.
const ELSEWHERE: [(&str, &str); 4] = [
    ("capi", "capi/tests/seeds/main.rs"),
    ("notifications", "examples/notifications/tests/notifications.rs"),
    ("proxy", "tests/tests/seeds_replay.rs"),
    ("settings", "tests/tests/seeds_replay.rs"),
];

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
    let mut targets = TARGETS.to_vec();
    for (target, replay) in ELSEWHERE {
        let replay = fs::read_to_string(seeds().join("../..").join(replay)).expect("a file of tests");
        let folder = format!("fuzz/seeds/{target}\"");
        let is_named = replay.contains(&folder) || replay.contains(&format!("replay(\"{target}\", "));
        assert!(is_named, "the seeds of {target} are not replayed");
        targets.push(target);
    }
    targets.sort_unstable();
    assert_eq!(found, targets);
    for target in targets {
        assert!(manifest.contains(&format!("name = \"{target}\"")), "{target} is not built");
        for seed in names(seeds().join(target)) {
            let length = fs::metadata(seeds().join(target).join(&seed)).expect("a file").len();
            assert!(length <= LENGTH_MAX, "{target}/{seed} has {length} bytes");
            assert!(readme.contains(&format!("| `{target}` | `{seed}` |")), "{target}/{seed} is not listed");
        }
    }
}
