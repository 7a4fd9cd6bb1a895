//! The framing beside the chunks of RFC 9112, section 7.1.
//!
//! The framing counts: the size of a chunk, its digits, what was skipped, and what content may still come. Two pairs of
//! states count as the same if the automaton and the framing expect the same and each count is of the same kind: none,
//! one, many, and each at the edge of what is allowed. What that leaves out, sums of many chunks, is for the law of framings
//! and its fuzz target.

use core::ops::RangeInclusive;

use graph_call::http::framing::{CHUNK_EXTENSION_BYTES_MAX, Item, TRAILER_BYTES_MAX};
use graph_call::http::{End, ErrorKind, Framing, HeadParser, Limits, head};

use super::{ANY, Beside, CONTROL, CR, LF, SPACE, TOKEN, Walked, leave_out, one, rule, walk_from};

type Rule = super::Rule<Does>;

/// What a rule does beside going to a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    /// Nothing.
    Skip,
    /// Counts so many bytes as skipped.
    Count(usize),
    /// Takes a digit of the size.
    Digit,
    /// Begins the chunk, or the trailer section behind the last one.
    Begin,
    /// A byte of content.
    Content,
    /// The message body is over.
    End,
    /// The body is wrong here.
    Fails(ErrorKind),
}

/// What comes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A byte of content.
    Content(u8),
    /// The end of the body.
    End,
    /// What is wrong, and at which byte.
    Fault(ErrorKind, usize),
}

use Does::{Begin, Content, Count, Digit, Fails, Skip};

const HEX: &[RangeInclusive<u8>] = &[b'0'..=b'9', b'a'..=b'f', b'A'..=b'F'];

/// `chunked-body = *chunk last-chunk trailer-section CRLF`, and what is refused for what reason.
pub const RULES: &[Rule] = &[
    // chunk = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
    // chunk-size = 1*HEXDIG
    ("size", HEX, Digit, "digits"),
    ("size", ANY, Fails(ErrorKind::InvalidChunkSize), ""),
    ("digits", HEX, Digit, "digits"),
    ("digits", CR, Skip, "size-lf"),
    ("digits", &[one(b';')], Count(1), "extension"),
    ("digits", SPACE, Count(1), "space"),
    ("digits", ANY, Fails(ErrorKind::InvalidChunkSize), ""),
    // chunk-ext = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )
    ("space", CR, Skip, "size-lf"),
    ("space", &[one(b';')], Count(1), "extension"),
    ("space", SPACE, Count(1), "space"),
    ("space", ANY, Fails(ErrorKind::InvalidChunkSize), ""),
    ("extension", CR, Skip, "size-lf"),
    ("extension", LF, Fails(ErrorKind::BareLf), ""),
    ("extension", CONTROL, Fails(ErrorKind::ControlCharacter), ""),
    ("extension", ANY, Count(1), "extension"),
    ("size-lf", LF, Begin, ""),
    ("size-lf", ANY, Fails(ErrorKind::BareCr), ""),
    ("chunk", ANY, Content, "chunk"),
    ("chunk-cr", CR, Skip, "chunk-lf"),
    ("chunk-cr", ANY, Fails(ErrorKind::InvalidChunkEnd), ""),
    ("chunk-lf", LF, Skip, "size"),
    ("chunk-lf", ANY, Fails(ErrorKind::InvalidChunkEnd), ""),
    // trailer-section = *( field-line CRLF )
    ("first-line", CR, Skip, "last-lf"),
    ("first-line", LF, Fails(ErrorKind::BareLf), ""),
    ("first-line", CONTROL, Fails(ErrorKind::ControlCharacter), ""),
    ("first-line", TOKEN, Count(1), "name"),
    ("first-line", ANY, Fails(ErrorKind::InvalidFieldName), ""),
    ("next-line", CR, Skip, "last-lf"),
    ("next-line", LF, Fails(ErrorKind::BareLf), ""),
    ("next-line", CONTROL, Fails(ErrorKind::ControlCharacter), ""),
    ("next-line", TOKEN, Count(1), "name"),
    // obs-fold = OWS CRLF RWS
    ("next-line", SPACE, Count(1), "value"),
    ("next-line", ANY, Fails(ErrorKind::InvalidFieldName), ""),
    // field-line = field-name ":" OWS field-value OWS
    ("name", CR, Skip, "name-lf"),
    ("name", LF, Fails(ErrorKind::BareLf), ""),
    ("name", CONTROL, Fails(ErrorKind::ControlCharacter), ""),
    ("name", TOKEN, Count(1), "name"),
    ("name", &[one(b':')], Count(1), "value"),
    ("name", ANY, Fails(ErrorKind::InvalidFieldName), ""),
    ("name-lf", LF, Fails(ErrorKind::InvalidFieldName), ""),
    ("name-lf", ANY, Fails(ErrorKind::BareCr), ""),
    ("value", CR, Skip, "value-lf"),
    ("value", LF, Fails(ErrorKind::BareLf), ""),
    ("value", CONTROL, Fails(ErrorKind::ControlCharacter), ""),
    ("value", ANY, Count(1), "value"),
    ("value-lf", LF, Count(2), "next-line"),
    ("value-lf", ANY, Fails(ErrorKind::BareCr), ""),
    ("last-lf", LF, Does::End, ""),
    ("last-lf", ANY, Fails(ErrorKind::BareCr), ""),
];

/// The content that is allowed in all.
const CONTENT_MAX: usize = 300;

/// The digits that a size may have.
const DIGITS_MAX: usize = 255;

/// The largest size that takes another digit, whatever is allowed: no chunk has 4 GiB.
const SIZE_MAX: usize = 0x0fff_ffff;

/// The automaton at work.
#[derive(Clone, Debug)]
struct Reference {
    state: &'static str,
    at: usize,
    size: usize,
    digits: usize,
    skipped: usize,
    allowed: usize,
}

impl Reference {
    /// Takes a byte; gives what comes out of it.
    fn take(&mut self, rules: &[Rule], byte: u8) -> Option<Event> {
        let Some((does, to)) = rule(rules, self.state, byte) else {
            self.at += 1;
            return None;
        };
        let mut fault = None;
        let mut next = to;
        match does {
            Skip | Does::End => {}
            Content => {
                self.size -= 1;
                if self.size == 0 && to == "chunk" {
                    next = "chunk-cr";
                }
            }
            Count(bytes) => {
                self.skipped += bytes;
                fault = match to {
                    "extension" | "space" if self.skipped > usize::from(CHUNK_EXTENSION_BYTES_MAX) => {
                        Some(ErrorKind::ChunkExtensionsTooLong)
                    }
                    _ if self.skipped > usize::from(TRAILER_BYTES_MAX) => Some(ErrorKind::TrailerTooLong),
                    _ => None,
                };
            }
            Digit if self.digits == DIGITS_MAX => fault = Some(ErrorKind::InvalidChunkSize),
            Digit if self.size > SIZE_MAX => fault = Some(ErrorKind::ContentTooLarge),
            Digit => {
                let digit = char::from(byte).to_digit(16).unwrap_or_default();
                self.size = self.size * 16 + digit as usize;
                self.digits += 1;
            }
            Begin if self.size == 0 => {
                self.skipped = 0;
                next = "first-line";
            }
            Begin if self.size > self.allowed => fault = Some(ErrorKind::ContentTooLarge),
            Begin => {
                self.allowed -= self.size;
                self.digits = 0;
                next = "chunk";
            }
            Fails(kind) => fault = Some(kind),
        }
        if let Some(kind) = fault {
            return Some(Event::Fault(kind, self.at));
        }
        self.at += 1;
        self.state = next;
        match does {
            Content => Some(Event::Content(byte)),
            Does::End => Some(Event::End),
            _ => None,
        }
    }
}

/// What a framing makes of a piece, one byte at a time.
pub fn read(framing: &mut Framing, mut piece: &[u8]) -> Vec<Event> {
    let mut events = Vec::new();
    loop {
        match framing.next(&mut piece) {
            Ok(None) => return events,
            Ok(Some(Item::Content(content))) => events.extend(content.iter().copied().map(Event::Content)),
            Ok(Some(Item::End)) => {
                events.push(Event::End);
                return events;
            }
            Err(error) => {
                events.push(Event::Fault(error.kind(), error.offset()));
                return events;
            }
        }
    }
}

/// A framing at the start of a chunked body.
pub fn chunked() -> Framing {
    let limits = Limits { content_bytes: CONTENT_MAX, ..Limits::DEFAULT };
    let mut parser = HeadParser::<512>::new();
    let mut input = &b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"[..];
    while parser.next(&mut input).expect("a head") != Some(head::Item::End) {}
    Framing::new(&parser.head().expect("complete"), 0, &limits).expect("nothing is announced")
}

/// A framing and the automaton, after the same bytes.
#[derive(Clone)]
struct Walker<'r> {
    rules: &'r [Rule],
    body: Vec<u8>,
    framing: Framing,
    reference: Reference,
}

impl Beside for Walker<'_> {
    type Key = (String, &'static str, [usize; 4]);

    fn key(&self) -> Self::Key {
        let Reference { state, size, digits, skipped, allowed, .. } = self.reference;
        let kind = |count: usize, edges: &[usize]| match count {
            0..=2 => count,
            _ if edges.iter().any(|edge| count.abs_diff(*edge) <= 2) => count,
            _ => 3,
        };
        let counts = [
            kind(size, &[CONTENT_MAX, SIZE_MAX]),
            kind(digits, &[DIGITS_MAX]),
            kind(skipped, &[CHUNK_EXTENSION_BYTES_MAX.into(), TRAILER_BYTES_MAX.into()]),
            kind(allowed, &[]),
        ];
        let mut framing = format!("{:?}", self.framing);
        for member in ["size_digits: ", "skipped: ", "offset: ", "left: ", "allowed: "] {
            leave_out(&mut framing, member);
        }
        (framing, state, counts)
    }

    fn step(&mut self, byte: u8) -> Result<bool, String> {
        let ours = read(&mut self.framing, &[byte]);
        let theirs: Vec<Event> = self.reference.take(self.rules, byte).into_iter().collect();
        self.body.push(byte);
        let goes_on = !matches!(theirs.last(), Some(Event::Fault(..) | Event::End));
        let is_over = theirs.last() == Some(&Event::End);
        let is_same = ours == theirs
            && (!goes_on || self.framing.offset() == self.reference.at)
            && self.framing.finish(End::Cut).is_ok() == is_over
            && self.framing.is_reusable() == is_over;
        if is_same {
            return Ok(goes_on);
        }
        let body = self.body.escape_ascii();
        Err(format!("after {body}: {ours:?}, the automaton {theirs:?} in {:?}", self.reference))
    }

    fn takes_both(&self, first: u8, second: u8) -> Result<(), String> {
        let mut whole = self.framing.clone();
        let at_once = read(&mut whole, &[first, second]);
        let mut one_by_one = self.framing.clone();
        let mut events = read(&mut one_by_one, &[first]);
        events.extend(read(&mut one_by_one, &[second]));
        if at_once == events && whole.finish(End::Cut) == one_by_one.finish(End::Cut) {
            return Ok(());
        }
        let body = self.body.escape_ascii();
        Err(format!("after {body}, {first:#04x} {second:#04x}: {at_once:?}, one by one {events:?}"))
    }
}

/// Walks the framing through all states: see [`Walked`].
///
/// # Errors
/// The first difference.
pub fn walk(rules: &[Rule], seconds: &[u8]) -> Result<Walked, String> {
    let bodies = [
        String::new(),
        // At the edges of what is counted.
        "0".repeat(DIGITS_MAX - 3),
        format!("{:x}", SIZE_MAX >> 4),
        format!("{:x}", (SIZE_MAX >> 4) + 1),
        format!("{:x}", CONTENT_MAX >> 4),
        format!("1;{}", "x".repeat(usize::from(CHUNK_EXTENSION_BYTES_MAX) - 4)),
        format!("1{}", " ".repeat(usize::from(CHUNK_EXTENSION_BYTES_MAX) - 3)),
        format!("{:x}\r\n{}\r\n", CONTENT_MAX - 2, "x".repeat(CONTENT_MAX - 2)),
        format!("0\r\n{}", "x".repeat(usize::from(TRAILER_BYTES_MAX) - 3)),
        format!("0\r\nx:{}", "x".repeat(usize::from(TRAILER_BYTES_MAX) - 6)),
        format!("0\r\nx:{}\r\n", "x".repeat(usize::from(TRAILER_BYTES_MAX) - 7)),
    ];
    let after = |body: &String| {
        let reference =
            Reference { state: "size", at: 0, size: 0, digits: 0, skipped: 0, allowed: CONTENT_MAX };
        Walker { rules, body: Vec::new(), framing: chunked(), reference }.after(body.as_bytes())
    };
    walk_from(bodies.iter().map(after).collect::<Result<_, _>>()?, seconds)
}
