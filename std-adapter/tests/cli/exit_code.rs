//! Exit codes: one table, and the same code for the same failure on every run.

use graph_call_std::Class;
use graph_call_std::service::{P2P_CALL, Service};

use crate::kit::{Run, finish, run, signed, tool};

#[test]
fn a_file_that_is_missing_ends_by_what_it_was_for() {
    for (arguments, class) in [
        (&["parse", "no/such/file"][..], Class::Response),
        (&["get", "1", "--ca", "no/such/file"], Class::Usage),
        (&["get", "1", "--managed-identity", "--raw", "no/such/file"], Class::Usage),
        (&["serve", "--ca-file", "no/such/file"], Class::Usage),
        (&["get", "1", "--token-file", "no/such/file"], Class::Auth),
        (&["get", "1", "--certificate", "no/such/file", "--tenant", "a", "--client-id", "b"], Class::Auth),
        (
            &["get", "1", "--client-secret-file", "no/such/file", "--tenant", "a", "--client-id", "b"],
            Class::Auth,
        ),
    ] {
        let run = run(arguments);
        assert_eq!(run.code, Some(class.exit_code().into()), "{arguments:?}: {}", run.stderr);
        assert!(run.stderr.contains("no/such/file"), "{}", run.stderr);
        assert_eq!((run.stdout.as_str(), run.stderr.lines().count()), ("", 1), "{}", run.stderr);
    }
}

#[test]
fn the_same_failure_has_the_same_code_on_every_run() {
    let service = Service::start().expect("a service");
    let get = |id: &str, options: &[&str]| -> Run {
        let arguments = [&["get", id, "--timeout", "3"][..], options].concat();
        finish(signed(&service, "exit-code", &arguments))
    };
    for (id, options, class) in [
        // A wait that does not fit into the time left is not begun: throttled, whatever chance adds to it.
        ("fault.throttled.3", &[][..], Class::Throttled),
        ("fault.throttled.60", &[], Class::Throttled),
        ("fault.throttled.2", &["--retries", "0"], Class::Throttled),
        ("fault.expired", &[], Class::Auth),
        ("fault.html", &[], Class::Response),
        ("fault.cut", &["--retries", "0"], Class::Network),
        ("no-such-call", &[], Class::Gone),
        ("fault.status.500", &["--retries", "0"], Class::Other),
    ] {
        for attempt in 0..5 {
            let run = get(id, options);
            assert_eq!(run.code, Some(class.exit_code().into()), "{id}, {attempt}: {}", run.stderr);
        }
    }
}

#[test]
fn the_highest_code_of_several_calls_counts_in_any_order() {
    let service = Service::start().expect("a service");
    let ids = ["no-such-call", P2P_CALL, "fault.html", "a/b"];
    for turn in 0..ids.len() {
        let mut arguments = vec!["get", "--json"];
        arguments.extend(ids.iter().cycle().skip(turn).take(ids.len()));
        let run = finish(signed(&service, "exit-highest", &arguments));
        assert_eq!(run.code, Some(Class::Response.exit_code().into()), "{}", run.stderr);
        let failed = run.stdout.lines().filter(|line| line.contains("\"error\":")).count();
        assert_eq!((run.stdout.lines().count(), failed), (ids.len(), ids.len() - 1), "{}", run.stdout);
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_that_breaks_is_no_failure_of_a_call_either() {
    let service = Service::start().expect("a service");
    for command in ["get", "watch"] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let mut command = signed(&service, "exit-pipe", &[command, P2P_CALL]);
        let output = command.stdout(writer).output().expect("the tool starts");
        assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
    }
    let mut nobody = tool(["get", "1"]);
    nobody.env("GRAPH_CALL_TOKEN", "two words");
    assert_eq!(finish(nobody).code, Some(4), "a control: failures are told elsewhere");
}
