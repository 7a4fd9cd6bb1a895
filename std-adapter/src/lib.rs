//! Fetches a Microsoft Graph call over a pluggable network stack.
//!
//! The call, the request and the answer are those of the `no_std` crate [`graph_call`]; this crate brings
//! them a network, TLS, credentials, deadlines and retries.
//!
//! ```
//! use graph_call_std::Client;
//! use graph_call_std::credential::ClientCredentials;
//!
//! fn print_state(tenant: &str, id: &str, secret: String, call_id: &str) -> Result<(), graph_call_std::Error> {
//!     let mut client = Client::builder().credential(ClientCredentials::new(tenant, id, secret)?).build()?;
//!     let fetched = client.get_call(call_id)?;
//!     println!("{:?}", fetched.call.state.get());
//!     Ok(())
//! }
//! ```
//!
//! # Layers
//!
//! ```text
//!   Client      AsyncClient     one operation: token, attempts, waits
//!      |             |
//!   Connection  Connection      found, opened, proved, used, kept, closed
//!      |             |
//!   TlsStream   tokio-rustls    plain text; a cut is no end
//!      |             |
//!   Socket      TcpStream       blocking reads with deadlines over a stack that never blocks
//!      |
//!   any embedded_nal::TcpClientStack + Dns
//! ```
//!
//! - [`Client`] runs over any stack of embedded-nal 0.9: the operating system's ([`Stack`]), smoltcp's, a
//!   modem's. Stacks differ in what they report; [`socket::ZeroRead`] and [`socket::Pace`] tell how to
//!   wait for one.
//! - An access token goes to the Graph host of its cloud over TLS, and nowhere else, unless an option with
//!   `danger` in its name says otherwise.
//! - Every failure is one [`Error`]: which [`Phase`], what kind, who is at fault, which host, and the
//!   service's own codes and ids where it answered.
//! - No phase is endless: see [`Timeouts`].
//!
//! # Features
//!
//! | feature | default | brings |
//! |---|---|---|
//! | `platform-verifier` | yes | the operating system's certificate authorities |
//! | `webpki-roots` | yes | Mozilla's, compiled in |
//! | `cli` | yes | the program `graph-call`; a library user turns the defaults off |
//! | `service` | with `cli` | a loopback Graph service over real TLS, for tests and demonstrations |
//! | `tokio` | no | `AsyncClient` |
#![forbid(unsafe_code)]

// The guide's examples are compiled and run.
#[cfg(all(doctest, feature = "service", feature = "tokio"))]
#[doc = include_str!("../../docs/desktop.md")]
mod guide {}

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
