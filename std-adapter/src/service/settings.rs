//! The wishes of the builder that answers depend on, and what they are unless it wishes otherwise.

use core::fmt;
use core::time::Duration;
use std::collections::BTreeMap;

/// The client id that the token endpoint accepts unless another one is set.
pub const CLIENT_ID: &str = "9d7a1d36-0b51-4f0c-8f9e-6a5a4c1b7e20";
/// The client secret that the token endpoint accepts unless another one is set.
pub const CLIENT_SECRET: &str = "loopback-only~not-a-secret";
/// The tenant that the token endpoint knows.
pub const TENANT: &str = "2432b57b-0abd-43db-aa7b-16eadd115d34";

#[derive(Clone)]
pub(super) struct Settings {
    /// What is served, by id.
    pub(super) calls: BTreeMap<String, Vec<u8>>,
    pub(super) client_id: String,
    pub(super) client_secret: String,
    pub(super) fixed_access_token: Option<String>,
    /// In seconds.
    pub(super) expires_in: u32,
    pub(super) reads_per_state: usize,
    /// From a request for a call to its answer.
    pub(super) latency: Duration,
}

impl Settings {
    pub(super) fn new(calls: BTreeMap<String, Vec<u8>>) -> Self {
        Self {
            calls,
            client_id: CLIENT_ID.to_owned(),
            client_secret: CLIENT_SECRET.to_owned(),
            fixed_access_token: None,
            expires_in: 3599,
            reads_per_state: 2,
            latency: Duration::ZERO,
        }
    }
}

/// Shows no access token and no client secret.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("calls", &self.calls.keys()).finish_non_exhaustive()
    }
}
