//! `graph-call whoami` and `graph-call doctor`: whose token it is, and what does not work.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::Command;

use graph_call_std::service::{CLIENT_ID, CLIENT_SECRET, CertificateKind, Fault, P2P_CALL, Service, TENANT};

use crate::kit::{Run, finish, signed, token, tool};

/// A command for the service, as its application.
fn as_application(service: &Service, name: &str, arguments: &[&str]) -> Command {
    let mut command = signed(service, name, arguments);
    command.env_remove("GRAPH_CALL_TOKEN").env("AZURE_TENANT_ID", TENANT);
    command.env("AZURE_CLIENT_ID", CLIENT_ID).env("AZURE_CLIENT_SECRET", CLIENT_SECRET);
    command
}

#[test]
fn whoami_shows_what_the_token_says_and_not_the_token() {
    let service = Service::start().expect("a service");
    let shown = finish(as_application(&service, "whoami", &["whoami"]));
    assert_eq!((shown.code, shown.stderr.as_str()), (Some(0), ""));
    for line in [
        "Token from    the environment (AZURE_...)",
        &format!("Tenant        {TENANT}"),
        &format!("Application   {CLIENT_ID}"),
        "For           https://graph.microsoft.com",
        "Permissions   Calls.Initiate.All",
        "Get call      allowed",
    ] {
        assert!(shown.stdout.lines().any(|shown| shown == line), "{line}: {}", shown.stdout);
    }
    assert!(shown.stdout.contains("Z, in 59 min\n"), "{}", shown.stdout);
    assert!(service.received().iter().all(|received| received.access_token().is_none()), "it goes to nobody");

    let mut command = signed(&service, "whoami", &["whoami", "--json"]);
    command.env("GRAPH_CALL_TOKEN", token(r#"{"tid":"t\u001b","appid":"a","aud":"https://graph.microsoft.com","roles":["User.Read.All"],"exp":4000000000}"#));
    let Run { code, stdout, stderr } = finish(command);
    assert_eq!(code, Some(4), "{stderr}");
    assert!(stderr.contains("lacks the permission Calls.Initiate.All, or Calls.AccessMedia.All"), "{stderr}");
    assert!(!format!("{stdout}{stderr}").contains(['\u{1b}']) && !stdout.contains("canary"), "{stdout}");
    let said: serde_json::Value = serde_json::from_str(&stdout).expect("JSON");
    assert_eq!(
        (&said["mayReadCalls"], &said["ends"], &said["tenant"]),
        (&false.into(), &"2096-10-02T07:06:40Z".into(), &"t\u{1b}".into())
    );
}

#[test]
fn whoami_says_of_a_token_that_will_not_do_why() {
    for (text, code, says) in [
        (token(r#"{"exp":1000000000,"roles":["Calls.Initiate.All"]}"#), 4, "this access token ended"),
        (token(r#"{"scp":"canary"}"#), 4, "a signed-in user's"),
        (token(r#"{"aud":"https://vault.azure.net"}"#), 4, "Azure Key Vault"),
        ("opaque-canary".to_owned(), 0, "cannot be read here"),
    ] {
        let mut command = tool(["whoami"]);
        command.env("GRAPH_CALL_TOKEN", text);
        let run = finish(command);
        assert_eq!(run.code, Some(code), "{}", run.stderr);
        assert!(run.stderr.contains(says), "{says}: {}", run.stderr);
        assert!(!format!("{}{}", run.stdout, run.stderr).contains("canary"), "{}", run.stdout);
    }
}

/// The step of the doctor's that has failed, if one has, with its line; those before it are well, those after it skipped.
fn failed(run: &Run) -> Option<(String, String)> {
    let lines: Vec<serde_json::Value> =
        run.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let steps = ["name", "connection", "proxy", "TLS", "service", "clock", "sign-in", "permission", "call"];
    assert_eq!(lines.iter().map(|line| &line["step"]).collect::<Vec<_>>(), steps);
    let outcomes: Vec<_> = lines.iter().map(|line| line["outcome"].as_str().expect("a text")).collect();
    let well = outcomes.iter().take_while(|outcome| **outcome == "ok").count();
    assert!(outcomes.iter().skip(well + 1).all(|outcome| *outcome == "skipped"), "{outcomes:?}");
    let line = lines.get(well)?;
    assert_eq!(line["outcome"], "failed");
    Some((line["step"].as_str()?.to_owned(), line.to_string()))
}

fn doctor(mut command: Command) -> (Run, Option<(String, String)>) {
    command.args(["--json"]);
    let run = finish(command);
    for canary in ["canary", CLIENT_SECRET] {
        assert!(!format!("{}{}", run.stdout, run.stderr).contains(canary), "{}", run.stdout);
    }
    let failed = failed(&run);
    (run, failed)
}

#[test]
fn the_doctor_finds_nothing_where_nothing_is_wrong() {
    let service = Service::start().expect("a service");
    for arguments in
        [&["doctor"][..], &["doctor", P2P_CALL], &["doctor", &format!("/communications/calls/{P2P_CALL}")]]
    {
        let (run, failed) = doctor(as_application(&service, "doctor", arguments));
        assert_eq!((run.code, failed, run.stderr.as_str()), (Some(0), None, ""));
    }
    let shown = finish(as_application(&service, "doctor", &["doctor", P2P_CALL])).stdout;
    assert!(shown.starts_with("ok       name        localhost:"), "{shown}");
    assert!(shown.ends_with("ok       call        it is read: established\n"), "{shown}");
}

#[test]
fn the_doctor_names_the_step_that_fails_and_what_to_do() {
    let service = Service::start().expect("a service");
    let host = |host: &str| {
        let mut command = tool(["doctor", "--danger-trust-host", "--host", host]);
        command.env("GRAPH_CALL_TOKEN", "canary");
        command
    };
    let closed = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("a port");
    let mut proxied = tool(["doctor"]);
    proxied.env("HTTPS_PROXY", format!("http://me:canary@{}", refusing_proxy()));
    let expired = Service::builder().certificate(CertificateKind::Expired).start().expect("a service");
    let page = Service::start().expect("a service");
    page.order(Fault::Html);
    let mut wrong_secret = as_application(&service, "doctor-secret", &["doctor"]);
    wrong_secret.env("AZURE_CLIENT_SECRET", "canary-secret");
    let mut nobody = signed(&service, "doctor-nobody", &["doctor"]);
    nobody.env_remove("GRAPH_CALL_TOKEN");
    let mut lacking = signed(&service, "doctor-lacking", &["doctor"]);
    lacking
        .env("GRAPH_CALL_TOKEN", token(r#"{"aud":"https://graph.microsoft.com","roles":["User.Read.All"]}"#));
    let mut unknown = signed(&service, "doctor-unknown", &["doctor"]);
    unknown.env("GRAPH_CALL_TOKEN", "canary");
    for (command, code, step, says) in [
        (host("no-such-name.invalid:443"), 7, "name", "no address is known for this name"),
        (host(&closed.to_string()), 7, "connection", "whether it needs a proxy"),
        (proxied, 7, "proxy", "the proxy wants a user name and a password"),
        (signed(&expired, "doctor-expired", &["doctor"]), 7, "TLS", "set the clock if it is wrong"),
        (signed(&page, "doctor-page", &["doctor"]), 8, "service", "a sign-in page may have answered"),
        (wrong_secret, 4, "sign-in", "AADSTS7000215"),
        (nobody, 4, "sign-in", "set GRAPH_CALL_TOKEN"),
        (lacking, 4, "permission", "with the consent of an administrator"),
        (unknown, 4, "call", "status 401"),
        (
            as_application(&service, "doctor-call", &["doctor", "no-such-call"]),
            3,
            "call",
            "it has ended, or belongs",
        ),
    ] {
        let (run, failed) = doctor(command);
        let (found, line) = failed.expect("a step fails");
        assert_eq!((run.code, found.as_str()), (Some(code), step), "{line} {}", run.stderr);
        assert!(line.contains(says), "{says}: {line}");
    }
    let usage = finish(as_application(&service, "doctor-usage", &["doctor", "a/b"]));
    assert_eq!((usage.code, usage.stdout.as_str()), (Some(2), ""));
}

/// A proxy that wants to know who asks.
fn refusing_proxy() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("a port").to_string();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let _ = stream.read(&mut [0; 4096]);
            let _ =
                stream.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
        }
    });
    address
}
