//! Laws of the lexer.

use graph_call::json::{Fault, LexError, Lexer, Piece, Token};
use serde_json::{Map, Value};

use crate::oracle::{is_out_of_range, without_lone_surrogates};
use crate::splits;

/// A token with its pieces joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// `{`, `}`, `[` or `]`.
    Bracket(char),
    /// The name of a member.
    Name(String),
    /// A string.
    String(String),
    /// A number as written.
    Number(String),
    /// `true`, `false` or `null`.
    Literal(&'static str),
}

/// What became of a document: the tokens before its end, and its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lexed {
    /// The complete tokens.
    pub words: Vec<Word>,
    /// How it ended.
    pub end: Result<(), LexError>,
}

/// Runs the lexer over `pieces`, one after the other.
pub fn lex<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Lexed {
    lex_with(Lexer::new(), pieces)
}

/// Runs a lexer of its own options over `pieces`, one after the other.
fn lex_with<'a>(mut lexer: Lexer, pieces: impl IntoIterator<Item = &'a [u8]>) -> Lexed {
    let mut words = Vec::new();
    let mut open = Vec::new();
    for piece in pieces {
        let mut input = piece;
        loop {
            let before = input.len();
            match lexer.next(&mut input) {
                Ok(Some(token)) => {
                    if let Some(word) = join(token, &mut open) {
                        words.push(word);
                    }
                }
                Ok(None) => {
                    assert!(input.is_empty(), "None means that the piece is used up");
                    break;
                }
                Err(error) => {
                    let again = lexer.next(&mut &b"null"[..]).err();
                    assert_eq!(again, Some(error), "a failed lexer stays failed");
                    assert_eq!(lexer.finish(), Err(error), "a failed lexer stays failed");
                    return Lexed { words, end: Err(error) };
                }
            }
            assert!(input.len() <= before, "input only moves forward");
        }
    }
    let end = lexer.finish();
    if end.is_ok() && !open.is_empty() {
        // A number that is the whole document ends with it.
        words.push(Word::Number(utf8(core::mem::take(&mut open))));
    }
    Lexed { words, end }
}

fn join(token: Token<'_>, open: &mut Vec<u8>) -> Option<Word> {
    let mut whole = |piece: Piece<'_>| {
        assert!(piece.last || !piece.bytes.is_empty(), "only a last piece may be empty");
        assert!(core::str::from_utf8(piece.bytes).is_ok(), "every piece is whole characters");
        open.extend(piece.bytes);
        piece.last.then(|| utf8(core::mem::take(open)))
    };
    Some(match token {
        Token::ObjectStart => Word::Bracket('{'),
        Token::ObjectEnd => Word::Bracket('}'),
        Token::ArrayStart => Word::Bracket('['),
        Token::ArrayEnd => Word::Bracket(']'),
        Token::Name(piece) => Word::Name(whole(piece)?),
        Token::String(piece) => Word::String(whole(piece)?),
        Token::Number(piece) => Word::Number(whole(piece)?),
        Token::True => Word::Literal("true"),
        Token::False => Word::Literal("false"),
        Token::Null => Word::Literal("null"),
    })
}

fn utf8(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("tokens are UTF-8")
}

/// The value that the words of an accepted document build, or `None` if a number is beyond `serde_json`.
pub fn value(words: &[Word]) -> Option<Value> {
    let mut words = words.iter();
    let value = build(words.next()?, &mut words)?;
    assert_eq!(words.next(), None, "one document, one value");
    Some(value)
}

fn build<'w>(word: &Word, words: &mut impl Iterator<Item = &'w Word>) -> Option<Value> {
    Some(match word {
        Word::Bracket('[') => {
            let mut elements = Vec::new();
            loop {
                match words.next()? {
                    Word::Bracket(']') => break Value::Array(elements),
                    word => elements.push(build(word, words)?),
                }
            }
        }
        Word::Bracket('{') => {
            let mut members = Map::new();
            loop {
                match words.next()? {
                    Word::Bracket('}') => break Value::Object(members),
                    Word::Name(name) => {
                        let word = words.next()?;
                        members.insert(name.clone(), build(word, words)?);
                    }
                    word => panic!("{word:?} where a name or the end of the object must stand"),
                }
            }
        }
        Word::String(text) => Value::String(text.clone()),
        Word::Number(text) => serde_json::from_str(text).ok()?,
        Word::Literal("true") => Value::Bool(true),
        Word::Literal("false") => Value::Bool(false),
        Word::Literal(_) => Value::Null,
        word => panic!("{word:?} where a value must stand"),
    })
}

/// Any bytes, under any split: the same tokens and the same end, an error where the document stops being one,
/// and the verdict and the values of `serde_json`.
pub fn lexer(document: &[u8]) {
    let whole = lex([document]);
    assert_eq!(lex(splits::by_byte(document)), whole, "byte by byte");
    for length in [2, 3, 5, 8, 13] {
        assert_eq!(lex(document.chunks(length)), whole, "in pieces of {length}");
    }
    if document.len() <= 64 {
        for pieces in splits::in_two(document) {
            assert_eq!(lex(pieces), whole, "cut at {}", pieces[0].len());
        }
    }
    match whole.end {
        Ok(()) => ends_once(document),
        Err(error) => shows_where(document, error),
    }
    agrees(document, &whole);
    replaces(document, &whole);
}

/// With U+FFFD for each half of a surrogate pair the text is the one that has U+FFFD there; nothing else is accepted.
fn replaces(document: &[u8], strict: &Lexed) {
    let lenient = Lexer::new().lone_surrogates(true);
    let whole = lex_with(lenient.clone(), [document]);
    assert_eq!(lex_with(lenient.clone(), splits::by_byte(document)), whole, "byte by byte");
    assert_eq!(lex_with(lenient, document.chunks(5)), whole, "in pieces of 5");
    if strict.end.err().is_none_or(|error| error.fault != Fault::UnpairedSurrogate) {
        assert_eq!(whole, *strict, "the option mends nothing but halves of pairs");
    } else if whole.end.is_ok() {
        assert_eq!(lex([&without_lone_surrogates(document)[..]]), whole);
    }
}

/// No proper prefix of an accepted document is one, but for white space and digits at its end.
fn ends_once(document: &[u8]) {
    let text = document.trim_ascii_end();
    if text.last().is_some_and(u8::is_ascii_digit) && !text.contains(&b'"') {
        return;
    }
    for prefix in splits::proper_prefixes(text).step_by(1 + text.len() / 256) {
        let end = lex([prefix]).end;
        assert_eq!(end, Err(LexError { fault: Fault::Truncated, offset: prefix.len() }), "{prefix:?}");
    }
}

/// The offset of an error is that of the first byte after which nothing can make the document whole.
fn shows_where(document: &[u8], error: LexError) {
    let LexError { fault, offset } = error;
    match fault {
        Fault::Truncated => assert_eq!(offset, document.len()),
        // The comma is shown, though only the bracket after it makes it wrong.
        Fault::TrailingComma => assert_eq!(document[offset], b','),
        _ => {
            assert_eq!(lex([&document[..=offset]]).end, Err(error), "the byte shown suffices");
            match lex([&document[..offset]]).end {
                Ok(()) => {}
                Err(before) => assert_eq!(before, LexError { fault: Fault::Truncated, offset }),
            }
        }
    }
}

/// `serde_json` says the same, but for what one of the two does not undertake.
fn agrees(document: &[u8], whole: &Lexed) {
    match (serde_json::from_slice::<Value>(document), whole.end) {
        (Ok(theirs), Ok(())) => {
            let ours = value(&whole.words);
            assert!(ours.is_none_or(|ours| ours == theirs), "the values differ");
        }
        // What is said to end too early must be good as far as it goes.
        (Err(theirs), Err(LexError { fault: Fault::Truncated, .. })) => {
            assert!(theirs.is_eof() || is_out_of_range(&theirs), "serde_json refuses: {theirs}");
        }
        (Err(_), Err(_)) => {}
        // Our depth is bounded on purpose, theirs too, and farther.
        (Ok(_), Err(error)) => assert_eq!(error.fault, Fault::TooDeep, "serde_json accepts"),
        // A number too large for a double is still a number.
        (Err(theirs), Ok(())) => assert!(is_out_of_range(&theirs), "serde_json refuses: {theirs}"),
    }
}
