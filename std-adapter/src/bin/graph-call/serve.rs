//! `graph-call serve`: the loopback service, kept up for as long as stated.

use std::fs::{self, File, OpenOptions};
use std::io::{self, IsTerminal as _, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::Duration;

use graph_call_std::Class;
use graph_call_std::service::{
    Authority, CHANGING_CALL, CLIENT_ID, CLIENT_SECRET, GROUP_CALL, P2P_CALL, Service, TENANT,
};

use crate::arguments::{self, Serve};
use crate::escape::Escaped;
use crate::failure::Failure;
use crate::shell::Shell;
use crate::terminal::Output;

pub(crate) fn run(arguments: &Serve) -> Result<(), Failure> {
    let lifetime = Duration::from_secs(arguments.seconds);
    let (stop, stopped) = channel();
    let on_interrupt = stop.clone();
    // Ctrl-C, and SIGTERM. Without a handler they still end the process: less tidily, since the CA file stays.
    let _ = ctrlc::set_handler(move || {
        let _ = on_interrupt.send(());
    });
    if arguments.until_stdin_ends || io::stdin().is_terminal() {
        watch_stdin(stop);
    } else {
        // The channel must not close: only a signal and the time end the service.
        std::mem::forget(stop);
    }

    let mut builder = Service::builder()
        .port(arguments.port)
        .lifetime(lifetime)
        .latency(Duration::from_millis(arguments.latency));
    if let Some(port) = arguments.plain {
        builder = builder.plain(port);
    }
    let service = builder.start().map_err(|error| other(format!("cannot serve: {error}")))?;
    let pem = format!("{MARK}{}", service.ca_pem());
    let ca_file = CaFile::write(Form::Pem, arguments.ca_file.as_deref(), pem.as_bytes())?;
    let _ca_der = match arguments.ca_der.as_deref() {
        Some(path) => Some(CaFile::write(Form::Der, Some(path), service.ca_der())?),
        None => None,
    };
    announce(&service, &ca_file, arguments.seconds)?;
    let _ = stopped.recv_timeout(lifetime);
    drop(service);
    Ok(())
}

/// How a CA file of this program begins, in PEM: only such a file is written over.
const MARK: &str = "# The authority of graph-call serve; good for this one run.\n";

/// More than a CA file of this program has.
const CA_FILE_MAX: u64 = 4096;

/// How a certificate is written down.
#[derive(Clone, Copy)]
enum Form {
    Pem,
    Der,
}

impl Form {
    /// The option that names a file of this form.
    const fn option(self) -> &'static str {
        match self {
            Self::Pem => "--ca-file",
            Self::Der => "--ca-der",
        }
    }

    /// Whether a file holds an authority of this program.
    fn is_own(self, content: &[u8]) -> bool {
        match self {
            Self::Pem => content.starts_with(MARK.as_bytes()),
            Self::Der => {
                let name = Authority::NAME.as_bytes();
                content.starts_with(&[0x30, 0x82]) && content.windows(name.len()).any(|part| part == name)
            }
        }
    }
}

/// The file with the CA certificate; one that nobody has named is removed when this is dropped.
struct CaFile {
    path: PathBuf,
    is_named: bool,
}

impl CaFile {
    /// Writes the file that was named, or one of its own among the temporary ones.
    fn write(form: Form, named: Option<&Path>, content: &[u8]) -> Result<Self, Failure> {
        let own = || std::env::temp_dir().join(format!("graph-call-ca-{}.pem", std::process::id()));
        let file = Self { path: named.map_or_else(own, Path::to_owned), is_named: named.is_some() };
        let path = &file.path;
        let shown = file.shown();
        match File::open(path) {
            Ok(there) if file.is_named => {
                let mut found = Vec::new();
                let read = there.take(CA_FILE_MAX).read_to_end(&mut found);
                if read.is_err() || !(found.is_empty() || form.is_own(&found)) {
                    let what = "is another file than one of graph-call serve, and is not written over";
                    let text = format!("{}: {shown} {what}", form.option());
                    return Err(Failure::Told(Class::Usage, Some(text)));
                }
            }
            // What a process of the same id has left behind.
            Ok(_) => drop(fs::remove_file(path)),
            Err(_) => {}
        }
        let mut options = OpenOptions::new();
        // Nobody may have put a link to another file there meanwhile.
        options.write(true).create(file.is_named).truncate(file.is_named).create_new(!file.is_named);
        let written = options.open(path).and_then(|mut file| file.write_all(content));
        let class = if file.is_named { Class::Usage } else { Class::Other };
        written.map_err(|error| Failure::unwritten(class, &path.display().to_string(), &error))?;
        Ok(file)
    }

    fn shown(&self) -> String {
        Escaped(&self.path.display().to_string()).to_string()
    }
}

impl Drop for CaFile {
    fn drop(&mut self) {
        if !self.is_named {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// How to call the service, ready to be pasted.
fn announce(service: &Service, ca_file: &CaFile, seconds: u64) -> io::Result<()> {
    let Output { writer, style } = &mut Output::stdout();
    let (dim, reset) = (style.dim(), style.reset());
    let host = format!("localhost:{}", service.address().port());
    let (shell, curl) = (Shell::HERE, Shell::HERE.curl());
    let trust = format!("--ca {} --danger-trust-host", shell.word(&ca_file.shown()));
    let bearer = shell.word(&format!("Authorization: Bearer {}", service.access_token()));
    writeln!(writer, "Serving calls on https://{host} for {seconds} s, or until Ctrl-C.\n")?;
    writeln!(writer, "{dim}# sign in as the application{reset}")?;
    writeln!(
        writer,
        "{}",
        shell.settings(&[
            ("AZURE_TENANT_ID", TENANT),
            ("AZURE_CLIENT_ID", CLIENT_ID),
            ("AZURE_CLIENT_SECRET", CLIENT_SECRET),
        ])
    )?;
    writeln!(writer, "{dim}# fetch the two calls of Microsoft's documentation{reset}")?;
    writeln!(writer, "graph-call get {P2P_CALL} {GROUP_CALL} --host {host} {trust}")?;
    writeln!(writer, "{dim}# follow a call until it ends{reset}")?;
    writeln!(writer, "graph-call watch {CHANGING_CALL} --host {host} {trust}")?;
    writeln!(writer, "{dim}# the same with curl{reset}")?;
    writeln!(
        writer,
        "{curl} --cacert {} -H {bearer} https://{host}/v1.0/communications/calls/{GROUP_CALL}",
        shell.word(&ca_file.shown())
    )?;
    if let Some(plain) = service.plain_address() {
        let port = plain.port();
        writeln!(
            writer,
            "{dim}# without TLS, for a device; from the user network of QEMU it is 10.0.2.2:{port}{reset}"
        )?;
        writeln!(
            writer,
            "{curl} -H {bearer} http://localhost:{port}/v1.0/communications/calls/{GROUP_CALL}"
        )?;
    }
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
