//! Answers of a token endpoint: a token or a failure, the same under any split, and no secret shown.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| graph_call_laws::laws::sign_in(data));
