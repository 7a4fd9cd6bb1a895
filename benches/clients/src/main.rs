//! Measures graph-call's clients beside others on this machine.
//!
//! ```text
//! clients               print all tables
//! clients write FILE    print them and put them into FILE
//! clients check         every client gets the call, and all decode the same; nothing is timed
//! ```

use std::path::Path;
use std::process::ExitCode;

use bench_clients::contender::{Decoded, OwnedCall};
use bench_clients::server::{self, Server};
use bench_clients::site::{COLD, Site, WARM};
use bench_clients::{contenders, counted, report, table, watches};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let input = || Site::read(&mut std::io::stdin());
    let done = match arguments.as_slice() {
        [] => tables(None),
        ["write", file] => tables(Some(Path::new(file))),
        ["check"] => check(),
        ["serve"] => server::serve(),
        ["one", name, answering, gets] => input().and_then(|site| counted::one(&site, name, answering, gets)),
        ["watches", name, count] => input().and_then(|site| watches::watch(&site, name, count)),
        _ => Err("usage: clients [write FILE | check]".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
    }
}

fn tables(file: Option<&Path>) -> Result<(), String> {
    check()?;
    let server = Server::start()?;
    for (name, content) in report::all(&server.site)? {
        println!("{content}\n");
        if let Some(file) = file {
            table::put(file, name, &content)?;
        }
    }
    Ok(())
}

/// Every client gets the call three times on a connection that stays and on connections that do not, by several tasks where
/// it serves several.
fn check() -> Result<(), String> {
    let server = Server::start()?;
    let call: OwnedCall = serde_json::from_str(&server::content()).map_err(|e| e.to_string())?;
    let expected = Decoded::of(&call);
    for (name, make) in contenders::ALL {
        for answering in [WARM, COLD] {
            let failed = |reason: String| format!("{name}, {}: {reason}", answering.name);
            let mut contender = make(&server.site, answering).map_err(failed)?;
            for _ in 0..3 {
                let decoded = contender.decoded().map_err(failed)?;
                if decoded != expected {
                    return Err(failed(format!("it has {decoded:?}, and the document {expected:?}")));
                }
            }
            contender.tasks(8, 2).map_err(failed)?;
        }
        println!("{name}: {} is {}, {} values", expected.id, expected.state, expected.digest.members);
    }
    Ok(())
}
