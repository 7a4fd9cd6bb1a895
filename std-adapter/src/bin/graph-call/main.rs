//! `graph-call`: Microsoft Graph calls on the command line.
#![forbid(unsafe_code)]

mod arguments;
mod ask;
mod call_id;
mod demo;
mod escape;
mod excerpt;
mod failure;
mod get;
mod page;
mod parse;
mod progress;
mod report;
mod serve;
mod sign_in;
mod sources;
mod summary;
mod terminal;
mod watch;

use std::io::Write as _;
use std::process::ExitCode;
use std::thread;

use clap::{CommandFactory as _, Parser as _};
use graph_call_std::Class;

use arguments::{Arguments, Command};
use failure::Failure;
use terminal::Output;

/// A large call takes megabytes, and passes over the stack on its way to the heap: a main thread may have too few.
const STACK_BYTES: usize = 64 * 1024 * 1024;

fn main() -> ExitCode {
    let command = Arguments::parse().command;
    let worker = thread::Builder::new().stack_size(STACK_BYTES).spawn(|| run(command));
    let outcome = match worker.map(thread::JoinHandle::join) {
        Ok(Ok(outcome)) => outcome,
        // A panic has told of itself on standard error.
        Ok(Err(_)) => Err(Failure::Told(Class::Other, None)),
        Err(error) => Err(Failure::Told(Class::Other, Some(format!("no thread to work in: {error}")))),
    };
    outcome.map_or_else(Failure::report, |()| ExitCode::SUCCESS)
}

fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Get(arguments) => get::run(&arguments),
        Command::Watch(arguments) => watch::run(&arguments),
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Parse(arguments) => parse::run(&arguments),
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "graph-call", &mut script);
            print(&script)
        }
        Command::Man { command } => {
            let mut page = Vec::new();
            clap_mangen::Man::new(described(command.as_deref())).render(&mut page)?;
            print(&page)
        }
    }
}

/// The command line's description of the tool, or of one of its commands under its full name.
fn described(command: Option<&str>) -> clap::Command {
    let tool = Arguments::command();
    let Some(found) = command.and_then(|command| tool.find_subcommand(command)) else { return tool };
    let (page, typed) =
        (format!("graph-call-{}", found.get_name()), format!("graph-call {}", found.get_name()));
    found.clone().version(env!("CARGO_PKG_VERSION")).disable_version_flag(true).name(page).bin_name(typed)
}

fn print(text: &[u8]) -> Result<(), Failure> {
    let mut output = Output::stdout();
    output.writer.write_all(text)?;
    output.writer.flush()?;
    Ok(())
}
