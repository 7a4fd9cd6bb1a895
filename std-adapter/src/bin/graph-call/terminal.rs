//! Standard output and standard error: colour for people, silence for broken pipes.

use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};

use graph_call_std::credential::TokenCommand;

use crate::escape::Escaped;
use crate::json::Node;
use crate::loud::Loud;
use crate::{console, line, time};

/// Where results go, buffered, with or without colour.
pub(crate) struct Output {
    pub(crate) writer: BufWriter<StdoutLock<'static>>,
    pub(crate) style: Style,
}

impl Output {
    pub(crate) fn stdout() -> Self {
        let stdout = io::stdout();
        let style = Style::of(&stdout);
        Self { writer: BufWriter::new(stdout.lock()), style }
    }
}

/// Whether to use colour, and the few escapes that do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    is_on: bool,
}

impl Style {
    /// Colour where the command line, the environment or the stream says so.
    pub(crate) fn of(stream: &impl IsTerminal) -> Self {
        Self { is_on: Loud::get().is_coloured(stream) }
    }

    pub(crate) fn bold(self) -> &'static str {
        self.pick("\u{1b}[1m")
    }

    pub(crate) fn dim(self) -> &'static str {
        self.pick("\u{1b}[2m")
    }

    pub(crate) fn red(self) -> &'static str {
        self.pick("\u{1b}[1;31m")
    }

    pub(crate) fn green(self) -> &'static str {
        self.pick("\u{1b}[32m")
    }

    pub(crate) fn yellow(self) -> &'static str {
        self.pick("\u{1b}[33m")
    }

    pub(crate) fn reset(self) -> &'static str {
        self.pick("\u{1b}[0m")
    }

    fn pick(self, escape: &'static str) -> &'static str {
        if self.is_on { escape } else { "" }
    }
}

/// Writes an error to standard error; where that is closed there is nobody to tell. The text has been escaped.
pub(crate) fn complain(text: &str) {
    complain_with(text, Vec::new());
}

/// The same, with what a program wants to know of it besides.
pub(crate) fn complain_with(text: &str, more: Vec<(&'static str, Node)>) {
    let style = Style::of(&io::stderr());
    say("error", style.red(), text, more);
}

/// Writes a remark to standard error.
pub(crate) fn note(text: &str) {
    let style = Style::of(&io::stderr());
    say("note", style.yellow(), text, Vec::new());
}

/// Writes a step to standard error.
pub(crate) fn step(text: &str, more: Vec<(&'static str, Node)>) {
    if Loud::get().is_json() {
        say("step", "", text, more);
    } else {
        step_with('*', text);
    }
}

/// The same for people, behind another sign.
pub(crate) fn step_with(sign: char, text: &str) {
    let _ = writeln!(io::stderr(), "{sign} {}", Escaped(text));
}

fn say(level: &'static str, colour: &str, text: &str, more: Vec<(&'static str, Node)>) {
    let loud = Loud::get();
    if loud.is_quiet() {
        return;
    }
    line::erase();
    if loud.is_json() {
        let mut members = vec![("at", Node::text(time::stamp(time::now()))), ("level", Node::text(level))];
        members.extend(more);
        members.push(("message", Node::text(text)));
        let _ = writeln!(io::stderr(), "{}", Node::Object(members).to_json(false));
    } else {
        let reset = Style::of(&io::stderr()).reset();
        let _ = writeln!(io::stderr(), "{colour}{level}:{reset} {text}");
    }
}

/// Tells a person at a terminal that standard input is waited for.
pub(crate) fn await_input(what: &str) {
    if io::stdin().is_terminal() && io::stderr().is_terminal() {
        let end = console::end_of_input(cfg!(windows));
        note(&format!("reading {what} from standard input; {end}"));
    }
}

/// Ends the program wherever its threads are, and leaves nothing behind.
pub(crate) fn end(code: i32) -> ! {
    let _quiet = TokenCommand::end_all();
    line::erase();
    std::process::exit(code)
}

/// Ends the program, successfully, as soon as nobody reads standard output any more: also while it waits.
pub(crate) fn end_with_reader() {
    #[cfg(unix)]
    {
        use rustix::event::{PollFd, PollFlags, poll};
        // Without a thread the next line that is written finds out.
        let _ = std::thread::Builder::new().spawn(|| {
            let stdout = io::stdout();
            loop {
                // Nothing is asked for: what comes all the same is that the other side is gone.
                let mut stream = [PollFd::new(&stdout, PollFlags::empty())];
                match poll(&mut stream, None) {
                    Ok(_) if stream[0].revents().intersects(PollFlags::ERR | PollFlags::HUP) => {
                        end(0);
                    }
                    Ok(_) => return,
                    Err(rustix::io::Errno::INTR) => {}
                    Err(_) => return,
                }
            }
        });
    }
}
