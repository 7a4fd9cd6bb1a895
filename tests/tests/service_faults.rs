//! The faults of the loopback service do what they say, seen by a client that is not ours.

use graph_call_std::service::{CLIENT_SECRET, Fault, P2P_CALL, Service, TENANT};
use graph_call_tests::peer::Peer;
use serde_json::Value;
use std::error::Error;
use std::io::ErrorKind;
use std::time::{Duration, Instant};

type Outcome = Result<(), Box<dyn Error>>;

/// A service, a connection to it and a good access token.
struct Stage {
    service: Service,
    peer: Peer,
    token: String,
}

impl Stage {
    fn new() -> Result<Self, Box<dyn Error>> {
        let service = Service::start()?;
        let (peer, token) = (Peer::connect(&service)?, service.access_token());
        Ok(Self { service, peer, token })
    }

    /// Asks for the documented call with this fault, and reads one answer.
    fn get(&mut self, fault: &str) -> Result<(String, String), Box<dyn Error>> {
        self.ask(fault)?;
        Ok(self.peer.answer()?)
    }

    fn ask(&mut self, fault: &str) -> Outcome {
        let (path, token) = (format!("/v1.0/communications/calls/{P2P_CALL}"), &self.token);
        let fault = if fault.is_empty() { String::new() } else { format!("x-graph-call-fault: {fault}\r\n") };
        let head = format!(
            "GET {path} HTTP/1.1\r\nAuthorization: Bearer {token}\r\nclient-request-id: 7f1d\r\n{fault}\r\n"
        );
        Ok(self.peer.write(head.as_bytes())?)
    }

    /// Asks for a token in the name of this application, and reads one answer.
    fn sign_in(&mut self, client_id: &str) -> Result<(String, String), Box<dyn Error>> {
        let form = format!(
            "grant_type=client_credentials&client_id={client_id}&client_secret={CLIENT_SECRET}&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default"
        );
        let length = form.len();
        let head = format!("POST /{TENANT}/oauth2/v2.0/token HTTP/1.1\r\nContent-Length: {length}\r\n\r\n");
        self.peer.write((head + &form).as_bytes())?;
        Ok(self.peer.answer()?)
    }
}

fn member(call: &str, name: &str) -> Result<String, Box<dyn Error>> {
    let call: Value = serde_json::from_str(call)?;
    Ok(call[name].as_str().ok_or("no such member")?.to_owned())
}

#[test]
fn an_answer_to_another_request_shows_by_its_ids() -> Outcome {
    let mut stage = Stage::new()?;
    let (head, call) = stage.get("other-call")?;
    assert!(head.starts_with("HTTP/1.1 200 ") && head.contains("\r\nclient-request-id: 7f1d\r\n"), "{head}");
    assert_ne!(member(&call, "id")?, P2P_CALL);
    let (head, call) = stage.get("other-request")?;
    assert!(head.starts_with("HTTP/1.1 200 ") && !head.contains("7f1d"), "{head}");
    assert_eq!(member(&call, "id")?, P2P_CALL);
    Ok(())
}

#[test]
fn an_answer_that_nobody_asked_for_follows_at_once() -> Outcome {
    let mut stage = Stage::new()?;
    assert_eq!(member(&stage.get("unasked")?.1, "state")?, "established");
    assert_eq!(member(&stage.peer.answer()?.1, "state")?, "terminated");
    assert_eq!(member(&stage.get("")?.1, "state")?, "established");
    Ok(())
}

#[test]
fn half_of_it_is_whole_with_the_next_answer() -> Outcome {
    let mut stage = Stage::new()?;
    assert_eq!(member(&stage.get("half-unasked")?.1, "state")?, "established");
    // Half a record is nothing yet.
    let early = stage.peer.answer().err().ok_or("an answer from half a record")?;
    assert!(Peer::is_silence(&early), "{early}");
    assert_eq!(member(&stage.get("")?.1, "state")?, "terminated", "what was left over comes first");
    assert_eq!(member(&stage.peer.answer()?.1, "state")?, "established", "and then the answer");
    Ok(())
}

#[test]
fn the_access_token_is_reflected_where_the_name_says() -> Outcome {
    let mut stage = Stage::new()?;
    let token = stage.token.clone();
    for (place, in_fields, in_content) in
        [("message", false, true), ("excerpt", false, true), ("id", true, true), ("field", true, false)]
    {
        let (head, content) = stage.get(&format!("reflect.{place}"))?;
        assert!(head.starts_with("HTTP/1.1 401 "), "{head}");
        assert_eq!((head.contains(&token), content.contains(&token)), (in_fields, in_content), "{place}");
        assert_eq!(head.contains("Content-Type: text/plain"), place == "excerpt");
    }
    let (head, content) = stage.get("reflect.id")?;
    let error: Value = serde_json::from_str(&content)?;
    for name in ["request-id", "client-request-id"] {
        assert!(head.contains(&format!("\r\n{name}: {token}\r\n")), "{head}");
        assert_eq!(error["error"]["innerError"][name], *token);
    }
    Ok(())
}

#[test]
fn the_client_secret_is_reflected_too() -> Outcome {
    let mut stage = Stage::new()?;
    for (place, in_fields) in [("message", false), ("excerpt", false), ("id", true), ("field", true)] {
        let (head, content) = stage.sign_in(&format!("fault.reflect.{place}"))?;
        assert_eq!(head.contains(CLIENT_SECRET), in_fields, "{head}");
        assert_eq!(content.contains(CLIENT_SECRET), place != "field", "{content}");
    }
    let (_, content) = stage.sign_in("fault.reflect.message")?;
    let error: Value = serde_json::from_str(&content)?;
    assert!(error["error_description"].as_str().is_some_and(|text| text.contains(CLIENT_SECRET)));
    Ok(())
}

#[test]
fn dripping_goes_on_without_an_end() -> Outcome {
    let mut stage = Stage::new()?;
    let began = Instant::now();
    stage.ask("drip.20")?;
    let mut dripped = Vec::new();
    while began.elapsed() < Duration::from_millis(600) {
        stage.peer.some(&mut dripped)?;
    }
    let text = String::from_utf8(dripped)?;
    let (head, content) = text.split_once("\r\n\r\n").ok_or("no head")?;
    assert!(head.contains("Transfer-Encoding: chunked"), "{head}");
    let drops = content.matches("1\r\n \r\n").count();
    assert_eq!(content.len(), drops * "1\r\n \r\n".len(), "{content:?}");
    assert!((3..=31).contains(&drops), "{drops} drops of 20 ms in 600 ms");
    Ok(())
}

#[test]
fn a_connection_ends_in_the_phase_that_the_name_says() -> Outcome {
    for (kind, end) in [("reset-at", ErrorKind::ConnectionReset), ("cut-at", ErrorKind::UnexpectedEof)] {
        for phase in ["before-head", "in-head", "before-content", "in-content"] {
            let mut stage = Stage::new()?;
            let whole = stage.get("")?;
            stage.ask(&format!("{kind}.{phase}"))?;
            let mut sent = Vec::new();
            let error = stage.peer.rest(&mut sent).err().ok_or("an end without an error")?;
            assert_eq!(error.kind(), end, "{kind}.{phase}");
            let sent = String::from_utf8(sent)?;
            let (head, content) = sent.split_once("\r\n\r\n").unwrap_or((&sent, ""));
            let is_right = match phase {
                "before-head" => sent.is_empty(),
                "in-head" => head.starts_with("HTTP/1.1 200 ") && head.len() == sent.len(),
                "before-content" => sent.ends_with("\r\n\r\n"),
                _ => content.len() == whole.1.len() / 2 && whole.1.starts_with(content),
            };
            assert!(is_right, "{kind}.{phase}: {sent:?}");
        }
    }
    Ok(())
}

#[test]
fn the_login_host_fails_by_the_client_id() -> Outcome {
    let mut stage = Stage::new()?;
    let (head, content) = stage.sign_in("fault.throttled.7")?;
    assert!(head.starts_with("HTTP/1.1 429 ") && head.contains("\r\nRetry-After: 7\r\n"), "{head}");
    let error: Value = serde_json::from_str(&content)?;
    assert_eq!(
        (&error["error"], &error["error_codes"][0]),
        (&"temporarily_unavailable".into(), &90_055.into())
    );
    for (name, status) in [("status.500", "500"), ("unavailable", "503"), ("page.502", "502")] {
        assert_eq!(&stage.sign_in(&format!("fault.{name}"))?.0[9..12], status);
    }
    for status in ["500", "200", "500", "200"] {
        assert_eq!(&stage.sign_in("once.status.500")?.0[9..12], status);
    }
    assert!(stage.sign_in("fault.nonsense")?.1.contains("no fault is named"));
    assert_eq!(&stage.sign_in("somebody")?.0[9..12], "400");
    Ok(())
}

#[test]
fn an_expired_access_token_stays_expired() -> Outcome {
    let mut stage = Stage::new()?;
    for fault in ["expired", "", ""] {
        let (head, content) = stage.get(fault)?;
        assert!(head.starts_with("HTTP/1.1 401 ") && content.contains("the token is expired"), "{head}");
    }
    stage.token = stage.service.access_token();
    assert!(stage.get("")?.0.starts_with("HTTP/1.1 200 "));
    assert!(stage.get("unauthorized")?.0.starts_with("HTTP/1.1 401 "));
    assert!(stage.get("")?.0.starts_with("HTTP/1.1 200 "), "that one did not expire it");
    Ok(())
}

#[test]
fn a_claims_challenge_asks_for_claims() -> Outcome {
    let (head, _) = Stage::new()?.get("claims")?;
    assert!(head.starts_with("HTTP/1.1 401 "), "{head}");
    assert!(head.contains(r#"error="insufficient_claims", claims="ey"#), "{head}");
    Ok(())
}

#[test]
fn html_comes_with_any_status_and_in_front_of_content() -> Outcome {
    let mut stage = Stage::new()?;
    for (name, status) in [("html", "200"), ("page.403", "403"), ("page.404", "404"), ("page.503", "503")] {
        let (head, page) = stage.get(name)?;
        assert_eq!(&head[9..12], status);
        assert!(head.contains("Content-Type: text/html") && page.starts_with("<!DOCTYPE html>"), "{head}");
    }
    let (head, content) = stage.get("html-first")?;
    assert!(head.contains("Content-Type: application/json"), "{head}");
    let call = content.strip_prefix("<!DOCTYPE html>").and_then(|page| page.split_once("</html>"));
    assert_eq!(member(call.ok_or("no page")?.1, "id")?, P2P_CALL);
    Ok(())
}

#[test]
fn every_fault_listed_can_be_ordered_by_its_examples() {
    let bare = |name: &'static str| name.split(['.', '[']).next().unwrap_or_default();
    for (form, what) in Fault::NAMES {
        assert!(!what.is_empty() && !what.starts_with(' '), "{form}");
        let examples: Vec<_> =
            Fault::EXAMPLES.iter().copied().filter(|name| bare(name) == bare(form)).collect();
        let (with, without) =
            (examples.iter().any(|name| name.contains('.')), examples.contains(&bare(form)));
        let takes = (form.contains('.'), !form.contains('.') || form.contains('['));
        assert_eq!((with, without), takes, "{form}: {examples:?}");
    }
    for name in Fault::EXAMPLES {
        assert!(name.parse::<Fault>().is_ok(), "{name}");
    }
    for wrong in [
        "",
        "status",
        "status.200",
        "status.abc",
        "cut.-1",
        "html.1",
        "stall",
        "stall.late",
        "chunked.x",
        "reflect",
        "reflect.elsewhere",
        "page.200",
        "reset-at",
        "thr",
        "throttled[",
        "status.",
    ] {
        assert!(wrong.parse::<Fault>().is_err(), "{wrong}");
    }
}
