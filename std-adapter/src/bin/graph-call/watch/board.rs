//! What a watch shows of all its calls: what they were read as, what has changed, how they ended.

use core::time::Duration;
use std::io::Write as _;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Instant;

use graph_call::{CallState, DateTime, Enumeration as _, HeapCall};
use graph_call_std::{Class, Error, ErrorKind, Phase};

use crate::arguments::Watch;
use crate::changes::{self, Change};
use crate::escape::Escaped;
use crate::failure::Failure;
use crate::fields::plain;
use crate::json::Node;
use crate::look::Printer;
use crate::{ask, line, report, time};

/// What a thread, or the client, has to say of a call.
pub(super) enum News {
    Call(Box<HeapCall>),
    Gone,
    /// A look has failed, and whether it was the last one.
    Failed(Error, bool),
    /// The next look comes after so long: that in few words, and the failure that is the reason, if one is.
    Waiting(Duration, String, Option<Node>),
    /// There is nothing more to come.
    Over,
}

/// What was shown of all calls.
pub(super) struct Board<'a> {
    arguments: &'a Watch,
    printer: Printer,
    calls: Vec<Followed>,
    worst: Option<Class>,
}

/// What was shown of a call.
struct Followed {
    id: String,
    is_over: bool,
    state: Option<CallState>,
    /// When it was first seen to be established.
    established: Option<Instant>,
    /// What of it is wanted, as it was read last.
    last: Option<Node>,
    began: Instant,
    /// When a member was last seen to change.
    changed: Vec<(String, Instant)>,
}

impl<'a> Board<'a> {
    pub(super) fn new(ids: Vec<String>, arguments: &'a Watch) -> Self {
        let id_width = ids.iter().map(String::len).max().unwrap_or_default();
        let began = Instant::now();
        let followed = |id| Followed {
            id,
            is_over: false,
            state: None,
            established: None,
            last: None,
            began,
            changed: Vec::new(),
        };
        Self {
            arguments,
            printer: Printer::new(&arguments.look, id_width, true),
            calls: ids.into_iter().map(followed).collect(),
            worst: None,
        }
    }

    /// Shows all news until every call is over, or the time is.
    pub(super) fn show(
        mut self,
        news: &Receiver<(usize, News)>,
        deadline: Option<Instant>,
    ) -> Result<(), Failure> {
        while self.calls.iter().any(|call| !call.is_over) {
            let came = match deadline {
                Some(deadline) => news.recv_timeout(deadline.saturating_duration_since(Instant::now())),
                None => news.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match came {
                Ok((index, news)) => self.tell(index, news)?,
                Err(RecvTimeoutError::Timeout) => self.give_up()?,
                // A thread that panics has told of it.
                Err(RecvTimeoutError::Disconnected) => return Err(Failure::Told(Class::Other, None)),
            }
        }
        line::erase();
        self.worst.map_or(Ok(()), |class| Err(Failure::Told(class, None)))
    }

    fn tell(&mut self, index: usize, news: News) -> Result<(), Failure> {
        match news {
            News::Call(read) => {
                let look = &self.arguments.look;
                let call = &mut self.calls[index];
                call.state = read.state.get();
                if call.state == Some(CallState::Established) {
                    call.established.get_or_insert_with(Instant::now);
                }
                let node = look.node(&read);
                let changes = call.last.as_ref().map(|last| changes::between(last, &node));
                if changes.as_ref().is_some_and(Vec::is_empty) {
                    return Ok(());
                }
                line::erase();
                let at = time::now();
                let lasted = call.replace(node.clone(), changes.as_deref().unwrap_or_default());
                let changes = changes.unwrap_or_default();
                if look.is_json() {
                    self.change(at, index, node, &changes)?;
                } else if self.arguments.changes_only {
                    self.differences(at, index, &changes, &lasted)?;
                } else {
                    let (at, duration) = (time::of_day(at), self.calls[index].duration());
                    let id = self.calls[index].id.as_str();
                    self.printer.change(&read, &[("id", id), ("at", &at), ("duration", &duration)])?;
                }
            }
            News::Gone => {
                self.calls[index].state = None;
                self.gone(index)?;
            }
            News::Failed(error, is_last) => self.failed(index, &error, is_last)?,
            News::Waiting(span, _, Some(error)) if self.arguments.look.is_json() => {
                let seconds = ("seconds", Node::number(span.as_millis() as f64 / 1_000.0));
                self.event(time::now(), index, "waiting", vec![seconds, ("error", error)])?;
            }
            News::Waiting(_, words, _) if self.calls.len() == 1 => line::show(&words),
            News::Waiting(..) => {}
            News::Over => self.end(index)?,
        }
        Ok(())
    }

    /// Whether what was waited for has come, once a call is over.
    fn end(&mut self, index: usize) -> Result<(), Failure> {
        let until = &self.arguments.until;
        let has_come = match self.calls[index].state {
            Some(state) => until.contains(&state),
            // A call that is gone has been terminated.
            None => until.contains(&CallState::Terminated),
        };
        if until.is_empty() || has_come {
            self.calls[index].is_over = true;
            return Ok(());
        }
        let text = format!("the call has ended without being {}", wanted(until));
        self.failed(index, &Error::new(ErrorKind::NoSuchCall, Phase::Wait, text), true)
    }

    /// The time is over.
    fn give_up(&mut self) -> Result<(), Failure> {
        let limit = span(self.arguments.timeout.unwrap_or_default());
        let until = &self.arguments.until;
        let what = if until.is_empty() { "ended".to_owned() } else { wanted(until) };
        for index in 0..self.calls.len() {
            if !self.calls[index].is_over {
                let text = format!("not {what} within {limit}");
                self.failed(index, &Error::new(ErrorKind::Timeout, Phase::Wait, text), true)?;
            }
        }
        Ok(())
    }

    fn failed(&mut self, index: usize, error: &Error, is_last: bool) -> Result<(), Failure> {
        line::erase();
        let (id, cloud) = (&self.calls[index].id, self.arguments.ask.place.cloud);
        report::complain(id, error, cloud);
        self.printer.failed(id, error, &[("at", &time::of_day(time::now()))])?;
        if self.arguments.look.is_json() {
            let members = vec![("isFinal", Node::Bool(is_last)), ("error", report::node(error, cloud))];
            self.event(time::now(), index, "failed", members)?;
        }
        if is_last {
            self.worst = ask::worse(self.worst, error);
            self.calls[index].is_over = true;
        }
        Ok(())
    }

    fn change(
        &mut self,
        at: DateTime,
        index: usize,
        mut node: Node,
        changes: &[Change],
    ) -> Result<(), Failure> {
        self.printer.hide(&mut node);
        let changed = changes.iter().map(|change| Node::text(&change.path)).collect();
        self.event(at, index, "call", vec![("changed", Node::List(changed)), ("call", node)])
    }

    fn event(
        &mut self,
        at: DateTime,
        index: usize,
        event: &'static str,
        members: Vec<(&'static str, Node)>,
    ) -> Result<(), Failure> {
        let id = &self.calls[index].id;
        let first =
            [("at", Node::text(time::stamp(at))), ("id", Node::text(id)), ("event", Node::text(event))];
        self.printer.json(&Node::Object(first.into_iter().chain(members).collect()))?;
        Ok(())
    }

    /// What has changed, a line for each member, with how long it was as it was before.
    fn differences(
        &mut self,
        at: DateTime,
        index: usize,
        changes: &[Change],
        lasted: &[Duration],
    ) -> Result<(), Failure> {
        let start = self.start(at, index);
        let writer = &mut self.printer.output.writer;
        for (Change { path, before, after }, lasted) in changes.iter().zip(lasted) {
            let [before, after] = [before, after].map(|value| value.as_deref().unwrap_or("(none)"));
            let (before, after) = (Escaped(before), Escaped(after));
            writeln!(writer, "{start}{path} {before} → {after}, {}", span(*lasted))?;
        }
        if changes.is_empty() {
            let first = self.calls[index].last.as_ref();
            let words = ["state", "direction"].map(|name| first?.get(name).map(|node| plain(node, false)));
            let words: Vec<String> = words.into_iter().flatten().collect();
            writeln!(writer, "{start}{}", Escaped(&words.join(", ")))?;
        }
        writer.flush()?;
        Ok(())
    }

    /// What a line about a call begins with: when, and which if there are several.
    fn start(&self, at: DateTime, index: usize) -> String {
        let style = self.printer.output.style;
        let id =
            if self.calls.len() > 1 { format!(" {}", Escaped(&self.calls[index].id)) } else { String::new() };
        format!("{}{}{id}{} ", style.dim(), time::of_day(at), style.reset())
    }

    fn gone(&mut self, index: usize) -> Result<(), Failure> {
        line::erase();
        let at = time::now();
        if self.arguments.look.is_json() {
            return self.event(at, index, "gone", Vec::new());
        }
        let id = self.calls[index].id.clone();
        if self.arguments.changes_only {
            let start = self.start(at, index);
            writeln!(self.printer.output.writer, "{start}gone: the service does not know the call any more")?;
        } else if self.arguments.look.is_table() {
            let (at, duration) = (time::of_day(at), self.calls[index].duration());
            let given = [("id", &*id), ("at", &*at), ("state", "gone"), ("duration", &*duration)];
            return Ok(self.printer.row(&Node::Object(Vec::new()), &given)?);
        } else if self.arguments.look.is_page() {
            self.printer.part()?;
            let (dim, reset) = (self.printer.output.style.dim(), self.printer.output.style.reset());
            let text = format!("Call {} has ended: the service does not know it any more.", Escaped(&id));
            writeln!(self.printer.output.writer, "{dim}{text}{reset}")?;
        }
        self.printer.output.writer.flush()?;
        Ok(())
    }
}

impl Followed {
    /// Takes a reading in the place of the last one; gives how long each member that has changed was as it was.
    fn replace(&mut self, node: Node, changes: &[Change]) -> Vec<Duration> {
        self.last = Some(node);
        changes
            .iter()
            .map(|change| {
                let lasted = self.since(&change.path).elapsed();
                self.changed.retain(|(path, _)| *path != change.path);
                self.changed.push((change.path.clone(), Instant::now()));
                lasted
            })
            .collect()
    }

    /// How long it has been established, as far as that was seen.
    fn duration(&self) -> String {
        self.established.map(|at| span(at.elapsed())).unwrap_or_default()
    }

    /// Since when a member is as it is, as far as that was seen.
    fn since(&self, path: &str) -> Instant {
        self.changed.iter().find_map(|(found, at)| (found == path).then_some(*at)).unwrap_or(self.began)
    }
}

/// `established or terminated`
fn wanted(states: &[CallState]) -> String {
    let names = states.iter().filter_map(|state| CallState::VARIANTS.names().nth(*state as usize));
    names.collect::<Vec<_>>().join(" or ")
}

/// A span in few words: `12 s`, `3 min 5 s`, `1 h 20 min`.
fn span(span: Duration) -> String {
    let seconds = span.as_secs_f64().round() as u64;
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3_600, seconds / 60 % 60),
    }
}
