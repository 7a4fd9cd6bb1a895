//! How calls are shown: JSON, tables, chosen members, and what goes to standard error beside them.

use std::path::PathBuf;

use graph_call_std::service::{CLIENT_ID, CLIENT_SECRET, GROUP_CALL, P2P_CALL, Service, TENANT};
use serde_json::Value;

use crate::kit::{finish, fixture, run, signed};

#[test]
fn a_table_is_a_line_for_each_call() {
    let service = Service::start().expect("a service");
    let run =
        finish(signed(&service, "table", &["get", "--table", P2P_CALL, "no-such-call", GROUP_CALL, "-j1"]));
    assert_eq!((run.code, run.stderr.lines().count()), (Some(3), 1), "{}", run.stderr);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines.len(), 4, "{}", run.stdout);
    let failed: Vec<&str> = lines[2].split_whitespace().collect();
    assert_eq!(failed, ["no-such-call", "failed", "-", "-", "-", "noSuchCall", "404"]);
    assert_eq!(
        lines[0].split_whitespace().collect::<Vec<_>>(),
        ["ID", "STATE", "DIRECTION", "FROM", "TO", "RESULT"]
    );
    for (line, id) in [(lines[1], P2P_CALL), (lines[3], GROUP_CALL)] {
        assert!(line.starts_with(&format!("{id}  established       outgoing   Calling Bot")), "{line}");
    }
    let column = |line: &str, word: &str| line.find(word).unwrap_or_else(|| panic!("no {word} in {line}"));
    assert_eq!(column(lines[0], "TO"), column(lines[1], "John"), "{}", run.stdout);
}

#[test]
fn members_are_chosen_by_their_paths() {
    let file = fixture("group.json");
    let chosen = ["--fields", "id,source.identity.application.displayName,subject"];
    let text = run(&[&["parse", &file][..], &chosen].concat()).stdout;
    assert_eq!(text, "2f1a1100-b174-40a0-aba7-0b405e01ed92\tCalling Bot\t\n");
    let json = run(&[&["parse", &file, "--json"][..], &chosen].concat()).stdout;
    let expected = r#"{"id":"2f1a1100-b174-40a0-aba7-0b405e01ed92","source":{"identity":{"application":{"displayName":"Calling Bot"}}}}"#;
    assert_eq!(json.trim_end(), expected);
    let table = run(&[&["parse", &file, "--table"][..], &chosen].concat()).stdout;
    let titles: Vec<&str> = table.lines().next().expect("titles").split_whitespace().collect();
    assert_eq!(titles, ["ID", "source.identity.application.displayName", "subject"]);

    let wrong = run(&["parse", &file, "--fields", "source.colour"]);
    assert_eq!(wrong.code, Some(2));
    let says = "error: invalid value 'source.colour' for '--fields <MEMBER>': the members of source are ";
    assert!(wrong.stderr.starts_with(says) && wrong.stderr.contains("identity"), "{}", wrong.stderr);
    let script = run(&["completions", "bash"]).stdout;
    assert!(
        script.contains("source.identity") && script.contains("mediaState.audio"),
        "completions offer members"
    );
}

#[test]
fn messages_may_be_json_or_none_at_all() {
    let service = Service::start().expect("a service");
    let arguments = ["get", P2P_CALL, "no-such-call", "-j1", "--fields", "id"];
    let quiet = finish(signed(&service, "messages", &[&arguments[..], &["-q"]].concat()));
    assert_eq!((quiet.code, quiet.stderr.as_str()), (Some(3), ""));
    assert_eq!(quiet.stdout, format!("{P2P_CALL}\n"));

    let json =
        finish(signed(&service, "messages", &[&arguments[..], &["-v", "--log-format", "json"]].concat()));
    let lines: Vec<Value> =
        json.stderr.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    for line in &lines {
        assert!(line["at"].is_string() && line["message"].is_string(), "{line}");
    }
    let sent: Vec<&Value> =
        lines.iter().filter(|line| line["event"] == "sent").map(|line| &line["id"]).collect();
    assert_eq!(sent, [P2P_CALL, "no-such-call"]);
    let last = lines.last().expect("a line");
    assert_eq!((&last["level"], &last["id"]), (&"error".into(), &"no-such-call".into()));
    assert_eq!(last["error"]["kind"], "noSuchCall");

    let both = finish(signed(&service, "messages", &[&arguments[..], &["-q", "-v"]].concat()));
    assert_eq!(both.code, Some(2), "{}", both.stderr);
    let text = finish(signed(&service, "messages", &[&arguments[..], &["-v"]].concat()));
    assert!(text.stderr.contains("* [no-such-call] sent GET "), "{}", text.stderr);
}

#[test]
fn the_heads_are_shown_without_what_is_secret() {
    let service = Service::start().expect("a service");
    let run = finish(signed(&service, "heads", &["get", "-vv", "-q", "no-such-call"]));
    assert_eq!(run.code, Some(2), "{}", run.stderr);
    let mut command = signed(&service, "heads", &["get", "-vv", "no-such-call"]);
    command.env_remove("GRAPH_CALL_TOKEN").env("AZURE_TENANT_ID", TENANT);
    command.env("AZURE_CLIENT_ID", CLIENT_ID).env("AZURE_CLIENT_SECRET", CLIENT_SECRET);
    let run = finish(command);
    let lines: Vec<&str> = run.stderr.lines().filter(|line| line.starts_with(['>', '<'])).collect();
    for line in [
        &format!("> POST /{TENANT}/oauth2/v2.0/token HTTP/1.1"),
        "< HTTP/1.1 200 OK",
        "> GET /v1.0/communications/calls/no-such-call HTTP/1.1",
        "> Authorization: [hidden]",
        "> Accept: application/json",
        "< HTTP/1.1 404 Not Found",
        "< OData-Version: 4.0",
    ] {
        assert!(lines.contains(&line), "no {line:?} in {lines:#?}");
    }
    let token = service.received().iter().find_map(|received| received.access_token().map(str::to_owned));
    for secret in [token.expect("a token").as_str(), CLIENT_SECRET] {
        assert!(!run.stderr.contains(secret), "{}", run.stderr);
    }
}

#[test]
fn the_content_is_to_be_had_as_the_service_sent_it() {
    let content = "{ \"id\" : \"odd\",\r\n\"unknown\":[1.50] }\n";
    let service = Service::builder().call("odd", content).start().expect("a service");
    let stdout = finish(signed(&service, "raw", &["get", "odd", "--raw", "-"]));
    assert_eq!((stdout.code, stdout.stdout.as_str(), stdout.stderr.as_str()), (Some(0), content, ""));

    // Also what is no call, of several in their order, and however it was framed.
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("raw.json");
    let name = file.to_str().expect("a UTF-8 path");
    std::fs::write(&file, "what was there before").expect("a file");
    let ids = ["odd", "fault.html", "fault.chunked.3", "no-such-call"];
    let run = finish(signed(&service, "raw", &[&["get", "--raw", name][..], &ids].concat()));
    assert_eq!(
        (run.code, run.stdout.as_str(), run.stderr.lines().count()),
        (Some(8), "", 2),
        "{}",
        run.stderr
    );
    let written = std::fs::read_to_string(&file).expect("UTF-8");
    let rest = written.strip_prefix(content).expect("the first");
    assert!(rest.starts_with('<'), "{rest}");
    let (page, rest) = rest.split_at(rest.find('{').expect("an object"));
    assert!(page.trim_end().ends_with("</html>"), "{page}");
    assert!(rest.contains("\"id\": \"fault.chunked.3\"") && rest.ends_with("}"), "{rest}");
    assert!(rest.contains("{\"error\":{\"code\":\"8522\""), "{rest}");

    let nowhere = finish(signed(&service, "raw", &["get", "odd", "--raw", "no/such/directory/file"]));
    assert_eq!(nowhere.code, Some(2), "a file that an option names");
    assert!(nowhere.stderr.starts_with("error: cannot write no/such/directory/file: "), "{}", nowhere.stderr);
    let broken = finish(signed(&service, "raw", &["get", "fault.gzip", "--raw", name]));
    assert_eq!(broken.code, Some(8), "{}", broken.stderr);
    assert!(std::fs::read(&file).expect("a file").starts_with(&[0x1F, 0x8B]), "compressed, as it came");
}

#[test]
fn what_the_service_sent_beyond_the_model_is_named() {
    let content = r#"{"id":"new","mood":1,"source":{"identity":{"robot":{"id":"2"}}},"@odata.context":"x"}"#;
    let service = Service::builder().call("new", content).start().expect("a service");
    let json = finish(signed(&service, "unknown", &["get", "new", "--json"]));
    assert_eq!(
        json.stdout,
        "{\"id\":\"new\",\"source\":{\"identity\":{}},\"unknown\":[\"mood\",\"source.identity.robot\"]}\n"
    );
    let page = finish(signed(&service, "unknown", &["get", "new"]));
    let rows = "Not known to this version     mood\n                              source.identity.robot\n";
    assert!(page.stdout.ends_with(rows), "{}", page.stdout);
    let chosen = finish(signed(&service, "unknown", &["get", "new", "--json", "--fields", "id"]));
    assert_eq!(chosen.stdout, "{\"id\":\"new\"}\n");
}
