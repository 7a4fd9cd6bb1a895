//! A page for people: labels on the left, values on the right, one kind of row per kind of member.

use std::io::{self, Write};

use graph_call::{
    DateTime, Double, Enumeration, Id, List, ListStorage, Object, OpenEnum, Presence, Scalar, Secret, Text,
    TextStorage,
};

use crate::escape::Escaped;
use crate::terminal::Style;

/// The column at which values begin.
const VALUES: usize = 30;
const INDENT: usize = 2;

/// Rows with a label and a value, nested by indentation.
pub(crate) struct Page<'w> {
    writer: &'w mut dyn Write,
    pub(crate) style: Style,
    shows_secrets: bool,
    depth: usize,
    rows: usize,
}

impl<'w> Page<'w> {
    pub(crate) fn new(writer: &'w mut dyn Write, style: Style, shows_secrets: bool) -> Self {
        Self { writer, style, shows_secrets, depth: 0, rows: 0 }
    }

    /// A line that is no row; the caller has escaped it.
    pub(crate) fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.writer, "{text}")
    }

    /// One row; the value is escaped here, so that no row can forget to.
    pub(crate) fn row(&mut self, label: &str, value: &str) -> io::Result<()> {
        self.note(label, value, "")
    }

    /// Counts a row; a blank line parts the first one from what stands above.
    fn begin_row(&mut self) -> io::Result<()> {
        self.rows += 1;
        if self.rows == 1 { writeln!(self.writer) } else { Ok(()) }
    }

    /// One row whose value is followed by a remark of this program.
    pub(crate) fn note(&mut self, label: &str, value: &str, remark: &str) -> io::Result<()> {
        self.begin_row()?;
        let indent = INDENT * self.depth;
        let room = VALUES.saturating_sub(indent + 1);
        let (dim, reset) = (self.style.dim(), self.style.reset());
        write!(self.writer, "{:indent$}{dim}{label:<room$}{reset} {}", "", Escaped(value))?;
        if remark.is_empty() {
            return writeln!(self.writer);
        }
        let gap = if value.is_empty() { "" } else { " " };
        writeln!(self.writer, "{gap}{dim}{remark}{reset}")
    }

    /// A row without a value, above the rows that belong to it.
    pub(crate) fn heading(&mut self, label: &str) -> io::Result<()> {
        self.begin_row()?;
        let indent = INDENT * self.depth;
        writeln!(self.writer, "{:indent$}{}{label}{}", "", self.style.dim(), self.style.reset())
    }

    /// The elements of a list, numbered if there are several.
    pub(crate) fn sections<T: Section>(&mut self, elements: &[T], label: &str) -> io::Result<()> {
        match elements {
            [only] => show_section(only, self, label),
            _ => (1..)
                .zip(elements)
                .try_for_each(|(number, element)| show_section(element, self, &format!("{label} {number}"))),
        }
    }

    /// What is written inside is indented.
    pub(crate) fn nested(&mut self, write: impl FnOnce(&mut Self) -> io::Result<()>) -> io::Result<()> {
        self.depth += 1;
        let outcome = write(self);
        self.depth -= 1;
        outcome
    }
}

/// A member that has a row, or several, when it is present.
pub(crate) trait Shown {
    fn show(&self, page: &mut Page<'_>, label: &str) -> io::Result<()>;
}

/// An object of the model.
pub(crate) trait Section {
    /// What stands beside the label: the object in a few words.
    fn lead(&self) -> Vec<String> {
        Vec::new()
    }

    /// The members below it.
    fn rows(&self, page: &mut Page<'_>) -> io::Result<()>;
}

impl<S: TextStorage> Shown for Text<S> {
    fn show(&self, page: &mut Page<'_>, label: &str) -> io::Result<()> {
        match self.as_str() {
            Some(text) if self.is_truncated() => page.note(label, text, "(cut here)"),
            Some(text) if self.is_replaced() => page.note(label, text, "(half a character was sent)"),
            Some("") => page.note(label, "", "(empty)"),
            Some(text) => page.row(label, text),
            None if self.is_truncated() => page.note(label, "", "(too long, left out)"),
            None => Ok(()),
        }
    }
}

impl<S: TextStorage> Shown for Id<S> {
    fn show(&self, page: &mut Page<'_>, label: &str) -> io::Result<()> {
        match self.as_str() {
            Some("") => page.note(label, "", "(empty)"),
            Some(text) => page.row(label, text),
            None if self.is_omitted() => page.note(label, "", "(too long, left out)"),
            None => Ok(()),
        }
    }
}

impl<S: TextStorage> Shown for Double<S> {
    fn show(&self, page: &mut Page<'_>, label: &str) -> io::Result<()> {
        match self.as_str() {
            Some(number) => page.row(label, number),
            None if self.is_omitted() => page.note(label, "", "(too long, left out)"),
            None => Ok(()),
        }
    }
}

impl<S: TextStorage> Shown for Secret<S> {
    fn show(&self, page: &mut Page<'_>, label: &str) -> io::Result<()> {
        match self.reveal() {
            Some(text) if page.shows_secrets => page.row(label, text),
            Some(_) => page.note(label, "", "(hidden; --show-secrets shows it)"),
            None if self.is_omitted() => page.note(label, "", "(too long, left out)"),
            None => Ok(()),
        }
    }
}

impl<E: Enumeration, W: TextStorage> Shown for OpenEnum<E, W> {
    fn show(&self, page: &mut Page<'_>, label: &str) -> io::Result<()> {
        word(self).map_or(Ok(()), |word| page.row(label, &word))
    }
}

/// The member's name on the wire.
pub(crate) fn word<E: Enumeration, W: TextStorage>(value: &OpenEnum<E, W>) -> Option<String> {
    let cut = if value.is_truncated() { "…" } else { "" };
    value.get().map(|_| value.as_str().map_or_else(|| "(unknown)".to_owned(), |word| format!("{word}{cut}")))
}

impl Shown for Scalar<bool> {
    fn show(&self, page: &mut Page<'_>, label: &str) -> io::Result<()> {
        self.get().map_or(Ok(()), |yes| page.row(label, if yes { "yes" } else { "no" }))
    }
}

macro_rules! displayed {
    ($($type:ty),*) => {$(
        impl Shown for Scalar<$type> {
            fn show(&self, page: &mut Page<'_>, label: &str) -> io::Result<()> {
                self.get().map_or(Ok(()), |value| page.row(label, &value.to_string()))
            }
        }
    )*};
}

displayed!(i32, i64, DateTime);

impl Shown for Presence {
    fn show(&self, page: &mut Page<'_>, label: &str) -> io::Result<()> {
        if self.0 { page.note(label, "", "(present)") } else { Ok(()) }
    }
}

impl<T: Section> Shown for Object<T> {
    fn show(&self, page: &mut Page<'_>, label: &str) -> io::Result<()> {
        self.get().map_or(Ok(()), |section| show_section(section, page, label))
    }
}

fn show_section(section: &impl Section, page: &mut Page<'_>, label: &str) -> io::Result<()> {
    let lead = section.lead();
    match lead.split_first() {
        None => page.heading(label)?,
        Some((first, more)) => {
            page.row(label, first)?;
            more.iter().try_for_each(|line| page.row("", line))?;
        }
    }
    page.nested(|page| section.rows(page))
}

/// An element of a list, which knows how several of its kind are shown.
pub(crate) trait Element {
    fn show_all(elements: &[Self], page: &mut Page<'_>, label: &str) -> io::Result<()>
    where
        Self: Sized;
}

impl<S: ListStorage<Item: Element>> Shown for List<S> {
    fn show(&self, page: &mut Page<'_>, label: &str) -> io::Result<()> {
        if !self.is_present() {
            return Ok(());
        }
        match (self.len(), self.total() - self.len()) {
            (0, 0) => page.note(label, "", "(none)"),
            (_, 0) => S::Item::show_all(self, page, label),
            (0, more) => page.note(label, "", &format!("({more}, none of them sent)")),
            (_, more) => {
                S::Item::show_all(self, page, label)?;
                page.note("", "", &format!("(and {more} more, not sent)"))
            }
        }?;
        match self.next_link() {
            Some(link) => page.row("", &format!("the others: {link}")),
            None => Ok(()),
        }
    }
}

impl<E: Enumeration, W: TextStorage> Element for OpenEnum<E, W> {
    fn show_all(elements: &[Self], page: &mut Page<'_>, label: &str) -> io::Result<()> {
        let words: Vec<String> = elements.iter().filter_map(word).collect();
        if words.is_empty() { Ok(()) } else { page.row(label, &words.join(", ")) }
    }
}

impl<S: TextStorage> Element for Id<S> {
    fn show_all(elements: &[Self], page: &mut Page<'_>, label: &str) -> io::Result<()> {
        let labels = [label].into_iter().chain(std::iter::repeat(""));
        elements.iter().zip(labels).try_for_each(|(element, label)| match element.as_str() {
            Some(text) => page.row(label, text),
            None if element.is_omitted() => page.note(label, "", "(too long, left out)"),
            None => page.note(label, "", "(null)"),
        })
    }
}
