//! From the command line to a client and its queries.

use std::fs;
use std::io::{self, Write as _};
use std::net::IpAddr;

use graph_call_std::graph_call::http::{ApiVersion, Host};
use graph_call_std::proxy::Proxies;
use graph_call_std::tls::{Roots, Trust};
use graph_call_std::{Class, Client, ClientBuilder, Error, Query, Retry, Timeouts};

use crate::arguments::{Access, Ask};
use crate::escape::Escaped;
use crate::failure::Failure;
use crate::progress::Progress;
use crate::sign_in;

/// A client as the command line describes it.
pub(crate) fn client(ask: &Ask, access: &Access) -> Result<Client, Failure> {
    let mut progress = Progress::new(access.verbose);
    let mut client = builder(ask)?
        .timeouts(Timeouts { whole: access.timeout, ..Timeouts::DEFAULT })
        .retry(Retry { retries: access.retries, ..Retry::DEFAULT })
        .on_event(move |event| progress.tell(event));
    if let Some(file) = &access.ca {
        let name = file.display().to_string();
        let pem = fs::read(file).map_err(|error| Failure::file(Class::Usage, &name, &error))?;
        if pem.trim_ascii().is_empty() {
            return Err(usage(&format!("{name} is empty, where a CA certificate was expected")));
        }
        let trust = Trust::new(Roots::Platform, &pem);
        client = client.trust(trust.map_err(|error| usage(&format!("{name}: {}", unsent(&error))))?);
    }
    let found = sign_in::credential(&access.sign_in, ask.of_cloud())?;
    if access.verbose {
        let _ = writeln!(io::stderr(), "* the access token is from {}", Escaped(&found.origin));
    }
    client.credential(found.credential).build().map_err(|error| usage(&unsent(&error)))
}

fn builder(ask: &Ask) -> Result<ClientBuilder, Failure> {
    let client = Client::builder().cloud(ask.cloud);
    let Some(host) = &ask.host else { return Ok(client) };
    // The command line lets --host pass only together with --danger-trust-host.
    Host::new(host).map_err(|error| usage(&format!("--host: {error}; it is HOST or HOST:PORT, no URL")))?;
    let client = client.danger_graph_host(host).danger_login_host(host);
    // No proxy leads to this machine's own loopback.
    Ok(if is_loopback(host) { client.proxies(Proxies::none()) } else { client })
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

/// What is wrong before anything was sent, which goes without saying.
pub(crate) fn unsent(error: &Error) -> String {
    let text = error.to_string();
    text.strip_prefix("prepare: ").map(str::to_owned).unwrap_or(text)
}

fn usage(text: &str) -> Failure {
    Failure::Told(Class::Usage, Some(Escaped(text).to_string()))
}

/// The class of several failures: the one with the highest exit code.
pub(crate) fn worse(class: Option<Class>, error: &Error) -> Option<Class> {
    class.into_iter().chain([error.class()]).max_by_key(|class| class.exit_code())
}
