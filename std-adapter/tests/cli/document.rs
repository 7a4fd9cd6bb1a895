//! The transcripts of docs/tool.md, run.

use std::path::Path;

use crate::kit::{finish, tool};

#[test]
fn every_transcript_of_the_tools_page_is_what_the_tool_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let page = std::fs::read_to_string(root.join("docs/tool.md")).expect("the page");
    let transcripts: Vec<&str> =
        page.split("```console\n$ ").skip(1).filter_map(|rest| Some(rest.split_once("```")?.0)).collect();
    assert_eq!(transcripts.len(), 6);
    for transcript in transcripts {
        let (typed, expected) = transcript.split_once('\n').expect("a command and what it prints");
        let mut words = typed.split_whitespace();
        assert_eq!(words.next(), Some("graph-call"), "{typed}");
        let mut command = tool(words);
        command.current_dir(&root);
        let run = finish(command);
        let mut shown = format!("{}{}", run.stdout.replace("\r\n", "\n"), run.stderr);
        if let Some(code) = run.code.filter(|code| *code != 0) {
            shown += &format!("[exit {code}]\n");
        }
        assert!(
            matches(expected, &without_accidents(&shown)),
            "$ {typed}\n{shown}\nand the page says\n{expected}"
        );
    }
}

/// What differs from run to run, by name.
fn without_accidents(shown: &str) -> String {
    let mut parts = shown.split("localhost:");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text += "localhost:[PORT]";
        text += part.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    text.replace(concat!("graph-call/", env!("CARGO_PKG_VERSION")), "graph-call/[VERSION]")
}

/// Whether the lines are the expected ones; `...` stands for any number of lines.
fn matches(expected: &str, shown: &str) -> bool {
    let mut rest = shown;
    let mut may_skip = false;
    for part in expected.split_inclusive("...\n") {
        let literal = part.strip_suffix("...\n").unwrap_or(part);
        match rest.find(literal) {
            Some(0) => rest = &rest[literal.len()..],
            Some(at) if may_skip => rest = &rest[at + literal.len()..],
            _ => return false,
        }
        may_skip = part.len() > literal.len();
    }
    may_skip || rest.is_empty()
}
