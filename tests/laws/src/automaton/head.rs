//! The head of an answer beside RFC 9112, sections 2 to 5, and what RFC 9110 says of the fields that are read.
//!
//! A head is read line by line, so a rule that a line breaks shows when the line is over; only what no line may hold shows
//! at once. Two pairs of states count as the same if the automaton expects the same, each count is at the same distance from
//! its limit, and both have understood the same of the lines before. The parser shows nothing of a line that is not over: so
//! each of these is reached in several ways, by other bytes, before it counts as walked. What that leaves out, texts that
//! are longer than their room and fields that are only kept, is for the law of heads and its fuzz target.

use core::ops::RangeInclusive;

use graph_call::http::head::{INTERIM_MAX, Item};
use graph_call::http::{ErrorKind, HeadParser, Limits};

use super::{ANY, Beside, CONTROL, CR, LF, SPACE, TOKEN, Walked, one, rule, walk_from};

type Rule = super::Rule<Does>;

/// What a rule does beside going to a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    /// The byte is part of the line.
    Keep,
    /// A digit of the version or the status.
    Digit,
    /// A byte of a field name.
    Name,
    /// A byte of a field value.
    Value,
    /// The first half of a line's end.
    Cr,
    /// The line is over, or one of its folds.
    End,
    /// The head is wrong here, or so many bytes before.
    Fails(ErrorKind, usize),
}

/// What comes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The minor version, the status and the reason phrase.
    Status(u8, u16, Vec<u8>),
    /// The name and the value of a field line.
    Field(Vec<u8>, Vec<u8>),
    /// The end of the head, and what was understood of it.
    End(Understood),
    /// What is wrong, and at which byte.
    Fault(ErrorKind, usize),
}

/// What the fields that are read amount to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Understood {
    /// How many bytes the content has.
    pub length: Option<usize>,
    /// Whether it comes in chunks.
    pub is_chunked: bool,
    /// Whether another request may follow on the connection.
    pub is_persistent: bool,
    /// Whether the content is JSON.
    pub is_json: bool,
    /// Whether it has a type with the suffix of JSON.
    pub has_json_suffix: bool,
    /// Whether it is in a coding.
    pub is_coded: bool,
}

use Does::{Cr, Digit, End, Fails, Keep, Name, Value};

const DIGIT: &[RangeInclusive<u8>] = &[b'0'..=b'9'];
const SP: &[RangeInclusive<u8>] = &[one(b' ')];

/// What every line is made of; and then what a status line and a field line are.
pub const RULES: &[Rule] = &[
    // A line ends with CRLF, and holds neither of both alone.
    ("line", CR, Cr, ""),
    ("line", LF, Fails(ErrorKind::BareLf, 0), ""),
    ("line", CONTROL, Fails(ErrorKind::ControlCharacter, 0), ""),
    ("cr", LF, End, ""),
    ("cr", ANY, Fails(ErrorKind::BareCr, 1), ""),
    // status-line = HTTP-version SP status-code SP [ reason-phrase ]
    // HTTP-version = HTTP-name "/" DIGIT "." DIGIT, of which the first is 1; HTTP-name = %x48.54.54.50
    ("status", &[one(b'H')], Keep, "H"),
    ("status", ANY, Keep, "not-http"),
    ("H", &[one(b'T')], Keep, "HT"),
    ("H", ANY, Keep, "not-http"),
    ("HT", &[one(b'T')], Keep, "HTT"),
    ("HT", ANY, Keep, "not-http"),
    ("HTT", &[one(b'P')], Keep, "HTTP"),
    ("HTT", ANY, Keep, "not-http"),
    ("HTTP", &[one(b'/')], Keep, "HTTP/"),
    ("HTTP", ANY, Keep, "not-http"),
    ("HTTP/", &[one(b'1')], Keep, "HTTP/1"),
    ("HTTP/", ANY, Keep, "not-http"),
    ("HTTP/1", &[one(b'.')], Keep, "HTTP/1."),
    ("HTTP/1", ANY, Keep, "not-http"),
    ("HTTP/1.", DIGIT, Digit, "version"),
    ("HTTP/1.", ANY, Keep, "not-http"),
    ("version", SP, Keep, "hundreds"),
    ("version", ANY, Keep, "not-http"),
    ("not-http", ANY, Keep, "not-http"),
    // status-code = 3DIGIT, not below 100
    ("hundreds", &[b'1'..=b'9'], Digit, "tens"),
    ("hundreds", ANY, Keep, "no-status"),
    ("tens", DIGIT, Digit, "units"),
    ("tens", ANY, Keep, "no-status"),
    ("units", DIGIT, Digit, "code"),
    ("units", ANY, Keep, "no-status"),
    // The last space may be missing.
    ("code", SP, Keep, "reason"),
    ("code", ANY, Keep, "no-status"),
    ("reason", ANY, Value, "reason"),
    ("no-status", ANY, Keep, "no-status"),
    // field-line = field-name ":" OWS field-value OWS; field-name = token
    ("field", TOKEN, Name, "name"),
    ("field", SPACE, Keep, "no-fold"),
    ("field", ANY, Keep, "no-name"),
    ("name", TOKEN, Name, "name"),
    ("name", &[one(b':')], Keep, "value"),
    ("name", ANY, Keep, "no-name"),
    ("value", ANY, Value, "value"),
    ("no-name", ANY, Keep, "no-name"),
    ("no-fold", ANY, Keep, "no-fold"),
];

/// Where a line may end, and what is wrong with it then.
const FAULTS: &[(&str, ErrorKind)] = &[
    ("status", ErrorKind::NotHttp),
    ("H", ErrorKind::NotHttp),
    ("HT", ErrorKind::NotHttp),
    ("HTT", ErrorKind::NotHttp),
    ("HTTP", ErrorKind::NotHttp),
    ("HTTP/", ErrorKind::NotHttp),
    ("HTTP/1", ErrorKind::NotHttp),
    ("HTTP/1.", ErrorKind::NotHttp),
    ("version", ErrorKind::NotHttp),
    ("not-http", ErrorKind::NotHttp),
    ("hundreds", ErrorKind::InvalidStatus),
    ("tens", ErrorKind::InvalidStatus),
    ("units", ErrorKind::InvalidStatus),
    ("no-status", ErrorKind::InvalidStatus),
    ("name", ErrorKind::InvalidFieldName),
    ("no-name", ErrorKind::InvalidFieldName),
    ("no-fold", ErrorKind::ObsFold),
];

/// What the value of a field is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grammar {
    /// `#element`, of which each is one of the words, or something else: without parameters, or with such as are passed over.
    List(&'static [(&'static str, Word)], Word, bool),
    /// One of the words, or something else.
    One(&'static [(&'static str, Word)], Word),
    /// `#( 1*DIGIT )`, all the same.
    Lengths,
}

/// What a word of a value means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// Nothing.
    Ignored,
    /// The content comes in chunks.
    Chunked,
    /// The connection ends after this answer.
    Close,
    /// The connection stays after this answer.
    KeepAlive,
    /// The content is JSON.
    Json,
    /// The content has a type with the suffix of JSON.
    JsonSuffix,
    /// The content is something else.
    OtherType,
    /// The content is in a coding.
    Coded,
    /// No answer may have this.
    Fails(ErrorKind),
}

/// The fields that decide something, by their names in small letters, and whether they may be folded.
pub const FIELDS: &[(&str, Grammar, bool)] = &[
    ("content-length", Grammar::Lengths, false),
    (
        "transfer-encoding",
        Grammar::One(&[("chunked", Word::Chunked)], Word::Fails(ErrorKind::UnsupportedTransferCoding)),
        false,
    ),
    (
        "connection",
        Grammar::List(&[("close", Word::Close), ("keep-alive", Word::KeepAlive)], Word::Ignored, false),
        false,
    ),
    (
        "content-encoding",
        Grammar::One(&[("", Word::Ignored), ("identity", Word::Ignored)], Word::Coded),
        true,
    ),
    (
        "content-type",
        Grammar::List(
            &[("application/json", Word::Json), ("*+json", Word::JsonSuffix)],
            Word::OtherType,
            true,
        ),
        true,
    ),
];

/// The digits of a length behind its zeros.
const LENGTH_DIGITS_MAX: usize = 19;

/// The most bytes of a head here.
const HEAD_MAX: usize = 400;

/// Where an answer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Phase {
    /// Before a status line.
    Status,
    /// In the field lines of an interim answer.
    Interim,
    /// In those of the final one.
    Final,
}

/// The automaton at work.
#[derive(Clone, Debug)]
struct Reference {
    state: &'static str,
    phase: Phase,
    at: usize,
    line_start: usize,
    is_cr: bool,
    /// Whether a field line is over, unless the next one continues it.
    is_after_line: bool,
    is_folded: bool,
    digits: Vec<u8>,
    name: Vec<u8>,
    value: Vec<u8>,
    minor: u8,
    status: u16,
    interim_answers: u8,
    field_lines: usize,
    field_lines_max: usize,
    says_close: bool,
    says_keep_alive: bool,
    media: Option<Word>,
    understood: Understood,
}

impl Reference {
    fn new(field_lines_max: usize) -> Self {
        Self {
            state: "status",
            phase: Phase::Status,
            at: 0,
            line_start: 0,
            is_cr: false,
            is_after_line: false,
            is_folded: false,
            digits: Vec::new(),
            name: Vec::new(),
            value: Vec::new(),
            minor: 0,
            status: 0,
            interim_answers: 0,
            field_lines: 0,
            field_lines_max,
            says_close: false,
            says_keep_alive: false,
            media: None,
            understood: Understood::default(),
        }
    }

    /// Takes a byte; gives what comes out of it.
    fn take(&mut self, rules: &[Rule], byte: u8) -> Vec<Event> {
        let mut events = Vec::new();
        if core::mem::take(&mut self.is_after_line) {
            // obs-fold = OWS CRLF RWS
            if SPACE.iter().any(|space| space.contains(&byte)) {
                self.is_folded = true;
            } else {
                match self.field_line() {
                    Ok(event) => events.extend(event),
                    Err((kind, at)) => return vec![Event::Fault(kind, self.line_start + at)],
                }
                self.begin_line("field");
            }
        }
        let fault = |kind, at| vec![Event::Fault(kind, at)];
        if self.at == HEAD_MAX {
            events.extend(fault(ErrorKind::HeadTooLarge, self.at));
            return events;
        }
        let always = if self.is_cr { "cr" } else { "line" };
        let found = rule(rules, always, byte).or_else(|| rule(rules, self.state, byte));
        // What no rule takes shows as a fault that no parser finds here.
        let (does, to) = found.unwrap_or((Fails(ErrorKind::Truncated, 0), ""));
        match does {
            Fails(kind, before) => {
                events.extend(fault(kind, self.at - before));
                return events;
            }
            Keep => {}
            Digit => self.digits.push(byte),
            Name => self.name.push(byte),
            Value => self.value.push(byte),
            Cr => self.is_cr = true,
            End => {}
        }
        self.at += 1;
        if !to.is_empty() {
            self.state = to;
        }
        if does == End {
            self.is_cr = false;
            let ended = match (self.phase, self.state) {
                (Phase::Status, _) => self.status_line(),
                (_, "field") => self.empty_line(),
                _ => {
                    self.is_after_line = true;
                    return events;
                }
            };
            match ended {
                Ok(event) => events.extend(event),
                Err((kind, at)) => events.extend(fault(kind, self.line_start + at)),
            }
            self.begin_line(if self.phase == Phase::Status { "status" } else { "field" });
        }
        events
    }

    fn begin_line(&mut self, state: &'static str) {
        self.state = state;
        self.line_start = self.at;
        self.is_folded = false;
        for text in [&mut self.digits, &mut self.name, &mut self.value] {
            text.clear();
        }
    }

    /// What is wrong with a line that ends here.
    fn fault(&self) -> Option<(ErrorKind, usize)> {
        let fault = FAULTS.iter().find(|(state, _)| *state == self.state)?;
        Some((fault.1, self.name.len()))
    }

    fn status_line(&mut self) -> Result<Option<Event>, (ErrorKind, usize)> {
        if let Some(fault) = self.fault() {
            return Err(fault);
        }
        let number =
            |digits: &[u8]| digits.iter().fold(0, |number, digit| number * 10 + u16::from(digit - b'0'));
        let (minor, status) = (number(&self.digits[..1]) as u8, number(&self.digits[1..]));
        if status == 101 {
            return Err((ErrorKind::SwitchingProtocols, 0));
        }
        if status < 200 {
            self.interim_answers += 1;
            self.phase = Phase::Interim;
            let is_too_much = self.interim_answers > INTERIM_MAX;
            return if is_too_much { Err((ErrorKind::TooManyInterimAnswers, 0)) } else { Ok(None) };
        }
        (self.minor, self.status, self.phase) = (minor, status, Phase::Final);
        Ok(Some(Event::Status(minor, status, self.value.clone())))
    }

    fn field_line(&mut self) -> Result<Option<Event>, (ErrorKind, usize)> {
        self.field_lines += 1;
        if self.field_lines > self.field_lines_max {
            return Err((ErrorKind::TooManyFieldLines, 0));
        }
        if let Some(fault) = self.fault() {
            return Err(fault);
        }
        // What an interim answer says is of no account.
        if self.phase == Phase::Interim {
            return Ok(None);
        }
        let value = self.value.trim_ascii().to_vec();
        let name = self.name.to_ascii_lowercase();
        if let Some((_, grammar, may_fold)) = FIELDS.iter().find(|field| field.0.as_bytes() == name) {
            if self.is_folded && !may_fold {
                // Who does not know folding sees another end of the content.
                return Err((ErrorKind::ObsFold, 0));
            }
            self.understand(*grammar, &value).map_err(|kind| (kind, 0))?;
        }
        Ok(Some(Event::Field(self.name.clone(), value)))
    }

    fn understand(&mut self, grammar: Grammar, value: &[u8]) -> Result<(), ErrorKind> {
        let elements = || value.split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
        match grammar {
            Grammar::One(words, other) => self.mean(word(words, other, value)),
            Grammar::List(words, other, has_parameters) => elements().try_for_each(|element| {
                let end = element.iter().position(|byte| has_parameters && *byte == b';');
                let element = element[..end.unwrap_or(element.len())].trim_ascii();
                self.mean(word(words, other, element))
            }),
            Grammar::Lengths => elements().try_for_each(|element| {
                let digits = element.trim_ascii_start();
                let zeros = digits.iter().take_while(|digit| **digit == b'0').count();
                let is_number = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
                if !is_number || digits.len() - zeros > LENGTH_DIGITS_MAX {
                    return Err(ErrorKind::InvalidContentLength);
                }
                let length = digits.iter().fold(0, |length, digit| length * 10 + u64::from(digit - b'0'));
                // A word of 32 bits keeps no such length, so that two of them are told apart nowhere.
                let is_vague = length >= u64::from(u32::MAX);
                let length = usize::try_from(length).unwrap_or(usize::MAX);
                if self.understood.length.is_some_and(|other| is_vague || other != length) {
                    return Err(ErrorKind::ContentLengthConflict);
                }
                self.understood.length = Some(length);
                Ok(())
            }),
        }
    }

    fn mean(&mut self, word: Word) -> Result<(), ErrorKind> {
        match word {
            Word::Ignored => {}
            Word::Fails(kind) => return Err(kind),
            // Once: what is in chunks twice is nothing that is read.
            Word::Chunked if self.understood.is_chunked => return Err(ErrorKind::UnsupportedTransferCoding),
            Word::Chunked => self.understood.is_chunked = true,
            Word::Close => self.says_close = true,
            Word::KeepAlive => self.says_keep_alive = true,
            Word::Coded if self.status == 200 => return Err(ErrorKind::UnsupportedContentCoding),
            Word::Coded => self.understood.is_coded = true,
            Word::Json | Word::JsonSuffix | Word::OtherType => {
                let is_other = self.media.is_some_and(|media| media != word);
                if is_other && self.status == 200 {
                    return Err(ErrorKind::ContentTypeConflict);
                }
                self.media = Some(if is_other { Word::OtherType } else { word });
            }
        }
        Ok(())
    }

    fn empty_line(&mut self) -> Result<Option<Event>, (ErrorKind, usize)> {
        if self.phase == Phase::Interim {
            self.phase = Phase::Status;
            return Ok(None);
        }
        if self.understood.is_chunked && self.understood.length.is_some() {
            return Err((ErrorKind::LengthAndTransferEncoding, 0));
        }
        if self.understood.is_chunked && self.minor == 0 {
            return Err((ErrorKind::TransferEncodingInHttp10, 0));
        }
        Ok(Some(Event::End(Understood {
            is_persistent: !self.says_close && (self.minor > 0 || self.says_keep_alive),
            is_json: self.media == Some(Word::Json),
            has_json_suffix: self.media == Some(Word::JsonSuffix),
            ..self.understood
        })))
    }

    /// Whether the field of this line may be folded.
    fn may_fold(&self) -> bool {
        let name = self.name.to_ascii_lowercase();
        FIELDS.iter().all(|field| field.0.as_bytes() != name || field.2)
    }

    /// What is expected of the name and value so far, as far as they decide something.
    fn expects(&self) -> (Vec<u8>, Vec<u8>) {
        let name = self.name.to_ascii_lowercase();
        let is_watched = self.phase == Phase::Final && self.field_lines < self.field_lines_max;
        let is_known = |field: &&(&str, Grammar, bool)| match self.state {
            "name" => field.0.as_bytes().starts_with(&name),
            _ => field.0.as_bytes() == name,
        };
        match FIELDS.iter().find(is_known).filter(|_| is_watched) {
            None => (vec![b'*'; name.len().min(2)], Vec::new()),
            Some(_) if self.state == "name" => (name, Vec::new()),
            Some((_, grammar, _)) => (name, self.shape(*grammar)),
        }
    }

    /// A value so far, by all that may still come of it.
    fn shape(&self, grammar: Grammar) -> Vec<u8> {
        let (before, last) = match self.value.iter().rposition(|byte| *byte == b',') {
            Some(at) if !matches!(grammar, Grammar::One(..)) => (&self.value[..at], &self.value[at + 1..]),
            _ => (&[][..], &self.value[..]),
        };
        // Behind other elements it counts what all of them come to: one that is whole is where such a walk starts.
        let mut after = self.clone();
        if before.len() + last.len() < self.value.len() {
            let is_empty = last.trim_ascii().is_empty();
            let come_to = match after.understand(grammar, &self.value) {
                Ok(()) => after.memory(),
                Err(kind) => format!("{kind:?}"),
            };
            return format!("{come_to} {is_empty}").into_bytes();
        }
        let mut shape = Vec::new();
        let last = last.trim_ascii_start().to_ascii_lowercase();
        let (text, space) = (last.trim_ascii_end(), last.len() > last.trim_ascii_end().len());
        let words = match grammar {
            Grammar::Lengths => {
                let is_number = text.iter().all(u8::is_ascii_digit);
                let length = after.understood.length.filter(|_| is_number).map(|length| length.to_string());
                let zeros = text.iter().take_while(|digit| **digit == b'0').count();
                let count = text.len() - zeros;
                let count = if count.abs_diff(LENGTH_DIGITS_MAX) <= 1 { count } else { count.min(3) };
                shape.extend([u8::from(is_number), zeros.min(1) as u8, count as u8]);
                shape
                    .push(length.map_or(2, |length| u8::from(length.as_bytes().starts_with(&text[zeros..]))));
                shape.push(u8::from(space));
                return shape;
            }
            Grammar::One(words, _) | Grammar::List(words, ..) => words,
        };
        let has_parameters = matches!(grammar, Grammar::List(_, _, true)) && text.contains(&b';');
        let fits = |word: &&(&str, Word)| match word.0.strip_prefix('*') {
            Some(suffix) => (1..=suffix.len()).any(|length| text.ends_with(&suffix.as_bytes()[..length])),
            None => word.0.as_bytes().starts_with(text),
        };
        if has_parameters {
            let end = text.iter().position(|byte| *byte == b';').unwrap_or_default();
            let mut alone = self.clone();
            alone.media = None;
            // In a status where nothing of it is refused.
            alone.status = 404;
            let _ = alone.understand(grammar, &text[..end]);
            shape.extend(format!("{:?};", alone.media).into_bytes());
        } else if let Some((word, _)) = words.iter().find(fits) {
            let kept = match word.strip_prefix('*') {
                Some(suffix) => {
                    let ends = |length: &usize| text.ends_with(&suffix.as_bytes()[..*length]);
                    let length = (1..=suffix.len()).rev().find(ends).unwrap_or_default();
                    // Another letter before it changes nothing, but that it is there.
                    [b"*", &suffix.as_bytes()[..length]].concat()
                }
                None => text.to_vec(),
            };
            shape.extend(kept);
        } else {
            shape.push(b'?');
        }
        shape.push(u8::from(space));
        shape
    }

    /// What the lines before have left behind.
    fn memory(&self) -> String {
        format!("{:?} {:?} {:?}", self.understood, self.media, [self.says_close, self.says_keep_alive])
    }

    /// Ways to the end of the head, which show what was made of the bytes so far.
    fn probes(&self) -> Vec<String> {
        const STATUS_LINE: &str = "HTTP/1.1 200 ";
        const STATES: [&str; 13] = [
            "status", "H", "HT", "HTT", "HTTP", "HTTP/", "HTTP/1", "HTTP/1.", "version", "hundreds", "tens",
            "units", "code",
        ];
        if self.is_cr {
            return vec!["\n\r\n".into(), "\n \r\n\r\n".into()];
        }
        if self.is_after_line {
            return vec!["\r\n".into(), "\tx\r\n\r\n".into()];
        }
        let mut probes = vec!["\r\n\r\n".to_owned()];
        if let Some(at) = STATES.iter().position(|state| *state == self.state) {
            probes.push(format!("{}\r\n\r\n", &STATUS_LINE[at..]));
        }
        if matches!(self.state, "field" | "name") {
            probes.push(":x\r\n\r\n".into());
            let name = self.name.to_ascii_lowercase();
            for (known, grammar, _) in FIELDS {
                let value = match grammar {
                    Grammar::Lengths => "7",
                    Grammar::One(_, Word::Coded) => "gzip",
                    Grammar::One(words, _) | Grammar::List(words, ..) => words[0].0,
                };
                if known.as_bytes().starts_with(&name) {
                    probes.push(format!("{}: {value}\r\n\r\n", &known[name.len()..]));
                }
            }
        }
        probes
    }
}

/// The value that a word of a list or a field has.
fn word(words: &[(&str, Word)], other: Word, value: &[u8]) -> Word {
    let value = value.to_ascii_lowercase();
    let is = |(word, _): &&(&str, Word)| match word.strip_prefix('*') {
        Some(suffix) => value.ends_with(suffix.as_bytes()),
        None => value == word.as_bytes(),
    };
    words.iter().find(is).map_or(other, |(_, meaning)| *meaning)
}

/// What a parser makes of a piece.
pub fn read(parser: &mut HeadParser<512>, mut piece: &[u8]) -> Vec<Event> {
    let mut events = Vec::new();
    loop {
        let event = match parser.next(&mut piece) {
            Ok(None) => return events,
            Ok(Some(Item::Status(line))) => {
                Event::Status(line.minor_version, line.status, line.reason.to_vec())
            }
            Ok(Some(Item::Field(line))) => Event::Field(line.name.to_vec(), line.value.to_vec()),
            Ok(Some(Item::End)) => {
                let head = parser.head().expect("the head is over");
                events.push(Event::End(Understood {
                    length: head.content_length(),
                    is_chunked: head.is_chunked(),
                    is_persistent: head.is_persistent(),
                    is_json: head.is_json(),
                    has_json_suffix: head.has_json_suffix(),
                    is_coded: head.is_coded(),
                }));
                return events;
            }
            Err(error) => Event::Fault(error.kind(), error.offset()),
        };
        let is_fault = matches!(event, Event::Fault(..));
        events.push(event);
        if is_fault {
            return events;
        }
    }
}

fn is_over(events: &[Event]) -> bool {
    matches!(events.last(), Some(Event::Fault(..) | Event::End(_)))
}

/// A parser and the automaton, after the same bytes.
#[derive(Clone)]
struct Walker<'r> {
    rules: &'r [Rule],
    bytes: Vec<u8>,
    parser: HeadParser<512>,
    reference: Reference,
}

impl Walker<'_> {
    fn differ<T>(&self, piece: &str, ours: &[Event], theirs: &[Event]) -> Result<T, String> {
        let Reference { state, .. } = self.reference;
        let before = self.bytes.escape_ascii();
        Err(format!("after {before}, {piece:?}: {ours:?}, the automaton {theirs:?} in {state}"))
    }
}

impl Beside for Walker<'_> {
    type Key = (&'static str, Phase, [bool; 5], Vec<u8>, [usize; 3], String, (Vec<u8>, Vec<u8>));

    fn key(&self) -> Self::Key {
        let reference = &self.reference;
        let digits = reference.digits.iter().enumerate().map(|(at, digit)| match (at, digit) {
            (1, b'1' | b'2') | (0 | 2 | 3, b'0') | (3, b'1') => *digit,
            _ => b'9',
        });
        // None, some, as many as may be, or too many.
        let interim_answers = match reference.interim_answers {
            _ if reference.phase == Phase::Final => 0,
            some @ 1..INTERIM_MAX => some.min(1),
            all => all,
        };
        // Behind as many lines as may be, only the empty line is left.
        let is_full = reference.field_lines >= reference.field_lines_max;
        let memory = if is_full { String::new() } else { reference.memory() };
        let Reference { is_cr, is_after_line, is_folded, minor, status, .. } = *reference;
        (
            reference.state,
            reference.phase,
            [is_cr, is_after_line, is_folded && !reference.may_fold(), minor == 0, status == 200],
            digits.collect(),
            [interim_answers.into(), reference.field_lines, (HEAD_MAX - reference.at).min(5)],
            memory,
            reference.expects(),
        )
    }

    fn step(&mut self, byte: u8) -> Result<bool, String> {
        let ours = read(&mut self.parser, &[byte]);
        let theirs = self.reference.take(self.rules, byte);
        self.bytes.push(byte);
        let goes_on = !is_over(&theirs);
        let is_end = matches!(theirs.last(), Some(Event::End(_)));
        if ours != theirs
            || (goes_on && self.parser.offset() != self.reference.at)
            || self.parser.finish().is_ok() != is_end
        {
            return self.differ("", &ours, &theirs);
        }
        for probe in self.reference.probes().iter().filter(|_| goes_on) {
            let ours = read(&mut self.parser.clone(), probe.as_bytes());
            let mut reference = self.reference.clone();
            let mut theirs = Vec::new();
            for byte in probe.bytes() {
                theirs.extend(reference.take(self.rules, byte));
                if is_over(&theirs) {
                    break;
                }
            }
            if ours != theirs {
                return self.differ(probe, &ours, &theirs);
            }
        }
        Ok(goes_on)
    }

    fn takes_both(&self, first: u8, second: u8) -> Result<(), String> {
        let at_once = read(&mut self.parser.clone(), &[first, second]);
        let mut one_by_one = self.parser.clone();
        let mut events = read(&mut one_by_one, &[first]);
        if !is_over(&events) {
            events.extend(read(&mut one_by_one, &[second]));
        }
        if at_once == events {
            return Ok(());
        }
        self.differ(&[first, second].escape_ascii().to_string(), &at_once, &events)
    }
}

/// Walks the head through all states: see [`Walked`].
///
/// # Errors
/// The first difference.
pub fn walk(rules: &[Rule], seconds: &[u8]) -> Result<Walked, String> {
    // A line before, and a field that has to do with it.
    const BEFORE: &[(&str, &[&str])] = &[
        ("Content-Length: 12", &["Content-Length:", "Content-Length: 12,1", "Transfer-Encoding:"]),
        ("Transfer-Encoding: chunked", &["Transfer-Encoding:", "Content-Length:"]),
        (
            "Content-Type: application/json",
            &["Content-Type:", "Content-Type: ,", "Content-Type: a/b,c/d+jso"],
        ),
        ("Content-Type: application/problem+json", &["Content-Type:"]),
        ("Content-Type:", &["Content-Type:", "Content-Type: application/json; a=b,application/jso"]),
        ("Connection: close", &["Connection:", "Connection: x,keep-aliv"]),
        ("Connection: keep-alive", &["Connection:", "Connection: x, clos"]),
        ("Content-Encoding: identity", &["Content-Encoding:"]),
    ];
    let interim = "HTTP/1.1 102 \r\nx: y\r\n\r\n";
    let mut starts: Vec<(String, usize)> = ["", interim].map(|start| (start.to_owned(), 1)).into();
    starts.push((interim.repeat(INTERIM_MAX.into()), INTERIM_MAX.into()));
    for status_line in ["HTTP/1.1 200 OK", "HTTP/1.0 404 "] {
        starts.push((format!("{status_line}\r\n"), 1));
        // At the edge of what a head may have.
        for line in ["x", "x:", "x: y\r\n ", " "] {
            let start = format!("{status_line}\r\n{line}");
            let length = HEAD_MAX - 3 - start.len();
            starts.push((start + &"z".repeat(length), 1));
        }
        for (line, names) in BEFORE {
            starts.extend(names.iter().map(|name| (format!("{status_line}\r\n{line}\r\n{name}"), 2)));
        }
    }
    let after = |(start, field_lines): &(String, usize)| {
        let limits = Limits { head_bytes: HEAD_MAX, field_lines: *field_lines, ..Limits::DEFAULT };
        let parser = HeadParser::with_limits(limits);
        let walker = Walker { rules, bytes: Vec::new(), parser, reference: Reference::new(*field_lines) };
        walker.after(start.as_bytes())
    };
    walk_from(starts.iter().map(after).collect::<Result<_, _>>()?, seconds)
}
