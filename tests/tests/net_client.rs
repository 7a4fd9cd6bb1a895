//! The client over real sockets and TLS: three stacks, its deadlines, its connection, its refusals.

use core::time::Duration;
use graph_call_std::credential::{ClientCredentials, FixedToken};
use graph_call_std::graph_call::http::ExpandMember;
use graph_call_std::graph_call::{Call, CallState, HeapCall};
use graph_call_std::proxy::{Proxies, Proxy};
use graph_call_std::service::{
    self, CLIENT_ID, CLIENT_SECRET, CertificateKind, Fault, GROUP_CALL, P2P_CALL, Service, TENANT, WireFault,
};
use graph_call_std::socket::{Pace, ZeroRead};
use graph_call_std::tls::{Roots, Trust};
use graph_call_std::{
    Class, Client, ClientBuilder, Error, ErrorKind, Event, Phase, Query, Retry, Stack, SystemClock, Timeouts,
};
use graph_call_tests::net::island::{Island, IslandStack};
use graph_call_tests::net::spy::{Silent, Spy};
use graph_call_tests::net::tunnel::{self, Manner};
use std::error::Error as StdError;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Instant;

type Outcome = Result<(), Box<dyn StdError>>;

/// Accepted by every service here; must show up nowhere.
const CANARY: &str = "eyJ0eXAiOiJKV1QifQ.e30.canary";

const SECOND: Duration = Duration::from_secs(1);

/// Short enough for a test, long enough for a busy machine.
const TIMEOUTS: Timeouts = Timeouts {
    connect: Duration::from_secs(4),
    first_byte: Duration::from_millis(400),
    answer: Duration::from_millis(400),
    whole: Duration::from_secs(20),
    ..Timeouts::DEFAULT
};

fn service() -> service::Builder {
    Service::builder().accept_access_token(CANARY)
}

/// A client of the cloud, which it finds on loopback: the names and certificates are the real ones.
fn builder(service: &Service) -> Result<ClientBuilder, Error> {
    Ok(Client::builder()
        .credential(FixedToken::new(CANARY)?)
        .trust(Trust::new(Roots::Only, service.ca_pem().as_bytes())?)
        .connect_to(service.address().to_string())
        .timeouts(TIMEOUTS)
        .retry(Retry { retries: 0, ..Retry::DEFAULT }))
}

fn pace<S>(zero: ZeroRead) -> Pace<S> {
    Pace::new(Box::new(SystemClock::new()), zero)
}

/// A list of what happened, and the listener that fills it.
fn diary() -> (Arc<Mutex<Vec<String>>>, impl FnMut(&Event<'_>) + Send + 'static) {
    let pages = Arc::new(Mutex::new(Vec::new()));
    let written = Arc::clone(&pages);
    (pages, move |event| written.lock().expect("no panic before").push(format!("{event:?}")))
}

#[test]
fn both_calls_over_the_system_stack_on_one_connection() -> Outcome {
    let service = service().start()?;
    let (diary, listener) = diary();
    let client = builder(&service)?.on_event(listener).build()?;
    let group = client.get_call(GROUP_CALL)?;
    assert_eq!(group.call.id.as_str(), Some(GROUP_CALL));
    assert_eq!(group.head.status, 200);
    assert!(group.head.request_id.is_some() && group.head.client_request_id.is_some());
    let p2p = client.get_call(P2P_CALL)?;
    assert_eq!(p2p.call.id.as_str(), Some(P2P_CALL));
    let diary = diary.lock().map_err(|_| "poisoned")?.join("\n");
    assert_eq!(diary.matches("Connected").count(), 1, "{diary}");
    assert_eq!(diary.matches("Reused").count(), 1, "{diary}");
    assert!(diary.contains("TLSv1_3"), "{diary}");
    assert!(!diary.contains(CANARY));
    assert_eq!(service.counters().connections, 1);
    Ok(())
}

#[test]
fn a_call_larger_than_the_stack_is_fetched_with_its_participants() -> Outcome {
    let service = service().start()?;
    let client = builder(&service)?.build()?;
    let fetch = move || {
        let query = Query::new(GROUP_CALL).expand(&[ExpandMember::PARTICIPANTS]);
        client.get_call_as::<HeapCall>(query).map(|fetched| fetched.call.id.as_str() == Some(GROUP_CALL))
    };
    let small = std::thread::Builder::new().stack_size(1 << 20).spawn(fetch)?;
    assert!(small.join().map_err(|_| "panicked")??);
    Ok(())
}

#[test]
fn std_embedded_nal_fetches() -> Outcome {
    let service = service().start()?;
    let client = builder(&service)?.build_over(std_embedded_nal::Stack, pace(ZeroRead::Closed))?;
    for _ in 0..2 {
        assert_eq!(client.get_call(P2P_CALL)?.call.id.as_str(), Some(P2P_CALL));
    }
    Ok(())
}

fn over_smoltcp(
    service: &Service,
    zero: ZeroRead,
) -> Result<(Island, Client<IslandStack>), Box<dyn StdError>> {
    let (island, stack) = Island::new(service.address());
    let pace = pace(zero).with_idle(Box::new(|stack: &mut IslandStack| assert!(stack.poll().is_ok())));
    // No `connect_to`: the name is resolved on the island, and the port is the real one.
    let client = Client::builder()
        .credential(FixedToken::new(CANARY)?)
        .trust(Trust::new(Roots::Only, service.ca_pem().as_bytes())?)
        .timeouts(TIMEOUTS)
        .retry(Retry { retries: 0, ..Retry::DEFAULT })
        .build_over(stack, pace)?;
    Ok((island, client))
}

#[test]
fn smoltcp_resolves_connects_and_fetches() -> Outcome {
    for builder in [service().only_tls12(), service().only_tls13()] {
        let service = builder.start()?;
        let (_island, client) = over_smoltcp(&service, ZeroRead::NotYet)?;
        for id in [P2P_CALL, GROUP_CALL] {
            assert_eq!(client.get_call(id)?.call.id.as_str(), Some(id));
        }
        assert_eq!(service.counters().connections, 1);
    }
    Ok(())
}

#[test]
fn smoltcp_survives_every_cut_and_stall_and_then_works() -> Outcome {
    let service = service().start()?;
    let (_island, client) = over_smoltcp(&service, ZeroRead::NotYet)?;
    for fault in [
        Fault::Cut { after: 0 },
        Fault::Cut { after: 300 },
        Fault::Reset { after: 300 },
        Fault::Stall(service::Phase::BeforeHead),
        Fault::Stall(service::Phase::InContent),
        Fault::UntilCut,
    ] {
        // Silence on a connection that was kept is followed by another one.
        client.disconnect();
        service.order(fault.clone());
        let began = Instant::now();
        let error = client.get_call(P2P_CALL).err().ok_or_else(|| format!("{fault:?}: fetched"))?;
        assert!(matches!(error.kind(), ErrorKind::Cut | ErrorKind::Timeout), "{fault:?}: {error}");
        assert!(began.elapsed() < 3 * SECOND, "{fault:?}");
        assert_eq!(client.get_call(P2P_CALL)?.call.id.as_str(), Some(P2P_CALL), "{fault:?}");
    }
    Ok(())
}

#[test]
fn a_stack_whose_dialect_is_told_wrongly_is_slow_or_fails_and_never_believed() -> Outcome {
    let service = service().start()?;
    let client = builder(&service)?.build_over(Stack::new(), pace(ZeroRead::NotYet))?;
    assert_eq!(client.get_call(P2P_CALL)?.call.id.as_str(), Some(P2P_CALL));
    service.order(Fault::UntilClose);
    assert_eq!(client.get_call(P2P_CALL)?.call.id.as_str(), Some(P2P_CALL));
    service.order(Fault::UntilCut);
    let error = client.get_call(P2P_CALL).err().ok_or("fetched")?;
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, Phase::Receive), "{error}");

    let (_island, client) = over_smoltcp(&service, ZeroRead::Closed)?;
    let error = client.get_call(P2P_CALL).err().ok_or("fetched")?;
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Cut, Phase::Tls), "{error}");
    Ok(())
}

#[test]
fn a_stack_that_never_reports_anything_ends_at_the_deadline() -> Outcome {
    let short = Timeouts { connect: SECOND / 2, ..TIMEOUTS };
    for (resolves, phase) in [(false, Phase::Resolve), (true, Phase::Connect)] {
        let stack = Silent { resolves, ..Silent::default() };
        let open_sockets = Arc::clone(&stack.open_sockets);
        let client = Client::builder()
            .credential(FixedToken::new(CANARY)?)
            .timeouts(short)
            .retry(Retry { retries: 0, ..Retry::DEFAULT })
            .build_over(stack, pace(ZeroRead::NotYet))?;
        let began = Instant::now();
        let error = client.get_call(P2P_CALL).err().ok_or("connected to nothing")?;
        assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, phase), "{error}");
        assert_eq!(error.class(), Class::Timeout);
        assert!(error.to_string().contains("graph.microsoft.com"), "{error}");
        assert!(began.elapsed() < 2 * SECOND);
        assert_eq!(*open_sockets.lock().map_err(|_| "poisoned")?, 0);
    }
    Ok(())
}

#[test]
fn each_stall_ends_in_its_phase_and_the_next_attempt_works() -> Outcome {
    let service = service().start()?;
    let short = Timeouts { connect: SECOND / 2, ..TIMEOUTS };
    let client = builder(&service)?.timeouts(short).build()?;
    let mut call = Call::new();
    client.get_call_into(GROUP_CALL, &mut call)?;
    for (order, phase) in [
        (Err(WireFault::Stall { after: 0 }), Phase::Tls),
        (Err(WireFault::Stall { after: 200 }), Phase::Tls),
        (Ok(Fault::Stall(service::Phase::BeforeHead)), Phase::FirstByte),
        (Ok(Fault::Stall(service::Phase::InHead)), Phase::Receive),
        (Ok(Fault::Stall(service::Phase::InContent)), Phase::Receive),
    ] {
        client.disconnect();
        match order.clone() {
            Ok(fault) => service.order(fault),
            Err(fault) => service.order_wire(fault),
        }
        let began = Instant::now();
        let error = client.get_call_into(P2P_CALL, &mut call).err().ok_or("fetched")?;
        assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, phase), "{order:?}: {error}");
        assert!(began.elapsed() < 2 * SECOND);
        assert_eq!(call.id.as_str(), Some(GROUP_CALL), "the older call stays readable");
    }
    client.get_call_into(P2P_CALL, &mut call)?;
    assert_eq!(call.id.as_str(), Some(P2P_CALL));
    Ok(())
}

#[test]
fn the_whole_operation_has_an_end_however_slow_the_answer() -> Outcome {
    let service = service().start()?;
    service.order(Fault::Slow(Duration::from_millis(20)));
    let short = Timeouts { whole: SECOND, answer: 20 * SECOND, ..TIMEOUTS };
    let client = builder(&service)?.timeouts(short).build()?;
    let began = Instant::now();
    let error = client.get_call(P2P_CALL).err().ok_or("fetched")?;
    assert_eq!((error.kind(), error.limit()), (ErrorKind::Timeout, Some(SECOND)), "{error}");
    assert!(began.elapsed() < 2 * SECOND);
    Ok(())
}

#[test]
fn a_cut_is_never_a_complete_answer() -> Outcome {
    let service = service().start()?;
    let client = builder(&service)?.build()?;
    for fault in [Fault::UntilCut, Fault::Cut { after: 500 }, Fault::Reset { after: 500 }] {
        service.order(fault.clone());
        let error = client.get_call(P2P_CALL).err().ok_or_else(|| format!("{fault:?}: fetched"))?;
        assert_eq!((error.kind(), error.class()), (ErrorKind::Cut, Class::Network), "{fault:?}: {error}");
    }
    service.order(Fault::UntilClose);
    assert_eq!(client.get_call(P2P_CALL)?.call.id.as_str(), Some(P2P_CALL));
    Ok(())
}

#[test]
fn a_server_that_does_not_prove_its_name_gets_no_token() -> Outcome {
    for kind in CertificateKind::BAD {
        let service = service().certificate(kind).start()?;
        let (stack, log) = Spy::new(Stack::new());
        let client = builder(&service)?.build_over(stack, pace(ZeroRead::Closed))?;
        let error = client.get_call(P2P_CALL).err().ok_or_else(|| format!("{kind:?}: fetched"))?;
        assert_eq!((error.kind(), error.phase()), (ErrorKind::Certificate, Phase::Tls), "{kind:?}: {error}");
        assert!(log.sent_bytes() > 0 && !log.saw(CANARY), "{kind:?}");
        assert_eq!(service.counters().requests, 0, "{kind:?}");
    }
    Ok(())
}

#[test]
fn the_token_is_never_sent_in_clear_nor_to_another_host() -> Outcome {
    let service = service().plain(0).start()?;
    let (stack, log) = Spy::new(Stack::new());
    let client = builder(&service)?.build_over(stack, pace(ZeroRead::Closed))?;
    service.order(Fault::Redirect);
    let error = client.get_call(P2P_CALL).err().ok_or("fetched")?;
    assert_eq!(error.status(), Some(302), "{error}");
    client.get_call(P2P_CALL)?;
    assert!(!log.saw(CANARY));
    // One place only: the redirect was reported, not followed.
    assert!(log.addresses().iter().all(|address| *address == service.address()));

    let refused = builder(&service)?.danger_plain_text().build().err().ok_or("built")?;
    assert_eq!(refused.kind(), ErrorKind::Usage);
    Ok(())
}

#[test]
fn without_tls_only_by_two_options_that_name_the_danger() -> Outcome {
    let service = service().plain(0).start()?;
    let place = service.plain_address().ok_or("no plain listener")?;
    let (stack, log) = Spy::new(Stack::new());
    let client = Client::builder()
        .credential(FixedToken::new(CANARY)?)
        .danger_graph_host(place.to_string())
        .danger_plain_text()
        .timeouts(TIMEOUTS)
        .build_over(stack, pace(ZeroRead::Closed))?;
    assert_eq!(client.get_call(P2P_CALL)?.call.id.as_str(), Some(P2P_CALL));
    assert!(log.saw(CANARY), "the spy can see");
    assert!(log.saw(&format!("\r\nHost: {place}\r\n")));
    Ok(())
}

#[test]
fn another_host_by_an_option_that_names_the_danger() -> Outcome {
    let service = service().start()?;
    let client = Client::builder()
        .credential(FixedToken::new(CANARY)?)
        .trust(Trust::new(Roots::Only, service.ca_pem().as_bytes())?)
        .danger_graph_host(format!("localhost:{}", service.address().port()))
        .proxies(Proxies::none())
        .timeouts(TIMEOUTS)
        .build()?;
    // `localhost` may be `::1` first: then the other family is tried.
    assert_eq!(client.get_call(P2P_CALL)?.call.id.as_str(), Some(P2P_CALL));
    Ok(())
}

#[test]
fn nobody_listens() -> Outcome {
    let service = service().start()?;
    let closed = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let client = builder(&service)?.connect_to(closed.to_string()).build()?;
    let error = client.get_call(P2P_CALL).err().ok_or("fetched")?;
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Refused, Phase::Connect), "{error}");
    assert!(error.to_string().contains(&closed.to_string()), "{error}");
    Ok(())
}

#[test]
fn a_bad_id_is_refused_before_anything_is_sent() -> Outcome {
    let service = service().start()?;
    let client = builder(&service)?.build()?;
    for id in ["", "..", "a/b", "a?b", "a b", "a\r\nHost: evil", "ä"] {
        let error = client.get_call(id).err().ok_or_else(|| format!("{id}: fetched"))?;
        assert_eq!((error.kind(), error.phase()), (ErrorKind::Usage, Phase::Prepare), "{id}: {error}");
    }
    assert_eq!(service.counters().connections, 0);
    Ok(())
}

#[test]
fn an_application_logs_in_and_uses_its_token_until_it_is_refused() -> Outcome {
    let service = service().start()?;
    let client =
        builder(&service)?.credential(ClientCredentials::new(TENANT, CLIENT_ID, CLIENT_SECRET)?).build()?;
    for _ in 0..2 {
        assert_eq!(client.get_call(P2P_CALL)?.call.id.as_str(), Some(P2P_CALL));
    }
    let logins = || service.received().iter().filter(|r| format!("{r:?}").contains("oauth2")).count();
    assert_eq!(logins(), 1);
    service.revoke_access_tokens();
    assert_eq!(client.get_call(P2P_CALL)?.call.id.as_str(), Some(P2P_CALL));
    assert_eq!(logins(), 2);
    service.order(Fault::ClaimsChallenge);
    assert_eq!(client.get_call(P2P_CALL)?.call.id.as_str(), Some(P2P_CALL));
    assert_eq!(logins(), 3);
    service.order(Fault::Unauthorized);
    service.order(Fault::Unauthorized);
    let error = client.get_call(P2P_CALL).err().ok_or("fetched")?;
    assert_eq!((error.status(), error.class()), (Some(401), Class::Auth), "{error}");
    Ok(())
}

#[test]
fn a_throttled_call_is_waited_for_and_a_long_wait_is_reported_at_once() -> Outcome {
    let service = service().start()?;
    let (diary, listener) = diary();
    let client = builder(&service)?.retry(Retry::DEFAULT).on_event(listener).build()?;
    service.order(Fault::Throttled { retry_after: Some("0.2".into()) });
    let began = Instant::now();
    client.get_call(P2P_CALL)?;
    assert!(began.elapsed() >= SECOND / 5 && began.elapsed() < 5 * SECOND, "{:?}", began.elapsed());
    assert!(diary.lock().map_err(|_| "poisoned")?.iter().any(|page| page.starts_with("Waiting")));

    service.order(Fault::Throttled { retry_after: Some("99999999999999999999".into()) });
    let began = Instant::now();
    let error = client.get_call(P2P_CALL).err().ok_or("fetched")?;
    assert_eq!((error.kind(), error.class()), (ErrorKind::Throttled, Class::Throttled), "{error}");
    assert!(error.retry_after() > Some(100 * SECOND) && began.elapsed() < SECOND);
    Ok(())
}

#[test]
fn after_503_another_connection_is_used() -> Outcome {
    let service = service().start()?;
    let client = builder(&service)?.retry(Retry::DEFAULT).build()?;
    service.order(Fault::Unavailable { retry_after: Some("0".into()) });
    client.get_call(P2P_CALL)?;
    assert_eq!(service.counters().connections, 2);
    Ok(())
}

#[test]
fn a_connection_that_died_while_idle_is_replaced() -> Outcome {
    let service = service().start()?;
    let client = builder(&service)?.build()?;
    client.get_call(P2P_CALL)?;
    for fault in [Fault::Cut { after: 0 }, Fault::Reset { after: 0 }] {
        // The kept connection ends without a byte: as when the peer closes it at that very moment.
        service.order(fault);
        assert_eq!(client.get_call(P2P_CALL)?.call.id.as_str(), Some(P2P_CALL));
    }
    Ok(())
}

/// An answer, and another one that nobody asked for.
fn answer_and_poison() -> Fault {
    let answer = |id: &str| {
        let content = format!(r#"{{"id":"{id}"}}"#);
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ";
        format!("{head}{}\r\n\r\n{content}", content.len()).into_bytes()
    };
    Fault::Raw { pieces: vec![answer(P2P_CALL), answer("poison")], end: service::End::KeepAlive }
}

#[test]
fn an_answer_that_nobody_asked_for_is_nobodys_answer() -> Outcome {
    let service = service().start()?;
    let client = builder(&service)?.build()?;
    for _ in 0..3 {
        service.order(answer_and_poison());
        assert_eq!(client.get_call(P2P_CALL)?.call.id.as_str(), Some(P2P_CALL));
        std::thread::sleep(SECOND / 20);
        assert_eq!(client.get_call(GROUP_CALL)?.call.id.as_str(), Some(GROUP_CALL));
    }
    Ok(())
}

#[test]
fn a_refusal_is_told_with_its_codes_and_ids() -> Outcome {
    let service = service().start()?;
    let client = builder(&service)?.build()?;
    let error = client.get_call("57dab8b1-0000-0000-0000-000000000000").err().ok_or("fetched")?;
    assert!(error.is_no_such_call() && error.class() == Class::Gone, "{error}");
    let refusal = error.refusal().ok_or("no refusal")?;
    assert_eq!((refusal.head.status, refusal.code()), (404, Some("8522")));
    let id = refusal.head.request_id.clone().ok_or("no request-id")?;
    assert!(error.to_string().contains("8522") && error.to_string().contains(&id), "{error}");

    service.order(Fault::Html);
    let error = client.get_call(P2P_CALL).err().ok_or("fetched")?;
    assert_eq!((error.kind(), error.class()), (ErrorKind::Answer, Class::Response));
    assert!(error.to_string().contains("text/html"), "{error}");
    // What a 200 holds may be somebody's call.
    assert!(!error.to_string().contains('<'), "{error}");
    assert_eq!(error.head().map(|head| head.status), Some(200));

    service.order(Fault::Huge(2 * 1024 * 1024));
    let error = client.get_call(P2P_CALL).err().ok_or("fetched")?;
    assert_eq!((error.kind(), error.class()), (ErrorKind::Capacity, Class::Response), "{error}");
    assert_eq!(client.get_call(P2P_CALL)?.call.id.as_str(), Some(P2P_CALL));
    Ok(())
}

#[test]
fn a_proxy_carries_tls_and_sees_the_host_only() -> Outcome {
    let service = service().start()?;
    let proxy = tunnel::Proxy::start(service.address(), Manner::Asks("Basic dXNlcjpwOnNz".into()))?;
    let (stack, log) = Spy::new(Stack::new());
    let through = |user: &str| -> Result<Proxies, Error> {
        Ok(Proxies::all(Proxy::new(&format!("http://{user}{}", proxy.address()))?))
    };
    let client = |user, stack| -> Result<_, Error> {
        Client::builder()
            .credential(FixedToken::new(CANARY)?)
            .trust(Trust::new(Roots::Only, service.ca_pem().as_bytes())?)
            .proxies(through(user)?)
            .timeouts(TIMEOUTS)
            .build_over(stack, pace(ZeroRead::Closed))
    };
    let good = client("user:p%3Ass@", stack)?;
    assert_eq!(good.get_call(P2P_CALL)?.call.id.as_str(), Some(P2P_CALL));
    assert!(log.addresses().iter().all(|address| *address == proxy.address()));
    assert!(!log.saw(CANARY));
    let asked = proxy.asked().concat();
    assert!(
        asked.starts_with("CONNECT graph.microsoft.com:443 HTTP/1.1\r\nHost: graph.microsoft.com:443\r\n")
    );

    let error = client("", Spy::new(Stack::new()).0)?.get_call(P2P_CALL).err().ok_or("fetched")?;
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Proxy, Phase::Proxy), "{error}");
    assert!(error.to_string().contains("407") && !format!("{error:?}").contains("dXNl"), "{error:?}");
    Ok(())
}

#[test]
fn a_proxy_that_misbehaves_is_named() -> Outcome {
    let service = service().start()?;
    for (manner, kind) in [
        (Manner::Says(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n".to_vec()), ErrorKind::Proxy),
        (Manner::Says(b"HTTP/1.1 200 OK\r\n\r\n\x16\x03\x01".to_vec()), ErrorKind::Proxy),
        (Manner::Says(b"SSH-2.0-OpenSSH\r\n".to_vec()), ErrorKind::Proxy),
        (Manner::Says(Vec::new()), ErrorKind::Proxy),
        (Manner::Stalls, ErrorKind::Timeout),
    ] {
        let proxy = tunnel::Proxy::start(service.address(), manner.clone())?;
        let client = Client::builder()
            .credential(FixedToken::new(CANARY)?)
            .proxies(Proxies::all(Proxy::new(&proxy.address().to_string())?))
            .timeouts(Timeouts { connect: SECOND, ..TIMEOUTS })
            .build()?;
        let error = client.get_call(P2P_CALL).err().ok_or("fetched")?;
        assert_eq!((error.kind(), error.phase()), (kind, Phase::Proxy), "{manner:?}: {error}");
        assert_eq!(error.host(), Some(proxy.address().to_string().as_str()));
    }
    Ok(())
}

#[test]
fn a_watch_ends_with_the_call() -> Outcome {
    let service = service().reads_per_state(1).start()?;
    let client = builder(&service)?.build()?;
    let mut states = Vec::new();
    for reading in client.watch(service::CHANGING_CALL).every(SECOND) {
        match reading? {
            graph_call_std::Reading::Call(fetched) => states.push(fetched.call.state.get()),
            graph_call_std::Reading::Gone(refusal) => {
                assert_eq!(refusal.head.status, 404);
                states.push(None);
            }
        }
        assert!(states.len() < 10, "{states:?}");
    }
    assert!(states.len() > 1);
    let end = states.last().ok_or("nothing")?;
    assert!(matches!(end, None | Some(CallState::Terminated)), "{states:?}");
    Ok(())
}
