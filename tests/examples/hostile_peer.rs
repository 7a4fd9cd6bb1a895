//! Runs the hostile TLS peer, for clients that are no part of these tests.
//!
//! - without arguments: every behaviour by name, and what a client has to make of it; where a device rightly makes
//!   something else of it, that, and why
//! - `VERSION NAME FILE [SECONDS]`: each connection, or each request, meets that behaviour, for so many seconds (60). The
//!   address and the certificate to trust are written to `FILE`. `VERSION` is 1.2 or 1.3.

use graph_call_tests::hostile::{Behaviour, HostilePeer, Version, table};
use std::error::Error;
use std::thread;
use std::time::{Duration, Instant};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => {
            for behaviour in table() {
                let shown = |outcome| match outcome {
                    Some(outcome) => format!("{outcome:?}"),
                    None => "-".to_owned(),
                };
                let [old, new] = Version::ALL.map(|version| shown(behaviour.outcome(version)));
                println!("{:45} {old:12} {new}", behaviour.name);
                if let Some(device) = behaviour.device {
                    let [old, new] = [device.tls12, device.tls13].map(shown);
                    println!("{:>45} {old:12} {new:12} {}", "on a device", device.why);
                }
            }
            Ok(())
        }
        [version, name, file] => run(version, name, file, 60),
        [version, name, file, seconds] => run(version, name, file, seconds.parse()?),
        _ => Err("VERSION NAME FILE [SECONDS], or nothing for a list".into()),
    }
}

fn run(version: &str, name: &str, file: &str, seconds: u64) -> Result<(), Box<dyn Error>> {
    let version = match version {
        "1.2" => Version::Tls12,
        "1.3" => Version::Tls13,
        _ => return Err("the version is 1.2 or 1.3".into()),
    };
    let behaviour = Behaviour::named(name).ok_or("there is no such behaviour")?;
    let peer = HostilePeer::start(version)?;
    std::fs::write(file, format!("{}\n{}", peer.address(), peer.ca_pem()))?;
    println!("{} does {name}", peer.address());
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(seconds) {
        // One waits at any time.
        if peer.waiting() == 0 {
            peer.order(behaviour);
        }
        thread::sleep(Duration::from_millis(1));
    }
    Ok(())
}
