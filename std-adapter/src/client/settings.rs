//! What the builder settled: checked once, and the same for every reading of both clients.

use core::time::Duration;

use graph_call::ParseOptions;
use graph_call::http::{ApiVersion, CallId, Cloud, Host, Limits, RequestError, UserAgent};
use graph_call::job::{self, Peer, Policy};

use super::query::Query;
use super::record::Wants;
use crate::error::Error;
use crate::net::connection::Route;
use crate::net::proxy::Proxies;
use crate::net::tls::Trust;

/// The time given to each phase of a reading; none of them is endless, and what comes piece by piece lengthens none.
///
/// ```
/// use core::time::Duration;
/// use graph_call_std::Timeouts;
///
/// let patient = Timeouts { first_byte: Duration::from_secs(60), ..Timeouts::DEFAULT };
/// assert_eq!(patient.connect, Duration::from_secs(20));
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Timeouts {
    /// From a host name to a connection, a proxy's tunnel and the TLS handshake included.
    pub connect: Duration,
    /// To hand over the whole request.
    pub send: Duration,
    /// From the end of the request to the first byte of its answer.
    pub first_byte: Duration,
    /// From the first byte of the answer to the last.
    pub answer: Duration,
    /// The whole reading: its turn among others, the access token, all attempts, and the waits between them.
    pub whole: Duration,
}

/// How often a reading is tried, and how long the waits between may be.
///
/// What is tried again is not for the caller to say: what a second attempt may mend, and nothing else.
///
/// ```
/// use graph_call_std::Retry;
///
/// assert_eq!(Retry::DEFAULT.retries, 3);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Retry {
    /// Attempts after the first one.
    pub retries: u8,
    /// The wait before the first retry; it doubles for each further one.
    pub first_wait: Duration,
    /// The shortest wait, whatever the service asks for.
    pub wait_min: Duration,
    /// The longest wait; a service that asks for more is not waited for.
    pub wait_max: Duration,
    /// The most that chance adds to a wait, so that many clients do not return together.
    pub jitter: Duration,
}

impl Timeouts {
    /// 20 s to connect, 15 s to send, 30 s to the first byte, 30 s to the last, 100 s for the whole.
    pub const DEFAULT: Self = Self {
        connect: Duration::from_millis(Policy::DEFAULT.connect),
        send: Duration::from_millis(Policy::DEFAULT.send),
        first_byte: Duration::from_millis(Policy::DEFAULT.first_byte),
        answer: Duration::from_millis(Policy::DEFAULT.answer),
        whole: Duration::from_millis(Policy::DEFAULT.reading),
    };
}

impl Default for Timeouts {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Retry {
    /// Three retries, after 3, 6 and 12 s and up to a second more; no wait beyond 180 s.
    pub const DEFAULT: Self = Self {
        retries: Policy::DEFAULT.attempts - 1,
        first_wait: Duration::from_millis(Policy::DEFAULT.wait_first),
        wait_min: Duration::from_millis(Policy::DEFAULT.wait_min),
        wait_max: Duration::from_millis(Policy::DEFAULT.wait_max),
        jitter: Duration::from_millis(Policy::DEFAULT.jitter),
    };
}

impl Default for Retry {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// What was settled.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) cloud: Cloud,
    pub(crate) version: ApiVersion,
    pub(crate) user_agent: String,
    pub(crate) danger_graph_host: Option<String>,
    pub(crate) danger_login_host: Option<String>,
    /// Where every host is found.
    pub(crate) place: Option<(String, u16)>,
    /// `None` is plain text.
    pub(crate) trust: Option<Trust>,
    pub(crate) proxies: Proxies,
    pub(crate) timeouts: Timeouts,
    pub(crate) policy: Policy,
    pub(crate) limits: Limits,
    pub(crate) parse_options: ParseOptions,
    pub(crate) connections: usize,
    /// Whether the listener is told the heads.
    pub(crate) tells_heads: bool,
}

impl Settings {
    /// The numbers of a job.
    pub(crate) fn policy(timeouts: &Timeouts, retry: &Retry) -> Policy {
        Policy {
            attempts: retry.retries.saturating_add(1),
            wait_first: milliseconds(retry.first_wait),
            wait_min: milliseconds(retry.wait_min),
            wait_max: milliseconds(retry.wait_max),
            jitter: milliseconds(retry.jitter),
            connect: milliseconds(timeouts.connect),
            send: milliseconds(timeouts.send),
            first_byte: milliseconds(timeouts.first_byte),
            answer: milliseconds(timeouts.answer),
            // A sign-in has attempts and waits of its own, within the time of the reading.
            token: milliseconds(timeouts.whole),
            reading: milliseconds(timeouts.whole),
            ..Policy::DEFAULT
        }
    }

    /// What is asked for, every part of it checked.
    pub(crate) fn query<'a>(&'a self, query: &Query<'a>) -> Result<job::Query<'a>, Error> {
        let host = self.danger_graph_host.as_deref();
        Ok(job::Query {
            select: query.select,
            expand: query.expand,
            version: query.version.unwrap_or(self.version),
            cloud: self.cloud,
            danger_host: host.map(Host::new).transpose().map_err(refused)?,
            user_agent: UserAgent::new(&self.user_agent).map_err(refused)?,
            was_seen: query.was_seen,
            ..job::Query::new(CallId::new(query.id).map_err(refused)?)
        })
    }

    /// The cloud whose host gets the token; `None` where that is a host of the caller's own, who knows what it wants.
    pub(crate) fn token_cloud(&self) -> Option<Cloud> {
        self.danger_graph_host.is_none().then_some(self.cloud)
    }

    /// The login host that is asked in the place of the cloud's.
    pub(crate) fn login_host(&self) -> Result<Option<Host<'_>>, Error> {
        self.danger_login_host.as_deref().map(Host::new).transpose().map_err(refused)
    }

    /// What of every exchange is wanted.
    pub(crate) fn wants(&self) -> Wants {
        Wants { heads: self.tells_heads, content: false }
    }

    /// The way to a peer.
    pub(crate) fn route<'a>(&'a self, peer: Peer<'a>, is_sign_in: bool) -> Result<Route<'a>, Error> {
        let Peer { host, port, is_plain } = peer;
        if self.trust.is_none() && is_sign_in && !is_plain && self.danger_login_host.is_none() {
            return Err(Error::usage("a cloud's login host is never asked without TLS"));
        }
        Ok(Route {
            host,
            port,
            place: self.place.as_ref().map(|(host, port)| (host.as_str(), *port)),
            // An endpoint without TLS is on the machine itself.
            proxy: self.proxies.proxy_for(host, port).filter(|_| !is_plain),
            trust: self.trust.as_ref().filter(|_| !is_plain),
        })
    }
}

/// A part of a request that cannot be sent.
pub(crate) fn refused(error: RequestError) -> Error {
    Error::usage(error.to_string()).caused_by(error)
}

/// A span in the milliseconds of a job; one that is too long for them is endless.
pub(crate) fn milliseconds(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}
