//! The contracts of the job, one by one; and that each of them fails on what careless programs do.

use graph_call::http::{AccessToken, CallId, Limits};
use graph_call::job::{Did, FailureKind, Fault, Phase, Plan, Policy, Query, REQUIRED, Session, Step, Who};
use graph_call::{Call, ParseOptions};
use graph_call_laws::world::{
    Body, Careless, Client as _, Deed, GRAPH, Hands, ID, LOGIN, Place, Real, Told, Trace, World, once, watch,
};

/// What the library makes of a plan in a world in which the hosts do this.
fn run(plan: Plan<'static>, graph: Vec<Deed>, login: Vec<Deed>, tells: usize) -> Trace {
    let mut world = World::new(graph, login);
    world.run(&mut Real::new(plan, 7), tells);
    world.trace
}

/// What a careless program makes of it.
fn careless(graph: Vec<Deed>, login: Vec<Deed>, tells: usize) -> Trace {
    let mut world = World::new(graph, login);
    world.run(&mut Careless::new(tells), tells);
    world.trace
}

fn first(trace: &Trace) -> &Told {
    trace.told().next().unwrap_or_else(|| panic!("nothing was told: {trace:?}"))
}

fn is_call(told: &Told) -> bool {
    matches!(told, Told::Call(_))
}

fn kind(told: &Told) -> FailureKind {
    match told {
        Told::Failed { kind, .. } => *kind,
        other => panic!("no failure: {other:?}"),
    }
}

fn status(told: &Told) -> Option<u16> {
    match told {
        Told::Failed { status, .. } => *status,
        other => panic!("no failure: {other:?}"),
    }
}

#[test]
fn an_answer_belongs_to_its_request() {
    let left_over = || vec![Deed::LeftOver, Deed::Call("hold", false), Deed::Call("terminated", false)];
    let trace = run(watch(), left_over(), vec![], 9);
    assert_eq!(trace.answers_belong(), Ok(()));
    let told: Vec<_> = trace.told().collect();
    assert!(told.iter().all(|told| is_call(told)) && told.len() == 3, "{told:?}");
    assert!(careless(left_over(), vec![], 2).answers_belong().is_err());

    for deed in [Deed::OtherId, Deed::OtherRequest] {
        let trace = run(once(), vec![deed.clone()], vec![], 1);
        assert!(is_call(first(&trace)), "once more is enough: {trace:?}");
        assert_eq!((trace.asked(GRAPH), trace.waits(false)), (2, vec![]), "on a new connection, at once");
        let trace = run(once(), vec![deed.clone(), deed.clone()], vec![], 1);
        assert_eq!(kind(first(&trace)), FailureKind::OtherAnswer);
        assert_eq!(trace.asked(GRAPH), 2);
        assert!(careless(vec![deed], vec![], 1).answers_belong().is_err());
    }
}

/// Cut or broken behind its head, a refusal keeps its status and says that it is not whole.
#[test]
fn a_refusal_that_is_not_whole_keeps_its_status() {
    let chunked = |body: &str| {
        let head = "HTTP/1.1 403 No\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
        Deed::Raw(format!("{head}{body}").into_bytes(), false)
    };
    let error = "19\r\n{\"error\":{\"code\":\"7503\"}}\r\n";
    for (rest, is_cut) in [("0\r\n\r\n", false), ("+5\r\n", true), ("5\r\n  ", true)] {
        let trace = run(once(), vec![chunked(&format!("{error}{rest}"))], vec![], 1);
        let Told::Failed { kind, status, is_cut: said, .. } = first(&trace) else { panic!("{trace:?}") };
        assert_eq!((*kind, *status, *said), (FailureKind::Refused, Some(403), is_cut), "{rest:?}");
    }
}

/// An id is a GUID, whose letters mean the same in either case.
#[test]
fn the_id_may_come_in_the_other_case() {
    let answer = |id: &str| {
        let content = format!("{{\"id\":\"{id}\",\"state\":\"established\"}}");
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length";
        Deed::Raw(format!("{head}: {}\r\n\r\n{content}", content.len()).into_bytes(), false)
    };
    let capitals = ID.to_ascii_uppercase();
    assert_ne!(capitals, ID);
    let trace = run(once(), vec![answer(&capitals)], vec![], 1);
    assert!(is_call(first(&trace)) && trace.asked(GRAPH) == 1, "{trace:?}");
    let another = || answer(&capitals.replace('8', "9"));
    let trace = run(once(), vec![another(), another()], vec![], 1);
    assert_eq!(kind(first(&trace)), FailureKind::OtherAnswer);
}

/// Strict unless the program names what it needs; then a fault elsewhere costs no reading, and one in what a job goes by does.
#[test]
fn a_job_needs_what_it_goes_by() {
    let read = |options, content: &str| {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length";
        let answer = Deed::Raw(format!("{head}: {}\r\n\r\n{content}", content.len()).into_bytes(), false);
        let session = Box::new(Session::with_options(Limits::DEFAULT, options));
        let mut world = World::new(vec![answer], vec![]);
        world.run(&mut Real::over(session, once(), 7), 1);
        world.trace
    };
    let sparing = ParseOptions::new().required(REQUIRED);
    let call = |state: &str| format!("{{\"id\":\"{ID}\",\"state\":{state},\"subject\":7}}");
    assert!(is_call(first(&read(sparing, &call("\"established\"")))));
    for (options, content) in [
        (ParseOptions::new(), call("\"established\"")),
        (sparing, call("7")),
        (sparing, "{\"id\":7,\"state\":\"established\"}".into()),
        (sparing, call("\"established\",\"resultInfo\":[]")),
    ] {
        let trace = read(options, &content);
        assert!(matches!(kind(first(&trace)), FailureKind::Answer(_)), "{content}: {trace:?}");
    }
}

#[test]
fn a_200_is_a_call_or_an_error() {
    let contents = [
        "{}",
        "[]",
        "{\"error\":{\"code\":\"9999\",\"message\":\"no\"}}",
        "{\"value\":[{\"id\":\"1\"}]}",
        "{\"@odata.type\":\"#microsoft.graph.user\",\"id\":\"00000000-0000-0000-0000-0000000000a1\"}",
        "{\"id\":",
        "",
    ];
    for deed in contents.map(Deed::NoCall).into_iter().chain([Deed::Page]) {
        let trace = run(once(), vec![deed.clone()], vec![], 1);
        let told = first(&trace);
        assert!(matches!(kind(told), FailureKind::NotACall | FailureKind::Answer(_)), "{deed:?} {told:?}");
        assert_eq!(status(told), Some(200), "{told:?}");
        assert_eq!(trace.asked(GRAPH), 1, "the same would come again");
        assert!(careless(vec![deed], vec![], 1).answers_belong().is_err());
    }
    // What does not say that it is no call, and has another id than was asked for.
    let user = Deed::NoCall("{\"displayName\":\"A\",\"id\":\"00000000-0000-0000-0000-0000000000a1\"}");
    assert_eq!(kind(first(&run(once(), vec![user.clone(), user], vec![], 1))), FailureKind::OtherAnswer);
}

#[test]
fn gone_is_what_the_service_says_of_a_call_it_knew() {
    let missing = || Deed::refuse(404, "8522");
    let mut seen = once();
    if let Some(query) = &mut seen.query {
        query.was_seen = true;
    }
    assert!(
        matches!(first(&run(seen, vec![missing()], vec![], 1)), Told::Gone { shown } if shown.contains("8522"))
    );
    assert_eq!(kind(first(&run(once(), vec![missing()], vec![], 1))), FailureKind::NoSuchCall);

    let trace = run(watch(), vec![Deed::CALL, missing()], vec![], 9);
    assert!(matches!(trace.told().last(), Some(Told::Gone { .. })), "{trace:?}");
    assert_eq!(trace.told().count(), 2, "it is the end of the watch");
    assert_eq!(trace.gone_was_there(false), Ok(()));

    for body in [Body::Page, Body::Empty, Body::Code("ResourceNotFound"), Body::Code("NotFound")] {
        let deed = Deed::Refuse(404, None, body, false);
        // What does not name the request is believed only on a new connection.
        let twice = usize::from(!matches!(body, Body::Code(_)));
        let mut deeds = vec![Deed::CALL, Deed::Call("terminated", false)];
        deeds.splice(1..1, vec![deed.clone(); 1 + twice]);
        let trace = run(watch(), deeds, vec![], 9);
        let told: Vec<_> = trace.told().collect();
        assert_eq!((kind(told[1]), status(told[1])), (FailureKind::Refused, Some(404)), "{body:?}");
        // What stands between may go away again; what the service says of the path does not.
        assert_eq!(told.len(), if matches!(body, Body::Code(_)) { 2 } else { 3 }, "{body:?}");
        assert!(careless(vec![Deed::CALL, deed], vec![], 2).gone_was_there(false).is_err());
    }
}

#[test]
fn who_answered_decides_what_to_do() {
    let page = |status| Deed::Refuse(status, None, Body::Page, false);
    let graph: [(Deed, Who, &str); 9] = [
        (Deed::refuse(403, "7504"), Who::Service, "Calls.Initiate.All"),
        (Deed::refuse(403, "7503"), Who::Service, "enable calling"),
        (Deed::refuse(403, "7505"), Who::Service, "tenant"),
        (page(403), Who::Proxy, "a proxy or filter answered"),
        (page(404), Who::Proxy, "a proxy or filter answered"),
        (page(302), Who::CaptivePage, "sign in to the network"),
        (Deed::Page, Who::CaptivePage, "sign in to the network"),
        (Deed::NoConnection(Fault::Certificate), Who::Nobody, "may read along"),
        (Deed::NoConnection(Fault::Proxy(407)), Who::Nobody, "user name"),
    ];
    for (deed, truth, text) in graph {
        let deeds = vec![deed.clone(); 4];
        let trace = run(once(), deeds.clone(), vec![], 1);
        let Told::Failed { who, hint, .. } = first(&trace) else { panic!("{trace:?}") };
        assert_eq!(*who, truth, "{deed:?}");
        assert!(hint.is_some_and(|hint| hint.contains(text)), "{deed:?}: {hint:?}");
        assert_eq!(trace.who_answered(), Ok(()));
        if truth != Who::Service
            && deed != Deed::Page
            && !matches!(deed, Deed::NoConnection(_) | Deed::Refuse(404, ..))
        {
            assert!(careless(deeds, vec![], 1).who_answered().is_err(), "{deed:?}");
        }
    }
    for (deed, truth) in
        [(page(403), Who::Proxy), (Deed::Page, Who::CaptivePage), (Deed::deny(401, 700_016), Who::LoginHost)]
    {
        let trace = run(once(), vec![], vec![deed], 1);
        let Told::Failed { who, shown, .. } = first(&trace) else { panic!("{trace:?}") };
        assert_eq!(*who, truth);
        assert!(shown.contains(LOGIN), "{shown}");
    }
}

#[test]
fn what_passes_is_tried_again_and_nothing_else() {
    let again = |deed: Deed| {
        let trace = run(once(), vec![deed], vec![], 1);
        (is_call(first(&trace)), trace.asked(GRAPH), trace.waits(false).len())
    };
    for status in [408, 429, 500, 502, 503, 504, 507, 599] {
        for body in [Body::Code("x"), Body::Page, Body::Empty] {
            assert_eq!(again(Deed::Refuse(status, None, body, false)), (true, 2, 1), "{status} {body:?}");
        }
    }
    for fault in [Fault::NotResolved, Fault::NotConnected, Fault::Tls, Fault::Timeout] {
        assert_eq!(again(Deed::NoConnection(fault)), (true, 1, 1), "{fault:?}");
    }
    for is_reset in [false, true] {
        assert_eq!(again(Deed::Broken { in_content: false, is_reset }), (true, 2, 1));
        assert_eq!(again(Deed::Broken { in_content: true, is_reset }), (false, 1, 0), "content had come");
    }
    for status in [300, 302, 400, 403, 404, 405, 409, 410, 412, 451] {
        assert_eq!(again(Deed::refuse(status, "x")), (false, 1, 0), "{status}");
    }
    assert_eq!(again(Deed::NoConnection(Fault::Certificate)), (false, 0, 0));

    // As often as the policy says, over both hosts.
    for attempts in 0..7 {
        let policy = Policy { attempts, reading: 10_000_000, ..Policy::DEFAULT };
        let trace = run(once().policy(policy), vec![Deed::refuse(503, "x"); 20], vec![], 1);
        assert_eq!(trace.asked(GRAPH), usize::from(attempts.max(1)));
        assert_eq!((kind(first(&trace)), status(first(&trace))), (FailureKind::Refused, Some(503)));
    }
}

#[test]
fn waits_grow_and_follow_the_service() {
    let waits = |asked: &[Option<&'static str>]| {
        let deeds = asked.iter().map(|asked| Deed::Refuse(429, *asked, Body::Code("x"), false)).collect();
        run(once(), deeds, vec![], 1).waits(false)
    };
    let near = |waits: Vec<u64>, least: &[u64]| {
        assert_eq!(waits.len(), least.len(), "{waits:?}");
        for (wait, least) in waits.iter().zip(least) {
            assert!((*least..=least + 1_000).contains(wait), "{waits:?} instead of {least:?}");
        }
    };
    near(waits(&[None, None, None]), &[3_000, 6_000, 12_000]);
    near(waits(&[Some("2.128")]), &[2_128]);
    near(waits(&[Some("0")]), &[1_000]);
    // Nobody is believed twice who says `1` again and again.
    near(waits(&[Some("1"), Some("1"), Some("1")]), &[1_000, 6_000, 12_000]);
    near(waits(&[Some("30"), Some("30")]), &[30_000, 30_000]);
}

#[test]
fn a_wait_that_is_too_long_fails_at_once_and_keeps_what_was_asked() {
    for (asked, millis) in [
        ("181", 181_000),
        ("4294967295", 4_294_967_295_000),
        ("99999999999999999999", 4_294_967_295_000),
        ("100", 100_000),
    ] {
        let deed = Deed::Refuse(429, Some(asked), Body::Code("TooManyRequests"), false);
        let trace = run(once(), vec![deed.clone()], vec![], 1);
        let Told::Failed { kind, status, retry_after, .. } = first(&trace) else { panic!("{trace:?}") };
        assert_eq!((*kind, *status), (FailureKind::Throttled { wait: millis }, Some(429)), "{asked}");
        assert_eq!(*retry_after, Some(u128::from(millis)));
        assert_eq!(trace.waits(false), Vec::<u64>::new());

        // A watch goes on, and waits no longer than the policy says.
        let plan = watch().every(5_000);
        let trace = run(plan, vec![Deed::CALL, deed.clone(), Deed::Call("terminated", false)], vec![], 9);
        assert_eq!(trace.told().count(), 3, "{trace:?}");
        assert_eq!(trace.waits_are_bounded(&plan.policy, 5_000), Ok(()));
        assert!(trace.waits(true)[1] >= 100_000, "{trace:?}");
        let trace = careless(vec![Deed::CALL, deed], vec![], 2);
        assert!(trace.waits_are_bounded(&plan.policy, 5_000).is_err());
    }
}

#[test]
fn chance_does_not_decide() {
    // Each of these waits is near a limit of the policy, or of the time.
    let outcomes = |reading: u64, asked: &'static str| {
        let policy = Policy { reading, ..Policy::DEFAULT };
        let outcomes: Vec<String> = (0..200)
            .map(|seed| {
                let graph = vec![Deed::Refuse(503, Some(asked), Body::Code("x"), false), Deed::Drip(20)];
                let mut world = World::new(graph, []);
                world.run(&mut Real::new(once().policy(policy), seed * 0x1234_5678_9abc), 1);
                let told = world.trace.told().next().expect("something");
                format!("{} {}", matches!(told, Told::Call(_)), world.trace.asked(GRAPH))
            })
            .collect();
        outcomes
    };
    let mut met = std::collections::BTreeSet::new();
    for reading in (10_000..20_000).step_by(250) {
        let outcomes = outcomes(reading, "5");
        assert!(outcomes.iter().all(|outcome| *outcome == outcomes[0]), "{reading}: {outcomes:?}");
        met.insert(outcomes[0].clone());
    }
    assert!(met.len() >= 2, "the limits lie between: {met:?}");
}

#[test]
fn a_refusal_keeps_its_status_when_it_is_cut() {
    for body in [Body::Page, Body::Code("serviceNotAvailable")] {
        let deed = Deed::Refuse(503, Some("7"), body, true);
        let trace = run(once(), vec![deed.clone()], vec![], 1);
        assert!(is_call(first(&trace)), "{trace:?}");
        assert!((7_000..=8_000).contains(&trace.waits(false)[0]));
        let trace = run(once(), vec![deed.clone(); 4], vec![], 1);
        assert_eq!(status(first(&trace)), Some(503));
        assert_eq!(trace.statuses_stay(), Ok(()));
        let deed = Deed::Refuse(503, None, body, true);
        assert!(careless(vec![deed], vec![], 1).statuses_stay().is_err());
    }
}

#[test]
fn a_secret_is_posted_once_for_each_failure() {
    // Refused: once, and never again in this session.
    let mut world = World::new([], [Deed::deny(401, 7_000_215)]);
    let mut client = Real::new(once(), 1);
    world.run(&mut client, 1);
    assert_eq!(kind(first(&world.trace)), FailureKind::Refused);
    for seed in 2..5 {
        let mut next = Real::over(client.session, once(), seed);
        world.trace = Trace::default();
        world.run(&mut next, 1);
        assert_eq!(kind(first(&world.trace)), FailureKind::CredentialRefused);
        assert_eq!(world.trace.asked(LOGIN), 0);
        client = next;
    }
    // Until it changes.
    client.session.change_credential();
    let mut next = Real::over(client.session, once(), 9);
    world.run(&mut next, 1);
    assert_eq!(world.trace.asked(LOGIN), 1);

    // What passes is asked again, as often as the policy says.
    let trace = run(once(), vec![], vec![Deed::deny(429, 0), Deed::deny(503, 0), Deed::TOKEN], 1);
    assert!(is_call(first(&trace)) && trace.asked(LOGIN) == 3, "{trace:?}");
    assert_eq!(trace.secrets_are_posted_once(), Ok(()));

    // A token that is refused is renewed once.
    let refused = || Deed::refuse(401, "InvalidAuthenticationToken");
    let trace = run(once(), vec![refused()], vec![], 1);
    assert!(is_call(first(&trace)) && trace.asked(LOGIN) == 2, "{trace:?}");
    let mut world = World::new([refused(), refused()], []);
    let mut client = Real::new(watch(), 1);
    world.run(&mut client, 9);
    assert_eq!(kind(first(&world.trace)), FailureKind::Unauthorized);
    assert_eq!((world.trace.asked(LOGIN), world.trace.told().count()), (2, 1), "{:?}", world.trace);
    world.trace = Trace::default();
    world.run(&mut Real::over(client.session, once(), 2), 1);
    assert_eq!(world.trace.asked(LOGIN), 0, "{:?}", world.trace);

    let trace = careless(vec![], vec![Deed::deny(401, 7_000_215); 3], 1);
    assert!(trace.secrets_are_posted_once().is_err());
}

#[test]
fn a_claims_challenge_is_answered_once() {
    for status in [401, 403] {
        let trace = run(once(), vec![Deed::Claims(status)], vec![], 1);
        assert!(is_call(first(&trace)), "{trace:?}");
        let posts: Vec<_> =
            format!("{trace:?}").matches("&claims=%7B%22access_token%22%3A%7B%7D%7D").map(drop).collect();
        assert_eq!((posts.len(), trace.asked(LOGIN)), (1, 2), "{trace:?}");
        let trace = run(once(), vec![Deed::Claims(status), Deed::Claims(status)], vec![], 1);
        assert_eq!(kind(first(&trace)), FailureKind::Unauthorized);
        assert_eq!(trace.asked(LOGIN), 2);
    }
}

#[test]
fn every_phase_has_an_end() {
    let policy = Policy::DEFAULT;
    for (deed, phase, least, most) in [
        (Deed::Silent { in_content: false }, Phase::FirstByte, 30_000, 30_100),
        (Deed::Silent { in_content: true }, Phase::Answer, 30_000, 30_100),
        (Deed::Drip(100), Phase::Answer, 30_000, 30_200),
        (Deed::Drip(29_000), Phase::Answer, 58_000, 60_000),
    ] {
        let trace = run(once(), vec![deed.clone()], vec![], 1);
        let Told::Failed { kind, phase: found, .. } = first(&trace) else { panic!("{trace:?}") };
        assert_eq!((*kind, *found), (FailureKind::Timeout, phase), "{deed:?}");
        let took = trace.entries[trace.entries.len() - 1].time - trace.entries[0].time;
        assert!((least..=most).contains(&took), "{deed:?} took {took}");
        assert_eq!(trace.readings_end(&policy, 0), Ok(()));
    }
    // The login host, too.
    let trace = run(once(), vec![], vec![Deed::Silent { in_content: false }], 1);
    assert_eq!(kind(first(&trace)), FailureKind::Timeout);
    // And all together, however the attempts fail.
    let deeds = [Deed::Refuse(503, Some("40"), Body::Empty, false), Deed::Silent { in_content: false }];
    let plan = watch().policy(Policy { reading: 60_000, ..policy });
    let trace = run(plan, deeds.to_vec(), vec![], 2);
    assert_eq!(trace.readings_end(&plan.policy, 0), Ok(()), "{trace:?}");
    assert!(careless(vec![Deed::Drip(1_000)], vec![], 1).readings_end(&policy, 0).is_err());
}

#[test]
fn a_failed_reading_leaves_the_last_call_as_it_was() {
    let deeds = vec![
        Deed::CALL,
        Deed::Broken { in_content: true, is_reset: true },
        Deed::NoCall("{\"id\":"),
        Deed::Refuse(403, None, Body::Page, false),
        // Once on the connection that was kept, where it may be left over, and once on the new one.
        Deed::Garbage,
        Deed::Garbage,
        Deed::Call("hold", false),
        Deed::OtherId,
        Deed::OtherRequest,
        Deed::Call("terminated", false),
    ];
    let trace = run(watch(), deeds.clone(), vec![], 20);
    assert_eq!(trace.last_call_stays(), Ok(()));
    let calls = trace.told().filter(|told| is_call(told)).count();
    assert_eq!((calls, trace.told().count()), (3, 8), "the watch went on: {trace:?}");
    assert!(careless(vec![Deed::CALL, Deed::refuse(403, "x")], vec![], 2).last_call_stays().is_err());
}

#[test]
fn a_watch_ends_with_the_call_or_what_was_asked_for() {
    use graph_call::model::CallState;
    let deeds = || {
        ["establishing", "established", "hold", "terminated"].map(|state| Deed::Call(state, false)).to_vec()
    };
    assert_eq!(run(watch(), deeds(), vec![], 20).told().count(), 4);
    assert_eq!(run(watch().until(&[CallState::Established]), deeds(), vec![], 20).told().count(), 2);
    let trace = run(watch().every(1_000).lasts(2_500), vec![Deed::CALL; 20], vec![], 20);
    assert!((3..=4).contains(&trace.told().count()), "{trace:?}");
    let waits = run(watch().every(10_000), vec![Deed::CALL; 20], vec![], 20).waits(true);
    assert!(waits.iter().all(|wait| (8_000..=12_000).contains(wait)), "{waits:?}");
    assert!(waits.iter().any(|wait| *wait != waits[0]), "{waits:?}");
    let waits = run(watch().every(0), vec![Deed::CALL; 9], vec![], 9).waits(true);
    assert!(waits.iter().all(|wait| (1_000..=1_200).contains(wait)), "{waits:?}");
}

#[test]
fn nothing_shows_a_secret() {
    for place in Place::ALL {
        for status in [400, 401, 403, 404, 429, 503] {
            let deed = Deed::Quote(status, place);
            for (graph, login) in [(vec![deed.clone(); 4], vec![]), (vec![], vec![deed.clone(); 4])] {
                let trace = run(once(), graph.clone(), login.clone(), 1);
                assert_eq!(trace.nothing_shows_secrets(), Ok(()), "{deed:?}");
                assert_eq!(trace.secrets_go_home(), Ok(()));
                assert!(!is_call(first(&trace)));
                if !login.is_empty() || status != 401 {
                    assert_eq!(told_status(first(&trace)), Some(status), "{trace:?}");
                }
                let shown = careless(graph, vec![], 1).nothing_shows_secrets();
                assert!(login.len() == 4 || status == 401 || shown.is_err(), "{deed:?}");
            }
        }
    }
}

fn told_status(told: &Told) -> Option<u16> {
    match told {
        Told::Failed { status, .. } => *status,
        _ => None,
    }
}

#[test]
fn a_kept_connection_serves_and_a_stale_one_is_no_failure() {
    let trace = run(watch(), vec![Deed::CALL, Deed::CALL, Deed::Call("terminated", false)], vec![], 9);
    let connections = format!("{trace:?}").matches("Connected").count();
    assert_eq!(connections, 2, "one for the token, one for all readings: {trace:?}");
    let trace = run(watch(), vec![Deed::CALL, Deed::Stale, Deed::Call("terminated", false)], vec![], 9);
    assert!(trace.told().all(is_call), "{trace:?}");
    assert_eq!(trace.waits(false), Vec::<u64>::new(), "at once");
    let trace =
        run(watch(), vec![Deed::Call("established", true), Deed::Call("terminated", false)], vec![], 9);
    assert!(trace.told().all(is_call), "{trace:?}");
}

/// Bytes that come late after an answer are found by the next request on that connection, and are no failure of it.
#[test]
fn late_bytes_after_an_answer_spoil_only_the_connection() {
    for left in ["H", "HTTP/1.1 2", "\r\n\r\n", "{}", "HTTP/9.9 200 OK\r\n"] {
        let deeds = [Deed::LeftBytes(left), Deed::CALL, Deed::Call("terminated", false)];
        let mut world = World::new(deeds, []).with_hands(Hands::clumsy(512, vec![40; 4_096]));
        world.run(&mut Real::new(watch(), 7), 9);
        let trace = world.trace;
        assert!(trace.told().all(is_call), "{left:?}: {trace:?}");
        assert_eq!((trace.told().count(), trace.waits(false)), (2, vec![]), "{left:?}: at once {trace:?}");
        assert_eq!(trace.asked(GRAPH), 3, "{left:?}: once in vain");
    }
}

/// A job whose driver is dropped at any step goes on, and comes to the same.
#[test]
fn cancelled_at_every_step_it_goes_on() {
    use graph_call::job::Did;
    use graph_call_laws::world::Do;
    for cancel_at in 0..60 {
        let mut world = World::new([Deed::refuse(401, "x"), Deed::CALL, Deed::Call("terminated", false)], [])
            .with_hands(Hands::clumsy(64, vec![0; 1]));
        let mut client = Real::new(watch(), 3);
        // So many steps, each of which is given up.
        let mut buffer = vec![0; 64];
        let mut time = world.now;
        for _ in 0..cancel_at % 7 {
            let doing = client.step(time, Did::Dropped, &mut buffer);
            assert!(!matches!(doing, Do::Told(_) | Do::Over), "{doing:?}");
            time += 10;
        }
        world.now = time;
        world.hands.cancel_at(cancel_at);
        world.run(&mut client, 9);
        let told: Vec<_> = world.trace.told().collect();
        assert!(told.len() == 2 && told.iter().all(|told| is_call(told)), "{cancel_at}: {:?}", world.trace);
        assert_eq!(world.trace.nothing_shows_secrets(), Ok(()));
        let token = client.session.token().expect("a token");
        assert!(token.reveal().len() > 28, "never half a token");
    }
}

#[test]
fn a_clock_that_jumps_does_no_harm() {
    use graph_call::job::Did;
    use graph_call_laws::world::Do;
    // Back: what was to wait is not waited for again.
    let mut world = World::new([Deed::refuse(503, "x")], []);
    let mut client = Real::new(once(), 3);
    let mut buffer = vec![0; 512];
    let mut did = Did::Dropped;
    let until = loop {
        let doing = client.step(world.now, did, &mut buffer);
        match world.act(&mut client, doing, &mut buffer) {
            Ok(next) => did = next,
            Err(Do::Wait { until, .. }) => break until,
            Err(other) => panic!("{other:?}"),
        }
    };
    let span = until - world.now;
    let Do::Wait { until, .. } = client.step(5, Did::Nothing, &mut buffer) else { panic!("no wait") };
    assert_eq!(until - 5, span, "as long as before, by a clock that was set back");
    let Do::Wait { until, .. } = client.step(1_000, Did::Nothing, &mut buffer) else { panic!("no wait") };
    assert_eq!(until - 1_000, span - 995);
    // Forward: the wait is over, and so is the reading.
    let doing = client.step(u64::MAX - 5, Did::Nothing, &mut buffer);
    assert_eq!(doing, Do::Close);
    let Do::Told(told) = client.step(u64::MAX - 5, Did::Nothing, &mut buffer) else { panic!("not told") };
    assert_eq!(kind(&told), FailureKind::Timeout);
}

#[test]
fn a_driver_that_lets_go_of_its_step_can_ask_for_the_failure() {
    let plan = once();
    let mut session = Session::<1024, 1024>::new();
    let mut job = session.start(&plan, 7);
    let (mut call, mut buffer) = (Call::new(), [0; 64]);
    job.bring(0, AccessToken::new("abc").expect("a token"), None);
    let mut did = Did::Nothing;
    for _ in 0..64 {
        let told = match job.step(0, did, &mut buffer, &mut call) {
            Step::Connect { .. } => {
                did = Did::Failed(Fault::Certificate);
                continue;
            }
            Step::Wait { after: Some(failure), .. } | Step::Failed(failure) => {
                format!("{failure} {failure:?}")
            }
            other => panic!("{other:?}"),
        };
        assert!(told.contains("the peer did not prove to be the host at graph.microsoft.com"), "{told}");
        let asked = job.failure();
        assert_eq!(format!("{asked} {asked:?}"), told);
        return;
    }
    panic!("nothing was told");
}

#[test]
fn leniencies_may_be_chosen_where_the_session_stands() {
    let body = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 27\r\n\r\n\
                 {\"id\":\"57dab8b1\",\"x\":[1,],}";
    let read = |options: Option<ParseOptions>| {
        let mut plan = once();
        plan.query = plan.query.map(|query| Query { id: CallId::new("57dab8b1").expect("an id"), ..query });
        let mut session = Session::<1024, 1024>::new();
        if let Some(options) = options {
            session.set_options(options);
        }
        let mut job = session.start(&plan, 7);
        let (mut call, mut buffer) = (Call::new(), [0; 1024]);
        job.bring(0, AccessToken::new("abc").expect("a token"), None);
        let mut did = Did::Nothing;
        loop {
            did = match job.step(0, did, &mut buffer, &mut call) {
                Step::Connect { .. } => Did::Connected { kept: false },
                Step::Send { bytes, .. } => Did::Sent(bytes.len()),
                Step::Receive { .. } => {
                    buffer[..body.len()].copy_from_slice(body);
                    Did::Received(body.len())
                }
                Step::Call(_) => return true,
                Step::Failed(_) | Step::Wait { .. } => return false,
                _ => Did::Nothing,
            }
        }
    };
    assert!(read(Some(ParseOptions::new().trailing_commas(true))));
    assert!(!read(None), "strict by itself");
}
