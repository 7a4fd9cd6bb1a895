//! The kit: what the tests of every theme share.

pub mod fetch;
pub mod foreign;
pub mod held;
pub mod hostile;
pub mod laws;
pub mod net;
pub mod peer;
