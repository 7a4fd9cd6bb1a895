//! Counts the allocations of every planned work: one line of two numbers each.

use std::alloc::System;

use benches::heap::Use;
use benches::plan::Plan;
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static HEAP: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn main() -> Result<(), String> {
    for job in Plan::new()?.jobs() {
        (job.work)();
        let heap = Use::of(HEAP, &mut job.work);
        println!("{} {}", heap.allocations, heap.bytes);
    }
    Ok(())
}
