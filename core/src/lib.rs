// The links of the README, as they are from the pages of the crate: a definition that comes first is the one that counts.
#![doc = "[capacity]: model::capacity"]
#![doc = "[footprint]: guide::footprint"]
#![doc = "[benchmarks]: guide::benchmarks"]
#![doc = "[firmware]: guide::firmware"]
#![doc = "[c]: guide::c"]
#![doc = "[changelog]: guide::changelog"]
#![doc = "[security]: guide::security"]
#![doc = "[architecture]: guide::why"]
#![doc = include_str!("../README.md")]
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "alloc")]
extern crate alloc;

pub mod binder;
mod cell;
#[cfg(any(feature = "embedded-io", feature = "embedded-io-async"))]
pub mod drive;
mod error;
pub mod exchange;
#[cfg(any(doc, doctest))]
pub mod guide;
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
