//! What was read, written and read again is the same call.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| graph_call_laws::laws::round_trip(data));
