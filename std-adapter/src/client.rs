//! The two clients: drivers of a job, with settings.
//!
//! - takes: a query
//! - gives: calls, once or until they end
//! - keeps: a pool of connections, one token for all
//! - refuses: to send an access token anywhere but to the host of its cloud over TLS, unless an option with `danger` in
//!   its name says so
//!
//! ```text
//!   blocking, tokio      one face each, over one engine
//!      |
//!   engine, watch        a turn, a session, a plan; what comes of it
//!      |
//!   platform, observer   what the job needs; what the user is told
//!      |
//!   tokens, pool         one token for all; whoever comes first is served first
//! ```
//!
//! What is tried again, how long is waited, when a token is renewed, which answer is none, and when a call is gone is the
//! [job]'s to say.

mod block_on;
mod blocking;
mod builder;
mod engine;
mod network;
mod observer;
mod platform;
mod pool;
mod query;
mod reading;
mod record;
mod settings;
mod sign_in;
mod tokens;
#[cfg(feature = "tokio")]
mod tokio;
mod trace;
mod turn;
mod watch;

use graph_call::job;

pub use blocking::Client;
pub use builder::ClientBuilder;
pub use query::{Fetched, Query};
pub use settings::{Retry, Timeouts};
#[cfg(feature = "tokio")]
pub use tokio::{AsyncClient, AsyncWatch};
pub use watch::{Reading, Watch};

/// Room for the head of an answer, a claims challenge included.
const HEAD_LENGTH: usize = 2048;
/// Room for an access token. What servers take in one field line ends there.
const TOKEN_LENGTH: usize = 8192;
/// Room for the message of a refusal.
const MESSAGE_LENGTH: usize = 1024;
/// Bytes sent or received at once.
const PIECE_LENGTH: usize = 4096;

type Session = job::Session<HEAD_LENGTH, TOKEN_LENGTH, MESSAGE_LENGTH>;
