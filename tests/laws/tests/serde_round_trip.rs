//! A call written by serde reads back as an equal call: as JSON, and with every mark by postcard.

use std::collections::BTreeMap;

use graph_call::value::{Members, RecordSeed, Value};
use graph_call::{
    Call, CallOptionsKind, CallState, DateTime, Double, Extra, Identity, IdentitySet, List, MediaConfig,
    Modality, Object, OpenEnum, OperationParticipant, Overflow, ParseOptions, Parser, Presence, ResultInfo,
    Scalar, Secret, Text,
};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::{DeserializeOwned, DeserializeSeed as _};

graph_call::capacities! {
    /// Room for everything that `every-member.json` holds.
    Rooms { uri: 128, secret: 64, set: 10, list: 2, expand: 1 }
    /// Room for nearly nothing.
    Little { id: 8, text: 8, uri: 0, secret: 4, word: 4, set: 1, list: 1, expand: 1 }
    /// Room for a long subject.
    Subject { id: 8, text: 512, uri: 0, word: 0, set: 0, list: 0 }
}

type Roomy = Call<Rooms>;
type Cramped = Call<Little>;

const EVERY_MEMBER: &str = include_str!("../../data/every-member.json");
const DOCUMENTS: [&str; 3] =
    [include_str!("../../data/p2p.json"), include_str!("../../data/group.json"), EVERY_MEMBER];

fn roomy(body: &str) -> Box<Roomy> {
    let mut call = Box::new(Roomy::empty());
    call.parse_into(body.as_bytes()).unwrap();
    call
}

fn cramped(body: &str) -> Box<Cramped> {
    let mut call = Box::new(Cramped::empty());
    let options = ParseOptions::new().overflow(Overflow::Truncate);
    call.parse_into_with(body.as_bytes(), options).unwrap();
    call
}

#[test]
fn json_reads_back_as_an_equal_call() {
    for body in DOCUMENTS {
        let call = roomy(body);
        let mut buffer = vec![0; 16 * 1024];
        let used = call.write_json(&mut buffer).unwrap();
        let line = std::str::from_utf8(&buffer[..used]).unwrap();

        assert_eq!(roomy(line), call, "{line}");
        assert_eq!(serde_json::to_string(&call).unwrap(), line);
        assert_eq!(serde_json::from_str::<Roomy>(line).unwrap(), *call);
        let value = serde_json::to_value(&call).unwrap();
        assert_eq!(serde_json::from_value::<Roomy>(value).unwrap(), *call);
    }
}

#[test]
fn serde_and_the_parser_read_the_same() {
    for body in DOCUMENTS {
        let mut call = Box::new(Roomy::empty());
        let mut json = serde_json::Deserializer::from_str(body);
        RecordSeed(&mut *call).deserialize(&mut json).unwrap();
        assert_eq!(call, roomy(body));
    }
}

#[test]
fn json_has_what_the_service_sent() {
    let written = serde_json::to_value(roomy(EVERY_MEMBER)).unwrap();
    let sent: serde_json::Value = serde_json::from_str(EVERY_MEMBER).unwrap();
    for member in ["subject", "state", "activeModalities", "callOptions", "meetingInfo", "transcription"] {
        assert_eq!(written[member], sent[member], "{member}");
    }
    assert_eq!(written["answeredBy"]["identity"], sent["answeredBy"]["identity"]);
}

#[test]
fn postcard_reads_back_as_an_equal_call() {
    let mut buffer = vec![0; 16 * 1024];
    for body in DOCUMENTS {
        let call = roomy(body);
        let used = postcard::to_slice(&*call, &mut buffer).unwrap();
        assert_eq!(postcard::from_bytes::<Roomy>(used).unwrap(), *call);

        let call = cramped(body);
        let used = postcard::to_slice(&*call, &mut buffer).unwrap();
        assert_eq!(postcard::from_bytes::<Cramped>(used).unwrap(), *call);
    }
}

/// The marks that the test above relies on are really there.
#[test]
fn a_cramped_call_has_every_mark() {
    let call = cramped(EVERY_MEMBER);
    assert!(call.subject.is_truncated() && call.subject.as_str().is_some());
    assert!(call.id.is_omitted() && call.callback_uri.is_omitted());
    assert_eq!((call.targets.len(), call.targets.total()), (1, 2));
    assert_eq!((call.state.get(), call.state.as_str()), (Some(CallState::Unknown), Some("park")));
    assert!(call.state.is_truncated());
    assert!(call.meeting_info.get().unwrap().token.is_omitted());
    let identities = &call.answered_by.get().unwrap().identity.get().unwrap().identities;
    assert!(identities.total() > identities.len());

    let mut three = Box::new(Roomy::empty());
    three.parse_into(br#"{"source":{"identity":{"user":{"email":"a","title":"b","appId":"c"}}}}"#).unwrap();
    let extras = |call: &Roomy| {
        let identities = &call.source.get().unwrap().identity.get().unwrap().identities;
        (identities[0].extras.len(), identities[0].extras.total())
    };
    assert_eq!(extras(&three), (2, 3));
    let mut buffer = [0; 64];
    let used = postcard::to_slice(&*three, &mut buffer).unwrap();
    assert_eq!(extras(&postcard::from_bytes(used).unwrap()), (2, 3));
}

/// A call whose marks JSON cannot show still reads back as what is left of it.
#[test]
fn json_of_a_cramped_call_holds_what_was_kept() {
    let call = cramped(
        r#"{"subject":"Stand-up today","id":"123456789","state":"parked","activeModalities":["holograms","audio"],
            "audioRoutingGroups":[{"sources":["123456789","1"]}]}"#,
    );
    let line = serde_json::to_string(&call).unwrap();
    assert_eq!(
        line,
        "{\"activeModalities\":[\"holo\u{2026}\",\"audio\"],\"state\":\"park\u{2026}\",\"subject\":\"Stand-up\",\
         \"audioRoutingGroups\":[{\"sources@odata.count\":2,\"sources\":[null]}]}"
    );
    assert_eq!(serde_json::from_str::<Cramped>(&line).unwrap(), *cramped(&line));
}

/// With a point in it, too: only a type has a `#`.
#[test]
fn a_long_word_is_written_as_a_word() {
    let call = cramped(r##"{"state":"a.long.word","mediaConfig":{"@odata.type":"#a.long.type"}}"##);
    let line = serde_json::to_string(&call).unwrap();
    assert_eq!(line, "{\"mediaConfig\":{\"@odata.type\":\"#a.lo\u{2026}\"},\"state\":\"a.lo\u{2026}\"}");
    assert_eq!(*cramped(&line), *call);
}

/// Every member of every record is there in `every-member.json`, so the tests of this file cover all.
#[test]
fn every_member_is_covered() {
    fn walk(members: &dyn Members, seen: &mut BTreeMap<&'static str, Vec<bool>>) {
        let schema = members.schema();
        let name = members.type_name();
        seen.entry(name).or_insert_with(|| vec![false; usize::from(schema.members)]);
        for (row, value) in (0..).map_while(|index| members.member(index)) {
            if matches!(value, Value::Absent) || row >= schema.members {
                continue;
            }
            seen.get_mut(name).unwrap()[usize::from(row)] = true;
            match value {
                Value::Object(members) => walk(members, seen),
                Value::List(values) => {
                    for value in (0..).map_while(|index| values.value(index)) {
                        if let Value::Object(members) = value {
                            walk(members, seen);
                        }
                    }
                }
                _ => {}
            }
        }
    }
    let call = roomy(EVERY_MEMBER);
    let mut seen = BTreeMap::new();
    walk(&*call, &mut seen);
    assert_eq!(seen.len(), 27, "{:?}", seen.keys());
    for (name, members) in seen {
        assert!(members.iter().all(|seen| *seen), "{name}: {members:?}");
    }
}

/// Parts of a call travel alone, too, absent or not.
#[test]
fn parts_read_back_equal() {
    fn check<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(part: &T) {
        let line = serde_json::to_string(part).unwrap();
        assert_eq!(serde_json::from_str::<T>(&line).unwrap(), *part, "{line}");
        let mut buffer = [0; 1024];
        let used = postcard::to_slice(part, &mut buffer).unwrap();
        assert_eq!(postcard::from_bytes::<T>(used).unwrap(), *part, "{line}");
    }
    fn of<T: DeserializeOwned>(json: &str) -> T {
        serde_json::from_str(json).unwrap()
    }

    for json in ["null", r#""é""#] {
        check::<Text<[u8; 8]>>(&of(json));
        check::<Secret<[u8; 8]>>(&of(json));
        check::<OpenEnum<CallState, [u8; 8]>>(&of(json));
        check::<List<[Text<[u8; 8]>; 1]>>(&of(&format!("[{json}]")));
    }
    check::<OpenEnum<CallOptionsKind, [u8; 8]>>(&of(r##""#microsoft.graph.new""##));
    check::<OpenEnum<CallOptionsKind, [u8; 16]>>(&of(r##""#other.new""##));
    check::<OpenEnum<CallOptionsKind, [u8; 0]>>(&of(r#""incomingCallOptions""#));
    check::<List<[OpenEnum<Modality, [u8; 8]>; 3]>>(&of(r#"["audio",null,"smell","data"]"#));
    check::<List<[Text<[u8; 8]>; 1]>>(&of("null"));
    check::<Object<ResultInfo>>(&of("null"));
    check::<Object<ResultInfo>>(&of("{}"));
    check::<ResultInfo>(&of(r#"{"subCode":7}"#));
    check::<MediaConfig>(&of(r##"{"@odata.type":"#microsoft.graph.mediaConfig","preFetchMedia":[{}]}"##));
    check::<IdentitySet>(&of(r#"{"user":{},"guest":{"email":"a"},"endpointType":"default"}"#));
    check::<Identity>(&of(r#"{"hidden":false,"title":"t"}"#));
    check::<Extra<Little>>(&of(r#"{"email":"a"}"#));
    check::<Presence>(&of("[1]"));
    check::<Presence>(&of("null"));
    for number in ["0.5", "-7", "1e300", "null"] {
        check::<Double<[u8; 24]>>(&of(number));
    }
    check::<OperationParticipant<Little>>(&of(r#"{"participantId":"p1"}"#));
    check::<Scalar<bool>>(&of("true"));
    check::<Scalar<i32>>(&of(r#""-2147483648""#));
    check::<Scalar<i64>>(&of("-9223372036854775808"));
    check::<Scalar<DateTime>>(&of(r#""0000-02-29T23:59:59.000000001-13:59""#));
    check::<Scalar<DateTime>>(&of("null"));
    check::<DateTime>(&of(r#""2020-05-28T00:10:54.104318Z""#));
    for state in ["\"ringing\"", "\"parked\"", "null"] {
        check::<CallState>(&of(state));
    }
    assert_eq!(
        serde_json::to_string(&CallOptionsKind::Incoming).unwrap(),
        r##""#microsoft.graph.incomingCallOptions""##
    );
    assert_eq!(of::<CallState>("\"parked\""), CallState::Unknown);
}

proptest! {
    /// Whatever stands in a text is escaped as JSON wants it.
    #[test]
    fn any_text_reads_back(subject in "\\PC{0,40}|[\\x00-\\x7f]{0,80}|.{0,30}") {
        let body = serde_json::json!({ "subject": subject }).to_string();
        let mut call = Call::<Subject>::empty();
        call.parse_into(body.as_bytes()).unwrap();
        let mut buffer = [0; 1024];
        let used = call.write_json(&mut buffer).unwrap();
        let line: serde_json::Value = serde_json::from_slice(&buffer[..used]).unwrap();
        prop_assert_eq!(line["subject"].as_str(), Some(&*subject));

        let mut again = call.clone();
        let mut parser = Parser::new();
        parser.feed(&mut again, &buffer[..used]).unwrap();
        parser.finish(&mut again).unwrap();
        prop_assert_eq!(again, call);
    }
}
