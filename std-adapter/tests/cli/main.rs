//! The tool as its user meets it: exit code, standard output, standard error.

mod kit;
mod parse;
mod shell;
