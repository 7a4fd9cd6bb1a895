//! An access token that a program prints.

use core::time::Duration;
use std::ffi::OsString;
use std::fmt;
use std::io;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

use super::written::{Last, Written, read_all};
use super::{Credential, Offer, Wanted};
use crate::error::{Error, ErrorKind, Phase};

/// How often is looked whether a program has ended after its output did.
const PAUSE: Duration = Duration::from_millis(5);

/// The programs of this process that run.
static RUNNING: Mutex<Vec<Child>> = Mutex::new(Vec::new());

/// The access token that a program prints, such as `az account get-access-token`; it is run without a shell, for 30
/// seconds at most.
///
/// Its output may have any form that [`FixedToken::read`](super::FixedToken::read) takes. It has no input, and what it
/// writes to its standard error is not shown: nobody knows what a program says there of its secrets. On Windows the
/// name of a script needs its ending, as in `az.cmd`.
///
/// ```
/// use graph_call_std::Client;
/// use graph_call_std::credential::TokenCommand;
///
/// let az = TokenCommand::new("az")
///     .args(["account", "get-access-token", "--resource", "https://graph.microsoft.com"]);
/// let client = Client::builder().credential(az).build()?;
/// # Ok::<(), graph_call_std::Error>(())
/// ```
#[derive(Clone)]
pub struct TokenCommand {
    program: OsString,
    arguments: Vec<OsString>,
    timeout: Duration,
    last: Last,
}

impl TokenCommand {
    /// How long a program may take, unless [`timeout`](Self::timeout) says otherwise: 30 seconds.
    pub const TIMEOUT: Duration = Duration::from_secs(30);

    /// Takes the name of a program, found as the system finds programs, or its path.
    #[must_use]
    pub fn new(program: impl Into<OsString>) -> Self {
        Self { program: program.into(), arguments: Vec::new(), timeout: Self::TIMEOUT, last: Last::default() }
    }

    /// Adds arguments; each is handed over as it is.
    #[must_use]
    pub fn args(mut self, arguments: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    /// Gives the program another time than 30 seconds.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Ends every program that still runs for a token command of this process; for a process that is about to end, since on
    /// Unix the programs are in groups of their own, and do not hear its Ctrl-C.
    ///
    /// No other program begins, and no token command returns, while what is given back lives.
    ///
    /// ```no_run
    /// let _quiet = graph_call_std::credential::TokenCommand::end_all();
    /// std::process::exit(130);
    /// ```
    #[must_use]
    pub fn end_all() -> impl Drop {
        let mut quiet = Quiet(running());
        quiet.0.drain(..).for_each(end);
        quiet
    }

    fn run(&self) -> Result<Written, Error> {
        let began = Instant::now();
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        // A script's own children end with it.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let failed = |what: &'static str| {
            move |error: io::Error| {
                self.error(ErrorKind::Credential, &format!("{what}: {error}")).caused_by(error)
            }
        };
        let (running, output) = Running::start(command).map_err(failed("cannot be run"))?;
        let Some(output) = output else {
            return Err(self.error(ErrorKind::Credential, "has no output"));
        };
        let (sender, receiver) = mpsc::sync_channel(1);
        // Whoever keeps the output open keeps this thread, and nothing else.
        let reader = thread::Builder::new().name("token command".into());
        reader.spawn(move || sender.send(read_all(output))).map_err(failed("cannot be read"))?;
        let read = match receiver.recv_timeout(self.timeout) {
            Ok(read) => read.map_err(failed("has output that cannot be read"))?,
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return Err(self.late()),
        };
        let status = loop {
            match running.ended().map_err(failed("cannot be waited for"))? {
                Some(status) => break status,
                None if began.elapsed() >= self.timeout => return Err(self.late()),
                None => thread::sleep(PAUSE),
            }
        };
        if !status.success() {
            return Err(self.error(ErrorKind::Credential, &ended(status)));
        }
        Written::read(&read, &format!("what the token command {} printed", self.program.display()))
    }

    fn late(&self) -> Error {
        self.error(ErrorKind::Timeout, &format!("has not ended within {:?}", self.timeout))
    }

    fn error(&self, kind: ErrorKind, what: &str) -> Error {
        let text = format!("the token command {} {what}", self.program.display());
        Error::new(kind, Phase::Credential, text)
    }
}

impl Credential for TokenCommand {
    fn offer(&mut self, wanted: &Wanted<'_>) -> Result<Offer, Error> {
        let written = self.run().inspect_err(|_| self.last.forget())?;
        let lifetime = written.lifetime(true);
        Ok(self.last.offer(written.token, lifetime, wanted.was_refused))
    }

    fn revision(&self) -> u64 {
        self.last.revision
    }

    fn is_slow(&self) -> bool {
        true
    }
}

/// Shows no argument: it may be a secret.
impl fmt::Debug for TokenCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenCommand").field("program", &self.program).finish_non_exhaustive()
    }
}

/// The id of a program, which ends with this if it has not before.
struct Running(u32);

impl Running {
    /// Starts a program; gives its output as well.
    fn start(mut command: Command) -> io::Result<(Self, Option<ChildStdout>)> {
        let mut running = running();
        let mut child = command.spawn()?;
        let (id, output) = (child.id(), child.stdout.take());
        running.push(child);
        Ok((Self(id), output))
    }

    /// How it has ended, if it has.
    fn ended(&self) -> io::Result<Option<ExitStatus>> {
        let mut running = running();
        let Some(index) = self.place(&running) else {
            return Err(io::Error::other("this process is about to end"));
        };
        let status = running[index].try_wait()?;
        if status.is_some() {
            // From here on another program may have its id.
            running.swap_remove(index);
        }
        Ok(status)
    }

    fn place(&self, running: &[Child]) -> Option<usize> {
        running.iter().position(|child| child.id() == self.0)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut running = running();
        if let Some(index) = self.place(&running) {
            end(running.swap_remove(index));
        }
    }
}

/// While it lives no program begins, and of none is seen that it has ended.
struct Quiet(MutexGuard<'static, Vec<Child>>);

impl Drop for Quiet {
    fn drop(&mut self) {}
}

fn running() -> MutexGuard<'static, Vec<Child>> {
    // Every change of it is one step.
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

fn end(mut child: Child) {
    // Nobody has waited for it, so its id is still its own.
    #[cfg(unix)]
    if let Some(group) = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw) {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.kill();
    let _ = child.wait();
}

fn ended(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("ended with code {code}: run it by hand to see what it says"),
        None => "was stopped by a signal".to_owned(),
    }
}
