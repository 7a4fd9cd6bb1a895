//! Grammars as automata written as data, and walks of the library beside them.
//!
//! What reads a byte at a time is a finite machine but for what it counts. A walk goes through every pair of states that
//! the library and the automaton can be in together, and in each tries all 256 bytes: both must give the same, the same
//! fault at the same byte, and say the same of an input that ends there. Which pairs count as the same, and what that
//! leaves out, each grammar says for itself.

pub mod chunks;
pub mod head;
pub mod json;

use core::fmt::Debug;
use core::hash::Hash;
use core::ops::RangeInclusive;
use std::collections::{HashMap, HashSet, VecDeque};

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

const CR: &[RangeInclusive<u8>] = &[one(b'\r')];
const LF: &[RangeInclusive<u8>] = &[one(b'\n')];
/// `OWS = *( SP / HTAB )`
const SPACE: &[RangeInclusive<u8>] = &[one(b' '), one(b'\t')];
/// What no line of HTTP may hold; its end is CR and LF.
const CONTROL: &[RangeInclusive<u8>] = &[0..=0x08, 0x0b..=0x1f, one(0x7f)];
/// `tchar`
const TOKEN: &[RangeInclusive<u8>] = &[
    b'0'..=b'9',
    b'a'..=b'z',
    b'A'..=b'Z',
    one(b'!'),
    b'#'..=b'\'',
    b'*'..=b'+',
    b'-'..=b'.',
    b'^'..=b'`',
    one(b'|'),
    one(b'~'),
];

const fn one(byte: u8) -> RangeInclusive<u8> {
    byte..=byte
}

/// The rules without this one; and, if it leads elsewhere, with it leading back to where it began.
pub fn changed_at<D: Copy>(rules: &[Rule<D>], at: usize) -> Vec<Vec<Rule<D>>> {
    let (from, on, does, to) = rules[at];
    let mut without = rules.to_vec();
    without.remove(at);
    let mut changed = vec![without];
    if !to.is_empty() && to != from {
        let mut back = rules.to_vec();
        back[at] = (from, on, does, from);
        changed.push(back);
    }
    changed
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

/// The library and an automaton after the same bytes.
trait Beside: Clone {
    /// What two pairs have in common that need not be walked twice.
    type Key: Eq + Hash + Debug;

    fn key(&self) -> Self::Key;

    /// Takes a byte; gives whether the text can go on, or how the two differ.
    fn step(&mut self, byte: u8) -> Result<bool, String>;

    /// Takes these bytes, one by one.
    fn after(mut self, bytes: &[u8]) -> Result<Self, String> {
        for byte in bytes {
            if !self.step(*byte)? {
                return Err(format!("{} is refused", bytes.escape_ascii()));
            }
        }
        Ok(self)
    }

    /// Whether the library makes the same of two bytes at once as of one after the other; if not, how they differ.
    fn takes_both(&self, first: u8, second: u8) -> Result<(), String>;
}

/// Walks from these through all pairs, and in each hands over every byte alone, and then with each of these behind it;
/// gives how many there were, or the first difference.
fn walk_from<P: Beside>(starts: Vec<P>, seconds: &[u8]) -> Result<Walked, String> {
    let mut seen: HashSet<P::Key> = starts.iter().map(P::key).collect();
    let mut queue = VecDeque::from(starts);
    let mut walked = Walked::default();
    while let Some(pair) = queue.pop_front() {
        walked.pairs += 1;
        assert!(walked.pairs < 10_000, "not a finite machine: {:?}", pair.key());
        for byte in 0..=u8::MAX {
            let mut next = pair.clone();
            walked.bytes += 1;
            if !next.step(byte)? {
                continue;
            }
            for &second in seconds {
                walked.splits += 1;
                pair.takes_both(byte, second)?;
            }
            if seen.insert(next.key()) {
                queue.push_back(next);
            }
        }
    }
    Ok(walked)
}
