//! The C interface under any sequence of calls: the one target with unsafe code below it.
#![no_main]

#[path = "../../capi/tests/seeds/law.rs"]
mod law;

use graph_call_laws::choices;

libfuzzer_sys::fuzz_target!(|data: &[u8]| law::law(data));
