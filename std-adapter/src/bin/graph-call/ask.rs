//! From the command line to a client and its queries.

use core::time::Duration;
use std::net::IpAddr;

use graph_call_std::graph_call::http::{ApiVersion, Host};
use graph_call_std::proxy::Proxies;
use graph_call_std::tls::{Roots, Trust};
use graph_call_std::{Class, Client, ClientBuilder, Error, Query, Retry, Timeouts};

use crate::arguments::{Access, Ask, Place};
use crate::escape::Escaped;
use crate::failure::Failure;
use crate::loud::Loud;
use crate::report::unsent;
use crate::{input, progress, sign_in, terminal};

/// The time of one reading, where the command line has no option for it.
pub(crate) const WHOLE: Duration = Timeouts::DEFAULT.whole;

/// A client as the command line describes it, which gives up a call after `whole`.
pub(crate) fn client(ask: &Ask, access: &Access, whole: Duration) -> Result<ClientBuilder, Failure> {
    let client = told(reach(&ask.place, access, whole)?).parse_options(ask.required.options());
    let found = sign_in::credential(&access.sign_in, ask.place.of_cloud(), whole)?;
    if Loud::get().tells_steps() {
        terminal::step(&format!("the access token is from {}", found.origin), Vec::new());
    }
    Ok(client.credential(found.credential))
}

/// The way to the service, without a credential.
pub(crate) fn reach(place: &Place, access: &Access, whole: Duration) -> Result<ClientBuilder, Failure> {
    let Access { connect_timeout: connect, read_timeout, .. } = *access;
    let mut client = builder(place)?
        .timeouts(Timeouts {
            connect,
            first_byte: read_timeout,
            answer: read_timeout,
            whole,
            ..Timeouts::DEFAULT
        })
        .retry(Retry { retries: access.retries, ..Retry::DEFAULT });
    if let Some(file) = &access.ca {
        let name = file.display().to_string();
        let pem = input::read(file, Class::Usage)?;
        if pem.trim_ascii().is_empty() {
            return Err(usage(&format!("{name} is empty, where a CA certificate was expected")));
        }
        let trust = Trust::new(Roots::Platform, &pem);
        client = client.trust(trust.map_err(|error| usage(&format!("{name}: {}", unsent(&error))))?);
    }
    Ok(client)
}

/// The same, which tells what happens as far as that is wanted.
pub(crate) fn told(client: ClientBuilder) -> ClientBuilder {
    let client = client.on_event(progress::tell);
    if Loud::get().tells_heads() { client.tell_heads() } else { client }
}

/// The client that is described.
pub(crate) fn build(client: ClientBuilder) -> Result<Client, Failure> {
    client.build().map_err(|error| usage(&unsent(&error)))
}

fn builder(place: &Place) -> Result<ClientBuilder, Failure> {
    let client = Client::builder().cloud(place.cloud);
    let Some(host) = &place.host else { return Ok(client) };
    // The command line lets --host pass only together with --danger-trust-host; a file does not see to that.
    if !place.danger_trust_host {
        return Err(usage("a host of one's own needs danger-trust-host as well"));
    }
    Host::new(host).map_err(|error| usage(&format!("--host: {error}; it is HOST or HOST:PORT, no URL")))?;
    let client = client.danger_graph_host(host).danger_login_host(host);
    // No proxy leads to this machine's own loopback.
    Ok(if is_loopback(host) { client.proxies(Proxies::none()) } else { client })
}

/// The proxy on the way, as the environment names it.
pub(crate) fn proxy(place: &Place) -> Option<String> {
    let host = place.graph_host();
    let (name, port) = host.rsplit_once(':').unwrap_or((host, "443"));
    let proxies = Proxies::from_env().ok().filter(|_| !is_loopback(host))?;
    proxies.proxy_for(name, port.parse().ok()?).map(ToString::to_string)
}

fn is_loopback(host: &str) -> bool {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    name.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

/// The query for a call.
pub(crate) fn query<'a>(id: &'a str, ask: &'a Ask) -> Query<'a> {
    Query::new(id).version(version(ask)).select(&ask.select).expand(&ask.expand)
}

pub(crate) fn version(ask: &Ask) -> ApiVersion {
    if ask.beta { ApiVersion::Beta } else { ApiVersion::V1 }
}

fn usage(text: &str) -> Failure {
    Failure::Told(Class::Usage, Some(Escaped(text).to_string()))
}

/// The class of several failures: the one with the highest exit code.
pub(crate) fn worse(class: Option<Class>, error: &Error) -> Option<Class> {
    class.into_iter().chain([error.class()]).max_by_key(|class| class.exit_code())
}
