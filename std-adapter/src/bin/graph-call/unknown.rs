//! The members that a service has sent and the model does not know: they are left out of what is shown, and named.

use graph_call::binder::unknown::{Item, UnknownMembers};
use graph_call::{HeapCall, ParseOptions};

/// The paths of these members, in the order of their names, without the annotations of OData.
pub(crate) fn members(content: &[u8]) -> Vec<String> {
    let mut found: Vec<String> =
        with_values(content, ParseOptions::new()).into_iter().map(|(path, _)| path).collect();
    found.sort();
    found
}

/// The paths of these members and their values as they are written, in the order of the text; none of what is no JSON.
pub(crate) fn with_values(content: &[u8], options: ParseOptions) -> Vec<(String, String)> {
    let mut machine = UnknownMembers::with_options(&HeapCall::empty(), options);
    let (mut found, mut name, mut value) = (Vec::new(), Vec::new(), Vec::new());
    let text = |bytes: &mut Vec<u8>| String::from_utf8_lossy(&std::mem::take(bytes)).into_owned();
    let mut input = content;
    loop {
        match machine.next(&mut input) {
            Ok(Some(Item::Name(piece))) => name.extend_from_slice(piece.bytes),
            Ok(Some(Item::Value(piece))) => {
                value.extend_from_slice(piece.bytes);
                if piece.last {
                    let (name, value) = (text(&mut name), text(&mut value));
                    let path = machine.path();
                    let dot = if path.is_root() { "" } else { "." };
                    if !name.contains('@') {
                        found.push((format!("{path}{dot}{name}"), value));
                    }
                }
            }
            Ok(None) => break,
            Err(_) => return Vec::new(),
        }
    }
    if machine.finish().is_ok() { found } else { Vec::new() }
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
        let expected = ["mood", "source.identity.robot", "source.identity.user.shoe", "targets[1].new"];
        assert_eq!(members(content), expected);
        for text in ["", "{\"id\":\"1\",}", "[]", "7", "{\"id\":\"1\"}"] {
            assert_eq!(members(text.as_bytes()), [""; 0], "{text}");
        }
    }
}
