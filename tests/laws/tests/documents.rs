//! What the documents say, held against the code: sizes, the map of files, the words of `ci.sh`.
//! They are read where they stand, so that it takes a machine with the files of the project.
#![cfg(not(target_family = "wasm"))]

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use graph_call::{Call, Exchange, Parser, TinyCall};

const BEGIN: &str = "<!-- measured: ./ci.sh footprint -->\n";
const END: &str = "<!-- end of measured -->";

type Outcome = Result<(), Box<dyn Error>>;

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &str) -> Result<String, Box<dyn Error>> {
    fs::read_to_string(project().join(path)).map_err(|error| format!("{path}: {error}").into())
}

/// Every document that people read, and what a CI runs.
fn documents() -> Result<Vec<(PathBuf, String)>, Box<dyn Error>> {
    let mut documents = Vec::new();
    for directory in [".", "docs", "fuzz", "examples", "std-adapter", ".github", ".github/workflows"] {
        for entry in fs::read_dir(project().join(directory))? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "md" || extension == "yml") {
                let text = fs::read_to_string(&path)?;
                documents.push((path, text));
            }
        }
    }
    assert!(documents.len() > 5, "the documents were not found");
    Ok(documents)
}

/// `4,096` for 4096.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The table of the README: what was measured on the device, and what this machine says.
fn footprint() -> Result<String, Box<dyn Error>> {
    let measured = read("docs/footprint.md")?;
    let cell = |row: &str, column: usize| {
        let line = measured.lines().find(|line| line.starts_with(&format!("| {row} |")));
        let cell = line.and_then(|line| line.split('|').nth(column)).map(str::trim);
        cell.ok_or_else(|| format!("docs/footprint.md has no row {row}"))
    };
    let per_byte = |arrives: &str| {
        let rows = ["p2p", "group"].map(|name| cell(&format!("{name} | {arrives}"), 5));
        let [first, second] = rows;
        Ok::<_, String>(format!("{} and {}", first?, second?))
    };
    let mut table = String::from("\n| | Cortex-M4 | 64-bit desktop |\n|---|---|---|\n");
    for (name, size) in [
        ("TinyCall", size_of::<TinyCall>()),
        ("Call", size_of::<Call>()),
        ("Parser", size_of::<Parser>()),
        ("Exchange", size_of::<Exchange>()),
    ] {
        let device = cell(&format!("RAM: `{name}`"), 2)?;
        table.push_str(&format!("| RAM of `{name}`, in bytes | {device} | {} |\n", grouped(size)));
    }
    for (what, row) in [
        ("Flash of the parser and the model", "flash: parser and model"),
        ("Flash of the whole exchange", "flash: the whole exchange"),
        ("Stack of a parse, on any input", "stack of a parse, static bound for any input"),
        ("Heap", "heap"),
    ] {
        table.push_str(&format!("| {what} | {} | |\n", cell(row, 2)?));
    }
    for (what, arrives) in [
        ("in one piece", "whole"),
        ("in pieces of 64 bytes", "64-byte pieces"),
        ("byte by byte", "byte by byte"),
    ] {
        table.push_str(&format!("| Instructions per byte, {what} | {} | |\n", per_byte(arrives)?));
    }
    table.push('\n');
    Ok(table)
}

/// Whether two rows say the same: sizes exactly, what was measured within the tolerance of `./ci.sh footprint-check`.
fn is_near(was: &str, is: &str) -> bool {
    let cells = |row: &str| row.split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let numbers = |cell: &str| -> Vec<f64> {
        cell.split(' ').filter_map(|word| word.replace(',', "").parse().ok()).collect()
    };
    let (was, is) = (cells(was), cells(is));
    let is_exact = is.get(1).is_some_and(|what| what.starts_with("RAM"));
    was.len() == is.len()
        && was.iter().zip(&is).enumerate().all(|(column, (was, is))| {
            let (old, new) = (numbers(was), numbers(is));
            let is_close = !old.is_empty()
                && old.len() == new.len()
                && old.iter().zip(&new).all(|(old, new)| (old - new).abs() <= 0.05 * new.max(1.0));
            was == is || (column == 2 && !is_exact && is_close)
        })
}

/// With `GRAPH_CALL_WRITE` in the environment, as `./ci.sh footprint` sets it, the table is written instead.
#[test]
#[cfg(target_pointer_width = "64")]
fn the_readme_states_the_footprint() -> Outcome {
    let readme = read("README.md")?;
    let (before, rest) = readme.split_once(BEGIN).ok_or("README.md has no table")?;
    let (stated, after) = rest.split_once(END).ok_or("README.md has no end of its table")?;
    let table = footprint()?;
    if std::env::var_os("GRAPH_CALL_WRITE").is_some() {
        fs::write(project().join("README.md"), format!("{before}{BEGIN}{table}{END}{after}"))?;
        return Ok(());
    }
    assert_eq!(
        stated.lines().count(),
        table.lines().count(),
        "another table than in README.md: ./ci.sh readme"
    );
    for (was, is) in stated.lines().zip(table.lines()) {
        assert!(is_near(was, is), "README.md says {was}, it is {is}: ./ci.sh readme");
    }
    Ok(())
}

#[test]
fn the_page_of_checks_counts_the_hostile_answers() -> Outcome {
    let row = format!("| {} hostile and odd answers, ", graph_call_laws::hostile::rows().len());
    assert!(read("docs/assurance.md")?.contains(&row), "docs/assurance.md does not say: {row}");
    Ok(())
}

/// In a table whose last column is "held by", each name in it is that of a test or of a file of tests.
#[test]
fn every_rule_is_held_by_a_test() -> Outcome {
    let mut tests = BTreeSet::new();
    for entry in fs::read_dir(project().join("tests/laws/tests"))? {
        let path = entry?.path();
        tests.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
        let text = fs::read_to_string(&path)?;
        let functions = text.split("#[test]\n").skip(1).filter_map(|rest| rest.split("fn ").nth(1));
        tests.extend(functions.filter_map(|name| name.split('(').next()).map(str::to_owned));
    }
    let text = read("docs/assurance.md")?;
    let mut lines = text.lines();
    let mut count = 0;
    while lines.any(|line| line.ends_with("| held by |")) {
        for row in lines.by_ref().skip(1).take_while(|line| line.starts_with('|')) {
            let held_by = row.trim_end_matches(" |").rsplit(" | ").next().ok_or("an empty row")?;
            let names: Vec<_> = held_by.split('`').skip(1).step_by(2).collect();
            let missing: Vec<_> = names.iter().filter(|name| !tests.contains(**name)).collect();
            assert!(!names.is_empty() && missing.is_empty(), "no test {missing:?}: {row}");
            count += 1;
        }
    }
    assert!(count > 50, "the tables were not found");
    Ok(())
}

#[test]
fn every_package_carries_the_licences() -> Outcome {
    for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
        for package in ["core", "std-adapter", "tls"] {
            assert_eq!(read(&format!("{package}/{licence}"))?, read(licence)?, "{package}/{licence}");
        }
    }
    Ok(())
}

/// The recipes say where to write: what stands between backticks and has a slash is a path, unless a part of it is yours to name.
#[test]
fn every_path_of_the_recipes_leads_somewhere() -> Outcome {
    let text = read("CONTRIBUTING.md")?;
    let (_, recipes) = text.split_once("\n## Ten recipes\n").ok_or("no recipes")?;
    let paths: Vec<_> = recipes.split('`').skip(1).step_by(2).filter(|code| code.contains('/')).collect();
    assert!(paths.len() > 20, "the paths were not found");
    for path in paths.iter().filter(|path| !path.contains("NAME") && !path.starts_with("./ci.sh ")) {
        assert!(project().join(path).exists(), "CONTRIBUTING.md: nothing at {path}");
    }
    Ok(())
}

#[test]
fn every_word_that_is_named_exists() -> Outcome {
    let script = read("ci.sh")?;
    let mut count = 0;
    for (path, text) in documents()? {
        for rest in text.split("./ci.sh ").skip(1) {
            // Words stand in a row up to the end of the line, of what is between backticks, or to a gap before a remark.
            let row =
                rest.split(['`', '\n']).next().unwrap_or_default().split("  ").next().unwrap_or_default();
            let is_word = |word: &&str| word.starts_with(|letter: char| letter.is_ascii_lowercase());
            for word in row.split(' ').take_while(is_word) {
                let word = word.trim_end_matches([',', ';', '.', ':', ')']);
                assert!(is_known(&script, word), "{}: ci.sh has no word {word}", path.display());
                count += 1;
            }
        }
    }
    assert!(count > 80, "the words were not found");
    Ok(())
}

fn is_known(script: &str, word: &str) -> bool {
    script.contains(&format!("\nword_{word}()"))
}

/// What gates a change on one machine gates it in the workflows, too.
#[test]
fn the_workflows_run_what_gates_a_change() -> Outcome {
    let run = read(".ci/run")?;
    let rows = run.lines().filter_map(|line| line.strip_prefix("run ")).filter(|row| !row.starts_with('('));
    // What comes by apt the workflows install by words of its parts.
    let words: Vec<_> = rows
        .flat_map(|row| {
            row.split(' ').take_while(|word| !matches!(word.chars().next(), Some('>' | '&' | '2')))
        })
        .filter(|word| *word != "packages")
        .collect();
    let workflow = read(".github/workflows/change.yml")?;
    let steps: BTreeSet<_> = workflow
        .split("./ci.sh ")
        .skip(1)
        .filter_map(|rest| rest.lines().next())
        .flat_map(|row| row.split(' '))
        .collect();
    let missing: Vec<_> = words.iter().filter(|word| !steps.contains(*word)).collect();
    assert!(words.len() > 10 && missing.is_empty(), "change.yml does not run {missing:?}");
    Ok(())
}

/// In the table of SECURITY.md every promise is tried by something that is there: a test, a file of tests, a word of `ci.sh`.
#[test]
fn every_threat_is_tried() -> Outcome {
    let script = read("ci.sh")?;
    let mut tests = BTreeSet::new();
    for directory in ["tests/laws/tests", "tests/tests", "std-adapter/tests", "std-adapter/tests/cli"] {
        for entry in fs::read_dir(project().join(directory))? {
            let path = entry?.path();
            if path.is_file() && path.extension().is_some_and(|extension| extension == "rs") {
                tests.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
                let text = fs::read_to_string(&path)?;
                let functions = text.split("#[test]\n").skip(1).filter_map(|rest| rest.split("fn ").nth(1));
                tests.extend(functions.filter_map(|name| name.split('(').next()).map(str::to_owned));
            }
        }
    }
    let text = read("SECURITY.md")?;
    let (_, table) = text.split_once("| tried by |\n").ok_or("no table of threats")?;
    let rows: Vec<_> = table.lines().skip(1).take_while(|line| line.starts_with('|')).collect();
    assert!(rows.len() > 10, "the threats were not found");
    for row in rows {
        let tried_by = row.trim_end_matches(" |").rsplit(" | ").next().ok_or("an empty row")?;
        let names: Vec<_> = tried_by.split('`').skip(1).step_by(2).collect();
        let is_there = |name: &str| match name.strip_prefix("./ci.sh ") {
            Some(word) => is_known(&script, word),
            None => tests.contains(name),
        };
        let missing: Vec<_> = names.iter().filter(|name| !is_there(name)).collect();
        assert!(!names.is_empty() && missing.is_empty(), "nothing is named {missing:?}: {row}");
    }
    assert!(!tests.contains("a_test_that_nobody_wrote") && !is_known(&script, "no-such-word"));
    Ok(())
}

/// The container does what the README has one do on a fresh machine, with the Rust that the manifests name.
#[test]
fn the_containers_do_what_the_readme_says() -> Outcome {
    let readme = read("README.md")?;
    let block =
        readme.split("```sh\n").nth(1).and_then(|rest| rest.split("```").next()).ok_or("no commands")?;
    let commands: Vec<_> =
        block.lines().filter_map(|line| line.split('#').next()).map(str::trim_end).collect();
    assert_eq!(commands.len(), 2, "{commands:?}");
    let file = read("Dockerfile")?;
    let runs: Vec<_> = file.lines().filter_map(|line| line.strip_prefix("RUN ")).collect();
    assert_eq!(runs, commands);
    let manifest = read("Cargo.toml")?;
    let oldest = manifest.split("rust-version = \"").nth(1).and_then(|rest| rest.split('"').next());
    assert_eq!(file.lines().find_map(|line| line.strip_prefix("FROM rust:")), oldest);
    assert!(read(".devcontainer/devcontainer.json")?.contains(&commands.join(" && ")));
    Ok(())
}

/// The program of docs/firmware.md is one that is built.
#[test]
fn the_first_program_of_firmware_is_on_its_page() -> Outcome {
    let page = read("docs/firmware.md")?;
    let program = read("examples/firmware/embassy/src/bin/embassy_first.rs")?;
    let shown = |program: &str| page.contains(&format!("```rust,ignore\n{program}```\n"));
    assert!(shown(&program), "docs/firmware.md shows another program than embassy_first.rs");
    assert!(!shown(&program.replace("TinyCall", "Call")), "a program that is another is found to be so");
    Ok(())
}

/// The index of the examples has each that there is.
#[test]
fn every_example_is_in_the_index() -> Outcome {
    let index = read("examples/README.md")?;
    let mut count = 0;
    for directory in ["std-adapter/examples", "examples", "examples/c", "examples/firmware/get-call/src/bin"]
    {
        for entry in fs::read_dir(project().join(directory))? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.join("Cargo.toml").exists() || name.ends_with(".rs") || name.ends_with(".c") {
                let is_there = index.contains(&format!("{name})")) || index.contains(&format!("({name}/"));
                assert!(is_there, "examples/README.md does not lead to {}", path.display());
                count += 1;
            }
        }
    }
    assert!(count > 8, "the examples were not found");
    Ok(())
}

/// The rooms of a package, as the map writes them: `name/` for a directory, whose front is `name.rs`, and
/// `name.rs` for a file that stands alone.
fn rooms(directory: &Path) -> Result<BTreeSet<String>, Box<dyn Error>> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            found.insert(name + "/");
        } else if !path.with_extension("").is_dir() && name != "lib.rs" {
            found.insert(name);
        }
    }
    Ok(found)
}

/// The map has a heading for each package, and below it a line for each room: "- `room/`: what it is for".
#[test]
fn every_room_is_on_the_map() -> Outcome {
    let text = read("ARCHITECTURE.md")?;
    for directory in ["core/src", "std-adapter/src"] {
        let (_, rest) = text.split_once(&format!("### `{directory}`\n")).ok_or("no such heading")?;
        let section = rest.split("\n#").next().unwrap_or_default();
        let named = section.lines().filter_map(|line| line.strip_prefix("- `")?.split_once('`'));
        let named: BTreeSet<_> = named.map(|(room, _)| room.to_owned()).collect();
        let found = rooms(&project().join(directory))?;
        let missing: Vec<_> = found.difference(&named).collect();
        let gone: Vec<_> = named.difference(&found).collect();
        assert!(
            missing.is_empty() && gone.is_empty(),
            "{directory}: not on the map {missing:?}, gone {gone:?}"
        );
    }
    Ok(())
}
