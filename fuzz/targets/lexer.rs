//! Any bytes to the lexer: same tokens under any split, `serde_json`'s verdict, the error where it shows.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| graph_call_laws::laws::lexer(data));
