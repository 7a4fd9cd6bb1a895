//! How calls are shown on standard output: as pages, as JSON, as a table, as chosen members.

use std::io::{self, Write as _};

use clap::Args;
use graph_call_std::graph_call::HeapCall;
use graph_call_std::{AnswerHead, Cloud, Error};

use crate::escape::Escaped;
use crate::fields::{self, Field, FieldParser};
use crate::json::Node;
use crate::table::{self, Given, Table};
use crate::terminal::{self, Output, complain_with};
use crate::unknown;
use crate::{escape, report, required, summary};

/// The heading of these options in the help.
pub(crate) const OUTPUT: &str = "Output";

/// How calls are shown.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Look {
    /// Print JSON: a line for each call, also for one that fails
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) json: bool,
    /// Print JSON over several lines
    #[arg(long, help_heading = OUTPUT)]
    pretty: bool,
    /// Print a table
    #[arg(long, help_heading = OUTPUT, conflicts_with_all = ["json", "pretty"])]
    table: bool,
    /// Show these members only, such as id,source.identity.user.displayName; without --json or --table a line for each
    /// call, with tabs between
    #[arg(long, value_name = "MEMBER", value_delimiter = ',', value_parser = FieldParser,
          hide_possible_values = true, help_heading = OUTPUT)]
    pub(crate) fields: Vec<Field>,
    /// Show join tokens, passcodes, media blobs and recording tokens, which are hidden otherwise
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) show_secrets: bool,
}

impl Look {
    /// Whether it is JSON.
    pub(crate) fn is_json(&self) -> bool {
        self.json || self.pretty
    }

    /// Whether it is a table.
    pub(crate) fn is_table(&self) -> bool {
        self.table
    }

    /// Whether it is a page for people.
    pub(crate) fn is_page(&self) -> bool {
        !self.is_json() && !self.table && self.fields.is_empty()
    }

    /// Of a call what is wanted.
    pub(crate) fn node(&self, call: &HeapCall) -> Node {
        fields::only(Node::of(call), &self.fields)
    }
}

/// Shows calls one after the other.
pub(crate) struct Printer {
    pub(crate) output: Output,
    look: Look,
    table: Option<Table>,
    is_begun: bool,
}

impl Printer {
    /// On standard output; the table has room for an id of this length.
    pub(crate) fn new(look: &Look, id_width: usize, is_watch: bool) -> Self {
        let table = look.table.then(|| Table::new(&look.fields, id_width, is_watch));
        Self { output: Output::stdout(), look: look.clone(), table, is_begun: false }
    }

    /// Shows a call that was read from this text.
    pub(crate) fn call(&mut self, call: &HeapCall, content: &[u8]) -> io::Result<()> {
        let shows_all = self.look.fields.is_empty() && self.table.is_none();
        let unknown = if shows_all { unknown::members(content) } else { Vec::new() };
        self.show(call, &unknown, &[])
    }

    /// Shows a call of a watch.
    pub(crate) fn change(&mut self, call: &HeapCall, given: &Given<'_>) -> io::Result<()> {
        self.show(call, &[], given)
    }

    /// Lets whoever reads the output have it at once.
    fn show(&mut self, call: &HeapCall, unknown: &[String], given: &Given<'_>) -> io::Result<()> {
        let look = &self.look;
        if look.is_json() {
            let mut node = look.node(call);
            self.hide(&mut node);
            if !unknown.is_empty() {
                node.add("unknown", Node::List(unknown.iter().map(Node::text).collect()));
            }
            if !call.unreadable().is_empty() {
                node.add("unreadable", Node::List(call.unreadable().names().map(Node::text).collect()));
            }
            self.json(&node)?;
        } else if self.table.is_some() {
            self.row(&Node::of(call), given)?;
        } else if !look.fields.is_empty() {
            let node = Node::of(call);
            let texts = look.fields.iter().map(|field| field.text(&node, look.show_secrets));
            let cells: Vec<String> = texts.map(|text| Escaped(&text).to_string()).collect();
            writeln!(self.output.writer, "{}", cells.join("\t"))?;
        } else {
            self.part()?;
            summary::write(&mut self.output, call, unknown, self.look.show_secrets)?;
        }
        self.output.writer.flush()?;
        if let Some(text) = required::unreadable(call) {
            let id = call.id.as_str().unwrap_or("a call without an id");
            terminal::note(&format!("{}: {text}", Escaped(id)));
        }
        Ok(())
    }

    /// A line of the table, if there is one; the titles stand above the first.
    pub(crate) fn row(&mut self, call: &Node, given: &Given<'_>) -> io::Result<()> {
        let Some(table) = &mut self.table else { return Ok(()) };
        let Output { writer, style } = &mut self.output;
        if let Some(titles) = table.titles() {
            writeln!(writer, "{}{titles}{}", style.dim(), style.reset())?;
        }
        writeln!(writer, "{}", table.row(call, given, self.look.show_secrets))?;
        writer.flush()
    }

    /// A blank line between two pages.
    pub(crate) fn part(&mut self) -> io::Result<()> {
        if std::mem::replace(&mut self.is_begun, true) { writeln!(self.output.writer) } else { Ok(()) }
    }

    /// Where the call of the page that follows is from.
    pub(crate) fn title(&mut self, text: &str) -> io::Result<()> {
        if !self.look.is_page() {
            return Ok(());
        }
        self.part()?;
        // The page that follows stands close.
        self.is_begun = false;
        let (dim, reset) = (self.output.style.dim(), self.output.style.reset());
        writeln!(self.output.writer, "{dim}{}{reset}", Escaped(text))
    }

    /// Leaves secrets out, unless they are asked for.
    pub(crate) fn hide(&self, node: &mut Node) {
        if !self.look.show_secrets {
            node.hide();
        }
    }

    /// A value as JSON, with its line end.
    pub(crate) fn json(&mut self, node: &Node) -> io::Result<()> {
        writeln!(self.output.writer, "{}", node.to_json(self.look.pretty))?;
        self.output.writer.flush()
    }

    /// Shows a failure: to people on standard error, and in JSON and in a table where the calls are.
    pub(crate) fn failure(&mut self, id: &str, error: &Error, cloud: Cloud) -> io::Result<()> {
        report::complain(id, error, cloud);
        self.failed(id, error, &[])?;
        if self.look.is_json() {
            let node =
                Node::Object(vec![("id", Node::text(escape::id(id))), ("error", report::node(error, cloud))]);
            self.json(&node)?;
        }
        Ok(())
    }

    /// The line of a call that has failed, if there is a table.
    pub(crate) fn failed(&mut self, id: &str, error: &Error, more: &Given<'_>) -> io::Result<()> {
        let status = error.status().map(|status| format!(" {status}")).unwrap_or_default();
        let result = format!("{}{status}", error.kind().as_str());
        let given = [("id", escape::id(id)), ("state", "failed"), (table::RESULT, &*result)];
        self.row(&Node::Object(Vec::new()), &[&given, more].concat())
    }

    /// Shows why a file, or a part of it, is no call, where a failure is shown; the text has been escaped.
    pub(crate) fn refused(&mut self, file: &str, text: &str, hint: Option<&str>) -> io::Result<()> {
        let members = vec![("file", Node::text(file)), ("error", report::unread(text, hint))];
        let hint = hint.map_or_else(String::new, |hint| format!("\n  hint: {hint}"));
        complain_with(&format!("{text}{hint}"), members.clone());
        if self.look.is_json() {
            self.json(&Node::Object(members))?;
        }
        Ok(())
    }

    /// What support asks for, as field lines above a page.
    pub(crate) fn head(&mut self, head: &AnswerHead) -> io::Result<()> {
        // The page that follows stands close.
        self.part()?;
        self.is_begun = false;
        let Output { writer, style } = &mut self.output;
        let (dim, reset) = (style.dim(), style.reset());
        let retry_after = head.retry_after.map(|wait| wait.as_secs_f64().to_string());
        writeln!(writer, "{dim}status: {}{reset}", head.status)?;
        for (name, value) in [
            ("content-type", &head.content_type),
            ("date", &head.date),
            ("request-id", &head.request_id),
            ("client-request-id", &head.client_request_id),
            ("x-ms-ags-diagnostic", &head.diagnostic),
            ("retry-after", &retry_after),
            ("location", &head.location),
        ] {
            if let Some(value) = value {
                writeln!(writer, "{dim}{name}: {}{reset}", Escaped(value))?;
            }
        }
        writeln!(writer)?;
        writer.flush()
    }
}
