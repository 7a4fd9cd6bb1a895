//! What many watches cost in memory and connections, each number of them in a process of its own.

use std::fs;
use std::process::Command;

use crate::contenders;
use crate::counted;
use crate::site::{Site, WARM};

/// What some watches took while all of them went on.
#[derive(Clone, Copy, Debug)]
pub struct Use {
    /// Resident memory of the process, in kB of 1,024 bytes.
    pub memory: u64,
    /// The most sockets that were open at a time.
    pub sockets: usize,
    /// Whether one client served all of them.
    pub is_shared: bool,
}

impl Use {
    /// Runs them in a process of their own.
    ///
    /// # Errors
    ///
    /// What the client says.
    pub fn of(name: &str, site: &Site, watches: usize) -> Result<Self, String> {
        let program = std::env::current_exe().map_err(|e| e.to_string())?;
        let mut command = Command::new(program);
        let output = counted::run(command.args(["watches", name, &watches.to_string()]), site)?;
        let text = String::from_utf8_lossy(&output.stdout);
        let mut words = text.split_whitespace();
        let mut next = || words.next().ok_or("the watching program prints something else");
        Ok(Self {
            memory: next()?.parse().map_err(|_| "not a size")?,
            sockets: next()?.parse().map_err(|_| "not a number of sockets")?,
            is_shared: next()? == "shared",
        })
    }
}

/// Watches, and prints what it took: the program that is measured.
///
/// # Errors
///
/// What the client says, or that the system does not tell what the process uses.
pub fn watch(site: &Site, name: &str, watches: &str) -> Result<(), String> {
    let watches = watches.parse().map_err(|_| "not a number of watches")?;
    let mut peak = 0;
    let is_shared = contenders::make(name, site, WARM)?.watch(watches, &mut || peak = peak.max(sockets()))?;
    println!("{} {peak} {}", memory()?, if is_shared { "shared" } else { "alone" });
    Ok(())
}

/// How many sockets this process has.
fn sockets() -> usize {
    let files = fs::read_dir("/proc/self/fd").into_iter().flatten().filter_map(Result::ok);
    let is_socket = |file: &fs::DirEntry| {
        fs::read_link(file.path()).is_ok_and(|to| to.to_string_lossy().starts_with("socket:"))
    };
    files.filter(is_socket).count()
}

/// The most resident memory that this process has had.
fn memory() -> Result<u64, String> {
    let text = fs::read_to_string("/proc/self/status").map_err(|e| e.to_string())?;
    let size =
        text.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse().ok());
    size.ok_or_else(|| "the system does not tell the size of this process".into())
}
