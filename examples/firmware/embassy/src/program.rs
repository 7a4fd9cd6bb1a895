//! The program whose images differ in the capacities of the call and in what proves the peer.

use core::cell::Cell;

use embassy_net::Stack;
use graph_call::drive::{Nal, Told};
use graph_call::job::Peer;
use graph_call::{Call, CallState, Capacities};
use static_cell::{ConstStaticCell, StaticCell};
use tls::AsyncSession;

use crate::{Connection, Job, Network, Secure, learn_time, now, plan, wait, watch};

static NETWORK: StaticCell<Network> = StaticCell::new();
static SESSION: ConstStaticCell<Job> = ConstStaticCell::new(Job::new());

/// Watches the call over plain HTTP: from a test double on the same desk, never from the service.
pub async fn watch_plain<C: Capacities>(stack: Stack<'static>, call: &'static mut Call<C>) -> !
where
    Call<C>: Send,
{
    let Some(plan) = plan(&[]) else {
        defmt::error!("what was set up cannot stand in a request");
        device::end(false)
    };
    let network = NETWORK.init(Network::new(stack));
    learn_time(network, false).await;
    let last = Cell::new(None);
    // No proof at all.
    let prove = async |connection: Connection<'static>, _: Peer<'_>| Ok(connection);
    let platform = Nal::new(network, now, wait, prove);
    watch(network, platform, &plan, SESSION.take(), call, room::tell, |told, call| note(&last, told, call))
        .await;
    room::end(last.get() == Some(CallState::Terminated))
}

/// Watches the call over TLS.
pub async fn watch_secure<C: Capacities>(stack: Stack<'static>, call: &'static mut Call<C>) -> !
where
    Call<C>: Send,
{
    let (Some(plan), Ok(secure)) = (plan(&[]), Secure::start()) else {
        defmt::error!("what was set up cannot stand in a request, or is no authority");
        device::end(false)
    };
    let network = NETWORK.init(Network::new(stack));
    // Without the time no certificate can be judged.
    learn_time(network, true).await;
    let last = Cell::new(None);
    let prove = async |connection: Connection<'static>, peer: Peer<'_>| secure.open(connection, peer).await;
    let platform = Nal::over_tls(network, now, wait, prove, AsyncSession::has_input);
    watch(network, platform, &plan, SESSION.take(), call, room::tell, |told, call| note(&last, told, call))
        .await;
    defmt::info!("heap {} of {}", secure.heap().peak, room::TLS_HEAP_LENGTH);
    room::end(last.get() == Some(CallState::Terminated))
}

/// Logs what a reading came to, and keeps how far the call has come.
fn note<C: Capacities>(last: &Cell<Option<CallState>>, told: Told, call: &Call<C>) {
    match told {
        Told::Call => {
            last.set(call.state.get());
            defmt::info!("state {}", call.state.as_str().unwrap_or("unknown"));
        }
        Told::Gone => last.set(Some(CallState::Terminated)),
        Told::Failed | Told::Over => {}
    }
}
