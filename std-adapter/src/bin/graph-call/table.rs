//! Calls as a table: a line each, and columns of fixed width, so that each line can be shown at once.

use core::fmt::Write as _;

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::escape::Escaped;
use crate::fields::{Field, plain};
use crate::json::Node;

/// By this name a result is given in the place of that of the call.
pub(crate) const RESULT: &str = "result";
/// What stands where there is nothing.
const NOTHING: &str = "-";

/// A column: its title, how wide it is, what stands in it.
#[derive(Debug)]
pub(crate) struct Column {
    title: String,
    width: usize,
    cell: Cell,
}

#[derive(Debug)]
enum Cell {
    /// A member.
    Member(Field),
    /// Handed over by whoever shows the line.
    Given(&'static str),
    From,
    To,
    Result,
}

/// What is known of a call beside its members: titles and texts.
pub(crate) type Given<'g> = [(&'static str, &'g str)];

/// The columns, and whether their titles were shown.
#[derive(Debug)]
pub(crate) struct Table {
    columns: Vec<Column>,
    is_begun: bool,
}

impl Table {
    /// The columns for these members, or those that people ask for; `id_width` is the length of the longest id, and what
    /// is given by name comes first.
    pub(crate) fn new(fields: &[Field], id_width: usize, is_watch: bool) -> Self {
        let given = |title: &'static str, width| Column {
            title: title.to_uppercase(),
            width,
            cell: Cell::Given(title),
        };
        let column = |title: &str, width, cell| Column { title: title.to_owned(), width, cell };
        let mut columns = Vec::new();
        if is_watch {
            columns.push(given("at", 9));
        }
        columns.push(given("id", id_width));
        if fields.is_empty() {
            columns.push(given("state", 16));
            columns.push(given("direction", 9));
            if is_watch {
                columns.push(given("duration", 8));
            }
            columns.push(column("FROM", 24, Cell::From));
            columns.push(column("TO", 24, Cell::To));
            columns.push(column("RESULT", 32, Cell::Result));
        }
        columns.extend(fields.iter().filter(|field| field.name() != "id").map(|field| {
            let title = field.name();
            Column { width: title.width().max(24), title, cell: Cell::Member(field.clone()) }
        }));
        Self { columns, is_begun: false }
    }

    /// The titles, the first time.
    pub(crate) fn titles(&mut self) -> Option<String> {
        let is_first = !std::mem::replace(&mut self.is_begun, true);
        is_first.then(|| line(self.columns.iter().map(|column| (column.title.clone(), column.width))))
    }

    /// A call as a line.
    pub(crate) fn row(&self, call: &Node, given: &Given<'_>, shows_secrets: bool) -> String {
        line(self.columns.iter().map(|column| {
            let given = |title: &str| {
                given.iter().find_map(|(name, text)| (*name == title).then(|| (*text).to_owned()))
            };
            let text = match &column.cell {
                Cell::Member(field) => field.text(call, shows_secrets),
                Cell::Given(title) => {
                    let found = given(title);
                    found
                        .or_else(|| call.get(title).map(|node| plain(node, shows_secrets)))
                        .unwrap_or_default()
                }
                Cell::From => call.get("source").map(people).unwrap_or_default(),
                Cell::To => match call.get("targets") {
                    Some(Node::List(targets)) => targets.iter().map(people).collect::<Vec<_>>().join(", "),
                    _ => String::new(),
                },
                Cell::Result => given(RESULT).unwrap_or_else(|| result(call)),
            };
            (text, column.width)
        }))
    }
}

/// Cells beside each other; one that is wider than its column is cut, but for the last one.
fn line(cells: impl Iterator<Item = (String, usize)>) -> String {
    let mut cells = cells.peekable();
    let mut line = String::new();
    while let Some((text, width)) = cells.next() {
        let text = if text.is_empty() { NOTHING.to_owned() } else { Escaped(&text).to_string() };
        if cells.peek().is_none() {
            line += &text;
            break;
        }
        let text = cut(&text, width);
        let gap = width.saturating_sub(text.width()) + 2;
        let _ = write!(line, "{text}{:gap$}", "");
    }
    line
}

/// As much of a text as fits, with a mark where it was cut.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 0;
    for c in text.chars() {
        used += c.width().unwrap_or_default();
        if used >= width {
            break;
        }
        kept.push(c);
    }
    kept + "…"
}

/// Who a participant is: names, or ids where there are none.
fn people(participant: &Node) -> String {
    let Some(Node::Object(identities)) = participant.get("identity") else { return String::new() };
    let names = identities.iter().filter_map(|(_, identity)| {
        ["displayName", "id"].into_iter().find_map(|name| match identity.get(name) {
            Some(Node::Text(text)) if !text.is_empty() => Some(text.clone()),
            _ => None,
        })
    });
    names.collect::<Vec<_>>().join(", ")
}

/// How the call ended: `0/5300 message`, or the reason.
fn result(call: &Node) -> String {
    let Some(info) = call.get("resultInfo") else {
        return call.get("terminationReason").map(|reason| plain(reason, false)).unwrap_or_default();
    };
    let part = |name| info.get(name).map(|node| plain(node, false));
    let codes: Vec<String> = [part("code"), part("subcode")].into_iter().flatten().collect();
    let parts =
        [Some(codes.join("/")), part("message")].into_iter().flatten().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{Table, cut};
    use crate::fields::Field;
    use crate::json::Node;

    fn node() -> Node {
        Node::read(
            r#"{"id":"1","state":"terminated","direction":"outgoing",
                "source":{"identity":{"application":{"id":"2","displayName":"Bot\u001b[31m"}}},
                "targets":[{"identity":{"user":{"displayName":"J"}}},{"identity":{"phone":{"id":"+49"}}}],
                "resultInfo":{"code":200,"subcode":5300,"message":"Over"}}"#,
        )
    }

    #[test]
    fn a_line_says_who_and_how_it_ended() {
        let mut table = Table::new(&[], 3, false);
        let titles = table.titles().expect("titles");
        let row = table.row(&node(), &[], false);
        assert_eq!(
            titles,
            "ID   STATE             DIRECTION  FROM                      TO                        RESULT"
        );
        assert_eq!(
            row,
            "1    terminated        outgoing   Bot\\u{1b}[31m             J, +49                    200/5300 Over"
        );
        assert!(table.titles().is_none(), "titles come once");
    }

    #[test]
    fn columns_may_be_chosen() {
        let mut table = Table::new(&[Field::parse("subject").expect("a member")], 3, true);
        assert_eq!(table.titles().expect("titles"), "AT         ID   subject");
        assert_eq!(table.row(&node(), &[("at", "10:00:00Z")], false), "10:00:00Z  1    -");
    }

    #[test]
    fn what_is_too_wide_is_cut_and_marked() {
        assert_eq!((cut("abc", 3), cut("abcd", 3)), ("abc".to_owned(), "ab…".to_owned()));
        assert_eq!(cut("山田太郎", 6), "山田…");
    }
}
