//! How one signs in: every form of a token, every way to one, and what the tool says of one that will not do.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Command;

use graph_call_std::service::{CLIENT_ID, CLIENT_SECRET, P2P_CALL, Service, TENANT};

use crate::kit::{finish, finish_with_input, signed, token, tool};

const TOKEN: &str = "case-token-0123456789";

fn file(name: &str, content: impl AsRef<[u8]>) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, content).expect("a file");
    path.to_str().expect("a UTF-8 path").to_owned()
}

/// `graph-call get` of a call that is there, without any credential.
fn unsigned(service: &Service, name: &str, options: &[&str]) -> Command {
    let mut command = signed(service, name, &[&["get", P2P_CALL, "--retries", "0"], options].concat());
    command.env_remove("GRAPH_CALL_TOKEN");
    command
}

#[test]
fn every_form_of_a_token_is_the_same_from_everywhere() {
    let service = Service::builder().accept_access_token(TOKEN).start().expect("a service");
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let forms: [Vec<u8>; 9] = [
        TOKEN.into(),
        format!("{TOKEN}\r\n").into(),
        format!("Bearer {TOKEN}\n").into(),
        format!("Authorization: Bearer {TOKEN}").into(),
        format!("\"{TOKEN}\"\n").into(),
        format!("\u{feff}{TOKEN}").into(),
        wide(&format!("\u{feff}{TOKEN}\r\n")),
        format!(
            r#"{{"accessToken":"{TOKEN}","expiresOn":"2036-01-01 00:00:00.000000","expires_on":2082758400}}"#
        )
        .into(),
        format!(r#"{{"token_type":"Bearer","expires_in":3599,"access_token":"{TOKEN}"}}"#).into(),
    ];
    for (number, form) in forms.iter().enumerate() {
        let name = format!("form-{number}");
        let file = file(&name, form);
        let run = finish(unsigned(&service, &name, &["--token-file", &file]));
        assert_eq!(run.code, Some(0), "{form:?}: {}", run.stderr);
        let run = finish_with_input(unsigned(&service, &name, &["--token-stdin"]), form);
        assert_eq!(run.code, Some(0), "{form:?}: {}", run.stderr);
        let Ok(text) = std::str::from_utf8(form) else { continue };
        let mut command = unsigned(&service, &name, &[]);
        command.env("GRAPH_CALL_TOKEN", text);
        assert_eq!(finish(command).code, Some(0), "{form:?}");
    }
    let run = finish_with_input(unsigned(&service, "form-none", &["--token-stdin"]), b"another-token");
    assert_eq!(run.code, Some(4), "a control: another token is refused");
}

#[test]
fn what_a_token_looks_like_is_said_and_nothing_of_it_shown() {
    let service = Service::start().expect("a service");
    let graph = r#""aud":"https://graph.microsoft.com","roles":["Calls.Initiate.All"]"#;
    for (claims, says) in [
        (r#"{"scp":"canary"}"#.to_owned(), "is a signed-in user's (claim scp, no roles)"),
        (format!(r#"{{{graph},"exp":1000000000}}"#), "this access token ended"),
        (format!(r#"{{{graph},"nbf":99999999999}}"#), "this access token begins in"),
        (
            r#"{"aud":"https://graph.microsoft.com","roles":["canary"]}"#.to_owned(),
            "lacks the permission Calls.Initiate.All",
        ),
    ] {
        let mut command = unsigned(&service, "looks", &[]);
        command.env("GRAPH_CALL_TOKEN", token(&claims));
        let run = finish(command);
        assert_eq!((run.code, run.stdout.as_str()), (Some(4), ""), "{claims}: {}", run.stderr);
        assert!(run.stderr.contains(says) && !run.stderr.contains("canary"), "{claims}: {}", run.stderr);
        assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
    }
    for (text, says) in [
        ("two words", "it has several words"),
        ("{\"error\":\"canary\"}", "JSON of an error"),
        ("-----BEGIN canary-----", "a certificate or a key"),
    ] {
        let mut command = unsigned(&service, "looks", &[]);
        command.env("GRAPH_CALL_TOKEN", text);
        let run = finish(command);
        assert_eq!(run.code, Some(4), "{text}");
        assert!(run.stderr.starts_with("error: no access token: GRAPH_CALL_TOKEN: "), "{}", run.stderr);
        assert!(run.stderr.contains(says) && !run.stderr.contains("canary"), "{}", run.stderr);
    }
}

#[test]
fn a_token_for_something_else_is_sent_to_nobody() {
    for (claims, says) in [
        (r#"{"aud":"https://management.azure.com"}"#, "ask for one for https://graph.microsoft.com"),
        (
            r#"{"aud":"https://dod-graph.microsoft.us"}"#,
            "the cloud usgov-l5, and calls of global are asked for",
        ),
    ] {
        // Nothing would answer there, and to nobody is anything sent.
        let file = file("audience", token(claims));
        for options in [&["--token-file", &file][..], &[]] {
            let mut command = tool([&["get", "1", "2", "--retries", "0"], options].concat());
            command.env("GRAPH_CALL_TOKEN", token(claims)).env("HTTPS_PROXY", "http://127.0.0.1:1");
            let run = finish(command);
            assert_eq!((run.code, run.stderr.lines().count()), (Some(4), 1), "{}", run.stderr);
            assert!(run.stderr.contains(says) && !run.stderr.contains("canary"), "{}", run.stderr);
        }
    }
}

#[test]
fn an_application_signs_in_by_whatever_it_has() {
    let service = Service::start().expect("a service");
    let secret = file("secret.txt", format!("\u{feff}{CLIENT_SECRET}\r\n"));
    let assertion = file("assertion.txt", "e30.e30.c2ln\n");
    let certificate = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/application.pem");
    let application = ["--tenant", TENANT, "--client-id", CLIENT_ID];
    for way in [
        ["--client-secret-file", &secret],
        ["--certificate", certificate],
        ["--federated-token-file", &assertion],
    ] {
        let run = finish(unsigned(&service, "ways", &[&way[..], &application].concat()));
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{way:?}");
        // What the command line leaves out the environment has, as Azure's SDKs name it.
        let mut command = unsigned(&service, "ways", &way);
        command.env("AZURE_TENANT_ID", TENANT).env("AZURE_CLIENT_ID", CLIENT_ID);
        command.env("AZURE_CLIENT_SECRET", "canary").env("GRAPH_CALL_TOKEN", "canary");
        let run = finish(command);
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{way:?}");
        let run = finish(unsigned(&service, "ways", &[&way[..], &["--client-id", CLIENT_ID]].concat()));
        assert_eq!(run.code, Some(4));
        assert!(run.stderr.contains("--tenant or AZURE_TENANT_ID"), "{}", run.stderr);
    }
    for (name, value) in
        [("AZURE_CLIENT_CERTIFICATE_PATH", certificate), ("AZURE_FEDERATED_TOKEN_FILE", assertion.as_str())]
    {
        let mut command = unsigned(&service, "ways", &["--tenant", TENANT]);
        command.env("AZURE_CLIENT_ID", CLIENT_ID).env(name, value).env("GRAPH_CALL_TOKEN", "canary");
        let run = finish(command);
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{name}");
    }
    assert!(service.received().iter().all(|received| received.access_token() != Some("canary")));
}

#[cfg(unix)]
#[test]
fn a_program_prints_the_token() {
    let service = Service::builder().accept_access_token(TOKEN).start().expect("a service");
    let command = format!("sh -c \"echo Bearer {TOKEN}\"");
    let run = finish(unsigned(&service, "program", &["--token-command", &command]));
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    for (command, code, says) in [
        ("sh -c 'echo canary >&2; exit 3'", 4, "ended with code 3"),
        ("no-such-program-at-all canary", 4, "cannot be run"),
        (" ", 2, "there is no program in it"),
    ] {
        let run = finish(unsigned(&service, "program", &["--token-command", command]));
        assert_eq!(run.code, Some(code), "{}", run.stderr);
        assert!(run.stderr.contains(says) && !run.stderr.contains("canary"), "{}", run.stderr);
    }
    let slow = finish(unsigned(&service, "program", &["--token-command", "sleep 20", "--timeout", "0.5"]));
    assert_eq!(slow.code, Some(6), "{}", slow.stderr);
    assert!(slow.stderr.contains("has not ended within 500ms"), "{}", slow.stderr);
}

#[test]
fn a_token_that_the_service_refuses_is_told_with_who_refused_it() {
    let service = Service::start().expect("a service");
    let mut command = unsigned(&service, "no-token", &[]);
    command.env("GRAPH_CALL_TOKEN", "canary-0123456789");
    let run = finish(command);
    let host = format!("localhost:{}", service.address().port());
    assert_eq!(run.code, Some(4), "{}", run.stderr);
    assert!(run.stderr.starts_with(&format!("error: call {P2P_CALL}: {host}: status 401")), "{}", run.stderr);
    let hint =
        "; what was given has not the form of an application's token (a JWT): it may be a secret, or cut\n";
    assert!(run.stderr.ends_with(hint) && !run.stderr.contains("canary"), "{}", run.stderr);
}

#[test]
fn a_managed_identity_is_asked_for_at_its_endpoint() {
    let service = Service::builder().accept_access_token(TOKEN).start().expect("a service");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let endpoint = format!("http://{}/msi/token", listener.local_addr().expect("a port"));
    let asked = std::thread::spawn(move || {
        let (stream, _) = listener.accept().expect("somebody asks");
        let mut lines = BufReader::new(&stream).lines().map_while(Result::ok);
        let head: Vec<String> = lines.by_ref().take_while(|line| !line.is_empty()).collect();
        let content =
            format!(r#"{{"access_token":"{TOKEN}","expires_on":"2082758400","token_type":"Bearer"}}"#);
        let length = content.len();
        write!(
            &stream,
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{content}"
        )
        .expect("it listens");
        head
    });
    let mut command = unsigned(&service, "managed", &["--managed-identity", "--client-id", CLIENT_ID]);
    command.env("IDENTITY_ENDPOINT", endpoint).env("IDENTITY_HEADER", "canary");
    let run = finish(command);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let head = asked.join().expect("it was asked");
    assert!(head[0].starts_with("GET /msi/token?") && head[0].contains(CLIENT_ID), "{head:?}");
    assert!(head.iter().any(|line| line.eq_ignore_ascii_case("x-identity-header: canary")), "{head:?}");
}

#[test]
fn two_ways_at_once_are_wrong_usage() {
    let run = finish(tool(["get", "1", "--token-file", "a", "--managed-identity"]));
    assert_eq!(run.code, Some(2), "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn a_pipe_is_read_once_and_a_file_again() {
    let service = Service::builder().accept_access_token(TOKEN).start().expect("a service");
    let mut command = Command::new("bash");
    let get = unsigned(&service, "pipe", &[]);
    command.args(["-c", "exec \"$0\" \"$@\" --token-file <(echo $TOKEN)"]).arg(get.get_program());
    command.args(get.get_args()).env("TOKEN", TOKEN);
    let run = finish(command);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
}
