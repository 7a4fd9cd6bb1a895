//! Measures graph-call beside other parsers on this machine.
//!
//! ```text
//! desktop               print all tables
//! desktop write FILE    print them and put them into FILE
//! desktop profile R C   the lines that take the most instructions in one cell of the tables
//! desktop check         compare, count instructions, and fail if a goal that was met is missed
//! ```

use std::path::Path;
use std::process::ExitCode;

use benches::plan::{Job, Plan};
use benches::{instructions, report, table};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        [] => tables(None),
        ["write", file] => tables(Some(Path::new(file))),
        ["check"] => check(),
        ["profile", row, column] => profile(row, column),
        ["run-once"] => run_once(|_| true),
        ["run-once", row, column] => run_once(|job| job.row == *row && job.column == *column),
        _ => Err("usage: desktop [write FILE | check | profile ROW COLUMN]".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
    }
}

fn profile(row: &str, column: &str) -> Result<(), String> {
    println!("{}", instructions::profile(&["run-once", row, column])?);
    Ok(())
}

/// Runs works twice, once where callgrind counts.
fn run_once(wanted: impl Fn(&Job) -> bool) -> Result<(), String> {
    for job in Plan::new()?.jobs().filter(|job| wanted(job)) {
        (job.work)();
        instructions::measured(&mut job.work);
    }
    Ok(())
}

fn tables(file: Option<&Path>) -> Result<(), String> {
    let mut plan = Plan::new()?;
    for (name, content) in report::all(&mut plan)? {
        println!("{content}\n");
        if let Some(file) = file {
            table::put(file, name, &content)?;
        }
    }
    Ok(())
}

fn check() -> Result<(), String> {
    let mut plan = Plan::new()?;
    let counts = report::Counts::of(&mut plan)?;
    println!("{}", report::instructions(&plan, &counts));
    println!("{}", report::goals(&plan, &counts));
    report::check(&plan, &counts)
}
