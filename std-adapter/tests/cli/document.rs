//! The transcripts of docs/tool.md, run; those without an omission can be written anew.

use std::path::Path;

use crate::kit::{finish, tool};

#[test]
fn every_transcript_of_the_tools_page_is_what_the_tool_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let file = root.join("docs/tool.md");
    let page = std::fs::read_to_string(&file).expect("the page");
    let mut anew = page.clone();
    let transcripts: Vec<&str> =
        page.split("```console\n$ ").skip(1).filter_map(|rest| Some(rest.split_once("```")?.0)).collect();
    assert_eq!(transcripts.len(), 20);
    for transcript in transcripts {
        let (typed, expected) = transcript.split_once('\n').expect("a command and what it prints");
        let mut words = typed.split_whitespace();
        assert_eq!(words.next(), Some("graph-call"), "{typed}");
        let mut command = tool(words);
        command.current_dir(&root).env_remove("COLUMNS");
        let run = finish(command);
        let mut shown = format!("{}{}", run.stdout.replace("\r\n", "\n"), run.stderr);
        if let Some(code) = run.code.filter(|code| *code != 0) {
            shown += &format!("[exit {code}]\n");
        }
        let shown = without_accidents(&shown);
        if std::env::var_os("GRAPH_CALL_WRITE").is_some()
            && let Some(kept) = written_anew(expected, &shown)
        {
            anew = anew.replace(transcript, &format!("{typed}\n{kept}"));
            continue;
        }
        assert!(
            matches(expected, &shown),
            "$ {typed}\n{shown}\nand the page says\n{expected}\n./ci.sh tool-page writes it anew"
        );
    }
    if anew != page {
        std::fs::write(file, anew).expect("the page can be written");
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

/// A line that stands for any number of lines.
const OMISSION: &str = "...\n";

/// Whether the lines are the expected ones.
fn matches(expected: &str, shown: &str) -> bool {
    let mut parts = vec![String::new()];
    for line in expected.split_inclusive('\n') {
        match parts.last_mut() {
            Some(part) if line != OMISSION => *part += line,
            _ => parts.push(String::new()),
        }
    }
    let Some(mut rest) = shown.strip_prefix(&parts[0]) else { return false };
    let [_, middle @ .., last] = &parts[..] else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// The transcript as it is now, unless lines are left out elsewhere than at its beginning.
fn written_anew(expected: &str, shown: &str) -> Option<String> {
    let rest = expected.strip_prefix(OMISSION);
    let is_left_out = rest.unwrap_or(expected).split_inclusive('\n').any(|line| line == OMISSION);
    match rest {
        _ if is_left_out => None,
        None => Some(shown.to_owned()),
        Some(rest) => {
            let at = shown.find(rest.lines().next().unwrap_or_default())?;
            Some(format!("{OMISSION}{}", &shown[at..]))
        }
    }
}

#[test]
fn a_transcript_that_differs_is_found() {
    assert!(
        matches("a\n...\nc\n", "a\nb\nc\n")
            && matches("a\n...\n", "a\nb\n")
            && matches("<A>...\n", "<A>...\n")
    );
    for (expected, shown) in
        [("a\n", "a\nb\n"), ("a\n...\nc\n", "a\nb\n"), ("...\nc\n", "c\nd\n"), ("<A>...\n", "<A>\n")]
    {
        assert!(!matches(expected, shown), "{expected:?} {shown:?}");
    }
}
