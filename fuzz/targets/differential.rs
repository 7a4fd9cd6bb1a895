//! Any bytes as a call: `serde_json`'s verdict with the published types, and its values.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| graph_call_laws::laws::differential(data));
