//! The pages of the project: how it is used, what it costs, what is promised, and why it is so.
//!
//! Those of the client and of the tool stand in the crate `graph-call-std`. This module is there in documentation only.

#[doc = include_str!("../guide/firmware.md")]
pub mod firmware {}

#[doc = include_str!("../guide/c.md")]
pub mod c {}

#[doc = include_str!("../guide/footprint.md")]
pub mod footprint {}

#[doc = include_str!("../guide/benchmarks.md")]
pub mod benchmarks {}

#[doc = include_str!("../guide/assurance.md")]
pub mod assurance {}

#[doc = include_str!("../guide/why.md")]
pub mod why {}

#[doc = include_str!("../guide/security.md")]
pub mod security {}

#[doc = include_str!("../guide/changelog.md")]
pub mod changelog {}
