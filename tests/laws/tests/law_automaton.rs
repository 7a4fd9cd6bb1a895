//! The lexer, the framing and the head beside their grammars written as data: all states, all bytes, all characters.

use graph_call::json::Lexer;
use graph_call_laws::automaton::json::{Event, Kind, read, rules, walk, without_half};
use graph_call_laws::automaton::{changed_at, chunks, head, kinds_of_bytes};

/// In every state every byte, and with a byte of every kind behind it at once.
#[test]
fn the_lexer_is_the_grammar() {
    for (trailing_commas, lone_surrogates) in [(false, false), (true, false), (false, true)] {
        let rules = rules(trailing_commas, lone_surrogates);
        let lexer = Lexer::new().trailing_commas(trailing_commas).lone_surrogates(lone_surrogates);
        let walked = walk(&rules, &lexer, &kinds_of_bytes(&rules));
        let walked = walked.unwrap_or_else(|difference| panic!("{difference}"));
        assert_eq!(walked.bytes, walked.pairs * 256);
        assert!(walked.pairs > 6_000 && walked.splits > 6_000_000, "{walked:?}, {} rules", rules.len());
    }
}

/// The walk can fail: it finds every rule that is left out, and every one that leads back where it began.
#[test]
fn a_rule_that_is_changed_is_found() {
    for lone_surrogates in [false, true] {
        let lexer = Lexer::new().lone_surrogates(lone_surrogates);
        let rules = rules(false, lone_surrogates);
        for (at, rule) in rules.iter().enumerate() {
            let (from, _, _, to) = *rule;
            // With the leniency only what it changes has to be found again.
            let is_about_pairs = ["alone", "backslash", "u", "low", "other", "again"]
                .iter()
                .any(|state| from.split('-').next() == Some(state));
            // Without it another first half is as wrong as any other character.
            if (lone_surrogates && !is_about_pairs) || (!lone_surrogates && to.starts_with("again")) {
                continue;
            }
            for changed in changed_at(&rules, at) {
                assert!(walk(&changed, &lexer, &[]).is_err(), "{} rules, changed at {rule:?}", changed.len());
            }
        }
    }
}

/// What a string gives that is read in these pieces.
fn string(pieces: &[&[u8]]) -> Vec<Event> {
    let mut lexer = Lexer::new();
    let mut events = read(&mut lexer, b"\"");
    for piece in pieces {
        events.extend(read(&mut lexer, piece));
    }
    events.extend(read(&mut lexer, b"\""));
    events
}

fn text(text: &str) -> Vec<Event> {
    let bytes = text.bytes().map(|byte| Event::Byte(Kind::String, byte));
    bytes.chain([Event::End(Kind::String)]).collect()
}

#[test]
fn every_character_in_every_two_pieces() {
    for character in '\u{80}'..=char::MAX {
        let mut bytes = [0; 4];
        let written = character.encode_utf8(&mut bytes).as_bytes();
        let expected = text(character.encode_utf8(&mut [0; 4]));
        assert_eq!(string(&[written]), expected, "{character:?}");
        for at in 1..written.len() {
            let (first, second) = written.split_at(at);
            assert_eq!(string(&[first, second]), expected, "{character:?} cut at {at}");
        }
    }
}

#[test]
fn every_escaped_unit_and_every_pair() {
    for unit in 0..=u16::MAX {
        let events = string(&[format!("\\u{unit:04x}").as_bytes()]);
        match char::from_u32(unit.into()) {
            Some(character) => assert_eq!(events, text(character.encode_utf8(&mut [0; 4])), "{unit:04x}"),
            None => assert!(matches!(events.first(), Some(Event::Fault(..))), "{unit:04x}: {events:?}"),
        }
    }
    for character in '\u{10000}'..=char::MAX {
        let mut units = [0; 2];
        character.encode_utf16(&mut units);
        let [high, low] = units;
        let events = string(&[format!("\\u{high:04X}\\u{low:04x}").as_bytes()]);
        assert_eq!(events, text(character.encode_utf8(&mut [0; 4])), "{character:?}");
    }
}

/// A lexer looks at several bytes together where it can: every byte at every place of a long run of letters, of spaces
/// and of digits, as one piece and byte by byte.
#[test]
fn every_byte_in_a_run() {
    for (before, filler, after) in [
        ("\"", b'a', "\""),
        ("\"\u{e9}", b'a', "\""),
        ("[", b' ', "1]"),
        ("[\n", b' ', "1]"),
        ("[1", b'0', "]"),
    ] {
        for at in 0..=33 {
            for byte in 0..=u8::MAX {
                let mut run = vec![filler; 34];
                run[at] = byte;
                let document = [before.as_bytes(), &run, after.as_bytes()].concat();
                let whole = read(&mut Lexer::new(), &document);
                let mut lexer = Lexer::new();
                let mut events = Vec::new();
                for byte in &document {
                    events.extend(read(&mut lexer, &[*byte]));
                    if let Some(Event::Fault(..)) = events.last() {
                        break;
                    }
                }
                assert_eq!(without_half(&whole), without_half(&events), "{}", document.escape_ascii());
            }
        }
    }
}

#[test]
fn the_framing_is_the_grammar_of_chunks() {
    let walked = chunks::walk(chunks::RULES, &kinds_of_bytes(chunks::RULES));
    let walked = walked.unwrap_or_else(|difference| panic!("{difference}"));
    assert_eq!(walked.bytes, walked.pairs * 256);
    assert!(walked.pairs > 1_700 && walked.splits > 800_000, "{walked:?}, {} rules", chunks::RULES.len());
}

#[test]
fn a_rule_of_chunks_that_is_changed_is_found() {
    for (at, rule) in chunks::RULES.iter().enumerate() {
        for changed in changed_at(chunks::RULES, at) {
            assert!(chunks::walk(&changed, &[]).is_err(), "{} rules, changed at {rule:?}", changed.len());
        }
    }
}

#[test]
fn the_head_is_the_grammar() {
    let walked = head::walk(head::RULES, &kinds_of_bytes(head::RULES));
    let walked = walked.unwrap_or_else(|difference| panic!("{difference}"));
    assert_eq!(walked.bytes, walked.pairs * 256);
    assert!(walked.pairs > 8_000 && walked.splits > 14_000_000, "{walked:?}, {} rules", head::RULES.len());
}

#[test]
fn a_rule_of_heads_that_is_changed_is_found() {
    for (at, rule) in head::RULES.iter().enumerate() {
        for changed in changed_at(head::RULES, at) {
            assert!(head::walk(&changed, &[]).is_err(), "{} rules, changed at {rule:?}", changed.len());
        }
    }
}
