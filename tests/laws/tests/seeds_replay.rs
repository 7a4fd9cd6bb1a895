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

/// A target without seeds, a seed without a line that says what it is, a target without a law: all show here.
#[test]
fn every_target_and_every_seed_is_listed() {
    let readme = include_str!("../../../fuzz/README.md");
    let manifest = include_str!("../../../fuzz/Cargo.toml");
    let found: Vec<_> = seeds::TARGETS.iter().map(|(target, _)| *target).collect();
    // Unsafe code stands in the target itself, and is not replayed; those of the adapter and of the example replay their own.
    let mut targets = [TARGETS, &["capi", "notifications", "proxy", "settings"]].concat();
    targets.sort_unstable();
    assert_eq!(found, targets);
    for (target, seeds) in seeds::TARGETS {
        assert!(manifest.contains(&format!("name = \"{target}\"")), "{target} is not built");
        for (seed, _) in *seeds {
            assert!(readme.contains(&format!("| `{target}` | `{seed}` |")), "{target}/{seed} is not listed");
        }
    }
}
