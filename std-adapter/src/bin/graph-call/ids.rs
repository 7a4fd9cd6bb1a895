//! Which calls are meant: ids of the command line, of standard input, of a file.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::Args;
use graph_call_std::Class;

use crate::failure::Failure;
use crate::terminal;

/// The most that is read of a list of ids.
const IDS_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// The calls.
#[derive(Args, Debug)]
pub(crate) struct Ids {
    /// The ids of the calls; - reads them from standard input and @FILE from a file, one a line
    #[arg(value_name = "ID", required_unless_present = "ids_file")]
    ids: Vec<String>,
    /// Read ids from this file too, one a line; - is standard input
    #[arg(long, value_name = "FILE")]
    ids_file: Option<PathBuf>,
}

impl Ids {
    /// All of them, in the order in which they are named; those of `--ids-file` come last.
    pub(crate) fn read(&self, stdin_is_token: bool) -> Result<Vec<String>, Failure> {
        let mut ids = Vec::new();
        let mut stdin_is_free = !stdin_is_token;
        let mut stdin = || match std::mem::replace(&mut stdin_is_free, false) {
            true => lines("standard input", Path::new("-")),
            false if stdin_is_token => {
                Err(usage("standard input cannot give both the ids and the access token".to_owned()))
            }
            false => Err(usage("standard input can give the ids only once".to_owned())),
        };
        for id in &self.ids {
            match (id.as_str(), id.strip_prefix('@')) {
                ("-", _) => ids.extend(stdin()?),
                ("@", _) => {
                    return Err(usage("@ has to be followed by the name of a file with ids".to_owned()));
                }
                (_, Some(file)) => ids.extend(lines(file, Path::new(file))?),
                _ => ids.push(id.clone()),
            }
        }
        match &self.ids_file {
            Some(file) if file == Path::new("-") => ids.extend(stdin()?),
            Some(file) => ids.extend(lines(&file.display().to_string(), file)?),
            None => {}
        }
        Ok(ids)
    }
}

/// The lines of a file that are not blank.
fn lines(name: &str, file: &Path) -> Result<Vec<String>, Failure> {
    let text = if file == Path::new("-") {
        terminal::await_input("ids");
        text_of(io::stdin().lock())
    } else {
        File::open(file).and_then(text_of)
    };
    let text = text.map_err(|error| Failure::file(Class::Usage, name, &error))?;
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim).filter(|line| !line.is_empty());
    let ids: Vec<String> = lines.map(str::to_owned).collect();
    if ids.is_empty() { Err(usage(format!("{name} holds no id"))) } else { Ok(ids) }
}

fn text_of(source: impl Read) -> io::Result<String> {
    let mut bytes = Vec::new();
    source.take(IDS_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > IDS_BYTES_MAX {
        return Err(io::Error::other("larger than 16 MiB, which no list of ids is"));
    }
    // PowerShell writes UTF-16 where output is redirected; a file of UTF-8 may begin with a byte order mark, too.
    let text = match bytes.as_slice() {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => String::from_utf8(bytes).ok(),
    };
    text.ok_or_else(|| io::Error::other("it is no text: neither UTF-8, nor UTF-16 with a byte order mark"))
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (units, rest) = bytes.as_chunks();
    let units: Vec<u16> = units.iter().copied().map(unit).collect();
    String::from_utf16(&units).ok().filter(|_| rest.is_empty())
}

fn usage(text: String) -> Failure {
    Failure::Told(Class::Usage, Some(crate::escape::Escaped(&text).to_string()))
}
