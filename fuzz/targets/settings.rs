//! Text that people write: proxies, certificates, keys, tokens, endpoints. Taken or refused, and no secret repeated.
#![no_main]

// The package that it belongs to has servers, clients and a tool in it, which nothing here needs.
#[path = "../../tests/src/laws.rs"]
#[allow(dead_code)] // one of its laws
mod laws;

libfuzzer_sys::fuzz_target!(|data: &[u8]| laws::settings(data));
