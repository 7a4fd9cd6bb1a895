//! Fetches a Microsoft Graph call over a pluggable network stack.
#![forbid(unsafe_code)]

pub mod retry;
