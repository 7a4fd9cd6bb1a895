//! Which members of a call have to be right, and which of the others could not be read.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use graph_call::http::{ExpandMember, SelectMember};
use graph_call::record::NAMES_MAX;
use graph_call::{Error, HeapCall, ParseOptions};

/// What a call needs whatever else is wrong with it: by these one knows which call it is, and whether it goes on.
const ALWAYS: [&str; 2] = ["id", "state"];

/// The members that have to be right.
#[derive(Args, Debug)]
pub(crate) struct Required {
    /// Take a call although members besides id, state and these, separated by commas, cannot be read, and name them;
    /// otherwise such a call is refused
    #[arg(long, value_name = "MEMBER", value_delimiter = ',', value_parser = members(), hide_possible_values = true)]
    required: Vec<&'static str>,
}

impl Required {
    pub(crate) fn options(&self) -> ParseOptions {
        if self.required.is_empty() {
            return ParseOptions::new();
        }
        let all = names().filter(|name| ALWAYS.contains(name) || self.required.contains(name));
        let mut names = [""; NAMES_MAX];
        for (place, name) in names.iter_mut().zip(all) {
            *place = name;
        }
        // Once in a run.
        ParseOptions::new().required(Box::leak(Box::new(names)))
    }
}

fn members() -> impl TypedValueParser<Value = &'static str> {
    PossibleValuesParser::new(names())
        .try_map(|text| names().find(|name| *name == text).ok_or("no such member"))
}

fn names() -> impl Iterator<Item = &'static str> {
    let selected = SelectMember::ALL.iter().map(|member| member.name());
    selected.chain(ExpandMember::ALL.iter().map(|member| member.name()))
}

/// Whether a call can be shown without the member that is wrong, whatever is wrong with it.
pub(crate) fn may_be_left_out(error: &Error) -> bool {
    error.path().members().next().is_some_and(|(name, _)| !ALWAYS.contains(&name))
}

/// What is to be told of the members that could not be read.
pub(crate) fn unreadable(call: &HeapCall) -> Option<String> {
    let unreadable = call.unreadable();
    let (path, offset) = unreadable.first()?;
    let names: Vec<_> = unreadable.names().collect();
    Some(format!(
        "{} cannot be read: the first fault is in {path}, at byte {offset} of the call",
        names.join(", ")
    ))
}
