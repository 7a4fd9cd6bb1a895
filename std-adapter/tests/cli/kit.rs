//! Runs the real binary and keeps what came out.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use graph_call_std::service::Service;

/// What one run left behind.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// The tool with these arguments, in an environment without secrets of the machine.
pub(crate) fn tool<S: AsRef<std::ffi::OsStr>>(arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_graph-call"));
    command.args(arguments).stdin(Stdio::null());
    without_secrets(command)
}

/// A command in an environment without secrets of the machine.
pub(crate) fn without_secrets(mut command: Command) -> Command {
    for (name, _) in std::env::vars_os() {
        let is_meant = |prefix: &str| name.to_string_lossy().to_ascii_uppercase().starts_with(prefix);
        if [
            "GRAPH_CALL_",
            "AZURE_",
            "IDENTITY_",
            "HTTPS_PROXY",
            "ALL_PROXY",
            "NO_PROXY",
            "NO_COLOR",
            "CLICOLOR",
        ]
        .into_iter()
        .any(is_meant)
        {
            command.env_remove(name);
        }
    }
    command
}

pub(crate) fn finish(mut command: Command) -> Run {
    kept(command.output().expect("the tool starts"))
}

pub(crate) fn run(arguments: &[&str]) -> Run {
    finish(tool(arguments))
}

/// Runs with these bytes on standard input.
pub(crate) fn run_with_input(arguments: &[&str], input: &[u8]) -> Run {
    finish_with_input(tool(arguments), input)
}

pub(crate) fn finish_with_input(mut command: Command, input: &[u8]) -> Run {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the tool starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.to_owned();
    // A tool that refuses early closes its end: that is its right.
    let feeder = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().expect("the tool ends");
    feeder.join().expect("the feeder ends");
    kept(output)
}

fn kept(output: Output) -> Run {
    Run {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).expect("UTF-8 on stdout"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8 on stderr"),
    }
}

/// A command for this service, with a token of its own.
pub(crate) fn signed(service: &Service, name: &str, arguments: &[&str]) -> Command {
    let ca = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.pem"));
    std::fs::write(&ca, service.ca_pem()).expect("a CA file");
    let mut command = tool(arguments);
    command.args([
        "--danger-trust-host",
        "--host",
        &format!("localhost:{}", service.address().port()),
        "--ca",
    ]);
    command.arg(ca).env("GRAPH_CALL_TOKEN", service.access_token());
    command
}

/// One of the two calls of the loopback service, as a file.
pub(crate) fn fixture(name: &str) -> String {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "src", "service", "calls", name].iter().collect();
    path.to_str().expect("a UTF-8 path").to_owned()
}

/// An access token with these claims, whose signature sings if it is shown.
pub(crate) fn token(claims: &str) -> String {
    let [header, claims] = [r#"{"alg":"none"}"#, claims].map(|part| BASE64_URL_SAFE_NO_PAD.encode(part));
    format!("{header}.{claims}.canary")
}
