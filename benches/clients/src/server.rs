//! The loopback service: TLS, HTTP/1.1, one call, a thread for each connection.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::num::NonZeroU64;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, KeyUsagePurpose};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::site::{ANSWERINGS, Answering, ID, Site, path, token};

/// The call that is served, of 2 kB.
const DOCUMENT: &str = include_str!("../../../tests/data/group.json");

/// The id that stands in the document.
const DOCUMENT_ID: &str = "2f1a1100-b174-40a0-aba7-0b405e01ed92";

/// The names of the certificate: where peers find the server, and what graph-call asks for.
const NAMES: [&str; 2] = ["127.0.0.1", "graph.microsoft.com"];

/// Room for a thread that only copies bytes; a thousand connections are a thousand of them.
const THREAD_STACK: usize = 256 * 1024;

/// The field lines of an answer of Graph, but for those that differ from answer to answer.
const FIELD_LINES: &str = "Cache-Control: no-cache\r\n\
    Content-Type: application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8\r\n\
    Strict-Transport-Security: max-age=31536000\r\n\
    request-id: 6d5c1a3e-2f0b-4c77-9a51-5e0d4c1b2a39\r\n\
    x-ms-ags-diagnostic: {\"ServerInfo\":{\"DataCenter\":\"Loopback\",\"Slice\":\"E\",\"Ring\":\"5\",\"ScaleUnit\":\"000\"}}\r\n\
    OData-Version: 4.0\r\n\
    Date: Thu, 28 May 2026 00:10:54 GMT\r\n";

/// The content as it is served.
pub fn content() -> String {
    DOCUMENT.replace(DOCUMENT_ID, ID)
}

/// The server as a process of its own, which ends with this value.
pub struct Server {
    child: Child,
    /// What clients need to know of it.
    pub site: Site,
}

impl Server {
    /// Starts this program once more, as the server.
    ///
    /// # Errors
    ///
    /// It cannot be started, or does not say where it is.
    pub fn start() -> Result<Self, String> {
        let program = std::env::current_exe().map_err(|e| e.to_string())?;
        let mut child = Command::new(program)
            .arg("serve")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|e| format!("the server: {e}"))?;
        let mut lines = child.stdout.take().map(BufReader::new).into_iter().flat_map(BufRead::lines);
        let mut text = String::new();
        while let Some(Ok(line)) = lines.next() {
            text.push_str(&line);
            text.push('\n');
            if line.starts_with("-----END") {
                break;
            }
        }
        match Site::parse(&text) {
            Some(site) => Ok(Self { child, site }),
            None => Err("the server does not say where it is".into()),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The server ends when its input does; if it does not, there is nobody left to tell.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// Serves until the standard input ends, after saying where on the standard output.
///
/// # Errors
///
/// No certificate can be made, or no port can be had.
pub fn serve() -> Result<(), String> {
    let (config, authority) = identity().map_err(|e| e.to_string())?;
    let config = Arc::new(config);
    let mut ports = Vec::new();
    for answering in ANSWERINGS {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(|e| e.to_string())?;
        ports.push(listener.local_addr().map_err(|e| e.to_string())?.port());
        let config = Arc::clone(&config);
        thread::spawn(move || accept(&listener, &config, answering));
    }
    // Ends with a line; nobody reads further.
    print!("{}", Site::new(ports, authority));
    io::stdin().read_to_end(&mut Vec::new()).map_err(|e| e.to_string())?;
    Ok(())
}

fn identity() -> Result<(ServerConfig, String), Box<dyn std::error::Error>> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
    let key = KeyPair::generate()?;
    let leaf = CertificateParams::new(NAMES.map(String::from))?.signed_by(&key, &authority)?;
    let key: PrivateKeyDer<'static> = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], key)?;
    Ok((config, authority.pem()))
}

fn accept(listener: &TcpListener, config: &Arc<ServerConfig>, answering: Answering) {
    let wanted = Arc::new(Wanted::new());
    for stream in listener.incoming().map_while(Result::ok) {
        let (config, wanted) = (Arc::clone(config), Arc::clone(&wanted));
        let talk = move || talk(stream, config, &wanted, answering);
        // A connection that fails is the client's to report.
        let _ = thread::Builder::new().stack_size(THREAD_STACK).spawn(talk);
    }
}

/// What a request has to say, and what it gets.
struct Wanted {
    line: String,
    authorization: String,
    content: String,
}

impl Wanted {
    fn new() -> Self {
        Self {
            line: format!("GET {} HTTP/1.1", path()),
            authorization: format!("Bearer {}", token()),
            content: content(),
        }
    }

    /// The whole answer to a request.
    fn answer(&self, head: &str, closes: bool) -> String {
        let mut lines = head.split("\r\n");
        let is_asked = lines.next() == Some(&self.line);
        let mut is_allowed = false;
        let mut id = String::new();
        for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
            is_allowed |= name.eq_ignore_ascii_case("authorization") && value == self.authorization;
            if name.eq_ignore_ascii_case("client-request-id") {
                id = format!("client-request-id: {value}\r\n");
            }
        }
        match (is_asked, is_allowed) {
            (false, _) => return "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".into(),
            (_, false) => return "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n".into(),
            (true, true) => {}
        }
        let connection = if closes { "Connection: close\r\n" } else { "" };
        let length = self.content.len();
        format!(
            "HTTP/1.1 200 OK\r\n{FIELD_LINES}{id}{connection}Transfer-Encoding: chunked\r\n\r\n\
             {length:x}\r\n{}\r\n0\r\n\r\n",
            self.content
        )
    }
}

fn talk(
    stream: TcpStream,
    config: Arc<ServerConfig>,
    wanted: &Wanted,
    answering: Answering,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    // Otherwise Linux lets every sleep take up to 50 microseconds longer.
    rustix::thread::set_current_timer_slack(NonZeroU64::new(1))?;
    let connection = ServerConnection::new(config).map_err(io::Error::other)?;
    let mut stream = StreamOwned::new(connection, stream);
    let mut head = Vec::new();
    let mut piece = [0; 4096];
    loop {
        while !head.ends_with(b"\r\n\r\n") {
            match stream.read(&mut piece)? {
                0 => return Ok(()),
                length => head.extend_from_slice(&piece[..length]),
            }
        }
        if !answering.delay.is_zero() {
            thread::sleep(answering.delay);
        }
        stream.write_all(wanted.answer(&String::from_utf8_lossy(&head), answering.closes).as_bytes())?;
        if answering.closes {
            stream.conn.send_close_notify();
            return stream.flush();
        }
        head.clear();
    }
}
