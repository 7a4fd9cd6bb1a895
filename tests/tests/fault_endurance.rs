//! Many fetches, in a row and side by side: none wrong, nothing left behind. What a process holds is told by /proc.
#![cfg(target_os = "linux")]

use graph_call::Call;
use graph_call_std::service::{GROUP_CALL, P2P_CALL, Service};
use graph_call_tests::fetch;
use graph_call_tests::held::Held;
use std::sync::{Mutex, PoisonError};
use std::thread;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// What a process holds can only be told when one test runs at a time.
static ALONE: Mutex<()> = Mutex::new(());

/// Memory may grow by so many bytes between the first tenth and the end.
const GROWTH_MAX: usize = 8 * 1024 * 1024;

#[test]
fn fetches_in_a_row_leave_nothing_behind() -> Result<()> {
    in_a_row(1_000)
}

#[test]
fn clients_side_by_side_are_all_served_right() -> Result<()> {
    side_by_side(20, 10)
}

#[test]
#[ignore = "takes minutes: ./ci.sh endurance"]
fn ten_thousand_fetches_in_a_row_leave_nothing_behind() -> Result<()> {
    in_a_row(10_000)
}

#[test]
#[ignore = "takes minutes: ./ci.sh endurance"]
fn a_hundred_clients_side_by_side_are_all_served_right() -> Result<()> {
    side_by_side(100, 100)
}

/// Every tenth fetch on a new client, so that connections come and go too.
fn in_a_row(fetches: usize) -> Result<()> {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let service = Service::start()?;
    let mut client = fetch::of(&service)?.build()?;
    let mut call = Call::new();
    let mut warm = None;
    for number in 0..fetches {
        if number % 10 == 0 {
            client = fetch::of(&service)?.build()?;
        }
        let id = if number % 2 == 0 { P2P_CALL } else { GROUP_CALL };
        fetch::get(&mut client, id, &mut call)?;
        assert_eq!(call.id.as_str(), Some(id));
        if number == fetches / 10 {
            warm = Some(Held::now()?);
        }
    }
    drop(client);
    let (warm, end) = (warm.ok_or("too few fetches")?, Held::now()?);
    println!("{fetches} fetches in a row: {warm:?} after a tenth, {end:?} at the end");
    assert!(end.descriptors <= warm.descriptors, "{warm:?}, then {end:?}");
    assert!(end.resident <= warm.resident + GROWTH_MAX, "{warm:?}, then {end:?}");
    assert_eq!(service.counters().requests, fetches as u64);
    Ok(())
}

fn side_by_side(clients: usize, fetches: usize) -> Result<()> {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let before = Held::now()?;
    let service = Service::start()?;
    thread::scope(|scope| {
        let clients: Vec<_> = (0..clients)
            .map(|number| {
                let service = &service;
                scope.spawn(move || -> Result<()> {
                    let mut client = fetch::of(service)?.timeouts(fetch::PATIENT).build()?;
                    let mut call = Call::new();
                    for fetch_number in 0..fetches {
                        let id = if (number + fetch_number) % 2 == 0 { P2P_CALL } else { GROUP_CALL };
                        fetch::get(&mut client, id, &mut call)?;
                        assert_eq!(call.id.as_str(), Some(id));
                    }
                    Ok(())
                })
            })
            .collect();
        clients.into_iter().try_for_each(|client| client.join().map_err(|_| "a client panicked")?)
    })?;
    assert_eq!(service.counters().requests, (clients * fetches) as u64);
    assert_eq!(service.counters().connections, clients as u64);
    drop(service);
    let after = Held::now()?;
    println!("{clients} clients with {fetches} fetches each: {before:?} before, {after:?} after");
    assert!(after.descriptors <= before.descriptors, "{before:?}, then {after:?}");
    Ok(())
}
