//! Rows of figures on a page: compared with what was measured, or written anew.

use std::path::PathBuf;
use std::{env, fs};

use crate::Result;

/// A page of the documents, as it is to be.
pub(crate) struct Page {
    path: PathBuf,
    text: String,
    /// Rows that say something else.
    stale: Vec<String>,
}

impl Page {
    /// Reads a page of `docs/`.
    pub(crate) fn open(name: &str) -> Result<Self> {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs").join(name);
        Ok(Self { text: fs::read_to_string(&path)?, path, stale: Vec::new() })
    }

    /// The first figure of the row that begins so.
    pub(crate) fn figure(&self, row: &str) -> Result<u32> {
        self.figures(self.line(row)?).first().copied().ok_or_else(|| format!("{row}: no figure").into())
    }

    /// Has the number between two phrases be this one; on the page it may be off by a twentieth.
    pub(crate) fn say_between(&mut self, before: &str, after: &str, figure: u32) -> Result {
        let place = |text: &str| {
            let begin = text.find(before)? + before.len();
            Some((begin, begin + text[begin..].find(after)?))
        };
        let (begin, end) = place(&self.text).ok_or_else(|| format!("no number behind {before:?}"))?;
        let was: u32 = self.text[begin..end].parse()?;
        if was.abs_diff(figure) > figure / 20 {
            self.stale.push(format!("\n- {before}{was}{after}\n+ {before}{figure}{after}"));
        }
        self.text.replace_range(begin..end, &figure.to_string());
        Ok(())
    }

    /// Has a row say these figures; on the page they may be off by a twentieth.
    pub(crate) fn say(&mut self, row: &str, figures: &[u32]) -> Result {
        let old = self.line(row)?.to_owned();
        let new = figures
            .iter()
            .fold(format!("| {row} |"), |line, figure| format!("{line} {} |", grouped(*figure)));
        let was = self.figures(&old);
        let is_near = |(was, is): (&u32, &u32)| was.abs_diff(*is) <= is / 20;
        if was.len() != figures.len() || !was.iter().zip(figures).all(is_near) {
            self.stale.push(format!("\n- {old}\n+ {new}"));
        }
        self.text = self.text.replace(&old, &new);
        Ok(())
    }

    /// Writes the page, if GRAPH_CALL_WRITE says so.
    ///
    /// # Errors
    /// Otherwise, if a row said something else.
    pub(crate) fn close(self) -> Result {
        if env::var_os("GRAPH_CALL_WRITE").is_some() {
            return Ok(fs::write(self.path, self.text)?);
        }
        if self.stale.is_empty() { Ok(()) } else { Err(self.stale.concat().into()) }
    }

    fn line(&self, row: &str) -> Result<&str> {
        let begin = format!("| {row} |");
        Ok(self
            .text
            .lines()
            .find(|line| line.starts_with(&begin))
            .ok_or_else(|| format!("no row {row:?}"))?)
    }

    fn figures(&self, line: &str) -> Vec<u32> {
        let cells = line.split('|').skip(2);
        cells.filter_map(|cell| cell.trim().replace(',', "").parse().ok()).collect()
    }
}

/// A number with a comma between thousands.
fn grouped(number: u32) -> String {
    let mut text = number.to_string();
    let mut place = text.len();
    while place > 3 {
        place -= 3;
        text.insert(place, ',');
    }
    text
}
