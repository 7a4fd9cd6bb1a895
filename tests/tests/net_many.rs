//! Many readings at once over one client: turns, one token, and what is given up.

use core::time::Duration;
use std::error::Error as StdError;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Instant;

use graph_call_std::credential::{ClientCredentials, FixedToken};
use graph_call_std::service::{CLIENT_ID, CLIENT_SECRET, Fault, P2P_CALL, Service, TENANT};
use graph_call_std::{AsyncClient, Client, ClientBuilder, ErrorKind, Reading, Timeouts};
use graph_call_tests::fetch;
use graph_call_tests::net::tls_peer::{TlsPeer, answer};

type Outcome = Result<(), Box<dyn StdError>>;

fn runtime() -> Result<tokio::runtime::Runtime, std::io::Error> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()
}

fn builder(service: &Service) -> Result<ClientBuilder, graph_call_std::Error> {
    let credential = ClientCredentials::new(TENANT, CLIENT_ID, CLIENT_SECRET)?;
    Ok(fetch::at(service.address(), service.ca_pem())?.credential(credential).timeouts(Timeouts::DEFAULT))
}

/// Requests without an access token: those for one.
fn sign_ins(service: &Service) -> u64 {
    let counters = service.counters();
    counters.requests - counters.with_access_token
}

#[test]
fn tasks_share_connections_and_one_sign_in() -> Outcome {
    let service = Service::start()?;
    let client = builder(&service)?.build_async()?;
    let fetched = runtime()?.block_on(async {
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..64 {
            let client = client.clone();
            tasks.spawn(async move { client.get_call(P2P_CALL).await.map(|fetched| fetched.call) });
        }
        tasks.join_all().await
    });
    assert_eq!(fetched.len(), 64);
    for call in fetched {
        assert_eq!(call?.id.as_str(), Some(P2P_CALL));
    }
    let counters = service.counters();
    assert_eq!(sign_ins(&service), 1);
    assert!(counters.connections <= 8 + 1, "{}, one of them to sign in", counters.connections);
    Ok(())
}

#[test]
fn threads_share_connections_and_one_sign_in() -> Outcome {
    let service = Service::start()?;
    let client: Client = builder(&service)?.connections(4).build()?;
    fetch::side_by_side(16, |_| {
        for _ in 0..4 {
            assert_eq!(client.get_call(P2P_CALL)?.call.id.as_str(), Some(P2P_CALL));
        }
        Ok(())
    })?;
    let counters = service.counters();
    assert_eq!(sign_ins(&service), 1);
    assert!(counters.connections <= 4 + 1, "{}", counters.connections);
    Ok(())
}

/// How many requests a peer has before it, and how many it had at most.
#[derive(Default)]
struct Crowd {
    count: Mutex<(usize, usize)>,
    has_grown: Condvar,
}

impl Crowd {
    /// Takes a request, and holds it until there are so many, or nobody else comes.
    fn hold(&self, enough: usize) {
        let mut count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        count.0 += 1;
        count.1 = count.1.max(count.0);
        self.has_grown.notify_all();
        let patience = Duration::from_millis(500);
        let held = self.has_grown.wait_timeout_while(count, patience, |(_, most)| *most < enough);
        drop(held);
        // One too many would come now.
        std::thread::sleep(Duration::from_millis(20));
        self.count.lock().unwrap_or_else(PoisonError::into_inner).0 -= 1;
    }

    fn most(&self) -> usize {
        self.count.lock().unwrap_or_else(PoisonError::into_inner).1
    }
}

/// No reading waits for another one while there is a connection left, and none uses more than there are.
#[test]
fn as_many_readings_are_under_way_as_there_are_connections() -> Outcome {
    for connections in [1, 2, 8] {
        for is_awaited in [false, true] {
            let crowd = Arc::new(Crowd::default());
            let holding = Arc::clone(&crowd);
            let peer = TlsPeer::start(move |mut talk| {
                while talk.request()? {
                    holding.hold(connections);
                    let records = talk.records(&answer(P2P_CALL, 0))?;
                    talk.send(&records)?;
                }
                Ok(())
            })?;
            let builder = fetch::at(peer.address(), peer.ca_pem())?.timeouts(Timeouts::DEFAULT);
            let builder =
                builder.credential(FixedToken::new("eyJ0eXAiOiJKV1QifQ.e30.c2ln")?).connections(connections);
            if is_awaited {
                let client = builder.build_async()?;
                runtime()?.block_on(async {
                    let mut tasks = tokio::task::JoinSet::new();
                    for _ in 0..2 * connections {
                        let client = client.clone();
                        tasks.spawn(async move { client.get_call(P2P_CALL).await.map(drop) });
                    }
                    tasks.join_all().await.into_iter().collect::<Result<(), _>>()
                })?;
            } else {
                let client = builder.build()?;
                fetch::side_by_side(2 * connections, |_| Ok(client.get_call(P2P_CALL).map(drop)?))?;
            }
            assert_eq!(crowd.most(), connections, "awaited: {is_awaited}");
        }
    }
    Ok(())
}

#[test]
fn a_cancelled_get_leaves_its_turn_and_no_half_answer() -> Outcome {
    let service = Service::start()?;
    let client = builder(&service)?.connections(1).build_async()?;
    runtime()?.block_on(async {
        client.get_call(P2P_CALL).await?;
        for (phase, connections) in [("before-head", 1), ("in-head", 1), ("in-content", 1)] {
            let before = service.counters().connections;
            service.order(format!("stall.{phase}").parse::<Fault>()?);
            let cancelled = tokio::time::timeout(Duration::from_millis(100), client.get_call(P2P_CALL)).await;
            assert!(cancelled.is_err(), "{phase}: the stall was not met");
            assert_eq!(client.get_call(P2P_CALL).await?.call.id.as_str(), Some(P2P_CALL), "{phase}");
            assert_eq!(service.counters().connections, before + connections, "{phase}");
        }
        // Who only waits for a turn has nothing to give back.
        service.order("stall.before-head".parse::<Fault>()?);
        let first = client.clone();
        let first = tokio::spawn(async move { first.get_call(P2P_CALL).await.map(drop) });
        tokio::time::sleep(Duration::from_millis(50)).await;
        let waiting = tokio::time::timeout(Duration::from_millis(50), client.get_call(P2P_CALL)).await;
        assert!(waiting.is_err(), "there is one connection, and it is in use");
        first.abort();
        assert_eq!(client.get_call(P2P_CALL).await?.call.id.as_str(), Some(P2P_CALL));
        Outcome::Ok(())
    })
}

#[test]
fn a_turn_is_waited_for_as_long_as_the_whole_may_last() -> Outcome {
    let service = Service::start()?;
    let whole = Duration::from_millis(400);
    let client =
        builder(&service)?.connections(1).timeouts(Timeouts { whole, ..Timeouts::DEFAULT }).build_async()?;
    runtime()?.block_on(async {
        client.get_call(P2P_CALL).await?;
        service.order("stall.in-content".parse::<Fault>()?);
        let first = client.clone();
        let first = tokio::spawn(async move { first.get_call(P2P_CALL).await.map(drop) });
        tokio::time::sleep(Duration::from_millis(20)).await;
        let began = Instant::now();
        let second = client.get_call(P2P_CALL).await;
        assert!(began.elapsed() < whole + Duration::from_secs(1));
        // The first is over by then: the second has had its turn, or none.
        if let Err(error) = second {
            assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
        }
        assert!(first.await?.is_err());
        Outcome::Ok(())
    })
}

#[test]
fn a_cancelled_next_loses_no_reading() -> Outcome {
    // A request whose answer is not waited for counts as well: each state is there for two.
    let service = Service::builder().reads_per_state(2).start()?;
    let client = builder(&service)?.build_async()?;
    runtime()?.block_on(async {
        let mut watch = client.watch(graph_call_std::service::CHANGING_CALL).every(Duration::from_secs(1));
        let mut states = Vec::new();
        let mut gone = 0;
        let mut cancelled = 0;
        loop {
            // In the wait, in the sign-in, in the answer: wherever it is; then late, so that a busy machine sees an answer.
            let patience = Duration::from_millis(if cancelled % 2 == 0 { 3 } else { 400 });
            match tokio::time::timeout(patience, watch.next()).await {
                Err(_) => {
                    cancelled += 1;
                    continue;
                }
                Ok(None) => break,
                Ok(Some(reading)) => match reading? {
                    Reading::Call(fetched) => states.push(fetched.call.state.as_str().map(str::to_owned)),
                    Reading::Gone(_) => gone += 1,
                },
            }
        }
        assert_eq!(states.last().cloned().flatten().as_deref(), Some("terminated"), "{states:?}");
        assert_eq!(gone, 0, "{states:?}");
        assert!(states.len() >= 2 && cancelled >= 5, "{states:?}, cancelled {cancelled} times");
        assert!(watch.next().await.is_none());
        Outcome::Ok(())
    })
}

/// The memory that this process has in use, in kB.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}

#[test]
fn a_thousand_watches_run_over_one_client() -> Outcome {
    const WATCHES: usize = 1_000;
    let service = Service::start()?;
    let client: AsyncClient = builder(&service)?.build_async()?;
    let runtime = runtime()?;
    runtime.block_on(client.get_call(P2P_CALL))?;
    let before = resident();
    let readings = Arc::new(AtomicUsize::new(0));
    runtime.block_on(async {
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..WATCHES {
            let (client, readings) = (client.clone(), Arc::clone(&readings));
            tasks.spawn(async move {
                let mut watch = client.watch(P2P_CALL).every(Duration::from_secs(10));
                while let Some(reading) = watch.next().await {
                    if reading.is_ok() {
                        readings.fetch_add(1, Relaxed);
                    }
                }
            });
        }
        let began = Instant::now();
        while readings.load(Relaxed) < WATCHES && began.elapsed() < Duration::from_secs(60) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    assert!(readings.load(Relaxed) >= WATCHES, "{} readings", readings.load(Relaxed));
    let counters = service.counters();
    assert!(counters.connections <= 8 + 1, "{} connections", counters.connections);
    assert_eq!(sign_ins(&service), 1);
    if let (Some(before), Some(after)) = (before, resident()) {
        let each = after.saturating_sub(before) / WATCHES as u64;
        println!("{each} kB for each watch, the service's memory for its readings included");
        assert!(each <= 40, "{each} kB for each watch");
    }
    Ok(())
}
