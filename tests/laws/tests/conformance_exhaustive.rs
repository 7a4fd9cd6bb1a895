//! Not vectors that somebody thought of, but all there are of a kind, with the verdict of `serde_json`: every byte at
//! every place of some documents, every short row of tokens, every short row of what numbers are made of.

use graph_call_laws::laws::lex;
use serde_json::Value;

/// Panics unless `serde_json` says the same of the text; says whether it is one.
fn agrees(text: &[u8]) -> bool {
    let ours = lex([text]).end;
    let theirs = match serde_json::from_slice::<Value>(text) {
        // There a number has to fit a double.
        Err(error) => error.to_string().starts_with("number out of range"),
        Ok(_) => true,
    };
    assert_eq!(ours.is_ok(), theirs, "{}: {ours:?}", text.escape_ascii());
    theirs
}

#[test]
fn every_byte_at_every_place() {
    let documents = [
        r#"{"id":"1","a":[1,-2.5e+3,true,null]}"#,
        "[\"\\u0041\\ud83d\\ude00\\n\u{e9}\u{20ac}\u{1f600}\",{}]",
        "-12.5E-10",
        " {\"a\" : [ ] ,\r\n\t\"b\":false}\n",
        r#""a longer string, whose words are looked at together""#,
    ];
    let mut sound = 0;
    for document in documents.map(str::as_bytes) {
        for at in 0..=document.len() {
            let (before, after) = document.split_at(at);
            agrees(before);
            for byte in 0..=u8::MAX {
                sound += usize::from(agrees(&[before, &[byte], after].concat()));
                if let Some((_, after)) = after.split_first() {
                    sound += usize::from(agrees(&[before, &[byte], after].concat()));
                }
            }
            if let Some((first, after)) = after.split_first() {
                agrees(&[before, after].concat());
                if let Some((second, after)) = after.split_first() {
                    agrees(&[before, &[*second, *first], after].concat());
                }
            }
        }
    }
    assert!(sound > 5_000, "{sound} of them are JSON");
}

/// Every row of up to `longest` of these parts.
fn rows(parts: &[&str], longest: usize, check: &mut impl FnMut(&[u8])) {
    let mut rows = vec![Vec::new()];
    for _ in 0..longest {
        let mut longer = Vec::with_capacity(rows.len() * parts.len());
        for row in &rows {
            for part in parts {
                let row = [row, part.as_bytes()].concat();
                check(&row);
                longer.push(row);
            }
        }
        rows = longer;
    }
}

#[test]
fn every_short_row_of_tokens() {
    let mut sound = 0;
    rows(&["[", "]", "{", "}", ",", ":", "\"\"", "0"], 5, &mut |row| sound += usize::from(agrees(row)));
    // The two scalars, [] and {}; each of these four in an array; each scalar in two; two scalars in an array (four
    // ways), one in an object (two ways).
    assert_eq!(sound, 4 + 4 + 2 + 4 + 2);
}

#[test]
fn every_short_row_of_what_numbers_are_made_of() {
    let mut sound = 0;
    rows(&["0", "1", "-", "+", ".", "e"], 6, &mut |row| sound += usize::from(agrees(row)));
    // As many as match -?(0|1[01]*)(\.[01]+)?(e[+-]?[01]+)?
    assert_eq!(sound, 648);
}
