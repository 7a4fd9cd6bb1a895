//! Sockets with deadlines and TLS over three stacks, without the client above them.

use core::net::SocketAddr;
use core::time::Duration;
use embedded_io::{Read, Write};
use embedded_nal::{AddrType, Dns, TcpClientStack};
use graph_call_std::service::{P2P_CALL, Service, WireFault};
use graph_call_std::socket::{self, Limit, Pace, Socket, Whole, ZeroRead};
use graph_call_std::tls::{Roots, TlsError, Trust};
use graph_call_std::{Error, ErrorKind, Phase, Stack, SystemClock};
use graph_call_tests::net::island::{Island, IslandStack};
use graph_call_tests::net::spy::Silent;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

const SECOND: Duration = Duration::from_secs(1);

fn pace<S>(zero: ZeroRead) -> Pace<S> {
    Pace::new(Box::new(SystemClock::new()), zero)
}

fn limit<S>(pace: &Pace<S>, phase: Phase, span: Duration) -> Limit {
    Limit::new(phase, pace.now(), span, Whole { span: 20 * SECOND, by: pace.now() + 20 * SECOND })
}

/// Resolves a name, connects, does TLS, asks for a call and reads to the end of the connection.
fn fetch<S>(mut stack: S, mut pace: Pace<S>, place: Place, service: &Service) -> Result<String, Error>
where
    S: TcpClientStack + Dns,
{
    let within = limit(&pace, Phase::Resolve, 5 * SECOND);
    let (stack, pace) = (&mut stack, &mut pace);
    let address = socket::resolve(stack, pace, place.name, &AddrType::Either, within)?;
    let mut tcp = socket::connect(stack, pace, SocketAddr::new(address, place.port), within)?;
    let mut session = Trust::new(Roots::Only, service.ca_pem().as_bytes())?.session("graph.microsoft.com")?;
    let mut tls = session.over(Socket::new(stack, &mut tcp, pace, within));
    let request = format!(
        "GET /v1.0/communications/calls/{P2P_CALL} HTTP/1.1\r\nHost: graph.microsoft.com\r\n\
         Authorization: Bearer {}\r\nConnection: close\r\n\r\n",
        service.access_token()
    );
    let mut answer = Vec::new();
    let result = (|| {
        tls.handshake()?;
        tls.write_all(request.as_bytes())?;
        tls.flush()?;
        let mut piece = [0; 700];
        loop {
            match tls.read(&mut piece)? {
                0 => return Ok(()),
                length => answer.extend_from_slice(&piece[..length]),
            }
        }
    })();
    socket::close(stack, pace, tcp);
    result.map_err(|error: TlsError<Error>| match error {
        TlsError::Io(error) => error,
        error => Error::new(ErrorKind::Tls, Phase::Tls, error.to_string()),
    })?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

struct Place {
    name: &'static str,
    port: u16,
}

impl Place {
    fn outside(service: &Service) -> Self {
        Self { name: "localhost", port: service.address().port() }
    }

    const INSIDE: Self = Self { name: "graph.microsoft.com", port: 443 };
}

/// `localhost` may be `::1` first, where the service does not listen; the client's way round that is
/// tested with the client.
struct V4<S>(S);

impl<S: TcpClientStack> TcpClientStack for V4<S> {
    type TcpSocket = S::TcpSocket;
    type Error = S::Error;
    fn socket(&mut self) -> Result<S::TcpSocket, S::Error> {
        self.0.socket()
    }
    fn connect(
        &mut self,
        socket: &mut S::TcpSocket,
        remote: SocketAddr,
    ) -> embedded_nal::nb::Result<(), S::Error> {
        self.0.connect(socket, remote)
    }
    fn send(
        &mut self,
        socket: &mut S::TcpSocket,
        buffer: &[u8],
    ) -> embedded_nal::nb::Result<usize, S::Error> {
        self.0.send(socket, buffer)
    }
    fn receive(
        &mut self,
        socket: &mut S::TcpSocket,
        buffer: &mut [u8],
    ) -> embedded_nal::nb::Result<usize, S::Error> {
        self.0.receive(socket, buffer)
    }
    fn close(&mut self, socket: S::TcpSocket) -> Result<(), S::Error> {
        self.0.close(socket)
    }
}

impl<S: Dns> Dns for V4<S> {
    type Error = S::Error;
    fn get_host_by_name(
        &mut self,
        host: &str,
        _: AddrType,
    ) -> embedded_nal::nb::Result<core::net::IpAddr, S::Error> {
        self.0.get_host_by_name(host, AddrType::IPv4)
    }
    fn get_host_by_address(
        &mut self,
        address: core::net::IpAddr,
        result: &mut [u8],
    ) -> embedded_nal::nb::Result<usize, S::Error> {
        self.0.get_host_by_address(address, result)
    }
}

fn assert_is_call(answer: &str) {
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains(P2P_CALL) && answer.trim_end().ends_with('}'), "{answer}");
}

#[test]
fn the_system_stack_fetches_over_either_version_of_tls() -> Result<(), Box<dyn std::error::Error>> {
    for builder in [Service::builder().only_tls12(), Service::builder().only_tls13()] {
        let service = builder.start()?;
        let place = Place::outside(&service);
        assert_is_call(&fetch(V4(Stack::new()), pace(ZeroRead::Closed), place, &service)?);
    }
    Ok(())
}

#[test]
fn std_embedded_nal_fetches() -> Result<(), Box<dyn std::error::Error>> {
    let service = Service::start()?;
    let stack = V4(std_embedded_nal::Stack);
    assert_is_call(&fetch(stack, pace(ZeroRead::Closed), Place::outside(&service), &service)?);
    Ok(())
}

#[test]
fn smoltcp_fetches_and_its_idle_hook_is_what_moves_it() -> Result<(), Box<dyn std::error::Error>> {
    for builder in [Service::builder().only_tls12(), Service::builder().only_tls13()] {
        let service = builder.start()?;
        let (_island, stack) = Island::new(service.address());
        let polls = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&polls);
        let pace = pace(ZeroRead::NotYet).with_idle(Box::new(move |stack: &mut IslandStack| {
            counted.fetch_add(1, Ordering::Relaxed);
            stack.poll().expect("a cable that works");
        }));
        assert_is_call(&fetch(stack, pace, Place::INSIDE, &service)?);
        assert!(polls.load(Ordering::Relaxed) > 4);
    }
    Ok(())
}

#[test]
fn waiting_pauses_instead_of_spinning() -> Result<(), Box<dyn std::error::Error>> {
    let turns = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&turns);
    let mut pace = pace(ZeroRead::NotYet).with_idle(Box::new(move |_: &mut Silent| {
        counted.fetch_add(1, Ordering::Relaxed);
    }));
    let mut stack = Silent::default();
    let within = limit(&pace, Phase::Connect, SECOND / 2);
    let began = Instant::now();
    let remote = SocketAddr::from((Ipv4Addr::LOCALHOST, 9));
    let error = socket::connect(&mut stack, &mut pace, remote, within).err().ok_or("connected")?;
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, Phase::Connect));
    assert_eq!(error.limit(), Some(SECOND / 2));
    assert!(began.elapsed() < SECOND, "{:?}", began.elapsed());
    // 1, 2, 4, 8 ms, then 10 ms each: about 54 turns in half a second, and one more for the close.
    let turns = turns.load(Ordering::Relaxed);
    assert!((10..=60).contains(&turns), "{turns} turns");
    assert_eq!(*stack.open_sockets.lock().map_err(|_| "poisoned")?, 0);
    Ok(())
}

#[test]
fn a_name_that_is_never_resolved_ends_at_its_deadline() -> Result<(), Box<dyn std::error::Error>> {
    let (mut stack, mut pace) = (Silent::default(), pace(ZeroRead::NotYet));
    let within = limit(&pace, Phase::Resolve, SECOND / 10);
    let answer = socket::resolve(&mut stack, &mut pace, "graph.microsoft.com", &AddrType::Either, within);
    let error = answer.err().ok_or("resolved")?;
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, Phase::Resolve));
    Ok(())
}

#[test]
fn the_system_stack_reports_a_refusal_at_once() -> Result<(), Box<dyn std::error::Error>> {
    let closed = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let (mut stack, mut pace) = (Stack::new(), pace(ZeroRead::Closed));
    let within = limit(&pace, Phase::Connect, 5 * SECOND);
    let began = Instant::now();
    let error = socket::connect(&mut stack, &mut pace, closed, within).err().ok_or("connected")?;
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Refused, Phase::Connect));
    assert!(began.elapsed() < SECOND);
    Ok(())
}

#[test]
fn the_system_stack_sends_without_delay_and_never_blocks() -> Result<(), Box<dyn std::error::Error>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let (mut stack, mut pace) = (Stack::new(), pace(ZeroRead::Closed));
    let within = limit(&pace, Phase::Connect, SECOND);
    let mut tcp = socket::connect(&mut stack, &mut pace, listener.local_addr()?, within)?;
    let (_peer, _) = listener.accept()?;
    let began = Instant::now();
    let received = stack.receive(&mut tcp, &mut [0; 8]);
    assert!(matches!(received, Err(embedded_nal::nb::Error::WouldBlock)));
    // The peer reads nothing: sooner or later there is no room.
    let piece = vec![0; 1 << 20];
    let full = (0..64).any(|_| stack.send(&mut tcp, &piece).is_err());
    assert!(full && began.elapsed() < 2 * SECOND);
    assert!(tcp.is_nodelay()?);
    Ok(())
}

#[test]
fn a_stall_inside_the_handshake_ends_at_its_deadline() -> Result<(), Box<dyn std::error::Error>> {
    let service = Service::start()?;
    for after in [0, 1, 5, 100, 700] {
        service.order_wire(WireFault::Stall { after });
        let (mut stack, mut pace) = (Stack::new(), pace(ZeroRead::Closed));
        let within = limit(&pace, Phase::Tls, SECOND / 4);
        let mut tcp = socket::connect(&mut stack, &mut pace, service.address(), within)?;
        let mut session = Trust::new(Roots::Only, service.ca_pem().as_bytes())?.session("localhost")?;
        let began = Instant::now();
        let error = session.over(Socket::new(&mut stack, &mut tcp, &mut pace, within)).handshake();
        let Err(TlsError::Io(error)) = error else { return Err(format!("{after}: {error:?}").into()) };
        assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, Phase::Tls), "after {after}");
        assert!(began.elapsed() < SECOND);
    }
    Ok(())
}

#[test]
fn the_system_stack_waits_no_longer_than_it_must() -> Result<(), Box<dyn std::error::Error>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let (mut stack, mut pace) = (Stack::new(), pace(ZeroRead::Closed));
    let within = limit(&pace, Phase::Connect, SECOND);
    let mut tcp = socket::connect(&mut stack, &mut pace, listener.local_addr()?, within)?;
    let (mut peer, _) = listener.accept()?;

    let mut silence = |span| {
        let received = stack.receive(&mut tcp, &mut [0; 8]);
        assert!(matches!(received, Err(embedded_nal::nb::Error::WouldBlock)), "{received:?}");
        let began = Instant::now();
        stack.wait(span);
        began.elapsed()
    };
    assert!(silence(SECOND / 10) >= SECOND / 10);
    let talks = std::thread::spawn(move || {
        std::thread::sleep(SECOND / 10);
        std::io::Write::write_all(&mut peer, b"hello")
    });
    assert!(silence(10 * SECOND) < 5 * SECOND);
    let mut output = [0; 8];
    assert_eq!(stack.receive(&mut tcp, &mut output).map_err(|_| "nothing")?, 5);
    talks.join().map_err(|_| "panicked")??;

    // Without a socket to wait for, it is a sleep.
    let began = Instant::now();
    Stack::new().wait(SECOND / 20);
    assert!(began.elapsed() >= SECOND / 20);
    Ok(())
}
