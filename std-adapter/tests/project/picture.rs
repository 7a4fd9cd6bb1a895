//! The picture of a terminal in README.md, drawn from what the tool really says.
//!
//! Where `GRAPH_CALL_WRITE` is set it is drawn anew; otherwise it has to be what is drawn.

use std::fmt::Write as _;
use std::path::Path;

use crate::kit::{finish, tool};

/// What is typed, but for the name of the tool. Nothing in it depends on the time or on chance.
const TYPED: [&str; 3] = [
    "demo --table --quiet",
    "parse tests/data/p2p.json --pretty --fields state,source.identity.application.displayName",
    "parse tests/data/group.as-printed.json",
];

/// Pixels.
const LETTER: f64 = 8.0;
const LINE: usize = 19;
const MARGIN: usize = 16;

/// A part of a line, and how it is drawn.
struct Part {
    style: String,
    text: String,
}

/// Takes the escapes for colour out of what the tool says.
fn lines(output: &str) -> Vec<Vec<Part>> {
    let mut style = String::new();
    let mut lines = Vec::new();
    for line in output.lines() {
        let mut parts = Vec::new();
        for (at, piece) in line.split("\u{1b}[").enumerate() {
            let text = if at == 0 {
                piece
            } else {
                let (codes, text) = piece.split_once('m').expect("an escape for colour");
                style = classes(codes);
                text
            };
            if !text.is_empty() {
                parts.push(Part { style: style.clone(), text: text.to_owned() });
            }
        }
        lines.push(parts);
    }
    lines
}

fn classes(codes: &str) -> String {
    let class = |code| match code {
        "0" => "",
        "1" => "bold",
        "2" => "dim",
        "31" => "red",
        "32" => "green",
        "33" => "yellow",
        other => panic!("no class for {other}"),
    };
    codes.split(';').map(class).filter(|class| !class.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Draws lines of a terminal, which is dark on every page.
fn draw(lines: &[Vec<Part>]) -> String {
    let letters = |line: &[Part]| line.iter().map(|part| part.text.chars().count()).sum::<usize>();
    let longest = lines.iter().map(|line| letters(line)).max().unwrap_or_default();
    let width = (longest as f64 * LETTER).ceil() as usize + 2 * MARGIN;
    let height = lines.len() * LINE + 2 * MARGIN;
    let mut svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" aria-label="graph-call in a terminal">
<style>
text {{ font: 13px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: #d8dee9; white-space: pre; }}
.bold {{ font-weight: bold; }} .dim {{ fill: #8b949e; }} .red {{ fill: #ff7b72; }} .green {{ fill: #7ee787; }} .yellow {{ fill: #e3b341; }}
</style>
<rect width="{width}" height="{height}" rx="8" fill="#161b22"/>
"##
    );
    for (at, line) in lines.iter().enumerate() {
        let mut column: usize = 0;
        for Part { style, text } in line {
            let x = MARGIN as f64 + column as f64 * LETTER;
            let y = MARGIN + at * LINE + 14;
            let length = text.chars().count();
            let shown = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            let wide = length as f64 * LETTER;
            writeln!(svg, r#"<text x="{x}" y="{y}" textLength="{wide}" class="{style}">{shown}</text>"#)
                .expect("a string takes all");
            column += length;
        }
    }
    svg + "</svg>\n"
}

#[test]
fn the_picture_is_a_real_run() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut shown = Vec::new();
    for typed in TYPED {
        let mut command = tool(typed.split(' ').chain(["--color", "always"]));
        command.current_dir(&root).env_remove("COLUMNS");
        let run = finish(command);
        let prompt = |text: &str, style: &str| Part { style: style.into(), text: text.into() };
        if !shown.is_empty() {
            shown.push(Vec::new());
        }
        shown.push(vec![prompt("$ ", "green"), prompt(&format!("graph-call {typed}"), "bold")]);
        shown.extend(lines(&format!("{}{}", run.stdout, run.stderr)));
    }
    let drawn = draw(&shown);
    let file = root.join("docs/terminal.svg");
    if std::env::var_os("GRAPH_CALL_WRITE").is_some() {
        std::fs::write(file, drawn).expect("the picture can be written");
        return;
    }
    let kept = std::fs::read_to_string(file).expect("the picture").replace("\r\n", "\n");
    assert!(kept == drawn, "docs/terminal.svg shows what was: ./ci.sh tool-page draws it anew");
}
