//! `graph-call serve`: the loopback service, kept up for as long as stated.

use std::fs::{self, OpenOptions};
use std::io::{self, IsTerminal as _, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::Duration;

use graph_call_std::Class;
use graph_call_std::service::{
    CHANGING_CALL, CLIENT_ID, CLIENT_SECRET, GROUP_CALL, P2P_CALL, Service, TENANT,
};

use crate::arguments::{self, Serve};
use crate::escape::Escaped;
use crate::failure::Failure;
use crate::terminal::Output;

/// How a certificate begins in PEM (RFC 7468, section 5.1).
const CERTIFICATE: &[u8] = b"-----BEGIN CERTIFICATE-----";

pub(crate) fn run(arguments: &Serve) -> Result<(), Failure> {
    let lifetime = Duration::from_secs(arguments.seconds);
    let (stop, stopped) = channel();
    let on_interrupt = stop.clone();
    // Without a handler Ctrl-C still ends the process: less tidily, since the CA file stays.
    let _ = ctrlc::set_handler(move || {
        let _ = on_interrupt.send(());
    });
    if arguments.until_stdin_ends || io::stdin().is_terminal() {
        watch_stdin(stop);
    } else {
        // The channel must not close: only Ctrl-C and the time end the service.
        std::mem::forget(stop);
    }

    let service = Service::builder()
        .port(arguments.port)
        .lifetime(lifetime)
        .latency(Duration::from_millis(arguments.latency))
        .start()
        .map_err(|error| other(format!("cannot serve on 127.0.0.1:{}: {error}", arguments.port)))?;
    let (ca_file, kept) = match &arguments.ca_file {
        Some(file) => (named(file, service.ca_pem())?, true),
        None => (temporary(service.ca_pem())?, false),
    };
    let shown = Escaped(&ca_file.display().to_string()).to_string();

    let outcome = announce(&service, &shown, arguments.seconds);
    if outcome.is_ok() {
        let _ = stopped.recv_timeout(lifetime);
    }
    drop(service);
    if !kept {
        let _ = fs::remove_file(&ca_file);
    }
    outcome.map_err(Failure::from)
}

/// Writes the certificate to the file that the command line names. What is there must be one, too: it may be another file
/// that was named by mistake.
fn named(file: &Path, pem: &str) -> Result<PathBuf, Failure> {
    let shown = file.display().to_string();
    match fs::read(file) {
        Ok(content) if !content.is_empty() && !content.starts_with(CERTIFICATE) => {
            return Err(other(format!(
                "{} is there, and is no certificate: it is left alone",
                Escaped(&shown)
            )));
        }
        _ => {}
    }
    fs::write(file, pem).map_err(|error| not_written(&shown, &error))?;
    Ok(file.to_owned())
}

/// Writes the certificate to a file that was not there before.
fn temporary(pem: &str) -> Result<PathBuf, Failure> {
    let name = |number: u32| format!("graph-call-ca-{}-{number}.pem", std::process::id());
    // One of that name may be left of a process that was killed.
    for number in 0..100 {
        let file = std::env::temp_dir().join(name(number));
        match OpenOptions::new().write(true).create_new(true).open(&file) {
            Ok(mut open) => {
                open.write_all(pem.as_bytes())
                    .map_err(|error| not_written(&file.display().to_string(), &error))?;
                return Ok(file);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(not_written(&file.display().to_string(), &error)),
        }
    }
    Err(other("the directory for temporary files is full of certificates of this tool".to_owned()))
}

fn not_written(file: &str, error: &io::Error) -> Failure {
    other(format!("cannot write {}: {error}", Escaped(file)))
}

/// How to call the service, ready to be pasted.
fn announce(service: &Service, ca_file: &str, seconds: u64) -> io::Result<()> {
    let Output { writer, style } = &mut Output::stdout();
    let (dim, reset) = (style.dim(), style.reset());
    let host = format!("localhost:{}", service.address().port());
    let danger = "--danger-trust-host";
    writeln!(writer, "Serving calls on https://{host} for {seconds} s, or until Ctrl-C.\n")?;
    writeln!(writer, "{dim}# sign in as the application{reset}")?;
    writeln!(
        writer,
        "export AZURE_TENANT_ID={TENANT} AZURE_CLIENT_ID={CLIENT_ID} AZURE_CLIENT_SECRET={CLIENT_SECRET}"
    )?;
    writeln!(writer, "{dim}# fetch the two calls of Microsoft's documentation{reset}")?;
    writeln!(writer, "graph-call get {P2P_CALL} {GROUP_CALL} --host {host} --ca {ca_file} {danger}")?;
    writeln!(writer, "{dim}# follow a call until it ends{reset}")?;
    writeln!(writer, "graph-call watch {CHANGING_CALL} --host {host} --ca {ca_file} {danger}")?;
    writeln!(writer, "{dim}# the same with curl{reset}")?;
    writeln!(
        writer,
        "curl --cacert {ca_file} -H 'Authorization: Bearer {}' https://{host}/v1.0/communications/calls/{GROUP_CALL}",
        service.access_token()
    )?;
    writeln!(writer, "\n{}", arguments::faults())?;
    writer.flush()
}

/// Ends the service when whoever started it closes its standard input.
fn watch_stdin(stop: Sender<()>) {
    thread::spawn(move || {
        let mut stdin = io::stdin().lock();
        let mut byte = [0; 64];
        while matches!(stdin.read(&mut byte), Ok(1..)) {}
        let _ = stop.send(());
    });
}

fn other(text: String) -> Failure {
    Failure::Told(Class::Other, Some(text))
}
