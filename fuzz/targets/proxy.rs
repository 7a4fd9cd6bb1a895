//! What proxies of both kinds say: the tunnel stands only where another reader says so too.
#![no_main]

// The package that it belongs to has servers, clients and a tool in it, which nothing here needs.
#[path = "../../tests/src/laws.rs"]
#[allow(dead_code)] // one of its laws
mod laws;

libfuzzer_sys::fuzz_target!(|data: &[u8]| laws::proxy(data));
