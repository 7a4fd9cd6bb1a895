//! Canaries: no access token and no client secret in what the library shows, whatever goes wrong.

use graph_call::Call;
use graph_call_std::ClientBuilder;
use graph_call_std::credential::{ClientCredentials, FixedToken};
use graph_call_std::service::{CertificateKind, Fault, P2P_CALL, Service, TENANT, WireFault};
use graph_call_tests::fetch;
use std::error::Error;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

type Outcome = Result<(), Box<dyn Error>>;

const TOKEN: &str = "canary-token-5f0c9a";
const SECRET: &str = "canary-secret-1d77e2";

/// An error and all of its causes, as shown and as debugged.
fn everything(error: &dyn Error) -> String {
    let mut text = String::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let _ = write!(text, "{error}\n{error:?}\n{error:#?}\n");
        next = error.source();
    }
    text
}

#[test]
fn no_event_no_error_and_no_debug_output_shows_a_secret() -> Outcome {
    let shown = Arc::new(Mutex::new(String::new()));
    let service = Service::builder().accept_access_token(TOKEN).client("app", SECRET).start()?;
    let listener = || {
        let shown = Arc::clone(&shown);
        move |event: &graph_call_std::Event<'_>| {
            if let Ok(mut shown) = shown.lock() {
                let _ = write!(shown, "{event:?}\n{event:#?}\n");
            }
        }
    };
    let client = || fetch::at(service.address(), service.ca_pem());
    let fixed = || Ok(client()?.credential(FixedToken::new(TOKEN)?));
    let logging_in = || Ok(client()?.credential(ClientCredentials::new(TENANT, "app", SECRET)?));
    for builder in [&fixed as &dyn Fn() -> Result<ClientBuilder, graph_call_std::Error>, &logging_in] {
        let again = builder()?;
        let builder = builder()?;
        let mut text = format!("{builder:?}");
        let mut client = builder.on_event(listener()).build()?;
        let mut call = Call::new();
        // Those that take long, and those that are not kept from being shown yet.
        let left_out =
            |name: &str| ["stall", "slow", "drip", "reflect"].iter().any(|kind| name.starts_with(kind));
        for name in Fault::EXAMPLES.iter().filter(|name| !left_out(name)) {
            for fault in [name.parse::<Fault>()?, Fault::Status(500)] {
                service.order(fault.clone());
                service.order_login(fault);
                if let Err(error) = fetch::get(&mut client, P2P_CALL, &mut call) {
                    text += &everything(&error);
                }
                service.clear_orders();
            }
            let _ = write!(text, "{client:?} {client:#?}");
        }
        client.disconnect();
        service.order_wire(WireFault::Cut { after: 50 });
        if let Err(error) = fetch::get(&mut client, P2P_CALL, &mut call) {
            text += &everything(&error);
        }
        service.clear_orders();
        // What the login host has refused is not posted again: another client signs in.
        fetch::get(&mut again.on_event(listener()).build()?, P2P_CALL, &mut call)?;
        let issued = service
            .received()
            .iter()
            .filter_map(|received| received.access_token().map(str::to_owned))
            .collect::<Vec<_>>();
        assert!(!issued.is_empty());
        text += &shown.lock().map_err(|_| "poisoned")?;
        assert!(text.contains("client_request_id"), "nothing was shown at all");
        for secret in issued.iter().map(String::as_str).chain([TOKEN, SECRET]) {
            assert!(!text.contains(secret), "a secret is shown: {}", around(&text, secret));
        }
    }
    Ok(())
}

fn around<'a>(text: &'a str, secret: &str) -> &'a str {
    let at = text.find(secret).unwrap_or(0);
    let from = text[..at].char_indices().rev().nth(80).map_or(0, |(index, _)| index);
    &text[from..at]
}

#[test]
fn a_service_that_is_not_trusted_makes_nothing_show() -> Outcome {
    let service = Service::builder().certificate(CertificateKind::WrongName).start()?;
    let credential = ClientCredentials::new(TENANT, "app", SECRET)?;
    let mut client = fetch::at(service.address(), service.ca_pem())?.credential(credential).build()?;
    let error = fetch::get(&mut client, P2P_CALL, &mut Call::new()).err().ok_or("a call was given")?;
    assert!(!everything(&error).contains("canary"));
    Ok(())
}
