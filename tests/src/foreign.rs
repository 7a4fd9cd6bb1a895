//! Servers that are not ours: nginx and `openssl s_server`, on loopback, with certificates of ours.

use graph_call_std::service::{Authority, CertificateKind};
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::{Duration, Instant};
use std::{env, fs, process, thread};

/// The path under which a foreign server answers, for the call of this id.
const CALLS: &str = "v1.0/communications/calls";

/// A running foreign server with a directory of its own; dropping it ends both.
pub struct Foreign {
    child: Child,
    directory: PathBuf,
    address: SocketAddr,
    authority: Authority,
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
        let prepared = Prepared::new(calls)?;
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

    /// Starts `openssl s_server` with these further arguments; each answer, head and content, is sent
    /// as it is, and the connection ends.
    ///
    /// `None` where openssl is not installed and no CI asks for it.
    ///
    /// # Errors
    /// When it is installed and does not start.
    pub fn openssl(arguments: &[&str], answers: &[(&str, &str)]) -> io::Result<Option<Self>> {
        if is_absent("openssl", "version") {
            return Ok(None);
        }
        let prepared = Prepared::new(answers)?;
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

    /// Who issued its certificate.
    #[must_use]
    pub fn authority(&self) -> &Authority {
        &self.authority
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
    authority: Authority,
}

impl Prepared {
    fn new(files: &[(&str, &str)]) -> io::Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("graph-call-foreign-{}-{}", process::id(), COUNT.fetch_add(1, Relaxed));
        let directory = env::temp_dir().join(name);
        let calls = directory.join(CALLS);
        fs::create_dir_all(&calls)?;
        for (id, content) in files {
            fs::write(calls.join(id), content)?;
        }
        let authority = Authority::new().map_err(io::Error::other)?;
        let identity = authority.issue(CertificateKind::Good).map_err(io::Error::other)?;
        fs::write(directory.join("chain.pem"), identity.chain_pem())?;
        fs::write(directory.join("key.pem"), identity.key_pem())?;
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        Ok(Self { directory, address, authority })
    }

    fn start(self, program: &str, arguments: &[&str]) -> io::Result<Foreign> {
        let Self { directory, address, authority } = self;
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&directory).stdin(Stdio::null()).stdout(Stdio::null());
        let child = command.spawn()?;
        let mut foreign = Foreign { child, directory, address, authority };
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
