//! Tables, and the places in a document where they belong.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// A table in Markdown.
#[derive(Debug, Default)]
pub struct Table {
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with a first column and more.
    pub fn new<T: Into<String>>(head: impl IntoIterator<Item = T>) -> Self {
        Self { head: head.into_iter().map(Into::into).collect(), rows: Vec::new() }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }
}

impl std::fmt::Display for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "| {} |", self.head.join(" | "))?;
        let rule: Vec<_> =
            (0..self.head.len()).map(|column| if column == 0 { "---" } else { "---:" }).collect();
        writeln!(f, "|{}|", rule.join("|"))?;
        for row in &self.rows {
            writeln!(f, "| {} |", row.join(" | "))?;
        }
        Ok(())
    }
}

/// Replaces what stands between `<!-- NAME -->` and `<!-- end NAME -->` in a file.
///
/// # Errors
///
/// The file cannot be read or written, or has no such place.
pub fn put(file: &Path, name: &str, content: &str) -> Result<(), String> {
    let text = fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
    let (begin, end) = (format!("<!-- {name} -->"), format!("<!-- end {name} -->"));
    let place = || format!("{} has no place {name}", file.display());
    let (before, rest) = text.split_once(&begin).ok_or_else(place)?;
    let (_, after) = rest.split_once(&end).ok_or_else(place)?;
    let mut changed = String::from(before);
    // Writing to a string cannot fail.
    let _ = write!(changed, "{begin}\n{}\n{end}{after}", content.trim_end());
    fs::write(file, changed).map_err(|e| format!("{}: {e}", file.display()))
}
