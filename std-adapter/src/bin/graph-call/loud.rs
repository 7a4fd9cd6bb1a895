//! How much is told on standard error, and how: settled once, from the command line and the environment.

use std::env;
use std::ffi::OsString;
use std::io::IsTerminal;
use std::sync::OnceLock;

use clap::{ArgAction, Args, ValueEnum};

use crate::console;

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

impl When {
    /// Whether it is now, with these variables, on a stream that takes colour or not.
    fn applies(self, variable: impl Fn(&str) -> Option<OsString>, takes_colour: bool) -> bool {
        let is_set = |name| variable(name).is_some_and(|value| !value.is_empty());
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto if is_set("NO_COLOR") => false,
            Self::Auto
                if is_set("CLICOLOR_FORCE")
                    && variable("CLICOLOR_FORCE").is_some_and(|value| value != "0") =>
            {
                true
            }
            Self::Auto => takes_colour && variable("TERM").is_none_or(|value| value != "dumb"),
        }
    }
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
        !self.quiet
            && self.verbose == 0
            && !self.is_json()
            && std::io::stderr().is_terminal()
            && console::takes_escapes()
    }

    /// Whether to colour what goes to `stream`. The option comes first, then `NO_COLOR` (no-color.org), then
    /// `CLICOLOR_FORCE` (bixense.com/clicolors); without them a terminal is coloured that is not dumb and takes colour.
    pub(crate) fn is_coloured(self, stream: &impl IsTerminal) -> bool {
        // Asked in any case: whoever wants colour always should not see it as text.
        let takes_escapes = console::takes_escapes();
        self.color.applies(|name| env::var_os(name), stream.is_terminal() && takes_escapes)
    }
}

#[cfg(test)]
mod tests {
    use super::When;

    #[test]
    fn a_stream_that_takes_no_colour_has_some_only_if_it_is_asked_for() {
        let applies = |when: When, variables: &[(&str, &str)], takes_colour| {
            let find = |name: &str| {
                variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into())
            };
            when.applies(find, takes_colour)
        };
        for (variables, takes, takes_none) in [
            (&[][..], true, false),
            (&[("TERM", "dumb")], false, false),
            (&[("TERM", "xterm")], true, false),
            (&[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")], false, false),
            (&[("NO_COLOR", "")], true, false),
            (&[("CLICOLOR_FORCE", "1")], true, true),
            (&[("CLICOLOR_FORCE", "0")], true, false),
        ] {
            assert_eq!(applies(When::Auto, variables, true), takes, "{variables:?}");
            assert_eq!(applies(When::Auto, variables, false), takes_none, "{variables:?}");
            assert!(applies(When::Always, variables, false) && !applies(When::Never, variables, true));
        }
    }
}
