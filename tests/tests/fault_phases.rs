//! Servers that stop, crawl, cut and never end: every attempt ends by a named error inside its deadline,
//! the call read before stays readable, and the next attempt works.

use graph_call::Call;
use graph_call_std::service::{Fault, P2P_CALL, Phase as Answering, Service, WireFault};
use graph_call_std::{Client, ErrorKind, Phase, Stack, Timeouts};
use graph_call_tests::fetch::{self, PATIENT, QUICK, side_by_side};
use graph_call_tests::peer::Peer;
use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

type Outcome = Result<(), Box<dyn Error>>;

/// How much later than its deadline an attempt may end, on a machine that is busy with something else.
const SLACK: Duration = Duration::from_millis(1500);

/// The bytes that the server sends in a handshake are at least so many: a certificate alone has more than 500.
const HANDSHAKE_LENGTH: usize = 700;

/// A service, its client, and the call that was read first.
struct Scene {
    service: Service,
    client: Client<Stack>,
    call: Call,
}

impl Scene {
    fn new(timeouts: Timeouts) -> Result<Self, Box<dyn Error>> {
        let service = Service::start()?;
        let mut client = fetch::of(&service)?.timeouts(timeouts).build()?;
        let mut call = Call::new();
        fetch::get(&mut client, P2P_CALL, &mut call)?;
        Ok(Self { service, client, call })
    }

    /// One attempt that has to fail inside the deadline, then one that has to work.
    fn fails(&mut self, deadline: Duration) -> Result<graph_call_std::Error, Box<dyn Error>> {
        // On a connection that was kept, silence is that of the connection first: another one is tried.
        self.client.disconnect();
        let began = Instant::now();
        let failed = fetch::get(&mut self.client, P2P_CALL, &mut self.call);
        let took = began.elapsed();
        let error = failed.err().ok_or("a fault went by unnoticed")?;
        assert!(took < deadline + SLACK, "{error} took {took:?}");
        assert_eq!(self.call.id.as_str(), Some(P2P_CALL), "the call read before is gone after: {error}");
        fetch::get(&mut self.client, P2P_CALL, &mut self.call)?;
        Ok(error)
    }
}

/// Deadlines so short that they are met, with room for a handshake on a busy machine.
const SHORT: Timeouts =
    Timeouts { first_byte: Duration::from_millis(400), answer: Duration::from_millis(400), ..QUICK };

#[test]
fn a_stall_ends_by_the_deadline_of_its_phase() -> Outcome {
    let mut scene = Scene::new(SHORT)?;
    for (fault, phase, limit) in [
        (Answering::BeforeHead, Phase::FirstByte, SHORT.first_byte),
        (Answering::InHead, Phase::Receive, SHORT.answer),
        (Answering::InContent, Phase::Receive, SHORT.answer),
    ] {
        scene.service.order(Fault::Stall(fault));
        let error = scene.fails(limit)?;
        assert_eq!(
            (error.kind(), error.phase(), error.limit()),
            (ErrorKind::Timeout, phase, Some(limit)),
            "{fault:?}"
        );
    }
    for after in [0, 1, 100, 500] {
        scene.client = fetch::of(&scene.service)?.timeouts(SHORT).build()?;
        scene.service.order_wire(WireFault::Stall { after });
        let error = scene.fails(SHORT.connect)?;
        assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, Phase::Tls), "after {after}");
    }
    Ok(())
}

#[test]
fn one_byte_per_interval_ends_by_the_deadline_of_the_whole() -> Outcome {
    let long = Duration::from_secs(20);
    let timeouts = Timeouts { whole: Duration::from_millis(1500), answer: long, ..QUICK };
    let mut scene = Scene::new(timeouts)?;
    scene.service.order(Fault::Slow(Duration::from_millis(20)));
    let error = scene.fails(timeouts.whole)?;
    assert_eq!((error.kind(), error.limit()), (ErrorKind::Timeout, Some(timeouts.whole)));

    scene.client = fetch::of(&scene.service)?.timeouts(timeouts).build()?;
    scene.service.order_wire(WireFault::Slow { interval: Duration::from_millis(20) });
    let error = scene.fails(timeouts.connect)?;
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, Phase::Tls));
    Ok(())
}

#[test]
fn one_byte_per_interval_is_read_while_there_is_time() -> Outcome {
    // Two thousand pauses, which a busy machine makes longer than they were asked to be.
    let mut scene = Scene::new(PATIENT)?;
    scene.service.order(Fault::Slow(Duration::from_micros(100)));
    fetch::get(&mut scene.client, P2P_CALL, &mut scene.call)?;
    assert_eq!(scene.call.id.as_str(), Some(P2P_CALL));
    Ok(())
}

#[test]
fn an_answer_without_end_is_refused_by_the_limit_it_breaks() -> Outcome {
    // A limit is met before a deadline: a megabyte in chunks of 16 bytes takes a busy machine a while.
    let timeouts = PATIENT;
    let mut scene = Scene::new(timeouts)?;
    for (fault, kind) in [
        (Fault::EndlessInterim, graph_call::http::ErrorKind::TooManyInterimAnswers),
        (Fault::EndlessHead, graph_call::http::ErrorKind::TooManyFieldLines),
        (Fault::EndlessContent, graph_call::http::ErrorKind::ContentTooLarge),
        (Fault::EndlessTrailer, graph_call::http::ErrorKind::TrailerTooLong),
        (Fault::Huge(2 * 1024 * 1024), graph_call::http::ErrorKind::ContentTooLarge),
    ] {
        scene.service.order(fault);
        let error = scene.fails(timeouts.whole)?;
        assert!(error.to_string().contains(&kind.to_string()), "{error}");
    }
    Ok(())
}

#[test]
fn a_cut_or_reset_at_every_byte_of_an_answer_is_noticed() -> Outcome {
    let service = Service::start()?;
    let path = format!("/v1.0/communications/calls/{P2P_CALL}");
    let (head, content) = Peer::connect(&service)?.get(&path, &service.access_token())?;
    // The peer's client-request-id has 4 bytes, the client's 36.
    let length = head.len() + 32 + content.len();
    side_by_side(8, |worker| {
        let mut scene = Scene::new(QUICK)?;
        for after in (worker..length).step_by(8) {
            // A new connection: on a kept one, an end before the first byte is tried again unseen.
            scene.client.disconnect();
            let fault = if after % 2 == 0 { Fault::Cut { after } } else { Fault::Reset { after } };
            scene.service.order(fault);
            let error = scene.fails(QUICK.answer)?;
            assert_eq!(error.kind(), ErrorKind::Cut, "after {after} of {length}: {error}");
        }
        scene.client.disconnect();
        scene.service.order(Fault::Cut { after: length });
        fetch::get(&mut scene.client, P2P_CALL, &mut scene.call)?;
        Ok(())
    })
}

#[test]
fn a_kept_connection_that_ends_before_an_answer_is_replaced_unseen() -> Outcome {
    let mut scene = Scene::new(QUICK)?;
    for fault in [Fault::Cut { after: 0 }, Fault::Reset { after: 0 }] {
        let before = scene.service.counters().connections;
        scene.service.order(fault);
        fetch::get(&mut scene.client, P2P_CALL, &mut scene.call)?;
        assert_eq!(scene.service.counters().connections, before + 1);
    }
    Ok(())
}

#[test]
fn a_cut_or_reset_at_every_byte_of_the_handshake_is_noticed() -> Outcome {
    side_by_side(8, |worker| {
        let mut scene = Scene::new(QUICK)?;
        for after in (worker..HANDSHAKE_LENGTH).step_by(8) {
            for fault in [WireFault::Cut { after }, WireFault::Reset { after }] {
                // A new client: one that knows the server resumes, and its handshake is shorter.
                scene.client = fetch::of(&scene.service)?.build()?;
                scene.service.order_wire(fault);
                let error = scene.fails(QUICK.connect)?;
                assert_eq!((error.kind(), error.phase()), (ErrorKind::Cut, Phase::Tls), "{fault:?}: {error}");
            }
        }
        Ok(())
    })
}

#[test]
#[ignore = "takes a minute: ./ci.sh endurance"]
fn a_cut_or_reset_at_every_byte_on_the_wire_is_noticed() -> Outcome {
    let scene = Scene::new(QUICK)?;
    // Signatures differ in length by some bytes.
    let length = scene.service.counters().bytes_written as usize - 8;
    side_by_side(8, |worker| {
        let mut scene = Scene::new(QUICK)?;
        for after in (worker..length).step_by(8) {
            for fault in [WireFault::Cut { after }, WireFault::Reset { after }] {
                scene.client = fetch::of(&scene.service)?.build()?;
                scene.service.order_wire(fault);
                let error = scene.fails(QUICK.connect)?;
                assert_eq!(error.kind(), ErrorKind::Cut, "{fault:?} of {length}: {error}");
            }
        }
        Ok(())
    })
}

#[test]
fn a_server_that_never_accepts_is_given_up() -> Outcome {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None)?;
    socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
    socket.listen(0)?;
    let address = socket.local_addr()?.as_socket().ok_or("no address")?;
    // The queue of connections that wait to be accepted is full after these.
    let waiting: Vec<_> = (0..4)
        .map_while(|_| std::net::TcpStream::connect_timeout(&address, Duration::from_millis(100)).ok())
        .collect();
    assert!(waiting.len() < 4, "the queue never fills");

    let service = Service::start()?;
    let timeouts = Timeouts { connect: Duration::from_millis(300), ..QUICK };
    let mut client = fetch::of(&service)?.connect_to(address.to_string()).timeouts(timeouts).build()?;
    let began = Instant::now();
    let error = fetch::get(&mut client, P2P_CALL, &mut Call::new()).err().ok_or("connected to nobody")?;
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, Phase::Connect));
    assert!(began.elapsed() < timeouts.connect + SLACK);
    Ok(())
}

#[test]
fn a_port_where_nobody_listens_is_refused_at_once() -> Outcome {
    let service = Service::start()?;
    let mut client = fetch::of(&service)?.build()?;
    drop(service);
    let error = fetch::get(&mut client, P2P_CALL, &mut Call::new()).err().ok_or("connected to nobody")?;
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Refused, Phase::Connect));
    Ok(())
}
