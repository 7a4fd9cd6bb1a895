//! Commands that last: watch, demo, serve, and their ends.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use graph_call_std::service::{GROUP_CALL, P2P_CALL, Service};
use rustls::RootCertStore;

use crate::kit::{finish, run, signed, tool, without_secrets};

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_wait_with_130() {
    let service = Service::start().expect("a service");
    let mut command = signed(&service, "interrupt", &["get", "-v", "fault.throttled.60"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the tool starts");
    let lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
    let waiting = lines.map_while(Result::ok).any(|line| line.contains("trying again"));
    assert!(waiting, "it waits before it is interrupted");
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().expect("kill").success());
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
}

#[cfg(unix)]
#[test]
fn a_reader_that_leaves_ends_a_get_while_it_waits() {
    let service = Service::start().expect("a service");
    let mut command = signed(&service, "leave", &["get", P2P_CALL, "fault.throttled.60", "--fields", "id"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the tool starts");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    assert_eq!(lines.next().expect("a line").expect("UTF-8"), P2P_CALL);
    let begun = std::time::Instant::now();
    drop(lines);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &[][..]));
    assert!(begun.elapsed().as_secs() < 30, "{:?}", begun.elapsed());
}

#[cfg(unix)]
#[test]
fn a_program_that_is_to_print_the_token_ends_with_the_tool() {
    let service = Service::start().expect("a service");
    for (signal, code) in [("-INT", 130), ("-TERM", 130)] {
        let noted = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("token-command{signal}"));
        let _ = std::fs::remove_file(&noted);
        let program = format!("sh -c 'echo $$ > {}; sleep 60; echo late'", noted.display());
        let mut command = signed(&service, "program-ends", &["get", P2P_CALL, "--token-command", &program]);
        let mut child = command.stderr(Stdio::piped()).spawn().expect("the tool starts");
        let program = loop {
            let id = std::fs::read_to_string(&noted).unwrap_or_default();
            if id.ends_with('\n') {
                break id.trim().to_owned();
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        let kill = |signal: &str, id: &str| {
            Command::new("kill").args([signal, id]).stderr(Stdio::null()).status().expect("kill").success()
        };
        assert!(kill("-0", &program), "it runs");
        assert!(kill(signal, &child.id().to_string()));
        assert_eq!(child.wait().expect("it ends").code(), Some(code), "{signal}");
        assert!(!kill("-0", &program), "{signal}: it still runs");
        let mut said = String::new();
        child.stderr.take().expect("a pipe").read_to_string(&mut said).expect("UTF-8");
        assert_eq!(said, "", "its end is no failure of its own");
    }
}

#[test]
fn the_demo_fetches_both_calls_and_needs_nothing() {
    let shown = run(&["demo"]);
    assert_eq!((shown.code, shown.stderr.as_str()), (Some(0), ""));
    for id in [P2P_CALL, GROUP_CALL] {
        assert!(shown.stdout.contains(&format!("\nCall {id}\nestablished, outgoing\n")), "{}", shown.stdout);
    }
    let verbose = run(&["demo", "--json", "-v"]);
    assert_eq!((verbose.code, verbose.stdout.lines().count()), (Some(0), 2));
    for step in ["* secured by TLSv1_3", "* reusing the connection", "* received status 200"] {
        assert!(verbose.stderr.contains(step), "no {step:?} in {}", verbose.stderr);
    }
}

#[test]
fn no_proxy_stands_before_this_machine() {
    let mut demo = tool(["demo"]);
    demo.env("HTTPS_PROXY", "http://127.0.0.1:1");
    assert_eq!(finish(demo).code, Some(0));
    let service = Service::start().expect("a service");
    let mut get = signed(&service, "no-proxy", &["get", P2P_CALL]);
    get.env("HTTPS_PROXY", "http://127.0.0.1:1");
    assert_eq!(finish(get).code, Some(0));
}

#[test]
fn serve_tells_how_to_call_it_and_what_it_tells_works() {
    let mut command = tool(["serve", "--until-stdin-ends"]);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
    // A shell of POSIX has `export NAME=value NAME=value`, PowerShell `$env:NAME = 'value'; $env:NAME = 'value'`.
    let (begin, between) = if cfg!(windows) { ("$env:", "; $env:") } else { ("export ", " ") };
    let settings =
        lines.find_map(|line| Some(line.strip_prefix(begin)?.to_owned())).expect("the environment");
    let get = lines.find(|line| line.starts_with("graph-call get ")).expect("the command");

    let mut told = tool(get.split_whitespace().skip(1));
    for setting in settings.split(between) {
        let (name, value) = setting.split_once('=').expect("NAME=value");
        told.env(name.trim(), value.trim().trim_matches('\''));
    }
    let fetched = finish(told);
    assert_eq!((fetched.code, fetched.stderr.as_str()), (Some(0), ""));
    assert!(fetched.stdout.contains(&format!("Call {GROUP_CALL}")), "{}", fetched.stdout);

    let ca = get.split_whitespace().skip_while(|word| *word != "--ca").nth(1).expect("a CA file");
    assert!(Path::new(ca).exists());
    drop(child.stdin.take());
    lines.for_each(drop);
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
    assert!(!Path::new(ca).exists(), "the CA file is removed");
}

/// Wherever temporary files are: the lines are typed as they stand.
#[cfg(unix)]
#[test]
fn a_shell_takes_the_lines_that_serve_prints() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("it's $HOME, a folder");
    std::fs::create_dir_all(&folder).expect("a folder");
    let mut command = tool(["serve", "--until-stdin-ends"]);
    let mut child = command
        .env("TMPDIR", &folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
    let mut line = |begin: &str| lines.find(|line| line.starts_with(begin)).expect("a line of the kind");
    let (settings, get) = (line("export "), line("graph-call get "));
    assert!(get.contains("a folder"), "{get}");
    let typed = get.replacen("graph-call", concat!("'", env!("CARGO_BIN_EXE_graph-call"), "'"), 1);
    let mut shell = without_secrets(Command::new("sh"));
    shell.args(["-c", &format!("{settings}\n{typed}")]);
    let fetched = finish(shell);
    assert_eq!((fetched.code, fetched.stderr.as_str()), (Some(0), ""));
    assert!(fetched.stdout.contains(&format!("Call {GROUP_CALL}")), "{}", fetched.stdout);
    drop(child.stdin.take());
    lines.for_each(drop);
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

#[cfg(unix)]
#[test]
fn serve_stops_on_a_signal_and_leaves_nothing_behind() {
    for signal in ["-INT", "-TERM"] {
        let mut child = tool(["serve"]).stdout(Stdio::piped()).spawn().expect("it starts");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
        let get = lines.find(|line| line.starts_with("graph-call get ")).expect("the command");
        let ca =
            get.split_whitespace().skip_while(|word| *word != "--ca").nth(1).expect("a CA file").to_owned();
        assert!(Path::new(&ca).exists());
        let interrupt = Command::new("kill").args([signal, &child.id().to_string()]).status();
        assert!(interrupt.expect("kill").success());
        lines.for_each(drop);
        assert_eq!(child.wait().expect("it ends").code(), Some(0));
        assert!(!Path::new(&ca).exists(), "the CA file is removed");
    }
}

#[test]
fn serve_writes_over_no_file_but_its_own() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("serve-ca.pem");
    let _ = std::fs::remove_file(&path);
    let serve = || {
        let mut command = tool(["serve", "--for", "1", "--ca-file"]);
        command.arg(&path);
        finish(command)
    };
    let pem = || std::fs::read_to_string(&path).expect("a file");
    assert_eq!(serve().code, Some(0));
    let first = pem();
    assert!(first.contains("-----BEGIN CERTIFICATE-----"), "{first}");
    assert_eq!(serve().code, Some(0), "its own may be written over");
    assert_ne!(pem(), first);
    std::fs::write(&path, "").expect("a file");
    assert_eq!(serve().code, Some(0), "an empty one is nobody's");
    for foreign in ["canary", &first.replace("# The authority", "# An authority")] {
        std::fs::write(&path, foreign).expect("a file");
        let run = serve();
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{}", run.stderr);
        assert!(
            run.stderr.contains("serve-ca.pem is another file than one of graph-call serve"),
            "{}",
            run.stderr
        );
        assert_eq!(pem(), foreign, "it stays as it is");
    }
}

#[test]
fn serve_has_for_a_device_a_port_without_tls_and_its_authority_in_der() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("serve-ca.der");
    let _ = std::fs::remove_file(&path);
    let serve = || {
        let mut command = tool(["serve", "--until-stdin-ends", "--plain", "0", "--ca-der"]);
        command.arg(&path).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    };
    let mut child = serve().spawn().expect("it starts");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
    let curl = lines.find(|line| line.contains("http://localhost:")).expect("the command");
    let token = curl.split_once("Bearer ").and_then(|(_, rest)| rest.split_once('\'')).expect("a token").0;
    let (authority, target) = curl.split_once("http://").expect("a URL").1.split_once('/').expect("a path");

    let port = authority.strip_prefix("localhost:").and_then(|port| port.parse().ok()).expect("a port");
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).expect("it listens");
    let request = format!(
        "GET /{target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains(GROUP_CALL), "{answer}");

    let der = std::fs::read(&path).expect("a file");
    assert!(RootCertStore::empty().add(der.into()).is_ok(), "it is an authority in DER");
    drop(child.stdin.take());
    lines.for_each(drop);
    assert_eq!(child.wait().expect("it ends").code(), Some(0));

    let again = || {
        let mut child = serve().spawn().expect("it starts");
        drop(child.stdin.take());
        child.wait_with_output().expect("it ends")
    };
    assert_eq!(again().status.code(), Some(0), "its own may be written over");
    std::fs::write(&path, "canary").expect("a file");
    let refused = again();
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(
        said.contains("--ca-der:") && said.contains("is another file than one of graph-call serve"),
        "{said}"
    );
    assert_eq!(std::fs::read(&path).expect("a file"), b"canary", "it stays as it is");
}

#[test]
fn serve_stops_when_its_time_is_over_and_when_its_port_is_taken() {
    let run = run(&["serve", "--for", "1"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    // Of two ports it names the one that is taken.
    for option in ["--port", "--plain"] {
        let refused = crate::kit::run(&["serve", option, &port]);
        assert_eq!(refused.code, Some(1));
        assert!(
            refused.stderr.starts_with(&format!("error: cannot serve: 127.0.0.1:{port}: ")),
            "{}",
            refused.stderr
        );
    }
}
