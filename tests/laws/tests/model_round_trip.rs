//! Calls through serde and back: JSON by way of `serde_json` and `serde-json-core`, and postcard, which keeps the
//! marks of what was cut as well.

use graph_call::{Call, Culprit, Overflow, ParseOptions, Parser, TinyCall};
use graph_call_laws::choices::Choices;
use graph_call_laws::generate;
use graph_call_laws::laws::{RoomyCall, read, written};
use proptest::prelude::*;

const GROUP: &[u8] = include_bytes!("../../data/group.json");
const ESCAPES: &[u8] = include_bytes!("../../data/escapes.json");

fn through_postcard(call: &RoomyCall) -> Box<RoomyCall> {
    let mut output = vec![0; 1 << 18];
    let bytes = postcard::to_slice(call, &mut output).expect("there is room");
    postcard::from_bytes(bytes).expect("what was written")
}

fn through_json(call: &RoomyCall) -> Box<RoomyCall> {
    serde_json::from_value(written(call)).expect("what was written")
}

#[test]
fn fixtures_survive_both_ways() {
    for body in [GROUP, ESCAPES, generate::every_member().to_string().as_bytes(), b"{}"] {
        let call = read(ParseOptions::new(), [body]).call;
        assert!(through_postcard(&call) == call);
        assert!(through_json(&call) == call);
    }
}

/// Marks, true counts and what nobody has announced: postcard keeps them, so that another core sees what this one saw.
#[test]
fn postcard_keeps_the_marks() {
    let body = format!(
        r##"{{"id":"{long}","subject":"{long}","state":"parked","requestedModalities":["smell","audio"],
            "targets":[{{}},{{}},{{}},{{"hidden":true}}],"source":{{"identity":{{"user":{{"id":"{long}"}},"phone":{{}}}}}},
            "operations":[{{"@odata.type":"#microsoft.graph.futureOperation"}}],"transcription":{{"state":"{long}"}},
            "participants":[{{"syntheticMediaDetection":{{}},"rosterSequenceNumber":"-1"}}]}}"##,
        long = "0123456789".repeat(30),
    );
    let options = ParseOptions::new().overflow(Overflow::Truncate);
    let before = read(options, [body.as_bytes()]);
    assert_eq!(before.end, Ok(()));
    let after = through_postcard(&before.call);
    assert!(after == before.call);
    assert!(after.id.is_omitted() && after.subject.is_truncated());
    assert_eq!((after.targets.len(), after.targets.total()), (2, 4));
    assert_eq!(after.state.as_str(), Some("parked"));

    let mut tiny = Box::new(TinyCall::empty());
    let mut parser = Parser::with_options(options);
    parser.feed(&mut *tiny, body.as_bytes()).and_then(|()| parser.finish(&mut *tiny)).expect("a call");
    let mut output = [0; 4096];
    let bytes = postcard::to_slice(&*tiny, &mut output).expect("there is room");
    let again: Box<TinyCall> = postcard::from_bytes(bytes).expect("what was written");
    assert!(again == tiny);
}

/// What another program has damaged is an error or a call, never a panic, and fits its room.
#[test]
fn damaged_postcard_is_survived() {
    let call = read(ParseOptions::new(), [GROUP]).call;
    let mut output = vec![0; 1 << 16];
    let bytes = postcard::to_slice(&*call, &mut output).expect("there is room").to_vec();
    for at in 0..bytes.len() {
        for change in [0, 1, 0x7f, 0x80, 0xff] {
            let mut bytes = bytes.clone();
            bytes[at] ^= change;
            let _ = postcard::from_bytes::<Box<RoomyCall>>(&bytes);
        }
        assert!(postcard::from_bytes::<Box<RoomyCall>>(&bytes[..at]).is_err(), "cut at {at}");
    }
}

/// `Deserialize` is for data of one's own, and yet no way round the strictness of the parser.
#[test]
fn deserialize_refuses_what_the_parser_refuses() {
    for body in [
        "{\"id\":7}",
        "{\"id\":\"1\",\"id\":\"1\"}",
        "{\"source\":[]}",
        "{\"ringingTimeoutInSeconds\":1.5}",
        "{\"ringingTimeoutInSeconds\":2147483648}",
        "{\"targets\":{}}",
        "{\"transcription\":{\"lastModifiedDateTime\":\"yesterday\"}}",
        "[]",
        "null",
    ] {
        assert!(serde_json::from_str::<Call>(body).is_err(), "{body}");
        assert!(Call::parse(body.as_bytes()).is_err(), "{body}");
    }
    let call: Call = serde_json::from_str("{\"unknown\":[{}],\"id\":\"1\",\"source\":null}").expect("a call");
    assert!(call == Call::parse(b"{\"id\":\"1\"}").expect("a call"));
}

#[test]
fn writing_needs_the_room_it_says() {
    let call = Call::parse(GROUP).expect("a call");
    let mut output = [0; 4096];
    let used = call.write_json(&mut output).expect("there is room");
    let mut exact = vec![0; used];
    assert_eq!(call.write_json(&mut exact).map_err(|error| error.capacity()), Ok(used));
    assert_eq!(exact, output[..used]);
    for room in 0..used {
        let error = call.write_json(&mut exact[..room]).expect_err("too little room");
        assert_eq!((error.capacity(), error.culprit()), (room, Culprit::Capacity));
        assert!(error.to_string().ends_with(&format!("its buffer of {room} bytes")), "{error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]

    #[test]
    fn any_call_survives_both_ways(bytes in proptest::collection::vec(any::<u8>(), 0..800)) {
        let mut choices = Choices::new(&bytes);
        let value = generate::call(&mut choices);
        let call = read(ParseOptions::new(), [value.to_string().as_bytes()]).call;
        prop_assert!(through_postcard(&call) == call);
        prop_assert!(through_json(&call) == call);
    }
}
