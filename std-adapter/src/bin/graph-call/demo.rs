//! `graph-call demo`: the whole way of two calls, on one machine.

use core::time::Duration;
use std::io::Write as _;

use graph_call_std::credential::ClientCredentials;
use graph_call_std::graph_call::HeapCall;
use graph_call_std::proxy::Proxies;
use graph_call_std::service::{CLIENT_ID, CLIENT_SECRET, GROUP_CALL, P2P_CALL, Service, TENANT};
use graph_call_std::tls::{Roots, Trust};
use graph_call_std::{Class, Client, Error};

use crate::arguments::Demo;
use crate::failure::Failure;
use crate::get;
use crate::progress::{Progress, end_on_interrupt};
use crate::terminal::Output;

/// Longer than any demo lasts.
const LIFETIME: Duration = Duration::from_secs(120);

pub(crate) fn run(arguments: &Demo) -> Result<(), Failure> {
    end_on_interrupt();
    let service = Service::builder()
        .lifetime(LIFETIME)
        .start()
        .map_err(|error| Failure::Told(Class::Other, Some(format!("no service on 127.0.0.1: {error}"))))?;
    let host = format!("localhost:{}", service.address().port());
    let client = client(&service, &host, arguments.verbose).map_err(told)?;

    let mut output = Output::stdout();
    let (dim, reset) = (output.style.dim(), output.style.reset());
    if !arguments.json {
        writeln!(
            output.writer,
            "{dim}Loopback Graph service at https://{host}; signing in at its token endpoint.{reset}"
        )?;
    }
    for id in [P2P_CALL, GROUP_CALL] {
        let fetched = client.get_call_as::<HeapCall>(id).map_err(told)?;
        if !arguments.json {
            writeln!(
                output.writer,
                "\n{dim}GET https://{host}/v1.0/communications/calls/{id} -> status {}{reset}",
                fetched.head.status
            )?;
        }
        get::print(&mut output, &fetched.call, arguments.json)?;
    }
    Ok(())
}

fn client(service: &Service, host: &str, verbose: bool) -> Result<Client, Error> {
    let mut progress = Progress::new(verbose);
    Client::builder()
        .credential(ClientCredentials::new(TENANT, CLIENT_ID, CLIENT_SECRET)?)
        .danger_graph_host(host)
        .danger_login_host(host)
        .proxies(Proxies::none())
        .trust(Trust::new(Roots::Only, service.ca_pem().as_bytes())?)
        .on_event(move |event| progress.tell(event))
        .build()
}

fn told(error: Error) -> Failure {
    Failure::Told(error.class(), Some(error.to_string()))
}
