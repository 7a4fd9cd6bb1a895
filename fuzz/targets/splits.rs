//! Any bytes under the split that the first bytes choose: the same outcome as whole.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| graph_call_laws::laws::splits(data));
