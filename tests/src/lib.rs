//! The kit: what the tests of every theme share.

pub mod peer;
