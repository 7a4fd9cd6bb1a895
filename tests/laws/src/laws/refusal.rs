//! The law of what the service says when it refuses, and a reader of it that owes the library nothing.

use core::{fmt, mem};

use graph_call::GraphError;
use graph_call::exchange::REFUSAL_BYTES_MAX;
use graph_call::json::Fault;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::exchange_of;
use crate::oracle::is_out_of_range;

/// Inner errors that are read.
const INNER_MAX: usize = 7;

/// The depth of the members of a detail, which is no depth of an inner error.
const IN_DETAILS: usize = usize::MAX;

/// Any bytes as the content of a refusal: every member as `serde_json` sees it, those before a fault too; read alike
/// alone and in pieces of an answer.
pub fn graph_error(content: &[u8]) {
    let mut ours: GraphError = GraphError::empty();
    let result = ours.parse_into(content);
    if !content.is_empty() && content.len() <= REFUSAL_BYTES_MAX {
        let head = format!(
            "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            content.len()
        );
        let answer = [head.as_bytes(), content].concat();
        let whole = exchange_of([&answer[..]]);
        assert_eq!(whole.closed, Ok(()), "a refusal is an answer, whatever its content");
        let expected = format!("404 Error({ours:?}) {} None", result.is_ok());
        assert_eq!(whole.reply.as_deref(), Some(expected.as_str()));
        for length in [1, 3, 16] {
            assert_eq!(exchange_of(answer.chunks(length)).reply, whole.reply, "in pieces of {length}");
        }
    }
    let sound = result.map_or_else(|error| &content[..error.offset], |()| content);
    // Whether a number that ends where the text does is whole, `serde_json` does not wonder.
    if result.is_err() && sound.last().is_some_and(u8::is_ascii_digit) {
        return;
    }
    let mut theirs = Refusal::default();
    let mut deserializer = serde_json::Deserializer::from_slice(sound);
    let read = Object { refusal: &mut theirs, depth: 0 }.deserialize(&mut deserializer);
    match read.and_then(|()| deserializer.end()) {
        Err(error) if is_out_of_range(&error) => return,
        // Before what follows the document, this is whole.
        read => {
            let is_whole = result.is_ok() || result.is_err_and(|error| error.fault == Fault::AfterEnd);
            assert_eq!(read.is_ok(), is_whole, "{read:?}");
        }
    }
    theirs.give_up();
    for (ours, theirs, room) in [
        (ours.code.as_str(), &theirs.code, 64),
        (ours.inner_code.as_str(), &theirs.inner_code, 64),
        (ours.request_id.as_str(), &theirs.request_id, 40),
        (ours.client_request_id.as_str(), &theirs.client_request_id, 40),
        (ours.date.as_str(), &theirs.date, 40),
    ] {
        theirs.value.check(ours, |text| (text.len() <= room).then_some(text));
    }
    theirs.message.value.check(ours.message.as_str(), |text| Some(&text[..text.floor_char_boundary(256)]));
    theirs.target.value.check(ours.target.as_str(), |text| Some(&text[..text.floor_char_boundary(64)]));
    assert_eq!(ours.details.total(), theirs.details.len());
    assert_eq!(ours.details.as_slice().len(), theirs.details.len().min(2));
    for (ours, [code, target, message]) in ours.details.as_slice().iter().zip(&theirs.details) {
        code.check(ours.code.as_str(), |text| (text.len() <= 64).then_some(text));
        target.check(ours.target.as_str(), |text| Some(&text[..text.floor_char_boundary(64)]));
        message.check(ours.message.as_str(), |text| Some(&text[..text.floor_char_boundary(64)]));
    }
}

/// What was found of a member.
#[derive(Debug, Default)]
enum Found {
    #[default]
    Nothing,
    Text(String),
    Number(f64),
    /// The texts of a problem, one after the other.
    Both(Box<[Self; 2]>),
}

impl Found {
    fn check(&self, ours: Option<&str>, fit: impl Fn(&str) -> Option<&str>) {
        match self {
            Self::Nothing => assert_eq!(ours, None),
            Self::Text(text) => assert_eq!(ours, fit(text)),
            Self::Number(_) | Self::Both(_) => {
                if let Some(ours) = ours {
                    let is_full = fit(&format!("{ours}0")) == Some(ours);
                    let whole = self.like(ours, is_full);
                    assert_eq!(Some(ours), fit(&whole), "{self:?}");
                }
            }
        }
    }

    /// The whole text that `ours` is, or the beginning of it where there is no room for more. Of a number the text is
    /// not known here, only its value: so its text is taken from there, where the value is right.
    fn like(&self, ours: &str, is_full: bool) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Text(text) => text.clone(),
            Self::Number(number) => {
                let end = ours.find(|of: char| !of.is_ascii_digit() && !"+-.eE".contains(of));
                let text = &ours[..end.unwrap_or(ours.len())];
                // A reader of numbers may be a few units of the last place off.
                let is_near = text.parse().is_ok_and(|value: f64| {
                    (value - number).abs() <= number.abs() * 1e-14 + f64::MIN_POSITIVE
                });
                assert!(is_near || (is_full && end.is_none()), "{text}, {number}");
                text.to_owned()
            }
            Self::Both(texts) => {
                let first = texts[0].like(ours, is_full) + ": ";
                let second = ours.get(first.len()..).map(|rest| texts[1].like(rest, is_full));
                first + &second.unwrap_or_default()
            }
        }
    }
}

#[derive(Debug, Default)]
struct Member {
    value: Found,
    /// How deep.
    depth: usize,
}

#[derive(Debug, Default)]
struct Refusal {
    code: Member,
    inner_code: Member,
    request_id: Member,
    client_request_id: Member,
    date: Member,
    message: Member,
    target: Member,
    /// Code, target and message of each.
    details: Vec<[Found; 3]>,
    /// The member whose value is being read.
    open: Option<(String, usize)>,
}

impl Refusal {
    /// The member of this name at this depth, if it is not known from further inside.
    fn member(&mut self, name: &str, depth: usize) -> Option<&mut Member> {
        let member = match (name, depth) {
            ("title" | "detail", 0) => &mut self.message,
            (_, 0) => return None,
            ("target", 1) => &mut self.target,
            ("code", 1) => &mut self.code,
            ("message", 1) => &mut self.message,
            ("code", _) => &mut self.inner_code,
            ("request-id", _) => &mut self.request_id,
            ("client-request-id", _) => &mut self.client_request_id,
            ("date", _) => &mut self.date,
            _ => return None,
        };
        (member.depth <= depth).then_some(member)
    }

    fn set(&mut self, value: Found) {
        let Some((name, depth)) = self.open.take() else { return };
        if depth == IN_DETAILS {
            let at = ["code", "target", "message"].iter().position(|known| *known == name);
            if let (Some(at), Some(detail)) = (at, self.details.last_mut()) {
                detail[at] = value;
            }
        } else if let Some(member) = self.member(&name, depth) {
            let value = match (mem::take(&mut member.value), value) {
                (_, Found::Nothing) => Found::Nothing,
                (Found::Nothing, value) => value,
                // The texts of a problem.
                (first, second) if depth == 0 => Found::Both(Box::new([first, second])),
                (_, value) => value,
            };
            *member = Member { value, depth };
        }
    }

    /// A fault stands in the member that is being read.
    fn give_up(&mut self) {
        self.set(Found::Nothing);
    }
}

/// An object on the way to the innermost error: the content, the error, an inner error.
struct Object<'r> {
    refusal: &'r mut Refusal,
    depth: usize,
}

/// The array of details.
struct Details<'r>(&'r mut Refusal);

/// One of them.
struct Detail<'r>(&'r mut Refusal);

/// A value: of another type it says nothing.
struct Value<'r>(&'r mut Refusal);

impl<'de> DeserializeSeed<'de> for Object<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

macro_rules! seeds {
    ($($type:ident),*) => {
        $(impl<'de> DeserializeSeed<'de> for $type<'_> {
            type Value = ();

            fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
                deserializer.deserialize_any(self)
            }
        })*
    };
}

seeds!(Details, Detail);

/// Methods for the types that say nothing.
macro_rules! ignored {
    ($($visit:ident: $type:ty),*) => {
        $(fn $visit<E: Error>(self, _: $type) -> Result<(), E> {
            Ok(())
        })*
    };
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { refusal, depth } = self;
        while let Some(name) = map.next_key::<String>()? {
            let mut letters = name.chars();
            let first = letters.next().map(|letter| letter.to_ascii_lowercase());
            let name: String = first.into_iter().chain(letters).collect();
            let leads_on = match name.as_str() {
                "error" => depth == 0,
                "innerError" | "innererror" => (1..=INNER_MAX).contains(&depth),
                _ => false,
            };
            if name == "details" && depth == 1 {
                map.next_value_seed(Details(refusal))?;
            } else if leads_on {
                map.next_value_seed(Object { refusal, depth: depth + 1 })?;
            } else {
                refusal.open = Some((name, depth));
                map.next_value_seed(Value(refusal))?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    ignored! { visit_bool: bool, visit_u64: u64, visit_i64: i64, visit_f64: f64, visit_str: &str }
}

impl<'de> Visitor<'de> for Value<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.0.set(Found::Text(text.to_owned()));
        Ok(())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        self.visit_f64(number as f64)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        self.visit_f64(number as f64)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<(), E> {
        self.0.set(Found::Number(number));
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        self.0.open = None;
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        self.0.open = None;
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.0.open = None;
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.0.open = None;
        Ok(())
    }
}

impl<'de> Visitor<'de> for Details<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        self.0.details.clear();
        while seq.next_element_seed(Detail(self.0))?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    ignored! { visit_bool: bool, visit_u64: u64, visit_i64: i64, visit_f64: f64, visit_str: &str }
}

impl<'de> Visitor<'de> for Detail<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        self.0.details.push(Default::default());
        while let Some(name) = map.next_key::<String>()? {
            let mut letters = name.chars();
            let first = letters.next().map(|letter| letter.to_ascii_lowercase());
            self.0.open = Some((first.into_iter().chain(letters).collect(), IN_DETAILS));
            map.next_value_seed(Value(self.0))?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    ignored! { visit_bool: bool, visit_u64: u64, visit_i64: i64, visit_f64: f64, visit_str: &str }
}
