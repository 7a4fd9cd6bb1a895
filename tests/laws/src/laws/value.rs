//! Laws of what a call holds, seen through the JSON it is written as.

use graph_call::json::Fault;
use graph_call::{ErrorKind, Overflow, ParseOptions};
use serde_json::Value;

use super::call::{RoomyCall, call, read, under_any_split};
use crate::choices::Choices;
use crate::generate;
use crate::oracle::{differences, expected, has_repeated_name, is_crowded, is_out_of_range, judge};

/// The call as JSON.
pub fn written(call: &RoomyCall) -> Value {
    let mut output = vec![0; 1 << 20];
    let used = call.write_json(&mut output).expect("there is room");
    serde_json::from_slice(&output[..used]).expect("what is written is JSON")
}

/// Any bytes: the verdict of `serde_json` with the published types, and its values, member by member.
pub fn differential(body: &[u8]) {
    let ours = read(ParseOptions::new(), [body]);
    let theirs = serde_json::from_slice::<Value>(body);
    if theirs.as_ref().is_ok_and(is_crowded) {
        return;
    }
    match (&theirs, ours.end) {
        (Ok(value), Ok(())) => {
            assert_eq!(judge(value), Ok(()), "accepted against the published types");
            assert_eq!(differences(&written(&ours.call), &expected(value)), [""; 0]);
        }
        (Ok(value), Err(error)) => match error.kind() {
            ErrorKind::Json(Fault::TooDeep) | ErrorKind::Overflow { .. } => {}
            ErrorKind::Json(fault) => panic!("serde_json accepts: {fault:?}"),
            ErrorKind::RepeatedMember => assert!(has_repeated_name(body), "no name stands twice"),
            // Of two members with one name, the value has the second, and the fault may be in the first.
            kind => assert!(
                judge(value).is_err() || has_repeated_name(body),
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
    let reading = under_any_split(ParseOptions::new(), &body);
    assert_eq!(reading.end, Ok(()), "{}", body.escape_ascii());
    assert_eq!(differences(&written(&reading.call), &expected(&value)), [""; 0], "{}", body.escape_ascii());
    differential(&body);
    let damaged = generate::damaged(&body, &mut choices);
    call(&damaged);
    differential(&damaged);
}

/// What was read, written and read again is the same call, and is written the same; JSON has no way to say that
/// there was something for which there was no room.
pub fn round_trip(body: &[u8]) {
    let first = read(ParseOptions::new().overflow(Overflow::Truncate), [body]);
    if first.end.is_err() {
        return;
    }
    let mut output = vec![0; 1 << 20];
    let used = first.call.write_json(&mut output).expect("there is room");
    let second = read(ParseOptions::new(), [&output[..used]]);
    assert_eq!(second.end, Ok(()), "{}", output[..used].escape_ascii());
    if !has_omissions(&first.call) {
        let mut again = vec![0; 1 << 20];
        let used_again = second.call.write_json(&mut again).expect("there is room");
        assert_eq!(output[..used].escape_ascii().to_string(), again[..used_again].escape_ascii().to_string());
        if read(ParseOptions::new(), [body]).end.is_ok() {
            assert!(second.call == first.call, "{:?}", second.call);
        }
    }
    // Whatever the room, the need is told, and never exceeded.
    for room in [0, 1, used / 2, used.saturating_sub(1)] {
        let mut short = vec![0; room];
        assert!(room >= used || first.call.write_json(&mut short).is_err());
    }
}

/// Whether the call holds marks of what there was no room for, seen in the way it shows itself.
fn has_omissions(call: &RoomyCall) -> bool {
    let shown = format!("{call:?}");
    shown.contains("(omitted)") || shown.split("Unknown").skip(1).any(|after| !after.starts_with('('))
}
