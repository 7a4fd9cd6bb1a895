//! The table of hostile answers over real sockets: whole, byte by byte, and at every split.

use embedded_nal::{Dns, TcpClientStack};
use graph_call::Call;
use graph_call::http::{self, SelectMember};
use graph_call_laws::hostile::{Outcome, Row, rows};
use graph_call_std::service::{End, Fault, P2P_CALL, Service};
use graph_call_std::socket::{Pace, ZeroRead};
use graph_call_std::{Client, Error, ErrorKind, Query, SystemClock};
use graph_call_tests::fetch::{self, side_by_side};
use graph_call_tests::net::island::{Island, IslandStack};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// The longest answer that is tried at every split.
const SPLIT_MAX: usize = 400;

fn check(row: &Row, fetched: &std::result::Result<(), Error>, call: &Call, how: &str) {
    let Row { name, outcome, .. } = row;
    match (outcome, fetched) {
        (Outcome::Call, Ok(())) => assert_eq!(call.id.as_str(), Some("1"), "{name}, {how}"),
        // It was not taken, and the call asked for once more, on another connection.
        (Outcome::OtherCall, Ok(())) => assert_eq!(call.id.as_str(), Some(P2P_CALL), "{name}, {how}"),
        // What ends too early is a cut connection, wherever in the answer that was.
        (Outcome::Refused(http::ErrorKind::Truncated), Err(error)) => {
            assert_eq!(error.kind(), ErrorKind::Cut, "{name}, {how}: {error}");
        }
        (Outcome::Refused(kind), Err(error)) => {
            assert!(error.to_string().contains(&kind.to_string()), "{name}, {how}: {error}, not {kind}");
        }
        (Outcome::Status(status), Err(error)) => {
            let shown = error.to_string();
            assert!(shown.contains(&status.to_string()), "{name}, {how}: {error}");
            assert!(shown.contains(row.says), "{name}, {how}: {error}, without {}", row.says);
            assert_eq!(error.retry_after(), row.wait, "{name}, {how}: {error}");
        }
        (outcome, fetched) => panic!("{name}, {how}: {fetched:?}, not {outcome:?}"),
    }
}

/// The query for a hostile answer does not name the id, unless that is what matters: it would be that of another call
/// than was asked for.
fn query(hostile: Option<Outcome>) -> Query<'static> {
    Query::new(P2P_CALL).select(match hostile {
        None | Some(Outcome::OtherCall) => &[],
        Some(_) => &[SelectMember::STATE],
    })
}

/// A client, whatever carries it: fetches into a call, a hostile answer of this outcome on a new connection.
type Get<'a> = &'a mut dyn FnMut(&mut Call, Option<Outcome>) -> std::result::Result<(), Error>;

/// Fetches what is sent in these pieces, then a good answer that has to be read.
fn run(row: &Row, pieces: Vec<Vec<u8>>, end: End, service: &Service, get: Get<'_>) -> Result<()> {
    let how = format!("{} pieces", pieces.len());
    service.order(Fault::Raw { pieces, end });
    let mut call = Call::new();
    let fetched = get(&mut call, Some(row.outcome));
    check(row, &fetched, &call, &how);
    let before = service.counters().connections;
    get(&mut call, None)?;
    assert_eq!(call.id.as_str(), Some(P2P_CALL), "{}, {how}", row.name);
    // Whoever has trouble of its own is asked on another connection.
    let is_in_trouble = matches!(row.outcome, Outcome::Status(500..));
    if let (End::KeepAlive, Some(is_reused), false) = (end, row.is_reused, is_in_trouble) {
        let is_new = service.counters().connections > before;
        assert_eq!(is_new, !is_reused, "{}, {how}: whether the connection is new", row.name);
    }
    Ok(())
}

/// Runs these rows whole, in pieces of 3 bytes and byte by byte.
fn run_all(rows: impl Iterator<Item = Row>, service: &Service, get: Get<'_>) -> Result<()> {
    for row in rows {
        for length in [usize::MAX, 3, 1] {
            let pieces = row.answer.chunks(length).map(<[u8]>::to_vec).collect();
            run(&row, pieces, End::CloseNotify, service, get)?;
        }
    }
    Ok(())
}

fn over<S: TcpClientStack + Dns>(
    client: &mut Client<S>,
) -> impl FnMut(&mut Call, Option<Outcome>) -> std::result::Result<(), Error> {
    |call, hostile| {
        if hostile.is_some() {
            client.disconnect();
        }
        client.get_call_into(query(hostile), call).map(drop)
    }
}

#[test]
fn every_answer_has_its_outcome_over_the_system_stack() -> Result<()> {
    side_by_side(4, |worker| {
        let service = Service::start()?;
        let mut client = fetch::of(&service)?.timeouts(fetch::PATIENT).build()?;
        run_all(rows().into_iter().skip(worker).step_by(4), &service, &mut over(&mut client))
    })
}

#[test]
fn every_answer_has_its_outcome_over_smoltcp() -> Result<()> {
    side_by_side(16, |worker| {
        let service = Service::start()?;
        let (_island, stack) = Island::new(service.address());
        let pace = Pace::new(Box::new(SystemClock::new()), ZeroRead::NotYet)
            .with_idle(Box::new(|stack: &mut IslandStack| assert!(stack.poll().is_ok())));
        // A record of 16 KiB takes its time through buffers of 1 KiB.
        let mut client = fetch::of_name(&service)?.timeouts(fetch::PATIENT).build_over(stack, pace)?;
        run_all(rows().into_iter().skip(worker).step_by(16), &service, &mut over(&mut client))
    })
}

#[test]
fn every_answer_has_its_outcome_over_tokio() -> Result<()> {
    side_by_side(4, |worker| {
        let service = Service::start()?;
        let client = fetch::of(&service)?.timeouts(fetch::PATIENT).build_async()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let mut get = |call: &mut Call, hostile: Option<Outcome>| {
            if hostile.is_some() {
                runtime.block_on(client.disconnect());
            }
            runtime.block_on(client.get_call_into(query(hostile), call)).map(drop)
        };
        run_all(rows().into_iter().skip(worker).step_by(4), &service, &mut get)
    })
}

#[test]
#[ignore = "takes a minute: ./ci.sh endurance"]
fn every_answer_has_the_same_outcome_at_every_split() -> Result<()> {
    side_by_side(8, |worker| {
        let service = Service::start()?;
        let mut client = fetch::of(&service)?.timeouts(fetch::PATIENT).build()?;
        for row in rows().iter().filter(|row| row.answer.len() <= SPLIT_MAX) {
            for at in (1..row.answer.len()).skip(worker).step_by(8) {
                let (first, second) = row.answer.split_at(at);
                let pieces = vec![first.to_vec(), second.to_vec()];
                run(row, pieces, End::CloseNotify, &service, &mut over(&mut client))?;
            }
        }
        Ok(())
    })
}

#[test]
fn a_connection_is_used_again_only_when_it_is_clean() -> Result<()> {
    let service = Service::start()?;
    let mut client = fetch::of(&service)?.timeouts(fetch::PATIENT).build()?;
    for row in rows().iter().filter(|row| row.is_reused.is_some()) {
        run(row, vec![row.answer.clone()], End::KeepAlive, &service, &mut over(&mut client))?;
    }
    Ok(())
}
