//! The system fails: each of its calls in turn, in each way it can, under both default clients. Every reading ends by the call or
//! by one named error, the next one works, nothing is left behind, and no output shows the token.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

#[path = "system/calls.rs"]
mod calls;

use calls::{Call, Fault, LATENESS, Plan, names, set_clock_right, under};
use core::net::IpAddr;
use core::time::Duration;
use embedded_nal::{AddrType, Dns, nb};
use graph_call_std::credential::FixedToken;
use graph_call_std::service::{P2P_CALL, Service};
use graph_call_std::{ClientBuilder, Error, ErrorKind, Event, Phase, Stack, Timeouts};
use graph_call_tests::fetch;
use graph_call_tests::held::Held;
use std::fs::File;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;
/// A part of the one test, by its name.
type Part = (&'static str, fn() -> Result);

/// What no output may show.
const CANARY: &str = "eyJ0eXAiOiJKV1QifQ.e30.canary0123456789";

/// One after the other in one thread: what a process holds can only be told when no other test begins or ends.
#[test]
fn the_system_fails_at_each_call() -> Result {
    let parts: [Part; 9] = [
        ("each_call_of_a_socket_fails_in_each_way", each_call_of_a_socket_fails_in_each_way),
        ("what_is_held_is_seen", what_is_held_is_seen),
        ("what_is_no_failure_is_none", what_is_no_failure_is_none),
        ("an_end_at_each_read_is_a_cut", an_end_at_each_read_is_a_cut),
        ("random_numbers_fail", random_numbers_fail),
        ("names_lie", names_lie),
        ("each_name_has_its_own_answer_and_one_thread", each_name_has_its_own_answer_and_one_thread),
        (
            "a_lookup_without_a_thread_is_an_error_and_the_next_one_works",
            a_lookup_without_a_thread_is_an_error_and_the_next_one_works,
        ),
        ("the_clock_jumps", the_clock_jumps),
    ];
    for (name, part) in parts {
        println!("{name}");
        part().map_err(|error| format!("{name}: {error}"))?;
    }
    Ok(())
}

/// Deadlines that are met by nothing but silence.
const TIMEOUTS: Timeouts = Timeouts {
    connect: Duration::from_secs(15),
    send: Duration::from_secs(15),
    first_byte: Duration::from_secs(15),
    answer: Duration::from_secs(15),
    whole: Duration::from_secs(30),
};

/// No fault.
const NOTHING: Plan = Plan { calls: &[], at: 0, fault: Fault::End };

/// Both default clients.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    Blocking,
    Awaited,
}

const KINDS: [Kind; 2] = [Kind::Blocking, Kind::Awaited];

/// A service, and what its clients say.
struct Scene {
    service: Service,
    said: Arc<Mutex<String>>,
}

impl Scene {
    fn new() -> Result<Self> {
        let service = Service::builder().accept_access_token(CANARY).start()?;
        Ok(Self { service, said: Arc::default() })
    }

    fn builder(&self, place: &str) -> std::result::Result<ClientBuilder, Error> {
        let said = Arc::clone(&self.said);
        Ok(fetch::of(&self.service)?
            .credential(FixedToken::new(CANARY)?)
            .connect_to(format!("{place}:{}", self.service.address().port()))
            .timeouts(TIMEOUTS)
            .tell_heads()
            .on_event(move |event: &Event<'_>| say(&said, event)))
    }

    /// A new client's reading under a plan, and the next one without; tells whether the fault came.
    fn run(&self, kind: Kind, place: &str, plan: Plan) -> Result<(std::result::Result<(), Error>, bool)> {
        let (met, next) = match kind {
            Kind::Blocking => {
                let client = self.builder(place)?.build()?;
                let get = || client.get_call(P2P_CALL).map(drop);
                (under(plan, get), get())
            }
            Kind::Awaited => {
                let client = self.builder(place)?.build_async()?;
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
                let get = || runtime.block_on(client.get_call(P2P_CALL)).map(drop);
                (under(plan, get), get())
            }
        };
        set_clock_right();
        if let Err(error) = &met.0 {
            say(&self.said, error);
            say(&self.said, &error.to_string());
        }
        next.map_err(|error| format!("{kind:?}, {plan:?}: the next reading: {error:?}"))?;
        Ok(met)
    }

    fn assert_nothing_is_shown(&self) {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        assert!(said.contains("Secured"), "nothing was said at all");
        assert!(!said.contains("canary"), "the token is shown");
    }
}

fn say(said: &Mutex<String>, what: &dyn core::fmt::Debug) {
    said.lock().unwrap_or_else(PoisonError::into_inner).push_str(&format!("{what:?} {what:#?}\n"));
}

/// As many files and threads as before, and no more.
fn assert_held(before: Held) -> Result {
    let after = Held::in_the_end(before)?;
    assert!(
        after.descriptors <= before.descriptors && after.threads <= before.threads,
        "{before:?}, then {after:?}"
    );
    Ok(())
}

/// The fault at the first call, at the second, and so on, until there is no such call.
fn at_each(
    scene: &Scene,
    kind: Kind,
    calls: &'static [Call],
    fault: Fault,
    check: impl Fn(Kind, Plan, &std::result::Result<(), Error>),
) -> Result<usize> {
    for at in 0..2000 {
        let plan = Plan { calls, at, fault };
        let (met, came) = scene.run(kind, "127.0.0.1", plan)?;
        if !came {
            met.map_err(|error| format!("{kind:?}: without a fault: {error:?}"))?;
            return Ok(at);
        }
        check(kind, plan, &met);
    }
    Err("calls without end".into())
}

const SOCKETS: &[Call] = &[Call::Socket, Call::Connect, Call::Option, Call::Send, Call::Receive];

fn each_call_of_a_socket_fails_in_each_way() -> Result {
    let scene = Scene::new()?;
    // What is made once in a process is made now.
    scene.run(Kind::Blocking, "127.0.0.1", NOTHING)?.0?;
    let before = Held::now()?;
    for kind in KINDS {
        for errno in [
            libc::ECONNRESET,
            libc::ECONNREFUSED,
            libc::EPIPE,
            libc::ETIMEDOUT,
            libc::ENETUNREACH,
            libc::EMFILE,
            libc::ENOBUFS,
            libc::ENOMEM,
            libc::EIO,
            libc::EBADF,
            libc::EACCES,
        ] {
            let failed = AtomicUsize::new(0);
            let count = at_each(&scene, kind, SOCKETS, Fault::Errno(errno), |kind, plan, met| {
                let Err(error) = met else { return };
                failed.fetch_add(1, SeqCst);
                let is_named = matches!(
                    error.kind(),
                    ErrorKind::Cut | ErrorKind::Refused | ErrorKind::Stack | ErrorKind::Timeout
                );
                assert!(is_named, "{kind:?}, {plan:?}: {error:?}");
            })?;
            // Most of them matter; an option that cannot be set does not.
            let failed = failed.into_inner();
            assert!(count > 8 && failed > count / 2, "{kind:?}, {errno}: {failed} of {count} calls failed");
        }
    }
    scene.assert_nothing_is_shown();
    assert_held(before)
}

fn what_is_held_is_seen() -> Result {
    let before = Held::now()?;
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let thread = std::thread::spawn(move || wait.recv().is_err());
    let file = File::open("/proc/self/statm")?;
    let with = Held::now()?;
    assert_eq!((with.descriptors, with.threads), (before.descriptors + 1, before.threads + 1));
    drop((file, go));
    thread.join().map_err(|_| "panicked")?;
    assert_held(before)
}

fn what_is_no_failure_is_none() -> Result {
    let scene = Scene::new()?;
    let is_read = |kind: Kind, plan: Plan, met: &std::result::Result<(), Error>| {
        assert!(met.is_ok(), "{kind:?}, {plan:?}: {met:?}");
    };
    // tokio is told by the system when there is something to do, and trusts it: only the other one can be lied to.
    at_each(&scene, Kind::Blocking, &[Call::Send, Call::Receive], Fault::Errno(libc::EAGAIN), is_read)?;
    at_each(&scene, Kind::Blocking, &[Call::Send, Call::Receive], Fault::Short, is_read)?;
    for kind in KINDS {
        at_each(&scene, kind, &[Call::Send, Call::Receive], Fault::Errno(libc::EINTR), is_read)?;
    }
    scene.assert_nothing_is_shown();
    Ok(())
}

fn an_end_at_each_read_is_a_cut() -> Result {
    let scene = Scene::new()?;
    for kind in KINDS {
        at_each(&scene, kind, &[Call::Receive], Fault::End, |kind, plan, met| match met {
            // Whether anything was said before the request was looked at, and a request found the connection alive.
            Ok(()) => {}
            Err(error) => assert_eq!(error.kind(), ErrorKind::Cut, "{kind:?}, {plan:?}: {error:?}"),
        })?;
    }
    scene.assert_nothing_is_shown();
    Ok(())
}

fn random_numbers_fail() -> Result {
    let scene = Scene::new()?;
    for kind in KINDS {
        let count = at_each(&scene, kind, &[Call::Random], Fault::Errno(libc::EIO), |kind, plan, met| {
            if let Err(error) = met {
                assert!(
                    matches!(error.kind(), ErrorKind::Tls | ErrorKind::Usage),
                    "{kind:?}, {plan:?}: {error:?}"
                );
            }
        })?;
        assert!(count > 0, "{kind:?}: no random number was asked for");
    }
    scene.assert_nothing_is_shown();
    Ok(())
}

fn names_lie() -> Result {
    let scene = Scene::new()?;
    let before = Held::now()?;
    for kind in KINDS {
        for (name, errors) in [
            (names::UNKNOWN, &[ErrorKind::NotResolved][..]),
            (names::AGAIN, &[ErrorKind::NotResolved]),
            (names::EMPTY, &[ErrorKind::NotResolved]),
            (names::OTHER_FAMILY, &[ErrorKind::Refused]),
        ] {
            let (client, met) = reading(&scene, kind, name, NOTHING)?;
            let error = met.err().ok_or_else(|| format!("{kind:?}, {name}: read"))?;
            assert!(errors.contains(&error.kind()), "{kind:?}, {name}: {error:?}");
            drop(client);
        }
        let began = Instant::now();
        reading(&scene, kind, names::LATE, NOTHING)?.1?;
        assert!(began.elapsed() >= LATENESS, "{kind:?}");
        // One address where nobody listens, then the right one: each reading asks anew.
        let (client, first) = reading(&scene, kind, names::CHANGING, NOTHING)?;
        let error = first.err().ok_or("nobody listens there")?;
        assert_eq!(error.kind(), ErrorKind::Refused, "{kind:?}: {error:?}");
        client()?;
    }
    assert_held(before)
}

/// Several names in any order on one stack, each waited for as long as it takes, or for a while, or not at all: what was given up
/// before is no answer to another name, and whoever asks again asks no thread anew.
fn each_name_has_its_own_answer_and_one_thread() -> Result {
    const NAMES: u8 = 5;
    let before = Held::now()?;
    let mut stack = Stack::new();
    let (mut answers, mut given_up, mut threads) = (0, 0, 0);
    let mut chance: u32 = 1;
    for _ in 0..400 {
        // The generator of the C standard's example.
        chance = chance.wrapping_mul(1_103_515_245).wrapping_add(12_345);
        let number = 1 + (chance >> 16) as u8 % NAMES;
        let patience = Duration::from_millis([0, 0, 1, 15, 500][(chance >> 24) as usize % 5]);
        let name = names::slow(number);
        let began = Instant::now();
        let found = loop {
            match stack.get_host_by_name(&name, AddrType::IPv4) {
                Ok(address) => break Some(address),
                Err(nb::Error::WouldBlock) if began.elapsed() < patience => {
                    stack.wait(patience.saturating_sub(began.elapsed()));
                }
                Err(nb::Error::WouldBlock) => break None,
                Err(nb::Error::Other(error)) => return Err(error.into()),
            }
        };
        match found {
            Some(address) => {
                assert_eq!(address, IpAddr::from([127, 0, 0, number]), "the answer to another name");
                answers += 1;
            }
            None => given_up += 1,
        }
        threads = threads.max(Held::now()?.threads.saturating_sub(before.threads));
    }
    assert!(answers > 50 && given_up > 50, "{answers} answers, {given_up} given up");
    assert!((2..=usize::from(NAMES)).contains(&threads), "{threads} threads for {NAMES} names");
    assert_held(before)
}

/// A reading of a new client, and what does another one.
#[expect(clippy::type_complexity, reason = "a reading that is named once")]
fn reading(
    scene: &Scene,
    kind: Kind,
    place: &str,
    plan: Plan,
) -> Result<(Box<dyn Fn() -> std::result::Result<(), Error>>, std::result::Result<(), Error>)> {
    let get: Box<dyn Fn() -> std::result::Result<(), Error>> = match kind {
        Kind::Blocking => {
            let client = scene.builder(place)?.build()?;
            Box::new(move || client.get_call(P2P_CALL).map(drop))
        }
        Kind::Awaited => {
            let client = scene.builder(place)?.build_async()?;
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            Box::new(move || runtime.block_on(client.get_call(P2P_CALL)).map(drop))
        }
    };
    let (met, _) = under(plan, &get);
    Ok((get, met))
}

fn a_lookup_without_a_thread_is_an_error_and_the_next_one_works() -> Result {
    let scene = Scene::new()?;
    for kind in KINDS {
        let plan = Plan { calls: &[Call::Thread], at: 0, fault: Fault::Errno(libc::EAGAIN) };
        let (get, met) = reading(&scene, kind, "localhost", plan)?;
        let error = met.err().ok_or("looked up without a thread")?;
        assert_eq!((error.kind(), error.phase()), (ErrorKind::Stack, Phase::Resolve), "{kind:?}: {error:?}");
        get()?;
    }
    Ok(())
}

/// Ten years.
const HUGE: i64 = 10 * 365 * 86400;

fn the_clock_jumps() -> Result {
    let scene = Scene::new()?;
    for kind in KINDS {
        // tokio takes the system at its word that time does not go back; a clock of one's own may.
        for seconds in
            if kind == Kind::Blocking { &[3600, HUGE, -3600][..] } else { &[3600, HUGE] }.iter().copied()
        {
            at_each(&scene, kind, &[Call::Time], Fault::Jump(seconds), |kind, plan, met| match met {
                Ok(()) => {}
                Err(error) => {
                    // An hour passes in a moment: a certificate of today is still one of today.
                    assert_eq!(error.kind(), ErrorKind::Timeout, "{kind:?}, {plan:?}: {error:?}");
                    assert!(seconds > 0, "{kind:?}, {plan:?}: {error:?}");
                }
            })?;
        }
    }
    scene.assert_nothing_is_shown();
    Ok(())
}
