//! Fetches a Microsoft Graph call over a pluggable network stack.
#![forbid(unsafe_code)]
#![allow(dead_code, reason = "the client's parts land before the exchange that runs them")]

pub mod answer;
mod builder;
pub mod client;
pub mod clock;
mod connection;
pub mod credential;
pub mod error;
pub mod event;
mod login;
mod operation;
pub mod proxy;
pub mod retry;
#[cfg(feature = "service")]
pub mod service;
pub mod socket;
pub mod stack;
mod timeouts;
pub mod tls;

pub use answer::{AnswerHead, Refusal};
pub use builder::ClientBuilder;
pub use client::Client;
pub use clock::{Clock, SystemClock};
pub use credential::{Audience, Credential, Offer, Secret, TokenAnswer, TokenRequest};
pub use error::{Class, Error, ErrorKind, Phase};
pub use event::Event;
pub use graph_call;
pub use graph_call::http::{ApiVersion, Cloud};
pub use stack::{Stack, StackError};
pub use timeouts::Timeouts;
