//! Writes the table of hostile answers as inputs for a fuzzer: `hostile_corpus DIRECTORY`.

use std::path::PathBuf;
use std::{env, fs, io};

use graph_call_laws::hostile;

/// The fuzzer cuts what is longer.
const LENGTH_MAX: usize = 4_096;

fn main() -> io::Result<()> {
    let directory = PathBuf::from(env::args_os().nth(1).ok_or(io::ErrorKind::InvalidInput)?);
    fs::create_dir_all(&directory)?;
    for row in hostile::rows().iter().filter(|row| row.answer.len() <= LENGTH_MAX) {
        fs::write(directory.join(row.name.replace([' ', '/'], "-")), &row.answer)?;
    }
    Ok(())
}
