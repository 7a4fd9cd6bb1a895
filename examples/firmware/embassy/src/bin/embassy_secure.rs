//! Watches a call over TLS: the whole job of a product.

#![no_std]
#![no_main]

use cortex_m_rt::entry;
use embassy::{Connection, Network};
use embassy_net::Stack;
use graph_call::drive::Told;
use graph_call::job::Peer;
use graph_call::{CallState, TinyCall};
use static_cell::{ConstStaticCell, StaticCell};
use tls::{AsyncSession, Error, Roots, Sources, Tls};

static CALL: ConstStaticCell<TinyCall> = ConstStaticCell::new(TinyCall::empty());
static HEAP: ConstStaticCell<[u8; room::TLS_HEAP_LENGTH]> = ConstStaticCell::new([0; room::TLS_HEAP_LENGTH]);
static NETWORK: StaticCell<Network> = StaticCell::new();
static PROVISIONED: ConstStaticCell<[u8; room::ROOTS_LENGTH_MAX]> =
    ConstStaticCell::new([0; room::ROOTS_LENGTH_MAX]);

#[entry]
fn main() -> ! {
    embassy::run(|spawner, stack| {
        if let Ok(task) = work(stack) {
            spawner.spawn(task);
        }
    })
}

#[embassy_executor::task]
async fn work(stack: Stack<'static>) {
    match watch(stack).await {
        Ok(is_over) => room::end(is_over),
        Err(error) => {
            defmt::error!("TLS: {}", error);
            device::end(false)
        }
    }
}

/// Watches the call; whether it has come to its end.
async fn watch(stack: Stack<'static>) -> Result<bool, Error> {
    let tls = Tls::start(HEAP.take(), Sources { random: room::random, unix_seconds: embassy::unix_seconds })?;
    let roots = Roots::new(tls, room::roots(PROVISIONED.take()))?;
    let Some(plan) = embassy::plan() else {
        defmt::error!("what was set up cannot stand in a request");
        return Ok(false);
    };
    let network = NETWORK.init(Network::new(stack));
    // Without the time no certificate can be judged.
    embassy::learn_time(network, true).await;
    let mut last = None;
    let secure = async |connection: Connection<'static>, peer: Peer<'_>| {
        let session = AsyncSession::open(tls, &roots, peer.host, connection).await;
        session.inspect_err(|error| defmt::warn!("TLS: {}", error)).map_err(|error| error.fault())
    };
    let told = |told, call: &TinyCall| match told {
        Told::Call => {
            last = call.state.get();
            defmt::info!("state {}", call.state.as_str().unwrap_or("unknown"));
        }
        Told::Gone => last = Some(CallState::Terminated),
        Told::Failed | Told::Over => {}
    };
    embassy::watch(network, &plan, CALL.take(), secure, room::tell, told).await;
    defmt::info!("heap {} of {}", tls.heap().peak, room::TLS_HEAP_LENGTH);
    Ok(last == Some(CallState::Terminated))
}
