//! The call that the measured peers fill.
//!
//! One model serves every peer, so that all do the same work and their results can be compared:
//!
//! - [`record`] and [`words`] hold the model itself, one row per member;
//! - [`storage`] says what its texts and lists are kept in: `String` and `Vec`, `Cow`, or `heapless`;
//! - [`value`] is what a member can hold, and [`pull`] fills it in place from a peer that has no derive of its own;
//! - `ours` shows graph-call's own call the same way;
//! - [`digest`] reduces a filled model to one number.
#![no_std]
#![forbid(unsafe_code)]

#[cfg(feature = "alloc")]
extern crate alloc;

pub mod digest;
#[cfg(feature = "graph-call")]
pub mod ours;
pub mod pull;
pub mod record;
pub mod storage;
pub mod value;
pub mod words;

pub use digest::{Digest, Sink};
pub use pull::Pull;
pub use record::Call;
pub use storage::{Fixed, Storage};
pub use value::{List, Text, Value};
