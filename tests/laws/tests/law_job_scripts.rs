//! The laws of the job over all that hosts can do in two or three exchanges, and over a driver that lets go at any step.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{self, AssertUnwindSafe};

use graph_call::job::{Fault, Policy};
use graph_call_laws::laws::{Case, broken};
use graph_call_laws::world::{Body, Careless, Deed, Expiry, Place, Told, World};

/// What the service, or what stands before it, can do with one request: each kind, and each way that decides something.
fn graph_deeds() -> Vec<Deed> {
    let code = |status, code| Deed::Refuse(status, None, Body::Code(code), false);
    let mut deeds = vec![
        Deed::Call("established", false),
        Deed::Call("terminated", false),
        Deed::Call("hold", true),
        Deed::NoConnection(Fault::NotConnected),
        Deed::NoConnection(Fault::Certificate),
        Deed::NoConnection(Fault::Timeout),
        Deed::Stale,
        code(400, "BadRequest"),
        code(401, "InvalidAuthenticationToken"),
        code(403, "7503"),
        code(404, "8522"),
        code(404, "ResourceNotFound"),
        Deed::Refuse(404, None, Body::Page, false),
        Deed::Refuse(404, None, Body::Empty, false),
        Deed::Refuse(404, None, Body::Code("8522"), true),
        Deed::Refuse(429, Some("2.5"), Body::Code("TooManyRequests"), false),
        Deed::Refuse(429, Some("4294967295"), Body::Code("TooManyRequests"), false),
        code(500, "generalException"),
        Deed::Refuse(502, None, Body::Page, false),
        Deed::Refuse(503, Some("181"), Body::Empty, true),
        Deed::Claims(401),
        Deed::OtherId,
        Deed::OtherRequest,
        Deed::LeftOver,
        Deed::Unasked,
        Deed::LeftBytes("HTTP/1.1 2"),
        Deed::NoCall("{\"error\":{\"code\":\"9999\",\"message\":\"no\"}}"),
        Deed::NoCall("{\"id\":"),
        Deed::Page,
        Deed::Garbage,
        Deed::Drip(5_000),
    ];
    for in_content in [false, true] {
        deeds.push(Deed::Silent { in_content });
        deeds.extend([false, true].map(|is_reset| Deed::Broken { in_content, is_reset }));
    }
    deeds.extend(Place::ALL.map(|place| Deed::Quote(403, place)));
    deeds
}

/// The same of a token endpoint.
fn login_deeds() -> Vec<Deed> {
    let mut deeds = vec![
        Deed::Token(Expiry::Number(3_599), false),
        Deed::Token(Expiry::Number(0), true),
        Deed::Token(Expiry::Absent, false),
        Deed::NoConnection(Fault::NotResolved),
        Deed::Refuse(400, None, Body::Aadsts(7_000_215), false),
        Deed::Refuse(401, None, Body::Aadsts(7_000_215), true),
        Deed::Refuse(429, Some("1"), Body::Empty, false),
        Deed::Refuse(500, None, Body::Page, false),
        Deed::BadToken,
        Deed::LongToken,
        Deed::Page,
        Deed::Garbage,
    ];
    for in_content in [false, true] {
        deeds.push(Deed::Silent { in_content });
        deeds.extend([false, true].map(|is_reset| Deed::Broken { in_content, is_reset }));
    }
    deeds.extend(Place::ALL.map(|place| Deed::Quote(400, place)));
    deeds
}

/// Every row of none, one or two of these.
fn scripts(deeds: &[Deed]) -> Vec<Vec<Deed>> {
    let one = deeds.iter().map(|deed| vec![deed.clone()]);
    let two = deeds.iter().flat_map(|first| deeds.iter().map(|second| vec![first.clone(), second.clone()]));
    [Vec::new()].into_iter().chain(one).chain(two).collect()
}

fn case(graph: Vec<Deed>, login: Vec<Deed>) -> Case {
    Case {
        world: World::new(graph, login),
        every: None,
        is_outside: false,
        was_seen: false,
        wants_id: true,
        policy: Policy::DEFAULT,
        seed: 7,
    }
}

/// Runs the case as each of these: one reading and a watch, a token from outside and a sign-in, a call that was seen and one
/// that was not.
fn run_all(graph: &[Deed], login: &[Deed]) -> usize {
    for flags in 0..8 {
        let mut case = case(graph.to_vec(), login.to_vec());
        case.every = (flags & 1 > 0).then_some(5_000);
        case.is_outside = flags & 2 > 0;
        case.was_seen = flags & 4 > 0;
        case.run();
    }
    8
}

#[test]
fn every_two_exchanges_with_the_service() {
    let runs: usize = scripts(&graph_deeds()).iter().map(|script| run_all(script, &[])).sum();
    assert!(runs > 15_000, "{runs}");
}

#[test]
fn every_three_exchanges_of_a_watch() {
    let deeds = graph_deeds();
    let mut runs = 0;
    for script in scripts(&deeds).into_iter().filter(|script| script.len() == 2) {
        for third in &deeds {
            let mut case = case([&script[..], core::slice::from_ref(third)].concat(), vec![]);
            case.every = Some(5_000);
            case.run();
            runs += 1;
        }
    }
    assert_eq!(runs, deeds.len().pow(3));
}

#[test]
fn every_two_exchanges_with_the_token_endpoint() {
    let mut runs = 0;
    for script in scripts(&login_deeds()) {
        for graph in [vec![], vec![Deed::Claims(401)], vec![Deed::Refuse(401, None, Body::Page, false)]] {
            let mut case = case(graph, script.clone());
            case.every = Some(5_000);
            case.run();
            runs += 1;
        }
    }
    assert!(runs > 2_000, "{runs}");
}

/// Whatever was going on when the driver let go, what comes after is by the laws.
#[test]
fn a_driver_that_lets_go_at_any_step() {
    let mut runs = 0;
    let graph = graph_deeds().into_iter().map(|deed| (vec![deed], vec![]));
    let login = login_deeds().into_iter().map(|deed| (vec![], vec![deed]));
    for (graph, login) in graph.chain(login) {
        for step in 0..40 {
            let mut case = case(graph.clone(), login.clone());
            case.world.hands.cancel_at(step);
            case.every = Some(5_000);
            case.run();
            runs += 1;
        }
    }
    assert!(runs > 2_000, "{runs}");
}

/// What two jobs come to, without what differs by chance: the ids of requests.
fn comes_to(mut case: Case) -> Vec<String> {
    let what = |told: &Told| match told {
        Told::Call(_) => "a call".to_owned(),
        Told::Gone { .. } => "gone".to_owned(),
        Told::Failed { kind, phase, who, status, retry_after, .. } => {
            format!("{kind:?} {phase:?} {who:?} {status:?} {retry_after:?}")
        }
    };
    case.run().iter().flat_map(|trace| trace.told().map(what).collect::<Vec<_>>()).collect()
}

/// **Chance decides nothing**: where the end of a reading is near a wait that a host asks for or that is due, the same comes of it
/// whatever chance adds.
#[test]
fn chance_decides_nothing() {
    let asked = |status, wait| Deed::Refuse(status, Some(wait), Body::Code("TooManyRequests"), false);
    let graph = graph_deeds().into_iter().chain([asked(429, "1"), asked(503, "5"), asked(429, "7.5")]);
    let graph = graph.map(|deed| (vec![deed; 2], vec![]));
    let login = login_deeds().into_iter().map(|deed| (vec![], vec![deed; 2]));
    let mut outcomes = BTreeSet::new();
    for (graph, login) in graph.chain(login) {
        for reading in (500..20_000).step_by(250) {
            let comes_to = |seed| {
                let case = case(graph.clone(), login.clone());
                comes_to(Case { seed, policy: Policy { reading, ..Policy::DEFAULT }, ..case })
            };
            let first = comes_to(1);
            for seed in [2, 3, 0x9e37_79b9_7f4a_7c15] {
                assert_eq!(first, comes_to(seed), "{reading} ms, {graph:?} {login:?}");
            }
            outcomes.extend(first);
        }
    }
    assert!(outcomes.len() > 30, "{outcomes:?}");
}

/// Each law can fail: careless programs break it in some of these scripts.
#[test]
#[cfg_attr(not(panic = "unwind"), ignore = "where a panic ends the program, no law can be seen to fail")]
fn careless_programs_are_found() {
    let mut found = BTreeMap::new();
    let login = login_deeds();
    let graph = graph_deeds();
    let scripts = graph
        .iter()
        .map(|deed| (vec![deed.clone()], vec![]))
        .chain(login.iter().map(|deed| (vec![], vec![deed.clone()])));
    for (number, (graph, login)) in scripts.enumerate() {
        let mut world = World::new(graph, login);
        world.hands.cancel_at(number);
        // Some of what they do has no end, which the world notices by itself.
        let ends = panic::catch_unwind(AssertUnwindSafe(|| world.run(&mut Careless::new(3), 3)));
        let broken = broken(&world.trace, false, &Policy::DEFAULT, Some(5_000), true);
        for law in broken.iter().map(|(law, _)| *law).chain(ends.is_err().then_some("a job ends")) {
            *found.entry(law).or_insert(0) += 1;
        }
    }
    assert_eq!(found.len(), 14, "{found:?}");
}
