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

#[cfg(feature = "alloc")]
extern crate alloc;

pub mod binder;
mod cell;
#[cfg(any(feature = "embedded-io", feature = "embedded-io-async"))]
pub mod drive;
mod error;
pub mod exchange;
pub mod http;
pub mod job;
pub mod json;
#[macro_use]
pub mod value;
pub mod model;
pub mod record;
mod shown;

pub use binder::{Body, Error, ErrorKind, Expected, Overflow, ParseOptions, Parser};
pub use cell::{
    Cell, Double, Enumeration, Id, List, ListStorage, Object, OpenEnum, Presence, Secret, Text, TextStorage,
};
pub use error::Culprit;
pub use exchange::{Exchange, ExchangeError, Reply};
pub use http::{ExpandMember, SelectMember};
pub use model::*;
pub use record::{DATE_TIME_LENGTH_MAX, DateTime, Scalar};
pub use shown::Shown;
#[cfg(feature = "serde-json-core")]
pub use value::WriteError;
