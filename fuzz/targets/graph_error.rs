//! Any bytes as the content of a refusal: the members that `serde_json` finds, under any split of the answer.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| graph_call_laws::laws::graph_error(data));
