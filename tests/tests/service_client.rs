//! The client and the service, over real sockets and real TLS.

use graph_call::Call;
use graph_call::http::{ApiVersion, ExpandMember, SelectMember};
use graph_call_std::credential::{ClientCredentials, FixedToken};
use graph_call_std::service::{
    CLIENT_ID, CLIENT_SECRET, CertificateKind, Fault, GROUP_CALL, P2P_CALL, Service, TENANT,
};
use graph_call_std::{Class, Client, Error, ErrorKind, Phase, Query, Retry, Stack, Timeouts};
use graph_call_tests::fetch::{self, QUICK};
use std::time::Duration;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

graph_call::capacities! {
    /// Room for what is expanded: of each relationship two elements.
    Relationships { text: 64, uri: 128, secret: 128, word: 48, expand: 2 }
}

type Expanded = Call<Relationships>;

/// Retries that a test can wait for.
const EAGER: Retry = Retry {
    retries: 3,
    first_wait: Duration::from_millis(1),
    wait_min: Duration::ZERO,
    wait_max: Duration::from_secs(2),
    jitter: Duration::ZERO,
};

fn logged_in(service: &Service) -> Result<Client<Stack>> {
    let credential = ClientCredentials::new(TENANT, CLIENT_ID, CLIENT_SECRET)?;
    Ok(fetch::at(service.address(), service.ca_pem())?.credential(credential).build()?)
}

fn refused(client: &mut Client<Stack>, id: &str) -> Result<Error> {
    Ok(fetch::get(client, id, &mut Call::new()).err().ok_or("a call was given")?)
}

#[test]
fn both_calls_come_over_one_connection_with_a_token_of_the_endpoint() -> Result<()> {
    for builder in [Service::builder().only_tls12(), Service::builder().only_tls13()] {
        let service = builder.start()?;
        let mut client = logged_in(&service)?;
        let mut call = Call::new();
        for id in [P2P_CALL, GROUP_CALL, P2P_CALL] {
            fetch::get(&mut client, id, &mut call)?;
            assert_eq!(call.id.as_str(), Some(id));
        }
        let counters = service.counters();
        // One connection for the access token, one for the calls.
        assert_eq!((counters.connections, counters.requests, counters.issued), (2, 4, 1));
    }
    Ok(())
}

#[test]
fn a_request_says_what_the_service_asks_to_be_told() -> Result<()> {
    let service = Service::start()?;
    let mut client = fetch::of(&service)?.retry(EAGER).build()?;
    service.order(Fault::Throttled { retry_after: None });
    fetch::get(&mut client, P2P_CALL, &mut Call::new())?;
    let [first, second] = &service.received()[..] else { return Err("not two requests".into()) };
    for request in [first, second] {
        assert_eq!(
            (request.method(), request.path()),
            ("GET", &*format!("/v1.0/communications/calls/{P2P_CALL}"))
        );
        assert_eq!(request.field("host"), Some("graph.microsoft.com"));
        assert_eq!(request.field("accept"), Some("application/json"));
        assert_eq!(request.field("accept-encoding"), Some("identity"));
        assert_eq!(request.field("prefer"), Some("include-unknown-enum-members"));
        assert_eq!(request.field("client-request-id").map(str::len), Some(36));
        assert!(request.field("user-agent").is_some_and(|agent| agent.starts_with("graph-call/")));
        assert!(request.content().is_empty() && request.field("content-length").is_none());
    }
    assert_eq!((first.field("retry-attempt"), second.field("retry-attempt")), (None, Some("1")));
    Ok(())
}

#[test]
fn every_member_can_be_selected_and_every_relationship_expanded() -> Result<()> {
    let service = Service::start()?;
    let client = fetch::of(&service)?.build()?;
    for version in [ApiVersion::V1, ApiVersion::Beta] {
        for member in SelectMember::ALL {
            let fetched = client.get_call(Query::new(P2P_CALL).version(version).select(&[*member]))?;
            assert_eq!(fetched.call.id.as_str().is_some(), *member == SelectMember::ID, "{}", member.name());
        }
        let query =
            Query::new(P2P_CALL).version(version).select(&[SelectMember::ID]).expand(ExpandMember::ALL);
        let fetched = client.get_call_as::<Expanded>(query)?;
        let participants = fetched.call.participants.iter().map(|participant| participant.id.as_str());
        assert_eq!(participants.collect::<Vec<_>>(), [Some("550fae72-d251-43ec-868c-373732c2704f")]);
        assert_eq!((fetched.call.operations.len(), fetched.call.audio_routing_groups.len()), (1, 1));
        assert_eq!(fetched.call.state.as_str(), None);
    }
    Ok(())
}

#[test]
fn an_expired_access_token_is_renewed_once() -> Result<()> {
    let service = Service::start()?;
    let mut client = logged_in(&service)?;
    let mut call = Call::new();
    fetch::get(&mut client, P2P_CALL, &mut call)?;
    service.revoke_access_tokens();
    fetch::get(&mut client, P2P_CALL, &mut call)?;
    service.order(Fault::ClaimsChallenge);
    fetch::get(&mut client, P2P_CALL, &mut call)?;
    assert_eq!(service.counters().issued, 3);

    service.order(Fault::Unauthorized);
    service.order(Fault::Unauthorized);
    let error = refused(&mut client, P2P_CALL)?;
    assert_eq!((error.status(), error.class()), (Some(401), Class::Auth));
    assert_eq!(service.counters().issued, 4);
    Ok(())
}

#[test]
fn a_wrong_client_secret_is_named_by_its_code() -> Result<()> {
    let service = Service::start()?;
    let credential = ClientCredentials::new(TENANT, CLIENT_ID, "canary-wrong")?;
    let mut client = fetch::at(service.address(), service.ca_pem())?.credential(credential).build()?;
    let error = refused(&mut client, P2P_CALL)?;
    assert_eq!(error.class(), Class::Auth);
    let shown = format!("{error} {error:?}");
    assert!(shown.contains("AADSTS7000215") && !shown.contains("canary"), "{shown}");
    Ok(())
}

#[test]
fn throttled_it_waits_as_told_and_comes_back() -> Result<()> {
    let service = Service::start()?;
    let mut client = fetch::of(&service)?.retry(EAGER).build()?;
    for fault in [
        Fault::Throttled { retry_after: Some("0.05".into()) },
        Fault::Throttled { retry_after: None },
        Fault::Status(504),
    ] {
        service.order(fault);
        fetch::get(&mut client, P2P_CALL, &mut Call::new())?;
    }
    assert_eq!(service.counters().requests, 6);

    service.order(Fault::Throttled { retry_after: Some("170".into()) });
    let error = refused(&mut client, P2P_CALL)?;
    assert_eq!((error.kind(), error.class()), (ErrorKind::Throttled, Class::Throttled));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(170)));
    Ok(())
}

#[test]
fn unavailable_it_comes_back_over_a_new_connection() -> Result<()> {
    let service = Service::start()?;
    let mut client = fetch::of(&service)?.retry(EAGER).build()?;
    service.order(Fault::Unavailable { retry_after: Some("0.01".into()) });
    fetch::get(&mut client, P2P_CALL, &mut Call::new())?;
    assert_eq!(service.counters().connections, 2);
    Ok(())
}

#[test]
fn a_refusal_says_what_the_service_said() -> Result<()> {
    let service = Service::start()?;
    let mut client = fetch::of(&service)?.build()?;
    service.order(Fault::Forbidden);
    let error = refused(&mut client, P2P_CALL)?;
    let refusal = error.refusal().ok_or("no refusal")?;
    assert_eq!((refusal.head.status, refusal.code()), (403, Some("7504")));
    assert_eq!(refusal.head.request_id.as_deref().map(str::len), Some(36));
    assert_eq!(refusal.head.client_request_id.as_deref(), service.received()[0].field("client-request-id"));
    assert_eq!(error.class(), Class::Auth);

    let error = refused(&mut client, "no-such-call")?;
    assert!(error.is_no_such_call() && error.class() == Class::Gone);

    service.order(Fault::Redirect);
    let error = refused(&mut client, P2P_CALL)?;
    let location = error.refusal().and_then(|refusal| refusal.head.location.as_deref());
    assert_eq!((error.status(), location), (Some(302), Some("https://elsewhere.example/v1.0/")));
    Ok(())
}

#[test]
fn an_answer_that_is_no_call_is_named() -> Result<()> {
    let service = Service::start()?;
    let mut client = fetch::of(&service)?.build()?;
    for fault in
        [Fault::Html, Fault::ContentType("text/plain".into()), Fault::Gzip, Fault::NoContent, Fault::UntilCut]
    {
        service.order(fault.clone());
        let error = refused(&mut client, P2P_CALL)?;
        assert_eq!(
            error.class(),
            if fault == Fault::UntilCut { Class::Network } else { Class::Response },
            "{error}"
        );
    }
    for fault in [Fault::UntilClose, Fault::Chunked(vec![1, 7, 300]), Fault::Chunked(vec![1])] {
        service.order(fault);
        let mut call = Call::new();
        fetch::get(&mut client, P2P_CALL, &mut call)?;
        assert_eq!(call.id.as_str(), Some(P2P_CALL));
    }
    Ok(())
}

#[test]
fn a_server_that_does_not_prove_its_name_gets_no_access_token() -> Result<()> {
    for kind in CertificateKind::BAD {
        let service = Service::builder().certificate(kind).start()?;
        for mut client in [fetch::of(&service)?.build()?, logged_in(&service)?] {
            let error = refused(&mut client, P2P_CALL)?;
            assert_eq!(
                (error.kind(), error.class()),
                (ErrorKind::Certificate, Class::Network),
                "{kind:?}: {error}"
            );
        }
        assert_eq!(service.counters().requests, 0);
    }
    let service = Service::start()?;
    let elsewhere = Service::start()?;
    let mut client = fetch::at(service.address(), elsewhere.ca_pem())?
        .credential(FixedToken::new(service.access_token())?)
        .build()?;
    assert_eq!(refused(&mut client, P2P_CALL)?.kind(), ErrorKind::Certificate);
    assert_eq!(service.counters().requests, 0);
    Ok(())
}

#[test]
fn the_token_endpoint_has_deadlines_too() -> Result<()> {
    let service = Service::start()?;
    let timeouts = Timeouts { first_byte: Duration::from_millis(200), ..QUICK };
    let credential = ClientCredentials::new(TENANT, CLIENT_ID, CLIENT_SECRET)?;
    let mut client =
        fetch::at(service.address(), service.ca_pem())?.credential(credential).timeouts(timeouts).build()?;
    service.order_login(Fault::Stall(graph_call_std::service::Phase::BeforeHead));
    let error = refused(&mut client, P2P_CALL)?;
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, Phase::FirstByte));
    fetch::get(&mut client, P2P_CALL, &mut Call::new())?;
    Ok(())
}
