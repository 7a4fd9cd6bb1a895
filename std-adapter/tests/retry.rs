//! The retry planner: which answers, how often, how long.

use core::time::Duration;

use graph_call_std::retry::{Ended, Plan, Policy, Stop};

const LEFT: Duration = Duration::from_secs(100);

fn status(status: u16) -> Ended {
    Ended::Status { status, retry_after: None }
}

fn throttled(seconds: u64) -> Ended {
    Ended::Status { status: 429, retry_after: Some(Duration::from_secs(seconds)) }
}

fn wait(plan: Plan) -> f64 {
    match plan {
        Plan::Retry { after, .. } => after.as_secs_f64(),
        Plan::Stop(stop) => panic!("no retry: {stop:?}"),
    }
}

#[test]
fn without_retry_after_the_wait_doubles_from_three_seconds() {
    let waits: Vec<f64> = (1..=3).map(|n| wait(Policy::default().plan(n, &status(503), LEFT, 0))).collect();
    assert_eq!(waits, [3.0, 6.0, 12.0]);
    assert_eq!(Policy::default().plan(4, &status(503), LEFT, 0), Plan::Stop(Stop::Spent));
}

#[test]
fn only_the_documented_statuses_are_retried() {
    let default = Policy::default();
    let opted_in = Policy { server_errors: true, ..default };
    for code in 100..=599 {
        let always = matches!(code, 429 | 503 | 504);
        let opt_in = matches!(code, 408 | 500 | 502);
        assert_eq!(default.plan(1, &status(code), LEFT, 0) != Plan::Stop(Stop::Final), always, "{code}");
        let plan = opted_in.plan(1, &status(code), LEFT, 0);
        assert_eq!(plan != Plan::Stop(Stop::Final), always || opt_in, "{code}");
    }
    assert_eq!(default.plan(1, &Ended::Connect, LEFT, 0), Plan::Stop(Stop::Final));
    let connect = Policy { connect: true, ..default };
    assert_eq!(wait(connect.plan(1, &Ended::Connect, LEFT, 0)), 3.0);
}

#[test]
fn after_503_the_connection_is_new() {
    for (code, expected) in [(429, false), (503, true), (504, true)] {
        let Plan::Retry { fresh_connection, .. } = Policy::default().plan(1, &status(code), LEFT, 0) else {
            panic!("{code} must be retried");
        };
        assert_eq!(fresh_connection, expected, "{code}");
    }
}

#[test]
fn the_service_is_believed_once_then_the_floor_holds() {
    let policy = Policy::default();
    assert_eq!(wait(policy.plan(1, &throttled(1), LEFT, 0)), 1.0);
    assert_eq!(wait(policy.plan(2, &throttled(1), LEFT, 0)), 6.0);
    assert_eq!(wait(policy.plan(3, &throttled(1), LEFT, 0)), 12.0);
    assert_eq!(wait(policy.plan(2, &throttled(20), LEFT, 0)), 20.0);
}

#[test]
fn a_wait_that_does_not_fit_stops_at_once() {
    let policy = Policy::default();
    for seconds in [181, u64::MAX] {
        let wait = Duration::from_secs(seconds);
        let plan = policy.plan(1, &throttled(seconds), Duration::from_secs(1_000), 0);
        assert_eq!(plan, Plan::Stop(Stop::TooLong { wait }));
    }
    let wait = Duration::from_secs(30);
    let left = Duration::from_secs(30);
    assert_eq!(policy.plan(1, &throttled(30), left, 0), Plan::Stop(Stop::TooLong { wait }));
    assert_eq!(self::wait(policy.plan(1, &throttled(29), left, 0)), 29.0);
}

#[test]
fn jitter_lengthens_by_at_most_a_second_and_never_past_the_end() {
    let policy = Policy::default();
    for random in [0, 1, u32::MAX / 3, u32::MAX] {
        let got = wait(policy.plan(1, &throttled(5), LEFT, random));
        assert!((5.0..=6.0).contains(&got), "{got}");
        let tight = wait(policy.plan(1, &throttled(5), Duration::from_millis(5_200), random));
        assert!((5.0..=5.2).contains(&tight), "{tight}");
        assert!(wait(policy.plan(1, &throttled(180), Duration::MAX, random)) <= 180.0);
    }
    assert!(wait(policy.plan(1, &throttled(5), LEFT, u32::MAX)) > 5.999);
    let endless = Policy { jitter: Duration::MAX, wait_max: Duration::MAX, ..policy };
    assert!(wait(endless.plan(1, &throttled(5), LEFT, u32::MAX)) <= LEFT.as_secs_f64());
}

#[test]
fn more_retries_than_the_maximum_count_as_the_maximum() {
    let policy = Policy { retries: 200, wait_max: Duration::MAX, ..Policy::default() };
    assert_eq!(wait(policy.plan(10, &status(429), Duration::MAX, 0)), 1_536.0);
    assert_eq!(policy.plan(11, &status(429), Duration::MAX, 0), Plan::Stop(Stop::Spent));
    assert_eq!(policy.plan(255, &status(429), Duration::MAX, 0), Plan::Stop(Stop::Spent));
}

#[test]
fn whatever_happens_a_wait_is_polite_and_in_time() {
    let policy = Policy { server_errors: true, connect: true, ..Policy::default() };
    let seconds = [0, 1, 3, 7, 59, 179, 180, 181, u64::MAX];
    for attempt in 0..=u8::MAX {
        for asked in seconds.map(Some).into_iter().chain([None]) {
            for left in seconds.map(Duration::from_secs) {
                for random in [0, u32::MAX / 2, u32::MAX] {
                    let retry_after = asked.map(Duration::from_secs);
                    let ended = Ended::Status { status: 503, retry_after };
                    if let Plan::Retry { after, .. } = policy.plan(attempt, &ended, left, random) {
                        assert!(attempt <= policy.retries);
                        assert!(after <= left && after <= policy.wait_max, "{after:?} of {left:?}");
                        assert!(after >= retry_after.unwrap_or(policy.first_wait), "sooner than asked");
                    }
                }
            }
        }
    }
}
