// The links of the README, as they are from the pages of the crate: a definition that comes first is the one that counts.
#![doc = "[capacity]: model::capacity"]
#![doc = concat!("[footprint]: ", env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/footprint.md")]
#![doc = concat!("[benchmarks]: ", env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/benchmarks.md")]
#![doc = concat!("[tool]: ", env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/tool.md")]
#![doc = concat!("[desktop]: ", env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/desktop.md")]
#![doc = concat!("[firmware]: ", env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/firmware.md")]
#![doc = concat!("[c]: ", env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/c.md")]
#![doc = concat!("[architecture]: ", env!("CARGO_PKG_REPOSITORY"), "/blob/main/ARCHITECTURE.md")]
#![doc = concat!("[contributing]: ", env!("CARGO_PKG_REPOSITORY"), "/blob/main/CONTRIBUTING.md")]
#![doc = concat!("[changelog]: ", env!("CARGO_PKG_REPOSITORY"), "/blob/main/CHANGELOG.md")]
#![doc = concat!("[security]: ", env!("CARGO_PKG_REPOSITORY"), "/blob/main/SECURITY.md")]
#![doc = concat!("[apache]: ", env!("CARGO_PKG_REPOSITORY"), "/blob/main/LICENSE-APACHE")]
#![doc = concat!("[mit]: ", env!("CARGO_PKG_REPOSITORY"), "/blob/main/LICENSE-MIT")]
#![doc = include_str!("../README.md")]
#![no_std]
#![forbid(unsafe_code)]

#[macro_use]
pub mod value;

mod cell;
#[cfg(any(feature = "embedded-io", feature = "embedded-io-async"))]
pub mod drive;
mod error;
pub mod exchange;
pub mod http;
pub mod json;
mod list;
pub mod model;
mod open;
mod options;
mod parse;
mod text;
mod time;
#[cfg(feature = "serde-json-core")]
mod write_json;

pub use cell::{Cell, Object, Presence, Scalar};
pub use error::{Culprit, Error, ErrorKind, Expected};
pub use exchange::{Exchange, ExchangeError, Reply};
pub use list::List;
pub use model::*;
pub use open::{Names, Open};
pub use options::{Overflow, ParseOptions};
pub use parse::CallParser;
pub use text::{Exact, Secret, Text};
pub use time::{DATE_TIME_LENGTH_MAX, DateTime};
#[cfg(feature = "serde-json-core")]
pub use write_json::WriteError;
