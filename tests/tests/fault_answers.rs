//! The table of hostile answers over real sockets: whole, byte by byte, and at every split.

use graph_call::Call;
use graph_call_std::Error;
use graph_call_std::service::{End, Fault, P2P_CALL, Service};
use graph_call_tests::fetch::{self, side_by_side};
use graph_call_tests::hostile::{Outcome, Row, rows};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// The longest answer that is tried at every split.
const SPLIT_MAX: usize = 400;

fn check(row: &Row, fetched: &std::result::Result<(), Error>, call: &Call, how: &str) {
    let Row { name, outcome, .. } = row;
    match (outcome, fetched) {
        (Outcome::Call, Ok(())) => assert_eq!(call.id.as_str(), Some("1"), "{name}, {how}"),
        (Outcome::Refused(kind), Err(error)) => {
            assert!(error.to_string().contains(&kind.to_string()), "{name}, {how}: {error}, not {kind}");
        }
        (Outcome::Status(status), Err(error)) => {
            assert!(error.to_string().contains(&status.to_string()), "{name}, {how}: {error}");
        }
        (outcome, fetched) => panic!("{name}, {how}: {fetched:?}, not {outcome:?}"),
    }
}

/// Fetches what is sent in these pieces, then a good answer that has to be read.
fn run(
    row: &Row,
    pieces: Vec<Vec<u8>>,
    end: End,
    service: &Service,
    client: &mut fetch::Loopback,
) -> Result<()> {
    let how = format!("{} pieces", pieces.len());
    client.disconnect();
    service.order(Fault::Raw { pieces, end });
    let mut call = Call::new();
    let fetched = client.get_call_into(P2P_CALL, &mut call).map(drop);
    check(row, &fetched, &call, &how);
    let before = service.counters().connections;
    client.get_call_into(P2P_CALL, &mut call)?;
    assert_eq!(call.id.as_str(), Some(P2P_CALL), "{}, {how}", row.name);
    if let (End::KeepAlive, Some(is_reused)) = (end, row.is_reused) {
        let is_new = service.counters().connections > before;
        assert_eq!(is_new, !is_reused, "{}, {how}: whether the connection is new", row.name);
    }
    Ok(())
}

#[test]
fn every_answer_has_its_outcome_whole_and_byte_by_byte() -> Result<()> {
    side_by_side(4, |worker| {
        let service = Service::start()?;
        let mut client = fetch::of(&service)?.build()?;
        for row in rows().iter().skip(worker).step_by(4) {
            for length in [usize::MAX, 3, 1] {
                let pieces = row.answer.chunks(length).map(<[u8]>::to_vec).collect();
                run(row, pieces, End::CloseNotify, &service, &mut client)?;
            }
        }
        Ok(())
    })
}

#[test]
#[ignore = "takes a minute: ./ci.sh endurance"]
fn every_answer_has_the_same_outcome_at_every_split() -> Result<()> {
    side_by_side(8, |worker| {
        let service = Service::start()?;
        let mut client = fetch::of(&service)?.build()?;
        for row in rows().iter().filter(|row| row.answer.len() <= SPLIT_MAX) {
            for at in (1..row.answer.len()).skip(worker).step_by(8) {
                let (first, second) = row.answer.split_at(at);
                let pieces = vec![first.to_vec(), second.to_vec()];
                run(row, pieces, End::CloseNotify, &service, &mut client)?;
            }
        }
        Ok(())
    })
}

#[test]
fn a_connection_is_used_again_only_when_it_is_clean() -> Result<()> {
    let service = Service::start()?;
    let mut client = fetch::of(&service)?.build()?;
    for row in rows().iter().filter(|row| row.is_reused.is_some()) {
        run(row, vec![row.answer.clone()], End::KeepAlive, &service, &mut client)?;
    }
    Ok(())
}
