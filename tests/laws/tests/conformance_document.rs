//! Every grammar vector as a whole document: accepted or refused as it must be, under every cut, and with the
//! verdict of `serde_json` wherever the RFC settles the case.

use graph_call_laws::grammar::{self, Case};
use graph_call_laws::laws::{self, Word, lex};
use graph_call_laws::splits;
use serde_json::Value;

/// Runs `check` on every case and names those that fail, all at once.
fn each(check: impl Fn(&Case) -> Result<(), String>) {
    let failed: Vec<String> = grammar::all()
        .filter_map(|case| check(case).err().map(|why| format!("{}: {why}", case.name)))
        .collect();
    assert!(failed.is_empty(), "{} cases:\n{}", failed.len(), failed.join("\n"));
}

#[test]
fn no_fragment_is_there_twice() {
    let mut seen = std::collections::HashSet::new();
    let twice: Vec<_> =
        grammar::all().filter(|case| !seen.insert(case.bytes)).map(|case| case.name).collect();
    assert_eq!(twice, [""; 0]);
}

#[test]
fn each_case_has_its_verdict() {
    each(|case| {
        let end = lex([case.bytes]).end;
        if end.is_ok() == case.is_accepted() { Ok(()) } else { Err(format!("{end:?}")) }
    });
}

#[test]
fn each_string_has_its_characters() {
    each(|case| {
        let Some(text) = case.text else { return Ok(()) };
        let words = lex([case.bytes]).words;
        if words == [Word::String(text.into())] { Ok(()) } else { Err(format!("{words:?}")) }
    });
}

#[test]
fn each_cut_ends_the_same() {
    each(|case| {
        let whole = lex([case.bytes]);
        for pieces in splits::in_two(case.bytes) {
            if lex(pieces) != whole {
                return Err(format!("cut at {}", pieces[0].len()));
            }
        }
        if lex(splits::by_byte(case.bytes)) == whole { Ok(()) } else { Err("byte by byte".into()) }
    });
}

#[test]
fn each_case_obeys_the_laws_of_the_lexer() {
    for case in grammar::all() {
        laws::lexer(case.bytes);
    }
}

#[test]
fn another_strict_parser_agrees_where_the_rfc_decides() {
    each(|case| {
        let theirs = serde_json::from_slice::<Value>(case.bytes).is_ok();
        if !case.is_settled() || theirs == case.is_accepted() {
            Ok(())
        } else {
            Err(format!("serde_json: {theirs}"))
        }
    });
}
