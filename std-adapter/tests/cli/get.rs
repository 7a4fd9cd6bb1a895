//! `graph-call get`: every exit code, earned from a real service over real TLS.

use std::path::PathBuf;
use std::process::Command;

use graph_call_std::service::{CLIENT_ID, CLIENT_SECRET, GROUP_CALL, P2P_CALL, Service, TENANT};

use crate::kit::{Run, finish, finish_with_input, run, signed, tool};

/// A service, and the file with its certificate authority.
struct Stage {
    service: Service,
    ca: PathBuf,
}

impl Stage {
    fn new(name: &str) -> Self {
        Self::with(Service::start().expect("a service"), name)
    }

    fn with(service: Service, name: &str) -> Self {
        let ca = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.pem"));
        std::fs::write(&ca, service.ca_pem()).expect("a CA file");
        Self { service, ca }
    }

    /// `graph-call get` of this service, signed in as its application.
    fn get(&self, arguments: &[&str]) -> Command {
        let mut command = self.unsigned(arguments);
        command.env("AZURE_TENANT_ID", TENANT);
        command.env("AZURE_CLIENT_ID", CLIENT_ID).env("AZURE_CLIENT_SECRET", CLIENT_SECRET);
        command
    }

    /// The same, without a credential.
    fn unsigned(&self, arguments: &[&str]) -> Command {
        let host = format!("localhost:{}", self.service.address().port());
        let mut command = tool(["get"].iter().chain(arguments));
        command.args(["--host", &host, "--danger-trust-host", "--ca"]).arg(&self.ca);
        command
    }

    fn run(&self, arguments: &[&str]) -> Run {
        finish(self.get(arguments))
    }

    /// A run that fetches nothing: its code and its one line.
    fn fails(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let run = self.run(arguments);
        assert_eq!(run.stdout, "", "{arguments:?}");
        assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
        (run.code, run.stderr)
    }
}

#[test]
fn both_calls_of_the_documentation_are_fetched_and_printed() {
    let stage = Stage::new("both");
    let run = stage.run(&[P2P_CALL, GROUP_CALL]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let titles: Vec<&str> = run.stdout.lines().filter(|line| line.starts_with("Call ")).collect();
    assert_eq!(titles, [format!("Call {P2P_CALL}"), format!("Call {GROUP_CALL}")]);
    assert!(run.stdout.contains("John (user 112f7296-5fa4-42ca-bae8-6a692b15d4b8)"), "{}", run.stdout);
}

#[test]
fn json_is_one_line_a_call() {
    let stage = Stage::new("json");
    let run = stage.run(&["--json", GROUP_CALL, P2P_CALL, "--select", "id,state"]);
    let ids: Vec<String> = run
        .stdout
        .lines()
        .map(|line| {
            let call: serde_json::Value = serde_json::from_str(line).expect("JSON");
            assert_eq!(call["state"], "established");
            assert!(call.get("source").is_none(), "{line}");
            call["id"].as_str().expect("an id").to_owned()
        })
        .collect();
    assert_eq!(ids, [GROUP_CALL, P2P_CALL]);
}

#[test]
fn every_id_is_tried_and_the_highest_code_counts() {
    let stage = Stage::new("several");
    let run = stage.run(&["no-such-call", "a/b", P2P_CALL]);
    assert_eq!(run.code, Some(3), "{}", run.stderr);
    assert!(run.stdout.contains(P2P_CALL));
    let lines: Vec<&str> = run.stderr.lines().collect();
    assert_eq!(lines.len(), 2, "{}", run.stderr);
    assert!(lines[0].starts_with("error: call no-such-call: "), "{}", lines[0]);
    for word in ["404", "8522", "request-id", "it has ended, or belongs to another application"] {
        assert!(lines[0].contains(word), "no {word}: {}", lines[0]);
    }
    assert!(lines[1].starts_with("error: call a/b: "), "{}", lines[1]);
}

#[test]
fn ids_may_come_from_standard_input() {
    let stage = Stage::new("stdin");
    let ids = format!("  {P2P_CALL}  \n\n{GROUP_CALL}\r\n");
    let run = finish_with_input(stage.get(&["-", "--json"]), ids.as_bytes());
    assert_eq!((run.code, run.stdout.lines().count()), (Some(0), 2), "{}", run.stderr);
    let run = finish_with_input(stage.get(&["-"]), b"\n\n");
    assert_eq!((run.code, run.stderr.as_str()), (Some(2), "error: standard input holds no id\n"));
}

#[test]
fn a_refusal_of_permission_names_the_permissions() {
    let stage = Stage::new("forbidden");
    let (code, line) = stage.fails(&["fault.forbidden"]);
    assert_eq!(code, Some(4));
    for word in ["403", "Calls.Initiate.All", "Calls.AccessMedia.All", "delegated tokens are not supported"] {
        assert!(line.contains(word), "no {word}: {line}");
    }
}

#[test]
fn throttling_is_waited_for_if_there_is_time_and_reported_if_not() {
    let stage = Stage::new("throttled");
    let run = stage.run(&["once.throttled.0", "-v"]);
    assert!(run.stderr.contains("* status 429, trying again in "), "{}", run.stderr);
    let (code, line) = stage.fails(&["fault.throttled.150"]);
    assert_eq!(code, Some(5), "{line}");
    assert!(line.contains("come back in 150 s"), "{line}");
    let (code, _) = stage.fails(&["fault.throttled.0", "--retries", "0"]);
    assert_eq!(code, Some(5));
}

#[test]
fn silence_ends_with_6() {
    let stage = Stage::new("silence");
    for (id, says) in
        [("fault.stall.before-head", "nothing within 500ms"), ("fault.drip", "no whole answer within 500ms")]
    {
        let (code, line) = stage.fails(&[id, "--timeout", "0.5", "--retries", "0"]);
        assert_eq!(code, Some(6), "{line}");
        assert!(line.contains(says), "{line}");
    }
}

#[test]
fn answers_that_cannot_be_read_end_with_8_and_cut_ones_with_7() {
    let stage = Stage::new("answers");
    for (id, expected) in [
        ("fault.html", 8),
        ("fault.text", 8),
        ("fault.gzip", 8),
        ("fault.length.-5", 8),
        ("fault.huge", 8),
        ("fault.cut", 7),
        ("fault.reset", 7),
        ("fault.redirect", 1),
        ("fault.status.500", 1),
    ] {
        let (code, line) = stage.fails(&[id, "--retries", "0"]);
        assert_eq!(code, Some(expected), "{line}");
    }
}

#[test]
fn nothing_but_the_size_of_the_content_is_a_limit() {
    let subject = "s".repeat(200_000);
    let long = format!(r#"{{"id":"long","subject":"{subject}"}}"#);
    let stage = Stage::with(Service::builder().call("long", long).start().expect("a service"), "long");
    let run = stage.run(&["--json", "long"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let call: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(call["subject"], subject);
    let (code, line) = stage.fails(&["fault.huge"]);
    assert_eq!(code, Some(8));
    assert!(line.contains("the content is larger than the limit"), "{line}");
}

#[test]
fn a_page_of_html_is_called_what_it_is() {
    let stage = Stage::new("html");
    let (_, line) = stage.fails(&["fault.html"]);
    for word in ["text/html", "a proxy or a sign-in page may have answered instead"] {
        assert!(line.contains(word), "no {word}: {line}");
    }
    // What a 200 holds may be somebody's call.
    assert!(!line.contains("Please sign in"), "{line}");
}

#[test]
fn compressed_content_is_called_what_it_is() {
    let stage = Stage::new("gzip");
    let (_, line) = stage.fails(&["fault.gzip"]);
    for word in ["coding", "RFC 9110, section 8.4", "a proxy may have compressed the answer"] {
        assert!(line.contains(word), "no {word}: {line}");
    }
}

#[test]
fn a_url_for_a_host_is_wrong_usage() {
    let mut command = tool(["get", "1", "--danger-trust-host", "--host", "https://localhost:443/"]);
    command.env("GRAPH_CALL_TOKEN", "canary-token");
    let run = finish(command);
    assert_eq!(run.code, Some(2), "{}", run.stderr);
    assert!(run.stderr.contains("HOST:PORT, no URL"), "{}", run.stderr);
}

#[test]
fn nobody_there_and_nobody_to_trust_end_with_7() {
    let stage = Stage::new("trust");
    let host = format!("localhost:{}", stage.service.address().port());
    let mut command = tool(["get", "1", "--danger-trust-host", "--host", &host]);
    command.env("GRAPH_CALL_TOKEN", "canary-token");
    let run = finish(command);
    assert_eq!(run.code, Some(7), "{}", run.stderr);
    assert!(run.stderr.contains("--ca trusts another certificate authority"), "{}", run.stderr);
    assert_eq!(stage.service.received().len(), 0, "nothing is sent to whom nobody trusts");

    let closed = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("a port");
    let mut command = tool(["get", "1", "--danger-trust-host", "--host", &closed.to_string()]);
    command.env("GRAPH_CALL_TOKEN", "canary-token");
    let run = finish(command);
    assert_eq!(run.code, Some(7), "{}", run.stderr);
    assert!(!run.stderr.contains("canary"), "{}", run.stderr);
}

#[test]
fn a_ca_file_without_a_certificate_is_wrong_usage() {
    let mut command = tool(["get", "1", "--ca", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")]);
    command.env("GRAPH_CALL_TOKEN", "canary-token");
    let run = finish(command);
    assert_eq!(run.code, Some(2), "{}", run.stderr);
    assert!(run.stderr.ends_with("it has to be PEM text\n"), "{}", run.stderr);
}

#[test]
fn without_a_credential_nothing_is_sent() {
    let stage = Stage::new("unsigned");
    let run = finish(stage.unsigned(&["1"]));
    assert_eq!(run.code, Some(4));
    assert!(run.stderr.contains("GRAPH_CALL_TOKEN") && run.stderr.contains("--token-file"), "{}", run.stderr);

    for (name, missing) in
        [("AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"), ("AZURE_CLIENT_SECRET", "AZURE_CLIENT_ID")]
    {
        let mut command = stage.unsigned(&["1"]);
        command.env(name, "canary").env("AZURE_CLIENT_CERTIFICATE_PATH", "");
        let run = finish(command);
        assert_eq!((run.code, run.stderr.lines().count()), (Some(4), 1), "{}", run.stderr);
        assert!(run.stderr.starts_with("error: no access token: "), "{}", run.stderr);
        assert!(run.stderr.contains(missing) && !run.stderr.contains("canary"), "{}", run.stderr);
    }
    assert_eq!(stage.service.received().len(), 0);
}

#[test]
fn the_access_token_comes_from_a_file_standard_input_or_the_environment() {
    let stage = Stage::new("token");
    let token = stage.service.access_token();
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("token.txt");
    std::fs::write(&file, format!("{token}\n")).expect("a token file");
    let file = file.to_str().expect("a UTF-8 path");

    assert_eq!(finish(stage.unsigned(&[P2P_CALL, "--token-file", file])).code, Some(0));
    let from_stdin = stage.unsigned(&[P2P_CALL, "--token-stdin"]);
    assert_eq!(finish_with_input(from_stdin, token.as_bytes()).code, Some(0));
    let mut from_environment = stage.unsigned(&[P2P_CALL]);
    from_environment.env("GRAPH_CALL_TOKEN", &token);
    assert_eq!(finish(from_environment).code, Some(0));

    let missing = finish(stage.unsigned(&[P2P_CALL, "--token-file", "no/such/token"]));
    assert_eq!(
        (missing.code, missing.stderr.as_str()),
        (Some(4), "error: no access token: the token file no/such/token cannot be read: no such file\n")
    );
    let both = finish(stage.unsigned(&["-", "--token-stdin"]));
    assert_eq!(both.code, Some(2), "{}", both.stderr);
}

#[test]
fn a_wrong_secret_shows_the_aadsts_code_and_never_the_secret() {
    let stage = Stage::new("secret");
    let mut command = stage.get(&[P2P_CALL, "-v", "-i"]);
    command.env("AZURE_CLIENT_SECRET", "canary-secret");
    let run = finish(command);
    assert_eq!(run.code, Some(4), "{}", run.stderr);
    assert!(run.stderr.contains("AADSTS7000215"), "{}", run.stderr);
    assert!(!run.stderr.contains("canary"), "{}", run.stderr);
}

#[test]
fn verbose_tells_every_step_and_no_secret() {
    let stage = Stage::new("verbose");
    let run = stage.run(&[P2P_CALL, "-v", "-i"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    for word in [
        "* connected to localhost:",
        "* secured by TLS",
        "* sent GET /v1.0/communications/calls/",
        "* received status 200",
    ] {
        assert!(run.stderr.contains(word), "no {word:?} in {}", run.stderr);
    }
    assert!(run.stdout.starts_with("status: 200\n"), "{}", run.stdout);
    assert!(run.stdout.contains("\nrequest-id: ") && run.stdout.contains("\ndate: "), "{}", run.stdout);
    let token =
        stage.service.received().iter().find_map(|received| received.access_token().map(str::to_owned));
    let token = token.expect("a token was sent");
    for output in [&run.stdout, &run.stderr] {
        assert!(!output.contains(&token) && !output.contains(CLIENT_SECRET), "{output}");
    }
}

#[test]
fn a_dry_run_prints_the_request_and_sends_nothing() {
    let run = run(&[
        "get",
        "57dab8b1",
        "--dry-run",
        "--beta",
        "--cloud",
        "usgov-l5",
        "--select",
        "id,state",
        "--expand",
        "participants",
    ]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let target = "GET /beta/communications/calls/57dab8b1?$select=id,state&$expand=participants HTTP/1.1\r\n";
    assert!(run.stdout.starts_with(target), "{}", run.stdout);
    assert!(
        run.stdout.contains("\r\nHost: dod-graph.microsoft.us\r\nAuthorization: Bearer ACCESS-TOKEN\r\n")
    );
    let bad = finish(tool(["get", "a b", "--dry-run"]));
    assert_eq!((bad.code, bad.stdout.as_str()), (Some(2), ""));
}

#[test]
fn options_that_make_no_sense_end_with_2() {
    for arguments in [
        &["get"][..],
        &["get", "1", "--host", "localhost:1"],
        &["get", "1", "--danger-trust-host"],
        &["get", "1", "--host", "local host", "--danger-trust-host"],
        &["get", "1", "--cloud", "mars"],
        &["get", "1", "--select", "colour"],
        &["get", "1", "--expand", "colour"],
        &["get", "1", "--retries", "11"],
        &["get", "1", "--timeout", "0"],
        &["get", "1", "--timeout", "soon"],
        &["get", "1", "--token-file", "x", "--token-stdin"],
        &["get", "1", "--json", "--include"],
        &["get", "1", "--json", "--table"],
        &["get", "1", "--raw", "-", "--json"],
        &["get", "1", "--fields", "colour"],
        &["get", "1", "--jobs", "0"],
        &["get", "1", "--jobs", "257"],
        &["get", "1", "--connect-timeout", "0"],
        &["get", "1", "--quiet", "--verbose"],
        &["get", "1", "--color", "red"],
        &["watch", "1", "--until", "colour"],
        &["watch", "1", "--timeout", "0"],
        &["watch", "1", "--changes-only", "--json"],
        &["watch", "1", "--interval", "0.5"],
        &["watch"],
    ] {
        let run = run(arguments);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{arguments:?}: {}", run.stderr);
    }
    let clouds = run(&["get", "1", "--cloud", "mars"]).stderr;
    assert!(clouds.contains("[possible values: global, usgov-l4, usgov-l5, china]"), "{clouds}");
    let near = run(&["get", "1", "--select", "satte"]).stderr;
    assert!(near.contains("a similar value exists: 'state'"), "{near}");
}

#[test]
fn in_china_the_hint_says_that_the_call_is_not_listed() {
    let stage = Stage::new("china");
    let (_, line) = stage.fails(&["no-such-call", "--cloud", "china"]);
    assert!(line.contains("does not list this call for china"), "{line}");
}

#[test]
fn a_call_is_shown_without_what_cannot_be_read_if_that_is_wanted() {
    let content = r#"{"id":"odd","state":"terminated","subject":["not","a","text"]}"#;
    let service = Service::builder().call("odd", content).start().expect("a service");
    let strict = finish(signed(&service, "odd", &["get", "odd"]));
    assert_eq!((strict.code, strict.stdout.as_str()), (Some(8), ""), "{}", strict.stderr);
    let get = finish(signed(&service, "odd", &["get", "odd", "--required", "resultInfo", "--json"]));
    assert_eq!(get.stdout, "{\"id\":\"odd\",\"state\":\"terminated\",\"unreadable\":[\"subject\"]}\n");
    assert!(get.stderr.contains("subject cannot be read"), "{}", get.stderr);
    let watch = finish(signed(&service, "odd", &["watch", "odd", "--required", "id", "--json"]));
    assert_eq!(watch.code, Some(0), "{}", watch.stderr);
    assert!(watch.stdout.contains("\"terminated\""), "{}", watch.stdout);
}
