//! The members that a service has sent and the model does not know: they are left out of what is shown, and named.

use graph_call::HeapCall;
use graph_call::record::Schema;
use graph_call::value::Members as _;
use serde_json::Value;

/// The paths of these members, in the order of their names; of the annotations of OData only those that say that
/// a list goes on elsewhere.
pub(crate) fn members(content: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    // What is no JSON has no members.
    if let Ok(value) = serde_json::from_slice(content) {
        walk(&value, HeapCall::empty().schema(), "", &mut found);
    }
    found
}

/// No deeper than the model is: what stands in an unknown member is not looked at.
fn walk(value: &Value, schema: &'static Schema, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let dot = if path.is_empty() { "" } else { "." };
                let path = format!("{path}{dot}{name}");
                match schema.find(name.as_bytes()) {
                    Some(field) => {
                        if let Some(inner) = schema.child(field) {
                            walk(value, inner, &path, found);
                        }
                    }
                    // A list that goes on elsewhere is not whole.
                    None if name.contains('@') && !name.ends_with("@odata.nextLink") => {}
                    None => found.push(path),
                }
            }
        }
        Value::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                walk(value, schema, &format!("{path}[{index}]"), found);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::members;

    #[test]
    fn what_the_model_does_not_know_is_named_once() {
        let content = br##"{
            "@odata.context": "x", "@odata.type": "#microsoft.graph.call", "id": "1",
            "mood": {"inner": 1}, "resultInfo": null,
            "source": {"identity": {"user": {"id": "2", "shoe": 43}, "robot": {}}},
            "targets": [{}, {"new": []}], "participants@odata.count": 3, "participants@odata.nextLink": "x"
        }"##;
        let expected = [
            "mood",
            "participants@odata.nextLink",
            "source.identity.robot",
            "source.identity.user.shoe",
            "targets[1].new",
        ];
        assert_eq!(members(content), expected);
        for text in ["", "{\"id\":\"1\",}", "[]", "7", "{\"id\":\"1\"}"] {
            assert_eq!(members(text.as_bytes()), [""; 0], "{text}");
        }
        let every = include_bytes!("../../../../tests/data/every-member.json");
        assert_eq!(members(every), [""; 0]);
    }
}
