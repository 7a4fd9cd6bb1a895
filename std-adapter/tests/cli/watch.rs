//! `graph-call watch`: what is told of calls that change, and how a watch ends.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use graph_call_std::service::{CHANGING_CALL, Service};
use serde_json::{Value, json};

use crate::kit::{Run, finish, signed};

/// A service whose changing calls are in each state for one look.
fn service() -> Service {
    Service::builder().reads_per_state(1).start().expect("a service")
}

fn watch(service: &Service, name: &str, arguments: &[&str]) -> Command {
    let mut command = signed(service, name, &["watch", "--interval", "1"]);
    command.args(arguments);
    command
}

fn lines(run: &Run) -> Vec<Value> {
    run.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn each_change_is_a_line_that_says_what_has_changed() {
    let run = finish(watch(&service(), "watch", &[CHANGING_CALL, "--json"]));
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let lines = lines(&run);
    let states: Vec<&Value> = lines.iter().map(|line| &line["call"]["state"]).collect();
    assert_eq!(states, ["establishing", "established", "terminated"]);
    let changed: Vec<&Value> = lines.iter().map(|line| &line["changed"]).collect();
    assert_eq!(changed, [&json!([]), &json!(["state"]), &json!(["state"])]);
    for line in &lines {
        assert_eq!((&line["id"], &line["event"]), (&json!(CHANGING_CALL), &json!("call")), "{line}");
        let at = line["at"].as_str().expect("a time");
        assert!(at.starts_with("20") && at.ends_with('Z'), "{at}");
    }
}

#[test]
fn a_diff_is_a_line_for_each_member() {
    let run = finish(watch(&service(), "watch-diff", &[CHANGING_CALL, "--changes-only"]));
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let lines: Vec<&str> = run.stdout.lines().filter_map(|line| Some(line.split_once("Z ")?.1)).collect();
    assert_eq!(lines.len(), 3, "{}", run.stdout);
    assert_eq!(lines[0], "establishing, outgoing");
    assert!(
        lines[1].starts_with("state establishing → established, ") && lines[1].ends_with(" s"),
        "{}",
        lines[1]
    );
    assert!(lines[2].starts_with("state established → terminated, "), "{}", lines[2]);
}

#[test]
fn a_table_has_a_line_for_each_change() {
    let run = finish(watch(&service(), "watch-table", &[CHANGING_CALL, "--table"]));
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let lines: Vec<Vec<&str>> = run.stdout.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["AT", "ID", "STATE", "DIRECTION", "DURATION", "FROM", "TO", "RESULT"]);
    let shown: Vec<String> = lines[1..].iter().map(|line| line[1..5].join(" ")).collect();
    assert_eq!(shown[..2], ["changing establishing outgoing -", "changing established outgoing 0"]);
    assert!(
        shown[2].starts_with("changing terminated outgoing ") && !shown[2].ends_with('0'),
        "{}",
        shown[2]
    );
}

#[test]
fn several_calls_are_watched_at_once_and_each_is_named() {
    let service = service();
    let begun = Instant::now();
    let ids = ["changing.a", "changing.b", "changing.c"];
    let run = finish(watch(&service, "watch-several", &[&ids[..], &["--changes-only"]].concat()));
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    for id in ids {
        let of_it = run.stdout.lines().filter(|line| line.contains(&format!("Z {id} "))).count();
        assert_eq!(of_it, 3, "{}", run.stdout);
    }
    // One after the other would take three times two intervals.
    assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
    assert_eq!(service.counters().issued, 0, "{:?}", service.counters());
}

#[test]
fn a_state_that_is_waited_for_ends_the_watch() {
    let service = service();
    let run = finish(watch(
        &service,
        "until",
        &[CHANGING_CALL, "--until", "established,hold", "--fields", "state"],
    ));
    assert_eq!(
        (run.code, run.stdout.as_str(), run.stderr.as_str()),
        (Some(0), "establishing\nestablished\n", "")
    );
}

#[test]
fn a_call_that_ends_without_the_state_is_a_failure() {
    let run =
        finish(watch(&service(), "until-never", &[CHANGING_CALL, "--until", "hold,transferring", "--json"]));
    assert_eq!(run.code, Some(3), "{}", run.stderr);
    let text = "error: call changing: wait: the call has ended without being hold or transferring\n";
    assert_eq!(run.stderr, text);
    let last = lines(&run).pop().expect("a line");
    assert_eq!((&last["event"], &last["isFinal"]), (&json!("failed"), &json!(true)));
    assert_eq!(last["error"]["kind"], "noSuchCall");
    // That it is terminated may be waited for as well.
    let run = finish(watch(&service(), "until-end", &[CHANGING_CALL, "--until", "terminated"]));
    assert_eq!(run.code, Some(0), "{}", run.stderr);
}

#[test]
fn a_state_that_is_not_asked_for_cannot_be_waited_for() {
    let service = service();
    let arguments = [CHANGING_CALL, "--until", "established", "--select", "id"];
    let run = finish(watch(&service, "until-select", &arguments));
    let text = "error: --until looks at the state, which --select leaves out\n";
    assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (Some(2), "", text));
    let asked = [&arguments[..4], &["id,state", "--json"]].concat();
    assert_eq!(finish(watch(&service, "until-select", &asked)).code, Some(0));
}

#[test]
fn an_event_has_the_id_that_was_read_and_never_a_token() {
    let service = service();
    let url = format!("https://localhost:{}/v1.0/communications/calls/changing.u", service.address().port());
    let token = format!("eyJ{}.canary", "x".repeat(80));
    let run = finish(watch(&service, "ids", &[&url, &token, "--json", "--until", "established"]));
    assert_eq!(run.code, Some(2), "{}", run.stderr);
    let ids: Vec<Value> = lines(&run).iter().map(|line| line["id"].clone()).collect();
    assert!(ids.iter().all(|id| id == "changing.u" || id == "(hidden)") && ids.len() == 3, "{ids:?}");
    assert!(!format!("{}{}", run.stdout, run.stderr).contains("canary"), "{}", run.stdout);
}

#[test]
fn the_whole_has_a_time() {
    let service = Service::builder().reads_per_state(1_000).start().expect("a service");
    let begun = Instant::now();
    let arguments = ["changing.a", "changing.b", "--until", "established", "--timeout", "2.5", "--json"];
    let run = finish(watch(&service, "whole", &arguments));
    let took = begun.elapsed();
    assert!((2_500..6_000).contains(&took.as_millis()), "{took:?}");
    assert_eq!((run.code, run.stderr.lines().count()), (Some(6), 2), "{}", run.stderr);
    assert!(
        run.stderr.starts_with("error: call changing.a: wait: not established within 3 s\n"),
        "{}",
        run.stderr
    );
    let events: Vec<Value> = lines(&run).iter().map(|line| line["event"].clone()).collect();
    assert_eq!(events, ["call", "call", "failed", "failed"]);
}

#[test]
fn a_wait_that_a_failure_causes_is_told() {
    let service = service();
    let run = finish(watch(&service, "waiting", &["once.throttled.0", "--until", "established", "--json"]));
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let lines = lines(&run);
    let events: Vec<&Value> = lines.iter().map(|line| &line["event"]).collect();
    assert_eq!(events, ["waiting", "call"]);
    assert_eq!((&lines[0]["id"], &lines[0]["error"]["status"]), (&json!("once.throttled.0"), &json!(429)));
    assert!(lines[0]["seconds"].as_f64().is_some_and(|seconds| seconds >= 1.0), "{}", lines[0]);
}

#[test]
fn a_call_that_is_gone_is_told() {
    for (form, told) in [
        ("--json", r#""event":"gone"}"#),
        ("--changes-only", " gone: the service does not know the call any more"),
        ("--table", "  changing  gone  "),
    ] {
        let service = service();
        let mut command = signed(&service, "gone", &["watch", CHANGING_CALL, form, "--interval", "3"]);
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the tool starts");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
        assert!(lines.any(|line| line.contains("establishing")), "a reading");
        // The other states pass while the watch does not look.
        for _ in 0..2 {
            assert_eq!(finish(signed(&service, "gone", &["get", CHANGING_CALL])).code, Some(0));
        }
        let rest: Vec<String> = lines.collect();
        assert!(rest.len() == 1 && rest[0].contains(told), "{rest:?}");
        assert_eq!(child.wait().expect("it ends").code(), Some(0));
    }
}

#[test]
fn a_call_that_never_was_ends_a_watch_with_3() {
    let service = Service::start().expect("a service");
    let run = finish(watch(&service, "never", &["no-such-call", "--json"]));
    assert_eq!(run.code, Some(3), "{}", run.stderr);
    let [line] = &lines(&run)[..] else { panic!("one line: {}", run.stdout) };
    assert_eq!((&line["event"], &line["error"]["kind"]), (&json!("failed"), &json!("noSuchCall")), "{line}");
    assert!(run.stderr.contains("it has ended, or belongs to another application"), "{}", run.stderr);
}

#[test]
fn a_failure_that_nothing_mends_ends_a_watch_and_any_other_does_not() {
    for (fault, code, events) in [
        ("forbidden", 4, &["failed"][..]),
        ("status.400", 1, &["failed"]),
        // The state that this request would have met is over then.
        ("status.503", 0, &["failed", "call"]),
    ] {
        let service = service();
        let arguments = ["watch", CHANGING_CALL, "--json", "--interval", "2", "--retries", "0"];
        let mut command = signed(&service, "mend", &arguments);
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the tool starts");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
        let first = lines.next().expect("a reading");
        assert!(first.contains("establishing"), "{first}");
        service.order(fault.parse().expect("a fault"));
        let told: Vec<Value> = lines.map(|line| serde_json::from_str(&line).expect("JSON")).collect();
        assert_eq!(told.iter().map(|line| &line["event"]).collect::<Vec<_>>(), events, "{fault}: {told:?}");
        assert_eq!(told[0]["isFinal"], code != 0, "{}", told[0]);
        assert_eq!(child.wait().expect("it ends").code(), Some(code), "{fault}");
    }
}

#[test]
fn a_watch_that_cannot_begin_ends_at_once() {
    let service = Service::start().expect("a service");
    let mut command = signed(&service, "watch-nobody", &["watch", "1", "--interval", "60"]);
    command.args(["--retries", "0"]);
    drop(service);
    let run = finish(command);
    assert_eq!((run.code, run.stderr.lines().count()), (Some(7), 1), "{}", run.stderr);
}

/// A watch of a call that does not change, once it has told the first reading.
#[cfg(unix)]
fn waiting(service: &Service, name: &str) -> std::process::Child {
    let mut command =
        signed(service, name, &["watch", CHANGING_CALL, "--interval", "60", "--fields", "state"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the tool starts")
}

#[cfg(unix)]
#[test]
fn a_reader_that_leaves_ends_a_watch_while_it_waits() {
    let service = Service::start().expect("a service");
    let mut child = waiting(&service, "reader");
    let mut reader = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut line = String::new();
    reader.read_line(&mut line).expect("a line");
    assert_eq!(line, "establishing\n");
    let begun = Instant::now();
    drop(reader);
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
    let mut stderr = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut stderr).expect("UTF-8");
    assert_eq!(stderr, "");
}

#[cfg(unix)]
#[test]
fn a_signal_ends_a_watch_with_130() {
    let service = Service::start().expect("a service");
    for signal in ["-INT", "-TERM"] {
        let mut child = waiting(&service, "signal");
        let mut reader = BufReader::new(child.stdout.take().expect("a pipe"));
        reader.read_line(&mut String::new()).expect("a line");
        assert!(
            Command::new("kill").args([signal, &child.id().to_string()]).status().expect("kill").success()
        );
        assert_eq!(child.wait().expect("it ends").code(), Some(130), "{signal}");
    }
}
