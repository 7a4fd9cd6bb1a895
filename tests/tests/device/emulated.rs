//! A program on the emulated board, at one end of a cable: what it logs as it does, and its cable pulled out.

use std::collections::VecDeque;
use std::env;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use graph_call_tests::net::lan::Lan;

use crate::Result;

/// Longer than any step of a program takes, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// How many were booted: several may run the same image at once.
static BOOTED: AtomicU32 = AtomicU32::new(0);

/// The board while it runs; dropping it ends the emulation.
pub(crate) struct Emulated {
    emulator: Child,
    printer: Child,
    lines: Receiver<String>,
    /// All lines so far, to be shown when something is missed.
    seen: VecDeque<String>,
    directory: PathBuf,
}

impl Emulated {
    /// Boots an image with these files in its directory.
    pub(crate) fn boot(image: &str, lan: &Lan, files: &[(&str, &[u8])]) -> Result<Self> {
        let images = PathBuf::from(env::var("GRAPH_CALL_FIRMWARE")?);
        let number = BOOTED.fetch_add(1, Ordering::Relaxed);
        let directory = env::temp_dir().join(format!("graph-call-{image}-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&directory)?;
        for (name, content) in files {
            std::fs::write(directory.join(name), content)?;
        }
        let mut emulator = Command::new("qemu-system-arm")
            .args(["-cpu", "cortex-m4", "-machine", "mps2-an386", "-nographic", "-serial", "none"])
            .args(["-monitor", "unix:monitor,server=on,wait=off"])
            .args(["-nic", &lan.nic(), "-semihosting-config"])
            .arg(format!("enable=on,target=native,arg={image}"))
            .arg("-kernel")
            .arg(images.join(image))
            .current_dir(&directory)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let frames = emulator.stdout.take().ok_or("no pipe")?;
        let mut printer = Command::new("defmt-print")
            .arg("-e")
            .arg(images.join(image))
            .stdin(frames)
            .stdout(Stdio::piped())
            .spawn()?;
        let log = BufReader::new(printer.stdout.take().ok_or("no pipe")?);
        let (sender, lines) = channel();
        thread::spawn(move || {
            for line in log.lines().map_while(io::Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Ok(Self { emulator, printer, lines, seen: VecDeque::new(), directory })
    }

    /// Waits for a line that holds this text, and gives what stands behind it.
    ///
    /// # Errors
    /// When the program ends before, or its time is over.
    pub(crate) fn until(&mut self, text: &str) -> Result<String> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(line) => {
                    let found = line.split_once(text).map(|(_, rest)| rest.to_owned());
                    self.seen.push_back(line);
                    if let Some(rest) = found {
                        return Ok(rest);
                    }
                }
                Err(RecvTimeoutError::Timeout) => return Err(self.missed(text, "in time")),
                Err(RecvTimeoutError::Disconnected) => return Err(self.missed(text, "before its end")),
            }
        }
    }

    fn missed(&self, text: &str, how: &str) -> Box<dyn std::error::Error> {
        let seen = self.seen.iter().map(|line| format!("\n  {line}")).collect::<String>();
        format!("the board did not log {text:?} {how}; it logged:{seen}").into()
    }

    /// Pulls the cable out, or puts it in.
    pub(crate) fn link(&self, is_up: bool) -> Result {
        let mut monitor = UnixStream::connect(self.directory.join("monitor"))?;
        let state = if is_up { "on" } else { "off" };
        writeln!(monitor, "set_link cable {state}")?;
        // The emulator has done it when it asks for the next command.
        let prompts = BufReader::new(monitor).split(b')').take(2);
        prompts.collect::<io::Result<Vec<_>>>()?;
        Ok(())
    }

    /// The directory in which the program reads and writes files.
    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }

    /// Waits for the end, and says whether it was a good one.
    pub(crate) fn end(&mut self) -> Result<bool> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.emulator.try_wait()? {
                Some(status) => return Ok(status.success()),
                None if Instant::now() > deadline => return Err("the board does not end".into()),
                None => thread::sleep(Duration::from_millis(10)),
            }
        }
    }
}

impl Drop for Emulated {
    fn drop(&mut self) {
        // Nothing is left to be done about any of these.
        let _ = self.emulator.kill();
        let _ = self.emulator.wait();
        let _ = self.printer.kill();
        let _ = self.printer.wait();
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}
