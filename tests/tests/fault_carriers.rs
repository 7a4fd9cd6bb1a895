//! One fault of every kind over what carries the client elsewhere: smoltcp, where a read of nothing means that nothing
//! has come yet, and tokio. Every attempt ends by a named error inside its deadline, the call read before stays
//! readable, and the next attempt works.

use core::time::Duration;
use graph_call::Call;
use graph_call_std::service::{Fault, GROUP_CALL, P2P_CALL, Phase as Answering, Service, WireFault};
use graph_call_std::socket::{Pace, ZeroRead};
use graph_call_std::{Error, ErrorKind, Phase, Stack, SystemClock, Timeouts};
use graph_call_tests::fetch::{self, side_by_side};
use graph_call_tests::net::island::{Island, IslandStack};
use graph_call_tests::net::spy::Spy;
use std::time::Instant;

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// How much later than its deadline an attempt may end, on a machine that is busy with something else.
const SLACK: Duration = Duration::from_secs(2);

/// Long enough for a handshake through buffers of 1 KiB.
const TIMEOUTS: Timeouts = Timeouts {
    connect: Duration::from_secs(5),
    first_byte: Duration::from_secs(1),
    answer: Duration::from_secs(1),
    whole: Duration::from_secs(8),
    send: Duration::from_secs(1),
};

/// Where a fault strikes.
#[derive(Debug, Clone)]
enum Order {
    Answer(Fault),
    Wire(WireFault),
}

/// A fault, the error that it must end in, and how long that may take.
type Row = (Order, ErrorKind, Option<Phase>, Duration);

fn rows() -> Vec<Row> {
    let answer = Order::Answer;
    let mut rows = vec![
        (
            answer(Fault::Stall(Answering::BeforeHead)),
            ErrorKind::Timeout,
            Some(Phase::FirstByte),
            TIMEOUTS.first_byte,
        ),
        (answer(Fault::Stall(Answering::InHead)), ErrorKind::Timeout, Some(Phase::Receive), TIMEOUTS.answer),
        (
            answer(Fault::Stall(Answering::InContent)),
            ErrorKind::Timeout,
            Some(Phase::Receive),
            TIMEOUTS.answer,
        ),
        (answer(Fault::Slow(Duration::from_millis(50))), ErrorKind::Timeout, None, TIMEOUTS.whole),
        (answer(Fault::UntilCut), ErrorKind::Cut, None, TIMEOUTS.answer),
        (answer(Fault::EndlessInterim), ErrorKind::Capacity, None, TIMEOUTS.whole),
        (answer(Fault::EndlessHead), ErrorKind::Capacity, None, TIMEOUTS.whole),
        (answer(Fault::EndlessTrailer), ErrorKind::Capacity, None, TIMEOUTS.whole),
    ];
    for after in [0, 1, 200, 900] {
        rows.push((answer(Fault::Cut { after }), ErrorKind::Cut, None, TIMEOUTS.answer));
        rows.push((answer(Fault::Reset { after }), ErrorKind::Cut, None, TIMEOUTS.answer));
    }
    // A client that knows the server resumes, and its handshake is shorter than 500 bytes.
    for after in [0, 1, 100] {
        for fault in [WireFault::Cut { after }, WireFault::Reset { after }] {
            rows.push((Order::Wire(fault), ErrorKind::Cut, Some(Phase::Tls), TIMEOUTS.connect));
        }
        let stall = WireFault::Stall { after };
        rows.push((Order::Wire(stall), ErrorKind::Timeout, Some(Phase::Tls), TIMEOUTS.connect));
    }
    let slow = WireFault::Slow { interval: Duration::from_millis(20) };
    // A handshake that resumes is short enough to be over in time; the answer is not.
    rows.push((Order::Wire(slow), ErrorKind::Timeout, None, TIMEOUTS.whole));
    rows
}

/// Fetches a call into the place of an older one, on a new connection if told so.
type Get<'a> = &'a mut dyn FnMut(&str, &mut Call, bool) -> Result<(), Error>;

fn run((order, kind, phase, deadline): Row, service: &Service, get: Get<'_>) -> Outcome {
    let mut call = Call::new();
    get(GROUP_CALL, &mut call, false)?;
    match order.clone() {
        Order::Answer(fault) => service.order(fault),
        Order::Wire(fault) => service.order_wire(fault),
    }
    let began = Instant::now();
    let error = get(P2P_CALL, &mut call, true).err().ok_or_else(|| format!("{order:?} went by unnoticed"))?;
    let took = began.elapsed();
    assert_eq!(error.kind(), kind, "{order:?}: {error}");
    assert!(phase.is_none_or(|phase| phase == error.phase()), "{order:?}: {error}");
    assert!(took < deadline + SLACK, "{order:?} took {took:?}: {error}");
    assert_eq!(call.id.as_str(), Some(GROUP_CALL), "{order:?}: the older call is gone");
    get(P2P_CALL, &mut call, false)?;
    assert_eq!(call.id.as_str(), Some(P2P_CALL), "{order:?}: the next attempt");
    Ok(())
}

#[test]
fn every_fault_ends_over_smoltcp() -> Outcome {
    let rows = rows();
    side_by_side(rows.len(), |worker| {
        let service = Service::start()?;
        let (_island, stack) = Island::new(service.address());
        let pace = Pace::new(Box::new(SystemClock::new()), ZeroRead::NotYet)
            .with_idle(Box::new(|stack: &mut IslandStack| assert!(stack.poll().is_ok())));
        let client = fetch::of_name(&service)?.timeouts(TIMEOUTS).build_over(stack, pace)?;
        run(rows[worker].clone(), &service, &mut |id, call, is_new| {
            if is_new {
                client.disconnect();
            }
            client.get_call_into(id, call).map(drop)
        })
    })
}

#[test]
fn a_send_that_finds_no_room_ends_and_one_that_finds_little_goes_on() -> Outcome {
    for zero in [ZeroRead::NotYet, ZeroRead::Closed] {
        let service = Service::start()?;
        let pace = || Pace::new(Box::new(SystemClock::new()), zero);
        let (stack, log) = Spy::new(Stack::new());
        let stack = stack.with_room(usize::MAX, 1);
        let client = fetch::of(&service)?.timeouts(TIMEOUTS).build_over(stack, pace())?;
        let mut call = Call::new();
        client.get_call_into(GROUP_CALL, &mut call)?;
        let sent = log.sent_bytes();
        // In the handshake, and in the request, which is the last thing sent.
        for (room, deadline) in
            [(0, TIMEOUTS.connect), (100, TIMEOUTS.connect), (sent - 50, TIMEOUTS.first_byte)]
        {
            let (stack, log) = Spy::new(Stack::new());
            let stack = stack.with_room(room, usize::MAX);
            let client = fetch::of(&service)?.timeouts(TIMEOUTS).build_over(stack, pace())?;
            let began = Instant::now();
            let error = client.get_call_into(P2P_CALL, &mut call).err().ok_or("sent without room")?;
            assert_eq!(error.kind(), ErrorKind::Timeout, "{room}: {error}");
            assert!(began.elapsed() < deadline + SLACK, "{room}: {error}");
            assert_eq!(log.sent_bytes(), room);
            assert_eq!(call.id.as_str(), Some(GROUP_CALL), "{room}: the older call is gone");
        }
    }
    Ok(())
}

#[test]
fn every_fault_ends_over_tokio() -> Outcome {
    let rows = rows();
    side_by_side(rows.len(), |worker| {
        let service = Service::start()?;
        let client = fetch::of(&service)?.timeouts(TIMEOUTS).build_async()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        run(rows[worker].clone(), &service, &mut |id, call, is_new| {
            if is_new {
                runtime.block_on(client.disconnect());
            }
            runtime.block_on(client.get_call_into(id, call)).map(drop)
        })
    })
}
