//! The program whose images differ in the capacities of the call and in what proves the peer.

use core::cell::Cell;

use embassy_net::Stack;
use graph_call::drive::{AsyncPlatform, Nal, Told};
use graph_call::job::{Peer, Plan};
use graph_call::{Call, CallState, Capacities};
use static_cell::{ConstStaticCell, StaticCell};
use tls::AsyncSession;

use crate::{Connection, Job, Network, Secure, learn_time, now, plan, wait, watch};

static NETWORK: StaticCell<Network> = StaticCell::new();
static SESSION: ConstStaticCell<Job> = ConstStaticCell::new(Job::new());

/// An image: a call of these capacities, watched by one of the two programs below.
#[macro_export]
macro_rules! image {
    ($call:ty, $watch:path) => {
        static CALL: static_cell::ConstStaticCell<$call> =
            static_cell::ConstStaticCell::new(<$call>::empty());

        #[cortex_m_rt::entry]
        fn main() -> ! {
            $crate::run(|spawner, stack| {
                if let Ok(task) = work(stack) {
                    spawner.spawn(task);
                }
            })
        }

        #[embassy_executor::task]
        async fn work(stack: embassy_net::Stack<'static>) -> ! {
            $watch(stack, CALL.take()).await
        }
    };
}

/// Watches the call over plain HTTP: from a test double on the same desk, never from the service.
pub async fn watch_plain<C: Capacities>(stack: Stack<'static>, call: &'static mut Call<C>) -> !
where
    Call<C>: Send,
{
    let plan = planned();
    let network = NETWORK.init(Network::new(stack));
    learn_time(network, false).await;
    // No proof at all.
    let prove = async |connection: Connection<'static>, _: Peer<'_>| Ok(connection);
    let has_ended = follow(network, Nal::new(network, now, wait, prove), &plan, call).await;
    room::end(has_ended)
}

/// Watches the call over TLS.
pub async fn watch_secure<C: Capacities>(stack: Stack<'static>, call: &'static mut Call<C>) -> !
where
    Call<C>: Send,
{
    let plan = planned();
    let Ok(secure) = Secure::start() else {
        defmt::error!("what was set up is no authority");
        device::end(false)
    };
    let network = NETWORK.init(Network::new(stack));
    // Without the time no certificate can be judged.
    learn_time(network, true).await;
    let prove = async |connection: Connection<'static>, peer: Peer<'_>| secure.open(connection, peer).await;
    let platform = Nal::over_tls(network, now, wait, prove, AsyncSession::has_input);
    let has_ended = follow(network, platform, &plan, call).await;
    defmt::info!("heap {} of {}", secure.heap().peak, room::TLS_HEAP_LENGTH);
    room::end(has_ended)
}

/// What is to be done; the program ends where that cannot be.
fn planned() -> Plan<'static> {
    plan(&[]).unwrap_or_else(|| {
        defmt::error!("what was set up cannot stand in a request");
        device::end(false)
    })
}

/// Watches the call to the end of the job, and says whether it was the call's.
async fn follow<C: Capacities>(
    network: &Network,
    platform: impl AsyncPlatform,
    plan: &Plan<'_>,
    call: &mut Call<C>,
) -> bool
where
    Call<C>: Send,
{
    let last = Cell::new(None);
    let told = |told, call: &mut Call<C>| note(&last, told, call);
    watch(network, platform, plan, SESSION.take(), call, room::tell, told).await;
    last.get() == Some(CallState::Terminated)
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
