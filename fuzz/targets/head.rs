//! Any bytes as the head of an answer: the same head under any split; nothing that `httparse` refuses.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| graph_call_laws::laws::head(data));
