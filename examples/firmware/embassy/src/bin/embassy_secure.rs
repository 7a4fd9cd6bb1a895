//! Watches a call over TLS: the whole job of a product.

#![no_std]
#![no_main]

use cortex_m_rt::entry;
use embassy::{Connection, Job, Network, Secure};
use embassy_net::Stack;
use graph_call::drive::Told;
use graph_call::job::Peer;
use graph_call::{CallState, TinyCall};
use static_cell::{ConstStaticCell, StaticCell};

static CALL: ConstStaticCell<TinyCall> = ConstStaticCell::new(TinyCall::empty());
static NETWORK: StaticCell<Network> = StaticCell::new();
static SESSION: ConstStaticCell<Job> = ConstStaticCell::new(Job::new());

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
    let (Some(plan), Ok(secure)) = (embassy::plan(&[]), Secure::start()) else {
        defmt::error!("what was set up cannot stand in a request, or is no authority");
        device::end(false)
    };
    let network = NETWORK.init(Network::new(stack));
    // Without the time no certificate can be judged.
    embassy::learn_time(network, true).await;
    let mut last = None;
    let prove = async |connection: Connection<'static>, peer: Peer<'_>| secure.open(connection, peer).await;
    let told = |told, call: &mut TinyCall| match told {
        Told::Call => {
            last = call.state.get();
            defmt::info!("state {}", call.state.as_str().unwrap_or("unknown"));
        }
        Told::Gone => last = Some(CallState::Terminated),
        Told::Failed | Told::Over => {}
    };
    embassy::watch(network, &plan, SESSION.take(), CALL.take(), prove, room::tell, told).await;
    defmt::info!("heap {} of {}", secure.heap().peak, room::TLS_HEAP_LENGTH);
    room::end(last == Some(CallState::Terminated))
}
