//! Counts the allocations of some gets: two numbers, how many and how many bytes. A program of its own, since a counting
//! allocator would slow the timed clients.

use std::alloc::System;

use bench_clients::counted;
use bench_clients::site::Site;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static HEAP: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn main() -> Result<(), String> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, answering, gets] = arguments.as_slice() else {
        return Err("usage: allocations NAME ANSWERING GETS".into());
    };
    let site = Site::read(&mut std::io::stdin())?;
    let region = Region::new(HEAP);
    counted::one(&site, name, answering, gets)?;
    let change = region.change();
    println!("{} {}", change.allocations + change.reallocations, change.bytes_allocated);
    Ok(())
}
