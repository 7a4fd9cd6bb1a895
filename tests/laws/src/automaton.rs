//! Grammars as automata written as data, and walks of the library beside them.
//!
//! What reads a byte at a time is a finite machine but for what it counts. A walk goes through every pair of states that
//! the library and the automaton can be in together, and in each tries all 256 bytes: both must give the same, the same
//! fault at the same byte, and say the same of an input that ends there. Which pairs count as the same, and what that
//! leaves out, each grammar says for itself.

pub mod chunks;
pub mod json;

use core::ops::RangeInclusive;
use std::collections::HashMap;

/// From which state, on which bytes, what is done, and in which state that ends. The first row that fits counts.
pub type Rule<D> = (&'static str, &'static [RangeInclusive<u8>], D, &'static str);

/// What a walk has gone through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Walked {
    /// Pairs of states.
    pub pairs: usize,
    /// Bytes that were tried in them.
    pub bytes: usize,
    /// Pairs of bytes that were handed over at once, and one by one.
    pub splits: usize,
}

const ANY: &[RangeInclusive<u8>] = &[0..=255];

const fn one(byte: u8) -> RangeInclusive<u8> {
    byte..=byte
}

/// What the first rule that fits does, and where it leads.
fn rule<D: Copy>(rules: &[Rule<D>], state: &str, byte: u8) -> Option<(D, &'static str)> {
    let fits = |rule: &&Rule<D>| rule.0 == state && rule.1.iter().any(|range| range.contains(&byte));
    rules.iter().find(fits).map(|&(_, _, does, to)| (does, to))
}

/// One byte of each kind that the rules tell apart.
pub fn kinds_of_bytes<D>(rules: &[Rule<D>]) -> Vec<u8> {
    let fits = |byte: u8| -> Vec<bool> {
        rules.iter().map(|rule| rule.1.iter().any(|range| range.contains(&byte))).collect()
    };
    let kinds: HashMap<Vec<bool>, u8> = (0..=u8::MAX).map(|byte| (fits(byte), byte)).collect();
    kinds.into_values().collect()
}

/// The number that a member has in the text that `Debug` writes.
fn number(text: &str, member: &str) -> usize {
    let after = text.split(member).nth(1).expect("a member");
    let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().expect("a number")
}

/// Takes the value of a member out of the text that `Debug` writes.
fn leave_out(text: &mut String, member: &str) {
    let at = text.find(member).expect("a member") + member.len();
    let ends: &[char] = if member.ends_with('[') { &[']'] } else { &[',', ' '] };
    let length = text[at..].find(ends).expect("its end");
    text.replace_range(at..at + length, "");
}
