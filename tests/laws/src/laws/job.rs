//! Laws of the whole job: any hosts, any driver, any clock.

use graph_call::Call;
use graph_call::http::{AccessToken, End, SelectMember};
use graph_call::job::{Credential, Did, Fault, Pair, Plan, Policy, Step};
use graph_call::model::CallState;

use crate::choices::Choices;
use crate::world::{
    Body, Client, Deed, Expiry, Hands, Place, Real, RoomySession, SECRET, TOKEN, Trace, World, application,
    query, shows,
};

/// Hosts, a driver and a plan, as choices have made them.
#[derive(Debug)]
pub struct Case {
    /// The hosts.
    pub world: World,
    /// Whether the call is watched, and how often.
    pub every: Option<u64>,
    /// Whether tokens come from outside.
    pub is_outside: bool,
    /// Whether the caller says that the call was seen.
    pub was_seen: bool,
    /// Whether the id is asked for.
    pub wants_id: bool,
    /// The policy.
    pub policy: Policy,
    /// Numbers of chance.
    pub seed: u64,
}

const STATES: [&str; 5] = ["establishing", "established", "terminated", "hold", "dreaming"];
const FAULTS: [Fault; 6] = [
    Fault::NotResolved,
    Fault::NotConnected,
    Fault::Proxy(407),
    Fault::Certificate,
    Fault::Tls,
    Fault::Timeout,
];
const STATUSES: [u16; 14] = [400, 401, 403, 404, 408, 409, 429, 500, 502, 503, 504, 302, 511, 410];
const WAITS: [Option<&str>; 8] = [
    None,
    Some("0"),
    Some("1"),
    Some("2.5"),
    Some("90"),
    Some("181"),
    Some("4294967295"),
    Some("99999999999999999999"),
];
const CODES: [&str; 5] = ["8522", "ResourceNotFound", "TooManyRequests", "9999", "7503"];
const NO_CALLS: [&str; 6] = [
    "{}",
    "[]",
    "{\"error\":{\"code\":\"9999\",\"message\":\"no\"}}",
    "{\"value\":[{\"id\":\"57dab8b1\"}]}",
    "{\"@odata.type\":\"#microsoft.graph.user\",\"id\":\"00000000-0000-0000-0000-0000000000a1\"}",
    "{\"id\":",
];
const LEFT: [&str; 4] = ["H", "HTTP/1.1 2", "\r\n\r\n", "{}"];

fn one_of(choices: &mut Choices<'_>, texts: &[&'static str]) -> &'static str {
    texts[choices.below(texts.len())]
}

fn graph_deed(choices: &mut Choices<'_>) -> Deed {
    match choices.below(20) {
        0 | 1 => Deed::Call(one_of(choices, &STATES), choices.one_in(4)),
        2 => Deed::NoConnection(*choices.pick(&FAULTS)),
        3 => Deed::Stale,
        4 | 5 => {
            let body = match choices.below(3) {
                0 => Body::Code(one_of(choices, &CODES)),
                1 => Body::Page,
                _ => Body::Empty,
            };
            Deed::Refuse(*choices.pick(&STATUSES), *choices.pick(&WAITS), body, choices.one_in(4))
        }
        6 => Deed::Claims(if choices.one_in(2) { 403 } else { 401 }),
        7 => Deed::OtherId,
        8 => Deed::OtherRequest,
        9 if choices.one_in(2) => Deed::LeftBytes(one_of(choices, &LEFT)),
        9 => Deed::LeftOver,
        10 => Deed::NoCall(one_of(choices, &NO_CALLS)),
        11 => Deed::Page,
        12 => Deed::Garbage,
        13 | 14 => Deed::Broken { in_content: choices.one_in(2), is_reset: choices.one_in(2) },
        15 => Deed::Silent { in_content: choices.one_in(2) },
        16 => Deed::Drip([5, 100, 5_000][choices.below(3)]),
        17 | 18 => Deed::Quote(*choices.pick(&STATUSES), *choices.pick(&Place::ALL)),
        _ => raw(choices),
    }
}

fn login_deed(choices: &mut Choices<'_>) -> Deed {
    match choices.below(14) {
        0 | 1 => {
            let expiry = match choices.below(6) {
                0 => Expiry::Number(3_599),
                1 => Expiry::Number(0),
                2 => Expiry::Text(60),
                3 => Expiry::Half(3_599),
                4 => Expiry::Refresh(7_200, 5),
                _ => Expiry::Absent,
            };
            Deed::Token(expiry, choices.one_in(3))
        }
        2 => Deed::NoConnection(*choices.pick(&FAULTS)),
        3 | 4 => {
            let body = match choices.below(3) {
                0 => Body::Aadsts(7_000_215),
                1 => Body::Page,
                _ => Body::Empty,
            };
            Deed::Refuse(*choices.pick(&STATUSES), *choices.pick(&WAITS), body, choices.one_in(4))
        }
        5 => Deed::BadToken,
        6 => Deed::LongToken,
        7 => Deed::Page,
        8 => Deed::Garbage,
        9 => Deed::Broken { in_content: choices.one_in(2), is_reset: choices.one_in(2) },
        10 => Deed::Silent { in_content: choices.one_in(2) },
        11 | 12 => Deed::Quote(*choices.pick(&STATUSES), *choices.pick(&Place::ALL)),
        _ => raw(choices),
    }
}

fn raw(choices: &mut Choices<'_>) -> Deed {
    let length = choices.below(200);
    Deed::Raw((0..length).map(|_| choices.byte()).collect(), choices.one_in(2))
}

impl Case {
    /// A case that these choices make.
    pub fn new(choices: &mut Choices<'_>) -> Self {
        let flags = choices.byte();
        let wants_id = flags & 64 == 0;
        // Nobody can tell what is not asked for.
        let can_tell = |deed: &Deed| wants_id || !matches!(deed, Deed::NoCall(_) | Deed::OtherId);
        let graph: Vec<Deed> = (0..choices.below(9)).map(|_| graph_deed(choices)).filter(can_tell).collect();
        let login: Vec<Deed> = (0..choices.below(5)).map(|_| login_deed(choices)).collect();
        // Small ones take their time.
        let buffer = [512, 512, 512, 64, 64, 64, 4_096, 4_096, 7, 1][choices.below(10)];
        let whims = (0..choices.below(200)).map(|_| choices.byte()).collect();
        let mut hands = Hands::clumsy(buffer, whims);
        hands.is_dropping = flags & 1 > 0;
        hands.is_jumping = flags & 6 == 6;
        let mut policy = Policy { attempts: choices.below(6) as u8, ..Policy::DEFAULT };
        if choices.one_in(4) {
            policy.reading = [1, 5_000, 20_000, 3_600_000][choices.below(4)];
            policy.wait_max = [0, 2_000, 60_000][choices.below(3)];
        }
        let every = (flags & 8 > 0).then(|| [0, 1_000, 5_000, u64::MAX][choices.below(4)]);
        Self {
            world: World::new(graph, login).with_hands(hands),
            every,
            is_outside: flags & 16 > 0,
            was_seen: flags & 32 > 0,
            wants_id,
            policy,
            seed: choices.long() as u64,
        }
    }

    /// Runs jobs over one session, judges all that happened, and gives it.
    pub fn run(&mut self) -> Vec<Trace> {
        let credential = if self.is_outside { Credential::Outside } else { Credential::Ask(application()) };
        let mut query = query();
        query.was_seen = self.was_seen;
        if !self.wants_id {
            query.select = &[SelectMember::STATE, SelectMember::SUBJECT];
        }
        let plan = match self.every {
            Some(every) => Plan::watch(query, credential).every(every).until(&[CallState::Hold]),
            None => Plan::once(query, credential),
        };
        let plan = plan.policy(self.policy);
        let mut session = Box::new(RoomySession::new());
        let world = &mut self.world;
        let mut traces = Vec::new();
        for job in 0..2 {
            let mut client = Real::over(session, plan, self.seed ^ job);
            world.run(&mut client, 6);
            let broken =
                broken(&world.trace, self.was_seen, &self.policy, self.every, !world.hands.is_jumping);
            assert!(broken.is_empty(), "{broken:?}: {:?}", world.trace);
            session = client.session;
            traces.push(core::mem::take(&mut world.trace));
            if world.hands.buffer == 0 {
                break;
            }
        }
        if !world.hands.is_jumping {
            // Nor is a secret posted again by the next job.
            let entries = traces.iter().flat_map(|trace: &Trace| trace.entries.clone()).collect();
            let both = Trace { entries, ..Trace::default() };
            assert_eq!(both.secrets_are_posted_once(), Ok(()), "a secret is posted once: {both:?}");
        }
        traces
    }
}

/// The laws that are broken by all that happened; a clock that jumps excuses from those of time.
pub fn broken(
    trace: &Trace,
    was_seen: bool,
    policy: &Policy,
    every: Option<u64>,
    is_plain: bool,
) -> Vec<(&'static str, String)> {
    let mut judged = vec![
        ("an answer belongs to its request", trace.answers_belong()),
        ("what is gone was there", trace.gone_was_there(was_seen)),
        ("who answered is said", trace.who_answered()),
        ("a secret goes to its host", trace.secrets_go_home()),
        ("no secret is shown", trace.nothing_shows_secrets()),
        ("the last call stays", trace.last_call_stays()),
        ("a status stays", trace.statuses_stay()),
        ("what is let go is off", trace.what_is_let_go_is_off()),
    ];
    if is_plain {
        judged.extend([
            ("a wait is bounded", trace.waits_are_bounded(policy, every.unwrap_or(0))),
            ("a reading ends", trace.readings_end(policy, 6_000)),
            ("a deadline stays", trace.deadlines_stay()),
            ("what passes is tried again", trace.what_passes_is_tried_again(policy)),
            ("a secret is posted once", trace.secrets_are_posted_once()),
        ]);
    }
    judged.into_iter().filter_map(|(law, result)| Some((law, result.err()?))).collect()
}

/// A driver without any sense: whatever it says, in any order, at any time.
fn nonsense(choices: &mut Choices<'_>) {
    let outside = choices.one_in(2);
    let credential = if outside { Credential::Outside } else { Credential::Ask(application()) };
    let plan = Plan::watch(query(), credential).every(1_000);
    let mut session = Box::new(RoomySession::new());
    let mut call = Box::new(Pair::new(Call::new(), Call::new()));
    let mut buffer = vec![0; choices.below(300)];
    let mut now: u64 = 0;
    let mut last = None;
    // A peer that guesses a secret, and is never sent it, has not been told it.
    let mut is_brought = false;
    let _ = session.start(&plan, 7);
    while !choices.rest().is_empty() {
        let did = match choices.below(12) {
            0 => Did::Nothing,
            1 => Did::Dropped,
            2 => Did::Connected { kept: choices.one_in(2) },
            3 | 4 => Did::Sent(choices.below(400)),
            5..=8 => {
                let length = choices.below(300);
                for place in buffer.iter_mut().take(length) {
                    *place = choices.byte();
                }
                Did::Received(length)
            }
            9 => Did::Ended(if choices.one_in(2) { End::Cut } else { End::CloseNotify }),
            10 => Did::Failed(*choices.pick(&FAULTS)),
            _ => {
                now = now.wrapping_add(choices.long() as u64 >> (choices.byte() % 64));
                Did::Nothing
            }
        };
        let mut job = session.resume(&plan);
        if choices.one_in(9) {
            is_brought = true;
            job.bring(now, AccessToken::new(TOKEN).expect("a token"), Some(5_000));
        }
        let step = job.step(now, did, &mut buffer, &mut *call);
        let mut told = false;
        match step {
            Step::Send { bytes, .. } => assert!(!bytes.is_empty()),
            Step::Call(_) => {
                told = true;
            }
            Step::Over => {
                let _ = session.start(&plan, now);
            }
            step => {
                let text = format!("{step:?}");
                assert!(outside || !shows(SECRET, &text), "{text}");
                assert!(!is_brought || !shows(TOKEN, &text), "{text}");
            }
        }
        let current = call.last().id.as_str().map(str::to_owned);
        assert!(told || current == last, "a call that nobody was told of");
        last = current;
    }
    // Whatever it was, it can be gone on with.
    let mut world = World::new([], []);
    world.now = now.saturating_add(200_000);
    session.change_credential();
    let mut client = Real::over(session, plan, 1);
    world.run(&mut client, 1);
    let told = world.trace.told().count();
    assert_eq!(told, 1, "{:?} {}", world.trace, client.shown());
}

/// Any hosts, any driver and any clock: every job ends, and every law of it holds; and a driver without sense does no
/// harm.
pub fn job(bytes: &[u8]) {
    let mut choices = Choices::new(bytes);
    if choices.byte() % 4 == 3 {
        nonsense(&mut choices);
    } else {
        Case::new(&mut choices).run();
    }
}
