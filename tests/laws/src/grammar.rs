//! Grammar vectors: every rule of RFC 8259 kept once and broken once.
//!
//! Each [`Case`] is a fragment meant to stand where one JSON value stands: as a whole document, as a member's
//! value, as an element. The tables are grouped by the rule they are about. Where the RFC leaves a choice, the
//! case says which way this project goes, and why.

mod encoding;
mod number;
mod string;
mod structure;

pub use encoding::ENCODING;
pub use number::NUMBERS;
pub use string::STRINGS;
pub use structure::{LITERALS, STRUCTURE, WHITESPACE};

/// One fragment and what must become of it.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// What the case is about, unique in its table.
    pub name: &'static str,
    /// The fragment.
    pub bytes: &'static [u8],
    /// Whether it is a JSON value.
    pub verdict: Verdict,
    /// For an accepted string: the characters it stands for.
    pub text: Option<&'static str>,
}

/// What the grammar says of a fragment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A JSON value: every parser must take it.
    Accept,
    /// Not a JSON value: every parser must refuse it.
    Reject,
    /// The RFC leaves it open; we take it.
    OursAccepts(&'static str),
    /// The RFC leaves it open, or I-JSON (RFC 7493) narrows it; we refuse it.
    OursRejects(&'static str),
    /// The grammar allows it; we refuse it where it is kept, and pass over it elsewhere.
    OursSkips(&'static str),
}

impl Case {
    /// Whether this project accepts the fragment.
    pub const fn is_accepted(&self) -> bool {
        matches!(self.verdict, Verdict::Accept | Verdict::OursAccepts(_))
    }

    /// Whether this project passes over the fragment where nobody keeps it.
    pub const fn is_skipped(&self) -> bool {
        self.is_accepted() || matches!(self.verdict, Verdict::OursSkips(_))
    }

    /// Whether RFC 8259 alone decides the case, so that any other strict parser must agree.
    pub const fn is_settled(&self) -> bool {
        matches!(self.verdict, Verdict::Accept | Verdict::Reject)
    }
}

/// Every case of every table.
pub fn all() -> impl Iterator<Item = &'static Case> {
    [NUMBERS, STRINGS, ENCODING, LITERALS, WHITESPACE, STRUCTURE].into_iter().flatten()
}

const fn case(name: &'static str, bytes: &'static [u8], verdict: Verdict) -> Case {
    Case { name, bytes, verdict, text: None }
}

const fn accept(name: &'static str, bytes: &'static [u8]) -> Case {
    case(name, bytes, Verdict::Accept)
}

const fn reject(name: &'static str, bytes: &'static [u8]) -> Case {
    case(name, bytes, Verdict::Reject)
}

const fn text(name: &'static str, bytes: &'static [u8], text: &'static str) -> Case {
    Case { name, bytes, verdict: Verdict::Accept, text: Some(text) }
}
