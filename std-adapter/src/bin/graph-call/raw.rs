//! What the service sent, as it is: to a file that only its owner reads, or to standard output.

use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;

use graph_call_std::Class;

use crate::escape::is_unsafe;
use crate::failure::Failure;

/// Where it goes.
pub(crate) enum Raw {
    Stdout,
    File(File, String),
}

impl Raw {
    /// The file, made anew; `-` is standard output.
    pub(crate) fn create(file: &Path) -> Result<Self, Failure> {
        if file == Path::new("-") {
            return Ok(Self::Stdout);
        }
        let name = file.display().to_string();
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        // A call may hold what opens a meeting.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(file).map_err(|error| Failure::unwritten(Class::Usage, &name, &error))?;
        Ok(Self::File(file, name))
    }

    /// Adds the content of an answer.
    pub(crate) fn write(&mut self, content: &[u8]) -> Result<(), Failure> {
        match self {
            Self::File(file, name) => {
                file.write_all(content).map_err(|error| Failure::unwritten(Class::Other, name, &error))
            }
            Self::Stdout => {
                let mut stdout = io::stdout().lock();
                if stdout.is_terminal() {
                    stdout.write_all(tamed(content).as_bytes())?;
                } else {
                    stdout.write_all(content)?;
                }
                Ok(stdout.flush()?)
            }
        }
    }
}

/// What a terminal is shown: lines as they are, and escapes for all that would act on it.
fn tamed(content: &[u8]) -> String {
    let mut text = String::new();
    for c in String::from_utf8_lossy(content).chars() {
        if is_unsafe(c) && !matches!(c, '\n' | '\t') {
            text.extend(c.escape_unicode());
        } else {
            text.push(c);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::tamed;

    #[test]
    fn a_terminal_is_not_acted_on() {
        assert_eq!(tamed(b"{\n\t\"a\":\"\x1b[31m\xff\"}\r\n"), "{\n\t\"a\":\"\\u{1b}[31m\u{fffd}\"}\\u{d}\n");
    }
}
