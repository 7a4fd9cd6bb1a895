//! Fetches a Microsoft Graph call over a pluggable network stack.
#![forbid(unsafe_code)]

pub mod clock;
pub mod credential;
pub mod error;
pub mod event;
pub mod retry;
#[cfg(feature = "service")]
pub mod service;

pub use clock::{Clock, SystemClock};
pub use credential::{Audience, Credential, Offer, Secret, TokenAnswer, TokenRequest};
pub use error::{Class, Error, ErrorKind, Phase, Refusal};
pub use event::Event;
