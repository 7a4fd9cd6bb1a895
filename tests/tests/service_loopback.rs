//! The loopback service itself, seen by a client that is not ours.

use graph_call_std::service::{
    CHANGING_CALL, CLIENT_ID, CLIENT_SECRET, CertificateKind, Fault, GROUP_CALL, P2P_CALL, Service, TENANT,
    WireFault,
};
use graph_call_tests::peer::Peer;
use serde_json::Value;
use std::error::Error;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

type Outcome = Result<(), Box<dyn Error>>;

fn path(id: &str) -> String {
    format!("/v1.0/communications/calls/{id}")
}

#[test]
fn both_documented_calls_come_as_printed_on_one_connection() -> Outcome {
    let service = Service::start()?;
    let mut peer = Peer::connect(&service)?;
    let token = service.access_token();
    let (head, p2p) = peer.get(&path(P2P_CALL), &token)?;
    let (_, group) = peer.get(&path(GROUP_CALL), &token)?;
    assert_eq!(p2p, include_str!("../data/p2p.json"));
    assert_eq!(group, include_str!("../data/group.json"));

    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"));
    assert!(head.contains("\r\nclient-request-id: 7f1d\r\n"));
    for name in ["request-id", "Date", "x-ms-ags-diagnostic", "Strict-Transport-Security", "Content-Type"] {
        assert!(head.contains(&format!("\r\n{name}: ")), "{name} is missing in {head}");
    }
    let counters = service.counters();
    assert_eq!((counters.connections, counters.handshakes, counters.requests), (1, 1, 2));
    assert_eq!(counters.with_access_token, 2);
    assert!(counters.bytes_written > 4000 && counters.bytes_read > 400);
    Ok(())
}

#[test]
fn beta_is_served_under_both_of_its_paths() -> Outcome {
    let service = Service::start()?;
    let mut peer = Peer::connect(&service)?;
    let token = service.access_token();
    for path in ["/beta/communications/calls/", "/beta/app/calls/"] {
        let (_, content) = peer.get(&format!("{path}{GROUP_CALL}"), &token)?;
        assert!(content.contains("https://graph.microsoft.com/beta/$metadata"));
    }
    let (head, _) = peer.get(&format!("/v1.0/app/calls/{GROUP_CALL}"), &token)?;
    assert!(head.starts_with("HTTP/1.1 400 "));
    Ok(())
}

#[test]
fn without_a_good_access_token_there_is_no_call() -> Outcome {
    let service = Service::builder().accept_access_token("fixed").start()?;
    let mut peer = Peer::connect(&service)?;
    let revoked = service.access_token();
    service.revoke_access_tokens();
    for token in ["", "wrong", &revoked] {
        let (head, content) = peer.get(&path(P2P_CALL), token)?;
        assert!(
            head.starts_with("HTTP/1.1 401 ") && head.contains("\r\nWWW-Authenticate: Bearer "),
            "{head}"
        );
        let error: Value = serde_json::from_str(&content)?;
        assert_eq!(error["error"]["code"], "InvalidAuthenticationToken");
        assert_eq!(error["error"]["innerError"]["client-request-id"], "7f1d");
    }
    assert!(peer.get(&path(P2P_CALL), "fixed")?.0.starts_with("HTTP/1.1 200 "));
    Ok(())
}

#[test]
fn an_access_token_lasts_as_long_as_it_says() -> Outcome {
    let service = Service::builder().expires_in(0).start()?;
    let (head, _) = Peer::connect(&service)?.get(&path(P2P_CALL), &service.access_token())?;
    assert!(head.starts_with("HTTP/1.1 401 "));
    Ok(())
}

fn ask(peer: &mut Peer, tenant: &str, form: &[(&str, &str)]) -> Result<(String, Value), Box<dyn Error>> {
    let form: Vec<_> = form.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let form = form.join("&");
    let length = form.len();
    let head =
        format!("POST /{tenant}/oauth2/v2.0/token HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n");
    peer.write((head + &form).as_bytes())?;
    let (head, content) = peer.answer()?;
    Ok((head, serde_json::from_str(&content)?))
}

#[test]
fn the_token_endpoint_checks_every_parameter() -> Outcome {
    let service = Service::start()?;
    let mut peer = Peer::connect(&service)?;
    let good = [
        ("grant_type", "client_credentials"),
        ("client_id", CLIENT_ID),
        ("client_secret", CLIENT_SECRET),
        ("scope", "https%3A%2F%2Fgraph.microsoft.com%2F.default"),
    ];
    let (head, granted) = ask(&mut peer, TENANT, &good)?;
    assert!(head.starts_with("HTTP/1.1 200 "));
    assert_eq!(granted["expires_in"], 3599);

    let (_, refused) = ask(&mut peer, "elsewhere", &good)?;
    assert_eq!(refused["error_codes"][0], 90002);
    let refusals = [("400", 70003), ("400", 700_016), ("401", 7_000_215), ("400", 1_002_012)];
    for (index, (status, code)) in refusals.into_iter().enumerate() {
        let mut bad = good;
        bad[index].1 = "wrong";
        let (head, refused) = ask(&mut peer, TENANT, &bad)?;
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{head}");
        assert_eq!(refused["error_codes"][0], code);
    }
    let token = granted["access_token"].as_str().ok_or("no token")?;
    assert!(peer.get(&path(P2P_CALL), token)?.0.starts_with("HTTP/1.1 200 "));
    assert_eq!(service.counters().issued, 1);
    Ok(())
}

#[test]
fn select_and_expand_change_the_content() -> Outcome {
    let service = Service::start()?;
    let mut peer = Peer::connect(&service)?;
    let token = service.access_token();
    let mut query = |query: &str| -> Result<(String, Value), Box<dyn Error>> {
        let (head, content) = peer.get(&format!("{}?{query}", path(P2P_CALL)), &token)?;
        Ok((head, serde_json::from_str(&content)?))
    };
    let (_, call) = query("$select=id,state,callChainId")?;
    let names: Vec<_> =
        call.as_object().ok_or("no object")?.keys().filter(|name| !name.starts_with('@')).collect();
    assert_eq!(names, ["callChainId", "id", "state"]);
    let (_, call) = query("%24select=id&$expand=participants($select=id),operations")?;
    assert_eq!(call["participants"][0]["id"], "550fae72-d251-43ec-868c-373732c2704f");
    assert_eq!(call["participants"][0]["isMuted"], Value::Null);
    assert_eq!(call["operations"][0]["status"], "completed");
    assert_eq!(call["state"], Value::Null);
    for wrong in
        ["$select=nothing", "$expand=nothing", "$expand=source", "$filter=state", "select=id", "$top"]
    {
        let (head, error) = query(wrong)?;
        assert!(head.starts_with("HTTP/1.1 400 "), "{wrong}");
        assert_eq!(error["error"]["code"], "BadRequest");
    }
    Ok(())
}

#[test]
fn a_call_changes_and_ends_and_begins_anew() -> Outcome {
    let service = Service::builder().reads_per_state(1).start()?;
    let mut peer = Peer::connect(&service)?;
    let token = service.access_token();
    for state in ["establishing", "established", "terminated", "8522", "establishing"] {
        let (_, content) = peer.get(&path(CHANGING_CALL), &token)?;
        assert!(content.contains(&format!("{state:?}")), "{content}");
    }
    Ok(())
}

#[test]
fn a_fault_is_served_once_and_in_order() -> Outcome {
    let service = Service::start()?;
    let mut peer = Peer::connect(&service)?;
    let token = service.access_token();
    service.order(Fault::Throttled { retry_after: Some("2.128".into()) });
    service.order(Fault::Forbidden);
    let (head, content) = peer.get(&path(P2P_CALL), &token)?;
    assert!(head.starts_with("HTTP/1.1 429 ") && head.contains("\r\nRetry-After: 2.128\r\n"));
    assert!(content.contains("TooManyRequests"));
    assert!(peer.get(&path(P2P_CALL), &token)?.1.contains("7504"));
    assert!(peer.get(&path(P2P_CALL), &token)?.0.starts_with("HTTP/1.1 200 "));

    for status in ["503", "200", "503", "200"] {
        let (head, _) = peer.get(&path("once.unavailable"), &token)?;
        assert_eq!(&head[9..12], status);
    }
    assert!(peer.get(&path("fault.nonsense"), &token)?.1.contains("no fault is named"));
    Ok(())
}

#[test]
fn a_field_line_orders_the_fault_of_its_own_request() -> Outcome {
    let service = Service::start()?;
    let mut peer = Peer::connect(&service)?;
    let (path, token) = (path(P2P_CALL), service.access_token());
    let head = format!("GET {path} HTTP/1.1\r\nAuthorization: Bearer {token}\r\n");
    peer.write(format!("{head}x-graph-call-fault: chunked.1000\r\n\r\n").as_bytes())?;
    peer.write(format!("{head}x-graph-call-fault: cut.1900\r\n\r\n").as_bytes())?;
    let mut chunked = Vec::new();
    let error = peer.rest(&mut chunked).err().ok_or("no cut")?;
    assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
    let chunked = String::from_utf8(chunked)?;
    assert!(chunked.starts_with("HTTP/1.1 200 ") && chunked.contains("\r\n\r\n3e8\r\n"), "{chunked}");
    assert!(chunked.contains("\r\n29f\r\n") && chunked.contains("\r\n0\r\n\r\nHTTP/1.1 200 "), "{chunked}");
    Ok(())
}

#[test]
fn requests_beyond_the_limits_are_refused() -> Outcome {
    let service = Service::start()?;
    for (request, status) in [
        (format!("GET / HTTP/1.1\r\nx: {}\r\n\r\n", "a".repeat(40_000)), "431"),
        (format!("GET / HTTP/1.1\r\n{}\r\n", "x: y\r\n".repeat(65)), "400"),
        ("POST / HTTP/1.1\r\nContent-Length: 65537\r\n\r\n".into(), "413"),
        ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n".into(), "411"),
        ("GET / HTTP/1.0\r\n\r\n".into(), "400"),
        ("GET  / HTTP/1.1\r\n\r\n".into(), "400"),
        ("GET / HTTP/1.1\r\nname : value\r\n\r\n".into(), "400"),
        ("GET / HTTP/1.1\r\nname: two\nlines\r\n\r\n".into(), "400"),
    ] {
        let mut peer = Peer::connect(&service)?;
        peer.write(request.as_bytes())?;
        let mut answer = Vec::new();
        peer.rest(&mut answer)?;
        let answer = String::from_utf8(answer)?;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
    }
    assert_eq!(service.counters().requests, 0);
    Ok(())
}

#[test]
fn a_certificate_is_refused_for_the_reason_it_is_bad() -> Outcome {
    for (kind, reason) in [
        (CertificateKind::WrongName, "NotValidForName"),
        (CertificateKind::Expired, "Expired"),
        (CertificateKind::NotYetValid, "NotValidYet"),
        (CertificateKind::UnknownAuthority, "BadSignature"),
        (CertificateKind::LeafAsAuthority, "EndEntityUsedAsCa"),
    ] {
        let service = Service::builder().certificate(kind).start()?;
        let error = Peer::connect(&service).err().ok_or("a bad certificate was accepted")?;
        assert!(format!("{error:?}").contains(reason), "{kind:?}: {error:?}");
        assert_eq!(service.counters().requests, 0);
    }
    let elsewhere = Service::start()?;
    let service = Service::start()?;
    assert!(Peer::connect_trusting(&service, elsewhere.ca_der()).is_err());
    Ok(())
}

#[test]
fn both_versions_of_tls_are_spoken_alone() -> Outcome {
    for builder in [Service::builder().only_tls12(), Service::builder().only_tls13()] {
        let service = builder.start()?;
        let (head, _) = Peer::connect(&service)?.get(&path(P2P_CALL), &service.access_token())?;
        assert!(head.starts_with("HTTP/1.1 200 "));
    }
    Ok(())
}

#[test]
fn plain_http_is_served_only_when_asked_for() -> Outcome {
    let service = Service::start()?;
    assert_eq!(service.plain_address(), None);
    let service = Service::builder().plain(0).start()?;
    let mut socket = TcpStream::connect(service.plain_address().ok_or("no plain listener")?)?;
    let (path, token) = (path(P2P_CALL), service.access_token());
    write!(socket, "GET {path} HTTP/1.1\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    socket.read_to_string(&mut answer)?;
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with(include_str!("../data/p2p.json")));
    Ok(())
}

#[test]
fn faults_of_the_wire_show_as_what_they_are() -> Outcome {
    let service = Service::start()?;
    for (fault, kind) in [
        (WireFault::Reset { after: 100 }, ErrorKind::ConnectionReset),
        (WireFault::Cut { after: 100 }, ErrorKind::UnexpectedEof),
        (WireFault::Stall { after: 0 }, ErrorKind::TimedOut),
        (WireFault::Stall { after: 100 }, ErrorKind::TimedOut),
    ] {
        service.order_wire(fault);
        let error = Peer::connect(&service).err().ok_or("connected")?;
        let found = if Peer::is_silence(&error) { ErrorKind::TimedOut } else { error.kind() };
        assert_eq!(found, kind, "{fault:?}");
    }
    service.order_wire(WireFault::Slow { interval: Duration::from_micros(50) });
    assert!(Peer::connect(&service).is_ok());
    assert!(Peer::connect(&service).is_ok());
    Ok(())
}

#[test]
fn dropped_it_is_gone_with_every_connection() -> Outcome {
    let service = Service::builder().plain(0).start()?;
    let addresses = [Some(service.address()), service.plain_address()];
    let mut idle = Peer::connect(&service)?;
    let mut stalled = Peer::connect(&service)?;
    stalled.write(format!("GET {} HTTP/1.1\r\n\r\n", path("fault.stall.before-head")).as_bytes())?;
    let began = Instant::now();
    drop(service);
    assert!(began.elapsed() < Duration::from_secs(1));
    let mut rest = Vec::new();
    assert!(idle.rest(&mut rest).is_err() && stalled.rest(&mut rest).is_err());
    assert!(rest.is_empty());
    for address in addresses.into_iter().flatten() {
        assert!(TcpStream::connect(address).is_err());
    }
    Ok(())
}

#[test]
fn it_ends_by_itself_when_its_lifetime_is_over() -> Outcome {
    let service = Service::builder().lifetime(Duration::from_millis(50)).start()?;
    let address = service.address();
    let began = Instant::now();
    service.wait();
    assert!(began.elapsed() < Duration::from_secs(2));
    assert!(TcpStream::connect(address).is_err());
    Ok(())
}

#[test]
fn connections_beyond_the_bound_are_closed() -> Outcome {
    let service = Service::builder().plain(0).start()?;
    let address = service.plain_address().ok_or("no plain listener")?;
    let open: Result<Vec<_>, _> = (0..256).map(|_| TcpStream::connect(address)).collect();
    let open = open?;
    let mut beyond = TcpStream::connect(address)?;
    beyond.set_read_timeout(Some(Duration::from_secs(5)))?;
    assert_eq!(beyond.read(&mut [0])?, 0);
    drop(open);
    Ok(())
}

#[test]
fn neither_a_service_nor_a_remembered_request_shows_a_secret() -> Outcome {
    let builder = Service::builder().accept_access_token("canary-7c1f").client("id", "canary-0d2e");
    assert!(!format!("{builder:?}").contains("canary"));
    let service = builder.start()?;
    Peer::connect(&service)?.get(&path(P2P_CALL), "canary-7c1f")?;
    let received = service.received();
    assert_eq!(received[0].access_token(), Some("canary-7c1f"));
    assert!(!format!("{received:?} {service:?}").contains("canary"));
    Ok(())
}
