//! Standard output and standard error: colour for people, silence for broken pipes.

use std::env;
use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};

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
    /// Colour on a terminal, unless `NO_COLOR` is set and not empty (no-color.org) or the terminal is dumb.
    pub(crate) fn of(stream: &impl IsTerminal) -> Self {
        let refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = env::var_os("TERM").is_some_and(|value| value == "dumb");
        Self { is_on: stream.is_terminal() && !refused && !dumb }
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

/// Writes an error to standard error; where that is closed there is nobody to tell.
pub(crate) fn complain(text: &str) {
    let style = Style::of(&io::stderr());
    let _ = writeln!(io::stderr(), "{}error:{} {text}", style.red(), style.reset());
}

/// Writes a remark to standard error.
pub(crate) fn note(text: &str) {
    let style = Style::of(&io::stderr());
    let _ = writeln!(io::stderr(), "{}note:{} {text}", style.yellow(), style.reset());
}

/// Tells a person at a terminal that standard input is waited for.
pub(crate) fn await_input(what: &str) {
    if io::stdin().is_terminal() && io::stderr().is_terminal() {
        note(&format!("reading {what} from standard input; Ctrl-D ends it"));
    }
}
