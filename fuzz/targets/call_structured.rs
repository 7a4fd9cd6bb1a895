//! A call made up by the bytes, in a spelling made up by the bytes: read as meant; then damaged.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| graph_call_laws::laws::call_structured(data));
