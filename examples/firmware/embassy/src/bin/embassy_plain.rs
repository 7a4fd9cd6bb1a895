//! Watches a call over plain HTTP: from a test double on the same desk, never from the service.

#![no_std]
#![no_main]

embassy::image!(graph_call::TinyCall, embassy::watch_plain);
