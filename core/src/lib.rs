//! The state of a Microsoft Graph call, read strictly and in pieces, without std, heap or unsafe.
#![no_std]
#![forbid(unsafe_code)]

pub mod error;
pub mod http;

pub use error::Culprit;
