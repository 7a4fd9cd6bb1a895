//! `graph-call config show`: which value each option has, and where that is from.

use std::env;
use std::io::Write as _;

use crate::defaults::{Opt, Origin, Source};
use crate::escape::Escaped;
use crate::failure::Failure;
use crate::sign_in;
use crate::terminal::Output;

/// Variables beside those of the sign-in that have a say.
const VARIABLES: [&str; 8] = [
    "GRAPH_CALL_CONFIG",
    "GRAPH_CALL_PROFILE",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
    "NO_PROXY",
    "no_proxy",
];

/// Prints a file that says the same, with remarks. Of the environment it says what is set, and no value.
pub(crate) fn run(file: Option<&Source>, options: &[Opt]) -> Result<(), Failure> {
    let mut output = Output::stdout();
    let (dim, reset) = (output.style.dim(), output.style.reset());
    match file {
        None => writeln!(output.writer, "{dim}# no configuration file{reset}")?,
        Some(Source { path, profile, .. }) => {
            let path = path.display().to_string();
            let profile =
                profile.as_deref().map_or_else(|| "no profile".to_owned(), |name| format!("profile {name}"));
            writeln!(output.writer, "{dim}# {}, {}{reset}", Escaped(&path), Escaped(&profile))?;
        }
    }
    let mut unset = Vec::new();
    let others = file.map_or(&[][..], |file| &file.others);
    for Opt { name, value, origin } in options.iter().chain(others) {
        let Some(value) = value else {
            unset.push(name.as_str());
            continue;
        };
        // What follows the program may be a secret.
        let program = value.split_whitespace().next().unwrap_or_default();
        let value = if name == "token-command" { format!("{program} ...") } else { value.clone() };
        let origin = match origin {
            Origin::CommandLine => "the command line".to_owned(),
            Origin::File(line, true) => format!("line {line}, of the profile"),
            Origin::File(line, false) => format!("line {line}"),
            Origin::Default => "the default".to_owned(),
        };
        let line = format!("{name} = {}", serde_json::Value::from(value));
        writeln!(output.writer, "{:<40} {dim}# {origin}{reset}", Escaped(&line).to_string())?;
    }
    writeln!(output.writer, "{dim}# not set: {}{reset}", unset.join(", "))?;
    let variables = sign_in::VARIABLES.iter().chain(&VARIABLES);
    let set: Vec<&str> =
        variables.copied().filter(|name| env::var_os(name).is_some_and(|value| !value.is_empty())).collect();
    let set = if set.is_empty() { "nothing".to_owned() } else { set.join(", ") };
    writeln!(output.writer, "{dim}# set in the environment: {set}{reset}")?;
    output.writer.flush()?;
    Ok(())
}
