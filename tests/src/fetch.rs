//! Our client towards a service, with deadlines that a test can wait for.

use core::time::Duration;
use graph_call::Call;
use graph_call_std::credential::FixedToken;
use graph_call_std::proxy::Proxies;
use graph_call_std::service::Service;
use graph_call_std::tls::{Roots, Trust};
use graph_call_std::{Client, ClientBuilder, Error, Retry, Stack, Timeouts};
use std::net::SocketAddr;
use std::thread;

/// Deadlines of loopback: long enough for a busy machine, short enough to be met in a test.
pub const QUICK: Timeouts = Timeouts {
    connect: Duration::from_millis(1500),
    first_byte: Duration::from_millis(1500),
    answer: Duration::from_millis(1500),
    whole: Duration::from_millis(5000),
    ..Timeouts::DEFAULT
};

/// Deadlines for many clients side by side on few cores.
pub const PATIENT: Timeouts = Timeouts::DEFAULT;

/// A client of this service that fails at once: quick deadlines, no retries.
///
/// # Errors
/// Those of the parts.
pub fn of(service: &Service) -> Result<ClientBuilder, Error> {
    Ok(of_name(service)?.connect_to(service.address().to_string()))
}

/// The same, for a stack that finds the service by the name of the cloud's host.
///
/// # Errors
/// Those of the parts.
pub fn of_name(service: &Service) -> Result<ClientBuilder, Error> {
    Ok(trusting(service.ca_pem())?.credential(FixedToken::new(service.access_token())?))
}

/// The same for any server at this address whose certificate comes from this one, in PEM; the credential
/// is missing.
///
/// # Errors
/// Those of the parts.
pub fn at(address: SocketAddr, trusted: &str) -> Result<ClientBuilder, Error> {
    Ok(trusting(trusted)?.connect_to(address.to_string()))
}

fn trusting(trusted: &str) -> Result<ClientBuilder, Error> {
    Ok(Client::builder()
        .trust(Trust::new(Roots::Only, trusted.as_bytes())?)
        .proxies(Proxies::default())
        .timeouts(QUICK)
        .retry(Retry { retries: 0, ..Retry::DEFAULT }))
}

/// Fetches a call into the place of an older one.
///
/// # Errors
/// Those of the client.
pub fn get(client: &mut Client<Stack>, id: &str, call: &mut Call) -> Result<(), Error> {
    client.get_call_into(id, call).map(drop)
}

/// Runs so many workers, each on its own thread: most of their time is waiting.
///
/// # Errors
/// The first one of a worker.
pub fn side_by_side(
    workers: usize,
    work: impl Fn(usize) -> Result<(), Box<dyn std::error::Error>> + Sync,
) -> Result<(), Box<dyn std::error::Error>> {
    // An error of any kind cannot leave its thread; its text can.
    let work = &|worker| work(worker).map_err(|error| error.to_string());
    thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|worker| scope.spawn(move || work(worker))).collect();
        workers.into_iter().try_for_each(|worker| Ok(worker.join().map_err(|_| "a worker panicked")??))
    })
}
