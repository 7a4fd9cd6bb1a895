//! `--config`: values of a file, and where each is from.

use std::path::{Path, PathBuf};

use graph_call_std::service::{P2P_CALL, Service};

use crate::kit::{Run, finish, tool};

/// A folder with a configuration file of this text.
fn folder(name: &str, text: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("config.toml"), text).expect("a file");
    folder
}

fn with(folder: &Path, arguments: &[&str]) -> Run {
    let mut command = tool(["--config"]);
    command.arg(folder.join("config.toml")).args(arguments);
    finish(command)
}

#[test]
fn a_profile_has_all_that_a_reading_needs() {
    let service = Service::start().expect("a service");
    let text = format!(
        "json = true\nretries = 0\n[profiles.here]\nhost = \"localhost:{}\"\ndanger-trust-host = true\nca = \"ca.pem\"\n\
         token-file = \"token.txt\"\nselect = [\"id\", \"state\"]\ninterval = 9\n",
        service.address().port()
    );
    let folder = folder("config-whole", &text);
    std::fs::write(folder.join("ca.pem"), service.ca_pem()).expect("a file");
    std::fs::write(folder.join("token.txt"), service.access_token()).expect("a file");
    let run = with(&folder, &["get", P2P_CALL, "--profile", "here"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert_eq!(run.stdout, format!("{{\"id\":\"{P2P_CALL}\",\"state\":\"established\"}}\n"));
    let mut command = tool(["get", P2P_CALL, "--select", "state"]);
    command.env("GRAPH_CALL_CONFIG", folder.join("config.toml")).env("GRAPH_CALL_PROFILE", "here");
    let run = finish(command);
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), "{\"state\":\"established\"}\n"), "{}", run.stderr);
}

#[test]
fn the_command_line_goes_before_the_file_and_keeps_out_what_cannot_stand_beside_it() {
    let folder = folder(
        "config-order",
        "cloud = \"china\"\ntable = true\ntoken-command = \"no-such-program-at-all canary\"\n[profiles.a]\ncloud = \"usgov-l5\"\n",
    );
    let asked = |arguments: &[&str]| {
        let run = with(&folder, &[&["get", "1", "--dry-run"], arguments].concat());
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        let host = run.stdout.lines().find_map(|line| line.strip_prefix("Host: "));
        host.map(|host| host.trim().to_owned()).expect("a host")
    };
    assert_eq!(asked(&[]), "microsoftgraph.chinacloudapi.cn");
    assert_eq!(asked(&["--profile", "a"]), "dod-graph.microsoft.us");
    assert_eq!(asked(&["--profile", "a", "--cloud", "global"]), "graph.microsoft.com");
    let run = with(&folder, &["get", "1"]);
    assert!(
        run.stderr.contains("no-such-program-at-all cannot be run"),
        "the file has a say: {}",
        run.stderr
    );
    let run = with(&folder, &["get", "1", "--token-file", "no/such/file", "--json"]);
    assert!(run.stderr.contains("the token file no/such/file cannot be read"), "{}", run.stderr);
    assert!(!run.stderr.contains("canary"), "{}", run.stderr);
}

#[test]
fn show_says_where_each_value_is_from_and_no_secret() {
    let folder = folder(
        "config-show",
        "retries = 1\nprofile = \"a\"\n[profiles.a]\ncloud = \"usgov-l4\"\ntoken-command = \"vault canary\"\n",
    );
    let mut command = tool(["config", "show", "--ca", "x.pem", "--config"]);
    command.arg(folder.join("config.toml")).env("AZURE_CLIENT_SECRET", "canary").env("HTTPS_PROXY", "canary");
    let run = finish(command);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    for line in [
        "cloud = \"usgov-l4\"                       # line 4, of the profile",
        "retries = \"1\"                            # line 1",
        "ca = \"x.pem\"                             # the command line",
        "connect-timeout = \"20\"                   # the default",
        "token-command = \"vault ...\"              # line 5, of the profile",
        "# set in the environment: AZURE_CLIENT_SECRET, HTTPS_PROXY",
    ] {
        assert!(run.stdout.lines().any(|shown| shown == line), "{line}: {}", run.stdout);
    }
    assert!(
        run.stdout.lines().next().is_some_and(|line| line.ends_with("config.toml, profile a")),
        "{}",
        run.stdout
    );
    assert!(!run.stdout.contains("canary"), "{}", run.stdout);
    // What is shown is a file that says the same.
    let again = crate::config::folder("config-again", &run.stdout.replace("vault ...", "vault"));
    let shown = with(&again, &["config", "show"]).stdout;
    let values = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let mut values: Vec<String> =
            lines.filter_map(|line| Some(line.split_once('#')?.0.trim().to_owned())).collect();
        values.sort();
        values
    };
    let beside =
        |text: &str| text.replace(&format!("{}/", again.display()), "").replace("vault ...", "vault");
    assert_eq!(values(&beside(&shown)), values(&beside(&run.stdout)));
    assert!(finish(tool(["config", "show"])).stdout.starts_with("# no configuration file\n"));
}

#[test]
fn what_is_wrong_with_a_file_is_said_with_its_name_and_line() {
    for (text, arguments, says) in [
        ("retries = 1\nclowd = \"global\"", &["get", "1"][..], "line 2: there is no option clowd"),
        ("config = \"x\"", &["get", "1"], "there is no option config"),
        ("retries =", &["get", "1"], "line 1: "),
        ("retries = 99", &["get", "1"], "99 is not in 0..=10"),
        ("cloud = \"mars\"", &["get", "1"], "invalid value 'mars' for '--cloud <CLOUD>'"),
        ("token-file = \"a\"\ncertificate = \"b\"", &["get", "1"], "cannot stand beside"),
        ("[profiles.a]", &["--profile", "b", "get", "1"], "there is no profile b; there is a"),
    ] {
        let folder = folder("config-wrong", text);
        let run = with(&folder, arguments);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{text}: {}", run.stderr);
        assert!(run.stderr.contains(says) && run.stderr.contains("config.toml: "), "{text}: {}", run.stderr);
    }
    let missing = finish(tool(["get", "1", "--config", "no/such/file"]));
    assert_eq!(
        (missing.code, missing.stderr.as_str()),
        (Some(2), "error: cannot read no/such/file: no such file\n")
    );
    #[cfg(target_os = "linux")]
    for option in ["--config", "--ca"] {
        let endless =
            finish(tool(["whoami", "--token-command", "no-such-program-at-all", option, "/dev/zero"]));
        assert_eq!(endless.code, Some(2), "{}", endless.stderr);
        assert!(endless.stderr.contains("larger than 4 MiB"), "{}", endless.stderr);
    }
    // What is asked for and is nowhere is not passed over.
    let nowhere = finish(tool(["get", "1", "--dry-run", "--profile", "a"]));
    assert_eq!(
        (nowhere.code, nowhere.stderr.as_str()),
        (Some(2), "error: the profile a is in no file: --config names one\n")
    );
    // A danger has to be named as such.
    let folder = folder("config-danger", "host = \"localhost:1\"");
    let mut command = tool(["get", "1", "--config"]);
    command.arg(folder.join("config.toml")).env("GRAPH_CALL_TOKEN", "canary");
    let run = finish(command);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("danger-trust-host"), "{}", run.stderr);
}

#[test]
fn what_another_command_has_is_passed_over() {
    let folder = folder("config-other", "interval = 2\ncloud = \"china\"\nport = 1\n");
    let run = with(&folder, &["parse", "-"]);
    assert!(run.stderr.contains("the file is empty"), "{}", run.stderr);
}
