//! Laws of a call of which only some members have to be right.

use graph_call::job::REQUIRED;
use graph_call::json::Fault;
use graph_call::record::{Members, Path, Unreadable, Value};
use graph_call::{ErrorKind, HeapCall, ParseOptions};

use super::call::{Reading, RoomyCall, Root, read_as, under_any_split};
use super::value::written;
use crate::oracle::{differences, expected, is_crowded, spared};

/// What a record says of its members that could not be read.
pub fn unreadable(record: &impl Root) -> Option<Unreadable<'_>> {
    match Members::member(record, Members::schema(record).members)?.1 {
        Value::Unreadable(members) => Some(members),
        _ => None,
    }
}

fn first(record: &impl Root) -> Option<(Path, usize)> {
    unreadable(record)?.first()
}

/// Any bytes, read as a call: a fault in a member that is not required costs this member and says so, and no other fault is
/// passed over; and the members are those that the oracle finds.
pub fn required(body: &[u8]) {
    required_of::<RoomyCall>(body);
    let Reading { call, end } = required_of::<HeapCall>(body);
    let Some(verdict) = spared(body, REQUIRED) else { return };
    match (verdict, end) {
        (Ok((members, rest)), Ok(())) => {
            let mut ours: Vec<_> = unreadable(&*call).into_iter().flat_map(|marked| marked.names()).collect();
            ours.sort_unstable();
            assert_eq!(ours, members, "the members that cannot be read");
            if !is_crowded(&rest) {
                assert_eq!(differences(&written(&*call), &expected(&rest)), [""; 0]);
            }
        }
        (Err(_), Err(_)) => {}
        (Ok(_), Err(error)) => assert_eq!(error.kind(), ErrorKind::Json(Fault::TooDeep)),
        (Err(why), Ok(())) => panic!("taken, though {why}"),
    }
}

/// Any bytes and any record: what the text would be refused for is marked, at its place.
pub fn required_of<R: Root>(body: &[u8]) -> Reading<R> {
    let strict: Reading<R> = read_as(ParseOptions::new(), [body]);
    let options = ParseOptions::new().required(REQUIRED);
    let sparing: Reading<R> = under_any_split(options, body);
    for length in [1, 2, 7, 64] {
        let cut: Reading<R> = read_as(options, body.chunks(length));
        assert_eq!(first(&*cut.call), first(&*sparing.call), "another place, in pieces of {length}");
    }
    match (strict.end, sparing.end) {
        (Ok(()), _) => {
            assert_eq!(sparing, strict, "the option changes what is right");
            assert!(unreadable(&*sparing.call).is_none(), "marked, though nothing is wrong");
        }
        (Err(error), Ok(())) => {
            let place = first(&*sparing.call);
            assert_eq!(place, Some((*error.path(), error.offset())), "passed over without a mark");
        }
        (Err(_), Err(error)) => {
            let is_required = error.path().members().next().is_none_or(|(name, _)| REQUIRED.contains(&name));
            let is_of_the_whole = match error.kind() {
                ErrorKind::Json(fault) => fault != Fault::UnpairedSurrogate,
                ErrorKind::OtherBody(_) => true,
                _ => false,
            };
            assert!(is_required || is_of_the_whole, "refused: {error}");
        }
    }
    sparing
}
