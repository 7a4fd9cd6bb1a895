//! The JSON texts in a file.
//!
//! - takes: the bytes of a file, and what it is said to be
//! - gives: texts with their place in the file
//! - keeps: nothing
//! - refuses: a file that is not what it is said to be

use std::borrow::Cow;
use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::ValueEnum;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::outline::Outline;

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
    if content.trim_ascii_start().starts_with(b"HTTP/") {
        return Format::Curl;
    }
    match Outline::read(content, false) {
        Some(outline) if outline.is_archive() => Format::Har,
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
        let (mut length, mut is_coded) = (None, false);
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
            let (name, value) = (&line[..colon], line[colon + 1..].trim_ascii());
            if name.eq_ignore_ascii_case(b"content-length") {
                length = core::str::from_utf8(value).ok().and_then(|value| value.parse::<usize>().ok());
            }
            // The length is that of what curl has decompressed.
            is_coded |= name.eq_ignore_ascii_case(b"content-encoding");
        }
        if is_head(at) {
            continue;
        }
        let rest = &content[at..];
        let length = length.filter(|length| *length <= rest.len() && !is_coded);
        let end = at + length.unwrap_or_else(|| up_to_head(rest));
        let place = format!("the answer at byte {start}");
        let place = if start == 0 && end == content.len() { String::new() } else { place };
        texts.push(Text { place, status: Some(status), ..text(content, at..end) });
        at = end;
    }
}

/// The length of a content that no head tells, such as one that came in chunks: it ends where the next head begins.
fn up_to_head(content: &[u8]) -> usize {
    // A text of JSON may quote a head.
    let mut texts = serde_json::Deserializer::from_slice(content).into_iter::<IgnoredAny>();
    let start = if let Some(Ok(_)) = texts.next() { texts.byte_offset() } else { 0 };
    let is_head = |at: &usize| {
        let rest = &content[*at..];
        // As far as the status.
        rest.starts_with(b"HTTP/") && status(&rest[..rest.len().min("HTTP/1.1 200".len())]).is_some()
    };
    (start..content.len()).find(is_head).unwrap_or(content.len())
}

/// `status-line = HTTP-version SP status-code SP [ reason-phrase ]` (RFC 9112, section 4)
fn status(line: &[u8]) -> Option<u16> {
    let line = core::str::from_utf8(line).ok()?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{Format, guess, texts};
    use crate::outline::candidates;

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
        // In chunks, or compressed on the way: where a content ends its head does not say.
        for (field, length) in
            [("Transfer-Encoding: chunked", ""), ("Content-Encoding: gzip", "Content-Length: 3\r\n")]
        {
            for content in ["{\"a\":\"HTTP/1.1 200 OK\"}", "[]\n", "<p>no JSON</p>", "{\"cut\":"] {
                let one = format!("HTTP/1.1 500 No\r\n{field}\r\n{length}\r\n{content}");
                let expected = vec![(Some(500), content.to_owned()); 2];
                assert_eq!(shown(&format!("{one}{one}")), Ok(expected), "{field}");
            }
        }
        for wrong in ["", "{}", "HTTP/1.1", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{}"] {
            assert!(shown(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn no_bytes_are_too_strange() {
        let words: [&[u8]; 16] = [
            b"HTTP/1.1 200 OK\r\n",
            b"HTTP/",
            b"Content-Length: 5\r\n",
            b"content-length: 99999999999999999999\n",
            b"\r\n",
            b"\n",
            b"{\"log\":{\"entries\":[",
            b"{\"value\":[{\"id\":\"1\"}",
            b"]",
            b"}",
            b":",
            b"\xef\xbb\xbf",
            b"\xff",
            b" ",
            b"{}",
            b"[",
        ];
        // Numbers as good as any, the same on every run.
        let mut state = 1_u64;
        let mut next = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) % below
        };
        let mut found = 0;
        for _ in 0..20_000 {
            let mut content = Vec::new();
            for _ in 0..next(9) {
                content.extend_from_slice(words[next(16) as usize]);
            }
            for format in [Format::Auto, Format::Json, Format::Ndjson, Format::Har, Format::Curl] {
                for text in texts(&content, format).unwrap_or_default() {
                    assert!(text.range.end <= text.content.len(), "{content:?}");
                    for (_, range) in candidates(text.bytes(), false).unwrap_or_default() {
                        let object = &text.bytes()[range];
                        assert!(serde_json::from_slice::<serde_json::Value>(object).is_ok(), "{content:?}");
                        found += 1;
                    }
                }
            }
        }
        assert!(found > 1_000, "{found} objects are no trial");
    }
}
