//! The calls served, and what `$select` and `$expand` make of them.

use super::shared::Shared;
use graph_call::http::{ExpandMember, SelectMember};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The id of the documented peer-to-peer call.
pub const P2P_CALL: &str = "2e1a0b00-2db4-4022-9570-243709c565ab";
/// The id of the documented group call.
pub const GROUP_CALL: &str = "2f1a1100-b174-40a0-aba7-0b405e01ed92";
/// The id of a call that is established, terminated and gone as it is read; then it begins anew. So is every other whose
/// id is this one, a dot and a name: each goes its own way.
pub const CHANGING_CALL: &str = "changing";

const P2P: &str = include_str!("calls/p2p.json");
const GROUP: &str = include_str!("calls/group.json");
const CHANGES: [&str; 3] = ["establishing", "established", "terminated"];

/// Why there is no content.
pub(super) enum Refusal {
    NotFound,
    Query(String),
}

/// The calls of the documentation, by id.
pub(super) fn documented() -> BTreeMap<String, Vec<u8>> {
    [(P2P_CALL, P2P), (GROUP_CALL, GROUP)].map(|(id, content)| (id.to_owned(), content.into())).into()
}

/// The content for a call of a version under a query; as it was printed unless the query changes it.
pub(super) fn content(shared: &Shared, version: &str, id: &str, query: &str) -> Result<Vec<u8>, Refusal> {
    let mut content = match shared.settings.calls.get(id) {
        Some(content) => content.clone(),
        None if is_changing(id) => changing(shared, id).ok_or(Refusal::NotFound)?,
        None if id.starts_with("fault.") || id.starts_with("once.") => P2P.replace(P2P_CALL, id).into(),
        None => return Err(Refusal::NotFound),
    };
    if version != "v1.0"
        && let Ok(text) = str::from_utf8(&content)
    {
        content = text.replace("/v1.0/$metadata", &format!("/{version}/$metadata")).into();
    }
    if query.is_empty() { Ok(content) } else { apply(&content, query) }
}

fn is_changing(id: &str) -> bool {
    id.strip_prefix(CHANGING_CALL).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn changing(shared: &Shared, id: &str) -> Option<Vec<u8>> {
    let state = shared.next_change(id, |reads| CHANGES.get(reads / shared.settings.reads_per_state));
    let content = P2P.replace(P2P_CALL, id);
    state.map(|state| content.replace(r#""established""#, &format!("{state:?}")).into())
}

fn apply(content: &[u8], query: &str) -> Result<Vec<u8>, Refusal> {
    let mut call: Map<String, Value> = serde_json::from_slice(content)
        .map_err(|_| Refusal::Query("The call is not an object of JSON.".to_owned()))?;
    for option in query.split('&') {
        let option = percent_decode(option);
        match option.split_once('=') {
            Some(("$select", names)) => {
                let names: Vec<_> = names.split(',').collect();
                call = select(&call, &names)?;
                if let Some(Value::String(context)) = call.get_mut("@odata.context") {
                    *context =
                        context.replace("calls/$entity", &format!("calls({})/$entity", names.join(",")));
                }
            }
            Some(("$expand", _)) => {}
            _ => return Err(Refusal::Query(format!("Query option '{option}' is not supported."))),
        }
    }
    for option in query.split('&').map(percent_decode) {
        let Some(("$expand", items)) = option.split_once('=') else { continue };
        for item in split_items(items) {
            let (name, inner) = item.split_once('(').unwrap_or((item, ""));
            let relationship = ExpandMember::from_name(name).ok_or_else(|| unknown(name))?;
            call.insert(name.to_owned(), select_elements(&elements(relationship), inner)?);
        }
    }
    Ok(Value::Object(call).to_string().into())
}

/// Keeps annotations and the members named; one that is known and absent is `null`.
fn select(object: &Map<String, Value>, names: &[&str]) -> Result<Map<String, Value>, Refusal> {
    let annotations = object.iter().filter(|(name, _)| name.starts_with('@'));
    let mut selected: Map<_, _> = annotations.map(|(name, value)| (name.clone(), value.clone())).collect();
    for name in names {
        match object.get(*name) {
            Some(value) => selected.insert((*name).to_owned(), value.clone()),
            None if SelectMember::from_name(name).is_some() => {
                selected.insert((*name).to_owned(), Value::Null)
            }
            None => return Err(unknown(name)),
        };
    }
    Ok(selected)
}

/// Applies `$select=...)` of an expanded relationship to its elements.
fn select_elements(elements: &Value, inner: &str) -> Result<Value, Refusal> {
    if inner.is_empty() {
        return Ok(elements.clone());
    }
    let names = inner.strip_suffix(')').and_then(|inner| inner.strip_prefix("$select="));
    let names: Vec<_> = names.ok_or_else(|| unknown(inner))?.split(',').collect();
    let elements = elements.as_array().into_iter().flatten().filter_map(Value::as_object);
    elements
        .map(|element| Ok(select(element, &names)?.into()))
        .collect::<Result<Vec<Value>, _>>()
        .map(Value::from)
}

fn unknown(name: &str) -> Refusal {
    Refusal::Query(format!(
        "Parsing OData Select and Expand failed: Could not find a property named '{name}' on type 'microsoft.graph.call'."
    ))
}

/// Splits at the commas outside parentheses.
fn split_items(items: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_i32;
    items.split(move |c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        c == ',' && depth == 0
    })
}

fn elements(relationship: ExpandMember) -> Value {
    match relationship.name() {
        "participants" => json!([{
            "@odata.type": "#microsoft.graph.participant",
            "id": "550fae72-d251-43ec-868c-373732c2704f",
            "info": {
                "@odata.type": "#microsoft.graph.participantInfo",
                "identity": {
                    "@odata.type": "#microsoft.graph.identitySet",
                    "user": {
                        "@odata.type": "#microsoft.graph.identity",
                        "id": "112f7296-5fa4-42ca-bae8-6a692b15d4b8",
                        "displayName": "John"
                    }
                },
                "languageId": "en-US"
            },
            "isInLobby": false,
            "isMuted": true,
            "mediaStreams": [{
                "@odata.type": "#microsoft.graph.mediaStream",
                "mediaType": "audio",
                "label": "main-audio",
                "sourceId": "1",
                "direction": "sendReceive",
                "serverMuted": false
            }]
        }]),
        "audioRoutingGroups" => json!([{
            "@odata.type": "#microsoft.graph.audioRoutingGroup",
            "id": "oneToOne",
            "routingMode": "oneToOne",
            "sources": ["632899f8-2ea1-4604-8413-27bd2892079f"],
            "receivers": ["550fae72-d251-43ec-868c-373732c2704f"]
        }]),
        "operations" => json!([{
            "@odata.type": "#microsoft.graph.playPromptOperation",
            "id": "0fe0623f-d628-42ed-b4bd-8ac290072cc5",
            "status": "completed",
            "clientContext": "d45324c1-fcb5-430a-902c-f20af696537c",
            "resultInfo": { "code": 200, "subcode": 0, "message": null }
        }]),
        _ => json!([]),
    }
}

/// Decodes `%HH` and leaves anything else as it is.
pub(super) fn percent_decode(text: &str) -> String {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let escape = after.get(..2).filter(|_| *first == b'%').and_then(|digits| str::from_utf8(digits).ok());
        match escape.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                decoded.push(byte);
                rest = &after[2..];
            }
            None => {
                decoded.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}
