//! Nothing that is shown shows a secret: not `Debug`, not an error, not the log of a call.

use graph_call::{ParseOptions, Parser};
use graph_call_laws::laws::{RoomyCall, read};

const SECRETS: [(&str, &str); 4] = [
    ("{\"meetingInfo\":{\"token\":\"", "\"}}"),
    ("{\"meetingInfo\":{\"passcode\":\"", "\"}}"),
    ("{\"mediaConfig\":{\"blob\":\"", "\"}}"),
    ("{\"operations\":[{\"recordingAccessToken\":\"", "\"}]}"),
];

#[test]
fn debug_shows_no_secret() {
    for (before, after) in SECRETS {
        let body = format!("{before}hunter2{after}");
        let reading = read(ParseOptions::new(), [body.as_bytes()]);
        assert_eq!(reading.end, Ok(()), "{body}");
        for shown in [format!("{:?}", reading.call), format!("{:#?}", reading.call)] {
            assert!(!shown.contains("hunter2"), "{shown}");
            assert!(shown.contains("secret"), "that there is one may be seen: {shown}");
        }
    }
}

/// A parser stopped anywhere inside a secret holds a part of it: the part is not shown either.
#[test]
fn a_parser_in_the_middle_shows_no_secret() {
    for (before, after) in SECRETS {
        let body = format!("{before}hunter2{after}");
        for end in 0..body.len() {
            let mut call = Box::new(RoomyCall::empty());
            let mut parser = Parser::new();
            parser.feed(&mut *call, &body.as_bytes()[..end]).expect("a prefix");
            for shown in [format!("{parser:?}"), format!("{call:?}")] {
                assert!(!shown.contains("hunt"), "{shown}");
                // Nor as numbers.
                assert!(!shown.contains("104, 117, 110, 116"), "{shown}");
            }
        }
    }
}

#[test]
fn errors_quote_nothing_of_the_body() {
    for body in [
        "{\"meetingInfo\":{\"token\":\"hunter2",
        "{\"meetingInfo\":{\"token\":\"hunter2\n\"}}",
        "{\"meetingInfo\":{\"token\":{\"hunter2\":1}}}",
        "{\"meetingInfo\":{\"passcode\":\"hunter2\",\"passcode\":\"hunter2\"}}",
        "{\"mediaConfig\":{\"blob\":\"hunter2\\x\"}}",
        "{\"hunter2\":hunter2}",
        "{\"ringingTimeoutInSeconds\":\"hunter2\"}",
        "{\"transcription\":{\"lastModifiedDateTime\":\"hunter2\"}}",
        "{\"meetingInfo\":{\"token\":\"hunter2hunter2hunter2hunter2hunter2hunter2hunter2hunter2hunter2hunter2hunter2hunter2hunter2hunter2hunter2hunter2hunter2hunter2hunter2hunter2\"}}",
    ] {
        let error = read(ParseOptions::new(), [body.as_bytes()]).end.expect_err(body);
        for shown in [error.to_string(), format!("{error:?}"), error.path().to_string()] {
            assert!(!shown.contains("hunter2"), "{shown}");
        }
    }
}

/// One who holds the call and asks for it gets the secret: hiding is for what is shown by accident.
#[test]
fn writing_is_not_showing() {
    let body = br#"{"meetingInfo":{"passcode":"hunter2"}}"#;
    let reading = read(ParseOptions::new(), [&body[..]]);
    let mut output = [0; 256];
    let used = reading.call.write_json(&mut output).expect("there is room");
    assert_eq!(&output[..used], body);
}
