//! graph-call's clients beside other HTTP clients: one call, one loopback server, all in turns.
//!
//! - [`site`] says where the server is and how it answers; [`server`] is that server, a process of its own, so that
//!   what this process uses is what the client uses;
//! - [`contender`] says what a client must do to be measured, [`contenders`] are those that are;
//! - [`clock`] measures time and processor time, [`counted`] instructions, system calls and allocations,
//!   [`watches`] memory;
//! - [`report`] makes the tables of `docs/benchmarks.md`.
#![forbid(unsafe_code)]

pub mod clock;
pub mod contender;
pub mod contenders;
pub mod counted;
pub mod report;
pub mod server;
pub mod site;
#[path = "../../src/table.rs"]
pub mod table;
pub mod watches;
