//! graph-call beside other parsers: the same documents, the same members, and results that are compared
//! before anything is measured.
//!
//! - [`document`] holds the documents, [`peers`] the parsers, [`floor`] what any parser must at least do;
//! - [`plan`] lists all that is measured;
//! - [`equal`] compares what the parsers filled;
//! - [`clock`] measures time as ratios, [`instructions`] counts instructions, [`heap`] counts allocations;
//! - [`table`] writes what was measured into a document.

pub mod clock;
pub mod document;
pub mod equal;
pub mod floor;
pub mod heap;
pub mod instructions;
pub mod peer;
pub mod peers;
pub mod plan;
pub mod report;
pub mod table;
