//! The guides of the client and of the tool.
//!
//! What is promised, and why all is as it is, stands in the guides of the crate `graph-call`. This module is there in
//! documentation only.

#[doc = include_str!("../guide/desktop.md")]
pub mod desktop {}

#[doc = include_str!("../guide/tool.md")]
pub mod tool {}
