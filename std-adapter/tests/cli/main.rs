//! The tool as its user meets it: exit code, standard output, standard error.

mod canary;
mod config;
mod doctor;
mod exit_code;
mod get;
mod kit;
mod look;
mod many;
mod meanwhile;
mod mirror;
mod network;
mod parse;
mod shell;
mod sign_in;
mod sources;
#[cfg(target_os = "linux")]
mod terminal;
mod watch;
