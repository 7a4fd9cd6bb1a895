//! What a person is told of names, connections, proxies and certificates that will not do.

use std::io::{Read, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::Command;

use graph_call_std::service::{CertificateKind, P2P_CALL, Service};

use crate::kit::{Run, finish, signed, tool};

/// A run that fails with 7 and one line, which this is.
fn fails(command: Command) -> String {
    let Run { code, stdout, stderr } = finish(command);
    assert_eq!((code, stdout.as_str(), stderr.lines().count()), (Some(7), "", 1), "{stderr}");
    for word in ["canary", "os error", "UnixTime", "InvalidContentType", "Some(", "{ "] {
        assert!(!stderr.contains(word), "{word}: {stderr}");
    }
    stderr
}

/// Asks a host of one's own.
fn get(host: &str) -> Command {
    let options = ["--danger-trust-host", "--retries", "0", "--timeout", "20", "--host", host];
    let mut command = tool([&["get", "1"], &options[..]].concat());
    command.env("GRAPH_CALL_TOKEN", "canary");
    command
}

#[test]
fn a_certificate_is_told_in_words_with_names_issuer_and_dates() {
    for (kind, says) in [
        (
            CertificateKind::WrongName,
            &["is not for localhost", "it names graph.microsoft.example,", "another server has answered"][..],
        ),
        (
            CertificateKind::Expired,
            &["expired on 2001-", "the clock of this machine says 20", "has to renew"],
        ),
        (CertificateKind::NotYetValid, &["is not valid before 2090-", "set the clock if it is wrong"]),
        (CertificateKind::UnknownAuthority, &["is not that of the issuer it names", "may read along"]),
        (CertificateKind::LeafAsAuthority, &["breaks the rules for those of servers"]),
    ] {
        let service = Service::builder().certificate(kind).start().expect("a service");
        let line = fails(signed(&service, "certificate", &["get", P2P_CALL, "--retries", "0"]));
        for word in says.iter().chain(&["issuer ", "valid from ", " UTC"]) {
            assert!(line.contains(word), "{kind:?}, {word}: {line}");
        }
        assert!(!line.contains("--ca"), "no authority is missing: {line}");
        assert_eq!(service.received().len(), 0, "nothing is sent to whom nobody trusts");
    }
}

#[test]
fn where_an_authority_is_missing_the_option_for_one_is_named() {
    let service = Service::start().expect("a service");
    let line = fails(get(&format!("localhost:{}", service.address().port())));
    assert!(
        line.contains("nobody trusts the issuer of the certificate, CN=graph-call loopback authority"),
        "{line}"
    );
    assert!(line.contains("--ca trusts another certificate authority"), "{line}");
}

#[test]
fn names_and_ports_that_lead_nowhere_are_told_in_words() {
    let line = fails(get("no-such-name.invalid:443"));
    assert!(line.contains("no-such-name.invalid: resolve: no address is known for this name ("), "{line}");
    assert!(line.contains("whether it needs a proxy (HTTPS_PROXY)"), "{line}");
    let closed = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("a port");
    let line = fails(get(&closed.to_string()));
    assert!(line.contains(&format!("{closed}: connect: ")) && line.contains("HTTPS_PROXY"), "{line}");
    let plain = says(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    let line = fails(get(&plain.to_string()));
    assert!(line.contains("tls: what answers there does not speak TLS; check the port"), "{line}");
}

/// A server that says the same to everybody.
fn says(answer: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("a port");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request);
            let _ = stream.write_all(answer);
        }
    });
    address
}

/// A get from the cloud, through a proxy.
fn through(proxy: &str) -> Command {
    let mut command = tool(["get", "1", "--retries", "0", "--timeout", "20"]);
    command.env("GRAPH_CALL_TOKEN", "canary").env("HTTPS_PROXY", proxy);
    command
}

#[test]
fn a_proxy_that_will_not_do_is_told_from_the_host() {
    let closed = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("a port");
    for scheme in ["http", "socks5"] {
        let line = fails(through(&format!("{scheme}://me:canary@{closed}")));
        assert!(
            line.contains(&format!("{closed}: connect: ")) && line.contains("this is the proxy on the way"),
            "{line}"
        );
    }
    for (answer, hint) in [
        (
            &b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"[..],
            "status 407; the proxy wants a user name",
        ),
        (b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "status 403; ask whoever runs the proxy"),
    ] {
        let line = fails(through(&format!("http://me:canary@{}", says(answer))));
        assert!(line.contains(hint), "{line}");
    }
    let line = fails(through(&format!("socks5://me:canary@{}", says(b"\x05\xff"))));
    assert!(line.contains("proxy: it takes no user name and password"), "{line}");
    let run = finish(through("https://me:canary@proxy.example"));
    assert_eq!(run.code, Some(2), "{}", run.stderr);
    assert_eq!(run.stderr, "error: the proxy address has another scheme than http, socks5 or socks5h\n");
}

/// A SOCKS proxy whose every way leads to one address; it gives the name that it was asked for.
fn socks(target: SocketAddr) -> (SocketAddr, std::thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("a port");
    let served = std::thread::spawn(move || {
        let (mut near, _) = listener.accept().expect("a client");
        let mut methods = [0; 2];
        near.read_exact(&mut methods).expect("a greeting");
        let mut offered = vec![0; methods[1].into()];
        near.read_exact(&mut offered).expect("methods");
        assert!(offered.contains(&2), "a user is offered");
        near.write_all(&[5, 2]).expect("it listens");
        let mut user = [0; 1 + 1 + 2 + 1 + 6];
        near.read_exact(&mut user).expect("a user");
        assert_eq!(&user, b"\x01\x02me\x06canary");
        near.write_all(&[1, 0]).expect("it listens");
        let mut head = [0; 5];
        near.read_exact(&mut head).expect("a request");
        let mut name = vec![0; usize::from(head[4]) + 2];
        near.read_exact(&mut name).expect("a name");
        let mut far = TcpStream::connect(target).expect("the target");
        near.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).expect("it listens");
        let (mut back, mut forth) = (far.try_clone().expect("a copy"), near.try_clone().expect("a copy"));
        let returned = std::thread::spawn(move || std::io::copy(&mut back, &mut forth));
        let _ = std::io::copy(&mut near, &mut far);
        drop((near, far));
        let _ = returned.join();
        String::from_utf8_lossy(&name[..name.len() - 2]).into_owned()
    });
    (address, served)
}

#[test]
fn a_socks_proxy_leads_to_the_service_and_looks_its_name_up() {
    let service = Service::start().expect("a service");
    let (proxy, served) = socks(service.address());
    let ca = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("socks.pem");
    std::fs::write(&ca, service.ca_pem()).expect("a CA file");
    let mut command = tool(["get", P2P_CALL, "--json", "--retries", "0", "-v", "--ca"]);
    command.arg(ca).env("GRAPH_CALL_TOKEN", service.access_token());
    command.env("HTTPS_PROXY", format!("socks5h://me:canary@{proxy}"));
    let run = finish(command);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(run.stderr.contains(&format!("* tunnel through the proxy {proxy}\n")), "{}", run.stderr);
    assert!(!run.stderr.contains("canary"), "{}", run.stderr);
    assert_eq!(served.join().expect("it ends"), "graph.microsoft.com");
}

#[test]
fn a_bundle_of_authorities_is_read_as_people_have_it() {
    let service = Service::start().expect("a service");
    let file = |name: &str, content: &[u8]| {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::write(&path, content).expect("a file");
        path
    };
    let host = format!("localhost:{}", service.address().port());
    let with = |path: PathBuf| {
        let mut command = tool(["get", P2P_CALL, "--danger-trust-host", "--host", &host, "--ca"]);
        command.arg(path).env("GRAPH_CALL_TOKEN", service.access_token());
        finish(command)
    };
    let pem = service.ca_pem();
    for (number, text) in [
        pem.to_owned(),
        pem.replace('\n', "\r\n"),
        format!("\u{feff}{pem}"),
        format!("a remark\n{pem}\n{pem}"),
    ]
    .iter()
    .enumerate()
    {
        let run = with(file(&format!("bundle-{number}.pem"), text.as_bytes()));
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{text}");
    }
    let bad = format!("{pem}-----BEGIN CERTIFICATE-----\ncanary\n-----END CERTIFICATE-----\n");
    let line = pem.lines().count() + 1;
    for (name, content, says) in [
        ("bad.pem", bad.into_bytes(), format!("bad.pem: CA certificate 2 (line {line}) cannot be read")),
        ("blank.pem", b"\n".to_vec(), "blank.pem is empty".to_owned()),
        ("none.pem", b"canary".to_vec(), "none.pem: there is no CA certificate".to_owned()),
        (
            "wide.pem",
            b"\xff\xfe-\0".to_vec(),
            "wide.pem: the CA certificates are UTF-16 text; save them as UTF-8".to_owned(),
        ),
        ("der.pem", service.ca_der().to_vec(), "der.pem: the CA certificate is in DER".to_owned()),
    ] {
        let run = with(file(name, &content));
        assert_eq!(run.code, Some(2), "{}", run.stderr);
        assert!(run.stderr.contains(&says) && !run.stderr.contains("canary"), "{says}: {}", run.stderr);
    }
}
