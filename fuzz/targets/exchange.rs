//! Any bytes as an answer: the same under any split; a call only if every stage by itself says so.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| graph_call_laws::laws::exchange(data));
