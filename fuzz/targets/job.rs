//! Any hosts, any driver and any clock, and a driver without sense: every job ends, and every law of it holds.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| graph_call_laws::laws::job(data));
