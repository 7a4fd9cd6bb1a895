//! Laws of the members that a record does not know.

use graph_call::binder::unknown::{Item, UnknownMembers};
use graph_call::json::LexError;
use graph_call::{HeapCall, ParseOptions};
use serde_json::Value;

use crate::oracle::{has_repeated_name, judge, unknown_members, without_lone_surrogates};
use crate::splits;

/// What was found: path, name and value of each member, and how the text ended.
#[derive(Debug, PartialEq)]
pub struct Found {
    /// Each member that was told to its end, in the order of the text.
    pub members: Vec<(String, String, String)>,
    /// How the text ended.
    pub end: Result<(), LexError>,
}

/// Looks through `pieces`, one after the other, for what a call does not know.
pub fn unknown<'a>(options: ParseOptions, pieces: impl IntoIterator<Item = &'a [u8]>) -> Found {
    let mut machine = UnknownMembers::with_options(&HeapCall::empty(), options);
    let (mut members, mut name, mut value) = (Vec::new(), Vec::new(), Vec::new());
    let utf8 = |bytes: &mut Vec<u8>| String::from_utf8(std::mem::take(bytes)).expect("UTF-8");
    for piece in pieces {
        let mut input = piece;
        loop {
            match machine.next(&mut input) {
                Ok(Some(Item::Name(piece))) => {
                    assert!(value.is_empty(), "a name stands before its value");
                    assert!(!piece.bytes.is_empty() || piece.last, "only a last piece may be empty");
                    name.extend(piece.bytes);
                }
                Ok(Some(Item::Value(piece))) => {
                    value.extend(piece.bytes);
                    if piece.last {
                        members.push((machine.path().to_string(), utf8(&mut name), utf8(&mut value)));
                    }
                }
                Ok(None) => {
                    assert!(input.is_empty(), "None means that the piece is used up");
                    break;
                }
                Err(error) => {
                    assert_eq!(machine.next(&mut &b"null"[..]), Err(error), "a failed machine stays failed");
                    return Found { members, end: Err(error) };
                }
            }
        }
    }
    Found { members, end: machine.finish() }
}

/// Any bytes: the same under any split, each value a JSON text by itself, and those that another reader finds.
pub fn unknown_of_any(body: &[u8]) {
    let whole = unknown(ParseOptions::new(), [body]);
    for length in [1, 2, 7, 64] {
        assert_eq!(unknown(ParseOptions::new(), body.chunks(length)), whole, "in pieces of {length}");
    }
    if body.len() <= 64 {
        for pieces in splits::in_two(body) {
            assert_eq!(unknown(ParseOptions::new(), pieces), whole, "cut at {}", pieces[0].len());
        }
    }
    let replaced = without_lone_surrogates(body);
    let Ok(theirs) = serde_json::from_slice::<Value>(&replaced) else { return };
    if whole.end.is_err() || judge(&theirs).is_err() || has_repeated_name(&replaced) {
        return;
    }
    let ours = whole.members.into_iter().map(|(path, name, value)| {
        let value = without_lone_surrogates(value.as_bytes());
        (path, name, serde_json::from_slice::<Value>(&value).expect("a value").to_string())
    });
    let (mut ours, mut theirs) = (ours.collect::<Vec<_>>(), unknown_members(&theirs));
    ours.sort();
    theirs.sort();
    assert_eq!(ours, theirs, "{}", body.escape_ascii());
}
