//! `graph-call parse` of what else has calls in it: notifications, lists, lines, archives, answers with their heads.

use std::path::PathBuf;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::kit::{Run, fixture, run, run_with_input};

/// The ids of the calls that are printed as JSON, and the whole run.
fn ids(content: &str, options: &[&str]) -> (Vec<String>, Run) {
    let run = run_with_input(&[&["parse", "--json", "-"], options].concat(), content.as_bytes());
    let id = |line: &str| {
        let call: serde_json::Value = serde_json::from_str(line).expect("JSON");
        call["id"].as_str().unwrap_or_default().to_owned()
    };
    (run.stdout.lines().map(id).collect(), run)
}

const NOTIFICATIONS: &str = r##"{
  "@odata.type": "#microsoft.graph.commsNotifications",
  "value": [
    {
      "@odata.type": "#microsoft.graph.commsNotification",
      "changeType": "updated",
      "resourceUrl": "/communications/calls/one",
      "resourceData": { "@odata.type": "#microsoft.graph.call", "id": "one", "state": "established" }
    },
    {
      "changeType": "updated",
      "resourceUrl": "/communications/calls/one/participants",
      "resourceData": [{ "@odata.type": "#microsoft.graph.participant", "id": "p" }]
    },
    { "changeType": "deleted", "resourceData": { "@odata.type": "#microsoft.graph.call", "id": "two" } }
  ]
}"##;

#[test]
fn the_calls_of_notifications_are_found_and_named() {
    let (found, run) = ids(NOTIFICATIONS, &[]);
    assert_eq!((run.code, found), (Some(0), vec!["one".to_owned(), "two".to_owned()]));
    assert_eq!(
        run.stderr,
        "note: standard input: 2 calls, value[0].resourceData, value[2].resourceData; passed over value[1]: no call, but a \
         notification of something else\n"
    );
    let shown = run_with_input(&["parse"], NOTIFICATIONS.as_bytes()).stdout;
    assert!(shown.starts_with("standard input, value[0].resourceData\nCall one\nestablished\n"), "{shown}");
    assert!(shown.contains("\n\nstandard input, value[2].resourceData\nCall two\n"), "{shown}");
}

#[test]
fn lists_wrappers_and_lines_have_calls_in_them() {
    for (content, expected) in [
        (r#"[{"id":"1"},{"id":"2"}]"#, &["1", "2"][..]),
        (r#"{"value":[{"id":"1"},{"id":"2"}],"@odata.nextLink":"https://a/"}"#, &["1", "2"]),
        (r##"{"value":{"@odata.type":"#microsoft.graph.call","id":"1"}}"##, &["1"]),
        ("{\"id\":\"1\"}\r\n\r\n{\"value\":[{\"id\":\"2\"}]}\n[{\"id\":\"3\"}]", &["1", "2", "3"]),
        (r#"{"responses":[{"id":"a","status":200,"body":{"id":"1"}}]}"#, &["1"]),
    ] {
        let (found, run) = ids(content, &[]);
        assert_eq!(
            (run.code, &found[..]),
            (Some(0), &expected.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>()[..])
        );
        assert!(run.stderr.starts_with("note: standard input: "), "{}", run.stderr);
    }
}

#[test]
fn what_curl_prints_is_read_with_its_status() {
    let call = std::fs::read_to_string(fixture("group.json")).expect("a fixture");
    let plain = run_with_input(&["parse"], call.as_bytes()).stdout;
    for head in [
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n",
        "HTTP/1.1 200 Connection established\r\n\r\nHTTP/2 200 \r\n\r\n",
    ] {
        let answer = format!("{head}{call}");
        for options in [&["parse"][..], &["parse", "--from", "curl"]] {
            let run = run_with_input(options, answer.as_bytes());
            assert_eq!(run.code, Some(0), "{}", run.stderr);
            assert!(run.stdout.ends_with(&plain), "{}", run.stdout);
        }
    }
    let broken = run_with_input(&["parse"], b"HTTP/1.1 200 OK\n\n{\n\"id\": 7}");
    assert_eq!(broken.code, Some(8));
    assert!(broken.stderr.contains("at line 4, column 7 (byte 25), in id"), "{}", broken.stderr);
    let none = run_with_input(&["parse", "--from", "curl"], call.as_bytes());
    assert_eq!(none.code, Some(8));
    assert!(none.stderr.contains("no HTTP head where one was expected"), "{}", none.stderr);
}

#[test]
fn an_answer_without_json_is_told_as_what_it_is_and_no_hint_is_followed_already() {
    for (content, says) in [
        ("HTTP/2 204 \r\n\r\n", "status 204, no content"),
        ("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", "status 404, no content"),
        ("HTTP/1.1 502 Bad\r\n\r\n<html>\n", "status 502, no call, but HTML or XML"),
        ("HTTP/1.1 200 OK\r\n\r\n<html>\n", "no call, but HTML or XML"),
    ] {
        let (found, run) = ids(content, &[]);
        assert_eq!((run.code, found.len()), (Some(8), 1), "{content}: {}", run.stderr);
        assert_eq!(run.stderr, format!("error: standard input: {says}\n"), "{content}");
        let call = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{\"id\":\"1\"}";
        let (found, run) = ids(&format!("{call}{content}"), &[]);
        assert_eq!((run.code, found), (Some(0), vec!["1".to_owned()]), "{content}: {}", run.stderr);
        assert!(run.stderr.contains(&format!(": {says}\n")), "{}", run.stderr);
    }
    for content in ["{\"id\":", "{'id':1}", "\u{feff}{}", "oops"] {
        let (_, run) = ids(&format!("HTTP/1.1 200 OK\r\n\r\n{content}"), &[]);
        assert_eq!(run.code, Some(8), "{content}: {}", run.stderr);
        assert!(!run.stderr.contains("--from curl"), "it is read so: {}", run.stderr);
    }
}

#[test]
fn an_archive_gives_its_answers_of_calls_and_no_secret() {
    let entry = |url: &str, status: u16, content: &str| {
        format!(
            r#"{{"request":{{"method":"GET","url":"{url}","headers":[{{"name":"Authorization","value":"Bearer canary"}}]}},
                "response":{{"status":{status},"content":{{"mimeType":"application/json",{content}}}}}}}"#
        )
    };
    let calls = "https://graph.microsoft.com/v1.0/communications/calls/";
    let encoded = BASE64_STANDARD.encode(r#"{"id":"two"}"#);
    let entries = [
        entry("https://cdn.example/canary.png", 200, r#""text":"canary""#),
        entry(&format!("{calls}one"), 200, r#""text":"{\"id\":\"one\"}""#),
        entry(&format!("{calls}two"), 200, &format!(r#""encoding":"base64","text":"{encoded}""#)),
        entry(
            &format!("{calls}gone"),
            404,
            r#""text":"{\"error\":{\"code\":\"8522\",\"message\":\"Call not found.\"}}""#,
        ),
    ];
    let archive = |entries: &[String]| {
        format!("{{\"log\":{{\"version\":\"1.2\",\"entries\":[{}]}}}}", entries.join(","))
    };
    for options in [&[][..], &["--from", "har"]] {
        let (found, run) = ids(&archive(&entries), options);
        assert_eq!((run.code, found), (Some(0), vec!["one".to_owned(), "two".to_owned()]), "{}", run.stderr);
        assert_eq!(
            run.stderr,
            "note: standard input: 2 calls, log.entries[1], log.entries[2]; passed over log.entries[3]: status 404, no call, but \
             an error of the service: 8522: Call not found.\n"
        );
    }
    let (_, none) = ids(&archive(&entries[3..]), &[]);
    assert_eq!(none.code, Some(8), "{}", none.stderr);
    let (_, broken) = ids(&archive(&[entry(&format!("{calls}x"), 200, r#""text":"{\"id\":7}""#)]), &[]);
    assert_eq!(broken.code, Some(8));
    assert!(broken.stderr.contains("log.entries[0]: expected a string"), "{}", broken.stderr);
    assert!(!broken.stderr.contains("canary"), "{}", broken.stderr);
}

#[test]
fn one_bad_call_stops_none_of_the_others() {
    let (found, run) = ids("{\"id\":\"1\"}\n{\"id\":2}\n{\"id\":\"3\"}\n", &[]);
    // The failure has a line between theirs.
    assert_eq!((run.code, found), (Some(8), ["1", "", "3"].map(str::to_owned).to_vec()));
    assert!(run.stderr.contains("at line 2, column 7 (byte 17), in id"), "{}", run.stderr);
    assert!(run.stderr.contains("note: standard input: 2 calls, line 1, line 3"), "{}", run.stderr);
}

#[test]
fn every_file_is_read_and_named() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let list = folder.join("list.json");
    std::fs::write(&list, r#"[{"id":"in a list"}]"#).expect("a file");
    let (group, p2p) = (fixture("group.json"), fixture("p2p.json"));
    let (list, missing) = (list.to_str().expect("a path"), folder.join("none").display().to_string());
    let all = run(&["parse", &group, &missing, list, &p2p]);
    assert_eq!(all.code, Some(8), "one is missing");
    for line in [&group, &format!("{list}, [0]"), &p2p] {
        assert!(all.stdout.lines().any(|shown| shown == line), "{line}: {}", all.stdout);
    }
    assert!(all.stderr.contains(&format!("error: cannot read {missing}: no such file\n")), "{}", all.stderr);
    assert!(all.stderr.contains(&format!("note: {list}: 1 call, [0]\n")), "{}", all.stderr);
    let stdin = run_with_input(&["parse", "--json", &group, "-"], br#"{"id":"x"}"#);
    assert_eq!((stdin.code, stdin.stdout.lines().count(), stdin.stderr.as_str()), (Some(0), 2, ""));
}

#[test]
fn places_that_act_on_a_terminal_do_not() {
    let run = run_with_input(&["parse", "no\u{1b}[31msuch", "-"], b"[{\"id\":\"\x1b\"}]");
    assert_eq!(run.code, Some(8));
    assert!(!run.stderr.contains('\u{1b}'), "{}", run.stderr);
    let many = format!("[{}]", vec!["{}"; 1_000].join(","));
    let run = run_with_input(&["parse"], many.as_bytes());
    assert!(run.stderr.contains("and 992 more") && run.stderr.len() < 1_000, "{}", run.stderr);
}
