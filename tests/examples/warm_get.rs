//! Times warm gets of the default client over loopback.
//!
//! - `serve FILE` answers until its standard input ends; it writes its address and its CA to `FILE`.
//! - `get FILE COUNT` asks so often over one connection: under callgrind, two counts give the
//!   instructions of one get.
//! - `latency` does both in one process, and prints the median of a warm get, and what the client adds to
//!   an answer that is delayed.

use graph_call_std::Client;
use graph_call_std::credential::FixedToken;
use graph_call_std::service::P2P_CALL;
use graph_call_std::tls::{Roots, Trust};
use graph_call_tests::net::tls_peer::{Talk, TlsPeer, answer};
use std::error::Error;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["serve", file] => {
            let peer = TlsPeer::start(|talk| serve(talk, &AtomicU64::new(0)))?;
            std::fs::write(file, format!("{}\n{}", peer.address(), peer.ca_pem()))?;
            io::copy(&mut io::stdin(), &mut io::sink())?;
            Ok(())
        }
        ["get", file, count] => {
            let text = std::fs::read_to_string(file)?;
            let (address, ca) = text.split_once('\n').ok_or("no address")?;
            let client = client(address, ca)?;
            for _ in 0..count.parse()? {
                client.get_call(P2P_CALL)?;
            }
            Ok(())
        }
        ["latency"] => latency(),
        _ => Err("serve FILE, get FILE COUNT, or latency".into()),
    }
}

fn client(address: &str, ca: &str) -> Outcome<Client> {
    let token = FixedToken::new("eyJ0eXAiOiJKV1QifQ.".to_owned() + &"a".repeat(1500))?;
    let trust = Trust::new(Roots::Only, ca.as_bytes())?;
    Ok(Client::builder().credential(token).trust(trust).connect_to(address).build()?)
}

/// Answers every request after so many microseconds.
fn serve(mut talk: Talk, delay: &AtomicU64) -> io::Result<()> {
    while talk.request()? {
        match delay.load(Relaxed) {
            0 => {}
            micros => std::thread::sleep(Duration::from_micros(micros)),
        }
        let records = talk.records(&answer(P2P_CALL, 2000))?;
        talk.send(&records)?;
    }
    Ok(())
}

fn latency() -> Outcome {
    let delay = Arc::new(AtomicU64::new(0));
    let ordered = Arc::clone(&delay);
    let peer = TlsPeer::start(move |talk| serve(talk, &ordered))?;
    let client = client(&peer.address().to_string(), peer.ca_pem())?;
    for (micros, rounds) in [(0, 2000), (300, 500), (3000, 100), (30_000, 20)] {
        delay.store(micros, Relaxed);
        client.get_call(P2P_CALL)?;
        let mut spans = Vec::new();
        let mut slept = Vec::new();
        for _ in 0..rounds {
            let began = Instant::now();
            client.get_call(P2P_CALL)?;
            spans.push(began.elapsed());
            let began = Instant::now();
            if micros > 0 {
                std::thread::sleep(Duration::from_micros(micros));
            }
            slept.push(began.elapsed());
        }
        let mean = spans.iter().sum::<Duration>() / u32::try_from(rounds)?;
        spans.sort_unstable();
        slept.sort_unstable();
        let (get, sleep) = (spans[rounds / 2], slept[rounds / 2]);
        println!(
            "answer after {micros} us: a get takes {get:?} (mean {mean:?}), a sleep of that length {sleep:?}"
        );
    }
    Ok(())
}
