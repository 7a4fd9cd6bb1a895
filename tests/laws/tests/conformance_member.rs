//! Every grammar vector inside a call: as a member that is kept, as one that is skipped, as an element, as a name.
//! What is skipped must be checked just as strictly as what is kept.

use graph_call::json::Fault;
use graph_call::{Call, Error, ErrorKind, ParseOptions};
use graph_call_laws::grammar::{self, Case, ENCODING, STRINGS};
use graph_call_laws::laws::read;
use graph_call_laws::oracle::without_lone_surrogates;
use graph_call_laws::splits;

/// `before`, the fragment, `after`.
fn within(before: &str, case: &Case, after: &str) -> Vec<u8> {
    [before.as_bytes(), case.bytes, after.as_bytes()].concat()
}

fn end(body: &[u8]) -> Result<(), Error> {
    let whole = read(ParseOptions::new(), [body]);
    assert_eq!(read(ParseOptions::new(), splits::by_byte(body)), whole, "{}", body.escape_ascii());
    whole.end
}

fn is_syntax(end: Result<(), Error>) -> bool {
    end.is_err_and(|error| matches!(error.kind(), ErrorKind::Json(_)))
}

/// Runs `check` on the cases where nobody keeps them, and names those that fail, all at once.
fn each<'c>(cases: impl Iterator<Item = &'c Case>, check: impl Fn(&Case) -> Result<(), Error>) {
    let failed: Vec<String> = cases
        .filter_map(|case| {
            let end = check(case);
            let holds = if case.is_skipped() { end.is_ok() } else { is_syntax(end) };
            (!holds).then(|| format!("{}: {end:?}", case.name))
        })
        .collect();
    assert!(failed.is_empty(), "{} cases:\n{}", failed.len(), failed.join("\n"));
}

#[test]
fn skipped_members_are_checked() {
    each(grammar::all(), |case| end(&within("{\"unknown\":", case, "}")));
    each(grammar::all(), |case| end(&within("{\"state\":\"hold\",\"unknown\":", case, ",\"id\":\"1\"}")));
}

#[test]
fn skipped_members_of_known_objects_are_checked() {
    each(grammar::all(), |case| end(&within("{\"source\":{\"identity\":{\"user\":{\"x\":", case, "}}}}")));
    each(grammar::all(), |case| end(&within("{\"targets\":[{\"x\":", case, "}]}")));
}

#[test]
fn elements_deep_inside_skipped_members_are_checked() {
    each(grammar::all(), |case| end(&within("{\"unknown\":[{\"a\":[0,", case, "]}]}")));
}

#[test]
fn members_of_unpublished_type_are_checked() {
    let before = "{\"contentSharingSessions\":[{\"pngOfCurrentSlide\":";
    each(grammar::all(), |case| end(&within(before, case, "}]}")));
}

/// Whatever is no value is no value in any known member either; what is a value of another type is told apart.
#[test]
fn kept_members_are_checked() {
    let places = [
        ("{\"subject\":", "}"),
        ("{\"id\":", "}"),
        ("{\"state\":", "}"),
        ("{\"ringingTimeoutInSeconds\":", "}"),
        ("{\"toneInfo\":{\"sequenceId\":", "}}"),
        ("{\"meetingInfo\":{\"allowConversationWithoutHost\":", "}}"),
        ("{\"meetingInfo\":{\"token\":", "}}"),
        ("{\"transcription\":{\"lastModifiedDateTime\":", "}}"),
        ("{\"source\":", "}"),
        ("{\"targets\":", "}"),
        ("{\"targets\":[", "]}"),
        ("{\"requestedModalities\":[", "]}"),
    ];
    for (before, after) in places {
        for case in grammar::all() {
            if before.ends_with('[') && case.bytes.trim_ascii().is_empty() {
                continue; // an empty array
            }
            let end = end(&within(before, case, after));
            if case.is_accepted() {
                assert!(!is_syntax(end), "{before} {}: {end:?}", case.name);
            } else {
                assert!(end.is_err(), "{before} {}", case.name);
            }
        }
    }
}

#[test]
fn kept_strings_keep_their_characters() {
    for case in STRINGS.iter().chain(ENCODING) {
        let body = within("{\"subject\":", case, "}");
        let end = end(&body);
        let Some(text) = case.text else {
            assert!(end.is_err(), "{}", case.name);
            continue;
        };
        assert_eq!(end, Ok(()), "{}", case.name);
        let call = Call::parse(&body).expect("accepted before");
        assert_eq!(call.subject.as_str(), Some(text), "{}", case.name);
        // In an identifier and in a secret alike.
        let body = within("{\"id\":", case, "}");
        assert_eq!(Call::parse(&body).expect("an id").id.as_str(), Some(text), "{}", case.name);
        let body = within("{\"meetingInfo\":{\"passcode\":", case, "}}");
        let call = Call::parse(&body).expect("a passcode");
        assert_eq!(
            call.meeting_info.get().and_then(|meeting| meeting.passcode.reveal()),
            Some(text),
            "{}",
            case.name
        );
    }
}

/// With the option, what was refused for half of a pair has U+FFFD there, and says so; nothing else is accepted.
#[test]
fn kept_strings_replace_lone_surrogates_if_they_may() {
    let options = ParseOptions::new().lone_surrogates(true);
    for case in STRINGS.iter().chain(ENCODING).filter(|case| case.bytes.starts_with(b"\"")) {
        let body = within("{\"subject\":", case, ",\"state\":\"hold\"}");
        let lenient = read(options, [&body[..]]);
        for pieces in splits::in_two(&body).map(Vec::from).chain([splits::by_byte(&body).collect()]) {
            assert_eq!(read(options, pieces), lenient, "{}", case.name);
        }
        assert_eq!(lenient.end.is_ok(), case.is_skipped(), "{}", case.name);
        if case.is_accepted() {
            assert_eq!(read(ParseOptions::new(), [&body[..]]), lenient, "{}", case.name);
        }
        if !case.is_skipped() || case.is_accepted() {
            continue;
        }
        let text = serde_json::from_slice::<String>(&without_lone_surrogates(case.bytes)).expect("no half");
        assert!(text.contains('\u{fffd}'), "{}", case.name);
        assert_eq!(lenient.call.subject.as_str(), Some(text.as_str()), "{}", case.name);
        assert!(lenient.call.subject.is_replaced() && !lenient.call.subject.is_truncated(), "{}", case.name);
        // Half an id is a wrong id; a word that has one is not known.
        let body = within("{\"source\":{\"id\":", case, "},\"meetingInfo\":{\"passcode\":")
            .into_iter()
            .chain(within("", case, "},\"direction\":"))
            .chain(within("", case, "}"));
        let lenient = read(options, [&body.collect::<Vec<_>>()[..]]);
        let source = lenient.call.source.get().expect("a source");
        assert!(source.id.is_omitted() && source.id.as_str().is_none(), "{}", case.name);
        let passcode = &lenient.call.meeting_info.get().expect("a meeting").passcode;
        assert!(passcode.is_omitted() && passcode.reveal().is_none(), "{}", case.name);
        assert_eq!(lenient.call.direction.as_str(), Some(text.as_str()), "{}", case.name);
    }
}

#[test]
fn names_are_checked() {
    let is_value = |case: &&Case| case.is_skipped() && !case.bytes.starts_with(b"\"");
    let names =
        STRINGS.iter().chain(ENCODING).filter(|case| !case.bytes.starts_with(b"{") && !is_value(case));
    each(names.clone(), |case| end(&within("{", case, ":1}")));
    each(names.clone(), |case| end(&within("{\"source\":{", case, ":null}}")));
    each(names, |case| end(&within("{\"unknown\":{", case, ":[]}}")));
}

#[test]
fn names_are_known_however_they_are_spelt() {
    let body = br#"{"\u0073\u0074ate":"\u0068old","\u0069\u0064":"1","source":{"identit\u0079":{"use\u0072":{"id":"2"}}}}"#;
    let call = Call::parse(body).expect("a call");
    assert_eq!(call.state.as_str(), Some("hold"));
    assert_eq!(call.id.as_str(), Some("1"));
    let source = call.source.get().and_then(|source| source.identity.get()).expect("an identity");
    assert_eq!(source.of(graph_call::IdentityKind::User).and_then(|user| user.id.as_str()), Some("2"));
}

#[test]
fn only_an_object_is_a_call() {
    for case in grammar::all() {
        let end = end(case.bytes);
        if !case.is_accepted() {
            assert!(end.is_err(), "{}", case.name);
        } else if case.bytes.trim_ascii().starts_with(b"{") {
            assert_eq!(end, Ok(()), "{}", case.name);
        } else {
            assert!(
                end.is_err_and(|error| matches!(error.kind(), ErrorKind::WrongType { .. })),
                "{}: {end:?}",
                case.name
            );
        }
    }
}

#[test]
fn each_rule_has_its_fault() {
    let faults: [(&[u8], Fault, usize); 21] = [
        (b"", Fault::Truncated, 0),
        (b" ", Fault::Truncated, 1),
        (b"{", Fault::Truncated, 1),
        (b"{\"a\":}", Fault::ExpectedValue, 5),
        (b"{\"a\":[x]}", Fault::ExpectedElement, 6),
        (b"{\"a\":[1,x]}", Fault::ExpectedValue, 8),
        (b"{\"a\":1,x}", Fault::ExpectedName, 7),
        (b"{x}", Fault::ExpectedMember, 1),
        (b"{\"a\" 1}", Fault::ExpectedColon, 5),
        (b"{\"a\":1 x}", Fault::ExpectedComma, 7),
        (b"{\"a\":[1}", Fault::ExpectedComma, 7),
        (b"{\"a\":1,}", Fault::TrailingComma, 6),
        (b"{\"a\":[1 , ]}", Fault::TrailingComma, 8),
        (b"{} x", Fault::AfterEnd, 3),
        (b"{\"a\":\"\t\"}", Fault::ControlCharacter, 6),
        (b"{\"a\":\"\\x\"}", Fault::InvalidEscape, 7),
        (b"{\"a\":\"\\u00g0\"}", Fault::InvalidHexDigit, 10),
        (b"{\"id\":\"\\ud800\"}", Fault::UnpairedSurrogate, 13),
        (b"{\"a\":\"\xc3(\"}", Fault::InvalidUtf8, 7),
        (b"{\"a\":01}", Fault::InvalidNumber, 6),
        (b"{\"a\":nul}", Fault::InvalidLiteral, 8),
    ];
    let mut texts = std::collections::BTreeMap::new();
    for (body, fault, offset) in faults {
        let error = end(body).expect_err("a fault");
        let text = error.to_string();
        let (what, place) = text.rsplit_once(" (byte ").expect("a place");
        assert_eq!(place, format!("{offset})"));
        let what = what.rsplit(": ").next().expect("a text").to_owned();
        assert_eq!(*texts.entry(what).or_insert(fault), fault, "{text}: the same text for two faults");
        assert_eq!(
            (error.kind(), error.offset()),
            (ErrorKind::Json(fault), offset),
            "{}",
            body.escape_ascii()
        );
        assert_eq!(error.culprit(), graph_call::Culprit::Peer);
    }
}

#[test]
fn errors_name_their_place() {
    let inner = end(b"{\"targets\":[{},{\"hidden\":7}]}").expect_err("a wrong type");
    assert!(!inner.path().is_root());
    assert_eq!(inner.to_string(), "targets[1].hidden: expected true or false (byte 25)");
    let outer = end(b"[]").expect_err("no object");
    assert!(outer.path().is_root());
    assert_eq!(outer.to_string(), "expected an object (byte 0)");
}

/// A fault of grammar inside a value comes before the fault of its type, however long the value is.
#[test]
fn grammar_is_judged_before_type() {
    for length in [1, 40, 48, 49, 50, 51, 64, 100] {
        for member in ["id", "subject", "state", "source", "targets", "ringingTimeoutInSeconds"] {
            let digits = "1".repeat(length);
            let error = end(format!("{{\"{member}\":{digits}i}}").as_bytes()).expect_err("an invalid number");
            assert_eq!(error.kind(), ErrorKind::Json(Fault::InvalidNumber), "{member}, {length} digits");
            let error =
                end(format!("{{\"{member}\":\"{digits}\\x\"}}").as_bytes()).expect_err("an invalid escape");
            assert_eq!(error.kind(), ErrorKind::Json(Fault::InvalidEscape), "{member}, {length} digits");
        }
    }
}

#[test]
fn a_known_member_stands_once() {
    for (body, path) in [
        ("{\"state\":\"hold\",\"state\":\"hold\"}", "state"),
        ("{\"state\":null,\"state\":null}", "state"),
        ("{\"state\":\"hold\",\"x\":1,\"\\u0073tate\":\"hold\"}", "state"),
        ("{\"source\":{},\"source\":{}}", "source"),
        ("{\"targets\":[{},{\"hidden\":true,\"hidden\":true}]}", "targets[1].hidden"),
        ("{\"source\":{\"identity\":{\"user\":{},\"user\":{}}}}", "source.identity.user"),
        ("{\"source\":{\"identity\":{\"user\":{\"id\":\"1\",\"id\":\"1\"}}}}", "source.identity.user.id"),
        ("{\"resultInfo\":{\"code\":1,\"code\":1}}", "resultInfo.code"),
        ("{\"participants\":[{\"id\":\"1\",\"id\":\"1\"}]}", "participants[0].id"),
        ("{\"participants\":[],\"participants\":[]}", "participants"),
        ("{\"transcription\":{},\"source\":{},\"transcription\":{}}", "transcription"),
    ] {
        let error = end(body.as_bytes()).expect_err(body);
        assert_eq!(error.kind(), ErrorKind::RepeatedMember, "{body}");
        assert_eq!(error.path().to_string(), path, "{body}");
    }
    // In different objects it is a different member.
    let body = "{\"targets\":[{\"hidden\":true},{\"hidden\":true}],\"source\":{\"identity\":{\"user\":{\"id\":\"1\"},\
                \"phone\":{\"id\":\"1\"}}},\"answeredBy\":{\"identity\":{}},\"id\":\"1\"}";
    assert_eq!(end(body.as_bytes()), Ok(()));
}
