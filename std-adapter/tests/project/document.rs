//! The transcripts of docs/tool.md, run; those without an omission can be written anew. Those marked `loopback` ask a
//! service that was started for them, and those marked `shell` do so in a pipeline.

use std::path::Path;
use std::process::Command;

use graph_call_std::service::Service;
use graph_call_std::{Class, ErrorKind};

use crate::kit::{finish, run, signed, tool};

#[test]
fn every_transcript_of_the_tools_page_is_what_the_tool_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let file = root.join("docs/tool.md");
    let page = std::fs::read_to_string(&file).expect("the page");
    let mut anew = page.clone();
    let transcripts: Vec<(&str, &str)> = page
        .split("```console")
        .skip(1)
        .filter_map(|rest| rest.split_once("```")?.0.split_once("\n$ "))
        .collect();
    assert_eq!(transcripts.len(), 26);
    for (mark, transcript) in transcripts {
        let (typed, expected) = transcript.split_once('\n').expect("a command and what it prints");
        let service =
            (!mark.is_empty()).then(|| Service::builder().reads_per_state(1).start().expect("a service"));
        let mut command = match (&service, mark) {
            (Some(service), " shell") => match in_shell(service, typed) {
                Some(command) => command,
                None => continue,
            },
            (service, _) => {
                let mut words = typed.split_whitespace();
                assert_eq!(words.next(), Some("graph-call"), "{typed}");
                let words: Vec<&str> = words.collect();
                service.as_ref().map_or_else(|| tool(&words), |service| signed(service, "document", &words))
            }
        };
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

/// The line in a shell whose `graph-call` asks this service; nothing where a program of the line is missing.
fn in_shell(service: &Service, line: &str) -> Option<Command> {
    let has = |name: &str| Command::new(name).arg("--version").output().is_ok();
    if !cfg!(unix) || line.contains(" jq ") && !has("jq") {
        return None;
    }
    let asked = signed(service, "document", &[]);
    let arguments: Vec<&str> = asked.get_args().map(|argument| argument.to_str().expect("UTF-8")).collect();
    let quoted = arguments.iter().map(|argument| format!(" '{argument}'")).collect::<String>();
    let tool = asked.get_program().to_str().expect("UTF-8");
    let asking = ["get", "watch"].iter().fold(line.to_owned(), |line, name| {
        line.replace(&format!("graph-call {name} "), &format!("'{tool}' {name}{quoted} "))
    });
    let mut command = Command::new("sh");
    command.args(["-c", &asking]);
    command.env("GRAPH_CALL_TOKEN", service.access_token());
    Some(command)
}

#[test]
fn the_page_names_every_kind_of_failure() {
    let page =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/tool.md")).expect("the page");
    let row = page.lines().find(|line| line.starts_with("| `kind` |")).expect("the row of the kinds");
    for kind in ErrorKind::ALL {
        assert!(row.contains(&format!("`{}`", kind.as_str())), "no {} in {row}", kind.as_str());
    }
}

#[test]
fn help_man_and_page_have_the_table_of_the_code() {
    let page =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/tool.md")).expect("the page");
    let (help, man) = (run(&["--help"]).stdout, run(&["man"]).stdout);
    for class in Class::ALL {
        let row = format!("  {:>3}  {}", class.exit_code(), class.meaning());
        assert!(help.lines().any(|line| line == row), "{row:?}: {help}");
        assert!(page.lines().any(|line| line == row), "{row:?}");
        assert!(man.contains(class.meaning()), "{row:?}: {man}");
    }
}

/// What differs from run to run, by name or by an example.
fn without_accidents(shown: &str) -> String {
    let is_id = |c: char| c.is_ascii_hexdigit() || c == '-';
    let is_time = |c: char| c.is_ascii_digit() || "-:T.".contains(c);
    let text = replaced(shown, "localhost:", "[PORT]", |c| c.is_ascii_digit());
    let text = replaced(&text, "request-id ", "c1b0e9f8-6a62-4f2e-a1c4-0d7f3b9e5a11", is_id);
    let text = replaced(&text, "\"requestId\":\"", "c1b0e9f8-6a62-4f2e-a1c4-0d7f3b9e5a11", is_id);
    let text = replaced(&text, "\"at\":\"", "2026-11-29T11:52:03.417", is_time);
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    for line in &mut lines {
        // A difference that a watch tells: `10:00:00Z state establishing → established, 1 s`.
        let is_of_watch = line.find('Z') == Some(8) && line.starts_with(|c: char| c.is_ascii_digit());
        if is_of_watch {
            line.replace_range(..8, "11:52:03");
            *line = replaced(line, "established, ", "12", |c| c.is_ascii_digit());
            *line = replaced(line, "terminated, ", "12", |c| c.is_ascii_digit());
        }
    }
    lines.concat().replace(concat!("graph-call/", env!("CARGO_PKG_VERSION")), "graph-call/[VERSION]")
}

/// The text with an example in the place of what differs behind a mark.
fn replaced(text: &str, mark: &str, example: &str, differs: impl Fn(char) -> bool) -> String {
    let mut parts = text.split(mark);
    let mut replaced = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(&differs);
        let is_there = rest.len() < part.len();
        replaced = replaced + mark + if is_there { example } else { "" } + rest;
    }
    replaced
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

/// What the cookbook types is what the tool takes: each line is checked, and nothing of it done.
#[test]
fn every_line_of_the_cookbook_is_understood() {
    let page =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/tool.md")).expect("the page");
    let blocks = ["```sh\n", "```yaml\n"].into_iter().flat_map(|mark| page.split(mark).skip(1));
    let mut lines = 0;
    for block in blocks.filter_map(|rest| rest.split_once("```")) {
        for line in block.0.lines().filter_map(|line| line.trim().strip_prefix("graph-call ")) {
            // What follows is another program's, or a file's.
            let own = line.split([';', '|', '>']).next().expect("a part").replace('"', "");
            let run = finish(tool(own.split_whitespace().chain(["--help"])));
            assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{line}");
            lines += 1;
        }
    }
    // Those that are run as well stand in transcripts.
    assert_eq!(lines, 10);
}
