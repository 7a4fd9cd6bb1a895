//! The network: a name and a port become a connection, over any embedded-nal stack or tokio's sockets.
//!
//! - takes: a [`Route`](connection::Route) (host, port, proxy, whom to trust) and deadlines
//! - gives: a connection, `Read + Write` for as long as an exchange lasts
//! - keeps: nothing; who opened a connection decides whether it is used again, and asks `is_clean` before
//! - refuses: to retry, to reuse, to judge an answer: none of that is decided here
//!
//! # For the author of a driver
//!
//! | wanted | blocking | tokio |
//! |---|---|---|
//! | open: dial, proxy's tunnel, TLS | [`Connection::open`](connection::Connection::open) | `tokio::connection::Connection::open` |
//! | `Read + Write` with deadlines | [`Connection::stream`](connection::Connection::stream) | `stream` |
//! | may it serve once more? | [`Connection::is_clean`](connection::Connection::is_clean) | `is_clean` |
//! | end it | [`Connection::close`](connection::Connection::close) | `close` |
//!
//! Every decision is a machine without I/O, and there is one of each:
//!
//! ```text
//!   race::Race               which address is tried now, and when the next one
//!   tls::Session             what to send, when to receive, what is left over
//!   proxy::Tunnel            what to say to a proxy, and whether it opened the tunnel
//!   connection::Deadlines    until when this read or write may last
//!   connection::is_clean     whether nothing at all is left over
//!   lookup::Lookups          which names are being looked up
//! ```
//!
//! All moments are those of the driver's own clock, counted from wherever it likes; no deadline moves while bytes arrive.

pub(crate) mod connection;
pub(crate) mod dial;
pub(crate) mod lookup;
pub mod proxy;
pub(crate) mod race;
pub mod socket;
pub mod stack;
pub mod tls;
#[cfg(feature = "tokio")]
pub(crate) mod tokio;
