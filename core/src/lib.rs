//! The state of a Microsoft Graph call, read strictly and in pieces, without std, heap or unsafe.
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
