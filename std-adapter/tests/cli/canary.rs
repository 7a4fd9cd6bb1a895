//! Canaries in the place of every secret: none of them sings, however much is asked to be shown.

use graph_call_std::service::{Fault, P2P_CALL, Service, TENANT};

use crate::kit::{Run, finish, run, run_with_input, signed};

const TOKEN: &str = "canary-token";
const SECRET: &str = "canary-secret";

/// A call whose every secret member holds a canary.
const CALL: &str = r##"{
    "@odata.type": "#microsoft.graph.call",
    "id": "nest",
    "state": "established",
    "incomingContext": { "observedParticipantId": "1" },
    "mediaConfig": { "@odata.type": "#microsoft.graph.appHostedMediaConfig", "blob": "canary-blob" },
    "meetingInfo": {
        "@odata.type": "#microsoft.graph.joinMeetingIdMeetingInfo",
        "joinMeetingId": "1234567",
        "passcode": "canary-passcode"
    }
}"##;
const TOKEN_MEETING: &str = r##"{
    "id": "meeting",
    "meetingInfo": { "@odata.type": "#microsoft.graph.tokenMeetingInfo", "token": "canary-meeting-token" }
}"##;

const LOUD: [&[&str]; 6] =
    [&[], &["-v"], &["-i"], &["-vv", "-i"], &["-v", "--dry-run"], &["-vv", "--log-format", "json"]];

fn service() -> Service {
    let builder = Service::builder().accept_access_token(TOKEN).client("canary-app", SECRET);
    builder.call("nest", CALL).call("meeting", TOKEN_MEETING).start().expect("a service")
}

/// The tool with a fixed token, then as an application that logs in.
fn runs(service: &Service, name: &str, arguments: &[&str]) -> [Run; 2] {
    let command = |arguments: &[&str]| {
        let mut command = signed(service, name, arguments);
        command.args(["--timeout", "2", "--retries", "0"]);
        command
    };
    let mut fixed = command(arguments);
    fixed.env("GRAPH_CALL_TOKEN", TOKEN);
    let mut application = command(arguments);
    application.env_remove("GRAPH_CALL_TOKEN").env("AZURE_TENANT_ID", TENANT);
    application.env("AZURE_CLIENT_ID", "canary-app").env("AZURE_CLIENT_SECRET", SECRET);
    [finish(fixed), finish(application)]
}

fn is_silent(run: &Run, service: &Service) {
    let shown = format!("{}{}", run.stdout, run.stderr).replace("canary-app", "");
    assert!(!shown.contains("canary"), "{shown}");
    for received in service.received() {
        let token = received.access_token().unwrap_or("no token");
        assert!(!shown.contains(token), "{shown}");
    }
}

#[test]
fn whatever_the_verbosity() {
    let service = service();
    for loud in LOUD {
        for id in [P2P_CALL, "nest", "meeting", "absent"] {
            for run in runs(&service, "canary-loud", &[&["get", id], loud].concat()) {
                let expected = if id == "absent" && !loud.contains(&"--dry-run") { 3 } else { 0 };
                assert_eq!(run.code, Some(expected), "{loud:?} {id}: {}", run.stderr);
                is_silent(&run, &service);
            }
        }
    }
    assert!(service.counters().with_access_token > 0 && service.counters().issued > 0);
}

#[test]
fn whatever_the_fault() {
    let service = service();
    // Those that take long.
    let left_out = |name: &str| ["stall", "slow", "drip"].iter().any(|kind| name.starts_with(kind));
    for name in Fault::EXAMPLES.iter().filter(|name| !left_out(name)) {
        let id = format!("fault.{name}");
        for run in runs(&service, "canary-fault", &["get", &id, "-vv", "-i"]) {
            is_silent(&run, &service);
        }
    }
}

#[test]
fn whatever_is_parsed() {
    for call in [CALL, TOKEN_MEETING] {
        let run = run_with_input(&["parse", "-"], call.as_bytes());
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        assert!(!format!("{}{}", run.stdout, run.stderr).contains("canary"), "{}", run.stdout);
    }
}

/// Whoever lists the processes of a machine sees command lines; so no option takes a secret, but the name of what holds one.
#[test]
fn no_option_has_a_secret_for_its_value() {
    let mut options = 0;
    for command in ["get", "watch", "whoami", "doctor"] {
        let help = run(&[command, "--help"]).stdout;
        for line in help.lines().filter_map(|line| line.trim().strip_prefix("--")) {
            let is_about_one =
                ["token", "secret", "password", "assertion"].iter().any(|word| line.contains(word));
            if let (true, Some((_, value))) = (is_about_one, line.split_once(" <")) {
                let value = value.split('>').next().unwrap_or_default();
                assert!(["FILE", "COMMAND"].contains(&value), "{command} --{line}");
                options += 1;
            }
        }
        for option in ["--token", "--client-secret"] {
            let typed = run(&[command, option, "canary-secret"]);
            assert_eq!(
                (typed.code, typed.stderr.contains("unexpected argument")),
                (Some(2), true),
                "{command}"
            );
        }
    }
    assert!(options > 12, "the options were not found: {options}");
}
