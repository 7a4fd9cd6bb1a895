//! What must become of a body, worked out from the schema and a value of `serde_json`, without the library.

use std::collections::HashSet;
use std::fmt::{Formatter, Result as Written};

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::schema::{CALL, COMMON, IDENTITY, Kind, Record};

/// The call that a body with these values is, as the library must write it: known members only, those that are
/// null left out, integers as numbers, times in one form.
pub fn expected(body: &Value) -> Value {
    keep(body, Kind::Object(&CALL)).unwrap_or_default()
}

/// The room for the text of an enumeration's member that is not known, in bytes.
const WORD: usize = 32;

fn keep(value: &Value, kind: Kind) -> Option<Value> {
    Some(match (kind, value) {
        (_, Value::Null) => return None,
        (Kind::Untyped, _) => Value::Bool(true),
        (Kind::Object(record), Value::Object(members)) => Value::Object(keep_members(members, record)),
        (
            Kind::Strings | Kind::Enums(_) | Kind::Objects(_) | Kind::ObjectsOrIds(_),
            Value::Array(elements),
        ) => {
            let element = match kind {
                Kind::ObjectsOrIds(record) | Kind::Objects(record) => Kind::Object(record),
                Kind::Enums(names) => Kind::Enum(names),
                _ => Kind::Exact,
            };
            let kept = elements.iter().filter(|value| !value.is_null());
            // An element of which only is known that it was there is written as null.
            kept.map(|value| keep(value, element).unwrap_or_default()).collect()
        }
        // The text alone is the id.
        (Kind::Object(_), Value::String(id)) => {
            Value::Object(Map::from_iter([("participantId".into(), Value::from(id.as_str()))]))
        }
        (Kind::Double, Value::Number(number)) => Value::from(number.as_f64()?),
        // What others read as a float because of its sign is an integer.
        (Kind::Int32 | Kind::Int64, Value::Number(number)) if number.as_f64() == Some(0.0) => Value::from(0),
        (Kind::Int32 | Kind::Int64, Value::String(digits)) => Value::from(digits.parse::<i64>().ok()?),
        (Kind::DateTime, Value::String(text)) => Value::from(date_time(text)),
        (Kind::Enum(names), Value::String(text)) => {
            let known = names.values.iter().find(|known| is_same_name(known, text));
            let text = known.map_or(text.as_str(), |known| *known);
            if known.is_some() { Value::from(text) } else { Value::from(beginning(text)) }
        }
        _ => value.clone(),
    })
}

fn keep_members(members: &Map<String, Value>, record: &Record) -> Map<String, Value> {
    let mut kept = Map::new();
    if let (Some(types), Some(Value::String(text))) = (record.types(), members.get("@odata.type")) {
        kept.extend(type_name(text, types).map(|name| ("@odata.type".into(), Value::from(name))));
    }
    for (name, value) in members {
        let name = one_spelling(name);
        let Some(member) = record.member(name) else { continue };
        if let Some(value) = keep(value, member.kind) {
            kept.insert(name.into(), value);
        }
    }
    keep_annotations(members, record, &mut kept);
    kept
}

/// What the service says of its lists: how many elements there are, if they are not all here, and where the others are.
fn keep_annotations(members: &Map<String, Value>, record: &Record, kept: &mut Map<String, Value>) {
    for (name, value) in members.iter().filter(|(_, value)| !value.is_null()) {
        let Some((list, annotation)) = annotated(name, record) else { continue };
        let here =
            kept.entry(list).or_insert_with(|| Value::Array(Vec::new())).as_array().map_or(0, Vec::len);
        match annotation {
            Annotation::NextLink => drop(kept.insert(name.clone(), value.clone())),
            Annotation::Count => {
                let count = integer(value).unwrap_or_default().min(i64::from(u16::MAX - 1));
                if usize::try_from(count).is_ok_and(|count| count > here) {
                    kept.insert(name.clone(), Value::from(count));
                }
            }
        }
    }
}

#[derive(Clone, Copy)]
enum Annotation {
    Count,
    NextLink,
}

/// The list of a record that an annotation is about, and which of the two that are read it is.
fn annotated<'n>(name: &'n str, record: &Record) -> Option<(&'n str, Annotation)> {
    let (list, annotation) = name.split_once('@')?;
    let annotation = match annotation {
        "odata.count" => Annotation::Count,
        "odata.nextLink" => Annotation::NextLink,
        _ => return None,
    };
    let kind = record.member(list)?.kind;
    let is_list = matches!(kind, Kind::Strings | Kind::Enums(_) | Kind::Objects(_) | Kind::ObjectsOrIds(_));
    is_list.then_some((list, annotation))
}

/// The name of a member, of which Microsoft spells one in two ways.
fn one_spelling(name: &str) -> &str {
    if name == "subCode" { "subcode" } else { name }
}

/// As many whole characters of a text as there is room for in an enumeration, and a mark if those are not all.
fn beginning(text: &str) -> String {
    if text.len() <= WORD {
        return text.into();
    }
    format!("{}\u{2026}", &text[..text.floor_char_boundary(WORD)])
}

/// The name of a type with its namespace; cut if it is unknown and longer than there is room for.
fn type_name(text: &str, types: &[&str]) -> Option<String> {
    let text = text.strip_prefix('#').unwrap_or(text);
    let text = text.strip_prefix("microsoft.graph.").unwrap_or(text);
    match types.iter().find(|known| is_same_name(known, text)) {
        Some(known) => Some(format!("#microsoft.graph.{known}")),
        None if beginning(text).contains('.') => Some(format!("#{}", beginning(text))),
        None => Some(format!("#microsoft.graph.{}", beginning(text))),
    }
}

/// Microsoft writes the first letter of an enumeration's members in either case.
fn is_same_name(known: &str, text: &str) -> bool {
    match (known.split_at_checked(1), text.split_at_checked(1)) {
        (Some((a, known)), Some((b, text))) => a.eq_ignore_ascii_case(b) && known == text,
        _ => false,
    }
}

/// One form for a time: the digits of the fraction without zeros at the end, at most nine.
fn date_time(text: &str) -> String {
    let zone =
        text.find(['Z', 'z', '+']).or_else(|| text.rfind('-').filter(|at| *at > 10)).unwrap_or(text.len());
    let (time, zone) = text.split_at(zone);
    let time = if time.matches(':').count() == 1 { format!("{time}:00") } else { time.into() };
    let time = match time.split_once('.') {
        Some((whole, digits)) => {
            let digits = digits[..digits.len().min(9)].trim_end_matches('0');
            if digits.is_empty() { whole.into() } else { format!("{whole}.{digits}") }
        }
        None => time,
    };
    let zone = if matches!(zone, "+00:00" | "-00:00" | "z") { "Z" } else { zone };
    format!("{}{zone}", time.replace('t', "T"))
}

/// The members of a call that are not known: the path of the object that holds each, its name and its value.
pub fn unknown_members(body: &Value) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    if let Value::Object(members) = body {
        strangers(members, &CALL, "", &mut found);
    }
    found
}

fn strangers(
    members: &Map<String, Value>,
    record: &Record,
    path: &str,
    found: &mut Vec<(String, String, String)>,
) {
    let join = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    for (name, value) in members {
        let known = record.member(one_spelling(name));
        match (known.map(|member| member.kind), value) {
            (Some(Kind::Object(record)), Value::Object(members)) => {
                strangers(members, record, &join(name), found);
            }
            (Some(Kind::Objects(record) | Kind::ObjectsOrIds(record)), Value::Array(elements)) => {
                for (index, element) in elements.iter().filter(|element| !element.is_null()).enumerate() {
                    if let Value::Object(members) = element {
                        strangers(members, record, &join(&format!("{name}[{index}]")), found);
                    }
                }
            }
            (Some(_), _) => {}
            (None, _) if name == "@odata.type" && (record.types().is_some() || path.is_empty()) => {}
            (None, _) if annotated(name, record).is_some() => {}
            (None, value) => found.push((path.to_owned(), name.clone(), value.to_string())),
        }
    }
}

/// Whether a text is a date and time of RFC 3339, of which OData's grammar leaves out the seconds or allows twelve digits of
/// a fraction, and services the offset. A leap second ends June or December by UTC.
pub fn is_date_time(text: &str) -> bool {
    judge_date_time(text).is_some()
}

fn judge_date_time(text: &str) -> Option<()> {
    let text = text.to_ascii_uppercase();
    let (date, time) = text.split_once('T')?;
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let is_leap = year % 4 == 0 && year % 100 != 0 || year % 400 == 0;
    let lengths = [31, 28 + i64::from(is_leap), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let month_length = *lengths.get(usize::try_from(month - 1).ok()?)?;
    if !(1..=month_length).contains(&day) {
        return None;
    }
    let (clock, ahead) = match time.find(['Z', '+', '-']) {
        None => (time, 0),
        Some(at) if &time[at..] == "Z" => (&time[..at], 0),
        Some(at) if time[at..].starts_with('Z') => return None,
        Some(at) => {
            let [hours, minutes] = numbers(&time[at + 1..], ':', [2, 2])?;
            let ahead = (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)?;
            (&time[..at], if &time[at..=at] == "-" { -ahead } else { ahead })
        }
    };
    let (clock, fraction) = clock.split_once('.').map_or((clock, None), |(clock, rest)| (clock, Some(rest)));
    let is_fraction = |digits: &str| (1..=12).contains(&digits.len()) && is_digits(digits);
    let [hour, minute, second] = match (numbers(clock, ':', [2, 2, 2]), numbers(clock, ':', [2, 2])) {
        (Some(clock), _) => clock,
        (_, Some([hour, minute])) if fraction.is_none() => [hour, minute, 0],
        _ => return None,
    };
    if hour > 23 || minute > 59 || second > 60 || !fraction.is_none_or(is_fraction) {
        return None;
    }
    if second == 60 {
        // The minute in which it stands, counted by UTC from the first of the month, has to be the last of a month.
        let minutes = ((day - 1) * 24 + hour) * 60 + minute - ahead;
        let month = if minutes < 0 { (month + 10) % 12 + 1 } else { month };
        let is_last = minutes == -1 || minutes == month_length * 24 * 60 - 1;
        return (is_last && matches!(month, 6 | 12)).then_some(());
    }
    Some(())
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The numbers of so many digits that stand between marks.
fn numbers<const N: usize>(text: &str, mark: char, lengths: [usize; N]) -> Option<[i64; N]> {
    let mut numbers = [0; N];
    let mut parts = text.split(mark);
    for (number, length) in numbers.iter_mut().zip(lengths) {
        let part = parts.next().filter(|part| part.len() == length && is_digits(part))?;
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(numbers)
}

/// Whether every known member has the type that is published for it; if not, which one.
pub fn judge(body: &Value) -> Result<(), String> {
    match body {
        Value::Object(members) => judge_body(members).and_then(|()| judge_members(members, &CALL)),
        _ => Err("no object".into()),
    }
}

/// Whether an object says itself that it is something else than a call.
fn judge_body(members: &Map<String, Value>) -> Result<(), String> {
    match members.get("@odata.type") {
        None | Some(Value::Null) => {}
        Some(Value::String(name)) if name.trim_start_matches('#') == "microsoft.graph.call" => {}
        Some(other) => return Err(format!("of another type: {other}")),
    }
    let is_call = members.keys().any(|name| CALL.member(one_spelling(name)).is_some());
    match ["error", "value"].iter().find(|name| members.contains_key(**name)) {
        Some(name) if !is_call => Err(format!("no member of a call, but {name}")),
        _ => Ok(()),
    }
}

/// What becomes of a body of which only these members have to be right: the members that cannot be read, and the body
/// without them; or why it is refused. `None` if that cannot be told from its values.
pub fn spared(body: &[u8], required: &[&str]) -> Option<Result<(Vec<&'static str>, Value), String>> {
    let replaced = without_lone_surrogates(body);
    if has_repeated_name(&replaced) {
        return None;
    }
    let mut rest: Value = serde_json::from_slice(&replaced).ok()?;
    let halves: Value = serde_json::from_slice(&with_lone_surrogates_as(body, b"\\ufdd0")).ok()?;
    let (Value::Object(members), Value::Object(halves)) = (&mut rest, &halves) else {
        return Some(Err("no object".into()));
    };
    if replaced != body && Value::from(members.clone()).to_string().contains('\u{fdd0}') {
        return None;
    }
    if let Err(why) = judge_body(members) {
        return Some(Err(why));
    }
    if halves.get("@odata.type").is_some_and(|name| is_marked(name, Kind::Exact)) {
        return Some(Err("half a character in its type".into()));
    }
    let mut wrong = Vec::new();
    for member in CALL.members {
        let is_about = |name: &str| {
            name == member.name || annotated(name, &CALL).is_some_and(|(list, _)| list == member.name)
        };
        let about = |all: &Map<String, Value>| -> Map<String, Value> {
            all.iter()
                .filter(|(name, _)| is_about(name))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect()
        };
        let judged = judge_members(&about(members), &CALL);
        let has_half = replaced != body && is_marked(&Value::Object(about(halves)), Kind::Object(&CALL));
        if judged.is_ok() && !has_half {
            continue;
        }
        if required.contains(&member.name) {
            return Some(Err(format!("{} is wrong", member.name)));
        }
        wrong.push(member.name);
        members.retain(|name, _| !is_about(name));
    }
    Some(Ok((wrong, rest)))
}

fn judge_members(members: &Map<String, Value>, record: &Record) -> Result<(), String> {
    for (name, value) in members {
        match annotated(name, record) {
            Some((_, Annotation::Count))
                if !value.is_null() && integer(value).is_none_or(|count| count < 0) =>
            {
                return Err(format!("{name}: {value} is no count"));
            }
            Some((_, Annotation::NextLink)) if !value.is_null() && !value.is_string() => {
                return Err(format!("{name}: {value} is no link"));
            }
            _ => {}
        }
        let kind = match name.as_str() {
            "@odata.type" if record.types().is_some() => Kind::Exact,
            _ => match record.member(one_spelling(name)) {
                Some(member) => member.kind,
                None => continue,
            },
        };
        judge_value(value, kind).map_err(|why| format!("{name}: {why}"))?;
    }
    Ok(())
}

fn judge_value(value: &Value, kind: Kind) -> Result<(), String> {
    let fits = match (kind, value) {
        (Kind::Untyped, _) | (_, Value::Null) => true,
        (Kind::Object(record), Value::Object(members)) => return judge_members(members, record),
        (Kind::Strings | Kind::Enums(_), Value::Array(elements)) => {
            return elements.iter().try_for_each(|value| judge_value(value, Kind::Exact));
        }
        (Kind::Objects(record), Value::Array(elements)) => {
            return elements.iter().try_for_each(|value| judge_value(value, Kind::Object(record)));
        }
        (Kind::ObjectsOrIds(record), Value::Array(elements)) => {
            let objects = elements.iter().filter(|element| !element.is_string());
            return objects.into_iter().try_for_each(|value| judge_value(value, Kind::Object(record)));
        }
        (Kind::Text | Kind::Exact | Kind::Secret | Kind::Enum(_), Value::String(_)) => true,
        (Kind::Double, Value::Number(_)) => true,
        // `nanInfinity` of OData's grammar.
        (Kind::Double, Value::String(text)) => ["NaN", "INF", "-INF"].contains(&text.as_str()),
        (Kind::Boolean, Value::Bool(_)) => true,
        (Kind::Int32, value) => integer(value).is_some_and(|number| i32::try_from(number).is_ok()),
        (Kind::Int64, value) => integer(value).is_some(),
        (Kind::DateTime, Value::String(text)) => is_date_time(text),
        _ => false,
    };
    if fits { Ok(()) } else { Err(format!("{value} is no {kind:?}")) }
}

fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| (number.to_string() == "-0.0").then_some(0)),
        Value::String(text) => {
            let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
            // As many as an integer of 64 bits can need: zeros before it without end are no spelling of one.
            let all = (1..=19).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
            if all { text.parse().ok() } else { None }
        }
        _ => None,
    }
}

/// Whether some identity has more members beyond the common ones than any kind has: only the first ones are kept,
/// and a value does not say which those are.
pub fn is_crowded(body: &Value) -> bool {
    match body {
        Value::Object(members) => {
            let is_extra =
                |name: &&String| IDENTITY.member(name).is_some() && !COMMON.contains(&name.as_str());
            members.keys().filter(is_extra).count() > 2 || members.values().any(is_crowded)
        }
        Value::Array(elements) => elements.iter().any(is_crowded),
        _ => false,
    }
}

/// Whether `serde_json` refuses a text only since a number in it is too large for a double.
pub fn is_out_of_range(error: &serde_json::Error) -> bool {
    error.to_string().starts_with("number out of range")
}

/// A JSON text in which an escape of U+FFFD stands for each escape of half a surrogate pair.
///
/// What follows a backslash is looked at only in strings, where all backslashes of a JSON text are.
pub fn without_lone_surrogates(text: &[u8]) -> Vec<u8> {
    with_lone_surrogates_as(text, b"\\ufffd")
}

fn with_lone_surrogates_as(text: &[u8], stand_in: &[u8]) -> Vec<u8> {
    let unit = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix(b"\\u")?;
        let all = digits.iter().all(u8::is_ascii_hexdigit);
        all.then(|| u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok())?
    };
    let mut output = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let length = match (unit(at), unit(at + 6)) {
            (Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => 12,
            (Some(0xd800..0xe000), _) => {
                output.extend(stand_in);
                at += 6;
                continue;
            }
            (Some(_), _) => 6,
            (None, _) if text[at] == b'\\' => 2.min(text.len() - at),
            (None, _) => 1,
        };
        output.extend(&text[at..at + length]);
        at += length;
    }
    output
}

/// Whether half a surrogate pair stands where it is kept: in a member of known type that holds a string, or should hold an
/// object. `None` if it cannot be told, since no character is left to stand for such a half.
pub fn keeps_lone_surrogate(text: &[u8]) -> Option<bool> {
    // A noncharacter of which nothing in the text speaks.
    let marked = with_lone_surrogates_as(text, b"\\ufdd0");
    if marked == text {
        return Some(false);
    }
    let unmarked: Value = serde_json::from_slice(&without_lone_surrogates(text)).ok()?;
    let value: Value = serde_json::from_slice(&marked).ok()?;
    (!unmarked.to_string().contains('\u{fdd0}')).then(|| is_marked(&value, Kind::Object(&CALL)))
}

fn is_marked(value: &Value, kind: Kind) -> bool {
    match (value, kind) {
        (_, Kind::Untyped) => false,
        (Value::String(text), _) => text.contains('\u{fdd0}'),
        (Value::Array(elements), Kind::Objects(record) | Kind::ObjectsOrIds(record)) => {
            elements.iter().any(|element| is_marked(element, Kind::Object(record)))
        }
        (Value::Array(elements), Kind::Strings | Kind::Enums(_)) => {
            elements.iter().any(|element| is_marked(element, Kind::Exact))
        }
        (Value::Object(members), Kind::Object(record)) => members.iter().any(|(name, value)| {
            let known = record.member(one_spelling(name)).map(|member| member.kind);
            let is_type = name == "@odata.type" && (record.types().is_some() || record.name == CALL.name);
            let is_said = annotated(name, record).is_some();
            known
                .or_else(|| (is_type || is_said).then_some(Kind::Exact))
                .is_some_and(|kind| is_marked(value, kind))
        }),
        _ => false,
    }
}

/// Whether some object of a JSON text has one name twice, which a value does not say: of such members it keeps the last.
pub fn has_repeated_name(body: &[u8]) -> bool {
    serde_json::from_slice(body).is_ok_and(|Repetition { found, .. }| found)
}

/// Whether some object of a JSON text says twice how many elements a list has. The value keeps the last number, the library
/// the larger one.
pub fn has_repeated_count(body: &[u8]) -> bool {
    serde_json::from_slice(body).is_ok_and(|Repetition { of_count, .. }| of_count)
}

/// Whether a name stands twice in a value or in one below it, and whether it is that of a count.
#[derive(Clone, Copy, Default)]
struct Repetition {
    found: bool,
    of_count: bool,
}

impl Repetition {
    fn or(self, below: Self) -> Self {
        Self { found: self.found | below.found, of_count: self.of_count | below.of_count }
    }
}

impl<'de> Deserialize<'de> for Repetition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self::default())
    }
}

impl<'de> Visitor<'de> for Repetition {
    type Value = Self;

    fn expecting(&self, formatter: &mut Formatter<'_>) -> Written {
        formatter.write_str("any value")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<Self, A::Error> {
        let mut names = HashSet::new();
        while let Some((name, below)) = members.next_entry::<String, Self>()? {
            let found = !names.insert(one_spelling(&name).to_owned());
            self = self.or(below).or(Self { found, of_count: found && name.ends_with("@odata.count") });
        }
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut elements: A) -> Result<Self, A::Error> {
        while let Some(below) = elements.next_element()? {
            self = self.or(below);
        }
        Ok(self)
    }

    fn visit_unit<E: Error>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }
}

/// Where two values differ, a line for each place.
pub fn differences(ours: &Value, expected: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare("", ours, expected, &mut found);
    found
}

/// Whether two doubles are one but for the last digit, to which `serde_json` does not read a number as it stands.
fn is_nearest(ours: Option<f64>, expected: Option<f64>) -> bool {
    let (Some(ours), Some(expected)) = (ours, expected) else { return false };
    ours.fract() != 0.0 && (ours - expected).abs() <= ours.abs() * 1e-15
}

fn compare(path: &str, ours: &Value, expected: &Value, found: &mut Vec<String>) {
    match (ours, expected) {
        (Value::Object(ours), Value::Object(expected)) => {
            for (name, ours) in ours {
                let path = format!("{path}.{name}");
                match expected.get(name) {
                    Some(expected) => compare(&path, ours, expected, found),
                    None => found.push(format!("{path}: {ours} where nothing is expected")),
                }
            }
            let missing = expected.iter().filter(|(name, _)| !ours.contains_key(*name));
            found.extend(
                missing.map(|(name, expected)| format!("{path}.{name}: missing, {expected} expected")),
            );
        }
        (Value::Array(ours), Value::Array(expected)) if ours.len() == expected.len() => {
            for (index, (ours, expected)) in ours.iter().zip(expected).enumerate() {
                compare(&format!("{path}[{index}]"), ours, expected, found);
            }
        }
        _ if ours == expected => {}
        // An array has no room for a link, and says by an empty one that there is more.
        (Value::String(ours), Value::String(_)) if ours.is_empty() && path.ends_with("@odata.nextLink") => {}
        (Value::Number(ours), Value::Number(expected)) if is_nearest(ours.as_f64(), expected.as_f64()) => {}
        _ => found.push(format!("{path}: {ours}, expected {expected}")),
    }
}
