//! What this process holds, as the system tells.
#![cfg(target_os = "linux")]

use std::time::{Duration, Instant};
use std::{fs, io, thread};

/// Open files, threads and memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Open files, sockets among them.
    pub descriptors: usize,
    /// Threads.
    pub threads: usize,
    /// Bytes of memory that are in use.
    pub resident: usize,
}

impl Held {
    /// What is held at this moment.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn now() -> io::Result<Self> {
        const PAGE_LENGTH: usize = 4096;
        let count = |directory| fs::read_dir(directory).map(Iterator::count);
        let pages = fs::read_to_string("/proc/self/statm")?;
        let pages = pages.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok());
        let resident = pages.ok_or(io::ErrorKind::InvalidData)? * PAGE_LENGTH;
        Ok(Self { descriptors: count("/proc/self/fd")?, threads: count("/proc/self/task")?, resident })
    }

    /// What is held once there are no more files and threads than these, or after two seconds: what was told to end has ended.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn in_the_end(before: Self) -> io::Result<Self> {
        let began = Instant::now();
        loop {
            let after = Self::now()?;
            let is_over = after.descriptors <= before.descriptors && after.threads <= before.threads;
            if is_over || began.elapsed() > Duration::from_secs(2) {
                return Ok(after);
            }
            thread::sleep(Duration::from_millis(10));
        }
    }
}
