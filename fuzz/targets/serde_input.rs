//! JSON values through `Deserialize`: an error, or a call that is the same when it is written and read again.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| graph_call_laws::laws::serde_input(data));
