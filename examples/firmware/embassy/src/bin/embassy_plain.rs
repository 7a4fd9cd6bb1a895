//! Watches a call over plain HTTP: from a test double on the same desk, never from the service.

#![no_std]
#![no_main]

use cortex_m_rt::entry;
use embassy::{Job, Network};
use embassy_net::Stack;
use graph_call::drive::Told;
use graph_call::{CallState, TinyCall};
use static_cell::{ConstStaticCell, StaticCell};

static CALL: ConstStaticCell<TinyCall> = ConstStaticCell::new(TinyCall::empty());
static SESSION: ConstStaticCell<Job> = ConstStaticCell::new(Job::new());
static NETWORK: StaticCell<Network> = StaticCell::new();

#[entry]
fn main() -> ! {
    embassy::run(|spawner, stack| {
        if let Ok(task) = watch(stack) {
            spawner.spawn(task);
        }
    })
}

#[embassy_executor::task]
async fn watch(stack: Stack<'static>) {
    let Some(plan) = embassy::plan(&[]) else {
        defmt::error!("what was set up cannot stand in a request");
        device::end(false)
    };
    let network = NETWORK.init(Network::new(stack));
    embassy::learn_time(network, false).await;
    let mut last = None;
    // No proof at all.
    let secure = async |connection, _: graph_call::job::Peer<'_>| Ok(connection);
    let told = |told, call: &mut TinyCall| match told {
        Told::Call => {
            last = call.state.get();
            defmt::info!("state {}", call.state.as_str().unwrap_or("unknown"));
        }
        Told::Gone => last = Some(CallState::Terminated),
        Told::Failed | Told::Over => {}
    };
    embassy::watch(network, &plan, SESSION.take(), CALL.take(), secure, room::tell, told).await;
    room::end(last == Some(CallState::Terminated))
}
