//! What holds for every command: help, usage errors, completions, the manual page, closed pipes.

use std::process::Stdio;

use graph_call_std::service::Fault;

use crate::kit::{fixture, run, tool};

#[test]
fn wrong_usage_ends_with_2_and_says_what_is_right() {
    for arguments in [&[][..], &["frobnicate"], &["parse", "--frobnicate"], &["completions"]] {
        let run = run(arguments);
        assert_eq!(run.code, Some(2), "{arguments:?}");
        assert_eq!(run.stdout, "", "{arguments:?}");
        assert!(run.stderr.contains("Usage:"), "{}", run.stderr);
    }
}

#[test]
fn help_and_version_are_on_standard_output() {
    let help = run(&["--help"]);
    assert_eq!(help.code, Some(0));
    assert!(help.stdout.contains("Exit codes:"), "{}", help.stdout);
    assert_eq!(help.stderr, "");
    let short = format!("graph-call {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(run(&["-V"]).stdout, short);
    let long = run(&["--version"]).stdout;
    assert!(long.starts_with(&short), "{long}");
    for name in ["commit", "features", "TLS", "target"] {
        let value = long.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        assert!(value.is_some_and(|value| !value.is_empty()), "{name}: {long}");
    }
    // A target names the processor by its generation.
    let processor = std::env::consts::ARCH.replace("x86", "i686").replace("i686_64", "x86_64");
    assert!(long.contains("webpki-roots") && long.contains(&processor), "{long}");
}

#[test]
fn completions_and_the_manual_page_know_every_command() {
    let help = run(&["--help"]).stdout;
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .map_while(|line| line.split_whitespace().next())
        .collect();
    assert!(commands.contains(&"parse"), "{commands:?}");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = run(&["completions", shell]);
        assert_eq!((script.code, script.stderr.as_str()), (Some(0), ""), "{shell}");
        for command in &commands {
            assert!(script.stdout.contains(command), "{shell}: {command}");
        }
    }
    let page = run(&["man"]);
    assert!(page.stdout.contains(".TH graph-call 1"), "{}", page.stdout);
    for command in &commands {
        assert!(page.stdout.contains(command), "{command}");
        if *command != "help" {
            let page = run(&["man", command]);
            assert!(page.stdout.contains(&format!(".TH graph-call-{command} 1")), "{}", page.stdout);
            assert!(page.stdout.contains("log\\-format"), "the options of all: {}", page.stdout);
        }
    }
}

#[test]
fn the_help_of_serve_has_each_fault_on_one_line() {
    let help = run(&["serve", "--help"]).stdout;
    for (name, what) in Fault::NAMES {
        let found =
            |line: &str| line.split_whitespace().next() == Some(name) && line.trim_end().ends_with(what);
        assert!(help.lines().any(found), "{name}: {help}");
    }
}

#[cfg(unix)]
#[test]
fn a_reader_that_leaves_early_is_no_error() {
    for arguments in [&["parse", &fixture("group.json")][..], &["man"], &["completions", "zsh"], &["--help"]]
    {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let mut command = tool(arguments);
        command.stdout(writer).stderr(Stdio::piped());
        let output = command.output().expect("the tool starts");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    for arguments in [&["parse", &fixture("group.json")][..], &["--help"], &["--version"], &["get", "-h"]] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("/dev/full");
        let mut command = tool(arguments);
        command.stdout(full).stderr(Stdio::piped());
        let output = command.output().expect("the tool starts");
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(stderr.starts_with("error: cannot write the output:"), "{stderr}");
    }
}

#[cfg(unix)]
#[test]
fn a_small_main_stack_is_enough() {
    // 1 MiB is what the main thread has on other systems.
    let mut command = std::process::Command::new("sh");
    command.args(["-c", "ulimit -s 1024 && exec \"$0\" demo", env!("CARGO_BIN_EXE_graph-call")]);
    assert_eq!(crate::kit::finish(command).code, Some(0));
}
