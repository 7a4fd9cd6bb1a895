//! Laws of what a call holds, seen through the JSON it is written as.

use graph_call::json::Fault;
use graph_call::value::write_json;
use graph_call::{Call, ErrorKind, HeapCall, Overflow, ParseOptions, TinyCall};
use serde_json::Value;

use super::call::{Reading, RoomyCall, Root, call, read_as, under_any_split};
use super::unknown::unknown_of_any;
use crate::choices::Choices;
use crate::generate;
use crate::oracle::{
    differences, expected, has_repeated_count, has_repeated_name, is_crowded, is_out_of_range, judge,
    keeps_lone_surrogate, without_lone_surrogates,
};

/// A record as JSON.
pub fn written(record: &impl Root) -> Value {
    let mut output = vec![0; 1 << 20];
    let used = write_json(record, &mut output).expect("there is room");
    serde_json::from_slice(&output[..used]).expect("what is written is JSON")
}

/// Any bytes: the verdict of `serde_json` with the published types, and its values, member by member.
pub fn differential(body: &[u8]) {
    differential_of::<RoomyCall>(body);
    differential_of::<HeapCall>(body);
}

fn differential_of<R: Root>(body: &[u8]) {
    let ours: Reading<R> = read_as(ParseOptions::new(), [body]);
    let replaced = without_lone_surrogates(body);
    let theirs = serde_json::from_slice::<Value>(&replaced);
    if theirs.as_ref().is_ok_and(is_crowded) || has_repeated_count(&replaced) {
        return;
    }
    match (&theirs, ours.end) {
        (Ok(value), Ok(())) => {
            assert_ne!(keeps_lone_surrogate(body), Some(true), "kept half a surrogate pair");
            assert_eq!(judge(value), Ok(()), "accepted against the published types");
            assert_eq!(differences(&written(&*ours.call), &expected(value)), [""; 0]);
        }
        (Ok(value), Err(error)) => match error.kind() {
            ErrorKind::Json(Fault::TooDeep) | ErrorKind::Overflow { .. } => {}
            // Of a member that stands twice, the value does not say whether the first was whole.
            ErrorKind::Json(Fault::UnpairedSurrogate) => assert!(
                keeps_lone_surrogate(body) != Some(false) || has_repeated_name(&replaced),
                "refused for half a pair that nobody keeps"
            ),
            ErrorKind::Json(fault) => panic!("serde_json accepts: {fault:?}"),
            ErrorKind::RepeatedMember => assert!(has_repeated_name(&replaced), "no name stands twice"),
            // Of two members with one name, the value has the second, and the fault may be in the first.
            kind => assert!(
                judge(value).is_err() || has_repeated_name(&replaced),
                "refused as {kind:?}, though the types are right"
            ),
        },
        (Err(error), Ok(())) => {
            assert!(is_out_of_range(error), "serde_json refuses: {error}");
        }
        (Err(_), Err(_)) => {}
    }
}

/// A call made up by the bytes, in a spelling made up by the bytes: read as it was meant, under any split; and
/// damaged by the bytes: all the other laws.
pub fn call_structured(data: &[u8]) {
    let mut choices = Choices::new(data);
    let value = generate::call(&mut choices);
    let body = generate::text(&value, &mut choices);
    as_meant::<RoomyCall>(&body, &value);
    as_meant::<HeapCall>(&body, &value);
    differential(&body);
    unknown_of_any(&body);
    let damaged = generate::damaged(&body, &mut choices);
    call(&damaged);
    differential(&damaged);
    unknown_of_any(&damaged);
}

fn as_meant<R: Root>(body: &[u8], value: &Value) {
    let reading: Reading<R> = under_any_split(ParseOptions::new(), body);
    assert_eq!(reading.end, Ok(()), "{}", body.escape_ascii());
    assert_eq!(differences(&written(&*reading.call), &expected(value)), [""; 0], "{}", body.escape_ascii());
}

/// What was read, written and read again is the same call, and is written the same, in arrays of every preset and on the
/// heap.
pub fn round_trip(body: &[u8]) {
    round_trip_of::<TinyCall>(body);
    round_trip_of::<Call>(body);
    round_trip_of::<RoomyCall>(body);
    round_trip_of::<HeapCall>(body);
}

/// What was read, written and read again is the same record, and is written the same; JSON has no way to say that
/// there was something for which there was no room.
pub fn round_trip_of<R: Root>(body: &[u8]) {
    let first: Reading<R> = read_as(ParseOptions::new().overflow(Overflow::Truncate), [body]);
    if first.end.is_err() {
        return;
    }
    let mut output = vec![0; 1 << 20];
    let used = write_json(&*first.call, &mut output).expect("there is room");
    let second: Reading<R> = read_as(ParseOptions::new(), [&output[..used]]);
    assert_eq!(second.end, Ok(()), "{}", output[..used].escape_ascii());
    if !has_omissions(&*first.call) {
        let mut again = vec![0; 1 << 20];
        let used_again = write_json(&*second.call, &mut again).expect("there is room");
        assert_eq!(output[..used].escape_ascii().to_string(), again[..used_again].escape_ascii().to_string());
    }
    if is_whole(&*first.call) {
        assert_eq!(
            read_as::<R>(ParseOptions::new(), [body]).end,
            Ok(()),
            "something is missing, without a mark"
        );
        assert!(second.call == first.call, "{:?}", second.call);
    }
    // Whatever the room, the need is told, and never exceeded.
    for room in [0, 1, used / 2, used.saturating_sub(1)] {
        let mut short = vec![0; room];
        assert!(room >= used || write_json(&*first.call, &mut short).is_err());
    }
}

/// Whether nothing of what was read was left out, seen in the way a record shows itself: then JSON, which has no room for
/// marks, has all of it.
pub fn is_whole(record: &impl Root) -> bool {
    let shown = format!("{record:?}");
    !has_omissions(record) && !["(cut)", " more)", "total: "].iter().any(|mark| shown.contains(mark))
}

/// Whether the call holds marks of what there was no room for, seen in the way it shows itself.
fn has_omissions(call: &impl Root) -> bool {
    let shown = format!("{call:?}");
    shown.contains("(omitted)")
        || shown.contains("\") (cut)")
        || shown.split("Unknown").skip(1).any(|after| !after.starts_with('('))
}
