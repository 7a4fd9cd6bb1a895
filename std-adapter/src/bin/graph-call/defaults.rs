//! The command line, with the values of a configuration file as its defaults.
//!
//! - takes: the arguments of the process, and the file that `--config` or `GRAPH_CALL_CONFIG` names
//! - gives: what is to be done, and where each value is from
//! - keeps: nothing
//! - refuses: a name in the file that no option has
//!
//! An option of the command line goes before one of the file, also before another one that cannot stand beside it: who
//! says `--token-stdin` does not mean the `token-file` of the file.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process;

use clap::parser::ValueSource;
use clap::{ArgMatches, Command, CommandFactory as _, FromArgMatches as _};
use graph_call_std::Class;

use crate::arguments::Arguments;
use crate::config::{self, Config, Setting};
use crate::escape::Escaped;
use crate::failure::Failure;
use crate::input;

const CONFIG: &str = "GRAPH_CALL_CONFIG";
const PROFILE: &str = "GRAPH_CALL_PROFILE";

/// What the command line and the file say together.
pub(crate) struct Settled {
    pub(crate) arguments: Arguments,
    pub(crate) file: Option<Source>,
    /// The options of the command, in the order of its help.
    pub(crate) options: Vec<Opt>,
}

/// The file.
pub(crate) struct Source {
    pub(crate) path: PathBuf,
    /// The profile that was taken.
    pub(crate) profile: Option<String>,
}

/// An option, its value, and where that is from.
pub(crate) struct Opt {
    pub(crate) name: String,
    pub(crate) value: Option<String>,
    pub(crate) origin: Origin,
}

/// Where a value is from.
pub(crate) enum Origin {
    CommandLine,
    /// The line, and whether it is of the profile.
    File(usize, bool),
    Default,
}

/// Reads the arguments of the process; ends it where they ask for help, or are wrong.
pub(crate) fn settle() -> Result<Settled, Failure> {
    let arguments: Vec<OsString> = env::args_os().collect();
    let command = Arguments::command();
    let matches = match command.clone().try_get_matches_from(&arguments) {
        Ok(matches) => matches,
        Err(error) => return Err(shown(command, &arguments, error)),
    };
    let named = |name: &str, variable: &str| {
        let given = matches.get_one::<String>(name).cloned();
        given.or_else(|| env::var(variable).ok()).filter(|value| !value.is_empty())
    };
    let profile = named("profile", PROFILE);
    let Some(path) = named("config", CONFIG).map(PathBuf::from) else {
        if let Some(name) = profile {
            let what = format!("the profile {} is in no file: --config names one", Escaped(&name));
            return Err(Failure::Told(Class::Usage, Some(what)));
        }
        let arguments = Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
        return Ok(Settled { arguments, file: None, options: options(&command, &matches, &[]) });
    };
    let Config { profile, settings } = read(&path, profile.as_deref())?;
    let applied = apply(&command, &matches, settings, &path)?;
    let filled = with_defaults(command.clone(), &names(&matches), &applied);
    let matches = filled.try_get_matches_from(&arguments).map_err(|error| {
        // The command line was right without the file.
        let text = error.to_string();
        let line = text.lines().next().unwrap_or_default();
        wrong(&path, line.strip_prefix("error: ").unwrap_or(line))
    })?;
    let options = options(&command, &matches, &applied);
    let arguments = Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    Ok(Settled { arguments, file: Some(Source { path, profile }), options })
}

/// Prints the help and ends the process, or prints what is wrong with the command line.
fn shown(command: Command, arguments: &[OsString], error: clap::Error) -> Failure {
    if !error.use_stderr() {
        return error.print().map_or_else(Failure::from, |()| process::exit(0));
    }
    // An error quotes what was typed, so it is made anew of what can be shown.
    let safe = arguments.iter().map(|argument| Escaped(&argument.to_string_lossy()).to_string());
    let error = command.try_get_matches_from(safe).err().filter(clap::Error::use_stderr).unwrap_or(error);
    // Where standard error is closed there is nobody to tell.
    let _ = error.print();
    Failure::Told(Class::Usage, None)
}

fn read(path: &Path, profile: Option<&str>) -> Result<Config, Failure> {
    let bytes = input::read(path, Class::Usage)?;
    let text = core::str::from_utf8(&bytes).map_err(|_| wrong(path, "it is not UTF-8"))?;
    config::read(text, profile).map_err(|what| wrong(path, &what))
}

fn wrong(path: &Path, what: &str) -> Failure {
    let name = path.display().to_string();
    Failure::Told(Class::Usage, Some(format!("{}: {}", Escaped(&name), Escaped(what))))
}

/// A value of the file for an option of this command.
struct Applied {
    id: String,
    setting: Setting,
}

/// The settings that count: for an option of the command that is neither on the command line nor kept out by it.
fn apply(
    command: &Command,
    matches: &ArgMatches,
    settings: Vec<Setting>,
    path: &Path,
) -> Result<Vec<Applied>, Failure> {
    let mut built = command.clone();
    built.build();
    let (inner, matches) = innermost(&built, matches);
    let is_explicit = |id: &str| matches.value_source(id) == Some(ValueSource::CommandLine);
    let mut applied: Vec<Applied> = Vec::new();
    for mut setting in settings {
        let line = setting.line;
        if !has_option(&built, &setting.name)
            || ["config", "profile", "help", "version"].contains(&setting.name.as_str())
        {
            let what = format!("line {line}: there is no option {} that could stand in a file", setting.name);
            return Err(wrong(path, &what));
        }
        let Some(option) = inner.get_arguments().find(|arg| arg.get_long() == Some(&setting.name)) else {
            continue;
        };
        let id = option.get_id().as_str();
        let excluded = excluded(inner, id);
        if is_explicit(id) || excluded.iter().any(|other| is_explicit(other)) || setting.values.is_empty() {
            continue;
        }
        if let Some(other) = applied.iter().find(|other| excluded.contains(&other.id)) {
            if other.setting.is_of_profile && !setting.is_of_profile {
                continue;
            }
            let what = format!("line {line}: {} cannot stand beside {}", setting.name, other.setting.name);
            return Err(wrong(path, &what));
        }
        let is_file = option.get_value_names().is_some_and(|names| names.iter().any(|name| name == "FILE"));
        if let (true, Some(folder)) = (is_file, path.parent()) {
            let beside = |value: &mut String| {
                if value != "-" {
                    *value = folder.join(&value).display().to_string();
                }
            };
            setting.values.iter_mut().for_each(beside);
        }
        applied.push(Applied { id: id.to_owned(), setting });
    }
    Ok(applied)
}

/// The options that cannot stand beside this one.
fn excluded(command: &Command, id: &str) -> Vec<String> {
    let arguments = || command.get_arguments().filter(|other| other.get_id() != id);
    let this = command.get_arguments().find(|arg| arg.get_id() == id);
    let is_excluded = |other: &&clap::Arg| {
        let shares_group = command.get_groups().any(|group| {
            let has = |id: &str| group.get_args().any(|member| member == id);
            !group.clone().is_multiple() && has(id) && has(other.get_id().as_str())
        });
        shares_group
            || this.is_some_and(|this| conflicts(command, this, other) || conflicts(command, other, this))
    };
    arguments().filter(is_excluded).map(|other| other.get_id().to_string()).collect()
}

/// Whether an option says that another one cannot stand beside it.
fn conflicts(command: &Command, one: &clap::Arg, other: &clap::Arg) -> bool {
    command.get_arg_conflicts_with(one).iter().any(|arg| arg.get_id() == other.get_id())
}

/// Whether the tool, or any of its commands, has an option of this name.
fn has_option(command: &Command, name: &str) -> bool {
    command.get_arguments().any(|arg| arg.get_long() == Some(name))
        || command.get_subcommands().any(|command| has_option(command, name))
}

/// The names of the command, such as `config show`.
fn names(matches: &ArgMatches) -> Vec<String> {
    let mut names = Vec::new();
    let mut at = matches;
    while let Some((name, inner)) = at.subcommand() {
        names.push(name.to_owned());
        at = inner;
    }
    names
}

/// The command that is meant, and what matched of it.
fn innermost<'a>(command: &'a Command, matches: &'a ArgMatches) -> (&'a Command, &'a ArgMatches) {
    let mut at = (command, matches);
    while let Some((name, matches)) = at.1.subcommand() {
        let Some(command) = at.0.find_subcommand(name) else { break };
        at = (command, matches);
    }
    at
}

/// The same command, in which these values are defaults.
fn with_defaults(mut command: Command, names: &[String], applied: &[Applied]) -> Command {
    for Applied { id, setting } in applied {
        if command.get_arguments().any(|arg| arg.get_id() == id.as_str()) {
            let values = setting.values.clone();
            command = command.mut_arg(id, |arg| arg.default_values(values));
        }
    }
    match names.split_first() {
        Some((name, rest)) => command.mut_subcommand(name, |command| with_defaults(command, rest, applied)),
        None => command,
    }
}

/// The options of the command that is meant, with their values.
fn options(command: &Command, matches: &ArgMatches, applied: &[Applied]) -> Vec<Opt> {
    let (inner, matches) = innermost(command, matches);
    let option = |arg: &clap::Arg| {
        let name = arg.get_long()?.to_owned();
        let id = arg.get_id().as_str();
        let raw = matches.try_get_raw(id).ok().flatten();
        let texts: Vec<String> =
            raw.into_iter().flatten().map(|value| value.to_string_lossy().into_owned()).collect();
        let value = (!texts.is_empty() && texts != ["false"]).then(|| texts.join(","));
        let origin = match (matches.value_source(id), applied.iter().find(|applied| applied.id == id)) {
            (Some(ValueSource::CommandLine), _) => Origin::CommandLine,
            (_, Some(Applied { setting, .. })) => Origin::File(setting.line, setting.is_of_profile),
            _ => Origin::Default,
        };
        Some(Opt { name, value, origin })
    };
    inner.get_arguments().filter_map(option).collect()
}
