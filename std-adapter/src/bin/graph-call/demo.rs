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
use crate::ask;
use crate::failure::Failure;
use crate::look::Printer;
use crate::progress::end_on_interrupt;
use crate::terminal::Output;

/// Longer than any demo lasts.
const LIFETIME: Duration = Duration::from_secs(120);

pub(crate) fn run(arguments: &Demo) -> Result<(), Failure> {
    end_on_interrupt();
    let is_told = arguments.look.is_page();
    let service = Service::builder()
        .lifetime(LIFETIME)
        .start()
        .map_err(|error| Failure::Told(Class::Other, Some(format!("no service on 127.0.0.1: {error}"))))?;
    let host = format!("localhost:{}", service.address().port());
    let client = client(&service, &host).map_err(told)?;

    let mut printer = Printer::new(&arguments.look, P2P_CALL.len(), false);
    let Output { writer, style } = &mut printer.output;
    let (dim, reset) = (style.dim(), style.reset());
    if is_told {
        writeln!(
            writer,
            "{dim}Loopback Graph service at https://{host}; signing in at its token endpoint.{reset}"
        )?;
    }
    for id in [P2P_CALL, GROUP_CALL] {
        let fetched = client.get_call_as::<HeapCall>(id).map_err(told)?;
        if is_told {
            writeln!(
                printer.output.writer,
                "\n{dim}GET https://{host}/v1.0/communications/calls/{id} -> status {}{reset}",
                fetched.head.status
            )?;
        }
        printer.change(&fetched.call, &[])?;
    }
    Ok(())
}

fn client(service: &Service, host: &str) -> Result<Client, Error> {
    let client = Client::builder()
        .credential(ClientCredentials::new(TENANT, CLIENT_ID, CLIENT_SECRET)?)
        .danger_graph_host(host)
        .danger_login_host(host)
        .proxies(Proxies::none())
        .trust(Trust::new(Roots::Only, service.ca_pem().as_bytes())?);
    ask::told(client).build()
}

fn told(error: Error) -> Failure {
    Failure::Told(error.class(), Some(error.to_string()))
}
