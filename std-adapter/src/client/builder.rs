//! What a client needs to know before it starts, and the defaults of it.

use core::fmt;
use std::sync::Arc;

use graph_call::ParseOptions;
use graph_call::http::{ApiVersion, Cloud, Host, Limits, UserAgent};

use super::blocking::Client;
use super::engine::{Listener, Parts};
use super::settings::{Retry, Settings, Timeouts, refused};
use crate::clock::Clock;
use crate::credential::Credential;
use crate::error::Error;
use crate::event::Event;
use crate::net::proxy::{Proxies, authority, split_authority};
use crate::net::socket::Pace;
use crate::net::stack::Stack;
#[cfg(any(feature = "platform-verifier", feature = "webpki-roots"))]
use crate::net::tls::Roots;
use crate::net::tls::Trust;

/// The most content that is read of one answer, unless the caller knows better.
const CONTENT_BYTES_MAX: usize = 1024 * 1024;

/// The most connections of a client, unless the caller knows better.
const CONNECTIONS: usize = 8;

/// Gathers what a client needs; only the credential has no default.
///
/// ```
/// use graph_call_std::credential::FixedToken;
/// use graph_call_std::{Client, Cloud, Timeouts};
/// use core::time::Duration;
///
/// let client = Client::builder()
///     .credential(FixedToken::new("eyJ0eXAiOiJKV1QifQ.e30.c2ln")?)
///     .cloud(Cloud::UsGovL4)
///     .timeouts(Timeouts { whole: Duration::from_secs(20), ..Timeouts::DEFAULT })
///     .build()?;
/// # let _ = client;
/// # Ok::<(), graph_call_std::Error>(())
/// ```
#[must_use = "a builder does nothing until it builds"]
pub struct ClientBuilder {
    credential: Option<Box<dyn Credential + Send>>,
    cloud: Cloud,
    version: ApiVersion,
    user_agent: Option<String>,
    timeouts: Timeouts,
    retry: Retry,
    limits: Limits,
    parse_options: ParseOptions,
    trust: Option<Trust>,
    proxies: Option<Proxies>,
    place: Option<String>,
    danger_graph_host: Option<String>,
    danger_login_host: Option<String>,
    danger_plain_text: bool,
    connections: usize,
    tells_heads: bool,
    listener: Option<Listener>,
}

impl Client<Stack> {
    /// A builder; [`ClientBuilder::credential`] is all it needs.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }
}

impl ClientBuilder {
    pub(crate) fn new() -> Self {
        Self {
            credential: None,
            cloud: Cloud::Global,
            version: ApiVersion::V1,
            user_agent: None,
            timeouts: Timeouts::DEFAULT,
            retry: Retry::DEFAULT,
            limits: Limits { content_bytes: CONTENT_BYTES_MAX, ..Limits::DEFAULT },
            parse_options: ParseOptions::new(),
            trust: None,
            proxies: None,
            place: None,
            danger_graph_host: None,
            danger_login_host: None,
            danger_plain_text: false,
            connections: CONNECTIONS,
            tells_heads: false,
            listener: None,
        }
    }

    /// Where access tokens come from.
    pub fn credential(mut self, credential: impl Credential + Send + 'static) -> Self {
        self.credential = Some(Box::new(credential));
        self
    }

    /// The cloud whose hosts are asked, and get the token; the global one by default.
    pub fn cloud(mut self, cloud: Cloud) -> Self {
        self.cloud = cloud;
        self
    }

    /// The version of the API; v1.0 by default.
    pub fn version(mut self, version: ApiVersion) -> Self {
        self.version = version;
        self
    }

    /// What the program calls itself: `name/version`.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = Some(name.into());
        self
    }

    /// The time for each phase.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// How often a reading is tried, and how long the waits are.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// The most that is read of one answer; 1 MiB of content by default.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// How a call is read: strictly, and refusing what does not fit, by default.
    pub fn parse_options(mut self, options: ParseOptions) -> Self {
        self.parse_options = options;
        self
    }

    /// Whom to trust; by default the operating system's authorities, or Mozilla's where it has none.
    pub fn trust(mut self, trust: Trust) -> Self {
        self.trust = Some(trust);
        self
    }

    /// The proxies; by default those of the environment for the operating system's network, and none
    /// for another stack.
    pub fn proxies(mut self, proxies: Proxies) -> Self {
        self.proxies = Some(proxies);
        self
    }

    /// Finds every host at this `host:port`, without a proxy. It still has to prove the name that was
    /// asked for, so this is no danger to the token.
    pub fn connect_to(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into());
        self
    }

    /// Asks this `host[:port]` instead of the cloud's Graph host: **it is sent the access token**.
    pub fn danger_graph_host(mut self, host: impl Into<String>) -> Self {
        self.danger_graph_host = Some(host.into());
        self
    }

    /// Asks this `host[:port]` instead of the cloud's login host: **it is sent the client's secret**.
    pub fn danger_login_host(mut self, host: impl Into<String>) -> Self {
        self.danger_login_host = Some(host.into());
        self
    }

    /// Speaks without TLS: **everybody on the way reads the access token**. Only together with a host
    /// that was named as a danger already: a cloud's own hosts never get a token in clear.
    pub fn danger_plain_text(mut self) -> Self {
        self.danger_plain_text = true;
        self
    }

    /// The most connections to the Graph host at a time; 8 by default, and never none. Readings beyond wait for their
    /// turn, in the order in which they came.
    pub fn connections(mut self, connections: usize) -> Self {
        self.connections = connections.max(1);
        self
    }

    /// Tells `listener` of every step. It is called by one reading at a time, and has to return soon; it must not use
    /// the client.
    pub fn on_event(mut self, listener: impl FnMut(&Event<'_>) + Send + 'static) -> Self {
        self.listener = Some(Box::new(listener));
        self
    }

    /// Tells the listener the heads of requests and answers too, those of sign-ins among them: secrets are left out.
    pub fn tell_heads(mut self) -> Self {
        self.tells_heads = true;
        self
    }

    /// A client over the operating system's network.
    ///
    /// # Errors
    /// `Usage` when there is no credential, or when a part cannot be used.
    pub fn build(self) -> Result<Client<Stack>, Error> {
        let connect = self.timeouts.connect;
        let parts = self.with_system_proxies()?.settle()?;
        let make = move |clock: Arc<dyn Clock + Send + Sync>| {
            (Stack::new().with_connect_timeout(connect), Pace::system_by(clock))
        };
        Ok(Client::over_many(parts, Box::new(make)))
    }

    /// A client over any stack, waited for by `pace`.
    ///
    /// ```
    /// use graph_call_std::credential::FixedToken;
    /// use graph_call_std::socket::{Pace, ZeroRead};
    /// use graph_call_std::{Client, SystemClock};
    ///
    /// // smoltcp-nal would be `ZeroRead::NotYet`, with an idle hook that polls it.
    /// let pace = Pace::new(Box::new(SystemClock::new()), ZeroRead::Closed);
    /// let client = Client::builder()
    ///     .credential(FixedToken::new("eyJ0eXAiOiJKV1QifQ.e30.c2ln")?)
    ///     .build_over(std_embedded_nal::Stack::default(), pace)?;
    /// # let _ = client;
    /// # Ok::<(), graph_call_std::Error>(())
    /// ```
    ///
    /// The stack is one: readings from several threads take turns.
    ///
    /// # Errors
    /// `Usage` when there is no credential, or when a part cannot be used.
    pub fn build_over<S>(self, stack: S, pace: Pace<S>) -> Result<Client<S>, Error>
    where
        S: embedded_nal::TcpClientStack + embedded_nal::Dns,
    {
        Ok(Client::over_one(self.settle()?, stack, pace))
    }

    /// The proxies of the environment, unless others were named.
    pub(crate) fn with_system_proxies(mut self) -> Result<Self, Error> {
        if self.proxies.is_none() {
            self.proxies = Some(Proxies::from_env()?);
        }
        Ok(self)
    }

    /// Checks everything once, so that no request is half made.
    pub(crate) fn settle(self) -> Result<Parts, Error> {
        let credential = self.credential.ok_or_else(|| Error::usage("a client needs a credential"))?;
        let user_agent = self.user_agent.unwrap_or_else(|| UserAgent::DEFAULT.as_str().to_owned());
        UserAgent::new(&user_agent).map_err(refused)?;
        if self.danger_plain_text && self.danger_graph_host.is_none() {
            return Err(Error::usage("a cloud's own host is never asked without TLS"));
        }
        let default_port = if self.danger_plain_text { 80 } else { 443 };
        let place = |text: &str| match split_authority(text, default_port) {
            Some((host, port)) => Ok((host.to_owned(), port)),
            None => Err(Error::usage("the host is not host[:port]").at(text)),
        };
        // The job takes a host without a port for one with TLS.
        let danger_host = |text: Option<String>| match text {
            None => Ok(None),
            Some(text) => {
                Host::new(&text).map_err(refused)?;
                let (host, port) = place(&text)?;
                Ok(Some(if self.danger_plain_text { authority(&host, port) } else { text }))
            }
        };
        let trust = match self.trust {
            _ if self.danger_plain_text => None,
            Some(trust) => Some(trust),
            None => Some(default_trust()?),
        };
        let settings = Settings {
            cloud: self.cloud,
            version: self.version,
            user_agent,
            danger_graph_host: danger_host(self.danger_graph_host)?,
            danger_login_host: danger_host(self.danger_login_host)?,
            place: self.place.as_deref().map(place).transpose()?,
            trust,
            proxies: self.proxies.unwrap_or_default(),
            timeouts: self.timeouts,
            policy: Settings::policy(&self.timeouts, &self.retry),
            limits: self.limits,
            parse_options: self.parse_options,
            connections: self.connections,
            tells_heads: self.tells_heads && self.listener.is_some(),
        };
        Ok(Parts { settings, credential, listener: self.listener })
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("cloud", &self.cloud)
            .field("version", &self.version)
            .field("timeouts", &self.timeouts)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}

/// The operating system's authorities; where it has none, as in a small container, Mozilla's.
#[cfg(all(feature = "platform-verifier", feature = "webpki-roots"))]
fn default_trust() -> Result<Trust, Error> {
    Trust::new(Roots::Platform, &[]).or_else(|_| Trust::new(Roots::WebPki, &[]))
}

#[cfg(all(feature = "platform-verifier", not(feature = "webpki-roots")))]
fn default_trust() -> Result<Trust, Error> {
    Trust::new(Roots::Platform, &[])
}

#[cfg(all(feature = "webpki-roots", not(feature = "platform-verifier")))]
fn default_trust() -> Result<Trust, Error> {
    Trust::new(Roots::WebPki, &[])
}

#[cfg(not(any(feature = "platform-verifier", feature = "webpki-roots")))]
fn default_trust() -> Result<Trust, Error> {
    Err(Error::usage("nobody is trusted: name a certificate authority"))
}
