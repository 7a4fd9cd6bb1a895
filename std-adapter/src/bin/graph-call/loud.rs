//! How much is told on standard error, and how: settled once, from the command line and the environment.

use std::env;
use std::io::IsTerminal;
use std::sync::OnceLock;

use clap::{ArgAction, Args, ValueEnum};

/// What every command takes.
#[derive(Args, Clone, Copy, Debug, Default)]
pub(crate) struct Loud {
    /// When to use colour
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true, help_heading = "Messages")]
    color: When,
    /// Say nothing on standard error: the exit code tells
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = "Messages")]
    quiet: bool,
    /// Tell every step on standard error; -vv also shows the heads of requests and answers, without secrets
    #[arg(short, long, action = ArgAction::Count, global = true, help_heading = "Messages")]
    verbose: u8,
    /// How standard error is written: for people, or one JSON object a line
    #[arg(long, value_name = "FORMAT", default_value = "text", global = true, help_heading = "Messages")]
    log_format: Format,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
#[value(rename_all = "lower")]
enum When {
    #[default]
    Auto,
    Always,
    Never,
}

/// How messages are written.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
#[value(rename_all = "lower")]
enum Format {
    #[default]
    Text,
    Json,
}

static LOUD: OnceLock<Loud> = OnceLock::new();

impl Loud {
    /// What the command line says, from now on.
    pub(crate) fn settle(self) {
        let _ = LOUD.set(self);
    }

    /// What was settled.
    pub(crate) fn get() -> Self {
        LOUD.get().copied().unwrap_or_default()
    }

    pub(crate) fn is_quiet(self) -> bool {
        self.quiet
    }

    /// Whether every step is told.
    pub(crate) fn tells_steps(self) -> bool {
        self.verbose >= 1
    }

    /// Whether the heads are told as well.
    pub(crate) fn tells_heads(self) -> bool {
        self.verbose >= 2
    }

    /// Whether messages are objects of JSON.
    pub(crate) fn is_json(self) -> bool {
        self.log_format == Format::Json
    }

    /// Whether a person at a terminal may be shown what is erased again.
    pub(crate) fn may_animate(self) -> bool {
        !self.quiet && self.verbose == 0 && !self.is_json() && std::io::stderr().is_terminal()
    }

    /// Whether to colour what goes to `stream`. The option comes first, then `NO_COLOR` (no-color.org), then
    /// `CLICOLOR_FORCE` (bixense.com/clicolors); without them a terminal that is not dumb is coloured.
    pub(crate) fn is_coloured(self, stream: &impl IsTerminal) -> bool {
        let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
        match self.color {
            When::Always => true,
            When::Never => false,
            When::Auto if is_set("NO_COLOR") => false,
            When::Auto
                if is_set("CLICOLOR_FORCE")
                    && env::var_os("CLICOLOR_FORCE").is_some_and(|value| value != "0") =>
            {
                true
            }
            When::Auto => stream.is_terminal() && env::var_os("TERM").is_none_or(|value| value != "dumb"),
        }
    }
}
