//! A fault in a member that nobody requires costs this member, says so, and nothing else.

use core::fmt;

use graph_call::job::REQUIRED;
use graph_call::record::{Marks, Members, Place, Record, Schema, Value};
use graph_call::{Call, CallState, Cell, ErrorKind, Expected, HeapCall, ParseOptions, Parser};
use graph_call_laws::laws::{self, Reading, RoomyCall, unreadable};
use graph_call_laws::schema::{CALL, Kind};
use graph_call_laws::splits;
use proptest::prelude::*;
use serde::{Serialize, Serializer};

/// Values that are none of a kind; the first of them is one whatever the room.
fn wrong(kind: Kind, depth: usize) -> Vec<String> {
    let plain = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>();
    match kind {
        Kind::Untyped => vec![],
        Kind::Text | Kind::Exact | Kind::Secret | Kind::Enum(_) => {
            plain(&["7", "true", "{}", "[]", r#""a\ud83d""#, r#"{"a":[{"b":"c"},null,"]"]}"#])
        }
        Kind::Int32 => plain(&["1.5", "2147483648", r#""x""#, r#""""#, "false", "[[]]", "{}"]),
        Kind::Int64 => plain(&["1e3", "9223372036854775808", "{}"]),
        Kind::Boolean => plain(&[r#""true""#, "0", "[]"]),
        Kind::DateTime => plain(&[r#""2024-02-30T00:00:00Z""#, "7", "{}"]),
        Kind::Double => plain(&[r#""1.5""#, "true", "[]"]),
        Kind::Strings | Kind::Enums(_) => {
            plain(&["7", r#""audio""#, "{}", r#"["audio",[]]"#, r#"["audio",{"a":7},7]"#, r#"["\udc00"]"#])
        }
        Kind::Object(record) => {
            let mut values =
                plain(&["7", "[]", "true", r#""a text, not an object, and not a short one either""#]);
            values.extend(within(record, depth));
            values
        }
        Kind::Objects(record) | Kind::ObjectsOrIds(record) => {
            let mut values = plain(&["7", r#""text""#, "{}", "[{},7,{}]"]);
            values.extend(within(record, depth).into_iter().map(|value| format!("[{{}},{value},null]")));
            values
        }
    }
}

/// Objects with one member that is wrong, and one with a member twice.
fn within(record: &'static graph_call_laws::schema::Record, depth: usize) -> Vec<String> {
    let mut values = Vec::new();
    for member in record.members {
        let name = member.name;
        if depth > 0 {
            let wrong = wrong(member.kind, depth - 1);
            values.extend(wrong.into_iter().map(|value| format!(r#"{{"{name}":{value},"a":1}}"#)));
        }
        values.push(format!(r#"{{"{name}":null,"{name}":null}}"#));
    }
    values
}

/// A call with one member that has this value, and members before and behind it.
fn body(name: &str, value: &str) -> String {
    let mut members = vec![format!(r#""{name}":{value}"#)];
    let others = [
        ("id", r#""1""#),
        ("state", r#""established""#),
        ("subject", r#""Stand-up""#),
        ("targets", r#"[{"hidden":true}]"#),
        ("source", r#"{"identity":{"user":{"id":"2"}}}"#),
    ];
    for (index, (other, value)) in others.iter().enumerate() {
        if *other != name {
            members.insert(if index < 2 { 0 } else { members.len() }, format!(r#""{other}":{value}"#));
        }
    }
    format!("{{{}}}", members.join(","))
}

/// Reads in two pieces, cut at every place: what is marked is this member alone, where the text is refused without the option.
fn check(name: &str, body: &str) {
    laws::required(body.as_bytes());
    let error = HeapCall::empty().parse_into(body.as_bytes()).expect_err(body);
    for pieces in splits::in_two(body.as_bytes()) {
        let reading: Reading<HeapCall> = laws::read_as(ParseOptions::new().required(REQUIRED), pieces);
        if REQUIRED.contains(&name) {
            assert!(reading.end.is_err(), "{body}");
            continue;
        }
        assert_eq!(reading.end, Ok(()), "{body}");
        let marked = unreadable(&*reading.call).expect("marked");
        assert!(marked.names().eq([name]), "{body}: {marked:?}");
        let (path, offset) = marked.first().expect("a place");
        assert_eq!((path, offset), (*error.path(), error.offset()), "{body}");
        assert_eq!(reading.call.state, CallState::Established, "{body}");
        assert_eq!(reading.call.subject.as_str(), (name != "subject").then_some("Stand-up"), "{body}");
        assert_eq!(reading.call.targets.len(), usize::from(name != "targets"), "{body}");
        assert_eq!(reading.call.source.get().is_some(), name != "source", "{body}");
    }
}

#[test]
fn every_fault_of_every_member_costs_this_member_alone() {
    let mut count = 0;
    for member in CALL.members {
        for value in wrong(member.kind, 1) {
            check(member.name, &body(member.name, &value));
            count += 1;
        }
        let twice = format!(r#"7,"{0}":7"#, member.name);
        check(member.name, &body(member.name, &twice));
    }
    assert!(count > 500, "{count}");
}

/// What is said of a list belongs to the list, wherever it stands.
#[test]
fn a_wrong_annotation_costs_its_list() {
    for annotation in [
        r#""targets@odata.count":"many""#,
        r#""targets@odata.count":-1"#,
        r#""targets@odata.nextLink":{}"#,
        r#""targets@odata.nextLink":"https://example.com/\ud83d""#,
    ] {
        for body in [
            format!(r#"{{{annotation},"targets":[{{"hidden":true}}],"targets@odata.count":3,"id":"1"}}"#),
            format!(r#"{{"targets@odata.count":3,"targets":[{{"hidden":true}}],{annotation},"id":"1"}}"#),
            format!(r#"{{"id":"1",{annotation}}}"#),
        ] {
            for pieces in splits::in_two(body.as_bytes()) {
                let reading: Reading<HeapCall> =
                    laws::read_as(ParseOptions::new().required(REQUIRED), pieces);
                assert_eq!(reading.end, Ok(()), "{body}");
                assert!(unreadable(&*reading.call).expect("marked").names().eq(["targets"]), "{body}");
                assert!(!reading.call.targets.is_present(), "{body}");
                assert_eq!(
                    (reading.call.targets.total(), reading.call.targets.is_cut()),
                    (0, false),
                    "{body}"
                );
            }
        }
    }
}

#[test]
fn what_does_not_fit_costs_its_member() {
    graph_call::capacities! { Small { id: 4, text: 4, uri: 4, secret: 4, set: 1, list: 1, choices: 1, expand: 1 } }
    let text = r#"{"id":"1234","subject":"12345","callbackUri":"12345","targets":[{},{}],"state":"established",
        "requestedModalities":["audio","video"],"meetingInfo":{"token":"12345"},"tenantId":"5678",
        "source":{"identity":{"user":{"displayName":"\ud83d\ude00!"}}},"answeredBy":{"id":"12345"}}"#;
    let mut call = Box::new(Call::<Small>::empty());
    call.parse_into_with(text.as_bytes(), ParseOptions::new().required(&["id", "state", "tenantId"]))
        .unwrap();
    let names: Vec<_> = call.unreadable().names().collect();
    assert_eq!(
        names,
        ["answeredBy", "callbackUri", "meetingInfo", "requestedModalities", "source", "subject", "targets"]
    );
    assert_eq!(
        call.unreadable().first().map(|(path, offset)| (path.to_string(), offset)),
        Some(("subject".into(), 23))
    );
    assert_eq!((call.id.as_str(), call.tenant_id.as_str()), (Some("1234"), Some("5678")));
    let refused =
        Call::<Small>::empty().parse_into_with(text.as_bytes(), ParseOptions::new().required(&["targets"]));
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::Overflow { capacity: 1, need: 2 });
}

/// What was filled before the fault is gone, and the marks with the next text.
#[test]
fn what_is_passed_over_is_gone() {
    let text = br#"{"meetingInfo":{"token":"a secret","passcode":7},"participants":[{"metadata":"mm"},7],"chatInfo":7}"#;
    let mut call = Box::new(RoomyCall::empty());
    call.parse_into_with(text, ParseOptions::new().required(&[])).unwrap();
    assert!(call.unreadable().names().eq(["chatInfo", "meetingInfo", "participants"]));
    assert!(call.meeting_info.get().is_none() && call.chat_info.get().is_none());
    assert!(!call.participants.is_present() && call.participants.is_empty());
    call.parse_into_with(br#"{"id":"1"}"#, ParseOptions::new()).unwrap();
    assert!(call.unreadable().is_empty(), "another text, other marks");
}

#[test]
fn what_is_no_call_is_none() {
    let options = ParseOptions::new().required(&[]);
    for (body, kind) in [
        (&br#"{"error":{"code":"8522"}}"#[..], ErrorKind::OtherBody(graph_call::Body::Error)),
        (br#"{"value":[]}"#, ErrorKind::OtherBody(graph_call::Body::Value)),
        (
            br##"{"@odata.type":"#microsoft.graph.user","id":7}"##,
            ErrorKind::OtherBody(graph_call::Body::OtherType),
        ),
        (br#"{"id":7,"@odata.type":7}"#, ErrorKind::WrongType { expected: Expected::String }),
        (b"[]", ErrorKind::WrongType { expected: Expected::Object }),
        (br#"{"id":7,"subject":"\x"}"#, ErrorKind::Json(graph_call::json::Fault::InvalidEscape)),
        (br#"{"id":7"#, ErrorKind::Json(graph_call::json::Fault::Truncated)),
        (br#"{"id":[}"#, ErrorKind::Json(graph_call::json::Fault::ExpectedElement)),
    ] {
        let mut call = Box::new(RoomyCall::empty());
        let error = call.parse_into_with(body, options).expect_err("no call");
        assert_eq!(error.kind(), kind, "{}", body.escape_ascii());
        assert!(*call == RoomyCall::empty() && call.unreadable().is_empty());
    }
}

/// A record without a place for marks is read as strictly as ever.
#[test]
fn only_a_call_has_marks() {
    let mut meeting = graph_call::MeetingInfo::<graph_call::capacity::Standard>::empty();
    let mut parser = Parser::with_options(ParseOptions::new().required(&[]));
    assert!(parser.feed(&mut meeting, br#"{"allowConversationWithoutHost":7}"#).is_err());
}

#[test]
fn the_marks_are_shown_and_travel() {
    let mut call = Box::new(Call::new());
    let text = br#"{"id":"1","toneInfo":{"tone":{}},"subject":false}"#;
    call.parse_into_with(text, ParseOptions::new().required(REQUIRED)).unwrap();
    assert_eq!(format!("{call:?}"), r#"call { id: "1", unreadable: ["subject", "toneInfo"] }"#);
    // JSON has no room for marks: what cannot be read is left out.
    assert_eq!(laws::written(&*call).to_string(), r#"{"id":"1"}"#);
    let mut buffer = [0; 64];
    let used = postcard::to_slice(&*call, &mut buffer).unwrap();
    let there: Box<Call> = Box::new(postcard::from_bytes(used).unwrap());
    assert!(there == call && there.unreadable().names().eq(["subject", "toneInfo"]));
    assert!(there.unreadable().first().is_none(), "the text is not there");
    assert_eq!(format!("{there:?}"), format!("{call:?}"));
    let copy = call.clone();
    assert_eq!(copy.unreadable().first(), call.unreadable().first());
    call.parse_into_with(br#"{"id":"1"}"#, ParseOptions::new()).unwrap();
    assert!(call != copy, "absent is another thing than unreadable");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn calls_made_up_and_damaged_obey(bytes in proptest::collection::vec(any::<u8>(), 0..1200)) {
        let mut choices = graph_call_laws::choices::Choices::new(&bytes);
        let call = graph_call_laws::generate::call(&mut choices);
        let body = graph_call_laws::generate::text(&call, &mut choices);
        laws::required(&body);
        laws::required(&graph_call_laws::generate::damaged(&body, &mut choices));
    }
}

/// A call that forgets its marks.
#[derive(Clone, PartialEq)]
struct Forgetful {
    call: RoomyCall,
    marks: Marks,
}

impl Record for Forgetful {
    fn schema(&self) -> &'static Schema {
        Record::schema(&self.call)
    }

    fn place(&mut self, field: u8) -> Place<'_> {
        match Record::place(&mut self.call, field) {
            Place::Unreadable(_) => Place::Unreadable(&mut self.marks),
            _ => Record::place(&mut self.call, field),
        }
    }

    fn clear(&mut self) {
        Record::clear(&mut self.call);
    }
}

impl Members for Forgetful {
    fn type_name(&self) -> &'static str {
        self.call.type_name()
    }

    fn schema(&self) -> &'static Schema {
        Record::schema(&self.call)
    }

    fn member(&self, index: u8) -> Option<(u8, Value<'_>)> {
        self.call.member(index)
    }
}

impl Cell for Forgetful {
    const EMPTY: Self = Self { call: RoomyCall::empty(), marks: Marks::NONE };

    fn place(&mut self) -> Place<'_> {
        Place::Record(self)
    }

    fn value(&self) -> Value<'_> {
        Value::Object(self)
    }

    fn clear(&mut self) {
        Record::clear(self);
    }
}

impl Serialize for Forgetful {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.call.serialize(serializer)
    }
}

impl fmt::Debug for Forgetful {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.call.fmt(f)
    }
}

#[test]
#[should_panic(expected = "passed over without a mark")]
fn the_law_sees_that_a_mark_is_lost() {
    laws::required_of::<Forgetful>(br#"{"id":"1","subject":7}"#);
}
