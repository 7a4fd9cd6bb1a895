//! What passes over a connection: the content as it came, and heads that show no secret, of both clients.

use graph_call_std::credential::{ClientCredentials, FixedToken};
use graph_call_std::service::{self, Fault, Service, TENANT};
use graph_call_std::tls::{Roots, Trust};
use graph_call_std::{Client, ClientBuilder, Error, Event, Retry};
use std::error::Error as StdError;
use std::sync::{Arc, Mutex};

type Outcome = Result<(), Box<dyn StdError>>;

const TOKEN: &str = "eyJ0eXAiOiJKV1QifQ.e30.canary";
const SECRET: &str = "canary~secret";

fn service() -> service::Builder {
    Service::builder().accept_access_token(TOKEN).client("app", SECRET)
}

fn builder(service: &Service) -> Result<ClientBuilder, Error> {
    Ok(Client::builder()
        .credential(FixedToken::new(TOKEN)?)
        .trust(Trust::new(Roots::Only, service.ca_pem().as_bytes())?)
        .connect_to(service.address().to_string())
        .retry(Retry { retries: 0, ..Retry::DEFAULT }))
}

fn run<T>(future: impl Future<Output = T> + Send) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(future)
}

/// Whether a call came of it, and the content.
type Came = (bool, Option<Vec<u8>>);

/// What came of it by each client.
fn contents(service: &Service, id: &str) -> Result<[Came; 2], Error> {
    let (fetched, content) = builder(service)?.build()?.get_call_with_content(id);
    let client = builder(service)?.build_async()?;
    let (awaited, other) = run(client.get_call_with_content(id));
    Ok([(fetched.is_ok(), content), (awaited.is_ok(), other)])
}

#[test]
fn the_content_is_what_the_service_sent() -> Outcome {
    let plain = br#"{ "id" : "plain", "new" : [1.0] }"#;
    let service = service().call("plain", plain.as_slice()).start()?;
    let both = contents(&service, "plain")?;
    assert_eq!(both, [(true, Some(plain.to_vec())), (true, Some(plain.to_vec()))]);
    for (id, is_call, begins, ends) in [
        ("fault.chunked.1.7", true, "{", "}"),
        ("fault.until-close", true, "{", "}"),
        ("fault.html", false, "<", "</html>"),
        ("fault.no-content", false, "", ""),
        ("fault.status.500", false, "{\"error\":", "}"),
        ("no-such-call", false, "{\"error\":", "}"),
    ] {
        for (was_call, content) in contents(&service, id)? {
            let content = String::from_utf8(content.ok_or("no answer")?)?;
            assert_eq!(was_call, is_call, "{id}");
            assert!(content.starts_with(begins) && content.trim_end().ends_with(ends), "{id}: {content}");
        }
    }
    for (_, content) in contents(&service, "fault.cut.700")? {
        let content = content.ok_or("no answer")?;
        assert!(!content.is_empty() && content.len() < 700, "half of it: {}", content.len());
    }
    let nobody = builder(&service)?;
    drop(service);
    let (fetched, content) = nobody.build()?.get_call_with_content("1");
    assert!(fetched.is_err() && content.is_none(), "nobody answered");
    Ok(())
}

/// The heads that a client has told.
type Heads = Arc<Mutex<Vec<String>>>;

/// A client that signs in, and what it tells.
fn listening(service: &Service, tells_heads: bool) -> Result<(ClientBuilder, Heads), Error> {
    let heads = Heads::default();
    let told = Arc::clone(&heads);
    let builder =
        builder(service)?.credential(ClientCredentials::new(TENANT, "app", SECRET)?).on_event(move |event| {
            match event {
                Event::RequestHead { lines } | Event::AnswerHead { lines } => {
                    told.lock().expect("no panic").push((*lines).to_owned());
                }
                _ => {}
            }
        });
    Ok((if tells_heads { builder.tell_heads() } else { builder }, heads))
}

#[test]
fn heads_are_told_when_asked_for_in_their_order() -> Outcome {
    let service = service().start()?;
    for tells_heads in [false, true] {
        let (client, heads) = listening(&service, tells_heads)?;
        let client = client.build_async()?;
        let fetched = run(client.get_call("no-such-call"));
        assert!(fetched.is_err_and(|error| error.is_no_such_call()));
        let heads = heads.lock().map_err(|_| "a panic")?;
        let first: Vec<&str> = heads.iter().filter_map(|head| head.lines().next()).collect();
        let sign_in = format!("POST /{TENANT}/oauth2/v2.0/token HTTP/1.1");
        let all = [
            &sign_in,
            "HTTP/1.1 200 OK",
            "GET /v1.0/communications/calls/no-such-call HTTP/1.1",
            "HTTP/1.1 404 Not Found",
        ];
        assert_eq!(first, if tells_heads { &all[..] } else { &[] });
    }
    Ok(())
}

#[test]
fn no_head_shows_a_secret_whatever_a_host_quotes() -> Outcome {
    let service = service().start()?;
    let reflections = Fault::EXAMPLES.iter().filter(|name| name.starts_with("reflect."));
    let mut hidden = 0;
    for name in reflections {
        for is_sign_in in [false, true] {
            if is_sign_in {
                service.order_login(name.parse()?);
            } else {
                service.order(name.parse()?);
            }
            let (client, heads) = listening(&service, true)?;
            let _ = client.build()?.get_call(service::P2P_CALL);
            service.clear_orders();
            let told = heads.lock().map_err(|_| "a panic")?.concat();
            let received = service.received();
            let token = received.iter().rev().find_map(|received| received.access_token());
            for secret in [SECRET, "canary%7Esecret", token.unwrap_or(TOKEN)] {
                assert!(!told.contains(secret), "{name}: {told}");
            }
            // Beside the token of each request to the service.
            hidden += told.matches("[hidden]").count() - told.matches("Authorization: [hidden]").count();
        }
    }
    assert!(hidden > 0, "some host has quoted a secret in its head");
    Ok(())
}
