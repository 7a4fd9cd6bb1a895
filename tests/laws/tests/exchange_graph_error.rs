//! What the service says when it refuses, as its documentation and its users report it.

use graph_call::GraphError;
use graph_call::json::Fault;
use graph_call_laws::splits;

fn parse(content: &str) -> GraphError {
    GraphError::parse(content.as_bytes()).unwrap_or_else(|error| panic!("{error}: {content}"))
}

/// Outermost code, innermost code, message.
fn says(content: &str) -> (Option<String>, Option<String>, Option<String>) {
    let error = parse(content);
    let text = |text: Option<&str>| text.map(str::to_owned);
    (text(error.code.as_str()), text(error.inner_code.as_str()), text(error.message.as_str()))
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

const COMMS_400: &str = r#"{"error":{"code":"8523","message":"Missing mediaConfig information.","innerError":{"date":"2024-01-01T00:00:00","request-id":"00000000-0000-0000-0000-000000000001","client-request-id":"00000000-0000-0000-0000-000000000002"}}}"#;

#[test]
fn an_error_of_calls() {
    let error = parse(COMMS_400);
    assert_eq!(error.code.as_str(), Some("8523"));
    assert_eq!(error.specific_code(), Some("8523"));
    assert_eq!(error.message.as_str(), Some("Missing mediaConfig information."));
    assert_eq!(error.request_id.as_str(), Some("00000000-0000-0000-0000-000000000001"));
    assert_eq!(error.client_request_id.as_str(), Some("00000000-0000-0000-0000-000000000002"));
    assert_eq!(error.date.as_str(), Some("2024-01-01T00:00:00"));
    assert!(error.inner_code.as_str().is_none() && error.message_code().is_none());
}

#[test]
fn the_order_of_members_does_not_matter() {
    let inner_first = r#"{"error":{"innerError":{"code":"429","message":"Please retry after","status":"429"},"message":"Please retry again later.","code":"TooManyRequests"}}"#;
    let inner_last = r#"{"error":{"message":"Please retry again later.","code":"TooManyRequests","innererror":{"status":"429","message":"Please retry after","code":"429"}}}"#;
    let expected = (some("TooManyRequests"), some("429"), some("Please retry again later."));
    assert_eq!(says(inner_first), expected);
    assert_eq!(says(inner_last), expected);
    assert_eq!(parse(inner_first).specific_code(), Some("429"));
}

#[test]
fn the_innermost_code_wins_wherever_it_stands() {
    for content in [
        r#"{"error":{"code":"a","innerError":{"code":"b","innerError":{"code":"c"}}}}"#,
        r#"{"error":{"code":"a","innerError":{"innerError":{"code":"c"},"code":"b"}}}"#,
        r#"{"error":{"innerError":{"innererror":{"code":"c","innerError":{}},"code":"b"},"code":"a"}}"#,
        r#"{"error":{"innerError":{"innererror":{"code":"c","innerError":null},"code":"b"},"code":"a"}}"#,
    ] {
        assert_eq!(says(content), (some("a"), some("c"), None), "{content}");
    }
}

#[test]
fn inner_errors_are_walked_to_a_depth() {
    let nested = |depth: usize| {
        let inner: String = (1..=depth).map(|depth| format!(r#","innerError":{{"code":"{depth}""#)).collect();
        format!(r#"{{"error":{{"code":"0"{inner}{}}}}}"#, "}".repeat(depth))
    };
    for (depth, code) in [(1, "1"), (2, "2"), (7, "7"), (8, "7"), (12, "7")] {
        assert_eq!(parse(&nested(depth)).specific_code(), Some(code), "{depth} deep");
    }
}

#[test]
fn details_say_which_parameter() {
    let details = |content: &str| {
        let error = parse(content);
        let text = |text: Option<&str>| text.unwrap_or("-").to_owned();
        let kept = error.details.as_slice().iter().map(|detail| {
            [detail.code.as_str(), detail.target.as_str(), detail.message.as_str()].map(text).join(" ")
        });
        (kept.collect::<Vec<_>>(), error.details.total())
    };
    let one = r#"{"code":"ValueNotAllowed","target":"callId","message":"not a guid"}"#;
    let of = |details: &str| format!(r#"{{"error":{{"code":"c","details":[{details}],"message":"m"}}}}"#);
    let shown = "ValueNotAllowed callId not a guid".to_owned();
    assert_eq!(details(&of(one)), (vec![shown.clone()], 1));
    assert_eq!(details(&of("")), (vec![], 0));
    let many = of(&[one; 5].join(","));
    assert_eq!(details(&many), (vec![shown.clone(), shown], 5));
    let odd = of(
        r#"7,null,"x",[{"code":"y"}],{},{"code":7,"Target":["t"],"message":{"code":"z"},"details":[{"code":"q"}]}"#,
    );
    assert_eq!(details(&odd), (vec!["- - -".to_owned(), "7 - -".to_owned()], 2));
    for content in [&many, &odd] {
        assert_eq!(says(content), (some("c"), None, some("m")));
    }
    // The last of a repeated member counts, and only those of the outermost error.
    let twice = r#"{"error":{"details":[{"code":"a"},{"code":"b"}],"details":[{"target":"t"}],"innerError":{"details":[{"code":"i"}]}}}"#;
    assert_eq!(details(twice), (vec!["- t -".to_owned()], 1));
    for none in [
        r#"{"details":[{"code":"a"}]}"#,
        r#"{"error":{"details":{"code":"a"}}}"#,
        r#"{"error":{"details":"a"}}"#,
    ] {
        assert_eq!(details(none), (vec![], 0), "{none}");
    }
    let long = format!(r#"{{"code":"{0}","target":"{0}","message":"{0}"}}"#, "x".repeat(65));
    assert_eq!(details(&of(&long)), (vec![format!("- {0} {0}", "x".repeat(64))], 1));
    let error = parse(r#"{"error":{"target":"callId","innerError":{"target":"other"}}}"#);
    assert_eq!(error.target.as_str(), Some("callId"));
    assert!(format!("{error:?}").contains("callId"));
    let shown = format!("{:?}", parse(&many));
    assert!(shown.contains("ValueNotAllowed") && shown.contains("total: 5"), "{shown}");
    // What an earlier error left behind is not there.
    let mut again = parse(&many);
    again.parse_into(b"{}").unwrap();
    assert_eq!(again, GraphError::empty());
    again.parse_into(of(r#"{"code":"a"},{}"#).as_bytes()).unwrap();
    assert_eq!(again, parse(&of(r#"{"code":"a"},{}"#)));
}

#[test]
fn a_problem_has_a_title_and_a_detail() {
    for (content, message) in [
        (
            r#"{"type":"about:blank","title":"Forbidden","status":403,"detail":"Not allowed"}"#,
            some("Forbidden: Not allowed"),
        ),
        (r#"{"detail":"Not allowed","title":"Forbidden"}"#, some("Not allowed: Forbidden")),
        (r#"{"title":"Forbidden"}"#, some("Forbidden")),
        (r#"{"detail":"Not allowed","title":null}"#, some("Not allowed")),
        (r#"{"title":3,"detail":"Not allowed"}"#, some("3: Not allowed")),
        (r#"{"title":true,"detail":"Not allowed"}"#, some("Not allowed")),
        (r#"{"title":{"detail":"x"},"detail":["y"]}"#, None),
        (r#"{"title":"t","error":{"message":"m","title":"x","detail":"y"},"detail":"d"}"#, some("m")),
        (r#"{"message":"m","target":"t"}"#, None),
    ] {
        assert_eq!(says(content), (None, None, message), "{content}");
        let mut in_pieces: GraphError = GraphError::empty();
        in_pieces.parse_into(content.as_bytes()).unwrap();
        assert_eq!(in_pieces, parse(content));
    }
    let long = "x".repeat(200);
    let error = parse(&format!(r#"{{"title":"{long}","detail":"{long}"}}"#));
    assert_eq!(error.message.as_str().map(str::len), Some(256));
    assert!(error.message.is_truncated());
}

#[test]
fn members_that_are_missing_or_unknown() {
    assert_eq!(
        says(r#"{"error":{"code":"MailboxInfoStale","message":""}}"#),
        (some("MailboxInfoStale"), None, some(""))
    );
    let more = r#"{"x":[],"error":{"target":"t","details":[{"code":"d","target":"u"}],"code":"c","innerError":{"x":{"code":"y"}}}}"#;
    assert_eq!(says(more), (some("c"), None, None));
    assert_eq!(parse(more).details.total(), 1);
    for nothing in ["{}", r#"{"error":null}"#, r#"{"error":{}}"#, r#"{"odata.error":{"code":"c"}}"#] {
        assert_eq!(parse(nothing), GraphError::empty(), "{nothing}");
        assert_eq!(parse(nothing).specific_code(), None);
    }
}

#[test]
fn a_message_that_is_a_json_text() {
    let error = parse(
        r#"{"error":{"code":"UnknownError","message":"{\"errorCode\":\"7503\",\"message\":\"Application is not registered in our store.\",\"instanceAnnotations\":[]}"}}"#,
    );
    assert_eq!(error.code.as_str(), Some("UnknownError"));
    assert_eq!(error.message_code().and_then(|code| code.as_str().map(str::to_owned)), some("7503"));
    for message in
        ["{", r#"{\"errorCode\":7}"#, r#"{\"Message\":\"Request limit exceeded\"}"#, "[]", "plain", ""]
    {
        let error = parse(&format!(r#"{{"error":{{"message":"{message}"}}}}"#));
        assert!(error.message_code().is_none(), "{message}");
    }
}

#[test]
fn long_texts_are_cut_and_long_ids_left_out() {
    let long = "m".repeat(300);
    let error =
        parse(&format!(r#"{{"error":{{"code":"{long}","message":"{long}","request-id":"{long}"}}}}"#));
    assert_eq!(error.message.as_str(), Some(&long[..256]));
    assert!(error.message.is_truncated());
    assert!(error.code.as_str().is_none() && error.code.is_omitted() && error.request_id.is_omitted());
    assert_eq!(error.specific_code(), None);
}

#[test]
fn a_member_of_another_type_is_no_reason_to_lose_another() {
    let rest = r#""message":"m","innerError":{"request-id":"r","date":"d","code":"i"}"#;
    for (value, code) in [
        ("404", Some("404")),
        ("-1.5e3", Some("-1.5e3")),
        ("null", None),
        ("true", None),
        ("{}", None),
        (r#"{"code":"x","innerError":{"code":"y"}}"#, None),
        (r#"["x",{"code":"y"}]"#, None),
    ] {
        for content in [
            format!(r#"{{"error":{{"code":{value},{rest}}}}}"#),
            format!(r#"{{"error":{{{rest},"code":{value}}}}}"#),
        ] {
            let error = parse(&content);
            assert_eq!(error.code.as_str(), code, "{content}");
            assert_eq!((error.message.as_str(), error.inner_code.as_str()), (Some("m"), Some("i")));
            assert_eq!((error.request_id.as_str(), error.date.as_str()), (Some("r"), Some("d")));
        }
    }
    for value in ["7", "true", r#""x""#, "[]", r#"[{"code":"x"}]"#, "null"] {
        let content = format!(r#"{{"error":{{"innerError":{value},"message":{{}},"code":"c"}}}}"#);
        assert_eq!(says(&content), (some("c"), None, None), "{content}");
        let content = format!(r#"{{"error":{value},"more":{value}}}"#);
        assert_eq!(parse(&content), GraphError::empty(), "{content}");
        assert_eq!(parse(value), GraphError::empty(), "{value}");
    }
    let deep = r#"{"error":{"innerError":{"code":"a","innerError":{"code":{}}},"code":"b"}}"#;
    assert_eq!(says(deep), (some("b"), some("a"), None));
}

#[test]
fn of_a_repeated_member_the_last_counts() {
    assert_eq!(says(r#"{"error":{"code":"a","code":"b"}}"#), (some("b"), None, None));
    assert_eq!(says(r#"{"error":{"code":"a"},"error":{"message":"m"}}"#), (some("a"), None, some("m")));
}

#[test]
fn the_case_of_the_first_letter_does_not_matter() {
    let capital = r#"{"Error":{"Code":"a","Message":"m","InnerError":{"Code":"b"}}}"#;
    assert_eq!(says(capital), (some("a"), some("b"), some("m")));
    assert_eq!(says(r#"{"ERROR":{"CODE":"a"},"error":{"CODE":"a"}}"#), (None, None, None));
}

#[test]
fn what_stands_before_a_fault_is_read() {
    for (content, offset, code) in [
        (r#"{"error":{"code":"c","message":"m"#, 33, Some("c")),
        (r#"{"error":{"code":"c","message":nil"#, 32, Some("c")),
        (r#"{"error":{"code":"c"}},"#, 22, Some("c")),
        (r#"{"error":{"code":"c"#, 19, None),
        (r#"{"error":{"code":"c\x"}}"#, 20, None),
        (r#"{"error":{"code":404x}}"#, 20, None),
        (r#"{"error":{"code":"a","code":"b"#, 30, None),
        ("", 0, None),
        ("<html>", 0, None),
    ] {
        let mut error: GraphError = GraphError::empty();
        let fault = error.parse_into(content.as_bytes()).unwrap_err();
        assert_eq!(fault.offset, offset, "{content}");
        assert_eq!((error.code.as_str(), error.message.as_str()), (code, None), "{content}");
        assert_eq!(GraphError::parse(content.as_bytes()), Err(fault));
    }
    for prefix in splits::proper_prefixes(COMMS_400.as_bytes()) {
        assert_eq!(GraphError::parse(prefix).unwrap_err().fault, Fault::Truncated);
    }
}

#[test]
fn an_error_is_parsed_into_again_and_again() {
    let mut error =
        parse(r#"{"error":{"innerError":{"innerError":{"code":"deep","date":"d"}},"message":"m"}}"#);
    error.parse_into(br#"{"error":{"innerError":{"code":"shallow"}}}"#).unwrap();
    assert_eq!(error, parse(r#"{"error":{"innerError":{"code":"shallow"}}}"#));
    assert!(error.parse_into(b"{").is_err());
    assert_eq!(error, GraphError::empty());
}
