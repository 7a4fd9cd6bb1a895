//! An access token that a program prints.

use core::time::Duration;
use std::ffi::OsString;
use std::fmt;
use std::io;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Instant;

use super::written::{Last, Written, read_all};
use super::{Credential, Offer, Wanted};
use crate::error::{Error, ErrorKind, Phase};

/// How long a program may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How often is looked whether a program has ended after its output did.
const PAUSE: Duration = Duration::from_millis(5);

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
    /// Takes the name of a program, found as the system finds programs, or its path.
    #[must_use]
    pub fn new(program: impl Into<OsString>) -> Self {
        Self { program: program.into(), arguments: Vec::new(), timeout: TIMEOUT, last: Last::default() }
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
        let child = command.spawn().map_err(failed("cannot be run"))?;
        let mut running = Running { child, has_ended: false };
        let Some(output) = running.child.stdout.take() else {
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
            match running.child.try_wait().map_err(failed("cannot be waited for"))? {
                Some(status) => {
                    running.has_ended = true;
                    break status;
                }
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

/// A program, which ends with this if it has not before.
struct Running {
    child: Child,
    has_ended: bool,
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.has_ended {
            return;
        }
        // Nobody has waited for it, so its id is still its own.
        #[cfg(unix)]
        if let Some(group) = i32::try_from(self.child.id()).ok().and_then(rustix::process::Pid::from_raw) {
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn ended(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("ended with code {code}: run it by hand to see what it says"),
        None => "was stopped by a signal".to_owned(),
    }
}
