//! What the service posts to a callback, as records of one's own: the laws of a call.
#![no_main]

use graph_call::capacity::{Heap, Standard};
use graph_call_laws::laws;
use graph_call_notifications::CommsNotifications;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    laws::record::<CommsNotifications<Heap>>(data);
    laws::record::<CommsNotifications<Standard>>(data);
    laws::round_trip_of::<CommsNotifications<Heap>>(data);
});
