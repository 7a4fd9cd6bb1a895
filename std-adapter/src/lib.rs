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
//!     let client = Client::builder().credential(ClientCredentials::new(tenant, id, secret)?).build()?;
//!     let fetched = client.get_call(call_id)?;
//!     println!("{:?}", fetched.call.state.get());
//!     Ok(())
//! }
//! ```
//!
//! # Layers
//!
//! ```text
//!   Client      AsyncClient     settings, a pool of connections, one token for all
//!      |             |
//!   graph_call::job              what is done next, and what an answer means
//!      |             |
//!   TLS         TLS              one machine; a cut is no end
//!      |             |
//!   Socket      TcpStream        reads with deadlines
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
//!
//! The guides are [`guide::desktop`] and [`guide::tool`].
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod first_page {}

pub mod answer;
pub mod client;
pub mod clock;
pub mod credential;
pub mod error;
pub mod event;
// The examples of the guides are compiled and run.
#[cfg(any(doc, all(doctest, feature = "service", feature = "tokio")))]
pub mod guide;
mod net;
mod random;
#[cfg(feature = "service")]
pub mod service;
mod text;

pub use answer::{AnswerHead, Refusal};
#[cfg(feature = "tokio")]
pub use client::{AsyncClient, AsyncWatch};
pub use client::{Client, ClientBuilder, Fetched, Query, Reading, Retry, Timeouts, Watch};
pub use clock::{Clock, SystemClock};
pub use credential::{Credential, Secret};
pub use error::{Class, Error, ErrorKind, Phase};
pub use event::Event;
pub use graph_call;
pub use graph_call::http::{ApiVersion, Cloud};
pub use graph_call::job::{Watched, Who};
pub use net::stack::{Stack, StackError};
pub use net::{proxy, socket, stack, tls};
