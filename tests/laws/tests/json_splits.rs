//! Every document of tests/data and every member there is: each way to cut it in two, byte by byte, each prefix.

use graph_call::json::Fault;
use graph_call::{ErrorKind, Overflow, ParseOptions};
use graph_call_laws::laws::{self, Reading, RoomyCall, read, read_into};
use graph_call_laws::{generate, splits};

const STRICT: ParseOptions = ParseOptions::new();
const LENIENT: ParseOptions = ParseOptions::new().trailing_commas(true);

/// Documents by name, with the option that accepts them.
fn documents() -> Vec<(&'static str, Vec<u8>, ParseOptions)> {
    vec![
        ("p2p", include_bytes!("../../data/p2p.json").to_vec(), STRICT),
        ("p2p as printed", include_bytes!("../../data/p2p.as-printed.json").to_vec(), LENIENT),
        ("group", include_bytes!("../../data/group.json").to_vec(), STRICT),
        ("group as printed", include_bytes!("../../data/group.as-printed.json").to_vec(), LENIENT),
        ("every member", generate::every_member().to_string().into_bytes(), STRICT),
        ("escapes", include_bytes!("../../data/escapes.json").to_vec(), STRICT),
    ]
}

/// The same call or error in these pieces as whole.
fn assert_same<'a>(
    whole: &Reading,
    again: &mut RoomyCall,
    options: ParseOptions,
    pieces: impl IntoIterator<Item = &'a [u8]>,
    how: &dyn Fn() -> String,
) {
    assert_eq!(read_into(again, options, pieces), whole.end, "{}", how());
    assert!(*again == *whole.call, "another call: {}", how());
}

#[test]
fn every_cut_in_two_gives_the_same_call() {
    let mut again = Box::new(RoomyCall::empty());
    for (name, body, options) in documents() {
        let whole = read(options, [&body[..]]);
        assert_eq!(whole.end, Ok(()), "{name}");
        for pieces in splits::in_two(&body) {
            assert_same(&whole, &mut again, options, pieces, &|| {
                format!("{name} cut at {}", pieces[0].len())
            });
        }
        assert_same(&whole, &mut again, options, splits::by_byte(&body), &|| format!("{name} byte by byte"));
    }
}

/// One byte of each document replaced at a time: most of these are errors, and all must be found alike.
#[test]
fn every_cut_in_two_gives_the_same_error() {
    let mut again = Box::new(RoomyCall::empty());
    for (name, sound, options) in documents() {
        for at in (0..sound.len()).step_by(1 + sound.len() / 300) {
            let mut body = sound.clone();
            body[at] = b"\x00\"}],:x\\\xff"[at % 9];
            let whole = read(options, [&body[..]]);
            for cut in [at.saturating_sub(1), at, at + 1, at + 2, body.len() / 2] {
                let (head, tail) = body.split_at(cut.min(body.len()));
                let how = || format!("{name}, byte {at} replaced, cut at {cut}");
                assert_same(&whole, &mut again, options, [head, tail], &how);
            }
            let how = || format!("{name}, byte {at} replaced, byte by byte");
            assert_same(&whole, &mut again, options, splits::by_byte(&body), &how);
        }
    }
}

#[test]
fn every_proper_prefix_is_truncated() {
    let mut call = Box::new(RoomyCall::empty());
    for (name, body, options) in documents() {
        for prefix in splits::proper_prefixes(body.trim_ascii_end()) {
            let error = read_into(&mut *call, options, [prefix]).expect_err("a prefix is no document");
            assert_eq!(error.kind(), ErrorKind::Json(Fault::Truncated), "{name}, {} bytes", prefix.len());
            assert_eq!(error.offset(), prefix.len(), "{name}");
            assert!(error.is_truncated());
        }
    }
}

#[test]
fn every_document_obeys_every_law() {
    for (_, body, _) in documents() {
        laws::lexer(&body);
        laws::call(&body);
        laws::differential(&body);
        laws::round_trip(&body);
    }
}

/// Text that does not fit is cut at the same character under any split.
#[test]
fn what_is_cut_is_cut_alike() {
    let options = ParseOptions::new().overflow(Overflow::Truncate);
    let long = "\u{e9}a\u{1f600}\u{20ac}\\u00e9\\n\\ud83d\\ude00".repeat(40);
    let body =
        format!(r#"{{"subject":"{long}","id":"{long}","resultInfo":{{"message":"{long}"}}}}"#).into_bytes();
    let whole = read(options, [&body[..]]);
    assert_eq!(whole.end, Ok(()));
    assert!(whole.call.subject.is_truncated());
    for pieces in splits::in_two(&body) {
        assert_eq!(read(options, pieces), whole, "cut at {}", pieces[0].len());
    }
    for length in 1..9 {
        assert_eq!(read(options, body.chunks(length)), whole, "in pieces of {length}");
    }
}

/// A long piece in the middle of a name or word is not forgotten over the short ones around it.
#[test]
fn a_word_that_is_too_long_is_not_its_two_ends() {
    for (head, middle, tail) in [
        (r#"{"sta"#, "x", r#"te":"hold"}"#),
        (r#"{"state":"ho"#, "x", r#"ld"}"#),
        (r#"{"toneInfo":{"sequenceId":1"#, "0", "1}}"),
        (r#"{"toneInfo":{"sequenceId":"1"#, "0", r#"1"}}"#),
    ] {
        let middle = middle.repeat(60);
        let whole = read(STRICT, [[head, &middle, tail].concat().as_bytes()]);
        let ends = read(STRICT, [head.as_bytes(), tail.as_bytes()]);
        assert_eq!(read(STRICT, [head.as_bytes(), middle.as_bytes(), tail.as_bytes()]), whole);
        assert_ne!(ends, whole);
    }
}
