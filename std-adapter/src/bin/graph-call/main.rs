//! `graph-call`: Microsoft Graph calls on the command line.
#![forbid(unsafe_code)]

mod arguments;
mod escape;
mod excerpt;
mod failure;
mod page;
mod parse;
mod serve;
mod summary;
mod terminal;

use std::io::Write as _;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

use arguments::{Arguments, Command};
use failure::Failure;
use terminal::Output;

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Parse(arguments) => parse::run(&arguments),
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "graph-call", &mut script);
            print(&script)
        }
        Command::Man => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Arguments::command()).render(&mut page)?;
            print(&page)
        }
    }
}

fn print(text: &[u8]) -> Result<(), Failure> {
    let mut output = Output::stdout();
    output.writer.write_all(text)?;
    output.writer.flush()?;
    Ok(())
}
