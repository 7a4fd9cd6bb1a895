//! The members that the model does not know, handed out as they come.

use graph_call::ParseOptions;
use graph_call::json::Fault;
use graph_call_laws::laws::{Found, unknown, unknown_of_any};
use graph_call_laws::splits;

/// The members that are found, whatever the pieces.
fn found(body: &str) -> Vec<(String, String, String)> {
    let whole = unknown(ParseOptions::new(), [body.as_bytes()]);
    for pieces in splits::in_two(body.as_bytes()) {
        assert_eq!(unknown(ParseOptions::new(), pieces), whole, "{body} as {pieces:?}");
    }
    assert_eq!(unknown(ParseOptions::new(), splits::by_byte(body.as_bytes())), whole, "{body} by bytes");
    assert_eq!(whole.end, Ok(()), "{body}");
    unknown_of_any(body.as_bytes());
    whole.members
}

fn strangers(expected: &[(&str, &str, &str)]) -> Vec<(String, String, String)> {
    expected.iter().map(|(path, name, value)| ((*path).into(), (*name).into(), (*value).into())).collect()
}

#[test]
fn each_stranger_is_told_with_its_path_and_as_it_is_written() {
    let body = r#"{ "mood" : { "is": [1, "\u0061"] } ,"state":"hold","pi":3.140,"on":true ,
        "source":{"identity":{"user":{"id":"1","x":null},"spaceShip":{"id":"2"}},"y" : "z"},
        "targets":[{"a":[]},null,{"hidden":true,"b":-0}],"requestedModalities":["audio"],"end":"e"}"#;
    let expected = strangers(&[
        ("", "mood", r#"{ "is": [1, "\u0061"] }"#),
        ("", "pi", "3.140"),
        ("", "on", "true"),
        ("source.identity.user", "x", "null"),
        ("source.identity", "spaceShip", r#"{"id":"2"}"#),
        ("source", "y", r#""z""#),
        ("targets[0]", "a", "[]"),
        ("targets[1]", "b", "-0"),
        ("", "end", r#""e""#),
    ]);
    assert_eq!(found(body), expected);
}

#[test]
fn what_is_known_is_no_stranger() {
    let body = r##"{"@odata.type":"#microsoft.graph.call","@odata.context":"c","participants@odata.count":1,
        "participants@odata.nextLink":"n","participants":[{"info":{"@odata.type":"i"}}],"resultInfo":{"subCode":1},
        "operations":[{"@odata.type":"o","participants":["p"]}],"contentSharingSessions":[{"pngOfCurrentSlide":{"x":1}}]}"##;
    let expected =
        strangers(&[("", "@odata.context", r#""c""#), ("participants[0].info", "@odata.type", r#""i""#)]);
    assert_eq!(found(body), expected);
    for body in ["{}", "[{\"x\":1}]", "7", "\"x\"", r#"{"id":{"x":1},"state":[{"y":2}]}"#] {
        assert_eq!(unknown(ParseOptions::new(), [body.as_bytes()]).members, [], "{body}");
    }
}

/// A name of any length, with escapes anywhere: whole, and never taken for one that is known.
#[test]
fn names_are_whole_however_long() {
    for length in [1, 30, 47, 48, 49, 50, 51, 62, 63, 64, 65, 66, 130, 1000] {
        for (letter, spelt) in
            [("a", "a"), ("\u{20ac}", "\\u20ac"), ("\u{1f600}", "\u{1f600}"), ("b", "\\u0062")]
        {
            let (name, spelt) = (letter.repeat(length), spelt.repeat(length));
            let body = format!("{{\"{spelt}\":1,\"id\":\"{spelt}\",\"source\":{{\"{spelt}\":[]}}}}");
            assert_eq!(found(&body), strangers(&[("", &name, "1"), ("source", &name, "[]")]), "{body}");
        }
    }
    assert_eq!(found(r#"{"st\u0061te":"hold","\u0073tates":0}"#), strangers(&[("", "states", "0")]));
    // Half of a surrogate pair is passed over, and no name that is known has one.
    assert_eq!(found(r#"{"st\ud800ate":"\ud800"}"#), strangers(&[("", "st\u{fffd}ate", r#""\ud800""#)]));
}

#[test]
fn the_grammar_is_judged_as_anywhere() {
    let fault = |body: &str, options| unknown(options, [body.as_bytes()]).end.map_err(|error| error.fault);
    let strict = ParseOptions::new();
    assert_eq!(fault(r#"{"x":1,}"#, strict), Err(Fault::TrailingComma));
    assert_eq!(fault(r#"{"x":1,}"#, strict.trailing_commas(true)), Ok(()));
    assert_eq!(fault(r#"{"x":[1"#, strict), Err(Fault::Truncated));
    assert_eq!(fault(r#"{"x":01}"#, strict), Err(Fault::InvalidNumber));
    // What was told to its end before is told.
    let Found { members, end } = unknown(strict, [&br#"{"x":1,"y":tru}"#[..]]);
    assert_eq!((members, end.is_err()), (strangers(&[("", "x", "1")]), true));
}
