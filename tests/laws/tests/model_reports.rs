//! What services were seen to send, as small bodies: each is read in the same way under every split.

use graph_call::{
    Body, Call, CommsOperationKind, Culprit, Enumeration as _, Error, ErrorKind, HeapCall, IdentityKind,
    Overflow, ParseOptions, Scalar, TinyCall,
};
use graph_call_laws::laws::{Reading, RoomyCall, Root, read_as, written};
use graph_call_laws::splits;
use serde_json::{Value, json};

/// Reads a body whole, in two pieces and by bytes: with one outcome.
fn read<R: Root>(body: &str, options: ParseOptions) -> Reading<R> {
    let whole: Reading<R> = read_as(options, [body.as_bytes()]);
    for pieces in splits::in_two(body.as_bytes()) {
        assert_eq!(read_as::<R>(options, pieces), whole, "{body} as {pieces:?}");
    }
    assert_eq!(read_as::<R>(options, splits::by_byte(body.as_bytes())), whole, "{body} by bytes");
    whole
}

/// The call on the heap, as it is written.
fn call(body: &str) -> Value {
    let reading: Reading<HeapCall> = read(body, ParseOptions::new());
    assert_eq!(reading.end, Ok(()), "{body}");
    written(&*reading.call)
}

fn refusal(body: &str) -> Error {
    read::<HeapCall>(body, ParseOptions::new()).end.expect_err(body)
}

#[test]
fn whom_an_operation_mutes_are_ids() {
    let body = r##"{"operations":[{"@odata.type":"#microsoft.graph.muteParticipantsOperation","participants":
        ["00000000-0000-0000-0000-0000000000d1",null,{"hidden":true},"\u0064"]}]}"##;
    let participants = json!([{"participantId": "00000000-0000-0000-0000-0000000000d1"}, {"hidden": true},
        {"participantId": "d"}]);
    assert_eq!(call(body)["operations"][0]["participants"], participants);
    let cutting = ParseOptions::new().overflow(Overflow::Truncate);
    let reading: Reading = read(body, cutting);
    let operation = &reading.call.operations[0];
    assert_eq!(operation.kind.get(), Some(CommsOperationKind::MuteParticipants));
    assert_eq!((operation.participants.len(), operation.participants.total()), (2, 3));
}

#[test]
fn a_long_id_of_whom_an_operation_mutes_is_refused_or_left_out_and_marked() {
    graph_call::capacities! { Short { id: 8, list: 2, expand: 1 } }
    let body = r#"{"operations":[{"participants":["123456789","12345678"]}]}"#;
    let error = read::<Call<Short>>(body, ParseOptions::new()).end.expect_err("nine bytes");
    assert_eq!(
        error.to_string(),
        "operations[0].participants[0]: too large for its place: needs 9, capacity 8 (byte 32)"
    );
    let cutting = ParseOptions::new().overflow(Overflow::Truncate);
    let reading: Reading<Call<Short>> = read(body, cutting);
    assert_eq!(reading.end, Ok(()));
    let participants = &reading.call.operations[0].participants;
    assert!(participants[0].participant_id.is_omitted());
    assert_eq!(participants[1].participant_id.as_str(), Some("12345678"));
    // No id is so long; a device waits for no more of a word.
    let endless = format!(r#"{{"operations":[{{"participants":["{}"]}}]}}"#, "d".repeat(51));
    let reading: Reading<HeapCall> = read(&endless, ParseOptions::new());
    assert!(reading.call.operations[0].participants[0].participant_id.is_omitted());
}

/// A text is an id there and nowhere else.
#[test]
fn an_object_that_is_due_elsewhere_is_no_text() {
    for (body, path) in [
        (r#"{"targets":["1"]}"#, "targets[0]"),
        (r#"{"participants":["1"]}"#, "participants[0]"),
        (r#"{"source":{"identity":"1"}}"#, "source.identity"),
        (r#"{"source":{"identity":{"user":"1"}}}"#, "source.identity.user"),
        (r#"{"operations":[{"participants":[1]}]}"#, "operations[0].participants[0]"),
    ] {
        let error = refusal(body);
        assert_eq!(error.to_string(), format!("{path}: expected an object (byte {})", error.offset()));
    }
}

#[test]
fn every_kind_of_operation_is_known() {
    for (name, kind) in [
        ("admitAllFromLobby", CommsOperationKind::AdmitAllFromLobby),
        ("admitFromLobby", CommsOperationKind::AdmitFromLobby),
        ("muteParticipants", CommsOperationKind::MuteParticipants),
        ("removeFromLobby", CommsOperationKind::RemoveFromLobby),
        ("startRecording", CommsOperationKind::StartRecording),
        ("startTranscription", CommsOperationKind::StartTranscription),
        ("stopRecording", CommsOperationKind::StopRecording),
        ("stopTranscription", CommsOperationKind::StopTranscription),
    ] {
        let body = format!(r##"{{"operations":[{{"@odata.type":"#microsoft.graph.{name}Operation"}}]}}"##);
        let reading: Reading<RoomyCall> = read(&body, ParseOptions::new());
        assert_eq!(reading.call.operations[0].kind.get(), Some(kind));
    }
    assert_eq!(CommsOperationKind::VARIANTS.names().count(), 21);
}

#[test]
fn synthetic_media_are_read() {
    for (text, number) in
        [("0.75", 0.75), ("1", 1.0), ("-0", -0.0), ("7.5e-1", 0.75), ("1E400", f64::MAX), ("0.7500", 0.75)]
    {
        let body = format!(
            r#"{{"participants":[{{"syntheticMediaDetection":{{"detectionId":"f1","detectorBot":{{"id":"f2",
            "displayName":"Detector"}},"isParticipantTrusted":false,"syntheticConfidence":{text}}}}}]}}"#
        );
        let media = json!({"detectionId": "f1", "detectorBot": {"id": "f2", "displayName": "Detector"},
            "isParticipantTrusted": false, "syntheticConfidence": number});
        assert_eq!(call(&body)["participants"][0]["syntheticMediaDetection"], media);
        let reading: Reading<RoomyCall> = read(&body, ParseOptions::new());
        let media = reading.call.participants[0].synthetic_media_detection.get().expect("an object");
        assert_eq!(media.synthetic_confidence.as_str(), Some(text));
        assert_eq!(media.synthetic_confidence.get(), Some(number));
        assert!(format!("{media:?}").ends_with(&format!("syntheticConfidence: {text} }}")), "{media:?}");
    }
    let detected = |confidence: &str| {
        format!(
            r#"{{"participants":[{{"syntheticMediaDetection":{{"syntheticConfidence":{confidence}}}}}]}}"#
        )
    };
    // What JSON has no number for comes in a string, and is written so again.
    for (text, number) in
        [("\"NaN\"", f64::NAN), ("\"INF\"", f64::INFINITY), ("\"-\\u0049NF\"", f64::NEG_INFINITY)]
    {
        let body = detected(text);
        let reading: Reading<RoomyCall> = read(&body, ParseOptions::new());
        let media = reading.call.participants[0].synthetic_media_detection.get().expect("an object");
        let confidence = media.synthetic_confidence.get().expect("a number");
        assert!(confidence == number || confidence.is_nan() && number.is_nan(), "{text}: {confidence}");
        assert_eq!(written(&*reading.call), serde_json::from_str::<Value>(&body).expect("JSON"));
        assert_eq!(serde_json::from_str::<RoomyCall>(&body).expect("a call"), *reading.call);
    }
    for other in ["\"0.75\"", "\"nan\"", "\"+INF\"", "\"INF \"", "\"\"", "\"Infinity\""] {
        let body = detected(other);
        let error = refusal(&body);
        assert!(error.to_string().contains("syntheticConfidence: expected a number"), "{error}");
        assert!(serde_json::from_str::<RoomyCall>(&body).is_err(), "{body}");
    }
}

#[test]
fn a_shared_slide_is_a_stream() {
    let session = json!({"id": "a1", "pngOfCurrentSlide@odata.mediaContentType": "image/png",
        "pngOfCurrentSlide@odata.mediaReadLink": "communications/calls/c1/contentSharingSessions/a1/pngOfCurrentSlide"});
    assert_eq!(
        call(&json!({"contentSharingSessions": [session]}).to_string())["contentSharingSessions"][0],
        session
    );
}

#[test]
fn sources_and_targets_keep_what_bodies_say_of_them() {
    let body = json!({
        "source": {"id": "d9", "region": "emea", "languageId": "en-GB", "identity": {"user": {"id": "e1"}}},
        "targets": [{"id": "d8", "region": "amer", "languageId": "en-US", "tenantId": "t1", "hidden": false,
            "removeFromDefaultAudioRoutingGroup": false, "replacesCallId": "c2", "identity": {"user": {"id": "e2"}}}],
    });
    assert_eq!(call(&body.to_string()), body);
}

#[test]
fn leap_seconds_and_signs_are_read() {
    let body =
        r#"{"toneInfo":{"sequenceId":"+5"},"transcription":{"lastModifiedDateTime":"2016-12-31T23:59:60Z"}}"#;
    let read = json!({"toneInfo": {"sequenceId": 5}, "transcription": {"lastModifiedDateTime": "2016-12-31T23:59:60Z"}});
    assert_eq!(call(body), read);
    let error = refusal(r#"{"toneInfo":{"sequenceId":+5}}"#);
    assert_eq!(error.to_string(), "toneInfo.sequenceId: a value must stand here (byte 26)");
}

#[test]
fn a_long_word_is_cut_and_shown() {
    let long = "waitingForTheOtherSideToAcknowledgeTransferOfMedia";
    assert_eq!(
        call(&json!({"state": long}).to_string()),
        json!({"state": "waitingForTheOtherSideToAcknowle\u{2026}"})
    );
    let dotted = "e............................stablished";
    assert_eq!(
        call(&json!({"state": dotted}).to_string()),
        json!({"state": "e............................sta\u{2026}"}),
        "the name of no type"
    );
    let reading: Reading<Call> = read(&json!({"state": long}).to_string(), ParseOptions::new());
    assert!(reading.call.state.is_truncated());
    assert_eq!(reading.call.state.as_str(), Some("waitingForTheOtherSideToAcknowle"));
}

#[test]
fn of_two_identities_the_first_is_kept_where_there_is_room_for_one() {
    let body = r#"{"source":{"identity":{"application":{"id":"b1"},"applicationInstance":{"id":"b2","displayName":"Queue"}}}}"#;
    let reading: Reading<TinyCall> = read(body, ParseOptions::new());
    assert_eq!(reading.end, Ok(()));
    let set = reading.call.source.get().and_then(|source| source.identity.get()).expect("a set");
    assert_eq!((set.identities.len(), set.identities.total()), (1, 2));
    assert_eq!(set.of(IdentityKind::Application).and_then(|application| application.id.as_str()), Some("b1"));
    // Of extras likewise.
    let body = r#"{"source":{"identity":{"user":{"tenantId":"1","email":"2","title":"3"}}}}"#;
    let reading: Reading<TinyCall> = read(body, ParseOptions::new());
    let set = reading.call.source.get().and_then(|source| source.identity.get()).expect("a set");
    assert_eq!((set.identities[0].extras.len(), set.identities[0].extras.total()), (2, 3));
}

#[test]
fn both_spellings_of_a_subcode_are_a_member_twice() {
    for body in [
        r#"{"resultInfo":{"code":500,"subcode":7106,"subCode":7107}}"#,
        r#"{"resultInfo":{"subCode":"7106","subcode":"7106"}}"#,
        r#"{"resultInfo":{"subcode":null,"subCode":5}}"#,
        r#"{"resultInfo":{"subCode":5,"code":500,"subcode":null}}"#,
        r#"{"resultInfo":{"subCode":null,"subcode":null}}"#,
        r#"{"resultInfo":{"subCode":5,"subCode":5}}"#,
    ] {
        let error = refusal(body);
        assert_eq!(
            (error.kind(), error.path().to_string()),
            (ErrorKind::RepeatedMember, "resultInfo.subcode".into())
        );
        assert!(serde_json::from_str::<Call>(body).is_err(), "{body}");
    }
}

graph_call::record! {
    /// A record whose members have two spellings each.
    struct Spelled = "spelled" {
        /// A text.
        "name" => name: graph_call::Text<C::Text>,
        /// A list.
        "codes" => codes: graph_call::List<C::List<Scalar<i32>>>,
    }
    also {
        "title" => name,
        "numbers" => codes,
    }
}

/// Of whatever type a member is: one spelling is read, and two are the member twice.
#[test]
fn a_spelling_is_the_member_whatever_its_type() {
    for (name, spelling, value) in [("name", "title", r#""a""#), ("codes", "numbers", "[1,2]")] {
        let one: [Reading<Spelled>; 2] =
            [name, spelling].map(|name| read(&format!("{{\"{name}\":{value}}}"), ParseOptions::new()));
        assert_eq!(one[0], one[1], "{name}");
        assert_eq!(
            written(&*one[1].call),
            json!({name: serde_json::from_str::<Value>(value).expect("JSON")})
        );
        for (first, second) in [(value, value), ("null", value), (value, "null"), ("null", "null")] {
            let body = format!("{{\"{spelling}\":{first},\"{name}\":{second}}}");
            let twice: Reading<Spelled> = read(&body, ParseOptions::new());
            let error = twice.end.expect_err(&body);
            assert_eq!(
                (error.kind(), error.path().to_string()),
                (ErrorKind::RepeatedMember, name.into()),
                "{body}"
            );
        }
    }
}

/// GUIDs come in either case, and are kept as they come.
#[test]
fn guids_are_kept_as_they_come() {
    let body = json!({"id": "0000000A-0000-0000-0000-0000000000C1", "tenantId": "0000000b-0000-0000-0000-0000000000c2"});
    assert_eq!(call(&body.to_string()), body);
}

/// What a desktop has room for is a matter of the content alone.
#[test]
fn the_heap_has_no_limits_of_its_own() {
    let participant = json!({"info": {"languageId": "zh-Hans-CN-x-twain-0000000003", "identity": {"user":
        {"displayName": "\u{928}\u{92e}\u{938}\u{94d}\u{924}\u{947}".repeat(64)}}}, "metadata": "m".repeat(513)});
    let body = json!({"subject": "\u{4f1a}\u{8b70}".repeat(86), "participants": vec![participant; 17]});
    let text = body.to_string();
    let whole: Reading<HeapCall> = read_as(ParseOptions::new(), [text.as_bytes()]);
    assert_eq!((whole.end, written(&*whole.call)), (Ok(()), body));
    assert!(read_as::<HeapCall>(ParseOptions::new(), text.as_bytes().chunks(1)) == whole);
}

const CUT: &str = r#"{"id":"c1","participants@odata.count":40,
    "participants@odata.nextLink":"https://graph.microsoft.com/v1.0/communications/calls/c1/participants?$skiptoken=x",
    "participants":[{"id":"1","mediaStreams@odata.count":"3","mediaStreams":[{"sourceId":"1"}]}],
    "targets@odata.count":1,"targets":[{"id":"2"}]}"#;

#[test]
fn a_list_that_the_service_cut_says_so_and_where_the_rest_is() {
    let link = "https://graph.microsoft.com/v1.0/communications/calls/c1/participants?$skiptoken=x";
    let heap: Reading<HeapCall> = read(CUT, ParseOptions::new());
    assert_eq!(heap.end, Ok(()));
    let participants = &heap.call.participants;
    assert!(participants.is_cut());
    assert_eq!((participants.len(), participants.total(), participants.next_link()), (1, 40, Some(link)));
    let streams = &participants[0].media_streams;
    assert_eq!((streams.len(), streams.total(), streams.is_cut()), (1, 3, false));
    assert_eq!((heap.call.targets.total(), heap.call.targets.is_cut()), (1, false));
    // An array has no room for the link.
    let array: Reading = read(CUT, ParseOptions::new());
    let participants = &array.call.participants;
    assert!(participants.is_cut());
    assert_eq!((participants.len(), participants.total(), participants.next_link()), (1, 40, None));
    // What is not wanted is marked all the same.
    let without: Reading<Call> = read(CUT, ParseOptions::new());
    assert!(without.call.participants.is_cut());
    assert_eq!((without.call.participants.len(), without.call.participants.total()), (0, 40));
    assert!(format!("{:?}", without.call).contains("participants: [] (and 40 more) (cut by the service)"));
}

/// The annotations stand before the list, behind it, or without it; each alone says something.
#[test]
fn what_is_said_of_a_list_may_stand_anywhere() {
    for (body, total, is_cut) in [
        (r#"{"participants":[{},{}],"participants@odata.count":7}"#, 7, false),
        (r#"{"participants":[{},{}],"participants@odata.nextLink":"/next"}"#, 2, true),
        (r#"{"participants@odata.count":1,"participants":[{},{}]}"#, 2, false),
        (r#"{"participants@odata.count":3}"#, 3, false),
        (r#"{"participants@odata.nextLink":"\u002fnext","participants":null}"#, 0, true),
        (r#"{"participants@odata.count":99999999999,"participants":[]}"#, 65_534, false),
        (
            r#"{"participants@odata.count":null,"participants@odata.nextLink":null,"participants":[{}]}"#,
            1,
            false,
        ),
        // Other annotations, and those of what is no list, are nobody's.
        (
            r#"{"participants@odata.context":"$metadata","participants@odata.counts":1,"participants":[]}"#,
            0,
            false,
        ),
        (
            r#"{"state@odata.count":"x","source@odata.nextLink":{},"x@odata.count":[],"participants":[]}"#,
            0,
            false,
        ),
        (r#"{"participants@odata.count@odata.count":9,"@odata.count":9,"participants":[]}"#, 0, false),
    ] {
        let heap: Reading<HeapCall> = read(body, ParseOptions::new());
        assert_eq!(heap.end, Ok(()), "{body}");
        let participants = &heap.call.participants;
        assert!(participants.is_present(), "{body}");
        assert_eq!((participants.total(), participants.is_cut()), (total, is_cut), "{body}");
        assert_eq!(participants.next_link(), is_cut.then_some("/next"), "{body}");
        let array: Reading = read(body, ParseOptions::new());
        assert_eq!((array.call.participants.total(), array.call.participants.is_cut()), (total, is_cut));
        let again: HeapCall = serde_json::from_value(written(&*heap.call)).expect("what was written");
        assert!(again == *heap.call, "{body}");
        let again: RoomyCall = serde_json::from_value(written(&*array.call)).expect("what was written");
        assert!(again == *array.call, "{body}");
        let mut buffer = [0; 512];
        let used = postcard::to_slice(&*heap.call, &mut buffer).expect("there is room");
        assert!(postcard::from_bytes::<HeapCall>(used).expect("what was written") == *heap.call, "{body}");
    }
    for (body, expected) in [
        (r#"{"participants@odata.count":-1}"#, "participants: expected an integer of 64 bits (byte 28)"),
        (r#"{"participants@odata.count":[]}"#, "participants: expected an integer (byte 28)"),
        (r#"{"participants@odata.nextLink":7}"#, "participants: expected a string (byte 31)"),
    ] {
        assert_eq!(refusal(body).to_string(), expected);
        assert_eq!(read::<RoomyCall>(body, ParseOptions::new()).end, Err(refusal(body)));
        assert!(serde_json::from_str::<HeapCall>(body).is_err(), "{body}");
    }
}

/// To ask for the place of an identity makes one: an annotation must not.
#[test]
fn an_annotation_of_an_identity_is_no_identity() {
    let body = r#"{"source":{"identity":{"user@odata.count":1,"phone@odata.nextLink":"x"}}}"#;
    let reading: Reading<HeapCall> = read(body, ParseOptions::new());
    let set = reading.call.source.get().and_then(|source| source.identity.get()).expect("a set");
    assert_eq!((reading.end, set.identities.len()), (Ok(()), 0));
}

/// A member that nobody keeps needs the grammar only, and that has halves of surrogate pairs.
#[test]
fn half_a_surrogate_pair_is_refused_only_where_it_is_kept() {
    let kept = json!({"state": "established"});
    for body in [
        r#"{"unknownMember":"\ud83d","state":"established"}"#,
        r#"{"unknownMember":[{"\udc00":"\ud83d\ud83d"},"\ud83dx"],"state":"established"}"#,
        r#"{"\ud83d":1,"st\ud83date":2,"state":"established"}"#,
    ] {
        assert_eq!(call(body), kept, "{body}");
    }
    let error = refusal(r#"{"state":"established","subject":"cut \ud83d"}"#);
    assert_eq!(
        error.to_string(),
        "subject: half of a surrogate pair stands alone (the option lone_surrogates replaces it) (byte 44)"
    );
    // What there is no room for at all is not kept either.
    let reading: Reading<TinyCall> = read(r#"{"callbackUri":"\ud83d","id":"1"}"#, ParseOptions::new());
    assert_eq!((reading.end, reading.call.callback_uri.is_omitted()), (Ok(()), true));
}

#[test]
fn half_a_surrogate_pair_is_replaced_if_it_may_be() {
    let options = ParseOptions::new().lone_surrogates(true);
    let long = "x".repeat(60);
    let body = format!(
        r#"{{"subject":"{long}\ud83d{long}","terminationReason":"\udc00","operations":[{{"participants":["\ud83d"]}}]}}"#
    );
    let reading: Reading<HeapCall> = read(&body, options);
    assert_eq!(reading.end, Ok(()));
    assert_eq!(reading.call.subject.as_str(), Some(format!("{long}\u{fffd}{long}").as_str()));
    assert!(reading.call.subject.is_replaced() && reading.call.termination_reason.is_replaced());
    assert!(reading.call.operations[0].participants[0].participant_id.is_omitted());
    assert!(format!("{:?}", reading.call).contains("terminationReason: \"\u{fffd}\" (replaced)"));
    // The mark goes with the call from machine to machine.
    let mut buffer = [0; 512];
    let used = postcard::to_slice(&*reading.call, &mut buffer).expect("there is room");
    assert!(postcard::from_bytes::<HeapCall>(used).expect("what was written") == *reading.call);
    // One that is cut as well is marked as cut.
    let reading: Reading<Call> = read(&body, options.overflow(Overflow::Truncate));
    let subject = &reading.call.subject;
    assert_eq!(subject.as_str(), Some(format!("{long}\u{fffd}{long}").as_str()));
    let reading: Reading<TinyCall> = read(&body, options.overflow(Overflow::Truncate));
    let subject = &reading.call.subject;
    assert_eq!((subject.as_str(), subject.is_truncated()), (Some(&long[..48]), true));
    assert!(matches!(
        read::<TinyCall>(&body, options).end.map_err(|error| error.kind()),
        Err(ErrorKind::Overflow { need: 123, .. })
    ));
    // Text that was sent with U+FFFD is whole.
    let reading: Reading<HeapCall> = read("{\"subject\":\"\u{fffd}\"}", options);
    assert!(!reading.call.subject.is_replaced());
}

/// What says itself that it is no call is none, whoever reads it.
#[test]
fn what_is_no_call_says_what_it_is() {
    for (body, what, text) in [
        (
            r#"{"error":{"code":"8522","message":"Call not found.","innerError":{"date":"2024-01-01T00:00:00"}}}"#,
            Body::Error,
            "the body is an error of the service (byte 0)",
        ),
        (
            r##"{"@odata.context":"$metadata#communications/calls","value":[{"@odata.type":"#microsoft.graph.call","id":"c1"}]}"##,
            Body::Value,
            "the body is a list, or has what was asked for in its member value (byte 0)",
        ),
        (
            r##"{"value":{"@odata.type":"#microsoft.graph.call","id":"c1"}}"##,
            Body::Value,
            "the body is a list, or has what was asked for in its member value (byte 0)",
        ),
        (
            r##"{"id":"e1","@odata.type":"#microsoft.graph.user","displayName":"A"}"##,
            Body::OtherType,
            "the body is of another type, by its @odata.type (byte 25)",
        ),
        (
            r##"{"@odata.type":"#microsoft.graph.callRecords.callRecordWithANameOfMoreThanFiftyBytes"}"##,
            Body::OtherType,
            "the body is of another type, by its @odata.type (byte 15)",
        ),
        (
            r##"{"@odata.type":""}"##,
            Body::OtherType,
            "the body is of another type, by its @odata.type (byte 15)",
        ),
    ] {
        let error = refusal(body);
        assert_eq!(error.kind(), ErrorKind::OtherBody(what), "{body}");
        assert_eq!((error.to_string().as_str(), error.culprit()), (text, Culprit::Peer));
        let tiny = read::<TinyCall>(body, ParseOptions::new()).end.map_err(|error| error.kind());
        assert_eq!(tiny, Err(error.kind()));
    }
    assert_eq!(refusal(r#"{"@odata.type":7}"#).to_string(), "expected a string (byte 15)");
    // A call with such members is one, and so is what is left of one.
    for body in [
        r##"{"@odata.type":"#microsoft.graph.call","error":{},"id":"c1","value":[]}"##,
        r#"{"value":[],"state":null,"error":{}}"#,
        r#"{"@odata.type":"microsoft.graph.call"}"#,
        r#"{"@odata.context":"$metadata","@odata.type":null}"#,
        r#"{"subject":"x","x":{"error":1,"value":2,"@odata.type":"y"}}"#,
        "{}",
    ] {
        let reading: Reading = read(body, ParseOptions::new());
        assert_eq!(reading.end, Ok(()), "{body}");
    }
}

/// A record that is no resource has no type to state, and one that has such members has them.
#[test]
fn a_record_of_ones_own_may_have_a_value() {
    graph_call::record! {
        struct Around<> = "around" {
            "value" => value: Scalar<i32>,
        }
    }
    let reading: Reading<Around> = read(r#"{"@odata.type":"anything","value":7}"#, ParseOptions::new());
    assert_eq!((reading.end, reading.call.value.get()), (Ok(()), Some(7)));
}
