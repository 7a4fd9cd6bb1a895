//! Allocations, counted by a program of their own: a counting allocator would slow the timed parsers.

use std::alloc::System;
use std::process::Command;

use stats_alloc::{Region, StatsAlloc};

/// What one parse takes from the heap.
#[derive(Clone, Copy, Debug)]
pub struct Use {
    /// Calls of the allocator for new or for more memory.
    pub allocations: usize,
    /// Bytes that these calls asked for.
    pub bytes: usize,
}

impl Use {
    /// Counts one work, which should have run before.
    pub fn of(heap: &StatsAlloc<System>, work: &mut dyn FnMut()) -> Self {
        let region = Region::new(heap);
        work();
        let change = region.change();
        Self { allocations: change.allocations + change.reallocations, bytes: change.bytes_allocated }
    }
}

/// Runs the counting program, which prints one line of two numbers for each work.
///
/// # Errors
///
/// The program is not there or prints something else.
pub fn count() -> Result<Vec<Use>, String> {
    let program = std::env::current_exe().map_err(|e| e.to_string())?.with_file_name("allocations");
    let output = Command::new(&program).output().map_err(|e| format!("{}: {e}", program.display()))?;
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| {
            let (allocations, bytes) = line.split_once(' ')?;
            Some(Use { allocations: allocations.parse().ok()?, bytes: bytes.parse().ok()? })
        })
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| "the counting program prints something else".into())
}
