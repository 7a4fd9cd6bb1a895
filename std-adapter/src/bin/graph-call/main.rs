//! `graph-call`: Microsoft Graph calls on the command line.
#![forbid(unsafe_code)]

mod arguments;
mod ask;
mod call_id;
mod changes;
mod config;
mod config_show;
mod console;
mod defaults;
mod demo;
mod doctor;
mod escape;
mod excerpt;
mod failure;
mod fields;
mod get;
mod ids;
mod input;
mod json;
mod line;
mod look;
mod loud;
mod many;
mod outline;
mod page;
mod parse;
mod progress;
mod raw;
mod report;
mod required;
mod serve;
mod shell;
mod sign_in;
mod sources;
mod summary;
mod table;
mod terminal;
mod time;
mod unknown;
mod version;
mod watch;
mod whoami;

use std::io::Write as _;
use std::process::ExitCode;

use clap::CommandFactory as _;
use graph_call_std::credential::TokenCommand;

use arguments::{Arguments, Command, Configuration};
use defaults::Settled;
use failure::Failure;
use terminal::Output;

fn main() -> ExitCode {
    let outcome = defaults::settle().and_then(|settled| {
        settled.arguments.loud.settle();
        run(settled)
    });
    // What failed may be another call than the one that still waits for its token.
    let _quiet = TokenCommand::end_all();
    outcome.map_or_else(Failure::report, |()| ExitCode::SUCCESS)
}

fn run(settled: Settled) -> Result<(), Failure> {
    match settled.arguments.command {
        Command::Config(Configuration::Show { .. }) => {
            config_show::run(settled.file.as_ref(), &settled.options)
        }
        Command::Get(arguments) => get::run(arguments),
        Command::Watch(arguments) => watch::run(arguments),
        Command::Whoami(arguments) => whoami::run(&arguments),
        Command::Doctor(arguments) => doctor::run(&arguments),
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
    let mut tool = Arguments::command();
    // Then every command has the options of all.
    tool.build();
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
