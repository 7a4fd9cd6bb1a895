//! Any bytes as a call: no panic, the same outcome under any split, policies that only ever add.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| graph_call_laws::laws::call(data));
