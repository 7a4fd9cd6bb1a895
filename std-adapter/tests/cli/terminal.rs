//! What a person at a terminal sees and a pipe does not: colour, and the waits.

use std::fs::File;
use std::io::Read as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use graph_call_std::service::{CHANGING_CALL, GROUP_CALL, P2P_CALL, Service};
use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::kit::{fixture, signed, tool};

/// Runs with a terminal as standard output and standard error, and gives all that came to it.
fn at_terminal(mut command: Command) -> String {
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
    grantpt(&terminal).and_then(|()| unlockpt(&terminal)).expect("a terminal that opens");
    let name = ptsname(&terminal, Vec::new()).expect("its name");
    let user = rustix::fs::open(&name, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).expect("its other side");
    let error = user.try_clone().expect("a copy");
    command.stdout(Stdio::from(user)).stderr(Stdio::from(error)).env("TERM", "xterm");
    let mut child = command.spawn().expect("the tool starts");
    // The command holds copies of the other side: reading ends when nobody has any.
    drop(command);
    let mut shown = Vec::new();
    // Linux ends a terminal whose other side is closed with an error, not with an end of file.
    let _ = File::from(terminal).read_to_end(&mut shown);
    child.wait().expect("it ends");
    String::from_utf8(shown).expect("UTF-8")
}

#[test]
fn a_terminal_is_shown_colour_unless_it_declines() {
    let parse = || tool(["parse", &fixture("group.json")]);
    assert!(at_terminal(parse()).starts_with("\u{1b}[1mCall 2f1a1100-b174-40a0-aba7-0b405e01ed92\u{1b}[0m"));
    let mut declined = parse();
    declined.env("NO_COLOR", "1");
    assert!(!at_terminal(declined).contains('\u{1b}'));
    let mut empty = parse();
    empty.env("NO_COLOR", "");
    assert!(at_terminal(empty).contains('\u{1b}'), "an empty NO_COLOR is none");
    let error = at_terminal(tool(["parse", "no/such/file"]));
    assert_eq!(error, "\u{1b}[1;31merror:\u{1b}[0m cannot read no/such/file: no such file\r\n");
}

#[test]
fn a_wait_is_one_line_that_is_erased() {
    let service = Service::start().expect("a service");
    let shown = at_terminal(signed(&service, "terminal", &["get", "once.throttled.0"]));
    let (wait, rest) =
        shown.split_once("\r\u{1b}[K\u{1b}[1mCall once.throttled.0").expect("erased, then the call");
    assert!(wait.starts_with("\r\u{1b}[Kstatus 429, trying again in "), "{wait:?}");
    assert!(!wait.contains('\n'), "{wait:?}");
    assert!(!rest.contains("trying"), "{rest:?}");
}

#[test]
fn how_far_many_calls_are_is_one_line_that_is_erased() {
    let service = Service::builder().latency(Duration::from_millis(50)).start().expect("a service");
    let arguments = ["get", P2P_CALL, GROUP_CALL, "--jobs", "1", "--fields", "state"];
    let shown = at_terminal(signed(&service, "terminal-many", &arguments));
    let line = |number: usize| format!("\r\u{1b}[K{number} of 2 calls\r\u{1b}[Kestablished\r\n");
    assert_eq!(shown, line(1) + &line(2));
    let quiet = at_terminal(signed(&service, "terminal-many", &[&arguments[..], &["-q"]].concat()));
    assert_eq!(quiet, "established\r\nestablished\r\n");
}

#[test]
fn what_a_service_sends_does_not_act_on_a_terminal() {
    let content = "{\"id\":\"odd\",\"subject\":\"\u{202e}\u{9b}31m\"}";
    let service = Service::builder().call("odd", content).start().expect("a service");
    for form in [
        &["--json"][..],
        &["--raw", "-"],
        &["--fields", "subject"],
        &["--table", "--fields", "subject"],
        &["-vv"],
    ] {
        let shown = at_terminal(signed(
            &service,
            "terminal-odd",
            &[&["get", "odd", "--color", "never"][..], form].concat(),
        ));
        assert!(shown.contains("202e") && !shown.contains(['\u{202e}', '\u{9b}']), "{form:?}: {shown:?}");
    }
}

#[test]
fn the_wait_of_a_watch_stands_below_what_it_has_told() {
    let service = Service::builder().reads_per_state(1).start().expect("a service");
    let arguments = ["watch", CHANGING_CALL, "--interval", "1", "--fields", "state"];
    let shown = at_terminal(signed(&service, "terminal-watch", &arguments));
    let wait = "\r\u{1b}[Klooking again in 1 s\r\u{1b}[K";
    let states = ["establishing", "established", "terminated"];
    assert_eq!(shown, states.join(&format!("\r\n{wait}")) + "\r\n");
}

#[test]
fn what_was_typed_does_not_act_on_a_terminal() {
    for arguments in [&["\u{1b}[31m"][..], &["get", "--\u{1b}[31m"], &["get", "1", "--cloud", "\u{1b}[31m"]] {
        let shown = at_terminal(tool(arguments));
        assert!(shown.contains("\\u{1b}[31m"), "{arguments:?}: {shown:?}");
        let colours = at_terminal(tool(arguments.iter().map(|argument| argument.replace('\u{1b}', "x"))));
        let escapes = |text: &str| text.matches('\u{1b}').count();
        assert_eq!(escapes(&shown), escapes(&colours), "its own colours only: {shown:?}");
    }
}
