//! Any bytes as a message body: the content that an independent reader finds, and no end before the end.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| graph_call_laws::laws::framing(data));
