//! The lexer beside RFC 8259.
//!
//! A lexer that reads a byte at a time is a finite machine but for three things: how deep it is, where it is, and which
//! character it is in the middle of. Two pairs of states count as the same if the automaton is in the same state, the lexer
//! expects the same, the depth is of the same kind (none, one, two, many, and each at the edge of a word and of the
//! limit), the two innermost brackets are the same, and what has come of a `\u` escape can become the same halves of a
//! pair. What that leaves out is which character is being read: the tests beside go through all of them.

use core::ops::RangeInclusive;

use graph_call::json::{DEPTH_MAX, Fault, LexError, Lexer, Piece, Token};

use super::{ANY, Beside, Walked, leave_out, number, one, rule, walk_from};

type Rule = super::Rule<Does>;

/// What a rule does beside going to a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    /// Nothing.
    Skip,
    /// Skips a comma, and remembers where it stood.
    Comma,
    /// Begins a number with this byte; it goes on with [`Emit`](Self::Emit).
    Number,
    /// Begins the name of a member.
    Name,
    /// Begins a string.
    Text,
    /// The byte belongs to the token.
    Emit,
    /// It is a part of a character.
    Hold,
    /// It is the last part of one.
    Flush,
    /// It stands for a character, behind a backslash.
    Escaped,
    /// It is a hexadecimal digit.
    Digit,
    /// It is the last one of a character.
    Unit,
    /// It is the last one of the second half of a character.
    Pair,
    /// U+FFFD stands for what was half of a pair.
    Replace,
    /// The same, and the byte is what follows.
    ReplaceAndGoOn,
    /// The same for the first half only; what came behind it is a character, or the first half of another pair.
    ReplaceFirst,
    /// Ends a name, which a colon follows, or a string.
    EndText,
    /// The number is over, and the byte is what follows.
    EndNumber,
    /// Enters an object.
    Object,
    /// Enters an array.
    Array,
    /// Leaves the innermost object or array. The state is where the document, an element or a member is over.
    Close,
    /// The last letter of `true`, `false` or `null`.
    Literal(Event),
    /// The text is wrong here.
    Fails(Fault),
    /// The same, but the fault is the comma before.
    FailsAtComma,
}

/// What comes out, one byte at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// `{`
    ObjectStart,
    /// `}`
    ObjectEnd,
    /// `[`
    ArrayStart,
    /// `]`
    ArrayEnd,
    /// `true`
    True,
    /// `false`
    False,
    /// `null`
    Null,
    /// A byte of a token, escapes decoded.
    Byte(Kind, u8),
    /// The end of a token.
    End(Kind),
    /// What is wrong, and at which byte.
    Fault(Fault, usize),
}

/// The tokens that have bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The name of a member.
    Name,
    /// A string that is a value.
    String,
    /// A number, as written.
    Number,
}

use Does::{
    Array, Close, Comma, Digit, Emit, EndNumber, EndText, Escaped, Fails, FailsAtComma, Flush, Hold, Literal,
    Name, Number, Object, Pair, Replace, ReplaceAndGoOn, ReplaceFirst, Skip, Text, Unit,
};

/// `ws = *( %x20 / %x09 / %x0A / %x0D )`
const WS: &[RangeInclusive<u8>] = &[one(b' '), one(b'\t'), one(b'\n'), one(b'\r')];
const HEX: &[RangeInclusive<u8>] = &[b'0'..=b'9', b'a'..=b'f', b'A'..=b'F'];
const TAIL: &[RangeInclusive<u8>] = &[0x80..=0xbf];
const DIGIT: &[RangeInclusive<u8>] = &[b'0'..=b'9'];
/// What goes on as a number would, and is none.
const LIKE_A_NUMBER: &[RangeInclusive<u8>] =
    &[b'0'..=b'9', b'a'..=b'z', b'A'..=b'Z', one(b'+'), one(b'-'), one(b'.')];

/// How a value begins: `value = false / null / true / object / array / number / string`.
const VALUES: &[(&[RangeInclusive<u8>], Does, &str)] = &[
    (&[one(b'"')], Text, "string"),
    (&[one(b'{')], Object, "first-name"),
    (&[one(b'[')], Array, "first-element"),
    (&[one(b'-')], Number, "minus"),
    (&[one(b'0')], Number, "zero"),
    (&[b'1'..=b'9'], Number, "integer"),
    (&[one(b't')], Skip, "t"),
    (&[one(b'f')], Skip, "f"),
    (&[one(b'n')], Skip, "n"),
];

/// RFC 8259, strictly, but for [`VALUES`]. Where a value is over, the state is `after`, which is `after-document`, `after-element` or
/// `after-member`.
const RULES: &[Rule] = &[
    // array = begin-array [ value *( value-separator value ) ] end-array
    ("value", WS, Skip, "value"),
    ("first-element", WS, Skip, "first-element"),
    ("first-element", &[one(b']')], Close, "after"),
    ("first-element", ANY, Fails(Fault::ExpectedElement), ""),
    ("next-element", WS, Skip, "next-element"),
    ("next-element", &[one(b']')], FailsAtComma, ""),
    ("next-element", ANY, Fails(Fault::ExpectedValue), ""),
    ("value", ANY, Fails(Fault::ExpectedValue), ""),
    ("after-element", WS, Skip, "after-element"),
    ("after-element", &[one(b',')], Comma, "next-element"),
    ("after-element", &[one(b']')], Close, "after"),
    ("after-element", ANY, Fails(Fault::ExpectedComma), ""),
    // object = begin-object [ member *( value-separator member ) ] end-object
    // member = string name-separator value
    ("first-name", WS, Skip, "first-name"),
    ("first-name", &[one(b'"')], Name, "string"),
    ("first-name", &[one(b'}')], Close, "after"),
    ("first-name", ANY, Fails(Fault::ExpectedMember), ""),
    ("next-name", WS, Skip, "next-name"),
    ("next-name", &[one(b'"')], Name, "string"),
    ("next-name", &[one(b'}')], FailsAtComma, ""),
    ("next-name", ANY, Fails(Fault::ExpectedName), ""),
    ("colon", WS, Skip, "colon"),
    ("colon", &[one(b':')], Skip, "value"),
    ("colon", ANY, Fails(Fault::ExpectedColon), ""),
    ("after-member", WS, Skip, "after-member"),
    ("after-member", &[one(b',')], Comma, "next-name"),
    ("after-member", &[one(b'}')], Close, "after"),
    ("after-member", ANY, Fails(Fault::ExpectedComma), ""),
    // JSON-text = ws value ws
    ("after-document", WS, Skip, "after-document"),
    ("after-document", ANY, Fails(Fault::AfterEnd), ""),
    // string = quotation-mark *char quotation-mark
    // unescaped = %x20-21 / %x23-5B / %x5D-10FFFF
    ("string", &[one(b'"')], EndText, "after"),
    ("string", &[one(b'\\')], Skip, "escape"),
    ("string", &[0..=0x1f], Fails(Fault::ControlCharacter), ""),
    ("string", &[0x20..=0x7f], Emit, "string"),
    // UTF8-2 = %xC2-DF UTF8-tail
    ("string", &[0xc2..=0xdf], Hold, "tail-1"),
    // UTF8-3 = %xE0 %xA0-BF UTF8-tail / %xE1-EC 2( UTF8-tail ) / %xED %x80-9F UTF8-tail / %xEE-EF 2( UTF8-tail )
    ("string", &[one(0xe0)], Hold, "e0"),
    ("string", &[0xe1..=0xec, 0xee..=0xef], Hold, "tail-2"),
    ("string", &[one(0xed)], Hold, "ed"),
    // UTF8-4 = %xF0 %x90-BF 2( UTF8-tail ) / %xF1-F3 3( UTF8-tail ) / %xF4 %x80-8F 2( UTF8-tail )
    ("string", &[one(0xf0)], Hold, "f0"),
    ("string", &[0xf1..=0xf3], Hold, "tail-3"),
    ("string", &[one(0xf4)], Hold, "f4"),
    ("string", ANY, Fails(Fault::InvalidUtf8), ""),
    ("e0", &[0xa0..=0xbf], Hold, "tail-1"),
    ("e0", ANY, Fails(Fault::InvalidUtf8), ""),
    ("ed", &[0x80..=0x9f], Hold, "tail-1"),
    ("ed", ANY, Fails(Fault::InvalidUtf8), ""),
    ("f0", &[0x90..=0xbf], Hold, "tail-2"),
    ("f0", ANY, Fails(Fault::InvalidUtf8), ""),
    ("f4", &[0x80..=0x8f], Hold, "tail-2"),
    ("f4", ANY, Fails(Fault::InvalidUtf8), ""),
    ("tail-3", TAIL, Hold, "tail-2"),
    ("tail-3", ANY, Fails(Fault::InvalidUtf8), ""),
    ("tail-2", TAIL, Hold, "tail-1"),
    ("tail-2", ANY, Fails(Fault::InvalidUtf8), ""),
    ("tail-1", TAIL, Flush, "string"),
    ("tail-1", ANY, Fails(Fault::InvalidUtf8), ""),
    // escape ( %x22 / %x5C / %x2F / %x62 / %x66 / %x6E / %x72 / %x74 / %x75 4HEXDIG )
    ("escape", &[one(b'u')], Skip, "unit-1"),
    (
        "escape",
        &[one(b'"'), one(b'\\'), one(b'/'), one(b'b'), one(b'f'), one(b'n'), one(b'r'), one(b't')],
        Escaped,
        "string",
    ),
    ("escape", ANY, Fails(Fault::InvalidEscape), ""),
    // The first half of a pair is D800 to DBFF, the second DC00 to DFFF.
    ("unit-1", &[one(b'd'), one(b'D')], Digit, "unit-2-d"),
    ("unit-1", HEX, Digit, "unit-2"),
    ("unit-1", ANY, Fails(Fault::InvalidHexDigit), ""),
    ("unit-2", HEX, Digit, "unit-3"),
    ("unit-2", ANY, Fails(Fault::InvalidHexDigit), ""),
    ("unit-2-d", &[b'0'..=b'7'], Digit, "unit-3"),
    ("unit-2-d", &[b'8'..=b'9', b'a'..=b'b', b'A'..=b'B'], Digit, "high-3"),
    ("unit-2-d", HEX, Digit, "alone-3"),
    ("unit-2-d", ANY, Fails(Fault::InvalidHexDigit), ""),
    ("unit-3", HEX, Digit, "unit-4"),
    ("unit-3", ANY, Fails(Fault::InvalidHexDigit), ""),
    ("unit-4", HEX, Unit, "string"),
    ("unit-4", ANY, Fails(Fault::InvalidHexDigit), ""),
    ("alone-3", HEX, Digit, "alone-4"),
    ("alone-3", ANY, Fails(Fault::InvalidHexDigit), ""),
    ("alone-4", HEX, Fails(Fault::UnpairedSurrogate), ""),
    ("alone-4", ANY, Fails(Fault::InvalidHexDigit), ""),
    ("high-3", HEX, Digit, "high-4"),
    ("high-3", ANY, Fails(Fault::InvalidHexDigit), ""),
    ("high-4", HEX, Digit, "backslash"),
    ("high-4", ANY, Fails(Fault::InvalidHexDigit), ""),
    ("backslash", &[one(b'\\')], Skip, "u"),
    ("backslash", ANY, Fails(Fault::UnpairedSurrogate), ""),
    ("u", &[one(b'u')], Skip, "low-1"),
    ("u", ANY, Fails(Fault::UnpairedSurrogate), ""),
    // What follows the first half and is no second one: another character, or another first half.
    ("low-1", &[one(b'd'), one(b'D')], Digit, "low-2"),
    ("low-1", HEX, Digit, "other-2"),
    ("low-1", ANY, Fails(Fault::InvalidHexDigit), ""),
    ("low-2", &[b'c'..=b'f', b'C'..=b'F'], Digit, "low-3"),
    ("low-2", &[b'8'..=b'9', b'a'..=b'b', b'A'..=b'B'], Digit, "again-3"),
    ("low-2", HEX, Digit, "other-3"),
    ("low-2", ANY, Fails(Fault::InvalidHexDigit), ""),
    ("low-3", HEX, Digit, "low-4"),
    ("low-3", ANY, Fails(Fault::InvalidHexDigit), ""),
    ("low-4", HEX, Pair, "string"),
    ("low-4", ANY, Fails(Fault::InvalidHexDigit), ""),
    ("other-2", HEX, Digit, "other-3"),
    ("other-2", ANY, Fails(Fault::InvalidHexDigit), ""),
    ("other-3", HEX, Digit, "other-4"),
    ("other-3", ANY, Fails(Fault::InvalidHexDigit), ""),
    ("other-4", HEX, Fails(Fault::UnpairedSurrogate), ""),
    ("other-4", ANY, Fails(Fault::InvalidHexDigit), ""),
    ("again-3", HEX, Digit, "again-4"),
    ("again-3", ANY, Fails(Fault::InvalidHexDigit), ""),
    ("again-4", HEX, Fails(Fault::UnpairedSurrogate), ""),
    ("again-4", ANY, Fails(Fault::InvalidHexDigit), ""),
    // number = [ minus ] int [ frac ] [ exp ]
    // int = zero / ( digit1-9 *DIGIT )
    ("minus", &[one(b'0')], Emit, "zero"),
    ("minus", &[b'1'..=b'9'], Emit, "integer"),
    ("minus", ANY, Fails(Fault::InvalidNumber), ""),
    ("zero", &[one(b'.')], Emit, "point"),
    ("zero", &[one(b'e'), one(b'E')], Emit, "exponent"),
    ("zero", LIKE_A_NUMBER, Fails(Fault::InvalidNumber), ""),
    ("zero", ANY, EndNumber, "after"),
    ("integer", DIGIT, Emit, "integer"),
    ("integer", &[one(b'.')], Emit, "point"),
    ("integer", &[one(b'e'), one(b'E')], Emit, "exponent"),
    ("integer", LIKE_A_NUMBER, Fails(Fault::InvalidNumber), ""),
    ("integer", ANY, EndNumber, "after"),
    // frac = decimal-point 1*DIGIT
    ("point", DIGIT, Emit, "fraction"),
    ("point", ANY, Fails(Fault::InvalidNumber), ""),
    ("fraction", DIGIT, Emit, "fraction"),
    ("fraction", &[one(b'e'), one(b'E')], Emit, "exponent"),
    ("fraction", LIKE_A_NUMBER, Fails(Fault::InvalidNumber), ""),
    ("fraction", ANY, EndNumber, "after"),
    // exp = e [ minus / plus ] 1*DIGIT
    ("exponent", &[one(b'+'), one(b'-')], Emit, "sign"),
    ("exponent", DIGIT, Emit, "power"),
    ("exponent", ANY, Fails(Fault::InvalidNumber), ""),
    ("sign", DIGIT, Emit, "power"),
    ("sign", ANY, Fails(Fault::InvalidNumber), ""),
    ("power", DIGIT, Emit, "power"),
    ("power", LIKE_A_NUMBER, Fails(Fault::InvalidNumber), ""),
    ("power", ANY, EndNumber, "after"),
    // false, null and true, in this writing only
    ("t", &[one(b'r')], Skip, "tr"),
    ("t", ANY, Fails(Fault::InvalidLiteral), ""),
    ("tr", &[one(b'u')], Skip, "tru"),
    ("tr", ANY, Fails(Fault::InvalidLiteral), ""),
    ("tru", &[one(b'e')], Literal(Event::True), "after"),
    ("tru", ANY, Fails(Fault::InvalidLiteral), ""),
    ("f", &[one(b'a')], Skip, "fa"),
    ("f", ANY, Fails(Fault::InvalidLiteral), ""),
    ("fa", &[one(b'l')], Skip, "fal"),
    ("fa", ANY, Fails(Fault::InvalidLiteral), ""),
    ("fal", &[one(b's')], Skip, "fals"),
    ("fal", ANY, Fails(Fault::InvalidLiteral), ""),
    ("fals", &[one(b'e')], Literal(Event::False), "after"),
    ("fals", ANY, Fails(Fault::InvalidLiteral), ""),
    ("n", &[one(b'u')], Skip, "nu"),
    ("n", ANY, Fails(Fault::InvalidLiteral), ""),
    ("nu", &[one(b'l')], Skip, "nul"),
    ("nu", ANY, Fails(Fault::InvalidLiteral), ""),
    ("nul", &[one(b'l')], Literal(Event::Null), "after"),
    ("nul", ANY, Fails(Fault::InvalidLiteral), ""),
];

/// All rules; if asked, with the leniencies that a lexer has: a comma before a bracket that closes, and halves of surrogate
/// pairs, in whose place U+FFFD stands.
pub fn rules(trailing_commas: bool, lone_surrogates: bool) -> Vec<Rule> {
    let begin = |from| VALUES.iter().map(move |&(on, does, to)| (from, on, does, to));
    let values = ["value", "first-element", "next-element"].into_iter().flat_map(begin);
    let others = RULES.iter().map(|rule| match *rule {
        (from, on, FailsAtComma, _) if trailing_commas => (from, on, Close, "after"),
        (from, on, Fails(Fault::UnpairedSurrogate), _) if lone_surrogates => match from {
            "alone-4" => (from, on, Replace, "string"),
            "backslash" => (from, on, ReplaceAndGoOn, "string"),
            "u" => (from, on, ReplaceAndGoOn, "escape"),
            "other-4" => (from, on, ReplaceFirst, "string"),
            _ => (from, on, ReplaceFirst, "backslash"),
        },
        rule => rule,
    });
    values.chain(others).collect()
}

/// The automaton at work.
#[derive(Clone, Debug)]
struct Reference {
    state: &'static str,
    /// Of the open objects and arrays, whether each is an object.
    open: Vec<bool>,
    kind: Kind,
    at: usize,
    comma: usize,
    /// The bytes of a character that is not whole.
    held: Vec<u8>,
    /// The digits of one.
    units: u32,
}

impl Reference {
    fn new() -> Self {
        let (open, held) = (Vec::new(), Vec::new());
        Self { state: "value", open, kind: Kind::Name, at: 0, comma: 0, held, units: 0 }
    }

    /// Takes a byte; gives whether all is well.
    fn take(&mut self, rules: &[Rule], byte: u8, events: &mut Vec<Event>) -> bool {
        let Some((does, to)) = rule(rules, self.state, byte) else {
            self.at += 1;
            return true;
        };
        let fault = match does {
            Fails(fault) => Some((fault, self.at)),
            FailsAtComma => Some((Fault::TrailingComma, self.comma)),
            Object | Array if self.open.len() == usize::from(DEPTH_MAX) => Some((Fault::TooDeep, self.at)),
            _ => None,
        };
        if let Some((fault, at)) = fault {
            events.push(Event::Fault(fault, at));
            return false;
        }
        match does {
            Skip | Fails(_) | FailsAtComma => {}
            Comma => self.comma = self.at,
            Number => {
                self.kind = Kind::Number;
                events.push(Event::Byte(Kind::Number, byte));
            }
            Name => self.kind = Kind::Name,
            Text => self.kind = Kind::String,
            Emit => events.push(Event::Byte(self.kind, byte)),
            Hold => self.held.push(byte),
            Flush => {
                self.held.push(byte);
                events.extend(self.held.drain(..).map(|byte| Event::Byte(self.kind, byte)));
            }
            Escaped => {
                let byte = match byte {
                    b'b' => 8,
                    b'f' => 12,
                    b'n' => 10,
                    b'r' => 13,
                    b't' => 9,
                    itself => itself,
                };
                events.push(Event::Byte(self.kind, byte));
            }
            Digit => self.digit(byte),
            Unit | Pair => {
                self.digit(byte);
                let character = if does == Unit {
                    self.units
                } else {
                    0x1_0000 + ((self.units >> 16 & 0x3ff) << 10) + (self.units & 0x3ff)
                };
                self.units = 0;
                let text = char::from_u32(character).map(String::from).unwrap_or_default();
                events.extend(text.bytes().map(|byte| Event::Byte(self.kind, byte)));
            }
            Replace | ReplaceAndGoOn | ReplaceFirst => {
                events.extend("\u{fffd}".bytes().map(|byte| Event::Byte(self.kind, byte)));
                let held = core::mem::take(&mut self.units);
                if does == ReplaceFirst {
                    self.units = held;
                    self.digit(byte);
                    self.units &= 0xffff;
                    if let Some(character) = char::from_u32(self.units) {
                        self.units = 0;
                        let text = character.to_string();
                        events.extend(text.bytes().map(|byte| Event::Byte(self.kind, byte)));
                    }
                }
            }
            EndText => events.push(Event::End(self.kind)),
            EndNumber => events.push(Event::End(Kind::Number)),
            Object => {
                self.open.push(true);
                events.push(Event::ObjectStart);
            }
            Array => {
                self.open.push(false);
                events.push(Event::ArrayStart);
            }
            Close => match self.open.pop() {
                Some(true) => events.push(Event::ObjectEnd),
                _ => events.push(Event::ArrayEnd),
            },
            Literal(event) => events.push(event),
        }
        self.state = match (to, self.open.last()) {
            ("after", _) if does == EndText && self.kind == Kind::Name => "colon",
            ("after", None) => "after-document",
            ("after", Some(true)) => "after-member",
            ("after", Some(false)) => "after-element",
            (state, _) => state,
        };
        // Rules that were changed for the worse may go nowhere.
        if (does == EndNumber && to == "after")
            || (does == ReplaceAndGoOn && matches!(to, "string" | "escape"))
        {
            return self.take(rules, byte, events);
        }
        self.at += 1;
        true
    }

    fn digit(&mut self, byte: u8) {
        self.units = self.units << 4 | char::from(byte).to_digit(16).unwrap_or_default();
    }

    /// Whether a text that ends here is one.
    fn is_whole(&self) -> bool {
        let ends_number = matches!(self.state, "zero" | "integer" | "fraction" | "power");
        self.state == "after-document" || (ends_number && self.open.is_empty())
    }
}

/// What a lexer makes of a piece, one byte at a time.
pub fn read(lexer: &mut Lexer, mut piece: &[u8]) -> Vec<Event> {
    let mut events = Vec::new();
    loop {
        let (kind, Piece { bytes, last }) = match lexer.next(&mut piece) {
            Ok(None) => return events,
            Err(LexError { fault, offset }) => {
                events.push(Event::Fault(fault, offset));
                return events;
            }
            Ok(Some(Token::Name(piece))) => (Kind::Name, piece),
            Ok(Some(Token::String(piece))) => (Kind::String, piece),
            Ok(Some(Token::Number(piece))) => (Kind::Number, piece),
            Ok(Some(token)) => {
                events.push(match token {
                    Token::ObjectStart => Event::ObjectStart,
                    Token::ObjectEnd => Event::ObjectEnd,
                    Token::ArrayStart => Event::ArrayStart,
                    Token::ArrayEnd => Event::ArrayEnd,
                    Token::True => Event::True,
                    Token::False => Event::False,
                    _ => Event::Null,
                });
                continue;
            }
        };
        events.extend(bytes.iter().map(|byte| Event::Byte(kind, *byte)));
        events.extend(last.then_some(Event::End(kind)));
    }
}

/// A lexer and the automaton, after the same text.
#[derive(Clone)]
struct Walker<'r> {
    rules: &'r [Rule],
    text: Vec<u8>,
    lexer: Lexer,
    reference: Reference,
}

impl Beside for Walker<'_> {
    type Key = Key;

    fn key(&self) -> Key {
        let open = &self.reference.open;
        let depth = match open.len() {
            // Where the bits of the brackets go on in another word, and where no more may be opened.
            depth @ (0..=2 | 30..=34 | 61..) => depth,
            _ => 3,
        };
        let innermost = open.iter().rev().take(2).copied().collect();
        let mut lexer = format!("{:?}", self.lexer);
        let mut half = String::new();
        if ["expect: Hex", "expect: LowEscape", "expect: LowMark"].iter().any(|state| lexer.contains(state)) {
            let digits = surrogate(number(&lexer, "unit: "), number(&lexer, "count: "));
            half = format!("{digits} {}", number(&lexer, "high: ") != 0);
        }
        for member in ["offset: ", "start: ", "unit: ", "high: ", "depth: ", "levels: [", "character: ["] {
            leave_out(&mut lexer, member);
        }
        lexer += &half;
        (lexer, self.reference.state, self.reference.kind, depth, innermost)
    }

    fn step(&mut self, byte: u8) -> Result<bool, String> {
        let ours = read(&mut self.lexer, &[byte]);
        let mut theirs = Vec::new();
        let goes_on = self.reference.take(self.rules, byte, &mut theirs);
        self.text.push(byte);
        let is_same = ours == theirs
            && (!goes_on || self.lexer.offset() == self.reference.at)
            && (!goes_on || usize::from(self.lexer.depth()) == self.reference.open.len())
            && self.lexer.finish().is_ok() == (goes_on && self.reference.is_whole());
        if is_same {
            return Ok(goes_on);
        }
        Err(format!(
            "after {}: {ours:?} and {:?}, the automaton {theirs:?} in {:?}",
            self.text.escape_ascii(),
            self.lexer.finish(),
            self.reference
        ))
    }

    fn takes_both(&self, first: u8, second: u8) -> Result<(), String> {
        let mut whole = self.lexer.clone();
        let at_once = read(&mut whole, &[first, second]);
        let mut one_by_one = self.lexer.clone();
        let mut events = read(&mut one_by_one, &[first]);
        events.extend(read(&mut one_by_one, &[second]));
        if without_half(&at_once) == without_half(&events) && whole.finish() == one_by_one.finish() {
            return Ok(());
        }
        let text = self.text.escape_ascii();
        Err(format!("after {text}, {first:#04x} {second:#04x}: {at_once:?}, one by one {events:?}"))
    }
}

type Key = (String, &'static str, Kind, usize, Vec<bool>);

/// Whether so many hexadecimal digits can be the first half of a surrogate pair, the second, one of both, or none.
fn surrogate(unit: usize, digits: usize) -> &'static str {
    match (digits, unit.checked_shr(4 * digits.saturating_sub(2) as u32).unwrap_or_default()) {
        (0, _) | (1, 0xd) => "any",
        (2.., 0xd8..=0xdb) => "first",
        (2.., 0xdc..=0xdf) => "second",
        _ => "none",
    }
}

/// A fault may be seen before the beginning of its token is given, or after.
pub fn without_half(events: &[Event]) -> Vec<Event> {
    let mut events = events.to_vec();
    if let Some(fault @ Event::Fault(..)) = events.last().copied() {
        events.pop();
        while let Some(Event::Byte(..)) = events.last() {
            events.pop();
        }
        events.push(fault);
    }
    events
}

/// Walks the lexer through all states: see [`Walked`].
///
/// # Errors
/// The first difference.
pub fn walk(rules: &[Rule], lexer: &Lexer, seconds: &[u8]) -> Result<Walked, String> {
    // At the start, and where the bits of the brackets go on in another word or no more may be opened.
    let texts = [
        String::new(),
        "[".repeat(30),
        "{\"\":".repeat(30),
        "[{\"\":".repeat(15),
        "[".repeat(61),
        "{\"\":".repeat(61),
        "{\"\":[".repeat(31),
    ];
    let after = |text: &String| {
        let lexer = lexer.clone();
        Walker { rules, text: Vec::new(), lexer, reference: Reference::new() }.after(text.as_bytes())
    };
    walk_from(texts.iter().map(after).collect::<Result<_, _>>()?, seconds)
}
