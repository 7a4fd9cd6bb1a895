//! A configuration file: values for options, in TOML.
//!
//! ```toml
//! timeout = 30                 # for every profile
//! profile = "production"       # the one that is taken unless --profile names another
//!
//! [profiles.production]
//! cloud = "usgov-l4"
//! certificate = "app.pem"      # beside this file
//! ```
//!
//! - takes: the text of a file, and the name of a profile
//! - gives: values by the long names of options, each with its line
//! - keeps: nothing
//! - refuses: what is no TOML, and a profile that is not there; whether there is such an option is not known here

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::escape::Escaped;

/// What a file says of an option.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Setting {
    /// The long name of the option.
    pub(crate) name: String,
    /// Its values; none if it is turned off.
    pub(crate) values: Vec<String>,
    /// From 1.
    pub(crate) line: usize,
    /// Whether it stands in the profile, and not above all of them.
    pub(crate) is_of_profile: bool,
}

/// What a file says, as far as it counts.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Config {
    /// The profile that was taken.
    pub(crate) profile: Option<String>,
    /// What stands in the profile comes first.
    pub(crate) settings: Vec<Setting>,
}

/// Reads the values of a profile, and those that are for all.
pub(crate) fn read(text: &str, profile: Option<&str>) -> Result<Config, String> {
    let text = text.trim_start_matches('\u{feff}');
    let line = |span: Range<usize>| 1 + text.bytes().take(span.start).filter(|byte| *byte == b'\n').count();
    let root = DeTable::parse(text).map_err(|error| {
        let place = error.span().map_or_else(String::new, |span| format!("line {}: ", line(span)));
        format!("{place}{}", Escaped(error.message()))
    })?;
    let root = root.get_ref();
    let chosen = match (profile, root.get("profile").map(Spanned::get_ref)) {
        (Some(name), _) => Some(name.to_owned()),
        (None, Some(DeValue::String(name))) => Some(name.clone().into_owned()),
        (None, Some(_)) => return Err("profile has to be the name of a profile, in quotes".to_owned()),
        (None, None) => None,
    };
    let profiles = match root.get("profiles").map(Spanned::get_ref) {
        None => None,
        Some(DeValue::Table(profiles)) => Some(profiles),
        Some(_) => return Err("profiles has to be a table, as in [profiles.NAME]".to_owned()),
    };
    let mut settings = Vec::new();
    if let Some(name) = &chosen {
        let table = profiles.and_then(|profiles| profiles.get(name.as_str())).map(Spanned::get_ref);
        let Some(DeValue::Table(table)) = table else {
            let names: Vec<_> =
                profiles.into_iter().flatten().map(|(name, _)| name.get_ref().as_ref()).collect();
            let there = if names.is_empty() { "no profile".to_owned() } else { names.join(", ") };
            return Err(format!("there is no profile {}; there is {}", Escaped(name), Escaped(&there)));
        };
        collect(table, true, line, &mut settings)?;
    }
    collect(root, false, line, &mut settings)?;
    Ok(Config { profile: chosen, settings })
}

/// Takes the values of a table, unless there is one for the option already.
fn collect(
    table: &DeTable<'_>,
    is_of_profile: bool,
    line: impl Fn(Range<usize>) -> usize,
    settings: &mut Vec<Setting>,
) -> Result<(), String> {
    for (name, value) in table {
        let (name, line) = (name.get_ref().as_ref(), line(name.span()));
        if !is_of_profile && matches!(name, "profile" | "profiles") {
            continue;
        }
        let values = values(value.get_ref())
            .ok_or_else(|| format!("line {line}: {} has no value that an option can have", Escaped(name)))?;
        if settings.iter().all(|setting| setting.name != name) {
            settings.push(Setting { name: name.to_owned(), values, line, is_of_profile });
        }
    }
    Ok(())
}

/// A value as the command line would have it.
fn values(value: &DeValue<'_>) -> Option<Vec<String>> {
    Some(match value {
        DeValue::String(text) => vec![text.clone().into_owned()],
        DeValue::Integer(number) if number.radix() == 10 => vec![number.as_str().to_owned()],
        DeValue::Float(number) => vec![number.as_str().to_owned()],
        DeValue::Boolean(true) => vec!["true".to_owned()],
        DeValue::Boolean(false) => Vec::new(),
        DeValue::Array(list) => {
            let texts = list.iter().map(|value| value.get_ref().as_str().map(str::to_owned));
            texts.collect::<Option<Vec<_>>>().filter(|texts| !texts.is_empty())?
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::read;

    const TEXT: &str = "\u{feff}timeout = 30\nretries = 1_0\nprofile = \"a\"\n\n[profiles.a]\ncloud = \"china\"\nretries = 5\n\
                        json = true\nbeta = false\n[profiles.\"b c\"]\nselect = [\"id\", \"state\"]\ninterval = 1.5\n";

    fn settings(profile: Option<&str>) -> Vec<String> {
        let config = read(TEXT, profile).expect("a profile");
        let shown = |setting: &super::Setting| {
            format!("{}={}@{}", setting.name, setting.values.join("+"), setting.line)
        };
        config.settings.iter().map(shown).collect()
    }

    #[test]
    fn a_profile_goes_before_what_is_for_all() {
        let mut of_a = settings(None);
        of_a.sort();
        assert_eq!(of_a, ["beta=@9", "cloud=china@6", "json=true@8", "retries=5@7", "timeout=30@1"]);
        let mut of_b = settings(Some("b c"));
        of_b.sort();
        assert_eq!(of_b, ["interval=1.5@12", "retries=10@2", "select=id+state@11", "timeout=30@1"]);
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_line() {
        for (text, profile, says) in [
            ("a = 1\nb =\n", None, "line 2: "),
            ("a = 1\na = 2\n", None, "line 2: "),
            ("x = { y = 1 }", None, "line 1: x has no value"),
            ("x = 0x10", None, "no value"),
            ("x = []", None, "no value"),
            ("profile = 1", None, "in quotes"),
            ("profiles = 1", None, "as in [profiles.NAME]"),
            ("[profiles.a]\n[profiles.b]", Some("c"), "there is no profile c; there is a, b"),
            ("profile = \"\\u001b\"", None, "there is no profile \\u{1b}; there is no profile"),
        ] {
            let error = read(text, profile).expect_err(text);
            assert!(error.contains(says), "{text}: {error}");
        }
    }
}
