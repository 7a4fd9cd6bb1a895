//! Any value of Retry-After beside any date: no overflow, and digits mean seconds.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| graph_call_laws::laws::retry_after(data));
