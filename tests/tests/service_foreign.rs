//! The client against servers that are not ours: nginx and `openssl s_server`.

use graph_call::Call;
use graph_call_std::credential::FixedToken;
use graph_call_std::service::{CertificateKind, Service};
use graph_call_std::{Client, ErrorKind, Event, Stack};
use graph_call_tests::fetch;
use graph_call_tests::foreign::{self, Foreign, Key};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

const P2P: &str = include_str!("../data/p2p.json");

/// A client of this server, and how many connections it has made.
fn client_of(server: &Foreign) -> Result<(Client<Stack>, Arc<AtomicUsize>)> {
    let made = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&made);
    let client = fetch::at(server.address(), server.trusted())?
        .credential(FixedToken::new("loopback-only")?)
        .on_event(move |event| {
            count.fetch_add(usize::from(matches!(event, Event::Connected { .. })), Relaxed);
        })
        .build()?;
    Ok((client, made))
}

/// The call under another id: an answer about a call that was not asked for is none.
fn p2p(id: &str) -> String {
    P2P.replace(graph_call_std::service::P2P_CALL, id)
}

#[test]
fn nginx_serves_both_versions_with_lengths_and_chunks_on_one_connection() -> Result<()> {
    for version in ["TLSv1.2", "TLSv1.3"] {
        let [whole, chunked] = ["whole", "chunked"].map(p2p);
        let calls = [("whole", &*whole), ("chunked", &*chunked)];
        let Some(server) = Foreign::nginx(version, &calls)? else { return Ok(()) };
        let (mut client, connections) = client_of(&server)?;
        let mut call = Call::new();
        for id in ["whole", "chunked", "whole", "chunked"] {
            fetch::get(&mut client, id, &mut call)?;
            assert_eq!(call.id.as_str(), Some(id), "{version}");
        }
        assert_eq!(connections.load(Relaxed), 1, "{version}");
        // It closes an idle connection after 300 ms; the next call needs a new one.
        thread::sleep(Duration::from_millis(600));
        fetch::get(&mut client, "chunked", &mut call)?;
        assert_eq!(connections.load(Relaxed), 2, "{version}");

        let error = fetch::get(&mut client, "absent", &mut call).err().ok_or("a call was given")?;
        assert!(error.to_string().contains("404"), "{error}");
    }
    Ok(())
}

#[test]
fn nginx_without_a_version_we_accept_is_refused() -> Result<()> {
    let Some(server) = Foreign::nginx("TLSv1.1", &[("whole", P2P)])? else { return Ok(()) };
    let (mut client, _) = client_of(&server)?;
    let error = fetch::get(&mut client, "whole", &mut Call::new()).err();
    assert_eq!(error.map(|error| error.kind()), Some(ErrorKind::Tls));
    Ok(())
}

#[test]
fn openssl_serves_both_versions_and_every_framing() -> Result<()> {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    let whole = p2p("length");
    let length = format!("{head}Content-Length: {}\r\n\r\n{whole}", whole.len());
    let whole = p2p("chunked");
    let (first, second) = whole.split_at(700);
    let chunked = format!(
        "{head}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{first}\r\n{:X};x=y\r\n{second}\r\n0\r\nx: y\r\n\r\n",
        first.len(),
        second.len()
    );
    let until_close = format!("{head}\r\n{}", p2p("until-close"));
    let answers = [("length", &*length), ("chunked", &chunked), ("until-close", &until_close)];
    for (key, version) in
        [(Key::P256, "-tls1_2"), (Key::P256, "-tls1_3"), (Key::Rsa, "-tls1_2"), (Key::Rsa, "-tls1_3")]
    {
        let Some(server) = Foreign::openssl(key, &[version], &answers)? else { return Ok(()) };
        let (mut client, _) = client_of(&server)?;
        for (id, _) in answers {
            let mut call = Call::new();
            fetch::get(&mut client, id, &mut call)
                .map_err(|error| format!("{key:?} {version} {id}: {error}"))?;
            assert_eq!(call.id.as_str(), Some(id), "{version}");
        }
    }
    Ok(())
}

#[test]
fn openssl_finds_the_fault_that_each_certificate_has() -> Result<()> {
    for (kind, verdict) in [
        (CertificateKind::Good, "Verification: OK"),
        (CertificateKind::WrongName, "num=62:"),
        (CertificateKind::Expired, "num=10:"),
        (CertificateKind::NotYetValid, "num=9:"),
        (CertificateKind::UnknownAuthority, "num=20:"),
        (CertificateKind::LeafAsAuthority, "num=79:"),
    ] {
        let service = Service::builder().certificate(kind).start()?;
        let Some(said) = foreign::verdict_of_openssl(&service)? else { return Ok(()) };
        assert!(said.contains(verdict), "{kind:?}: {said}");
    }
    Ok(())
}
