//! `graph-call parse`: calls from files.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::ops::Range;
use std::path::{Path, PathBuf};

use graph_call::json::Fault;
use graph_call::{Error, ErrorKind, GraphError, HeapCall, ParseOptions, Parser};
use graph_call_std::Class;

use crate::arguments::Parse;
use crate::escape::Escaped;
use crate::excerpt::Excerpt;
use crate::failure::Failure;
use crate::look::Printer;
use crate::sources::{self, Text};
use crate::terminal::note;
use crate::{outline, required, terminal, unknown};

/// No call is larger, and a wrong file may be endless.
const FILE_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// The width of ids in a table: that of a GUID.
const ID_WIDTH: usize = 36;

/// Places that a remark names.
const PLACES_MAX: usize = 8;

pub(crate) fn run(arguments: &Parse) -> Result<(), Failure> {
    let stdin = [PathBuf::from("-")];
    let files = if arguments.files.is_empty() { &stdin[..] } else { &arguments.files };
    let printer = Printer::new(&arguments.look, ID_WIDTH, false);
    let mut parsing = Parsing { arguments, printer, has_many: files.len() > 1 };
    let mut has_failed = false;
    for file in files {
        match parsing.file(file) {
            Err(Failure::Told(Class::Response, text)) => {
                if let Some(text) = text {
                    parsing.printer.refused(&name_of(file), &text, None)?;
                }
                has_failed = true;
            }
            other => other?,
        }
    }
    if has_failed { Err(Failure::Told(Class::Response, None)) } else { Ok(()) }
}

/// What a file is called in messages.
fn name_of(file: &Path) -> String {
    if file == Path::new("-") { "standard input".to_owned() } else { file.display().to_string() }
}

/// The files, one after the other.
struct Parsing<'a> {
    arguments: &'a Parse,
    printer: Printer,
    has_many: bool,
}

impl Parsing<'_> {
    /// Prints the calls of a file; a failure is that of the file, or one that was told.
    fn file(&mut self, file: &Path) -> Result<(), Failure> {
        let name = name_of(file);
        let file = Some(file).filter(|file| *file != Path::new("-"));
        let content = read(file).map_err(|error| Failure::file(Class::Response, &name, &error))?;
        let texts = sources::texts(&content, self.arguments.from)
            .map_err(|what| Failure::content(format!("{}: {what}", Escaped(&name))))?;
        let mut found = Found::default();
        for text in &texts {
            self.text(&name, text, &mut found)?;
        }
        found.end(&name)
    }

    /// Prints the calls of a text.
    fn text(&mut self, name: &str, text: &Text<'_>, found: &mut Found) -> Result<(), Failure> {
        let candidates = outline::candidates(text.bytes(), self.arguments.allow_trailing_commas);
        // What is no JSON the parser refuses in its own words.
        let Some(candidates) = candidates else {
            if let Some(what) = text.status.and_then(|_| no_json(text.bytes())) {
                found.pass_over(&text.place, text.status, what);
                return Ok(());
            }
            let all = 0..text.range.len();
            return self.candidate(name, text, &text.place, all, found);
        };
        found.is_plain &= text.place.is_empty() && candidates.iter().all(|(place, _)| place.is_root());
        if candidates.is_empty() {
            found.pass_over(&text.place, text.status, "no call, but an empty list");
        }
        for (place, range) in candidates {
            let separator = if text.place.is_empty() || place.is_root() { "" } else { ", " };
            self.candidate(name, text, &format!("{}{separator}{place}", text.place), range, found)?;
        }
        Ok(())
    }

    /// Prints an object if it is a call.
    fn candidate(
        &mut self,
        name: &str,
        text: &Text<'_>,
        place: &str,
        range: Range<usize>,
        found: &mut Found,
    ) -> Result<(), Failure> {
        let object = text.bytes().get(range.clone()).unwrap_or_default();
        let options = self
            .arguments
            .required
            .options()
            .trailing_commas(self.arguments.allow_trailing_commas)
            .lone_surrogates(self.arguments.allow_lone_surrogates);
        let mut call = HeapCall::empty();
        if let Err(error) = read_call(&mut call, object, options) {
            // What says that it is something else need not be read as a call.
            if matches!(error.kind(), ErrorKind::OtherBody(_)) || other_type(object).is_some() {
                found.pass_over(place, text.status, &what_else(object));
                return Ok(());
            }
            let at = if text.content.len() == text.range.len() { place } else { "" };
            let name = if at.is_empty() { name.to_owned() } else { format!("{name}, {at}") };
            let base = text.range.start + range.start;
            let hint = hint(if text.status.is_some() { text.bytes() } else { &text.content }, &error);
            self.printer.refused(&name, &describe(&name, &text.content, base, &error), hint)?;
            found.failures += 1;
            return Ok(());
        }
        // A notification may say of a call nothing but that it is one.
        if call == HeapCall::empty() && stated_type(object).is_none() {
            found.pass_over(place, text.status, &what_else(object));
            return Ok(());
        }
        found.calls.push(place.to_owned());
        if self.has_many || !found.is_plain {
            let separator = if place.is_empty() { "" } else { ", " };
            self.printer.title(&format!("{name}{separator}{place}"))?;
        }
        if self.arguments.unknown {
            let writer = &mut self.printer.output.writer;
            for (path, value) in unknown::with_values(object, options) {
                writeln!(writer, "{}: {}", Escaped(&path), Escaped(&value))?;
            }
            writer.flush()?;
        } else {
            self.printer.call(&call, object)?;
        }
        Ok(())
    }
}

/// What was found in a file.
struct Found {
    /// Where the calls are.
    calls: Vec<String>,
    /// What is no call, and where.
    passed_over: Vec<String>,
    failures: usize,
    /// Whether the file is one object.
    is_plain: bool,
}

impl Default for Found {
    fn default() -> Self {
        Self { calls: Vec::new(), passed_over: Vec::new(), failures: 0, is_plain: true }
    }
}

impl Found {
    fn pass_over(&mut self, place: &str, status: Option<u16>, what: &str) {
        let place = if place.is_empty() { String::new() } else { format!("{}: ", Escaped(place)) };
        let status = status.filter(|status| *status != 200);
        let status = status.map_or_else(String::new, |status| format!("status {status}, "));
        self.passed_over.push(format!("{place}{status}{what}"));
    }

    /// Says what was found, unless it is what everybody sees; a file without a call is a failure.
    fn end(self, name: &str) -> Result<(), Failure> {
        let name = Escaped(name);
        let listed = |places: &[String], separator: &str| {
            let more = places.len().saturating_sub(PLACES_MAX);
            let mut text = places[..places.len() - more].join(separator);
            if more > 0 {
                text += &format!("{separator}and {more} more");
            }
            text
        };
        let passed_over = listed(&self.passed_over, "; ");
        match (self.calls.len(), self.failures) {
            (0, 0) if self.passed_over.is_empty() => {
                return Err(Failure::content(format!("{name}: no call is in it")));
            }
            (0, 0) => return Err(Failure::content(format!("{name}: {passed_over}"))),
            (0, _) => return Err(Failure::Told(Class::Response, None)),
            _ if self.is_plain => {}
            (count, _) => {
                let plural = if count == 1 { "" } else { "s" };
                let mut text =
                    format!("{name}: {count} call{plural}, {}", Escaped(&listed(&self.calls, ", ")));
                if !passed_over.is_empty() {
                    text += &format!("; passed over {passed_over}");
                }
                note(&text);
            }
        }
        if self.failures > 0 { Err(Failure::Told(Class::Response, None)) } else { Ok(()) }
    }
}

fn read_call(call: &mut HeapCall, content: &[u8], options: ParseOptions) -> Result<(), Error> {
    let mut parser = Parser::with_options(options);
    parser.feed(call, content)?;
    parser.finish(call)
}

/// What an answer holds that holds no JSON.
fn no_json(content: &[u8]) -> Option<&'static str> {
    match content.trim_ascii_start() {
        [] => Some("no content"),
        [b'<', ..] => Some("no call, but HTML or XML"),
        _ => None,
    }
}

/// What `@odata.type` says of a call.
const CALL_TYPE: &str = "microsoft.graph.call";

/// The type that an object says it has.
fn stated_type(object: &[u8]) -> Option<String> {
    let object: serde_json::Value = serde_json::from_slice(object).unwrap_or_default();
    let name = object.get("@odata.type")?.as_str()?;
    Some(name.strip_prefix('#').unwrap_or(name).to_owned())
}

/// The type that an object says it has, if that is no call.
fn other_type(object: &[u8]) -> Option<String> {
    stated_type(object).filter(|name| !name.eq_ignore_ascii_case(CALL_TYPE))
}

/// What an object that is no call most probably is.
fn what_else(content: &[u8]) -> String {
    if let Some(name) = other_type(content) {
        return format!("no call, but by its @odata.type a {}", Escaped(&name));
    }
    let object: serde_json::Value = serde_json::from_slice(content).unwrap_or_default();
    if object.get("changeType").is_some() || object.get("resourceData").is_some() {
        return "no call, but a notification of something else".to_owned();
    }
    if object.get("error").is_none() {
        return "no call: no member of one is in this object".to_owned();
    }
    let error = GraphError::parse(content).unwrap_or_default();
    let mut text = "no call, but an error of the service".to_owned();
    for part in [error.specific_code(), error.message.as_str()].into_iter().flatten() {
        text += &format!(": {}", Escaped(part));
    }
    if error.details.total() > 0 {
        text += &format!(" ({})", error.details);
    }
    text
}

/// Reads the whole file: an error is shown with the line it stands in.
fn read(file: Option<&Path>) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    match file {
        Some(file) => File::open(file)?.take(FILE_BYTES_MAX + 1).read_to_end(&mut content)?,
        None => {
            terminal::await_input("a call");
            io::stdin().lock().take(FILE_BYTES_MAX + 1).read_to_end(&mut content)?
        }
    };
    if content.len() as u64 > FILE_BYTES_MAX {
        return Err(io::Error::other("larger than 16 MiB, which no call is"));
    }
    Ok(content)
}

/// What is wrong, where, and the line with a caret; `base` is where in the content the call begins.
fn describe(name: &str, content: &[u8], base: usize, error: &Error) -> String {
    let offset = base + error.offset();
    let excerpt = Excerpt::new(content, offset);
    let Excerpt { line, column, .. } = excerpt;
    let what = match error.kind() {
        // The options have other names here, and the hint says which.
        ErrorKind::Json(Fault::TrailingComma) => "a comma stands before a closing bracket".to_owned(),
        ErrorKind::Json(Fault::UnpairedSurrogate) => "half of a surrogate pair stands alone".to_owned(),
        kind => kind.to_string(),
    };
    let mut text = format!("{}: {what}\n", Escaped(name));
    text += &format!("  at line {line}, column {column} (byte {offset})");
    if !error.path().is_root() {
        text += &format!(", in {}", error.path());
    }
    if !content.is_empty() {
        text += &format!("\n{excerpt}");
    }
    text
}

/// What most probably helps with a file, or with the content of an answer in it.
fn hint(content: &[u8], error: &Error) -> Option<&'static str> {
    let start = content.trim_ascii_start();
    Some(match content {
        [] => "the file is empty",
        [0xEF, 0xBB, 0xBF, ..] => "the file begins with a UTF-8 byte order mark; save it without one",
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => "the file is UTF-16; save it as UTF-8",
        [0x1F, 0x8B, ..] => "the file is compressed; gunzip it first",
        _ if start.is_empty() => "the file is blank",
        _ if start.starts_with(b"HTTP/") => "the file begins with an HTTP head; --from curl reads that",
        _ if content.contains(&0) => "this looks like a binary file",
        _ if start.starts_with(b"<") => "this looks like HTML or XML",
        _ if start.starts_with(b"{'") => "JSON has double quotes only",
        _ => match error.kind() {
            ErrorKind::Json(Fault::TrailingComma) => {
                "Microsoft's documentation prints such commas; --allow-trailing-commas accepts them"
            }
            ErrorKind::Json(Fault::UnpairedSurrogate) => {
                "a text was cut in the middle of a character; --allow-lone-surrogates shows it with U+FFFD there"
            }
            ErrorKind::Json(Fault::Truncated) => "the file ends before the call does",
            ErrorKind::Json(Fault::AfterEnd) => {
                "a file holds one JSON text, or with --from ndjson one on each line"
            }
            ErrorKind::WrongType { .. }
            | ErrorKind::RepeatedMember
            | ErrorKind::InvalidInteger { .. }
            | ErrorKind::InvalidDateTime
                if required::may_be_left_out(error) =>
            {
                "--required state shows the call without members that are wrong"
            }
            _ => return None,
        },
    })
}
