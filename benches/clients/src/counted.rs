//! What can be counted: instructions by callgrind, system calls by strace, allocations by a counting allocator.
//!
//! Each is counted in a process that holds one client, once with few gets and once with more; the difference is what
//! those that were more cost, without the start of the process.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use crate::contenders;
use crate::site::{ANSWERINGS, Answering, Site};

/// How many gets the shorter of two runs makes.
const FEW: usize = 5;

/// What one get costs.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// Instructions of all threads, in user mode.
    pub instructions: f64,
    /// System calls.
    pub system_calls: f64,
    /// Calls of the allocator for new or for more memory.
    pub allocations: f64,
    /// Bytes that these asked for.
    pub bytes: f64,
}

impl Cost {
    /// Counts one client's gets, `more` in each of the longer runs.
    ///
    /// # Errors
    ///
    /// A counting program is not there or fails.
    pub fn of(name: &str, site: &Site, answering: Answering, more: usize) -> Result<Self, String> {
        let per_get = |count: &dyn Fn(usize) -> Result<f64, String>| {
            Ok::<f64, String>((count(FEW + more)? - count(FEW)?) / more as f64)
        };
        let program = |name: &str| std::env::current_exe().map(|path| path.with_file_name(name));
        let clients = program("clients").map_err(|e| e.to_string())?;
        let allocations = program("allocations").map_err(|e| e.to_string())?;
        let arguments = |gets: usize| [name.to_string(), answering.name.to_string(), gets.to_string()];
        let heap = |gets: usize, column: usize| {
            let output = run(Command::new(&allocations).args(arguments(gets)), site)?;
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            let number = text.split_whitespace().nth(column).and_then(|number| number.parse().ok());
            number.ok_or_else(|| "the counting program prints something else".to_string())
        };
        Ok(Self {
            instructions: per_get(&|gets| {
                let mut command = Command::new("valgrind");
                command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(&clients);
                instructions(&run(command.arg("one").args(arguments(gets)), site)?)
            })?,
            system_calls: per_get(&|gets| {
                let trace = std::env::temp_dir().join(format!("graph-call-strace-{}", std::process::id()));
                let mut command = Command::new("strace");
                command.args(["-f", "-qq", "-o"]).arg(&trace).arg(&clients).arg("one").args(arguments(gets));
                let calls = run(&mut command, site).and_then(|_| system_calls(&trace));
                // What cannot be removed stays in the folder for temporary files.
                let _ = fs::remove_file(&trace);
                calls
            })?,
            allocations: per_get(&|gets| heap(gets, 0))?,
            bytes: per_get(&|gets| heap(gets, 1))?,
        })
    }
}

/// Makes some gets and ends: the program that is counted.
///
/// # Errors
///
/// What the client says, or that the arguments name nothing.
pub fn one(site: &Site, name: &str, answering: &str, gets: &str) -> Result<(), String> {
    let answering = ANSWERINGS.into_iter().find(|other| other.name == answering);
    let answering = answering.ok_or("no such way to answer")?;
    let gets = gets.parse().map_err(|_| "not a number of gets")?;
    contenders::make(name, site, answering)?.gets(&mut vec![Duration::ZERO; gets])
}

/// Runs a program that reads where the server is.
///
/// # Errors
///
/// The program is not there or fails.
pub fn run(command: &mut Command, site: &Site) -> Result<Output, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let failed = |e: std::io::Error| format!("{name}: {e}");
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(failed)?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(site.to_string().as_bytes()).map_err(failed)?;
    }
    let output = child.wait_with_output().map_err(failed)?;
    if output.status.success() {
        return Ok(output);
    }
    Err(format!("{name}: {}", String::from_utf8_lossy(&output.stderr)))
}

fn instructions(output: &Output) -> Result<f64, String> {
    let text = String::from_utf8_lossy(&output.stderr);
    let count = text.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok());
    count.ok_or_else(|| "callgrind gives no total".into())
}

/// One line for each call, a second one where another thread was seen in between; signals and ends are none.
fn system_calls(trace: &Path) -> Result<f64, String> {
    let text = fs::read_to_string(trace).map_err(|e| format!("{}: {e}", trace.display()))?;
    let is_call =
        |line: &&str| !line.contains(" resumed>") && !line.contains(" +++ ") && !line.contains(" --- ");
    Ok(text.lines().filter(is_call).count() as f64)
}
