//! What serde refuses, and that it never panics or leaves half a call.

use graph_call::value::RecordSeed;
use graph_call::{Call, CallState};
use proptest::prelude::*;
use serde::de::DeserializeSeed as _;

graph_call::capacities! {
    Little { id: 8, text: 8, uri: 0, word: 4, set: 1, list: 2, expand: 1 }
}

type Small = Call<Little>;

fn refusal(json: &str) -> String {
    serde_json::from_str::<Small>(json).unwrap_err().to_string()
}

#[test]
fn the_parser_and_serde_refuse_the_same() {
    for (json, clause) in [
        (r#"{"state":"hold","state":"hold"}"#, "state: the member stands twice in its object"),
        (r#"{"subject":"nine bytes"}"#, "subject: too large for its place: needs 10, capacity 8"),
        (r#"{"targets":[{},{},{}]}"#, "targets: too large for its place: needs 3, capacity 2"),
        (
            r#"{"ringingTimeoutInSeconds":2147483648}"#,
            "ringingTimeoutInSeconds: expected an integer of 32 bits",
        ),
        (r#"{"ringingTimeoutInSeconds":"1.0"}"#, "ringingTimeoutInSeconds: expected an integer of 32 bits"),
        (r#"{"toneInfo":{"sequenceId":18446744073709551615}}"#, "sequenceId: expected an integer of 64 bits"),
        (r#"{"toneInfo":{"sequenceId":1.5}}"#, "sequenceId: expected an integer of 64 bits"),
        (
            r#"{"transcription":{"lastModifiedDateTime":"now"}}"#,
            "lastModifiedDateTime: the text is no date and time",
        ),
        (r#"{"subject":7}"#, "subject: expected a string"),
        (r#"{"state":{}}"#, "state: expected a string"),
        (r#"{"source":[]}"#, "source: expected an object"),
        (r#"{"targets":{}}"#, "targets: expected an array"),
        (r#"{"targets":["x"]}"#, "targets: expected an object"),
        (
            r#"{"participants":[{"syntheticMediaDetection":{"syntheticConfidence":"0.5"}}]}"#,
            "syntheticConfidence: expected a number",
        ),
        (
            r#"{"participants":[{"syntheticMediaDetection":{"syntheticConfidence":0.12345678}}]}"#,
            "syntheticConfidence: too large for its place: needs 10, capacity 8",
        ),
        (
            r#"{"mediaConfig":{"removeFromDefaultAudioGroup":"true"}}"#,
            "removeFromDefaultAudioGroup: expected true or false",
        ),
    ] {
        let refused = refusal(json);
        assert!(refused.starts_with(clause), "{json}: {refused}");
        let mut call = Small::empty();
        let error = call.parse_into(json.as_bytes()).unwrap_err();
        let kind = error.kind().to_string();
        assert!(clause.ends_with(&kind), "{json}: {error}");
    }
    for json in ["null", "[]", "7", r#"{"state":"hold""#, r#"{"state":}"#] {
        refusal(json);
        assert!(Small::empty().parse_into(json.as_bytes()).is_err(), "{json}");
    }
}

#[test]
fn what_nobody_asked_for_is_skipped() {
    let json = r#"{"callbackUri":"https://example.com","new":{"a":[1.5,{"b":null}]},"state":"hold",
        "contentSharingSessions":[{"pngOfCurrentSlide":{"any":[]}}],"source":null,"targets":[null,{},null]}"#;
    let call: Small = serde_json::from_str(json).unwrap();
    assert_eq!(call.state, CallState::Hold);
    assert!(call.callback_uri.is_omitted() && call.source.get().is_none());
    assert_eq!((call.targets.len(), call.targets.total()), (1, 1));
    assert!(call.content_sharing_sessions[0].png_of_current_slide.0);

    let mut parsed = Small::empty();
    parsed.parse_into(json.as_bytes()).unwrap();
    assert_eq!(call, parsed);
}

#[test]
fn a_failed_read_leaves_an_empty_call() {
    let mut call = Small::empty();
    for json in [r#"{"state":"hold"}"#, r#"{"state":"hold","subject":7}"#] {
        let mut json = serde_json::Deserializer::from_str(json);
        let result = RecordSeed(&mut call).deserialize(&mut json);
        assert_eq!(result.is_ok(), call != Small::empty());
    }
}

proptest! {
    /// Bytes that were changed on the way give an error or a call that can be used.
    #[test]
    fn no_bytes_can_harm(changes in proptest::collection::vec((0_usize..600, any::<u8>()), 1..4)) {
        let call = Call::parse(include_bytes!("../../data/p2p.json")).unwrap();
        let mut buffer = [0; 4096];
        let bytes = postcard::to_slice(&call, &mut buffer).unwrap();
        for (at, byte) in changes {
            let at = at % bytes.len();
            bytes[at] = byte;
        }
        if let Ok(call) = postcard::from_bytes::<Call>(bytes) {
            let _ = format!("{call:?}");
            serde_json::to_string(&call).unwrap();
            let again = postcard::to_slice(&call, &mut buffer).unwrap();
            prop_assert_eq!(postcard::from_bytes::<Call>(again).unwrap(), call);
        }
    }
}
