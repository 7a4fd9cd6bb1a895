//! The fuzz targets' laws over their named seeds, on stable; and the list of what each seed is.

use graph_call_laws::{laws, seeds};

fn replay(target: &str, law: fn(&[u8])) {
    assert!(!seeds::of(target).is_empty());
    for (name, seed) in seeds::of(target) {
        println!("{target}/{name}");
        law(seed);
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
const LENGTH_MAX: usize = 8 * 1024;

/// The targets whose laws stand in other packages, and the tests that replay their seeds.
const ELSEWHERE: [(&str, &str); 4] = [
    ("capi", include_str!("../../../capi/tests/seeds/main.rs")),
    ("notifications", include_str!("../../../examples/notifications/tests/notifications.rs")),
    ("proxy", include_str!("../../tests/seeds_replay.rs")),
    ("settings", include_str!("../../tests/seeds_replay.rs")),
];

/// A target without seeds, a seed without a line that says what it is, a target without a law: all show here.
#[test]
fn every_target_and_every_seed_is_listed() {
    let readme = include_str!("../../../fuzz/README.md");
    let manifest = include_str!("../../../fuzz/Cargo.toml");
    let found: Vec<_> = seeds::TARGETS.iter().map(|(target, _)| *target).collect();
    let mut targets = TARGETS.to_vec();
    for (target, replay) in ELSEWHERE {
        let folder = format!("fuzz/seeds/{target}\"");
        let named = [format!("seeds::of(\"{target}\")"), format!("replay(\"{target}\", "), folder];
        let is_named = named.iter().any(|name| replay.contains(name));
        assert!(is_named, "the seeds of {target} are not replayed");
        targets.push(target);
    }
    targets.sort_unstable();
    assert_eq!(found, targets);
    for (target, seeds) in seeds::TARGETS {
        assert!(manifest.contains(&format!("name = \"{target}\"")), "{target} is not built");
        for (seed, bytes) in *seeds {
            assert!(bytes.len() <= LENGTH_MAX, "{target}/{seed} has {} bytes", bytes.len());
            assert!(readme.contains(&format!("| `{target}` | `{seed}` |")), "{target}/{seed} is not listed");
        }
    }
}
