//! Servers that are not ours: nginx and `openssl s_server`, on loopback, with certificates of ours.

use graph_call_std::service::{Authority, CertificateKind, Service};
use std::io::{self, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::{Duration, Instant};
use std::{env, fs, process, thread};

/// The path under which a foreign server answers, for the call of this id.
const CALLS: &str = "v1.0/communications/calls";

/// The key of a foreign server's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// On the curve P-256, in a certificate of an [`Authority`].
    P256,
    /// RSA of 2,048 bits, in a certificate that openssl signs with the same key.
    Rsa,
}

/// A running foreign server with a directory of its own; dropping it ends both.
pub struct Foreign {
    child: Child,
    directory: PathBuf,
    address: SocketAddr,
    trusted: String,
}

impl Foreign {
    /// Starts nginx over TLS of these versions (`TLSv1.2 TLSv1.3`): calls with Content-Length, those
    /// under ids that begin with `chunked` in chunks with a trailer section.
    ///
    /// `None` where nginx is not installed and no CI asks for it.
    ///
    /// # Errors
    /// When it is installed and does not start.
    pub fn nginx(versions: &str, calls: &[(&str, &str)]) -> io::Result<Option<Self>> {
        if is_absent("nginx", "-v") {
            return Ok(None);
        }
        let prepared = Prepared::new(Key::P256, calls)?;
        let port = prepared.address.port();
        let configuration = format!(
            "daemon off; master_process off; pid nginx.pid; error_log stderr crit;
             events {{ worker_connections 256; }}
             http {{
                 access_log off; client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3;
                 uwsgi_temp_path t4; scgi_temp_path t5;
                 server {{
                     listen 127.0.0.1:{port} ssl; ssl_protocols {versions};
                     ssl_certificate chain.pem; ssl_certificate_key key.pem;
                     root .; default_type application/json; keepalive_timeout 300ms;
                     location /{CALLS}/chunked {{ ssi on; ssi_types application/json; add_trailer x-after yes; }}
                 }}
             }}"
        );
        fs::write(prepared.directory.join("nginx.conf"), configuration)?;
        let arguments = ["-p", ".", "-c", "nginx.conf", "-e", "stderr"];
        prepared.start("nginx", &arguments).map(Some)
    }

    /// Starts `openssl s_server` with this key and these further arguments; each answer, head and
    /// content, is sent as it is, and the connection ends.
    ///
    /// `None` where openssl is not installed and no CI asks for it.
    ///
    /// # Errors
    /// When it is installed and does not start.
    pub fn openssl(key: Key, arguments: &[&str], answers: &[(&str, &str)]) -> io::Result<Option<Self>> {
        if is_absent("openssl", "version") {
            return Ok(None);
        }
        let prepared = Prepared::new(key, answers)?;
        let address = prepared.address.to_string();
        let own =
            ["s_server", "-accept", &address, "-cert", "chain.pem", "-key", "key.pem", "-HTTP", "-quiet"];
        prepared.start("openssl", &[&own, arguments].concat()).map(Some)
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The certificate to trust, in PEM.
    #[must_use]
    pub fn trusted(&self) -> &str {
        &self.trusted
    }
}

impl Drop for Foreign {
    fn drop(&mut self) {
        // A server that has ended by itself cannot be killed; its directory goes in any case.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.directory);
    }
}

/// What OpenSSL's own client says of the certificate that a service shows for the cloud's host.
///
/// `None` where openssl is not installed and no CI asks for it.
///
/// # Errors
/// When it cannot be run.
pub fn verdict_of_openssl(service: &Service) -> io::Result<Option<String>> {
    if is_absent("openssl", "version") {
        return Ok(None);
    }
    let host = "graph.microsoft.com";
    let mut child = Command::new("openssl")
        .args(["s_client", "-brief", "-connect", &service.address().to_string(), "-servername", host])
        .args(["-verify_hostname", host, "-verify_return_error", "-CAfile", "/dev/stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    // Its end ends the client too.
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(service.ca_pem().as_bytes())?;
    }
    Ok(Some(String::from_utf8_lossy(&child.wait_with_output()?.stderr).into_owned()))
}

/// Whether a program is missing; says so, and does not accept it under CI.
fn is_absent(program: &str, argument: &str) -> bool {
    let found = Command::new(program).arg(argument).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let is_absent = found.is_err();
    assert!(!is_absent || env::var_os("CI").is_none(), "{program} is missing: ./ci.sh servers installs it");
    if is_absent {
        eprintln!("SKIPPED: {program} is missing; ./ci.sh servers installs it");
    }
    is_absent
}

/// A directory with files and a certificate, and a port that was free a moment ago.
struct Prepared {
    directory: PathBuf,
    address: SocketAddr,
    trusted: String,
}

impl Prepared {
    fn new(key: Key, files: &[(&str, &str)]) -> io::Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("graph-call-foreign-{}-{}", process::id(), COUNT.fetch_add(1, Relaxed));
        let directory = env::temp_dir().join(name);
        let calls = directory.join(CALLS);
        fs::create_dir_all(&calls)?;
        for (id, content) in files {
            fs::write(calls.join(id), content)?;
        }
        let trusted = match key {
            Key::P256 => p256(&directory)?,
            Key::Rsa => rsa(&directory)?,
        };
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        Ok(Self { directory, address, trusted })
    }

    fn start(self, program: &str, arguments: &[&str]) -> io::Result<Foreign> {
        let Self { directory, address, trusted } = self;
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&directory).stdin(Stdio::null()).stdout(Stdio::null());
        let child = command.spawn()?;
        let mut foreign = Foreign { child, directory, address, trusted };
        let began = Instant::now();
        while TcpStream::connect(address).is_err() {
            if let Some(status) = foreign.child.try_wait()? {
                return Err(io::Error::other(format!("{program} ended: {status}")));
            }
            if began.elapsed() > Duration::from_secs(10) {
                return Err(io::ErrorKind::TimedOut.into());
            }
            thread::sleep(Duration::from_millis(10));
        }
        Ok(foreign)
    }
}

/// Writes a certificate of a new authority and its key; gives the authority's certificate.
fn p256(directory: &Path) -> io::Result<String> {
    let authority = Authority::new()?;
    let identity = authority.issue(CertificateKind::Good)?;
    fs::write(directory.join("chain.pem"), identity.chain_pem())?;
    fs::write(directory.join("key.pem"), identity.key_pem())?;
    Ok(authority.pem().to_owned())
}

/// Has openssl write a certificate and its key; gives the certificate.
fn rsa(directory: &Path) -> io::Result<String> {
    let arguments = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=graph.microsoft.com \
        -addext subjectAltName=DNS:graph.microsoft.com -addext basicConstraints=critical,CA:FALSE \
        -keyout key.pem -out chain.pem";
    let arguments = arguments.split_whitespace();
    let output = Command::new("openssl").args(arguments).current_dir(directory).output()?;
    if !output.status.success() {
        return Err(io::Error::other(String::from_utf8_lossy(&output.stderr)));
    }
    fs::read_to_string(directory.join("chain.pem"))
}
