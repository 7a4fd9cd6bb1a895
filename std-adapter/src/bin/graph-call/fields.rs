//! Members by their paths, such as `source.identity.user.displayName`: what `--fields` takes.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::error::ErrorKind;
use graph_call::HeapCall;
use graph_call::record::Schema;
use graph_call::value::Members as _;

use crate::escape::Escaped;
use crate::json::Node;

/// The names that lead from the call to a member; one that is an array stands for all of its elements.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Field(Vec<&'static str>);

impl Field {
    /// The path of a member that a call has.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut schema = Some(HeapCall::empty().schema());
        let mut path = Vec::new();
        for name in text.split('.') {
            let Some(here) = schema else {
                return Err(format!("{} has no members", path.join(".")));
            };
            let Some(found) = members(here).find(|(member, _)| *member == name) else {
                let names: Vec<_> = members(here).map(|(member, _)| member).collect();
                let of = if path.is_empty() { "a call".to_owned() } else { path.join(".") };
                return Err(format!("the members of {of} are {}", names.join(", ")));
            };
            path.push(found.0);
            schema = found.1;
        }
        Ok(Self(path))
    }

    /// As it was typed.
    pub(crate) fn name(&self) -> String {
        self.0.join(".")
    }

    /// The values there, as one text; those of an array are parted by commas.
    pub(crate) fn text(&self, node: &Node, shows_secrets: bool) -> String {
        let mut texts = Vec::new();
        collect(&self.0, node, &mut |found| texts.push(plain(found, shows_secrets)));
        texts.join(", ")
    }
}

/// What of a value is asked for by these paths; all, if none are named.
pub(crate) fn only(node: Node, fields: &[Field]) -> Node {
    let paths: Vec<&[&str]> = fields.iter().map(|field| &*field.0).collect();
    prune(node, &paths)
}

fn prune(node: Node, paths: &[&[&str]]) -> Node {
    if paths.iter().any(|path| path.is_empty()) || paths.is_empty() {
        return node;
    }
    match node {
        Node::List(values) => Node::List(values.into_iter().map(|value| prune(value, paths)).collect()),
        Node::Object(members) => {
            let kept = members.into_iter().filter_map(|(name, value)| {
                let inner: Vec<&[&str]> = paths
                    .iter()
                    .filter_map(|path| {
                        path.split_first().filter(|(first, _)| **first == name).map(|(_, rest)| rest)
                    })
                    .collect();
                (!inner.is_empty()).then(|| (name, prune(value, &inner)))
            });
            Node::Object(kept.collect())
        }
        leaf => leaf,
    }
}

fn collect<'n>(path: &[&str], node: &'n Node, found: &mut impl FnMut(&'n Node)) {
    match (path, node) {
        (_, Node::List(values)) => values.iter().for_each(|value| collect(path, value, found)),
        ([], _) => found(node),
        ([name, rest @ ..], _) => {
            if let Some(value) = node.get(name) {
                collect(rest, value, found);
            }
        }
    }
}

/// A value without the quotes of JSON; the text is not escaped yet.
pub(crate) fn plain(node: &Node, shows_secrets: bool) -> String {
    match node {
        Node::Text(text) => text.clone(),
        Node::Secret(text) if shows_secrets => text.clone(),
        Node::Secret(_) => "(hidden)".to_owned(),
        _ => {
            let mut node = node.clone();
            if !shows_secrets {
                node.hide();
            }
            node.to_json(false)
        }
    }
}

/// The members of a record by name, each with its own members.
fn members(schema: &'static Schema) -> impl Iterator<Item = (&'static str, Option<&'static Schema>)> {
    (0..schema.members).filter_map(|field| Some((schema.name(field)?, schema.child(field))))
}

/// Takes the paths of members; completions offer them two names deep.
#[derive(Clone)]
pub(crate) struct FieldParser;

impl TypedValueParser for FieldParser {
    type Value = Field;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<Field, clap::Error> {
        let text = value.to_string_lossy();
        Field::parse(&text).map_err(|why| {
            let option = argument.map(ToString::to_string).unwrap_or_default();
            let text = format!("invalid value '{}' for '{option}': {why}\n", Escaped(&text));
            clap::Error::raw(ErrorKind::ValueValidation, text).with_cmd(command)
        })
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let call = members(HeapCall::empty().schema());
        Some(Box::new(call.flat_map(|(name, inner)| {
            let below = inner.into_iter().flat_map(members);
            let below = below.map(move |(member, _)| PossibleValue::new(format!("{name}.{member}")));
            [PossibleValue::new(name)].into_iter().chain(below)
        })))
    }
}

#[cfg(test)]
mod tests {
    use super::{Field, only};
    use crate::json::Node;

    fn node() -> Node {
        Node::read(
            r##"{"id":"1","state":"established","targets":[
                {"identity":{"user":{"id":"2","displayName":"J"}}},{"identity":{"user":{"displayName":"K"}}}],
                "meetingInfo":{"@odata.type":"#microsoft.graph.tokenMeetingInfo","token":"t"}}"##,
        )
    }

    fn field(text: &str) -> Field {
        Field::parse(text).expect("a member")
    }

    #[test]
    fn a_path_leads_to_every_value_there() {
        let node = node();
        for (path, text) in [
            ("state", "established"),
            ("targets.identity.user.displayName", "J, K"),
            ("targets.identity.user.id", "2"),
            ("subject", ""),
            ("meetingInfo.token", "(hidden)"),
            ("targets.identity.user", r#"{"id":"2","displayName":"J"}, {"displayName":"K"}"#),
        ] {
            assert_eq!(field(path).text(&node, false), text, "{path}");
        }
        assert_eq!(field("meetingInfo.token").text(&node, true), "t");
    }

    #[test]
    fn what_is_not_asked_for_is_left_out() {
        let kept = only(node(), &[field("state"), field("targets.identity.user.id")]);
        let text = r#"{"state":"established","targets":[{"identity":{"user":{"id":"2"}}},{"identity":{"user":{}}}]}"#;
        assert_eq!(kept.to_json(false), text);
        assert_eq!(only(node(), &[]), node());
    }

    #[test]
    fn a_path_that_leads_nowhere_says_where_it_ends() {
        for (path, why) in [
            ("colour", "the members of a call are id, "),
            ("source.colour", "the members of source are "),
            ("state.colour", "state has no members"),
            ("", "the members of a call are "),
        ] {
            let error = Field::parse(path).expect_err("no member");
            assert!(error.starts_with(why), "{path}: {error}");
        }
    }
}
