//! `graph-call parse`: what a person sees of a good call, and of a bad file.

use crate::kit::{finish, fixture, run, run_with_input, tool};

fn parse(content: impl AsRef<[u8]>) -> crate::kit::Run {
    run_with_input(&["parse"], content.as_ref())
}

/// The end of a file that is refused: code 8, nothing on standard output.
fn refused(content: impl AsRef<[u8]>) -> String {
    let run = parse(content);
    assert_eq!((run.code, run.stdout.as_str()), (Some(8), ""), "{}", run.stderr);
    run.stderr
}

#[test]
fn the_group_call_of_the_documentation_is_laid_out_for_a_person() {
    let run = run(&["parse", &fixture("group.json")]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    for line in [
        "Call 2f1a1100-b174-40a0-aba7-0b405e01ed92",
        "established, outgoing",
        "Source                        Calling Bot (application 2891555a-92ff-42e6-80fa-6e1300c6b5c6)",
        "Targets                       (none)",
        "Requested modalities          audio",
        "Callback                      https://bot.contoso.com/callback",
    ] {
        assert!(run.stdout.lines().any(|shown| shown == line), "no line {line:?} in\n{}", run.stdout);
    }
    for value in [
        "https://cdn.contoso.com/beep.wav",
        "86dc814b-c172-4428-9112-60f8ecae1edb",
        "19:meeting_Win6Ydo4wsMijFjZS00ZGVjLTk5MGUtOTRjNWY2NmNkYTFm@thread.v2",
        "user 5810cede-f3cc-42eb-b2c1-e9bd5d53ec96",
        "2020-05-28T00:10:54.104318Z",
        "05491616-385f-44a8-9974-18cc5f9933c1",
    ] {
        assert!(run.stdout.contains(value), "no {value} in\n{}", run.stdout);
    }
}

#[test]
fn a_list_that_the_service_cut_does_not_look_whole() {
    let run = parse(
        r#"{"id":"1","participants@odata.count":40,"participants@odata.nextLink":"https://graph.test/next",
            "participants":[{"id":"p1"}],"operations@odata.count":2}"#,
    );
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    for line in ["(and 39 more, not sent)", "the others: https://graph.test/next", "(2, none of them sent)"] {
        assert!(run.stdout.contains(line), "no {line:?} in\n{}", run.stdout);
    }
}

#[test]
fn half_a_character_is_refused_and_the_hint_says_what_accepts_it() {
    let body = r#"{"id":"1","subject":"cut \ud83d","x":"\ud83d"}"#;
    let error = refused(body);
    assert!(error.contains("half of a surrogate pair stands alone\n"), "{error}");
    assert!(error.contains("--allow-lone-surrogates"), "{error}");
    let run = run_with_input(&["parse", "--allow-lone-surrogates"], body.as_bytes());
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert!(run.stdout.contains("cut \u{fffd} (half a character was sent)"), "{}", run.stdout);
}

#[test]
fn what_is_not_known_is_listed_if_asked_for() {
    let body = "{\"id\":\"1\",\"@odata.context\":\"c\",\"mood\":{\"is\":\n[\"good\"]},\"targets\":[{\"\u{202e}x\":1.50}],\"source\":{}}";
    let run = run_with_input(&["parse", "--unknown"], body.as_bytes());
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines, ["mood: {\"is\":\\n[\"good\"]}", "targets[0].\\u{202e}x: 1.50"]);
    let run = run_with_input(&["parse", "--unknown"], b"{\"id\":\"1\"}");
    assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (Some(0), "", ""));
    assert_eq!(run_with_input(&["parse", "--unknown", "--json"], b"{}").code, Some(2));
}

#[test]
fn json_is_one_line_with_the_same_members() {
    for name in ["group.json", "p2p.json"] {
        let run = run(&["parse", "--json", &fixture(name)]);
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
        assert_eq!(run.stdout.lines().count(), 1);
        let again = parse_json(&run_with_input(&["parse", "--json", "-"], run.stdout.as_bytes()).stdout);
        let first = parse_json(&run.stdout);
        assert_eq!(first, again);
        let original = parse_json(&std::fs::read_to_string(fixture(name)).expect("a fixture"));
        for member in ["id", "state", "direction", "callbackUri", "myParticipantId"] {
            assert_eq!(first[member], original[member], "{name}: {member}");
        }
        assert_eq!(first["chatInfo"]["threadId"], original["chatInfo"]["threadId"]);
    }
}

fn parse_json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).expect("JSON")
}

#[test]
fn an_error_says_what_and_where_with_a_caret() {
    let content = "{\n  \"id\": \"1\",\n  \"targets\": [{\"identity\": {\"user\": {\"id\": 7}}}]\n}\n";
    assert_eq!(
        refused(content),
        "error: standard input: expected a string\n  \
           at line 3, column 44 (byte 58), in targets[0].identity.user.id\n  \
           |\n\
         3 |   \"targets\": [{\"identity\": {\"user\": {\"id\": 7}}}]\n  \
           |                                            ^\n  \
           hint: --required state shows the call without members that are wrong\n"
    );
    let error = refused("{\"id\": 7}");
    assert!(error.contains("in id\n") && !error.contains("hint"), "{error}");
}

#[test]
fn a_long_line_is_shown_around_the_place() {
    let content = format!("{{\"x\":\"{}\",\"state\":[],\"y\":\"{}\"}}", "a".repeat(9_000), "b".repeat(9_000));
    let stderr = refused(&content);
    assert!(stderr.contains("column 9017 (byte 9016), in state"), "{stderr}");
    assert!(stderr.lines().all(|line| line.chars().count() < 120), "{stderr}");
    assert!(stderr.contains("aaa\",\"state\":[],\"y\":\"bbb"), "{stderr}");
}

#[test]
fn what_is_no_json_is_called_by_its_name() {
    for (content, hint) in [
        (&b""[..], "the file is empty"),
        (b" \n\n", "the file is blank"),
        (b"\xEF\xBB\xBF{}", "UTF-8 byte order mark"),
        (b"\xFF\xFE{\0}\0", "UTF-16"),
        (b"\xFE\xFF\0{\0}", "UTF-16"),
        (b"\x1F\x8B\x08\0\0", "compressed"),
        (b"<!doctype html><html>", "HTML"),
        (b"\x7fELF\0\0", "binary"),
        (b"{\"id\":\"1\"", "ends before the call does"),
        (b"{\"id\":\"1\",}", "--allow-trailing-commas"),
        (b"{'id':'1'}", "double quotes"),
        (b"{\"id\":\"1\"} {\"id\":\"2\"}", "--from ndjson"),
    ] {
        let stderr = refused(content);
        assert!(stderr.contains("hint: ") && stderr.contains(hint), "{content:?}: {stderr}");
    }
}

#[test]
fn an_object_that_is_no_call_is_called_by_its_name() {
    for (content, note) in [
        ("{}", "no call: no member of one is in this object\n"),
        (
            r#"{"value":[{"changeType":"updated","resourceData":[{"id":"1"}]}]}"#,
            "value[0]: no call, but a notification of something else\n",
        ),
        (
            r##"{"@odata.type":"#microsoft.graph.user","id":"1","displayName":"A"}"##,
            "no call, but by its @odata.type a microsoft.graph.user\n",
        ),
        ("[]", "no call, but an empty list\n"),
        (r#"{"value":[]}"#, "no call, but an empty list\n"),
        (
            "HTTP/1.1 404 No\r\n\r\n{\"error\":{\"code\":\"8522\"}}",
            "status 404, no call, but an error of the service: 8522\n",
        ),
        ("HTTP/1.1 200 OK\r\n\r\n{}", "no call: no member"),
        (r#"{"log":{"entries":[{"request":{"url":"https://a/"},"response":{}}]}}"#, "no HTTP archive (HAR)"),
        (
            r#"{"log":{"entries":[{"request":{"url":"https://a/"},"response":{"status":200,"content":{}}}]}}"#,
            "no call is in it",
        ),
        (
            r#"{"error":{"code":"8522","message":"Call not found."}}"#,
            "no call, but an error of the service: 8522: Call not found.\n",
        ),
        (r#"{"error":{"code":404,"message":{}}}"#, "no call, but an error of the service: 404\n"),
        (
            r##"{"value":[{"@odata.type":"#microsoft.graph.user","id":"1"},{}]}"##,
            "value[0]: no call, but by its @odata.type a microsoft.graph.user; value[1]: no call: no member",
        ),
    ] {
        let stderr = refused(content.as_bytes());
        assert!(stderr.starts_with("error: standard input: ") && stderr.contains("no "), "{stderr}");
        assert!(stderr.contains(note), "{stderr}");
    }
}

#[test]
fn files_that_cannot_be_read_end_with_8() {
    let missing = run(&["parse", "no/such/file.json"]);
    assert_eq!(missing.code, Some(8));
    assert_eq!(missing.stderr, "error: cannot read no/such/file.json: no such file\n");
    let directory = run(&["parse", env!("CARGO_MANIFEST_DIR")]);
    assert_eq!(directory.code, Some(8));
    assert!(directory.stderr.ends_with("this is a directory\n"), "{}", directory.stderr);
    let strange = run(&["parse", "no\u{1b}[31m\u{202e}such"]);
    assert_eq!(strange.stderr, "error: cannot read no\\u{1b}[31m\\u{202e}such: no such file\n");
}

#[cfg(target_os = "linux")]
#[test]
fn an_endless_file_is_given_up() {
    let run = run(&["parse", "/dev/zero"]);
    assert_eq!(run.code, Some(8));
    assert!(run.stderr.contains("larger than 16 MiB"), "{}", run.stderr);
}

#[test]
fn nothing_acts_on_the_terminal_and_json_stays_untouched() {
    let name = "Eve\\u001b]0;owned\\u0007\\u202eevE";
    let content = format!(
        "{{\"subject\":\"{name}\",\"source\":{{\"identity\":{{\"user\":{{\"displayName\":\"{name}\"}}}}}}}}"
    );
    let shown = parse(&content).stdout;
    assert_eq!(shown.matches("Eve\\u{1b}]0;owned\\u{7}\\u{202e}evE").count(), 2, "{shown}");
    assert!(!shown.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{shown}");
    let json = run_with_input(&["parse", "--json"], content.as_bytes()).stdout;
    assert_eq!(parse_json(&json)["subject"], "Eve\u{1b}]0;owned\u{7}\u{202e}evE");

    let broken = refused("{\"subject\":\"\u{202e}\u{9b}\", oops}");
    assert!(!broken.contains(['\u{202e}', '\u{9b}']), "{broken}");
}

#[test]
fn secrets_are_hidden_and_named_unless_they_are_asked_for() {
    let content = r##"{"meetingInfo":{"token":"canary-1","passcode":"canary-2"},
        "mediaConfig":{"@odata.type":"#microsoft.graph.appHostedMediaConfig","blob":"canary-3"},
        "operations":[{"recordingAccessToken":"canary-4"}]}"##;
    let shown = parse(content).stdout;
    assert!(!shown.contains("canary"), "{shown}");
    assert_eq!(shown.matches("(hidden; --show-secrets shows it)").count(), 4, "{shown}");
    let json = run_with_input(&["parse", "--json"], content.as_bytes()).stdout;
    assert!(!json.contains("canary"), "{json}");
    let hidden = [
        "mediaConfig.blob",
        "meetingInfo.token",
        "meetingInfo.passcode",
        "operations[0].recordingAccessToken",
    ];
    assert_eq!(parse_json(&json)["hidden"], serde_json::json!(hidden));
    for form in [&["--json"][..], &["--pretty"], &[]] {
        let asked = [&["parse", "--show-secrets"], form].concat();
        let shown = run_with_input(&asked, content.as_bytes()).stdout;
        assert_eq!(shown.matches("canary").count(), 4, "{shown}");
        assert!(!shown.contains("hidden"), "{shown}");
    }
}

#[test]
fn a_text_of_any_length_is_read() {
    let (id, subject) = ("i".repeat(100_000), "s".repeat(100_000));
    let content = format!("{{\"id\":\"{id}\",\"subject\":\"{subject}\"}}");
    let run = run_with_input(&["parse", "--json"], content.as_bytes());
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let call: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!((&call["id"], &call["subject"]), (&id.into(), &subject.into()));
}

#[test]
fn colour_reaches_what_is_no_terminal_only_when_asked_for() {
    for (option, variables, is_coloured) in [
        ("auto", &[][..], false),
        ("auto", &[("CLICOLOR_FORCE", "1")], true),
        ("auto", &[("CLICOLOR_FORCE", "0")], false),
        ("auto", &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false),
        ("always", &[("NO_COLOR", "1")], true),
        ("never", &[("CLICOLOR_FORCE", "1")], false),
    ] {
        let mut command = tool(["parse", &fixture("group.json"), "--color", option]);
        command.env("TERM", "xterm-256color").envs(variables.iter().copied());
        assert_eq!(finish(command).stdout.contains('\u{1b}'), is_coloured, "{option} {variables:?}");
    }
}

/// Notifications may name a call and say no more of it.
#[test]
fn what_says_that_it_is_a_call_is_one_whatever_else_it_says() {
    let only = r##"{"@odata.type":"#microsoft.graph.call","@odata.id":"/communications/calls/57dab8b1"}"##;
    let posted = format!(r#"{{"value":[{{"changeType":"updated","resourceData":{only}}}]}}"#);
    for (body, code) in [(only, 0), (&*posted, 0), ("{}", 8), (r#"{"@odata.id":"57dab8b1"}"#, 8)] {
        let run = run_with_input(&["parse"], body.as_bytes());
        assert_eq!(run.code, Some(code), "{body}: {}", run.stderr);
        assert_eq!(run.stdout.contains("Call (no id)"), code == 0, "{body}: {}", run.stdout);
    }
}

#[test]
fn what_helps_stands_apart_from_what_is_wrong() {
    let run = run_with_input(&["parse", "--json"], br#"{"id":"1",}"#);
    let line: serde_json::Value = serde_json::from_str(&run.stdout).expect("a line of JSON");
    let error = &line["error"];
    assert!(error["hint"].as_str().is_some_and(|hint| hint.contains("--allow-trailing-commas")), "{line}");
    assert!(error["message"].as_str().is_some_and(|text| !text.contains("hint")), "{line}");
    assert!(run.stderr.ends_with("--allow-trailing-commas accepts them\n"), "{}", run.stderr);
}

#[test]
fn a_wrong_member_that_nobody_requires_is_left_out_and_named() {
    let body =
        r#"{"id":"1","state":"established","subject":7,"toneInfo":{"tone":[]},"targets":[{"hidden":true}]}"#;
    let error = refused(body);
    assert!(error.contains("subject: expected a string") || error.contains("in subject"), "{error}");
    assert!(error.contains("--required state"), "{error}");

    let run = run_with_input(&["parse", "--required", "targets", "--json"], body.as_bytes());
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let call: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(call["unreadable"], serde_json::json!(["subject", "toneInfo"]));
    assert_eq!((&call["state"], &call["targets"][0]["hidden"]), (&"established".into(), &true.into()));
    assert!(call.get("subject").is_none() && call.get("toneInfo").is_none());
    assert_eq!(
        run.stderr,
        "note: 1: subject, toneInfo cannot be read: the first fault is in subject, at byte 42 of the call\n"
    );

    for (options, what) in [("subject", "subject"), ("id,subject", "subject"), ("toneInfo", "toneInfo")] {
        let run = run_with_input(&["parse", "--required", options], body.as_bytes());
        assert_eq!((run.code, run.stdout.as_str()), (Some(8), ""), "{options}");
        assert!(run.stderr.contains(what), "{}", run.stderr);
    }
    // Without these nobody knows what the rest is about.
    let run = run_with_input(&["parse", "--required", "targets"], br#"{"id":7,"targets":[]}"#);
    assert_eq!(run.code, Some(8), "{}", run.stderr);
    assert_eq!(run_with_input(&["parse", "--required", "target"], body.as_bytes()).code, Some(2));
}
