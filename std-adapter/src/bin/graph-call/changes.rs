//! What has changed between two readings of a call.

use crate::fields::plain;
use crate::json::Node;

/// A member that differs.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Change {
    /// Its path, such as `participants[0].isMuted`.
    pub(crate) path: String,
    /// The values before and after, as text that is not escaped yet; `None` where there was none.
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
}

/// All members that differ, in the order of the model. A list that has become longer or shorter is one.
pub(crate) fn between(before: &Node, after: &Node) -> Vec<Change> {
    let mut changes = Vec::new();
    compare("", Some(before), Some(after), &mut changes);
    changes
}

fn compare(path: &str, before: Option<&Node>, after: Option<&Node>, changes: &mut Vec<Change>) {
    if before == after {
        return;
    }
    match (before, after) {
        (Some(Node::Object(old)), Some(Node::Object(new))) => {
            let gone = old.iter().filter(|(name, _)| !new.iter().any(|(other, _)| other == name));
            for (name, _) in new.iter().chain(gone) {
                let inner = if path.is_empty() { (*name).to_owned() } else { format!("{path}.{name}") };
                compare(
                    &inner,
                    before.and_then(|node| node.get(name)),
                    after.and_then(|node| node.get(name)),
                    changes,
                );
            }
        }
        (Some(Node::List(old)), Some(Node::List(new))) if old.len() == new.len() => {
            for (index, (old, new)) in old.iter().zip(new).enumerate() {
                compare(&format!("{path}[{index}]"), Some(old), Some(new), changes);
            }
        }
        _ => {
            changes.push(Change {
                path: path.to_owned(),
                before: before.map(shown),
                after: after.map(shown),
            });
        }
    }
}

/// A value in few words.
fn shown(node: &Node) -> String {
    match node {
        Node::List(values) if values.iter().any(|value| matches!(value, Node::Object(_))) => {
            format!("{} of them", values.len())
        }
        _ => plain(node, false),
    }
}

#[cfg(test)]
mod tests {
    use super::between;
    use crate::json::Node;

    fn changes(before: &str, after: &str) -> Vec<String> {
        let changes = between(&Node::read(before), &Node::read(after)).into_iter();
        let text = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
        changes
            .map(|change| format!("{} {} {}", change.path, text(change.before), text(change.after)))
            .collect()
    }

    #[test]
    fn each_member_that_differs_is_named() {
        assert_eq!(
            changes(r#"{"state":"ringing"}"#, r#"{"state":"established"}"#),
            ["state ringing established"]
        );
        assert_eq!(
            changes(r#"{"id":"1","subject":"a"}"#, r#"{"id":"1","mediaState":{"audio":"active"}}"#),
            [r#"mediaState - {"audio":"active"}"#, "subject a -"]
        );
        assert_eq!(
            changes(
                r#"{"participants":[{"id":"1","isMuted":false},{"id":"2"}]}"#,
                r#"{"participants":[{"id":"1","isMuted":true},{"id":"2"}]}"#
            ),
            ["participants[0].isMuted false true"]
        );
        assert_eq!(
            changes(r#"{"participants":[{"id":"1"}]}"#, r#"{"participants":[{"id":"1"},{"id":"2"}]}"#),
            ["participants 1 of them 2 of them"]
        );
        assert_eq!(changes(r#"{"id":"1"}"#, r#"{"id":"1"}"#), [""; 0]);
    }

    #[test]
    fn a_secret_that_changes_is_named_and_not_shown() {
        let meeting = |token: &str| {
            format!(
                r##"{{"meetingInfo":{{"@odata.type":"#microsoft.graph.tokenMeetingInfo","token":"{token}"}}}}"##
            )
        };
        assert_eq!(changes(&meeting("a"), &meeting("b")), ["meetingInfo.token (hidden) (hidden)"]);
    }
}
