//! Instructions, counted by callgrind: the same figure on every run.
//!
//! One process runs every work once to warm it up and once inside [`measured`]; callgrind collects only there
//! and writes one file each time that the function returns.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// Runs a work where callgrind sees it.
#[inline(never)]
pub fn measured(work: &mut dyn FnMut()) {
    work();
    // Keeps the call above from being the function's last jump, at which it would seem to have returned.
    std::hint::black_box(());
}

/// Runs this program under callgrind with an argument, and gives the instructions of each work that it ran.
///
/// # Errors
///
/// Callgrind is not there or does not say what it counted.
pub fn count(argument: &str) -> Result<Vec<u64>, String> {
    let folder = Folder::new()?;
    // Callgrind takes one option per pattern: the second names the same function in full.
    run(&["--dump-after=benches::instructions::measured"], &[argument], &folder)?;
    let mut counts = Vec::new();
    while let Ok(text) = fs::read_to_string(folder.0.join(format!("count.{}", counts.len() + 1))) {
        let total = text.lines().find_map(|line| line.strip_prefix("totals: "));
        counts.push(total.and_then(|total| total.trim().parse().ok()).ok_or("callgrind gives no total")?);
    }
    Ok(counts)
}

/// Runs this program under callgrind with arguments, and says which lines take the most instructions.
///
/// # Errors
///
/// Callgrind is not there.
pub fn profile(arguments: &[&str]) -> Result<String, String> {
    let folder = Folder::new()?;
    run(&["--dump-instr=yes"], arguments, &folder)?;
    let output = Command::new("callgrind_annotate")
        .args(["--threshold=98", "--context=0"])
        .arg(folder.0.join("count"))
        .output()
        .map_err(|e| format!("callgrind_annotate: {e}"))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn run(options: &[&str], arguments: &[&str], folder: &Folder) -> Result<(), String> {
    let program = std::env::current_exe().map_err(|e| e.to_string())?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--toggle-collect=*measured*"])
        .args(options)
        .arg(format!("--callgrind-out-file={}", folder.0.join("count").display()))
        .arg(program)
        .args(arguments)
        .output()
        .map_err(|e| format!("valgrind: {e}"))?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

/// A folder of this process, removed with everything in it.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self, String> {
        let folder = std::env::temp_dir().join(format!("graph-call-callgrind-{}", std::process::id()));
        fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        Ok(Self(folder))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed is left in the folder for temporary files.
        let _ = fs::remove_dir_all(&self.0);
    }
}
