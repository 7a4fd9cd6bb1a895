//! What a lexer and a binder say of themselves.

use graph_call::json::{Fault, LexError, Lexer, Token};
use graph_call::{Call, Parser};

#[test]
fn a_lexer_knows_how_far_and_how_deep_it_is() {
    let mut lexer = Lexer::new();
    let mut input: &[u8] = br#" {"a" : [ 12,true ] } "#;
    assert_eq!((lexer.offset(), lexer.token_start(), lexer.depth()), (0, 0, 0));
    let mut seen = Vec::new();
    while let Some(token) = lexer.next(&mut input).expect("JSON") {
        let opens = matches!(token, Token::ObjectStart | Token::ArrayStart);
        seen.push((opens, lexer.token_start(), lexer.offset(), lexer.depth()));
    }
    assert_eq!(
        seen,
        [
            (true, 1, 2, 1),
            (false, 2, 5, 1),
            (true, 8, 9, 2),
            (false, 10, 12, 2),
            (false, 13, 17, 2),
            (false, 18, 19, 1),
            (false, 20, 21, 0),
        ]
    );
    assert_eq!((lexer.finish(), lexer.offset()), (Ok(()), 22));
}

#[test]
fn a_fault_says_what_and_where() {
    let mut lexer = Lexer::new();
    let mut input: &[u8] = b"[1,,2]";
    let error = loop {
        match lexer.next(&mut input) {
            Ok(token) => assert!(token.is_some()),
            Err(error) => break error,
        }
    };
    assert_eq!((error, lexer.offset()), (LexError { fault: Fault::ExpectedValue, offset: 3 }, 3));
    assert_eq!(error.to_string(), "the body is not JSON: a value must stand here (byte 3)");
}

#[test]
fn a_binder_shows_where_it_stands_and_nothing_of_the_body() {
    let mut call = Call::new();
    let mut parser = Parser::new();
    parser.feed(&mut call, br#"{"meetingInfo":{"token":"canary"#).expect("the beginning of a call");
    assert_eq!(format!("{parser:?}"), "Parser { offset: 31, depth: 2, is_failed: false, .. }");
    parser.feed(&mut call, b"\n").expect_err("a control character");
    assert_eq!(format!("{parser:?}"), "Parser { offset: 32, depth: 2, is_failed: true, .. }");
}
