//! `graph-call parse`: a call from a file.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use graph_call::binder::unknown::{Item, UnknownMembers};
use graph_call::json::Fault;
use graph_call::{Body, Error, ErrorKind, GraphError, HeapCall, ParseOptions, Parser};

use crate::arguments::Parse;
use crate::escape::Escaped;
use crate::excerpt::Excerpt;
use crate::failure::Failure;
use crate::summary;
use crate::terminal::{self, Output};

/// No call is larger, and a wrong file may be endless.
const FILE_BYTES_MAX: u64 = 16 * 1024 * 1024;

pub(crate) fn run(arguments: &Parse) -> Result<(), Failure> {
    let file = arguments.file.as_deref().filter(|file| *file != Path::new("-"));
    let name = file.map_or_else(|| "standard input".to_owned(), |file| file.display().to_string());
    let content = read(file).map_err(|error| Failure::file(&name, &error))?;

    let options = ParseOptions::new()
        .trailing_commas(arguments.allow_trailing_commas)
        .lone_surrogates(arguments.allow_lone_surrogates);
    let mut call = HeapCall::empty();
    let no_call = |what: &str| Failure::content(format!("{}: no call{what}", Escaped(&name)));
    read_call(&mut call, &content, options).map_err(|error| match error.kind() {
        ErrorKind::OtherBody(body) => no_call(&what_else(&content, body)),
        _ => Failure::content(describe(&name, &content, &error)),
    })?;

    let json = serde_json::to_string(&call).map_err(io::Error::from)?;
    if json == "{}" {
        return Err(no_call(": no member of one is in this object"));
    }
    let mut output = Output::stdout();
    if arguments.unknown {
        list_unknown(&mut output, &call, &content, options)?;
    } else if arguments.json {
        writeln!(output.writer, "{json}")?;
    } else {
        summary::write(&mut output, &call)?;
    }
    output.writer.flush()?;
    Ok(())
}

fn read_call(call: &mut HeapCall, content: &[u8], options: ParseOptions) -> Result<(), Error> {
    let mut parser = Parser::with_options(options);
    parser.feed(call, content)?;
    parser.finish(call)
}

/// Lists the members that a call does not have: path, name and value as it is written. The annotations of OData that
/// every answer has are left out.
fn list_unknown(
    output: &mut Output,
    call: &HeapCall,
    content: &[u8],
    options: ParseOptions,
) -> Result<(), Failure> {
    let mut members = UnknownMembers::with_options(call, options);
    let (mut name, mut value) = (Vec::new(), Vec::new());
    let mut input = content;
    // The parser has taken the same text before.
    while let Ok(Some(item)) = members.next(&mut input) {
        match item {
            Item::Name(piece) => name.extend_from_slice(piece.bytes),
            Item::Value(piece) => value.extend_from_slice(piece.bytes),
        }
        if !matches!(item, Item::Value(piece) if piece.last) {
            continue;
        }
        let (name, value) = (std::mem::take(&mut name), std::mem::take(&mut value));
        if name.starts_with(b"@") {
            continue;
        }
        let (name, value) = (String::from_utf8_lossy(&name), String::from_utf8_lossy(&value));
        let path = members.path();
        let dot = if path.is_root() { "" } else { "." };
        writeln!(output.writer, "{path}{dot}{}: {}", Escaped(&name), Escaped(&value))?;
    }
    Ok(())
}

/// What an object is that says itself that it is no call.
fn what_else(content: &[u8], body: Body) -> String {
    let object: serde_json::Value = serde_json::from_slice(content).unwrap_or_default();
    match body {
        Body::Error => {
            let error = GraphError::parse(content).unwrap_or_default();
            let mut text = ", but an error of the service".to_owned();
            for part in [error.specific_code(), error.message.as_str()].into_iter().flatten() {
                text += &format!(": {}", Escaped(part));
            }
            if error.details.total() > 0 {
                text += &format!(" ({})", error.details);
            }
            text
        }
        Body::OtherType => {
            let stated = object.get("@odata.type").and_then(serde_json::Value::as_str).unwrap_or("?");
            format!(", but by its @odata.type a {}", Escaped(stated.strip_prefix('#').unwrap_or(stated)))
        }
        _ if object.pointer("/value/0/resourceData").is_some() => {
            ", but a notification; its calls are the members resourceData".to_owned()
        }
        _ if object.get("value").is_some_and(serde_json::Value::is_array) => {
            ", but a list; its calls are the elements of value".to_owned()
        }
        _ => ", but an object around one; the call is its member value".to_owned(),
    }
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

/// What is wrong, where, the line with a caret, and what helps.
fn describe(name: &str, content: &[u8], error: &Error) -> String {
    let excerpt = Excerpt::new(content, error.offset());
    let Excerpt { line, column, .. } = excerpt;
    let what = match error.kind() {
        // The options have other names here, and the hint says which.
        ErrorKind::Json(Fault::TrailingComma) => "a comma stands before a closing bracket".to_owned(),
        ErrorKind::Json(Fault::UnpairedSurrogate) => "half of a surrogate pair stands alone".to_owned(),
        kind => kind.to_string(),
    };
    let mut text = format!("{}: {what}\n", Escaped(name));
    text += &format!("  at line {line}, column {column} (byte {})", error.offset());
    if !error.path().is_root() {
        text += &format!(", in {}", error.path());
    }
    if !content.is_empty() {
        text += &format!("\n{excerpt}");
    }
    if let Some(hint) = hint(content, error.kind()) {
        text += &format!("\n  hint: {hint}");
    }
    text
}

/// What most probably helps.
fn hint(content: &[u8], kind: ErrorKind) -> Option<&'static str> {
    let start = content.trim_ascii_start();
    Some(match content {
        [] => "the file is empty",
        [0xEF, 0xBB, 0xBF, ..] => "the file begins with a UTF-8 byte order mark; save it without one",
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => "the file is UTF-16; save it as UTF-8",
        [0x1F, 0x8B, ..] => "the file is compressed; gunzip it first",
        _ if start.is_empty() => "the file is blank",
        _ if start.starts_with(b"HTTP/") => "the file begins with an HTTP head; give the content alone",
        _ if content.contains(&0) => "this looks like a binary file",
        _ if start.starts_with(b"<") => "this looks like HTML or XML",
        _ if start.starts_with(b"[") => "a list; give one of its elements alone",
        _ if start.starts_with(b"{'") => "JSON has double quotes only",
        _ => match kind {
            ErrorKind::Json(Fault::TrailingComma) => {
                "Microsoft's documentation prints such commas; --allow-trailing-commas accepts them"
            }
            ErrorKind::Json(Fault::UnpairedSurrogate) => {
                "a text was cut in the middle of a character; --allow-lone-surrogates shows it with U+FFFD there"
            }
            ErrorKind::Json(Fault::Truncated) => "the file ends before the call does",
            ErrorKind::Json(Fault::AfterEnd) => "a file holds one call",
            _ => return None,
        },
    })
}
