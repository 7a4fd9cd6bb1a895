//! Any call, as a value, and any way to write it down.

use serde_json::{Map, Value};

use crate::choices::Choices;
use crate::schema::{BEYOND_CALLS, CALL, COMMON, Enum, IDENTITY, Kind, Member, Record};

/// Any call resource: members absent, null or filled, in the order of [`CALL`].
pub fn call(choices: &mut Choices<'_>) -> Value {
    object(&CALL, choices)
}

/// The text of `call`: members in any order, any white space, characters as they are or escaped, integers as
/// numbers or strings, members strewn in that no record knows.
pub fn text(call: &Value, choices: &mut Choices<'_>) -> Vec<u8> {
    let mut writer = Writer { output: Vec::new(), choices };
    writer.space();
    writer.value(call, Kind::Object(&CALL));
    writer.space();
    writer.output
}

/// Any JSON text at all, a few levels deep.
pub fn json(choices: &mut Choices<'_>) -> Vec<u8> {
    let mut writer = Writer { output: Vec::new(), choices };
    writer.space();
    writer.any(0);
    writer.space();
    writer.output
}

/// `document` with a few bytes changed, left out, doubled or put in.
pub fn damaged(document: &[u8], choices: &mut Choices<'_>) -> Vec<u8> {
    let mut bytes = document.to_vec();
    for _ in 0..=choices.below(3) {
        let at = choices.below(bytes.len() + 1);
        let byte = match choices.below(4) {
            0 => choices.byte(),
            _ => *choices.pick(b"{}[]:,\"\\/u0e.-+ \n\x00\x1f\x7f\x80\xc3\xed\xf4tn"),
        };
        match choices.below(5) {
            0 if at < bytes.len() => bytes[at] = byte,
            1 if at < bytes.len() => drop(bytes.remove(at)),
            2 => bytes.truncate(at),
            3 if at < bytes.len() => bytes.insert(at, bytes[at]),
            _ => bytes.insert(at, byte),
        }
    }
    bytes
}

/// A call with every member that is published for calls, each with some value that fits any room.
pub fn every_member() -> Value {
    fill(&CALL)
}

fn fill(record: &Record) -> Value {
    let published = record.members.iter().filter(|member| !BEYOND_CALLS.contains(&member.name));
    let members = published.enumerate().map(|(index, member)| {
        let value = match member.kind {
            Kind::Text => Value::from(format!("\u{e9} {}", member.name)),
            Kind::Exact | Kind::Secret => Value::from(format!("x{index}")),
            Kind::Int32 => Value::from(-115),
            Kind::Int64 => Value::from(i64::MAX),
            Kind::Boolean => Value::from(index % 2 == 0),
            Kind::DateTime => Value::from("2020-05-28T00:10:54.104318Z"),
            Kind::Enum(names) => Value::from(names.values[index % names.values.len()]),
            Kind::Object(child) => fill(child),
            Kind::Double => Value::from(0.75),
            Kind::ObjectsOrIds(child) => Value::from(vec![fill(child), Value::from("x")]),
            Kind::Strings => Value::from(vec!["a", ""]),
            Kind::Enums(names) => names.values.iter().take(4).copied().collect(),
            Kind::Objects(child) => Value::from(vec![fill(child)]),
            Kind::Untyped => Value::from(""),
        };
        (member.name.into(), value)
    });
    let mut all: Map<String, Value> = members.collect();
    if record.name == IDENTITY.name {
        // No kind has them all.
        all.remove("applicationType");
        all.remove("azureCommunicationServicesResourceId");
    }
    Value::Object(all)
}

fn object(record: &Record, choices: &mut Choices<'_>) -> Value {
    let mut members = Map::new();
    if let Some(types) = record.types() {
        let name = *choices.pick(types);
        match choices.below(8) {
            0..=3 => {}
            4 => drop(members.insert("@odata.type".into(), Value::Null)),
            5 => drop(members.insert("@odata.type".into(), format!("microsoft.graph.{name}").into())),
            6 => drop(members.insert("@odata.type".into(), "#microsoft.graph.futureType".into())),
            _ => drop(members.insert("@odata.type".into(), format!("#microsoft.graph.{name}").into())),
        }
    }
    if record.name == CALL.name && choices.one_in(3) {
        let stated = *choices.pick(&["#microsoft.graph.call", "microsoft.graph.call"]);
        members.insert("@odata.type".into(), stated.into());
    }
    let mut extras = 0;
    for member in record.members {
        if record.name == IDENTITY.name && !COMMON.contains(&member.name) {
            // A kind of identity adds two members at most.
            if extras == 2 || !choices.one_in(4) {
                continue;
            }
            extras += 1;
        }
        match choices.below(4) {
            0 => {}
            1 => {
                members.insert(member.name.into(), Value::Null);
            }
            _ => {
                members.insert(member.name.into(), value(member, choices));
            }
        }
        let is_list = matches!(member.kind, Kind::Strings | Kind::Enums(_) | Kind::Objects(_));
        if is_list && choices.one_in(6) {
            let count = *choices.pick(&[0, 1, 2, 40, 65_534, 65_535, i64::MAX]);
            members.insert(format!("{}@odata.count", member.name), count.into());
        }
        if is_list && choices.one_in(6) {
            let rest = if choices.one_in(2) { "?$skiptoken=x" } else { "" };
            members.insert(format!("{}@odata.nextLink", member.name), rest.into());
        }
    }
    Value::Object(members)
}

fn value(member: &Member, choices: &mut Choices<'_>) -> Value {
    match member.kind {
        Kind::Text | Kind::Secret => Value::from(readable(choices)),
        Kind::Exact => Value::from(exact(choices)),
        Kind::Int32 => Value::from(choices.long() as i32 >> choices.below(32)),
        Kind::Int64 => Value::from(choices.long() >> choices.below(64)),
        Kind::Boolean => Value::from(choices.one_in(2)),
        Kind::DateTime => Value::from(date_time(choices)),
        Kind::Enum(kind) => Value::from(word(kind, choices)),
        Kind::Object(record) => object(record, choices),
        // Few digits, which every reader reads alike; now and then none.
        Kind::Double => match choices.below(8) {
            0 => Value::from(*choices.pick(&["NaN", "INF", "-INF"])),
            _ => Value::from(*choices.pick(&[0.25, -1.0, 7e16, 5e-7, 0.0, -1.75])),
        },
        Kind::ObjectsOrIds(record) => list(choices, |choices| {
            if choices.one_in(2) { Value::from(exact(choices)) } else { object(record, choices) }
        }),
        Kind::Strings => list(choices, exact),
        Kind::Enums(kind) => list(choices, |choices| word(kind, choices)),
        Kind::Objects(record) => list(choices, |choices| object(record, choices)),
        Kind::Untyped => {
            let any =
                [Value::from(0), Value::from(""), Value::from(vec![Value::Null]), Value::Object(Map::new())];
            choices.pick(&any).clone()
        }
    }
}

fn list<T: Into<Value>>(choices: &mut Choices<'_>, mut element: impl FnMut(&mut Choices<'_>) -> T) -> Value {
    (0..choices.below(3)).map(|_| element(choices).into()).collect()
}

/// Characters that parsers trip over: ends of UTF-8 lengths, what must be escaped, what need not be.
const CHARACTERS: [char; 32] = [
    'a',
    ' ',
    'Z',
    '0',
    '"',
    '\\',
    '/',
    '{',
    '}',
    '[',
    ']',
    ':',
    ',',
    '\'',
    '\0',
    '\u{1}',
    '\u{8}',
    '\t',
    '\n',
    '\u{c}',
    '\r',
    '\u{1f}',
    '\u{7f}',
    '\u{80}',
    '\u{7ff}',
    '\u{800}',
    '\u{d7ff}',
    '\u{e000}',
    '\u{ffff}',
    '\u{10000}',
    '\u{1f600}',
    '\u{10ffff}',
];

fn readable(choices: &mut Choices<'_>) -> String {
    (0..choices.below(16)).map(|_| *choices.pick(&CHARACTERS)).collect()
}

/// Short, because a country code has two letters and its place little more.
fn exact(choices: &mut Choices<'_>) -> String {
    let mut text = String::new();
    for _ in 0..choices.below(6) {
        text.push(*choices.pick(&['a', 'B', '7', '-', ':', '/', '"', '\\', '\u{e9}']));
    }
    text.truncate(text.floor_char_boundary(4));
    text
}

fn word(kind: &Enum, choices: &mut Choices<'_>) -> String {
    let known = choices.pick(kind.values);
    match choices.below(8) {
        // What nobody has announced yet, and what is near a known word.
        7 => "futureValue".into(),
        6 => known[..known.len() - 1].into(),
        5 => format!("{known}2"),
        _ => (*known).into(),
    }
}

fn date_time(choices: &mut Choices<'_>) -> String {
    let year = 1 + choices.below(9999);
    let month = 1 + choices.below(12);
    let day = 1 + choices.below(28);
    let (hour, minute, second) = (choices.below(24), choices.below(60), choices.below(60));
    let mut text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    if choices.one_in(16) {
        text = format!("{year:04}-12-31T23:59:60");
    }
    let digits = choices.below(10);
    if digits > 0 {
        text.push('.');
        text.extend((0..digits).map(|_| char::from(b'0' + choices.below(10) as u8)));
    }
    text.push('Z');
    text
}

struct Writer<'c, 'b> {
    output: Vec<u8>,
    choices: &'c mut Choices<'b>,
}

/// Names that no record has, some of them close to one that it has.
const UNKNOWN: [&str; 15] = [
    "@odata.type",
    "x",
    "",
    "State",
    "stat",
    "statee",
    "iD",
    "id ",
    "source\0",
    "@odata.id",
    "@odata.etag",
    "applicationMetadata",
    "azureCommunicationServicesResourceIdentity",
    "\u{1f600}",
    "a name that is longer than any name of the model and than any place to keep one could be expected to be",
];

/// Values of members that nobody keeps; each is checked like any other.
const NUMBERS: [&str; 8] = ["0", "-0", "1.5", "-12.5E+10", "9223372036854775808", "1e400", "0.1e-5", "3"];

impl Writer<'_, '_> {
    fn space(&mut self) {
        for _ in 0..self.choices.below(8).saturating_sub(5) {
            let space = *self.choices.pick(b" \n\t\r");
            self.output.push(space);
        }
    }

    fn value(&mut self, value: &Value, kind: Kind) {
        match (value, kind) {
            (Value::Object(members), Kind::Object(record)) => self.object(members, record),
            (Value::Array(elements), kind) => {
                let element = match kind {
                    Kind::Objects(record) | Kind::ObjectsOrIds(record) => Kind::Object(record),
                    _ => Kind::Exact,
                };
                self.output.push(b'[');
                self.space();
                for (index, value) in elements.iter().enumerate() {
                    if index > 0 {
                        self.separator(b',');
                    }
                    self.value(value, element);
                }
                self.space();
                self.output.push(b']');
            }
            (Value::String(text), _) => self.string(text),
            (Value::Number(number), Kind::Int32 | Kind::Int64) if self.choices.one_in(3) => {
                let sign = if number.as_u64().is_some() && self.choices.one_in(4) { "+" } else { "" };
                self.string(&format!("{sign}{number}"));
            }
            (value, _) => self.output.extend(value.to_string().into_bytes()),
        }
    }

    fn object(&mut self, members: &Map<String, Value>, record: &Record) {
        let mut members: Vec<_> = members.iter().collect();
        self.output.push(b'{');
        self.space();
        let mut first = true;
        loop {
            let unknown = self.choices.one_in(6);
            if !unknown && members.is_empty() {
                break;
            }
            if !first {
                self.separator(b',');
            }
            first = false;
            if unknown {
                self.unknown(record);
            } else {
                let (name, value) = members.swap_remove(self.choices.below(members.len()));
                let kind = record.member(name).map_or(Kind::Untyped, |member| member.kind);
                self.string(name);
                self.separator(b':');
                self.value(value, kind);
            }
        }
        self.space();
        self.output.push(b'}');
    }

    /// A member that `record` does not have.
    fn unknown(&mut self, record: &Record) {
        let name = *self.choices.pick(&UNKNOWN);
        let has_type = record.types().is_some() || record.name == CALL.name;
        let is_known = record.member(name).is_some() || (name == "@odata.type" && has_type);
        let name = if is_known { "x" } else { name };
        self.string(name);
        self.separator(b':');
        self.any(0);
    }

    fn any(&mut self, depth: usize) {
        let kinds = if depth < 4 { 8 } else { 6 };
        match self.choices.below(kinds) {
            0 => self.output.extend(b"null"),
            1 => self.output.extend(b"true"),
            2 => self.output.extend(b"false"),
            3 => {
                let number = *self.choices.pick(&NUMBERS);
                self.output.extend(number.bytes());
            }
            4 | 5 => {
                let text = readable(self.choices);
                self.string(&text);
            }
            6 => {
                self.output.push(b'[');
                self.space();
                for index in 0..self.choices.below(4) {
                    if index > 0 {
                        self.separator(b',');
                    }
                    self.any(depth + 1);
                }
                self.space();
                self.output.push(b']');
            }
            _ => {
                self.output.push(b'{');
                self.space();
                for index in 0..self.choices.below(4) {
                    if index > 0 {
                        self.separator(b',');
                    }
                    let name = readable(self.choices);
                    self.string(&name);
                    self.separator(b':');
                    self.any(depth + 1);
                }
                self.space();
                self.output.push(b'}');
            }
        }
    }

    fn separator(&mut self, byte: u8) {
        self.space();
        self.output.push(byte);
        self.space();
    }

    fn string(&mut self, text: &str) {
        self.output.push(b'"');
        for character in text.chars() {
            let escaped = match character {
                '"' | '\\' | '/' => Some(character),
                '\u{8}' => Some('b'),
                '\t' => Some('t'),
                '\n' => Some('n'),
                '\u{c}' => Some('f'),
                '\r' => Some('r'),
                _ => None,
            };
            let raw = character >= ' ' && character != '"' && character != '\\';
            match (self.choices.below(5), escaped) {
                (0..=2, _) if raw => {
                    let mut buffer = [0; 4];
                    self.output.extend(character.encode_utf8(&mut buffer).bytes());
                }
                (0..=3, Some(letter)) => self.output.extend([b'\\', letter as u8]),
                _ => {
                    for unit in character.encode_utf16(&mut [0; 2]) {
                        let digits = if self.choices.one_in(2) {
                            format!("{unit:04X}")
                        } else {
                            format!("{unit:04x}")
                        };
                        self.output.extend(b"\\u");
                        self.output.extend(digits.bytes());
                    }
                }
            }
        }
        self.output.push(b'"');
    }
}
