//! `graph-call get` of many calls: where their ids come from, their order, and what one failure does to the others.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use graph_call_std::service::{CLIENT_ID, CLIENT_SECRET, Fault, GROUP_CALL, P2P_CALL, Service, TENANT};
use serde_json::Value;

use crate::kit::{Run, finish, finish_with_input, signed};

/// Calls with these ids.
fn service(ids: &[String], latency: Duration) -> Service {
    let calls = ids.iter().fold(Service::builder().latency(latency), |builder, id| {
        builder.call(id, format!(r#"{{"id":"{id}","state":"established"}}"#))
    });
    calls.start().expect("a service")
}

fn ids(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("call-{number}")).collect()
}

fn file(name: &str, content: &str) -> String {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&file, content).expect("a file");
    file.to_str().expect("a UTF-8 path").to_owned()
}

fn lines(run: &Run) -> Vec<Value> {
    run.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn ids_come_from_arguments_files_and_standard_input_in_their_order() {
    let ids = ids(6);
    let service = service(&ids, Duration::ZERO);
    let first = file("first.ids", "\u{feff}call-1\r\n\r\n  call-2 \n");
    let last = file("last.ids", "call-5\n");
    let arguments =
        ["get", "call-0", &format!("@{first}"), "-", "call-4", "--ids-file", &last, "--fields", "id"];
    let run = finish_with_input(signed(&service, "ids", &arguments), b"call-3\n");
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert_eq!(run.stdout.lines().collect::<Vec<_>>(), ids);

    let empty = file("empty.ids", "\n \n");
    for (arguments, text) in [
        (&["get", "-", "-"][..], "standard input can give the ids only once"),
        (&["get", "--ids-file", &empty], "empty.ids holds no id"),
        (&["get", "@"], "@ has to be followed by the name of a file with ids"),
        (&["get", "@no/such/file"], "cannot read no/such/file: no such file"),
    ] {
        let run = finish_with_input(signed(&service, "ids", arguments), b"call-3\n");
        assert!(run.stderr.ends_with(&format!("{text}\n")), "{}", run.stderr);
        assert_eq!(run.stdout, "");
    }
    assert_eq!(finish(signed(&service, "ids", &["get"])).code, Some(2));
}

#[test]
fn ids_may_be_in_the_utf_16_of_powershell_and_what_is_no_text_is_refused() {
    let ids = ids(2);
    let service = service(&ids, Duration::ZERO);
    let text = format!("\u{feff}{}\r\n", ids.join("\r\n"));
    let [little, big] = [u16::to_le_bytes, u16::to_be_bytes]
        .map(|bytes| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>());
    for (bytes, code) in [(&little[..], 0), (&big, 0), (&little[..little.len() - 1], 2), (b"call-1\xff", 2)] {
        let run = finish_with_input(signed(&service, "utf-16", &["get", "-", "--fields", "id"]), bytes);
        assert_eq!(run.code, Some(code), "{bytes:?}: {}", run.stderr);
        assert_eq!(run.stdout.lines().collect::<Vec<_>>(), if code == 0 { &ids[..] } else { &[] });
        assert_eq!(code != 0, run.stderr.contains("standard input: it is no text"), "{}", run.stderr);
    }
}

#[test]
fn many_calls_are_fetched_at_once_over_one_sign_in_and_a_connection_for_each_job() {
    let ids = ids(60);
    let service = service(&ids, Duration::from_millis(100));
    let list = file("sixty.ids", &ids.join("\n"));
    let mut command = signed(&service, "sixty", &["get", "--ids-file", &list, "--json", "--jobs", "6"]);
    command.env_remove("GRAPH_CALL_TOKEN").env("AZURE_TENANT_ID", TENANT);
    command.env("AZURE_CLIENT_ID", CLIENT_ID).env("AZURE_CLIENT_SECRET", CLIENT_SECRET);
    let begun = Instant::now();
    let run = finish(command);
    let took = begun.elapsed();
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let fetched: Vec<String> =
        lines(&run).iter().map(|call| call["id"].as_str().expect("an id").to_owned()).collect();
    assert_eq!(fetched, ids, "in the order of the list");
    let counters = service.counters();
    assert_eq!(counters.issued, 1, "{counters:?}");
    // The calls' and that of the sign-in.
    assert!(counters.connections <= 7, "{counters:?}");
    // Ten rounds; one after the other it would be sixty.
    assert!(took >= Duration::from_secs(1) && took < Duration::from_secs(4), "{took:?}");
}

#[test]
fn one_failure_never_stops_the_rest_and_has_a_line_of_json() {
    let service = Service::start().expect("a service");
    let run =
        finish(signed(&service, "rest", &["get", P2P_CALL, "no-such-call", GROUP_CALL, "--json", "-j1"]));
    assert_eq!((run.code, run.stderr.lines().count()), (Some(3), 1), "{}", run.stderr);
    let lines = lines(&run);
    let ids: Vec<&Value> = lines.iter().map(|line| &line["id"]).collect();
    assert_eq!(ids, [P2P_CALL, "no-such-call", GROUP_CALL]);
    assert!(lines[0]["error"].is_null() && lines[2]["error"].is_null());
    let error = lines[1]["error"].as_object().expect("an error");
    let members: Vec<&str> = error.keys().map(String::as_str).collect();
    let expected = ["code", "hint", "kind", "message", "requestId", "retryAfter", "status", "who"];
    assert_eq!(members, expected, "always all of them");
    for (member, value) in [("kind", "noSuchCall"), ("who", "service"), ("code", "8522")] {
        assert_eq!(error[member], value, "{member}");
    }
    assert_eq!((&error["status"], &error["retryAfter"]), (&404.into(), &Value::Null));
    assert!(error["requestId"].as_str().is_some_and(|id| id.len() == 36), "{error:?}");
    assert!(error["hint"].as_str().is_some_and(|hint| hint.contains("it has ended")), "{error:?}");
}

#[test]
fn what_nobody_answered_is_a_line_of_json_too() {
    let service = Service::start().expect("a service");
    let command = signed(&service, "nobody", &["get", "1", "fault.throttled.150", "--json"]);
    let throttled = finish(command);
    let error = &lines(&throttled)[1]["error"];
    assert_eq!((&error["kind"], &error["retryAfter"]), (&"throttled".into(), &150.into()), "{error}");
    let command = signed(&service, "nobody", &["get", "1", "--json", "--retries", "0"]);
    drop(service);
    let run = finish(command);
    assert_eq!(run.code, Some(7));
    let error = &lines(&run)[0]["error"];
    assert_eq!(
        (&error["kind"], &error["who"], &error["status"]),
        (&"refused".into(), &"nobody".into(), &Value::Null)
    );
}

#[test]
fn with_fail_fast_nothing_begins_after_a_failure() {
    let service = Service::start().expect("a service");
    let arguments = ["get", P2P_CALL, "no-such-call", GROUP_CALL, GROUP_CALL, "-j1", "--fields", "id"];
    let run = finish(signed(&service, "fast", &[&arguments[..], &["--fail-fast"]].concat()));
    assert_eq!((run.code, run.stdout.as_str()), (Some(3), format!("{P2P_CALL}\n").as_str()));
    assert!(run.stderr.ends_with("note: 2 of 4 calls were not asked for\n"), "{}", run.stderr);
    assert_eq!(service.counters().requests, 2);
    let all = finish(signed(&service, "fast", &arguments));
    assert_eq!(all.stdout.lines().count(), 3, "{}", all.stdout);
}

#[test]
fn the_head_is_shown_also_when_the_call_fails() {
    let service = Service::start().expect("a service");
    let run = finish(signed(&service, "head", &["get", "-i", "no-such-call", P2P_CALL, "-j1"]));
    assert_eq!(run.code, Some(3));
    let (failed, fetched) = run.stdout.split_once("\n\n").expect("two heads");
    assert!(failed.starts_with("status: 404\n") && failed.contains("\nrequest-id: "), "{}", run.stdout);
    assert!(failed.contains("\nx-ms-ags-diagnostic: "), "{}", run.stdout);
    assert!(fetched.trim_start().starts_with("status: 200\n"), "{}", run.stdout);
}

#[test]
fn a_secret_that_is_refused_is_posted_once_for_all_calls() {
    let ids = ids(12);
    let service = service(&ids, Duration::ZERO);
    let list = file("refused.ids", &ids.join("\n"));
    let mut command = signed(&service, "refused", &["get", "--ids-file", &list, "--json", "-q"]);
    command.env_remove("GRAPH_CALL_TOKEN").env("AZURE_TENANT_ID", TENANT);
    command.env("AZURE_CLIENT_ID", CLIENT_ID).env("AZURE_CLIENT_SECRET", "canary-wrong");
    let run = finish(command);
    assert_eq!((run.code, run.stderr.as_str()), (Some(4), ""));
    let lines = lines(&run);
    assert_eq!(lines.len(), ids.len());
    assert!(lines.iter().all(|line| line["error"]["kind"] == "credential"), "{lines:?}");
    assert!(!run.stdout.contains("canary"), "{}", run.stdout);
    assert_eq!(service.counters().requests, 1, "{:?}", service.received());
}

#[test]
fn a_token_that_ends_meanwhile_is_renewed_once_for_all_calls() {
    let ids = ids(24);
    let service = service(&ids, Duration::from_millis(20));
    // The first request is refused, and so is every token issued before it.
    service.order(Fault::Expired);
    let list = file("expired.ids", &ids.join("\n"));
    let mut command = signed(&service, "expired", &["get", "--ids-file", &list, "--fields", "id"]);
    command.env_remove("GRAPH_CALL_TOKEN").env("AZURE_TENANT_ID", TENANT);
    command.env("AZURE_CLIENT_ID", CLIENT_ID).env("AZURE_CLIENT_SECRET", CLIENT_SECRET);
    let run = finish(command);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert_eq!(run.stdout.lines().collect::<Vec<_>>(), ids);
    assert_eq!(service.counters().issued, 2, "{:?}", service.counters());
}
