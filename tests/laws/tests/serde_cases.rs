//! What services were seen to send, through `write_json`, serde_json and postcard, in records of every size: what is
//! written is what was read, marks included where the format has them.

use graph_call::value::write_json;
use graph_call::{Call, HeapCall, Overflow, ParseOptions, TinyCall};
use graph_call_laws::choices::Choices;
use graph_call_laws::generate;
use graph_call_laws::laws::{Reading, RoomyCall, Root, is_whole, read_as};
use graph_call_laws::oracle::{differences, expected, has_repeated_name};
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

graph_call::capacities! {
    /// Room for a roster, and for hardly a text.
    Roster { id: 40, text: 8, uri: 8, word: 4, set: 1, extras: 1, list: 3, expand: 3 }
}

const CALL_ID: &str = "00000000-0000-0000-0000-0000000000c1";

/// Bodies by what is odd about them.
fn bodies() -> Vec<(&'static str, String)> {
    let id = |number: u32| format!("00000000-0000-0000-0000-{number:012}");
    let participant = |number| {
        json!({"id": id(number), "isMuted": false, "info": {"identity": {"user": {"id": id(number + 100),
            "displayName": format!("N. {number}")}}}, "mediaStreams": [{"mediaType": "audio", "sourceId": "1",
            "direction": "sendReceive", "serverMuted": false}], "rosterSequenceNumber": number})
    };
    let detected = |confidence: Value| {
        json!({"participants": [{"syntheticMediaDetection": {"detectionId": id(7), "isParticipantTrusted": false,
            "detectorBot": {"displayName": "Detector"}, "syntheticConfidence": confidence}}]})
    };
    let kinds = ["admitAllFromLobby", "muteParticipants", "startRecording", "stopTranscription", "sing"].map(
        |kind| json!({"@odata.type": format!("#microsoft.graph.{kind}Operation"), "status": "completed"}),
    );
    let changed = |time: &str| json!({"transcription": {"state": "active", "lastModifiedDateTime": time}});
    let values = [
        ("a call by itself", json!({"id": CALL_ID, "state": "established"})),
        ("nothing", json!({})),
        ("who is muted", json!({"operations": [{"participants": [id(1), {"hidden": true}, null, id(2)]}]})),
        ("kinds of operation", json!({"operations": kinds})),
        ("a confidence", detected(json!(0.75))),
        ("a confidence that is no number", detected(json!("NaN"))),
        ("a confidence without end", detected(json!("-INF"))),
        (
            "a shared slide",
            json!({"contentSharingSessions": [{"id": id(3), "pngOfCurrentSlide@odata.mediaContentType": "image/png",
                "pngOfCurrentSlide@odata.mediaReadLink": format!("communications/calls/{CALL_ID}/x")}]}),
        ),
        ("17 participants", json!({"participants": (0..17).map(participant).collect::<Vec<_>>()})),
        (
            "a list that the service cut",
            json!({"participants@odata.count": 40, "participants": [participant(1)],
                "participants@odata.nextLink": format!("https://graph.microsoft.com/v1.0/{CALL_ID}?$skiptoken=x")}),
        ),
        (
            "a long name in Devanagari",
            json!({"source": {"identity": {"user": {"displayName": "\u{928}\u{92e}\u{938}\u{94d}".repeat(64)}}}}),
        ),
        ("a long subject in Han", json!({"subject": "\u{4f1a}\u{8b70}".repeat(86)})),
        ("long metadata", json!({"participants": [{"metadata": "m".repeat(513)}]})),
        ("a long language tag", json!({"source": {"languageId": "zh-Hans-CN-x-twain-0000000003"}})),
        (
            "two applications",
            json!({"source": {"identity": {"application": {"id": id(4)}, "applicationInstance": {"id": id(5)},
                "device": {"id": id(6)}}}}),
        ),
        (
            "a person behind an application",
            json!({"source": {"identity": {"application": {"id": id(4)}, "user": {"id": id(5)}}}}),
        ),
        (
            "three extras",
            json!({"source": {"identity": {"user": {"tenantId": "1", "email": "2", "title": "3"}}}}),
        ),
        (
            "details of a target",
            json!({"targets": [{"id": id(8), "region": "amer", "languageId": "en-US", "hidden": false,
                "removeFromDefaultAudioRoutingGroup": false, "replacesCallId": id(9), "tenantId": id(10)}]}),
        ),
        (
            "a long word",
            json!({"state": "w".repeat(400), "requestedModalities": ["\u{e9}".repeat(40), "audio"]}),
        ),
        (
            "a short word that is new",
            json!({"state": "parked", "mediaConfig": {"@odata.type": "#other.config"}}),
        ),
        ("a leap second", changed("2016-12-31T23:59:60Z")),
        ("a time elsewhere", changed("2020-05-28T00:10:54.123456789012-08:30")),
        ("a time nobody knows where", changed("2020-05-28T00:10:54")),
        (
            "integers in texts",
            json!({"toneInfo": {"sequenceId": "+5"}, "resultInfo": {"code": "-0", "subCode": 5001}}),
        ),
        (
            "the largest integers",
            json!({"toneInfo": {"sequenceId": i64::MIN}, "ringingTimeoutInSeconds": i32::MAX}),
        ),
        (
            "nulls",
            json!({"id": null, "source": null, "targets": null, "callRoutes": [null], "toneInfo": {"tone": null}}),
        ),
        ("empty things", json!({"id": "", "subject": "", "source": {}, "targets": [], "callRoutes": [{}]})),
        (
            "secrets",
            json!({"meetingInfo": {"token": "t".repeat(500), "passcode": "p"}, "mediaConfig": {"blob": "{\"a\":\"\\\\\"}"}}),
        ),
        (
            "texts that need escapes",
            json!({"subject": "\u{0}\u{1f}\"\\/\u{7f}\u{2028}\u{1f600}", "terminationReason": "\n"}),
        ),
        ("what nobody knows", json!({"applicationMetadata": {"botData": [{}]}, "id": "1", "x": "\u{e9}"})),
    ];
    let mut bodies: Vec<_> = values.into_iter().map(|(name, body)| (name, body.to_string())).collect();
    let files = [
        ("p2p", include_str!("../../data/p2p.json")),
        ("group", include_str!("../../data/group.json")),
        ("escapes", include_str!("../../data/escapes.json")),
        ("every member", include_str!("../../data/every-member.json")),
    ];
    bodies.extend(files.map(|(name, body)| (name, body.to_owned())));
    bodies
}

fn json_of(record: &impl Root) -> String {
    let mut output = vec![0; 1 << 18];
    let used = write_json(record, &mut output).expect("there is room");
    String::from_utf8(output[..used].to_vec()).expect("UTF-8")
}

fn postcard_of(record: &impl Root) -> Vec<u8> {
    let mut output = vec![0; 1 << 18];
    postcard::to_slice(record, &mut output).expect("there is room").to_vec()
}

/// What shows of a record, and what does not: its marks, its counts, and how its numbers are spelled.
fn all_of(record: &impl Root) -> (String, String, Vec<u8>) {
    (format!("{record:?}"), json_of(record), postcard_of(record))
}

/// A line without the elements of which only is known that they were there.
fn without_nulls(line: &str) -> String {
    line.replace("null,", "").replace(",null]", "]").replace("[null]", "[]")
}

/// Gives whether JSON had room for all of it.
fn both_ways<R: Root + DeserializeOwned>(name: &str, body: &str) -> bool {
    let cutting = ParseOptions::new().overflow(Overflow::Truncate);
    let first: Reading<R> = read_as(cutting, [body.as_bytes()]);
    assert_eq!(first.end, Ok(()), "{name}");
    let call = first.call;

    // Postcard: another machine has what this one has, and would write the same.
    let there: Box<R> = postcard::from_bytes(&postcard_of(&*call)).expect(name);
    assert!(there == call, "{name}: {there:?}, not {call:?}");
    assert_eq!(all_of(&*there), all_of(&*call), "{name}");

    // JSON: of what was cut, what is left; whichever way it is written and read.
    let line = json_of(&*call);
    // Two writers of JSON, which spell escapes in their own ways.
    let value = serde_json::from_str::<Value>(&line).expect(name);
    assert_eq!(serde_json::to_value(&*call).expect(name), value, "{name}");
    let parsed: Reading<R> = read_as(ParseOptions::new(), [line.as_bytes()]);
    assert_eq!(parsed.end, Ok(()), "{name}: {line}");
    let by_serde: Box<R> = serde_json::from_str(&line).expect(name);
    assert!(by_serde == parsed.call, "{name}: {by_serde:?}, not {:?}", parsed.call);
    assert_eq!(json_of(&*parsed.call), without_nulls(&line), "{name}");
    // What has no room at all is not wanted: strict reading takes it, too.
    let strict: Reading<R> = read_as(ParseOptions::new(), [body.as_bytes()]);
    assert!(strict.end.is_ok() || !is_whole(&*call), "{name}: {call:?} is not all");
    assert!(parsed.call == call || !is_whole(&*call), "{name}: {:?}, not {call:?}", parsed.call);
    parsed.call == call
}

/// From the smallest to the largest.
fn in_every_size(name: &str, body: &str) -> [bool; 5] {
    [
        both_ways::<TinyCall>(name, body),
        both_ways::<Call<Roster>>(name, body),
        both_ways::<Call>(name, body),
        both_ways::<RoomyCall>(name, body),
        both_ways::<HeapCall>(name, body),
    ]
}

#[test]
fn every_body_survives_in_records_of_every_size() {
    let mut whole = [0; 5];
    for (name, body) in bodies() {
        for (count, is_whole) in whole.iter_mut().zip(in_every_size(name, &body)) {
            *count += usize::from(is_whole);
        }
    }
    // What was cut is seen to be: of the smaller records JSON cannot give all back. It says how many elements a list has,
    // and not what a text was.
    assert!(whole[0] < 22 && whole[1] < 22 && whole[2] > whole[0], "{whole:?}");
    assert!(whole[4] >= bodies().len() - 1, "{whole:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]

    #[test]
    fn any_body_survives_in_records_of_every_size(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        in_every_size("any", &generate::call(&mut Choices::new(&bytes)).to_string());
    }
}

/// On the heap nothing is cut: what is written is what was sent.
#[test]
fn on_the_heap_every_body_is_written_as_it_came() {
    for (name, body) in bodies() {
        assert!(!has_repeated_name(body.as_bytes()), "{name}");
        let reading: Reading<HeapCall> = read_as(ParseOptions::new(), [body.as_bytes()]);
        assert_eq!(reading.end, Ok(()), "{name}");
        let written = serde_json::from_str(&json_of(&*reading.call)).expect(name);
        let sent = serde_json::from_str(&body).expect(name);
        if !matches!(name, "three extras" | "a long word") {
            assert_eq!(differences(&written, &expected(&sent)), [""; 0], "{name}");
        }
    }
}

/// What a small machine wrote is on a larger one what it was: with its marks, which say that there was more.
#[test]
fn a_larger_machine_has_what_a_smaller_one_had() {
    fn moved<R: Root, L: Root + DeserializeOwned>(name: &str, body: &str) {
        let cutting = ParseOptions::new().overflow(Overflow::Truncate);
        let small: Reading<R> = read_as(cutting, [body.as_bytes()]);
        let large: Box<L> = postcard::from_bytes(&postcard_of(&*small.call)).expect(name);
        let shown = [format!("{:?}", small.call), format!("{large:?}")];
        // Of a word without any room only is known that there was one; with room, that all of it is missing.
        assert_eq!(
            shown[0].replace("Unknown(\"\") (cut)", "Unknown"),
            shown[1].replace("Unknown(\"\") (cut)", "Unknown")
        );
        assert_eq!(json_of(&*small.call).is_empty(), json_of(&*large).is_empty(), "{name}");
    }
    for (name, body) in bodies() {
        moved::<TinyCall, Call>(name, &body);
        moved::<TinyCall, HeapCall>(name, &body);
        moved::<Call<Roster>, HeapCall>(name, &body);
        moved::<Call, HeapCall>(name, &body);
    }
}

/// A smaller one takes what fits, and refuses what does not: it has no policy of its own, and postcard does not say where
/// what nobody wants ends.
#[test]
fn a_smaller_machine_refuses_what_it_has_no_room_for() {
    let mut refused = Vec::new();
    for (name, body) in bodies() {
        let large: Reading<HeapCall> = read_as(ParseOptions::new(), [body.as_bytes()]);
        let strict: Reading<Call> = read_as(ParseOptions::new(), [body.as_bytes()]);
        match postcard::from_bytes::<Box<Call>>(&postcard_of(&*large.call)) {
            Ok(small) => assert!(small == strict.call, "{name}: {small:?}, not {:?}", strict.call),
            Err(_) => refused.push(name),
        }
        assert!(strict.end.is_ok() || refused.last() == Some(&name), "{name}: {:?}", strict.end);
    }
    assert_eq!(
        refused,
        [
            // Lists without room, in which there is something.
            "who is muted",
            "kinds of operation",
            "a confidence",
            "a confidence that is no number",
            "a confidence without end",
            "a shared slide",
            "17 participants",
            "a list that the service cut",
            // Texts that are too long.
            "a long name in Devanagari",
            "a long subject in Han",
            "long metadata",
            "a long language tag",
            // More identities or extras than there is room for, of which a parser keeps those that say most.
            "two applications",
            "three extras",
            "every member",
        ]
    );
}
