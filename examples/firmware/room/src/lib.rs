//! What the programs of the whole job share: what was provisioned, the time of day, and what is logged.
//!
//! They watch one call to its end, by client credentials; nothing in here waits for anything or knows a network.

#![no_std]

pub mod day;
mod provisioned;
mod settings;
pub mod sntp;
mod told;

pub use provisioned::{ROOTS_LENGTH_MAX, TLS_HEAP_LENGTH, random, roots};
pub use settings::Settings;
pub use told::{end, tell};
