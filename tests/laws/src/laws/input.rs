//! The law of what other formats bring: values of `serde_json`, whatever they are.

use graph_call::{Call, HeapCall, TinyCall};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Root, is_whole};

/// A JSON value through `Deserialize`: an error, or a call that can be shown and written, and is the same when it is read
/// again; what there was no room for has no mark in JSON, and is lost once, not twice.
pub fn serde_input(text: &[u8]) {
    let Ok(value) = serde_json::from_slice::<Value>(text) else { return };
    input_of::<Call>(&value);
    input_of::<TinyCall>(&value);
    input_of::<HeapCall>(&value);
}

fn input_of<R: Root + DeserializeOwned + serde::Serialize + PartialEq>(value: &Value) {
    let Ok(call) = R::deserialize(value) else { return };
    let shown = format!("{call:?}");
    let write = |call: &R| serde_json::to_value(call).expect("a call can be written");
    let read =
        |value: &Value| R::deserialize(value).unwrap_or_else(|error| panic!("{error}: {value} of {shown}"));
    let written = write(&call);
    let again = write(&read(&written));
    assert!(!is_whole(&call) || again == written, "{again}, then {written} of {shown}");
    assert_eq!(write(&read(&again)), again, "{shown}");
}
