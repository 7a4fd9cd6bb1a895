//! The tool as its user meets it: exit code, standard output, standard error.

mod canary;
mod document;
mod get;
mod kit;
mod look;
mod many;
mod meanwhile;
mod parse;
mod shell;
#[cfg(target_os = "linux")]
mod terminal;
mod watch;
