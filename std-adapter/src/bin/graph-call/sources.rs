//! What files have calls in: the JSON texts in a file, and the objects in a text that may be calls.
//!
//! - takes: the bytes of a file, and what it is said to be
//! - gives: texts with their place in the file; the places of objects in a text
//! - keeps: nothing
//! - refuses: a file that is not what it is said to be

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::ValueEnum;
use graph_call::json::{Lexer, Piece, Token};
use serde::Deserialize;

/// What a file is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Format {
    /// Whichever of the others it looks like
    Auto,
    /// One JSON text
    Json,
    /// A JSON text on each line
    Ndjson,
    /// An HTTP archive, as browsers save it
    Har,
    /// Heads and contents, as curl -i prints them
    Curl,
}

/// A JSON text in a file.
#[derive(Debug)]
pub(crate) struct Text<'c> {
    /// Where it is: empty if it is all of the file.
    pub(crate) place: String,
    /// The HTTP status that came with it.
    pub(crate) status: Option<u16>,
    /// What its offsets count in: the file, or what is encoded there.
    pub(crate) content: Cow<'c, [u8]>,
    /// Its part of the content.
    pub(crate) range: Range<usize>,
}

/// The JSON texts in a file.
pub(crate) fn texts(content: &[u8], format: Format) -> Result<Vec<Text<'_>>, String> {
    match format {
        Format::Auto => texts(content, guess(content)),
        Format::Json => Ok(vec![Text { place: String::new(), ..text(content, 0..content.len()) }]),
        Format::Ndjson => Ok(lines(content)),
        Format::Har => archive(content),
        Format::Curl => answers(content),
    }
}

/// What a file most probably is.
fn guess(content: &[u8]) -> Format {
    let is_entry = |place: &Place| matches!(&place.0[..], [Step::Name(log), Step::Name(entries), _] if log == "log" && entries == "entries");
    if content.trim_ascii_start().starts_with(b"HTTP/") {
        return Format::Curl;
    }
    match Outline::read(content, false) {
        Some(outline) if outline.objects.iter().any(|(place, _)| is_entry(place)) => Format::Har,
        None if lines(content).len() > 1 && lines(content).iter().all(Text::is_whole) => Format::Ndjson,
        _ => Format::Json,
    }
}

fn text(content: &[u8], range: Range<usize>) -> Text<'_> {
    Text { place: String::new(), status: None, content: Cow::Borrowed(content), range }
}

impl Text<'_> {
    /// The text itself.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.content.get(self.range.clone()).unwrap_or_default()
    }

    /// Whether it begins as an object or a list does, and ends so.
    fn is_whole(&self) -> bool {
        matches!(self.bytes().trim_ascii(), [b'{', .., b'}'] | [b'[', .., b']'])
    }
}

/// The lines that are not blank.
fn lines(content: &[u8]) -> Vec<Text<'_>> {
    let mut start = 0;
    let mut texts = Vec::new();
    for (line, number) in content.split(|byte| *byte == b'\n').zip(1..) {
        let range = start..start + line.len();
        start = range.end + 1;
        if !line.trim_ascii().is_empty() {
            texts.push(Text { place: format!("line {number}"), ..text(content, range) });
        }
    }
    texts
}

/// The answers of an HTTP archive (HAR 1.2) to requests for calls.
fn archive(content: &[u8]) -> Result<Vec<Text<'_>>, String> {
    #[derive(Deserialize)]
    struct Archive {
        log: Log,
    }
    #[derive(Deserialize)]
    struct Log {
        entries: Vec<Entry>,
    }
    #[derive(Deserialize)]
    struct Entry {
        request: Request,
        response: Response,
    }
    #[derive(Deserialize)]
    struct Request {
        url: String,
    }
    #[derive(Deserialize)]
    struct Response {
        status: u16,
        content: Content,
    }
    #[derive(Deserialize)]
    struct Content {
        text: Option<String>,
        encoding: Option<String>,
    }
    let content = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
    // The parser's own words may quote the file, which has tokens in it.
    let archive: Archive = serde_json::from_slice(content).map_err(|error| {
        format!("no HTTP archive (HAR), at line {}, column {}", error.line(), error.column())
    })?;
    let is_of_calls = |entry: &Entry| {
        let url = entry.request.url.to_ascii_lowercase();
        url.contains("/communications/calls") || url.contains("/app/calls")
    };
    let entries = archive.log.entries.into_iter().zip(0..).filter(|(entry, _)| is_of_calls(entry));
    Ok(entries
        .map(|(Entry { response, .. }, index)| {
            let text = response.content.text.unwrap_or_default().into_bytes();
            let bytes = match response.content.encoding.as_deref() {
                Some("base64") => STANDARD.decode(&text).unwrap_or(text),
                _ => text,
            };
            let range = 0..bytes.len();
            let (place, status) = (format!("log.entries[{index}]"), Some(response.status));
            Text { place, status, content: Cow::Owned(bytes), range }
        })
        .collect())
}

/// The contents behind heads, one after the other; a head without content (an interim one, a proxy's) gives none.
fn answers(content: &[u8]) -> Result<Vec<Text<'_>>, String> {
    let mut texts = Vec::new();
    let mut at = 0;
    let is_head = |at: usize| content.get(at..).is_some_and(|rest| rest.starts_with(b"HTTP/"));
    loop {
        at += content[at..].len() - content[at..].trim_ascii_start().len();
        if at == content.len() && !texts.is_empty() {
            return Ok(texts);
        }
        if !is_head(at) {
            let what = "there is no HTTP head where one was expected";
            return Err(format!("{what}, at byte {at}: curl -i prints one before each content"));
        }
        let start = at;
        let mut length = None;
        let mut lines = content[at..].split_inclusive(|byte| *byte == b'\n');
        let status = lines.next().map(|line| (line.len(), status(line)));
        let Some((line_length, Some(status))) = status else {
            return Err(format!("the HTTP head at byte {start} has no status"));
        };
        at += line_length;
        for line in lines {
            at += line.len();
            let line = line.trim_ascii();
            let Some(colon) = line.iter().position(|byte| *byte == b':') else { break };
            if line[..colon].eq_ignore_ascii_case(b"content-length") {
                let value = String::from_utf8_lossy(line[colon + 1..].trim_ascii()).into_owned();
                length = value.parse::<usize>().ok();
            }
        }
        if is_head(at) {
            continue;
        }
        let rest = content.len() - at;
        let end = at + length.filter(|length| *length <= rest).unwrap_or(rest);
        let place = format!("the answer at byte {start}");
        let place = if start == 0 && end == content.len() { String::new() } else { place };
        texts.push(Text { place, status: Some(status), ..text(content, at..end) });
        at = end;
    }
}

/// `status-line = HTTP-version SP status-code SP [ reason-phrase ]` (RFC 9112, section 4)
fn status(line: &[u8]) -> Option<u16> {
    let line = core::str::from_utf8(line).ok()?;
    line.split_whitespace().nth(1)?.parse().ok()
}

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
struct Outline {
    objects: Vec<(Place, Range<usize>)>,
    /// Whether the text is a list, or has one as its member `value`.
    is_list: bool,
}

impl Outline {
    fn read(text: &[u8], trailing_commas: bool) -> Option<Self> {
        /// An object or array that is open.
        struct Open {
            start: usize,
            step: Step,
        }
        let mut lexer = Lexer::with(trailing_commas);
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
    use super::{Format, candidates, guess, texts};

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

    #[test]
    fn a_file_is_taken_for_what_it_looks_like() {
        for (content, format) in [
            ("", Format::Json),
            ("{\n}\n", Format::Json),
            ("{\n\"a\":1}\n{\"b\":2}", Format::Json),
            ("{\"a\":1}\r\n\r\n{\"b\":2}\n", Format::Ndjson),
            ("[1]\n{\"b\":oops}\n", Format::Ndjson),
            ("{\"log\":{\"entries\":[{\"request\":{}}]}}", Format::Har),
            ("\n HTTP/2 200 \r\n\r\n{}", Format::Curl),
        ] {
            assert_eq!(guess(content.as_bytes()), format, "{content}");
        }
    }

    #[test]
    fn contents_stand_behind_their_heads() {
        let shown = |content: &str| {
            let texts = texts(content.as_bytes(), Format::Curl)?;
            Ok(texts
                .iter()
                .map(|text| (text.status, String::from_utf8_lossy(text.bytes()).into_owned()))
                .collect())
        };
        let one = |status, text: &str| Ok::<_, String>(vec![(Some(status), text.to_owned())]);
        assert_eq!(shown("HTTP/2 404 \r\nx: y\r\n\r\n{}\n"), one(404, "{}\n"));
        assert_eq!(
            shown(
                "HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 100 Continue\n\nHTTP/1.1 200 OK\n\n{}"
            ),
            one(200, "{}")
        );
        let two =
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 404 No\r\ncontent-length:99\r\n\r\n[]\n";
        assert_eq!(shown(two), Ok(vec![(Some(200), "{}".to_owned()), (Some(404), "[]\n".to_owned())]));
        for wrong in ["", "{}", "HTTP/1.1", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{}"] {
            assert!(shown(wrong).is_err(), "{wrong}");
        }
    }
}
