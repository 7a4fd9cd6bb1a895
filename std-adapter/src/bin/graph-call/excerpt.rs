//! The place of an error in a document, as a person finds it: line, column, and the line itself.

use core::fmt;

use unicode_width::UnicodeWidthChar as _;

use crate::escape::Escaped;

/// Columns of the line shown before and after the place; a body of one long line gets a window.
const BEFORE: usize = 60;
const AFTER: usize = 36;
/// Bytes looked at on either side: enough for the widest window.
const REACH: usize = 512;

/// A place in a document with its surroundings; displayed as the line and a caret under the place.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Excerpt {
    /// From 1, counted by line feeds.
    pub(crate) line: usize,
    /// From 1, counted in characters.
    pub(crate) column: usize,
    /// The line around the place, safe to print.
    text: String,
    /// Columns before the caret.
    indent: usize,
    /// Columns under which carets stand.
    width: usize,
}

impl Excerpt {
    /// Finds the place of a byte. The end of the document is shown after its last visible character.
    pub(crate) fn new(content: &[u8], offset: usize) -> Self {
        let offset = match content.get(offset) {
            Some(_) => offset,
            None => content.trim_ascii_end().len(),
        };
        let (before, after) = content.split_at(offset);
        let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |feed| feed + 1);
        let line_end =
            after.iter().position(|byte| *byte == b'\n').map_or(content.len(), |feed| offset + feed);
        let is_first = |byte: &&u8| !is_continuation(**byte);

        let start = boundary(content, line_start.max(offset.saturating_sub(REACH)));
        let end = line_end.min(offset + REACH);
        let cells = cells(content.get(start..end).unwrap_or_default(), start);
        let at = cells.iter().position(|cell| cell.offset + cell.length > offset).unwrap_or(cells.len());
        let (left, right) = cells.split_at(at);

        let first = left.len() - fitting(left.iter().rev(), BEFORE);
        let last = fitting(right.iter(), AFTER);
        let mut text = String::new();
        if first > 0 || start > line_start {
            text.push('…');
        }
        text.extend(left[first..].iter().map(|cell| cell.text.as_str()));
        let indent = columns(&text);
        text.extend(right[..last].iter().map(|cell| cell.text.as_str()));
        if last < right.len() || end < line_end {
            text.push('…');
        }
        Self {
            line: before.iter().filter(|byte| **byte == b'\n').count() + 1,
            column: before[line_start..].iter().filter(is_first).count() + 1,
            width: right.first().map_or(1, |cell| columns(&cell.text).max(1)),
            text,
            indent,
        }
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, text, indent, width, .. } = self;
        let number = line.to_string();
        let margin = number.len();
        writeln!(f, "{:margin$} |", "")?;
        writeln!(f, "{number} | {text}")?;
        write!(f, "{:margin$} | {:indent$}{:^<width$}", "", "", "")
    }
}

/// One character, or one byte that is part of none, as it is shown.
struct Cell {
    offset: usize,
    length: usize,
    text: String,
}

/// The bytes as cells: tabs as four spaces, line ends left out, the rest escaped.
fn cells(bytes: &[u8], mut offset: usize) -> Vec<Cell> {
    let mut cells = Vec::new();
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            let text = match c {
                '\t' => "    ".to_owned(),
                '\r' => String::new(),
                _ => Escaped(c.encode_utf8(&mut [0; 4])).to_string(),
            };
            cells.push(Cell { offset, length: c.len_utf8(), text });
            offset += c.len_utf8();
        }
        for byte in chunk.invalid() {
            cells.push(Cell { offset, length: 1, text: format!("\\x{byte:02x}") });
            offset += 1;
        }
    }
    cells
}

/// How many cells fit into so many columns.
fn fitting<'a>(cells: impl Iterator<Item = &'a Cell>, room: usize) -> usize {
    let mut used = 0;
    cells
        .take_while(|cell| {
            used += columns(&cell.text);
            used <= room
        })
        .count()
}

fn columns(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// The first byte at or after `start` that begins a character.
fn boundary(content: &[u8], start: usize) -> usize {
    let inside = content.iter().skip(start).take(3).take_while(|byte| is_continuation(**byte)).count();
    if start == 0 || inside == 3 { start } else { start + inside }
}

/// `UTF8-tail = %x80-BF`
fn is_continuation(byte: u8) -> bool {
    byte & 0xC0 == 0x80
}

#[cfg(test)]
mod tests {
    use super::Excerpt;

    fn shown(content: impl AsRef<[u8]>, offset: usize) -> (usize, usize, Vec<String>) {
        let excerpt = Excerpt::new(content.as_ref(), offset);
        let lines = excerpt.to_string().lines().skip(1).map(str::to_owned).collect();
        (excerpt.line, excerpt.column, lines)
    }

    #[test]
    fn the_caret_stands_under_the_place() {
        let (line, column, lines) = shown("{\n  \"a\": 1,\n}", 12);
        assert_eq!((line, column), (3, 1));
        assert_eq!(lines, ["3 | }", "  | ^"]);
        let (line, column, lines) = shown("{\n  \"a\": x,\n}", 9);
        assert_eq!((line, column), (2, 8));
        assert_eq!(lines, ["2 |   \"a\": x,", "  |        ^"]);
    }

    #[test]
    fn tabs_are_four_columns_and_one_character() {
        let (_, column, lines) = shown("\t\"a\":\tx\r\n", 6);
        assert_eq!(column, 7);
        assert_eq!(lines, ["1 |     \"a\":    x", "  |             ^"]);
    }

    #[test]
    fn wide_characters_take_two_columns_and_unsafe_ones_their_escape() {
        let content = "\"山\u{202e}\"x";
        let (_, column, lines) = shown(content, content.len() - 1);
        assert_eq!(column, 5);
        assert_eq!(lines, ["1 | \"山\\u{202e}\"x", "  |             ^"]);
        let (_, _, lines) = shown("\"\u{1b}[31m", 1);
        assert_eq!(lines, ["1 | \"\\u{1b}[31m", "  |  ^^^^^^"]);
    }

    #[test]
    fn bytes_that_are_no_text_are_spelled_out() {
        let (_, column, lines) = shown(b"\"\xff\xfe\"", 2);
        assert_eq!(column, 3);
        assert_eq!(lines, ["1 | \"\\xff\\xfe\"", "  |      ^^^^"]);
        let (_, _, lines) = shown("\"é\"".as_bytes(), 2);
        assert_eq!(lines, ["1 | \"é\"", "  |  ^"], "inside a character");
    }

    #[test]
    fn a_long_line_is_shown_through_a_window() {
        let content = format!("{{\"a\":\"{}\",!{}}}", "x".repeat(5_000), "y".repeat(5_000));
        let at = content.find('!').expect("a place");
        let (line, column, lines) = shown(&content, at);
        assert_eq!((line, column), (1, at + 1));
        assert_eq!(lines[0], format!("1 | …{}\",!{}…", "x".repeat(58), "y".repeat(35)));
        assert_eq!(lines[1], format!("  | {}^", " ".repeat(61)));
        let dense = "é".repeat(4_000);
        let (_, column, lines) = shown(&dense, 4_000);
        assert_eq!(column, 2_001);
        assert!(!lines[0].contains("\\x"), "the window begins with a whole character");
    }

    #[test]
    fn the_end_is_after_the_last_visible_character() {
        for (content, place) in [("", (1, 1)), ("\n\n", (1, 1)), ("{\n\"a\": 1\n\n\n", (2, 7)), ("{", (1, 2))]
        {
            let (line, column, lines) = shown(content, content.len());
            assert_eq!((line, column), place, "{content:?}");
            assert!(lines[1].ends_with('^'));
        }
        assert_eq!(shown("{}", usize::MAX).1, 3, "past the end is the end");
    }

    #[test]
    fn any_bytes_at_any_offset_are_shown() {
        let content: Vec<u8> = (0..=255).chain((0..=255).rev()).collect();
        for offset in 0..=content.len() {
            let (_, _, lines) = shown(&content, offset);
            assert!(lines.iter().all(|line| !line.chars().any(char::is_control)), "{offset}");
        }
    }
}
