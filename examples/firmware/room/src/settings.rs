//! What the device was told when it was set up.

use graph_call::http::{CallId, Cloud, ExpandMember, Host, RequestError, SelectMember};
use graph_call::job::{Credential, Plan, Policy, Query, TokenRequest};
use semihosting::experimental::env;

/// The call that the loopback service takes through its states.
const CALL: &str = "changing";
/// The application that the loopback service knows; a device has its own, in a place that nobody reads out.
const TENANT: &str = "2432b57b-0abd-43db-aa7b-16eadd115d34";
const CLIENT_ID: &str = "9d7a1d36-0b51-4f0c-8f9e-6a5a4c1b7e20";
const CLIENT_SECRET: &str = "loopback-only~not-a-secret";
/// Enough to say who, how far, and why it ended; without the id nobody could tell an answer about another call.
const MEMBERS: &[SelectMember] = &[
    SelectMember::ID,
    SelectMember::STATE,
    SelectMember::DIRECTION,
    SelectMember::SUBJECT,
    SelectMember::SOURCE,
    SelectMember::TARGETS,
    SelectMember::MEDIA_STATE,
    SelectMember::MY_PARTICIPANT_ID,
    SelectMember::RESULT_INFO,
];
/// Milliseconds between two readings.
const EVERY: u64 = 1_000;
/// A person stands before it: sooner again than otherwise, and more often.
const POLICY: Policy = Policy { attempts: 6, wait_first: 500, wait_min: 500, ..Policy::DEFAULT };

/// What the device was told when it was set up.
pub struct Settings {
    token: TokenRequest<'static>,
    host: Option<Host<'static>>,
}

impl Settings {
    /// Room for an argument of the emulator, in bytes.
    pub const ARGUMENT_LENGTH_MAX: usize = 64;

    /// The settings. `HOST:PORT` as the first argument of the emulator is another host than those of the cloud, for both
    /// the sign-in and the call: a test double, which gets the secret.
    ///
    /// # Errors
    /// When what was set up cannot stand in a request.
    pub fn new(memory: &'static mut [u8; Settings::ARGUMENT_LENGTH_MAX]) -> Result<Self, RequestError> {
        let mut token = TokenRequest::client_secret(Cloud::Global, TENANT, CLIENT_ID, CLIENT_SECRET)?;
        let host = argument(memory).map(Host::new).transpose()?;
        if let Some(host) = host {
            token = token.danger_host(host);
        }
        Ok(Self { token, host })
    }

    /// What is to be done: watch the call, with these relationships, to its end.
    ///
    /// # Errors
    /// When what was set up cannot stand in a request.
    pub fn plan(&self, expand: &'static [ExpandMember]) -> Result<Plan<'_>, RequestError> {
        let mut query = Query::new(CallId::new(CALL)?);
        query.select = MEMBERS;
        query.expand = expand;
        query.danger_host = self.host;
        Ok(Plan::watch(query, Credential::Ask(&self.token)).every(EVERY).policy(POLICY))
    }
}

/// Copies the first argument into memory of the caller.
fn argument(memory: &'static mut [u8; Settings::ARGUMENT_LENGTH_MAX]) -> Option<&'static str> {
    let arguments = env::args::<{ 2 * Settings::ARGUMENT_LENGTH_MAX }>().ok()?;
    let found = (&arguments).nth(1)?.ok()?;
    let place = memory.get_mut(..found.len())?;
    place.copy_from_slice(found.as_bytes());
    core::str::from_utf8(place).ok()
}
