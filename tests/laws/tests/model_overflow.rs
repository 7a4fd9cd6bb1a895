//! What does not fit: refused with the member, the room and the need, or cut as each kind of value allows.

use graph_call::{Call, Culprit, Error, ErrorKind, Id, List, Overflow, ParseOptions, Parser, Text, TinyCall};

graph_call::capacities! {
    /// Small and uneven, so that no capacity is mistaken for another.
    Uneven { id: 10, text: 7, uri: 12, secret: 9, word: 6, set: 2, list: 3, expand: 2 }
}

type SmallCall = Call<Uneven>;

fn read(body: &str, overflow: Overflow) -> (Box<SmallCall>, Result<(), Error>) {
    let mut call = Box::new(SmallCall::empty());
    let mut parser = Parser::with_options(ParseOptions::new().overflow(overflow));
    let end = parser.feed(&mut *call, body.as_bytes()).and_then(|()| parser.finish(&mut *call));
    (call, end)
}

fn refused(body: &str) -> (String, u32, u32) {
    let error = read(body, Overflow::Refuse).1.expect_err(body);
    assert_eq!(error.culprit(), Culprit::Capacity);
    let ErrorKind::Overflow { capacity, need } = error.kind() else { panic!("{body}: {error:?}") };
    let shown = error.to_string();
    assert!(shown.contains(&capacity.to_string()) && shown.contains(&need.to_string()), "{shown}");
    (error.path().to_string(), capacity, need)
}

fn cut(body: &str) -> Box<SmallCall> {
    let (call, end) = read(body, Overflow::Truncate);
    assert_eq!(end, Ok(()), "{body}");
    call
}

#[test]
fn what_fits_exactly_fits() {
    let body = r#"{"id":"0123456789","subject":"1234567","callbackUri":"0123456789ab",
        "meetingInfo":{"token":"123456789"},"targets":[{},{},{}],"participants":[{},{}],"state":"parked"}"#;
    for overflow in [Overflow::Refuse, Overflow::Truncate] {
        let (call, end) = read(body, overflow);
        assert_eq!(end, Ok(()));
        assert_eq!(call.id.as_str(), Some("0123456789"));
        assert!(!call.id.is_omitted());
        assert_eq!(call.subject.as_str(), Some("1234567"));
        assert!(!call.subject.is_truncated());
        assert_eq!(call.meeting_info.get().and_then(|meeting| meeting.token.reveal()), Some("123456789"));
        assert_eq!((call.targets.len(), call.targets.total()), (3, 3));
        assert_eq!(call.state.as_str(), Some("parked"));
    }
}

#[test]
fn refusing_names_the_member_the_room_and_the_need() {
    assert_eq!(refused(r#"{"id":"0123456789a"}"#), ("id".into(), 10, 11));
    assert_eq!(refused(r#"{"subject":"\u20ac\u20ac\u20ac"}"#), ("subject".into(), 7, 9));
    assert_eq!(refused(r#"{"callbackUri":"0123456789abcdef"}"#), ("callbackUri".into(), 12, 16));
    assert_eq!(refused(r#"{"meetingInfo":{"token":"0123456789"}}"#), ("meetingInfo.token".into(), 9, 10));
    assert_eq!(
        refused(r#"{"source":{"identity":{"user":{"displayName":"12345678"}}}}"#),
        ("source.identity.user.displayName".into(), 7, 8)
    );
    assert_eq!(refused(r#"{"targets":[{},{},{},{}]}"#).1, 3);
    assert_eq!(refused(r#"{"participants":[{},{},{}]}"#).1, 2);
    let long = "x".repeat(100_000);
    assert_eq!(refused(&format!("{{\"id\":\"{long}\"}}")), ("id".into(), 10, 100_000));
}

#[test]
fn readable_text_is_cut_at_a_character_and_marked() {
    for (text, kept) in [
        ("12345678", "1234567"),
        ("123456\u{e9}", "123456"),
        ("12345\u{20ac}", "12345"),
        ("1234\u{1f600}", "1234"),
        ("\u{1f600}\u{1f600}", "\u{1f600}"),
        ("123456\u{e9}7", "123456"),
        ("\u{20ac}\u{20ac}\u{20ac}", "\u{20ac}\u{20ac}"),
    ] {
        let call = cut(&format!("{{\"subject\":\"{text}\"}}"));
        assert_eq!(call.subject.as_str(), Some(kept), "{text}");
        assert!(call.subject.is_truncated(), "{text}");
        // Escaped, it comes in other pieces, and is cut at the same place.
        let escaped: String = text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
        assert_eq!(cut(&format!("{{\"subject\":\"{escaped}\"}}")).subject.as_str(), Some(kept), "{text}");
    }
}

#[test]
fn half_an_id_is_no_id() {
    let call = cut(
        r#"{"id":"0123456789a","callbackUri":"https://example.com/","meetingInfo":{"token":"0123456789",
            "passcode":"0123456789a"},"source":{"identity":{"user":{"id":"0123456789a","displayName":"12345678"}}}}"#,
    );
    assert_eq!((call.id.as_str(), call.id.is_omitted()), (None, true));
    assert_eq!((call.callback_uri.as_str(), call.callback_uri.is_omitted()), (None, true));
    let meeting = call.meeting_info.get().expect("meetingInfo");
    assert_eq!((meeting.token.reveal(), meeting.token.is_omitted()), (None, true));
    assert_eq!((meeting.passcode.reveal(), meeting.passcode.is_omitted()), (None, true));
    let identity = call.source.get().and_then(|source| source.identity.get()).expect("an identity");
    let user = identity.of(graph_call::IdentityKind::User).expect("a user");
    assert_eq!((user.id.as_str(), user.id.is_omitted()), (None, true));
    assert_eq!((user.display_name.as_str(), user.display_name.is_truncated()), (Some("1234567"), true));
}

#[test]
fn lists_keep_their_first_and_the_true_count() {
    let call =
        cut(r#"{"targets":[{"hidden":true},{"hidden":false},{},{"hidden":true},{"participantId":[7]}],
            "requestedModalities":["audio","video","data","audio","video","data","audio","video","data"],
            "participants":[{"id":"1"},{"id":"2","mediaStreams":[{},{},{},{},{}]},{"id":"3"}]}"#);
    assert_eq!((call.targets.len(), call.targets.total()), (3, 5));
    assert_eq!(call.targets[0].hidden.get(), Some(true));
    assert_eq!(call.targets[1].hidden.get(), Some(false));
    assert_eq!(call.targets[2].hidden.get(), None);
    assert_eq!((call.requested_modalities.len(), call.requested_modalities.total()), (8, 9));
    assert_eq!((call.participants.len(), call.participants.total()), (2, 3));
    assert_eq!(call.participants[1].id.as_str(), Some("2"));
    let streams = &call.participants[1].media_streams;
    assert_eq!((streams.len(), streams.total()), (3, 5));
}

/// However many elements come: the count stops rather than wraps.
#[test]
fn counts_do_not_wrap() {
    for count in [65_533, 65_534, 65_535, 65_536, 70_000] {
        let call = cut(&format!("{{\"targets\":[{}{{}}]}}", "{},".repeat(count - 1)));
        assert_eq!(call.targets.len(), 3);
        assert!(call.targets.total() >= count.min(65_534), "{} of {count}", call.targets.total());
        assert!(call.targets.total() <= count);
    }
}

/// What lies beyond the room is still checked.
#[test]
fn what_is_cut_away_is_checked() {
    for body in [
        "{\"subject\":\"12345678\\x\"}",
        "{\"subject\":\"12345678\n\"}",
        "{\"targets\":[{},{},{},{\"a\":01}]}",
        "{\"targets\":[{},{},{},[}]}",
        "{\"id\":\"0123456789abcdef\\ud800\"}",
    ] {
        let (call, end) = read(body, Overflow::Truncate);
        assert!(matches!(end.expect_err(body).kind(), ErrorKind::Json(_)), "{body}");
        assert!(*call == SmallCall::empty());
    }
}

/// A member with no room at all is one that nobody wants: never an error, in either policy.
#[test]
fn no_room_is_no_error() {
    let body =
        br##"{"callbackUri":"https://example.com/a/rather/long/one","participants":[{"id":"1"},{"id":"2"}],
        "operations":[{"@odata.type":"#microsoft.graph.recordOperation"}],"state":"something new altogether",
        "mediaConfig":{"blob":"<a blob>"},"meetingInfo":{"token":"a.b.c"}}"##;
    let mut call = Box::new(TinyCall::empty());
    assert_eq!(call.parse_into(body), Ok(()));
    assert_eq!((call.callback_uri.as_str(), call.callback_uri.is_omitted()), (None, true));
    assert_eq!((call.participants.len(), call.participants.total()), (0, 2));
    let media = call.media_config.get().expect("mediaConfig");
    assert_eq!((media.blob.reveal(), media.blob.is_omitted()), (None, true));
    assert_eq!(call.state.get(), Some(graph_call::CallState::Unknown));
}

/// More identities than places, of which a call can hold ten kinds: a person stays, then an application, then its instance,
/// then a device, whatever the order; the others are counted, and fail no parse.
#[test]
fn more_identities_than_places() {
    fn kept(members: &str, overflow: Overflow) -> (Vec<(String, String)>, usize) {
        let (call, end) = read(&format!(r#"{{"source":{{"identity":{{{members}}}}}}}"#), overflow);
        assert_eq!(end, Ok(()), "{members}");
        let set = call.source.get().and_then(|source| source.identity.get()).expect("an identity set");
        let name = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let kept =
            set.identities.iter().map(|one| (name(one.kind.as_str()), name(one.id.as_str()))).collect();
        (kept, set.identities.total())
    }
    for (members, expected) in [
        (r#""user":{"id":"1"},"phone":{"id":"2"},"guest":{"id":"3"}"#, [("user", "1"), ("phone", "2")]),
        (
            r#""device":{"id":"1"},"application":{"id":"2"},"applicationInstance":{"id":"3"}"#,
            [("applicationInstance", "3"), ("application", "2")],
        ),
        (
            r#""applicationInstance":{"id":"1","email":"a"},"application":{"id":"2"},"user":{"displayName":"3"}"#,
            [("user", ""), ("application", "2")],
        ),
        (
            r#""application":{"id":"1"},"applicationInstance":{"id":"2"},"guest":{"id":"3"}"#,
            [("application", "1"), ("guest", "3")],
        ),
        (
            r#""user":{"id":"1"},"application":{"id":"2"},"device":{"id":{}}"#,
            [("user", "1"), ("application", "2")],
        ),
    ] {
        for overflow in [Overflow::Refuse, Overflow::Truncate] {
            let (found, total) = kept(members, overflow);
            let expected = expected.map(|(kind, id)| (kind.to_owned(), id.to_owned()));
            assert_eq!((found.as_slice(), total), (expected.as_slice(), 3), "{members}");
        }
    }
    // One that is left out is one all the same.
    let twice = r#"{"source":{"identity":{"user":{},"guest":{},"device":{},"device":{}}}}"#;
    assert_eq!(read(twice, Overflow::Refuse).1.expect_err("twice").kind(), ErrorKind::RepeatedMember);
    // Absent ones take no place.
    let body = r#"{"source":{"identity":{"user":{"id":"1"},"phone":null,"guest":null,"encrypted":null,"device":{}}}}"#;
    assert_eq!(read(body, Overflow::Refuse).1, Ok(()));
}

#[test]
fn the_faces_hide_their_storage() {
    fn is_plain<T: Clone + PartialEq + core::fmt::Debug + Send + Sync + 'static>() {}
    is_plain::<Text<[u8; 3]>>();
    is_plain::<Id<[u8; 3]>>();
    is_plain::<List<[Id<[u8; 3]>; 3]>>();
    is_plain::<TinyCall>();
}
