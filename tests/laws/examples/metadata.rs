//! Where the model and the published metadata differ: `metadata FILE...`, each file CSDL in XML, all in union.

use std::{env, fs, process::ExitCode};

use graph_call_laws::metadata::Metadata;

fn main() -> Result<ExitCode, String> {
    let mut published = Metadata::default();
    for path in env::args().skip(1) {
        let text = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
        published.add(&text).map_err(|error| format!("{path}: {error}"))?;
    }
    let differences = published.differences();
    for line in &differences {
        println!("{line}");
    }
    Ok(if differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
