//! Fetches a call and prints who called whom. Without an account: the service is a double on loopback,
//! reached through the real TCP, TLS, HTTP and JSON.
//!
//! `cargo run -p graph-call-std --example blocking`

use graph_call_std::credential::ClientCredentials;
use graph_call_std::graph_call::IdentitySet;
use graph_call_std::graph_call::model::capacity::Heap;
use graph_call_std::service::{CLIENT_ID, CLIENT_SECRET, P2P_CALL, Service, TENANT};
use graph_call_std::tls::{Roots, Trust};
use graph_call_std::{Client, Event};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let service = Service::start()?;
    let client = Client::builder()
        .credential(ClientCredentials::new(TENANT, CLIENT_ID, CLIENT_SECRET)?)
        // For the real service, these two lines go away.
        .trust(Trust::new(Roots::Only, service.ca_pem().as_bytes())?)
        .connect_to(service.address().to_string())
        .on_event(|event| {
            if let Event::Received { status, took, .. } = event {
                println!("status {status} after {took:?}");
            }
        })
        .build()?;

    let call = client.get_call(P2P_CALL)?.call;
    println!("{} is {}", call.id.as_str().unwrap_or("?"), call.state.as_str().unwrap_or("?"));
    let names = |who: Option<&IdentitySet<Heap>>| {
        let identities = who.map(|who| who.identities.iter()).into_iter().flatten();
        identities.filter_map(|identity| identity.display_name.as_str()).collect::<Vec<_>>().join(", ")
    };
    println!("from {}", names(call.source.get().and_then(|source| source.identity.get())));
    for target in call.targets.iter() {
        println!("to {}", names(target.identity.get()));
    }
    Ok(())
}
