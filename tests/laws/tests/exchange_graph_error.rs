//! What the service says when it refuses, as its documentation and its users report it.

use graph_call::{Culprit, ErrorKind, GraphError};
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
fn members_that_are_missing_or_unknown() {
    assert_eq!(
        says(r#"{"error":{"code":"MailboxInfoStale","message":""}}"#),
        (some("MailboxInfoStale"), None, some(""))
    );
    let more = r#"{"x":[],"error":{"target":"t","details":[{"code":"d","target":"u"}],"code":"c","innerError":{"x":{"code":"y"}}}}"#;
    assert_eq!(says(more), (some("c"), None, None));
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
fn what_is_not_an_error() {
    for (content, kind_is) in [
        ("", ErrorKind::Json(graph_call::json::Fault::Truncated)),
        (r#"{"error":{"code":429}}"#, ErrorKind::WrongType { expected: graph_call::Expected::String }),
        (r#"{"error":[]}"#, ErrorKind::WrongType { expected: graph_call::Expected::Object }),
        (r#"{"error":{"code":"a","code":"b"}}"#, ErrorKind::RepeatedMember),
    ] {
        let error = GraphError::parse(content.as_bytes()).unwrap_err();
        assert_eq!((error.kind(), error.culprit()), (kind_is, Culprit::Peer), "{content}");
    }
    let wrong = GraphError::parse(br#"{"error":{"innerError":{"innerError":{"code":1}}}}"#).unwrap_err();
    assert_eq!(wrong.path().to_string(), "error.innerError.innerError.code");
    for prefix in splits::proper_prefixes(COMMS_400.as_bytes()) {
        assert!(GraphError::parse(prefix).unwrap_err().is_truncated());
    }
}

#[test]
fn an_error_is_parsed_into_again_and_again() {
    let mut error =
        parse(r#"{"error":{"innerError":{"innerError":{"code":"deep","date":"d"}},"message":"m"}}"#);
    error.parse_into(br#"{"error":{"innerError":{"code":"shallow"}}}"#).unwrap();
    assert_eq!(error, parse(r#"{"error":{"innerError":{"code":"shallow"}}}"#));
    assert!(error.parse_into(b"[").is_err());
    assert_eq!(error, GraphError::empty());
}
