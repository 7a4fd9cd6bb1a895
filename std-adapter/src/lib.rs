//! Fetches a Microsoft Graph call over a pluggable network stack.
#![forbid(unsafe_code)]

pub mod answer;
mod builder;
pub mod client;
pub mod clock;
mod connection;
pub mod credential;
pub mod error;
pub mod event;
mod fetch;
mod login;
mod operation;
pub mod proxy;
mod query;
mod random;
pub mod retry;
#[cfg(feature = "service")]
pub mod service;
pub mod socket;
pub mod stack;
mod timeouts;
pub mod tls;
#[cfg(feature = "tokio")]
mod tokio;
mod watch;

pub use answer::{AnswerHead, Refusal};
pub use builder::ClientBuilder;
pub use client::Client;
pub use clock::{Clock, SystemClock};
pub use credential::{Audience, Credential, Offer, Secret, TokenAnswer, TokenRequest};
pub use error::{Class, Error, ErrorKind, Phase};
pub use event::Event;
pub use graph_call;
pub use graph_call::http::{ApiVersion, Cloud};
pub use query::{Fetched, Query};
pub use stack::{Stack, StackError};
pub use timeouts::Timeouts;
#[cfg(feature = "tokio")]
pub use tokio::{AsyncClient, AsyncWatch};
pub use watch::{Reading, Watch, Watched};
