//! Behaviours of the hostile peer one after another, in any order, at one client that reads two calls in turn, disconnects, and is
//! let go in the middle: each reading has the outcome that it has alone, and no answer goes to another request.

use core::time::Duration;
use graph_call::{CallState, HeapCall};
use graph_call_std::credential::FixedToken;
use graph_call_std::service::{GROUP_CALL, P2P_CALL};
use graph_call_std::{AsyncClient, Client, Error, ErrorKind, Phase, Stack};
use graph_call_tests::fetch;
use graph_call_tests::hostile::{Behaviour, HostilePeer, Outcome, Version, good, meet, table};
use proptest::prelude::*;
use std::cell::{Cell, OnceCell};

type Result<T = ()> = std::result::Result<T, String>;

/// What comes next.
#[derive(Clone, Debug)]
enum Step {
    /// This row of the table, on a new connection or on the one that is there.
    Meet { row: prop::sample::Index, is_new: bool },
    /// A good reading.
    Read,
    /// No connection is kept.
    Disconnect,
    /// A reading of this row that nobody waits for longer than so many microseconds; where that cannot be, nothing.
    LetGo { row: prop::sample::Index, after: u64 },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (any::<prop::sample::Index>(), any::<bool>()).prop_map(|(row, is_new)| Step::Meet { row, is_new }),
        1 => Just(Step::Read),
        1 => Just(Step::Disconnect),
        2 => (any::<prop::sample::Index>(), 0..8_000_u64).prop_map(|(row, after)| Step::LetGo { row, after }),
    ];
    prop::collection::vec(step, 1..9)
}

/// The rows that are not a matter of time.
fn rows(version: Version) -> Vec<(&'static Behaviour, Outcome)> {
    let outcome = |row: &'static Behaviour| Some((row, row.outcome(version)?));
    table().iter().filter_map(outcome).filter(|(_, outcome)| *outcome != Outcome::Timeout).collect()
}

/// Whether a reading that meets a row in a sequence may come to this.
fn is_right(row: &Behaviour, alone: Outcome, came: Outcome, is_new: bool) -> bool {
    match (alone, came) {
        _ if came == alone => true,
        // What strikes a request that finds a connection strikes one that makes it: as good, and as new.
        (Outcome::Call, Outcome::CallAnew) => true,
        // A kept connection that fails before the answer is replaced unseen.
        (Outcome::Cut | Outcome::Tls, Outcome::CallAnew) => !is_new,
        // A session that is resumed has no certificate to prove, and keys that do not fit instead.
        (Outcome::Certificate, Outcome::Tls) => true,
        // What was left behind had the connection replaced already.
        (Outcome::CallAnew, Outcome::Call) => row.is_between_requests() || row.is_of_a_kept_connection(),
        _ => false,
    }
}

/// A client of either kind.
trait Reader {
    fn get(&self, id: &str) -> std::result::Result<Box<HeapCall>, Error>;
    fn disconnect(&self);
    fn let_go(&self, id: &str, after: Duration);
}

impl Reader for Client<Stack> {
    fn get(&self, id: &str) -> std::result::Result<Box<HeapCall>, Error> {
        Ok(self.get_call(id)?.call)
    }

    fn disconnect(&self) {
        Self::disconnect(self);
    }

    fn let_go(&self, _: &str, _: Duration) {}
}

struct Awaited(AsyncClient, tokio::runtime::Runtime);

impl Reader for Awaited {
    fn get(&self, id: &str) -> std::result::Result<Box<HeapCall>, Error> {
        Ok(self.1.block_on(self.0.get_call(id))?.call)
    }

    fn disconnect(&self) {
        self.1.block_on(self.0.disconnect());
    }

    fn let_go(&self, id: &str, after: Duration) {
        // In time or not: nobody looks at what it gives.
        let _ = self.1.block_on(async { tokio::time::timeout(after, self.0.get_call(id)).await });
    }
}

fn run(version: Version, steps: &[Step], peer: &HostilePeer, client: &dyn Reader) -> Result {
    let rows = rows(version);
    let turn = Cell::new(0_usize);
    let next_id = || {
        turn.set(turn.get() + 1);
        [P2P_CALL, GROUP_CALL][turn.get() % 2]
    };
    let get = &mut || {
        let id = next_id();
        let call = client.get(id)?;
        if call.id.as_str() != Some(id) {
            return Err(Error::new(ErrorKind::Capacity, Phase::Receive, "the call of another id"));
        }
        Ok::<Option<CallState>, Error>(call.state.get())
    };
    for (number, step) in steps.iter().enumerate() {
        let wrong = |what: String| format!("step {number}, {step:?}: {what}");
        match step {
            Step::Meet { row, is_new } => {
                let (row, alone) = rows[row.index(rows.len())];
                let is_new = *is_new || row.is_of_a_new_connection();
                if is_new {
                    client.disconnect();
                }
                let (came, error) =
                    meet(peer, row, get).map_err(|error| wrong(format!("{}: {error}", row.name)))?;
                if !is_right(row, alone, came, is_new) {
                    return Err(wrong(format!("{}: {came:?} ({error:?}), alone {alone:?}", row.name)));
                }
                // What strikes a new connection has not been met by one that was kept.
                peer.clear_orders();
            }
            Step::Read => good(get).map_err(wrong)?,
            Step::Disconnect => client.disconnect(),
            Step::LetGo { row, after } => {
                let (row, _) = rows[row.index(rows.len())];
                peer.order(row);
                client.let_go(next_id(), Duration::from_micros(*after));
                // A connection that was let go must not be what meets the next row.
                client.disconnect();
                peer.clear_orders();
                if !peer.is_alone_soon() {
                    return Err(wrong("a connection was left open".into()));
                }
            }
        }
    }
    // Whatever was: the next one works.
    good(get)
}

fn trial(version: Version, steps: &[Step]) -> Result {
    let text = |error: &dyn std::error::Error| error.to_string();
    let peer = HostilePeer::start(version).map_err(|error| text(&error))?;
    let builder = || {
        let credential = FixedToken::new("eyJ0eXAiOiJKV1QifQ.e30.c2ln")?;
        Ok(fetch::at(peer.address(), peer.ca_pem())?.credential(credential).timeouts(fetch::PATIENT))
    };
    let failed = |error: Error| text(&error);
    let client = builder().and_then(|builder| builder.build()).map_err(failed)?;
    run(version, steps, &peer, &client)?;
    // Its connection is not the next one's concern.
    drop(client);
    let client = builder().and_then(|builder| builder.build_async()).map_err(failed)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    run(version, steps, &peer, &Awaited(client, runtime.map_err(|error| text(&error))?))
}

/// Gives what was read first for everything that is read later.
struct Stale(Client<Stack>, OnceCell<Box<HeapCall>>);

impl Reader for Stale {
    fn get(&self, id: &str) -> std::result::Result<Box<HeapCall>, Error> {
        match self.1.get() {
            Some(call) => Ok(call.clone()),
            None => {
                let call = Reader::get(&self.0, id)?;
                Ok(self.1.get_or_init(|| call).clone())
            }
        }
    }

    fn disconnect(&self) {}

    fn let_go(&self, _: &str, _: Duration) {}
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_row_of_behaviours_is_each_of_them_under_tls_1_3(steps in steps()) {
        let outcome = trial(Version::Tls13, &steps);
        prop_assert!(outcome.is_ok(), "{outcome:?}");
    }

    #[test]
    fn any_row_of_behaviours_is_each_of_them_under_tls_1_2(steps in steps()) {
        let outcome = trial(Version::Tls12, &steps);
        prop_assert!(outcome.is_ok(), "{outcome:?}");
    }
}

/// A failure is told with the steps that led to it; making them fewer is not worth minutes.
fn config() -> ProptestConfig {
    let cases = std::env::var("SEQUENCES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(48);
    ProptestConfig { failure_persistence: None, max_shrink_iters: 100, ..ProptestConfig::with_cases(cases) }
}

#[test]
fn an_answer_to_another_request_is_found() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let peer = HostilePeer::start(Version::Tls13)?;
    let credential = FixedToken::new("eyJ0eXAiOiJKV1QifQ.e30.c2ln")?;
    let client = fetch::at(peer.address(), peer.ca_pem())?.credential(credential).build()?;
    let found = run(Version::Tls13, &[Step::Read, Step::Read], &peer, &Stale(client, OnceCell::new()));
    assert!(found.is_err_and(|found| found.contains("the call of another id")));
    Ok(())
}
