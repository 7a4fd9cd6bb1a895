//! Every member given every type of value: taken, or refused with the member's path; every reading of integers,
//! booleans, times and enumerations.

use graph_call::{Call, CallState, Culprit, DateTime, ErrorKind, Expected, ParseOptions};
use graph_call_laws::laws::{read, written};
use graph_call_laws::oracle::is_date_time;
use graph_call_laws::schema::{CALL, Kind, Record};
use serde_json::Value;

/// Calls `each` with every member that can be reached: its path, the text before and after its value, its kind.
fn members(
    record: &Record,
    path: &str,
    before: &str,
    after: &str,
    each: &mut impl FnMut(&str, &str, &str, Kind),
) {
    for member in record.members {
        let name = member.name;
        let dot = if path.is_empty() { "" } else { "." };
        let path = format!("{path}{dot}{name}");
        let before = format!("{before}{{\"{name}\":");
        let after = format!("}}{after}");
        each(&path, &before, &after, member.kind);
        match member.kind {
            Kind::Object(child) => members(child, &path, &before, &after, each),
            Kind::Objects(child) | Kind::ObjectsOrIds(child) => {
                members(child, &format!("{path}[1]"), &format!("{before}[{{}},"), &format!("]{after}"), each);
            }
            _ => {}
        }
    }
}

/// Whether a value of this kind may be written so.
fn fits(value: &str, kind: Kind) -> bool {
    let first = value.as_bytes()[0];
    match kind {
        Kind::Untyped => true,
        _ if value == "null" => true,
        Kind::Text | Kind::Exact | Kind::Secret | Kind::Enum(_) => first == b'"',
        Kind::Int32 | Kind::Int64 => value == "7" || value == "\"7\"",
        Kind::Boolean => matches!(value, "true" | "false"),
        Kind::DateTime => value == "\"2020-05-28T00:10:54Z\"",
        Kind::Object(_) => first == b'{',
        Kind::Strings | Kind::Enums(_) => matches!(value, "[]" | "[\"a\"]" | "[null]"),
        Kind::Objects(_) => matches!(value, "[]" | "[{}]" | "[null]"),
        Kind::ObjectsOrIds(_) => matches!(value, "[]" | "[{}]" | "[\"a\"]" | "[null]"),
        Kind::Double => first == b'-' || first.is_ascii_digit() || value == "\"-INF\"",
    }
}

/// What a value that does not fit is told.
fn refusal(value: &str, kind: Kind) -> ErrorKind {
    let is_string = value.starts_with('"');
    let is_number = value.starts_with(|first: char| first == '-' || first.is_ascii_digit());
    let expected = match kind {
        Kind::Int32 if is_string || is_number => return ErrorKind::InvalidInteger { bits: 32 },
        Kind::Int64 if is_string || is_number => return ErrorKind::InvalidInteger { bits: 64 },
        Kind::DateTime if is_string => return ErrorKind::InvalidDateTime,
        Kind::Int32 | Kind::Int64 => Expected::Integer,
        Kind::DateTime => Expected::DateTime,
        Kind::Boolean => Expected::Boolean,
        Kind::Double => Expected::Number,
        Kind::Strings | Kind::Enums(_) | Kind::Objects(_) | Kind::ObjectsOrIds(_)
            if !value.starts_with('[') =>
        {
            Expected::Array
        }
        Kind::Object(_) | Kind::Objects(_) | Kind::ObjectsOrIds(_) | Kind::Untyped => Expected::Object,
        _ => Expected::String,
    };
    ErrorKind::WrongType { expected }
}

#[test]
fn every_member_takes_its_type_and_names_itself_otherwise() {
    let values = [
        "null",
        "true",
        "false",
        "7",
        "-1.5",
        "1e400",
        "\"a\"",
        "\"7\"",
        "\"-INF\"",
        "\"2020-05-28T00:10:54Z\"",
        "{}",
        "[]",
        "[{}]",
        "[[]]",
        "[\"a\"]",
        "[7]",
        "[null]",
    ];
    let mut count = 0;
    members(&CALL, "", "", "", &mut |path, before, after, kind| {
        for value in values {
            let body = format!("{before}{value}{after}");
            let end = read(ParseOptions::new(), [body.as_bytes()]).end;
            count += 1;
            if fits(value, kind) {
                assert_eq!(end, Ok(()), "{body}");
                continue;
            }
            let error = end.expect_err(&body);
            assert_eq!(error.kind(), refusal(value, kind), "{body}");
            assert_eq!(error.culprit(), Culprit::Peer);
            let shown = error.path().to_string();
            assert!(shown == path || shown == format!("{path}[0]"), "{body}: {shown}");
            let at = before.len();
            assert!((at..=at + 1).contains(&error.offset()), "{body}: {}", error.offset());
        }
    });
    assert!(count > 5000, "{count} cases");
}

#[test]
fn integers_come_as_numbers_and_as_strings() {
    let cases: [(&str, Option<i32>); 29] = [
        ("0", Some(0)),
        ("-0", Some(0)),
        ("115", Some(115)),
        ("\"200\"", Some(200)),
        ("\"-200\"", Some(-200)),
        ("\"\\u0032\\u0030\\u0030\"", Some(200)),
        ("2147483647", Some(i32::MAX)),
        ("-2147483648", Some(i32::MIN)),
        ("\"2147483647\"", Some(i32::MAX)),
        ("2147483648", None),
        ("-2147483649", None),
        ("\"2147483648\"", None),
        ("9223372036854775808", None),
        ("123456789012345678901234567890123456789012345678901234567890", None),
        ("1.0", None),
        ("1e2", None),
        ("1E0", None),
        ("\"\"", None),
        ("\"-\"", None),
        // Texts of integers have a sign of either kind in OData's grammar, numbers of JSON have not.
        ("\"+1\"", Some(1)),
        ("\"+\"", None),
        ("\"+-1\"", None),
        ("\"-+1\"", None),
        ("\" 1\"", None),
        ("\"1 \"", None),
        ("\"1.0\"", None),
        ("\"0x1\"", None),
        ("\"one\"", None),
        ("\"\u{661}\"", None),
    ];
    for (text, number) in cases {
        let body = format!("{{\"ringingTimeoutInSeconds\":{text}}}");
        match (Call::parse(body.as_bytes()), number) {
            (Ok(call), Some(number)) => {
                assert_eq!(call.ringing_timeout_in_seconds.get(), Some(number), "{text}");
            }
            (Err(error), None) => assert_eq!(error.kind(), ErrorKind::InvalidInteger { bits: 32 }, "{text}"),
            (outcome, _) => panic!("{text}: {:?}", outcome.map(|call| call.ringing_timeout_in_seconds.get())),
        }
    }
    for (text, number) in [
        ("9223372036854775807", Some(i64::MAX)),
        ("-9223372036854775808", Some(i64::MIN)),
        ("\"-9223372036854775808\"", Some(i64::MIN)),
        ("\"+9223372036854775807\"", Some(i64::MAX)),
        ("\"+9223372036854775808\"", None),
        ("9223372036854775808", None),
        ("-9223372036854775809", None),
        ("\"18446744073709551616\"", None),
    ] {
        let body = format!("{{\"toneInfo\":{{\"sequenceId\":{text}}}}}");
        let sequence = Call::parse(body.as_bytes())
            .map(|call| call.tone_info.get().and_then(|tone| tone.sequence_id.get()));
        match number {
            Some(number) => assert_eq!(sequence, Ok(Some(number)), "{text}"),
            None => {
                assert_eq!(
                    sequence.expect_err(text).kind(),
                    ErrorKind::InvalidInteger { bits: 64 },
                    "{text}"
                );
            }
        }
    }
}

#[test]
fn an_integer_in_a_string_has_as_many_digits_as_it_can_need() {
    let call =
        |digits: &str| Call::parse(format!(r#"{{"toneInfo":{{"sequenceId":"{digits}"}}}}"#).as_bytes());
    let nineteen = call("0000000000000000133").expect("19 digits");
    assert_eq!(nineteen.tone_info.get().and_then(|tone| tone.sequence_id.get()), Some(133));
    let error = call("00000000000000000133").expect_err("20 digits");
    assert_eq!(error.kind(), ErrorKind::InvalidInteger { bits: 64 });
}

#[test]
fn of_two_members_with_one_name_the_first_is_judged_first() {
    let error = Call::parse(br#"{"id":{},"id":"57dab8b1"}"#).expect_err("an object");
    assert_eq!((error.kind(), error.offset()), (ErrorKind::WrongType { expected: Expected::String }, 6));
}

#[test]
fn both_spellings_of_the_subcode_are_one_member() {
    for name in ["subcode", "subCode"] {
        let body = format!("{{\"resultInfo\":{{\"code\":\"0\",\"{name}\":\"5001\"}}}}");
        let call = Call::parse(body.as_bytes()).expect("a call");
        let result = call.result_info.get().expect("resultInfo");
        assert_eq!((result.code.get(), result.subcode.get()), (Some(0), Some(5001)));
    }
}

#[test]
fn dates_are_checked_to_the_day() {
    for text in [
        "2020-02-29T23:59:59Z",
        "2000-02-29T00:00:00Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.9999999Z",
        "2020-05-28T00:10:54.104318Z",
        "2020-05-28T00:10:54.123456789012-14:00",
        "2020-05-28T00:10:54+05:30",
        "2020-05-28T00:10:54-08:00",
        "2020-05-28T00:10Z",
        // Leap seconds end June or December by UTC, whatever the clock shows.
        "2016-12-31T23:59:60Z",
        "1972-06-30T23:59:60.999Z",
        "2016-12-31T23:59:60",
        "1990-12-31T15:59:60-08:00",
        "2017-01-01T05:29:60+05:30",
        "2015-07-01T13:59:60+14:00",
        "2015-06-30T09:59:60-14:00",
    ] {
        assert!(DateTime::parse(text.as_bytes()).is_some(), "{text}");
    }
    for text in [
        "",
        "2020",
        "2020-05-28",
        "2020-13-01T00:00:00Z",
        "2020-00-01T00:00:00Z",
        "2020-04-31T00:00:00Z",
        "2021-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "2020-05-00T00:00:00Z",
        "2020-05-28T24:00:00Z",
        "2020-05-28T00:60:00Z",
        "2020-05-28T00:00:61Z",
        "2020-05-28T00:00:60Z",
        "2016-12-31T23:59:61Z",
        "2016-12-30T23:59:60Z",
        "2016-12-31T22:59:60Z",
        "2016-12-31T23:58:60Z",
        "2016-11-30T23:59:60Z",
        "2016-12-31T23:59:60-08:00",
        "2017-01-01T00:00:60Z",
        "2015-07-01T23:59:60Z",
        "2015-06-30T13:59:60+14:00",
        "2020-05-28T00:00:00.Z",
        "2020-05-28T00:00:00.1234567890123Z",
        "2020-05-28T00:00.5Z",
        "2020-05-28T00:00:00Zx",
        "2020-05-28T00:00:00+5:30",
        "2020-05-28T00:00:00+25:00",
        "20-05-28T00:00:00Z",
        "+2020-05-28T00:00:00Z",
        "2020-05-28 00:00:00Z",
        "2020/05/28T00:00:00Z",
        "\u{662}020-05-28T00:00:00Z",
        "Thu, 28 May 2020 00:10:54 GMT",
    ] {
        assert_eq!(DateTime::parse(text.as_bytes()), None, "{text}");
        let body = format!("{{\"transcription\":{{\"lastModifiedDateTime\":\"{text}\"}}}}");
        let error = Call::parse(body.as_bytes()).expect_err(text);
        assert_eq!(error.kind(), ErrorKind::InvalidDateTime, "{text}");
        assert_eq!(error.path().to_string(), "transcription.lastModifiedDateTime");
    }
}

/// Reader and oracle, each by its own code, over everything one change away from a date, and over the ends of months.
#[test]
fn dates_are_judged_alike() {
    let mut accepted = 0;
    let mut check = |text: &str| {
        let ours = DateTime::parse(text.as_bytes());
        assert_eq!(ours.is_some(), is_date_time(text), "{text}");
        accepted += usize::from(ours.is_some());
    };
    for base in [
        "2020-02-29T23:59:59Z",
        "2016-12-31T23:59:60.123456789012+00:00",
        "2015-07-01t13:59:60+14:00",
        "1900-02-28T00:00-08:30",
        "9999-10-30T09:19:29.9",
    ] {
        check(base);
        for at in 0..=base.len() {
            let (before, after) = base.split_at(at);
            let rest = after.get(1..).unwrap_or_default();
            check(&format!("{before}{rest}"));
            for byte in "0123456789-+:.,TZtz /".chars() {
                check(&format!("{before}{byte}{rest}"));
                check(&format!("{before}{byte}{after}"));
            }
        }
    }
    for year in [0, 1900, 2000, 2015, 2016, 2100] {
        for month in 0..=13 {
            for day in 0..=32 {
                check(&format!("{year:04}-{month:02}-{day:02}T12:00:00Z"));
                for clock in [
                    "23:59:60Z",
                    "23:59:60",
                    "00:59:60+01:00",
                    "22:59:60-01:00",
                    "13:59:60+14:00",
                    "23:29:60-00:30",
                ] {
                    check(&format!("{year:04}-{month:02}-{day:02}T{clock}"));
                }
            }
        }
    }
    assert!(accepted > 2_000, "{accepted}");
}

/// What the texts mean: years of RFC 3339, offsets of either sign, nine digits of a fraction.
#[test]
fn dates_mean_what_they_say() {
    for (text, year, second, nanosecond, offset, written) in [
        ("0000-02-29T00:00:00Z", 0, 0, 0, Some(0), "0000-02-29T00:00:00Z"),
        ("9999-12-31T23:59:59.999999999Z", 9999, 59, 999_999_999, Some(0), "9999-12-31T23:59:59.999999999Z"),
        ("2020-05-28T00:10:54.0000000019Z", 2020, 54, 1, Some(0), "2020-05-28T00:10:54.000000001Z"),
        (
            "2020-05-28T00:10:54.999999999999Z",
            2020,
            54,
            999_999_999,
            Some(0),
            "2020-05-28T00:10:54.999999999Z",
        ),
        ("2020-05-28T00:10:54.10+00:00", 2020, 54, 100_000_000, Some(0), "2020-05-28T00:10:54.1Z"),
        ("2020-05-28t00:10:54z", 2020, 54, 0, Some(0), "2020-05-28T00:10:54Z"),
        // The time is known, where it was told is not: that is nothing to a time.
        ("2020-05-28T00:10:54-00:00", 2020, 54, 0, Some(0), "2020-05-28T00:10:54Z"),
        ("2020-05-28T00:10:54+14:00", 2020, 54, 0, Some(840), "2020-05-28T00:10:54+14:00"),
        ("2020-05-28T00:10:54-23:59", 2020, 54, 0, Some(-1439), "2020-05-28T00:10:54-23:59"),
        ("2020-05-28T00:10:54", 2020, 54, 0, None, "2020-05-28T00:10:54"),
        ("2020-05-28T00:10+05:30", 2020, 0, 0, Some(330), "2020-05-28T00:10:00+05:30"),
        ("2016-12-31T23:59:60.5Z", 2016, 60, 500_000_000, Some(0), "2016-12-31T23:59:60.5Z"),
    ] {
        let time = DateTime::parse(text.as_bytes()).expect(text);
        let found = (time.year, time.second, time.nanosecond, time.offset_minutes);
        assert_eq!(found, (year, second, nanosecond, offset), "{text}");
        assert_eq!(time.to_string(), written, "{text}");
        assert_eq!(DateTime::parse(written.as_bytes()), Some(time), "{text}");
        let body = format!("{{\"transcription\":{{\"lastModifiedDateTime\":\"{text}\"}}}}");
        let whole = read(ParseOptions::new(), [body.as_bytes()]);
        let transcription = whole.call.transcription.get().expect(text);
        assert_eq!(transcription.last_modified_date_time.get(), Some(time), "{text}");
        assert_eq!(read(ParseOptions::new(), body.as_bytes().chunks(1)), whole, "{text} by bytes");
    }
    // OData's grammar has these years, and RFC 3339 has not: no call is so old, or will be so late.
    for text in ["10000-01-01T00:00:00Z", "-0044-03-15T00:00:00Z", "999-01-01T00:00:00Z"] {
        assert_eq!(DateTime::parse(text.as_bytes()), None, "{text}");
    }
}

#[test]
fn what_enumerations_do_not_know_is_kept_as_unknown() {
    let options = ParseOptions::new();
    for text in ["parked", "", "establishe", "establishedd", "ESTABLISHED", "a\\u0000b", "\u{1f600}"] {
        let body = format!("{{\"state\":\"{text}\",\"requestedModalities\":[\"{text}\",\"audio\"]}}");
        let reading = read(options, [body.as_bytes()]);
        assert_eq!(reading.end, Ok(()), "{text}");
        assert_eq!(reading.call.state.get(), Some(CallState::Unknown), "{text}");
        assert_eq!(reading.call.requested_modalities.len(), 2);
        let value: Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!(reading.call.state.as_str(), value["state"].as_str());
    }
    // However long: an unknown value never fails the parse. It is cut, and says so.
    for length in [32, 33, 48, 49, 50, 51, 52, 5000] {
        let word = "\u{e9}".repeat(length / 2) + &"x".repeat(length % 2);
        let body = format!(
            "{{\"state\":\"{word}\",\"mediaConfig\":{{\"@odata.type\":\"#microsoft.graph.{word}\"}}}}"
        );
        for size in [1, 7, 50, 6000] {
            let reading = read(options, body.as_bytes().chunks(size));
            assert_eq!(reading.end, Ok(()));
            let state = &reading.call.state;
            assert_eq!((state.get(), state.as_str()), (Some(CallState::Unknown), word.get(..32)), "{length}");
            assert_eq!(state.is_truncated(), length > 32, "{length}");
            let kind = &reading.call.media_config.get().expect("mediaConfig").kind;
            assert_eq!((kind.as_str(), kind.is_truncated()), (word.get(..32), length > 32), "{length}");
        }
    }
    let odd = format!("{{\"state\":\"x{}\"}}", "\u{e9}".repeat(20));
    let state = read(options, [odd.as_bytes()]).call.state;
    assert_eq!((state.as_str(), state.is_truncated()), (odd.get(10..41), true));
    assert_eq!(format!("{state:?}"), format!("Unknown({:?}) (cut)", &odd[10..41]));
    assert_eq!(state, read(options, [odd.as_bytes()]).call.state);
    // Either case of the first letter, as Microsoft writes both.
    let reading = read(options, [&br#"{"state":"Established","operations":[{"status":"running"}]}"#[..]]);
    assert_eq!(reading.call.state.get(), Some(CallState::Established));
    assert_eq!(reading.call.operations[0].status.get(), Some(graph_call::OperationStatus::Running));
}

/// The namespace of a type takes none of the room for its name.
#[test]
fn an_unknown_type_has_as_much_room_as_a_word() {
    let name = "x".repeat(32);
    for namespace in ["#microsoft.graph.", "microsoft.graph.", "#", ""] {
        let body = format!("{{\"mediaConfig\":{{\"@odata.type\":\"{namespace}{name}\"}}}}");
        let reading = read(ParseOptions::new(), [body.as_bytes()]);
        let kind = reading.call.media_config.get().map(|media| media.kind.as_str());
        assert_eq!(kind, Some(Some(name.as_str())), "{body}");
    }
}

#[test]
fn absent_null_and_empty_are_told_apart() {
    let body = br#"{"source":null,"answeredBy":{},"targets":null,"callRoutes":[],"subject":null,"id":"",
                    "requestedModalities":[null],"toneInfo":{"tone":null}}"#;
    let reading = read(ParseOptions::new(), [&body[..]]);
    let call = &reading.call;
    assert!(call.source.get().is_none() && call.answered_by.get().is_some());
    assert!(!call.targets.is_present() && call.call_routes.is_present());
    assert_eq!((call.subject.as_str(), call.id.as_str()), (None, Some("")));
    assert!(call.requested_modalities.is_present() && call.requested_modalities.is_empty());
    assert!(call.tone_info.get().is_some_and(|tone| tone.tone.get().is_none()));
    let expected = serde_json::json!({
        "answeredBy": {}, "callRoutes": [], "id": "", "requestedModalities": [], "toneInfo": {},
    });
    assert_eq!(written(&**call), expected);
}

/// What a call held before is gone, whatever comes next.
#[test]
fn nothing_is_left_of_the_call_before() {
    let full = graph_call_laws::generate::every_member().to_string();
    let mut call = Box::new(graph_call_laws::laws::RoomyCall::empty());
    for next in
        ["{}", "{\"source\":{},\"targets\":[{}],\"participants\":[{}],\"meetingInfo\":{}}", "{\"id\":1}", "{"]
    {
        call.parse_into(full.as_bytes()).expect("every member");
        let end = call.parse_into(next.as_bytes());
        let fresh = read(ParseOptions::new(), [next.as_bytes()]);
        assert_eq!(end, fresh.end, "{next}");
        assert_eq!(*call, *fresh.call, "{next}");
        assert_eq!(written(&*call), written(&*fresh.call), "{next}");
    }
}

/// Every day from 1970 to 9999, beside the reader of HTTP's dates, which counts the other way.
#[test]
fn seconds_since_1970_are_dates() {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    const LAST: u64 = 253_402_300_799;
    for day in 0..=LAST / 86_400 {
        let seconds = day * 86_400 + day % 86_400;
        let time = DateTime::from_unix(seconds).expect("not after the year 9999");
        let DateTime { year, month, day, hour, minute, second, .. } = time;
        let month = MONTHS[usize::from(month) - 1];
        let text = format!("Sun, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT");
        assert_eq!(graph_call::http::date::seconds(&text), Some(seconds), "{text}");
    }
    assert_eq!(DateTime::from_unix(0), Some(DateTime::UNIX_EPOCH));
    assert_eq!(
        DateTime::from_unix(LAST).map(|time| time.to_string()).as_deref(),
        Some("9999-12-31T23:59:59Z")
    );
    assert_eq!(DateTime::from_unix(LAST + 1), None);
}
