//! Stacks that are not the operating system's, for a client that must not care.

pub mod families;
pub mod faulty;
mod gateway;
pub mod island;
pub mod lan;
pub mod script;
pub mod spy;
pub mod tls_peer;
pub mod tunnel;
