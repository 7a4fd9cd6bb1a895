//! TLS for devices before the hostile peer of the tests: every row of its table, by both sessions, under the core's loops.
//!
//! Each row has its one outcome, the next reading works, no peer sees a byte of a secret before it has proved who it is, and the
//! heap is as it was. The library starts once in a process and belongs to one thread, so all of this is one test.

mod hostile {
    pub(crate) mod device;
    pub(crate) mod socket;
}

use std::io::Read as _;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use embedded_io::Write as _;
use graph_call::job::Policy;
use graph_call_std::ErrorKind;
use graph_call_std::service::CertificateKind;
use graph_call_tests::hostile::{Behaviour, HostilePeer, Outcome, Version, good, meet, table};
use graph_call_tls::{Roots, Sources, Tls};

use crate::hostile::device::{Program, Waiting, World, awaited};
use crate::hostile::socket::{Network, Sent};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

/// The heap of a device that reaches Graph's hosts.
const HEAP_LENGTH: usize = 56 * 1024;

/// What nobody may see.
const CANARY: &str = "canary0123456789";

/// Content that may be sent before the proof: the Finished of TLS 1.3 and an alert, by no means a request.
const BEFORE_PROOF_MAX: usize = 128;

/// No row takes so long, on a busy machine neither.
const ROW_MAX: Duration = Duration::from_secs(90);

/// An access token longer than all that a handshake has to say.
pub(crate) fn token() -> String {
    format!("eyJ0eXAiOiJKV1QifQ.e30.{}{CANARY}", "x".repeat(1000))
}

fn unix_seconds() -> Option<u64> {
    Some(SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs())
}

fn random(output: &mut [u8]) -> bool {
    std::fs::File::open("/dev/urandom").is_ok_and(|mut source| source.read_exact(output).is_ok())
}

/// One attempt, so that what came of it is told.
const ONCE: Policy = Policy { attempts: 1, ..Policy::DEFAULT };

/// The same where silence is what is tried.
const SHORT: Policy = Policy { connect: 500, first_byte: 500, answer: 500, ..ONCE };

/// The two sessions, and a program that uses one as many do.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Waiting,
    Awaited,
    Careless,
}

impl Kind {
    fn program(self, world: World<'_>) -> Program<'_> {
        Program::new(
            match self {
                Self::Waiting => Box::new(Waiting::new(world, false)),
                Self::Awaited => Box::new(awaited(world)),
                Self::Careless => Box::new(Waiting::new(world, true)),
            },
            ONCE,
        )
    }
}

#[test]
fn every_row_of_the_hostile_peer() -> Result {
    let sources = Sources { random, unix_seconds };
    let tls = Tls::start(Box::leak(vec![0; HEAP_LENGTH].into_boxed_slice()), sources)?;
    let watched = Watched::start();
    let mut wrong = Vec::new();
    for version in Version::ALL {
        for kind in [Kind::Waiting, Kind::Awaited] {
            let (began, mut count) = (Instant::now(), 0);
            for behaviour in table().iter().filter(|behaviour| behaviour.on_a_device(version).is_some()) {
                let name = format!("{}, {version:?}, {kind:?}", behaviour.name);
                watched.begin(&name);
                count += 1;
                if let Err(error) = as_before(tls, || row(tls, kind, version, behaviour)) {
                    wrong.push(format!("{name}: {error}"));
                }
            }
            println!("{count} rows, {version:?}, {kind:?}: {:.1} s", began.elapsed().as_secs_f32());
            watched.begin("impostors");
            impostors(tls, kind, version)?;
        }
    }
    println!("heap: {:?}", tls.heap());
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
    watched.begin("controls");
    what_is_careless_does_not_pass(tls)?;
    what_is_sent_too_early_is_seen(tls)?;
    what_is_left_on_the_heap_is_seen(tls)
}

/// Does what meets the behaviour, and one reading more; says what is wrong.
fn row(tls: Tls, kind: Kind, version: Version, behaviour: &'static Behaviour) -> Result {
    let outcome = behaviour.on_a_device(version).ok_or("no outcome")?;
    let peer = HostilePeer::start(version)?;
    with(tls, &peer, |world| {
        let mut program = kind.program(world);
        if outcome == Outcome::Timeout {
            program.policy = SHORT;
        }
        let (came, error) = meet(&peer, behaviour, &mut || program.get())?;
        if came != outcome {
            return Err(format!("{came:?} ({error:?}), not {outcome:?}").into());
        }
        if peer.waiting() > 0 {
            return Err("it was not met".into());
        }
        let is_refused = matches!(outcome, Outcome::Cut | Outcome::Tls | Outcome::Certificate);
        let first = world.network.sent().first().and_then(|sent| sent.before_proof);
        if behaviour.is_in_the_handshake() && is_refused && first.is_some() {
            return Err("a session was opened".into());
        }
        if error.is_some_and(|error| contains(format!("{error} {error:?}").as_bytes(), CANARY)) {
            return Err("the access token is shown".into());
        }
        program.policy = ONCE;
        Ok(good(&mut || program.get())?)
    })?;
    if peer.is_alone_soon() { Ok(()) } else { Err("a connection was left open".into()) }
}

/// Whether the heap is afterwards what it was before.
fn as_before(tls: Tls, work: impl FnOnce() -> Result) -> Result {
    let before = tls.heap().used;
    work()?;
    match tls.heap().used {
        after if after == before => Ok(()),
        after => Err(format!("the heap holds {after} bytes, and held {before}").into()),
    }
}

/// Does something with a device that trusts the peer's authority, and looks at all that it has sent.
fn with(tls: Tls, peer: &HostilePeer, work: impl FnOnce(World<'_>) -> Result) -> Result {
    let roots = Roots::new(tls, peer.ca_der())?;
    let network = Network::to(peer.address());
    work(World { tls, roots: &roots, network: &network })?;
    network.sent().iter().try_for_each(kept_secrets)
}

/// Whether nothing was sent in clear that is a secret, and none before the proof.
fn kept_secrets(sent: &Sent) -> Result {
    if contains(&sent.bytes, CANARY) {
        return Err("the access token is sent in clear".into());
    }
    let mut rest = &sent.bytes[..sent.before_proof.unwrap_or(sent.bytes.len())];
    let mut content = 0;
    while let [kind, _, _, high, low, after @ ..] = rest {
        let length = usize::from(u16::from_be_bytes([*high, *low])).min(after.len());
        content += if *kind == 23 { length } else { 0 };
        rest = &after[length..];
    }
    if content > BEFORE_PROOF_MAX {
        return Err(format!("{content} bytes of content are sent to somebody who has proved nothing").into());
    }
    Ok(())
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|bytes| bytes == text.as_bytes())
}

/// Whoever shows another certificate is refused, and sees nothing.
fn impostors(tls: Tls, kind: Kind, version: Version) -> Result {
    for certificate in CertificateKind::BAD {
        let peer = HostilePeer::with_certificate(version, certificate)?;
        as_before(tls, || {
            with(tls, &peer, |world| match kind.program(world).get() {
                Err(error) if error.kind() == ErrorKind::Certificate => Ok(()),
                other => Err(format!("{certificate:?}, {version:?}, {kind:?}: {other:?}").into()),
            })
        })?;
    }
    Ok(())
}

/// A program that uses TLS as many do fails the rows that are meant for it, and no others.
fn what_is_careless_does_not_pass(tls: Tls) -> Result {
    let passes = |name: &str| -> Result<bool> {
        let behaviour = Behaviour::named(name).ok_or("no such behaviour")?;
        Ok(row(tls, Kind::Careless, Version::Tls13, behaviour).is_ok())
    };
    for name in ["answer", "answer-byte-by-byte", "end-before-the-answer", "close-notify-ends-the-content"] {
        assert!(passes(name)?, "{name}");
    }
    for name in [
        "answer-before-the-request",
        "close-notify-in-clear",
        "end-of-the-content-by-nobody",
        "idle-second-answer",
        "second-answer-in-half-a-record",
        "wrong-tag",
    ] {
        assert!(!passes(name)?, "{name}");
    }
    Ok(())
}

/// A token in clear, and one in records that nobody's proof has come before.
fn what_is_sent_too_early_is_seen(tls: Tls) -> Result {
    let peer = HostilePeer::start(Version::Tls13)?;
    let sending = |bytes: &[u8]| {
        with(tls, &peer, |world| {
            let mut socket = world.network.open().map_err(|error| error.to_string())?;
            Ok(socket.write_all(bytes).map_err(|error| error.to_string())?)
        })
    };
    assert!(sending(b"\x16\x03\x01\x00\x01\x01").is_ok());
    assert!(sending(token().as_bytes()).is_err());
    assert!(sending(&[&[23, 3, 3, 4, 0][..], &[0x5a; 1024]].concat()).is_err());
    Ok(())
}

fn what_is_left_on_the_heap_is_seen(tls: Tls) -> Result {
    let peer = HostilePeer::start(Version::Tls13)?;
    let leak = || {
        core::mem::forget(Roots::new(tls, peer.ca_der())?);
        Ok(())
    };
    assert!(as_before(tls, leak).is_err());
    Ok(())
}

/// Ends the process where something does not end: a loop of the library's knows no deadline.
struct Watched(&'static Mutex<(String, Instant)>);

impl Watched {
    fn start() -> Self {
        let now: &'static _ = Box::leak(Box::new(Mutex::new((String::new(), Instant::now()))));
        thread::spawn(|| {
            loop {
                thread::sleep(Duration::from_secs(1));
                let (name, began) = &*now.lock().unwrap_or_else(PoisonError::into_inner);
                if began.elapsed() > ROW_MAX {
                    eprintln!("{name} does not end");
                    std::process::exit(1);
                }
            }
        });
        Self(now)
    }

    fn begin(&self, name: &str) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = (name.to_owned(), Instant::now());
    }
}
