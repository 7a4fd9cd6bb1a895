//! Load: many readings on one client, many connections, many watches at once. What the process holds stays as it was.
#![cfg(target_os = "linux")]

use graph_call::Call;
use graph_call_std::service::{GROUP_CALL, P2P_CALL, Service};
use graph_call_std::{AsyncClient, Client, Reading, Stack};
use graph_call_tests::fetch;
use graph_call_tests::held::Held;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

/// What a process holds can only be told when one test runs at a time.
static ALONE: Mutex<()> = Mutex::new(());

/// Memory may grow by so many bytes between the first tenth and the end.
const GROWTH_MAX: usize = 4 * 1024 * 1024;

/// How much of it.
struct Load {
    readings: usize,
    connections: usize,
    watches: usize,
    /// How long each watch lasts, read every second or so.
    watched: Duration,
}

#[test]
fn a_little_load_leaves_nothing_behind() -> Result {
    let load = Load { readings: 1_500, connections: 60, watches: 100, watched: Duration::from_secs(2) };
    run(&load, Duration::ZERO)
}

/// For `SOAK_MINUTES`, or once.
#[test]
#[ignore = "takes many minutes: ./ci.sh soak"]
fn load_leaves_nothing_behind() -> Result {
    let minutes = std::env::var("SOAK_MINUTES").ok().map(|text| text.parse()).transpose()?.unwrap_or(0);
    let load =
        Load { readings: 200_000, connections: 2_000, watches: 1_000, watched: Duration::from_secs(60) };
    run(&load, Duration::from_secs(60 * minutes))
}

#[test]
fn a_leak_is_found() -> Result {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let mut kept = Vec::new();
    let flat = flat("kept", 100, || {
        kept.push((std::fs::File::open("/proc/self/statm")?, vec![1_u8; 100_000]));
        Ok(())
    });
    assert!(flat.is_err_and(|error| error.to_string().contains("kept")));
    Ok(())
}

fn run(load: &Load, span: Duration) -> Result {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let began = Instant::now();
    let service = Service::builder().lifetime(span + Duration::from_secs(3600)).start()?;
    let builder = || Ok::<_, Box<dyn std::error::Error>>(fetch::of(&service)?.timeouts(fetch::PATIENT));
    let client: Client<Stack> = builder()?.build()?;
    let awaited: AsyncClient = builder()?.build_async()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut first: Option<Held> = None;
    loop {
        let mut call = Call::new();
        let mut number = 0;
        let mut read = || -> Result {
            number += 1;
            let id = [P2P_CALL, GROUP_CALL][number % 2];
            client.get_call_into(id, &mut call)?;
            let fetched = runtime.block_on(awaited.get_call(id))?;
            assert_eq!((call.id.as_str(), fetched.call.id.as_str()), (Some(id), Some(id)));
            Ok(())
        };
        flat("readings", load.readings / 2, &mut read)?;
        flat("connections", load.connections / 2, || {
            client.disconnect();
            runtime.block_on(awaited.disconnect());
            read()
        })?;
        let disconnect = || {
            client.disconnect();
            runtime.block_on(awaited.disconnect());
            // The service notices.
            std::thread::sleep(Duration::from_millis(200));
        };
        disconnect();
        let before = Held::now()?;
        let readings = runtime.block_on(watch(&awaited, load))?;
        disconnect();
        let after = Held::in_the_end(before)?;
        println!("{} watches at once, {readings} readings: {before:?} before, {after:?} after", load.watches);
        assert!(readings >= 2 * load.watches, "{readings} readings");
        assert!(
            after.descriptors <= before.descriptors && after.threads <= before.threads,
            "{before:?}, then {after:?}"
        );
        let first = *first.get_or_insert(after);
        assert!(
            after.resident <= first.resident + GROWTH_MAX,
            "{first:?} after the first round, then {after:?}"
        );
        if began.elapsed() >= span {
            return Ok(());
        }
    }
}

/// Watches at once; gives how many readings they had together.
async fn watch(client: &AsyncClient, load: &Load) -> Result<usize> {
    let watches = (0..load.watches).map(|number| {
        let mut watch = client
            .watch([P2P_CALL, GROUP_CALL][number % 2])
            .every(Duration::from_secs(1).max(load.watched / 10))
            .lasts(load.watched);
        tokio::spawn(async move {
            let mut readings = 0;
            while let Some(reading) = watch.next().await {
                match reading {
                    Ok(Reading::Call(_)) => readings += 1,
                    other => return Err(format!("{other:?}")),
                }
            }
            Ok(readings)
        })
    });
    let mut readings = 0;
    for watch in watches.collect::<Vec<_>>() {
        readings += watch.await??;
    }
    Ok(readings)
}

/// Does something so often; what is held after a tenth is all that is ever held.
fn flat(what: &str, times: usize, mut act: impl FnMut() -> Result) -> Result {
    let began = Instant::now();
    let mut warm = None;
    for time in 0..times {
        act()?;
        if time == times / 10 {
            warm = Some(Held::now()?);
        }
    }
    let warm = warm.ok_or("too few times")?;
    let end = Held::in_the_end(warm)?;
    println!("{times} {what} in {:.1?}: {warm:?} after a tenth, {end:?} at the end", began.elapsed());
    let is_flat = end.descriptors <= warm.descriptors
        && end.threads <= warm.threads
        && end.resident <= warm.resident + GROWTH_MAX;
    if is_flat { Ok(()) } else { Err(format!("{what}: {warm:?}, then {end:?}").into()) }
}
