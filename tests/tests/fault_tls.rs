//! The hostile TLS peer: each of its behaviours has its one outcome, whatever carries the client, and nothing is lost by it:
//! the next reading of the same client works.

use core::time::Duration;
use embedded_io::{ErrorType, Read, Write};
use graph_call::CallState;
use graph_call_std::credential::FixedToken;
use graph_call_std::service::P2P_CALL;
use graph_call_std::tls::{Roots, Session, Trust};
use graph_call_std::{ClientBuilder, Error, ErrorKind, Event, Phase, Timeouts};
use graph_call_tests::fetch::{self, side_by_side};
use graph_call_tests::hostile::{Behaviour, Device, Get, HostilePeer, Outcome, Version, good, meet, table};
use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::{Arc, Mutex, PoisonError};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

/// What no output may show.
const CANARY: &str = "canary0123456789";

/// Long enough for a machine that does something else beside, and short where silence is what is tried.
fn timeouts(outcome: Outcome) -> Timeouts {
    let short = Duration::from_millis(700);
    match outcome {
        Outcome::Timeout => Timeouts { connect: short, first_byte: short, answer: short, ..fetch::PATIENT },
        _ => fetch::PATIENT,
    }
}

/// Everything that a client says: its events, and its errors.
#[derive(Clone, Default)]
struct Said(Arc<Mutex<String>>);

impl Said {
    fn add(&self, what: &dyn core::fmt::Debug) {
        let mut said = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        said.push_str(&format!("{what:?} {what:#?}"));
    }

    fn take(&self) -> String {
        core::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn builder(peer: &HostilePeer, outcome: Outcome, said: &Said) -> std::result::Result<ClientBuilder, Error> {
    let said = said.clone();
    let credential = FixedToken::new(format!("eyJ0eXAiOiJKV1QifQ.e30.{CANARY}"))?;
    Ok(fetch::at(peer.address(), peer.ca_pem())?
        .credential(credential)
        .timeouts(timeouts(outcome))
        .tell_heads()
        .on_event(move |event: &Event<'_>| said.add(event)))
}

/// Does what meets the behaviour, and one reading more; says what is wrong.
fn run(
    peer: &HostilePeer,
    behaviour: &'static Behaviour,
    outcome: Outcome,
    said: &Said,
    get: Get<'_>,
) -> Result {
    let (came, error) = meet(peer, behaviour, get)?;
    if let Some(error) = &error {
        said.add(error);
        said.add(&error.to_string());
    }
    if came != outcome {
        return Err(format!("{came:?} ({error:?}), not {outcome:?}").into());
    }
    good(get)?;
    if said.take().contains(CANARY) {
        return Err("the access token is shown".into());
    }
    Ok(())
}

/// Runs each row for which there is an outcome; all that is wrong is told together.
fn run_all(
    version: Version,
    one: impl Fn(&HostilePeer, &'static Behaviour, Outcome) -> Result + Sync,
) -> Result {
    let wrong = Mutex::new(Vec::new());
    side_by_side(4, |worker| {
        for behaviour in table().iter().skip(worker).step_by(4) {
            let Some(outcome) = behaviour.outcome(version) else { continue };
            let peer = HostilePeer::start(version)?;
            if let Err(error) = one(&peer, behaviour, outcome) {
                let mut wrong = wrong.lock().unwrap_or_else(PoisonError::into_inner);
                wrong.push(format!("{}: {error}", behaviour.name));
            }
        }
        Ok(())
    })?;
    let wrong = wrong.into_inner().unwrap_or_else(PoisonError::into_inner);
    assert!(wrong.is_empty(), "{version:?}:\n{}", wrong.join("\n"));
    Ok(())
}

fn blocking(version: Version) -> Result {
    run_all(version, |peer, behaviour, outcome| {
        let said = Said::default();
        let client = builder(peer, outcome, &said)?.build()?;
        let get = &mut || client.get_call(P2P_CALL).map(|fetched| state(&fetched.call));
        run(peer, behaviour, outcome, &said, get)
    })
}

fn awaited(version: Version) -> Result {
    run_all(version, |peer, behaviour, outcome| {
        let said = Said::default();
        let client = builder(peer, outcome, &said)?.build_async()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let get = &mut || runtime.block_on(client.get_call(P2P_CALL)).map(|fetched| state(&fetched.call));
        run(peer, behaviour, outcome, &said, get)
    })
}

fn state(call: &graph_call::HeapCall) -> Option<CallState> {
    call.state.get()
}

#[test]
fn every_behaviour_has_its_outcome_for_the_blocking_client_under_tls_1_2() -> Result {
    blocking(Version::Tls12)
}

#[test]
fn every_behaviour_has_its_outcome_for_the_blocking_client_under_tls_1_3() -> Result {
    blocking(Version::Tls13)
}

#[test]
fn every_behaviour_has_its_outcome_for_the_awaited_client_under_tls_1_2() -> Result {
    awaited(Version::Tls12)
}

#[test]
fn every_behaviour_has_its_outcome_for_the_awaited_client_under_tls_1_3() -> Result {
    awaited(Version::Tls13)
}

#[test]
fn every_behaviour_has_a_name_of_its_own_and_an_outcome() {
    for (index, behaviour) in table().iter().enumerate() {
        assert!(behaviour.tls12.is_some() || behaviour.tls13.is_some(), "{behaviour:?}");
        let first = table().iter().position(|other| other.name == behaviour.name);
        assert_eq!(first, Some(index), "{behaviour:?}");
        // What a device makes of a row is said where it is something else, and why.
        let is_said = |device: Device| {
            (device.tls12, device.tls13) != (behaviour.tls12, behaviour.tls13) && !device.why.is_empty()
        };
        assert!(behaviour.device.is_none_or(is_said), "{behaviour:?}");
    }
    let devices = table().iter().filter(|behaviour| behaviour.device.is_some()).count();
    let page = include_str!("../../docs/assurance.md");
    assert!(page.contains(&format!("{} behaviours of a hostile TLS peer", table().len())));
    assert!(page.contains(&format!("{devices} rows come to something else there")));
}

/// A client as many are written: what is behind an answer stays in its buffer, and any end is the end of the content.
struct Careless<'p> {
    peer: &'p HostilePeer,
    connection: Option<(Session, Socket)>,
    rest: Vec<u8>,
}

struct Socket(TcpStream);

impl ErrorType for Socket {
    type Error = Error;
}

fn failed(_: io::Error) -> Error {
    Error::new(ErrorKind::Cut, Phase::Receive, "failed")
}

impl Read for Socket {
    fn read(&mut self, output: &mut [u8]) -> std::result::Result<usize, Error> {
        self.0.read(output).map_err(failed)
    }
}

impl Write for Socket {
    fn write(&mut self, input: &[u8]) -> std::result::Result<usize, Error> {
        self.0.write(input).map_err(failed)
    }

    fn flush(&mut self) -> std::result::Result<(), Error> {
        self.0.flush().map_err(failed)
    }
}

impl Careless<'_> {
    fn get(&mut self) -> std::result::Result<Option<CallState>, Error> {
        if self.connection.is_none() {
            let tcp = TcpStream::connect(self.peer.address()).map_err(failed)?;
            let session =
                Trust::new(Roots::Only, self.peer.ca_pem().as_bytes())?.session("graph.microsoft.com")?;
            self.connection = Some((session, Socket(tcp)));
            self.rest.clear();
        }
        let Some((session, socket)) = &mut self.connection else { return Ok(None) };
        let mut tls = session.over(socket);
        let request = format!("GET /v1.0/communications/calls/{P2P_CALL} HTTP/1.1\r\nHost: a\r\n\r\n");
        let mut is_over = tls.write_all(request.as_bytes()).is_err();
        loop {
            let text = String::from_utf8_lossy(&self.rest).into_owned();
            if let Some((head, content)) = text.split_once("\r\n\r\n") {
                let length =
                    head.lines().find_map(|line| line.strip_prefix("Content-Length: ")?.parse().ok());
                if is_over || length.is_some_and(|length| content.len() >= length) {
                    let end = head.len() + 4 + length.unwrap_or(content.len()).min(content.len());
                    self.rest.drain(..end);
                    if is_over {
                        self.connection = None;
                    }
                    return Ok(if content.contains("established") {
                        Some(CallState::Established)
                    } else {
                        content.contains("terminated").then_some(CallState::Terminated)
                    });
                }
            }
            if is_over {
                self.connection = None;
                return Err(failed(io::ErrorKind::UnexpectedEof.into()));
            }
            let mut piece = [0; 4096];
            let count = tls.read(&mut piece).unwrap_or(0);
            is_over = count == 0;
            self.rest.extend_from_slice(&piece[..count]);
        }
    }
}

#[test]
fn a_careless_client_does_not_pass() -> Result {
    let passes = |name: &str| -> Result<bool> {
        let behaviour = Behaviour::named(name).ok_or("no such behaviour")?;
        let outcome = behaviour.outcome(Version::Tls13).ok_or("none under TLS 1.3")?;
        let peer = HostilePeer::start(Version::Tls13)?;
        let mut careless = Careless { peer: &peer, connection: None, rest: Vec::new() };
        Ok(run(&peer, behaviour, outcome, &Said::default(), &mut || careless.get()).is_ok())
    };
    for name in ["answer", "answer-byte-by-byte", "end-before-the-answer"] {
        assert!(passes(name)?, "{name}");
    }
    for name in [
        "answer-before-the-request",
        "close-notify-in-clear",
        "end-of-the-content-by-nobody",
        "idle-second-answer",
        "second-answer-in-half-a-record",
        "second-answer-in-the-record",
    ] {
        assert!(!passes(name)?, "{name}");
    }
    Ok(())
}
