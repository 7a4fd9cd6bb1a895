//! What the default clients do while they wait: sleep until there is something to do, and no longer.

use core::net::{Ipv4Addr, SocketAddr};
use core::time::Duration;
use embedded_nal::{TcpClientStack, nb};
use graph_call_std::credential::FixedToken;
use graph_call_std::graph_call::http::Limits;
use graph_call_std::service::P2P_CALL;
use graph_call_std::tls::{Roots, Trust};
use graph_call_std::{Client, ClientBuilder, ErrorKind, Phase, Retry, Stack, Timeouts};
use graph_call_tests::net::tls_peer::{Talk, TlsPeer, answer};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use socket2::{Domain, Socket, Type};
use std::error::Error as StdError;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Instant;

type Outcome<T = ()> = Result<T, Box<dyn StdError>>;

/// How long the peer takes to answer. A client that looks after 1, 2, 4 and 8 ms sees it 3 ms late.
const DELAY: Duration = Duration::from_millis(4);
const LENGTH: usize = 2000;

fn serve(mut talk: Talk) -> io::Result<()> {
    while talk.request()? {
        let records = talk.records(&answer(P2P_CALL, LENGTH))?;
        std::thread::sleep(DELAY);
        talk.send(&records)?;
    }
    Ok(())
}

fn builder(peer: &TlsPeer) -> Result<ClientBuilder, graph_call_std::Error> {
    Ok(Client::builder()
        .credential(FixedToken::new("eyJ0eXAiOiJKV1QifQ.e30.c2ln")?)
        .trust(Trust::new(Roots::Only, peer.ca_pem().as_bytes())?)
        .connect_to(peer.address().to_string()))
}

/// rustls over a socket of the standard library, which waits in the system: the measure.
fn plain(peer: &TlsPeer) -> Outcome<StreamOwned<ClientConnection, TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(peer.ca_pem().as_bytes())?)?;
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("graph.microsoft.com")?;
    let tcp = TcpStream::connect(peer.address())?;
    tcp.set_nodelay(true)?;
    Ok(StreamOwned::new(ClientConnection::new(Arc::new(config), name)?, tcp))
}

fn timed(step: impl FnOnce() -> Outcome) -> Outcome<Duration> {
    let began = Instant::now();
    step()?;
    Ok(began.elapsed())
}

#[test]
fn the_default_client_is_not_later_than_a_blocking_read() -> Outcome {
    let peer = TlsPeer::start(serve)?;
    let client = builder(&peer)?.build()?;
    let mut plain = plain(&peer)?;
    let mut spans = [Vec::new(), Vec::new()];
    for round in 0..61 {
        let client = timed(|| Ok(client.get_call(P2P_CALL).map(|_| ())?))?;
        let plain = timed(|| {
            plain.write_all(b"GET / HTTP/1.1\r\nHost: graph.microsoft.com\r\n\r\n")?;
            let mut answer = vec![0; answer(P2P_CALL, LENGTH).len()];
            Ok(plain.read_exact(&mut answer)?)
        })?;
        // The first of each makes the connection.
        if round > 0 {
            spans[0].push(client);
            spans[1].push(plain);
        }
    }
    // Both were waited for in turn, so a busy machine is busy for both.
    let [client, plain] = spans.map(|mut spans| {
        spans.sort_unstable();
        spans[spans.len() / 2]
    });
    assert!(client < plain * 7 / 5, "{client:?}, but a blocking read takes {plain:?}");
    Ok(())
}

/// A listener whose queue is full: further handshakes are not answered.
fn full_listener() -> io::Result<(Socket, Vec<Socket>, SocketAddr)> {
    let listener = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    listener.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
    listener.listen(0)?;
    let address = listener.local_addr()?.as_socket().ok_or(io::ErrorKind::InvalidInput)?;
    let mut waiting = Vec::new();
    for _ in 0..8 {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        socket.set_nonblocking(true)?;
        // Under way or connected: either fills the queue.
        let _ = socket.connect(&address.into());
        waiting.push(socket);
    }
    std::thread::sleep(Duration::from_millis(20));
    Ok((listener, waiting, address))
}

#[test]
fn a_handshake_under_way_is_not_a_connection() -> Outcome {
    let (listener, waiting, address) = full_listener()?;
    let mut stack = Stack::new();
    let mut tcp = stack.socket().map_err(|error| error.to_string())?;
    let began = Instant::now();
    for _ in 0..3 {
        let connected = stack.connect(&mut tcp, address);
        assert!(matches!(connected, Err(nb::Error::WouldBlock)), "{connected:?}");
        // It sleeps: nothing happens.
        stack.wait(Duration::from_millis(50));
    }
    assert!(began.elapsed() >= Duration::from_millis(150), "{:?}", began.elapsed());
    assert!(matches!(stack.receive(&mut tcp, &mut [0]), Err(nb::Error::Other(_))));
    // Room for it: its handshake is tried again after a second or so, and ends the wait.
    drop(waiting);
    listener.set_nonblocking(true)?;
    while listener.accept().is_ok() {}
    let began = Instant::now();
    while let Err(error) = stack.connect(&mut tcp, address) {
        assert!(matches!(error, nb::Error::WouldBlock), "{error:?}");
        assert!(began.elapsed() < Duration::from_secs(20));
        stack.wait(Duration::from_secs(10));
    }
    Ok(())
}

#[test]
fn a_client_that_reaches_nobody_ends_at_its_deadline() -> Outcome {
    let (_listener, _waiting, address) = full_listener()?;
    let peer = TlsPeer::start(serve)?;
    let connect = Duration::from_millis(300);
    let timeouts = Timeouts { connect, ..Timeouts::DEFAULT };
    let client = builder(&peer)?.connect_to(address.to_string()).timeouts(timeouts);
    let client = client.retry(Retry { retries: 0, ..Retry::DEFAULT }).build()?;
    let began = Instant::now();
    let error = client.get_call(P2P_CALL).err().ok_or("fetched")?;
    assert_eq!(error.phase(), Phase::Connect, "{error}");
    assert!(matches!(error.kind(), ErrorKind::Timeout | ErrorKind::Refused), "{error}");
    assert!((connect..connect * 6).contains(&began.elapsed()), "{:?}", began.elapsed());
    Ok(())
}

#[test]
fn a_peer_that_always_has_one_more_byte_does_not_outlive_the_deadline() -> Outcome {
    let peer = TlsPeer::start(|mut talk| {
        talk.request()?;
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999999999\r\n\r\n";
        let records = talk.records(head.as_bytes())?;
        talk.send(&records)?;
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(5) {
            let records = talk.records(&[b' '; 4096])?;
            talk.send(&records)?;
        }
        Ok(())
    })?;
    let whole = Duration::from_millis(500);
    let builder = || {
        let limits = Limits { content_bytes: usize::MAX, ..Limits::DEFAULT };
        Outcome::Ok(builder(&peer)?.limits(limits).timeouts(Timeouts { whole, ..Timeouts::DEFAULT }))
    };
    let began = Instant::now();
    let blocking = builder()?.build()?.get_call(P2P_CALL).err().ok_or("fetched")?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let client = builder()?.build_async()?;
    let awaited = runtime.block_on(client.get_call(P2P_CALL)).err().ok_or("fetched")?;
    for error in [blocking, awaited] {
        assert_eq!((error.kind(), error.limit()), (ErrorKind::Timeout, Some(whole)), "{error}");
    }
    assert!(began.elapsed() < 4 * whole, "{:?}", began.elapsed());
    Ok(())
}

#[test]
fn localhost_serves_at_once_whichever_of_its_addresses_listens() -> Outcome {
    let peer = TlsPeer::start(serve)?;
    let place = format!("localhost:{}", peer.address().port());
    let began = Instant::now();
    builder(&peer)?.connect_to(place.clone()).build()?.get_call(P2P_CALL)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let client = builder(&peer)?.connect_to(place).build_async()?;
    runtime.block_on(client.get_call(P2P_CALL))?;
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    Ok(())
}
