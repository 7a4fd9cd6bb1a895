//! Stacks that are not the operating system's, for a client that must not care.

pub mod island;
pub mod spy;
pub mod tunnel;
