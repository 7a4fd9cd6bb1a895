//! The named seeds of the fuzz targets, as they were when this was built: no machine needs their files.

/// A seed: its name and its bytes.
pub type Seed = (&'static str, &'static [u8]);

/// Every target with its seeds, by name.
pub const TARGETS: &[(&str, &[Seed])] = include!(concat!(env!("OUT_DIR"), "/seeds.rs"));

/// The seeds of a target; none if it has none.
pub fn of(target: &str) -> &'static [Seed] {
    TARGETS.iter().find(|(name, _)| *name == target).map_or(&[], |(_, seeds)| seeds)
}
