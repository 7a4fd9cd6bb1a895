//! What the tool makes of the documents that all packages of the project share.

use std::path::PathBuf;

use serde_json::Value;

use crate::kit::run;

fn fixture(name: &str) -> String {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "..", "tests", "data", name].iter().collect();
    path.to_str().expect("a UTF-8 path").to_owned()
}

#[test]
fn every_member_that_is_present_is_shown() {
    let document = std::fs::read_to_string(fixture("every-member.json")).expect("a fixture");
    let run = run(&["parse", &fixture("every-member.json")]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let mut leaves = Vec::new();
    collect(&serde_json::from_str(&document).expect("JSON"), "", &mut leaves);
    assert!(leaves.len() > 120, "{}", leaves.len());
    // Some services write the names of an enumeration in another case.
    let shown = run.stdout.to_lowercase();
    for (path, leaf) in leaves {
        let leaf = leaf.to_lowercase();
        // What would act on a terminal is spelled out, and is not looked for here.
        let mut parts = leaf.split(|c: char| c.is_control() || ['\u{2028}', '\u{202e}'].contains(&c));
        assert!(parts.all(|part| shown.contains(part)), "{path}: no {leaf} in\n{}", run.stdout);
    }
    assert!(!run.stdout.contains("canary"), "{}", run.stdout);
}

/// The leaves a person should find; kinds and members of unpublished type are shown in other words.
fn collect(value: &Value, path: &str, leaves: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                if !name.starts_with("@odata") && name != "pngOfCurrentSlide" {
                    collect(value, &format!("{path}.{name}"), leaves);
                }
            }
        }
        Value::Array(elements) => {
            elements.iter().for_each(|value| collect(value, path, leaves));
        }
        Value::Null => {}
        Value::String(text) if text.contains("canary") => {}
        Value::String(text) => leaves.push((path.to_owned(), text.clone())),
        Value::Bool(yes) => {
            leaves.push((path.to_owned(), if *yes { "yes" } else { "no" }.to_owned()));
        }
        other => leaves.push((path.to_owned(), other.to_string())),
    }
}

#[test]
fn as_printed_by_microsoft_needs_the_option_which_the_error_names() {
    for name in ["group.as-printed.json", "p2p.as-printed.json"] {
        let strict = run(&["parse", &fixture(name)]);
        assert_eq!((strict.code, strict.stdout.as_str()), (Some(8), ""));
        assert!(strict.stderr.contains("--allow-trailing-commas"), "{}", strict.stderr);
        let lenient = run(&["parse", "--allow-trailing-commas", &fixture(name)]);
        let clean = run(&["parse", &fixture(&name.replace(".as-printed", ""))]);
        assert_eq!((lenient.code, lenient.stdout), (Some(0), clean.stdout));
    }
}

#[test]
fn json_over_several_lines_is_the_same_json() {
    let file = fixture("every-member.json");
    let line = run(&["parse", "--json", "--show-secrets", &file]).stdout;
    let pretty = run(&["parse", "--pretty", "--show-secrets", &file]).stdout;
    assert_eq!(line.lines().count(), 1);
    assert!(pretty.starts_with("{\n  \"id\": ") && pretty.ends_with("\n}\n"), "{pretty}");
    let [line, pretty]: [Value; 2] = [line, pretty].map(|text| serde_json::from_str(&text).expect("JSON"));
    assert_eq!(line, pretty);
}

#[test]
fn a_page_shows_every_member_that_json_has() {
    fn leaves(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::String(text) => found.push(text.trim_start_matches("#microsoft.graph.").to_owned()),
            Value::Number(number) => found.push(number.to_string()),
            Value::Array(values) => values.iter().for_each(|value| leaves(value, found)),
            Value::Object(members) => members.values().for_each(|value| leaves(value, found)),
            Value::Bool(_) | Value::Null => {}
        }
    }
    let file = fixture("every-member.json");
    let json = run(&["parse", "--json", "--show-secrets", &file]).stdout;
    let page = run(&["parse", "--show-secrets", &file]).stdout;
    let mut found = Vec::new();
    leaves(&serde_json::from_str(&json).expect("JSON"), &mut found);
    assert!(found.len() > 100, "{}", found.len());
    // The types of a family are shown in words, and what acts on a terminal is spelled out.
    let differs = |text: &str| {
        ["Config", "Info", "Options", "Operation"].iter().any(|end| text.ends_with(end))
            || text.contains(char::is_control)
    };
    let missing: Vec<&String> =
        found.iter().filter(|text| !differs(text) && !page.contains(text.as_str())).collect();
    assert_eq!(missing, [""; 0], "{page}");
}

#[test]
fn a_file_that_is_no_call_is_a_line_of_json_too() {
    let run =
        run(&["parse", "--json", "no/such/file", &fixture("group.as-printed.json"), &fixture("group.json")]);
    assert_eq!((run.code, run.stderr.matches("error: ").count()), (Some(8), 2), "{}", run.stderr);
    let lines: Vec<Value> =
        run.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 3, "{}", run.stdout);
    for (line, text) in
        lines.iter().zip(["cannot read no/such/file: ", "a comma stands before a closing bracket"])
    {
        let error = &line["error"];
        assert!(
            line["file"].is_string() && error["message"].as_str().expect("a text").contains(text),
            "{line}"
        );
        assert_eq!(
            (&error["kind"], &error["who"], &error["status"]),
            (&"answer".into(), &"nobody".into(), &Value::Null)
        );
    }
    assert!(lines[2]["error"].is_null(), "{}", lines[2]);
}

#[test]
fn the_model_knows_every_member() {
    let run = run(&["parse", "--unknown", &fixture("every-member.json")]);
    assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (Some(0), "", ""));
}
