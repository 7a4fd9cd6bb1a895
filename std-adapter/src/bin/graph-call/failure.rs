//! Why a command ended without doing its job, and the exit code that says so.

use std::io;
use std::path::Path;
use std::process::ExitCode;

use graph_call_std::Class;

use crate::escape::Escaped;
use crate::terminal;

/// The end of a command that did not do its job.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Whoever read the output has enough of it: not an error, and not worth a word.
    BrokenPipe,
    /// The message to show, if it was not shown yet, and the class of the failure.
    Told(Class, Option<String>),
}

impl Failure {
    /// A file or stream that cannot be read; what it is for decides the class.
    pub(crate) fn file(class: Class, name: &str, error: &io::Error) -> Self {
        let what = in_words(name, error, "no such file");
        Self::Told(class, Some(format!("cannot read {}: {}", Escaped(name), Escaped(&what))))
    }

    /// A file that cannot be written.
    pub(crate) fn unwritten(class: Class, name: &str, error: &io::Error) -> Self {
        let what = in_words(name, error, "there is no such folder");
        Self::Told(class, Some(format!("cannot write {}: {}", Escaped(name), Escaped(&what))))
    }

    /// A file that was read and is not what it should be.
    pub(crate) fn content(text: String) -> Self {
        Self::Told(Class::Response, Some(text))
    }

    /// Tells the user, and gives the exit code.
    pub(crate) fn report(self) -> ExitCode {
        match self {
            Self::BrokenPipe => ExitCode::SUCCESS,
            Self::Told(class, text) => {
                if let Some(text) = text {
                    terminal::complain(&text);
                }
                ExitCode::from(class.exit_code())
            }
        }
    }
}

fn in_words(name: &str, error: &io::Error, not_found: &str) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => not_found.to_owned(),
        // Windows knows names that no file can have.
        io::ErrorKind::InvalidFilename if cfg!(windows) => not_found.to_owned(),
        // Windows opens none, and says that nobody may.
        io::ErrorKind::PermissionDenied if Path::new(name).is_dir() => "this is a directory".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "this is a directory".to_owned(),
        _ => error.to_string(),
    }
}

/// The only I/O whose errors are passed on as they are is standard output.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::BrokenPipe,
            _ => Self::Told(Class::Other, Some(format!("cannot write the output: {error}"))),
        }
    }
}
