//! What a job is to do: which call, by which credential, once or until the call ends.

use super::{Credential, Peer, Policy};
use crate::http::{ApiVersion, CallId, Cloud, ExpandMember, Host, SelectMember, UserAgent};
use crate::model::CallState;

/// Which call is wanted, and how much of it.
///
/// ```
/// use graph_call::http::{CallId, SelectMember};
/// use graph_call::job::Query;
///
/// let mut query = Query::new(CallId::new("57dab8b1")?);
/// query.select = &[SelectMember::ID, SelectMember::STATE];
/// # Ok::<(), graph_call::http::RequestError>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Query<'a> {
    /// The call asked for.
    pub id: CallId<'a>,
    /// The members wanted, in this order; empty means all. Without `id` nobody can tell an answer about another
    /// call, so name it.
    pub select: &'a [SelectMember],
    /// The relationships wanted with them, in this order.
    pub expand: &'a [ExpandMember],
    /// The version of the API.
    pub version: ApiVersion,
    /// The cloud whose host is asked.
    pub cloud: Cloud,
    /// Another host than the cloud's, on port 443 unless it names one: **it is sent the access token**.
    pub danger_host: Option<Host<'a>>,
    /// What the program calls itself.
    pub user_agent: UserAgent<'a>,
    /// Whether the caller knows that there is, or was, such a call: then "not found" says that it is gone, also
    /// before the first reading.
    pub was_seen: bool,
}

impl<'a> Query<'a> {
    /// All members of the call with this id, in the global cloud.
    pub const fn new(id: CallId<'a>) -> Self {
        Self {
            id,
            select: &[],
            expand: &[],
            version: ApiVersion::V1,
            cloud: Cloud::Global,
            danger_host: None,
            user_agent: UserAgent::DEFAULT,
            was_seen: false,
        }
    }

    /// Who is asked.
    pub fn peer(&self) -> Peer<'a> {
        Peer::of(self.danger_host.map_or(self.cloud.graph_host(), Host::as_str), false)
    }
}

/// What a job is to do. It is handed over by reference, and holds only references itself.
///
/// One plan is about one call. Several calls are several jobs over one session, which keeps the token and knows
/// of the connection.
///
/// ```
/// use graph_call::http::CallId;
/// use graph_call::job::{Credential, Plan, Query};
///
/// let query = Query::new(CallId::new("57dab8b1")?);
/// let plan = Plan::watch(query, Credential::Outside).every(10_000);
/// # let _ = plan;
/// # Ok::<(), graph_call::http::RequestError>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Plan<'a> {
    /// Which call; none if only a token is wanted.
    pub query: Option<Query<'a>>,
    /// How often it is read.
    pub repeat: Repeat<'a>,
    /// Where tokens come from.
    pub credential: Credential<'a>,
    /// How often and how long.
    pub policy: Policy,
}

/// How often a call is read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Repeat<'a> {
    /// One reading.
    Once,
    /// Again and again, until the call has ended.
    Watch {
        /// Milliseconds from the end of a reading to the next, give or take a fifth; less than a second counts
        /// as one.
        every: u64,
        /// States that end the watch too; `terminated` always does.
        until: &'a [CallState],
        /// The most milliseconds that the watch lasts; no reading begins later.
        lasts: u64,
    },
}

impl<'a> Plan<'a> {
    /// One reading of a call.
    pub const fn once(query: Query<'a>, credential: Credential<'a>) -> Self {
        Self { query: Some(query), repeat: Repeat::Once, credential, policy: Policy::DEFAULT }
    }

    /// Readings of a call, every 5 s, until it has ended.
    pub const fn watch(query: Query<'a>, credential: Credential<'a>) -> Self {
        let repeat = Repeat::Watch { every: 5_000, until: &[], lasts: u64::MAX };
        Self { query: Some(query), repeat, credential, policy: Policy::DEFAULT }
    }

    /// Only a token, which the session then holds: for a program that shares one between sessions.
    pub const fn sign_in(credential: Credential<'a>) -> Self {
        Self { query: None, repeat: Repeat::Once, credential, policy: Policy::DEFAULT }
    }

    /// Milliseconds between the readings of a watch.
    #[must_use]
    pub const fn every(mut self, interval: u64) -> Self {
        if let Repeat::Watch { every, .. } = &mut self.repeat {
            *every = interval;
        }
        self
    }

    /// States that end a watch besides `terminated`.
    #[must_use]
    pub const fn until(mut self, states: &'a [CallState]) -> Self {
        if let Repeat::Watch { until, .. } = &mut self.repeat {
            *until = states;
        }
        self
    }

    /// The most milliseconds that a watch lasts.
    #[must_use]
    pub const fn lasts(mut self, span: u64) -> Self {
        if let Repeat::Watch { lasts, .. } = &mut self.repeat {
            *lasts = span;
        }
        self
    }

    /// Another policy than the default one.
    #[must_use]
    pub const fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }
}
