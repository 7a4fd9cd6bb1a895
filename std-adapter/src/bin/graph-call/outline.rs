//! The objects of a JSON text, and which of them may be calls.
//!
//! - takes: a JSON text
//! - gives: the places of what a notification is about, of the elements of a list, of what is wrapped
//! - keeps: nothing
//! - refuses: what is no JSON

use std::fmt;
use std::ops::Range;

use graph_call::json::{Lexer, Piece, Token};

/// The objects of a text that may be calls: what a notification is about, the elements of a list, what is wrapped, or
/// else the text itself. `None` if the text is no JSON.
pub(crate) fn candidates(text: &[u8], trailing_commas: bool) -> Option<Vec<(Place, Range<usize>)>> {
    let Outline { objects, is_list } = Outline::read(text, trailing_commas)?;
    let mut listed: Vec<(Place, Range<usize>)> = Vec::new();
    for (place, range) in objects.into_iter().filter(|(place, _)| place.is_listed()) {
        // What a notification is about ends before the notification does.
        if listed.last().is_none_or(|(last, _)| !last.is_about(&place)) {
            listed.push((place, range));
        }
    }
    let is_wrapper = is_list || !listed.is_empty();
    Some(if is_wrapper { listed } else { vec![(Place::default(), 0..text.len())] })
}

/// Where an object stands: `value[0].resourceData`.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Place(Vec<Step>);

#[derive(Clone, Debug, Eq, PartialEq)]
enum Step {
    Name(String),
    Index(usize),
}

impl Place {
    /// Whether it is the text itself.
    pub(crate) fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a call may stand there, in something else.
    fn is_listed(&self) -> bool {
        use Step::{Index, Name};
        let rest = match &self.0[..] {
            [Name(name), Index(_), Name(body)] if name == "responses" && body == "body" => return true,
            [Name(name)] if name == "value" || name == "resourceData" => return true,
            [Name(name), rest @ ..] if name == "value" => rest,
            rest => rest,
        };
        match rest {
            [Index(_)] => true,
            [Index(_), Name(name)] => name == "resourceData",
            _ => false,
        }
    }

    /// Whether this is what the notification in that place is about.
    fn is_about(&self, notification: &Self) -> bool {
        match &self.0[..] {
            [place @ .., Step::Name(name)] => name == "resourceData" && *place == notification.0[..],
            _ => false,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (step, number) in self.0.iter().zip(0..) {
            match step {
                Step::Name(name) if number == 0 => f.write_str(name)?,
                Step::Name(name) => write!(f, ".{name}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// Steps down to an object that are looked at.
const STEPS_MAX: usize = 3;

/// The objects of a text, not too deep, each with its place.
pub(crate) struct Outline {
    objects: Vec<(Place, Range<usize>)>,
    /// Whether the text is a list, or has one as its member `value`.
    is_list: bool,
}

impl Outline {
    /// Whether the text is an HTTP archive (HAR).
    pub(crate) fn is_archive(&self) -> bool {
        let is_entry = |place: &Place| matches!(&place.0[..], [Step::Name(log), Step::Name(entries), _] if log == "log" && entries == "entries");
        self.objects.iter().any(|(place, _)| is_entry(place))
    }

    pub(crate) fn read(text: &[u8], trailing_commas: bool) -> Option<Self> {
        /// An object or array that is open.
        struct Open {
            start: usize,
            step: Step,
        }
        let mut lexer = Lexer::new().trailing_commas(trailing_commas).lone_surrogates(true);
        let mut input = text;
        let mut open: Vec<Open> = Vec::new();
        let mut outline = Self { objects: Vec::new(), is_list: false };
        let mut name = Vec::new();
        while let Some(token) = lexer.next(&mut input).ok()? {
            let mut is_value = true;
            match token {
                Token::Name(Piece { bytes, last }) => {
                    name.extend_from_slice(bytes);
                    if let Some(Open { step, .. }) = open.last_mut().filter(|_| last) {
                        *step = Step::Name(String::from_utf8_lossy(&name).into_owned());
                        name.clear();
                    }
                    is_value = false;
                }
                Token::ObjectStart => {
                    open.push(Open { start: lexer.token_start(), step: Step::Name(String::new()) });
                    is_value = false;
                }
                Token::ArrayStart => {
                    let is_root = open.is_empty();
                    let is_value_of_root =
                        matches!(&open[..], [Open { step: Step::Name(name), .. }] if name == "value");
                    outline.is_list |= is_root || is_value_of_root;
                    open.push(Open { start: lexer.token_start(), step: Step::Index(0) });
                    is_value = false;
                }
                Token::ObjectEnd | Token::ArrayEnd => {
                    let closed = open.pop()?;
                    if token == Token::ObjectEnd && open.len() <= STEPS_MAX {
                        let place = Place(open.iter().map(|open| open.step.clone()).collect());
                        outline.objects.push((place, closed.start..lexer.offset()));
                    }
                }
                Token::String(Piece { last, .. }) | Token::Number(Piece { last, .. }) => is_value = last,
                Token::True | Token::False | Token::Null => {}
            }
            if let Some(Open { step: Step::Index(index), .. }) = open.last_mut().filter(|_| is_value) {
                *index += 1;
            }
        }
        lexer.finish().ok()?;
        Some(outline)
    }
}

#[cfg(test)]
mod tests {
    use super::candidates;

    fn places(text: &str) -> Option<Vec<String>> {
        let found = candidates(text.as_bytes(), true)?;
        Some(found.iter().map(|(place, range)| format!("{place}={}", &text[range.clone()])).collect())
    }

    #[test]
    fn every_wrapper_gives_what_it_wraps() {
        for (text, expected) in [
            (r#"{"id":"1","targets":[{"a":1}]}"#, &[r#"={"id":"1","targets":[{"a":1}]}"#][..]),
            (r#"[{"id":"1"}, 2, {"id":"2"},]"#, &[r#"[0]={"id":"1"}"#, r#"[2]={"id":"2"}"#]),
            (r#"{"value":{"id":"1"}}"#, &[r#"value={"id":"1"}"#]),
            (r#"{"changeType":"x","resourceData":{"id":"1"}}"#, &[r#"resourceData={"id":"1"}"#]),
            (r#"{"@odata.context":"x","value":[{"id":"1"}]}"#, &[r#"value[0]={"id":"1"}"#]),
            (
                r#"{"value":[{"changeType":"updated","resourceData":{"state":"x"}},{"resourceData":[{"a":1}]}]}"#,
                &[r#"value[0].resourceData={"state":"x"}"#, r#"value[1]={"resourceData":[{"a":1}]}"#],
            ),
            (r#"[{"\u0072esourceData":{"a":[{"b":{}}]}}]"#, &[r#"[0].resourceData={"a":[{"b":{}}]}"#]),
            (r#"{"responses":[{"status":200,"body":{"id":"1"}}]}"#, &[r#"responses[0].body={"id":"1"}"#]),
            (r#"{"value":[]}"#, &[]),
            ("[]", &[]),
            (r#"{"value":7}"#, &[r#"={"value":7}"#]),
        ] {
            assert_eq!(
                places(text).as_deref(),
                Some(&expected.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>()[..]),
                "{text}"
            );
        }
        assert_eq!(places("[1"), None);
    }
}
