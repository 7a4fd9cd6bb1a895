//! The first program: one call, watched over plain HTTP from `graph-call serve --plain 8080`. The start of docs/firmware.md.

#![no_std]
#![no_main]

use cortex_m_rt::entry;
use embassy::Network;
use embassy_futures::select::{Either, select};
use embassy_net::Stack;
use embassy_time::{Instant, Timer};
use graph_call::TinyCall;
use graph_call::drive::{self, Nal, Told};
use graph_call::http::{CallId, Cloud, Host, RequestError, SelectMember};
use graph_call::job::{Credential, Peer, Plan, Query, Session, Step, TokenRequest};
use static_cell::{ConstStaticCell, StaticCell};

const TENANT: &str = "2432b57b-0abd-43db-aa7b-16eadd115d34";
const CLIENT_ID: &str = "9d7a1d36-0b51-4f0c-8f9e-6a5a4c1b7e20";
const CLIENT_SECRET: &str = "loopback-only~not-a-secret";
const CALL_ID: &str = "changing";
/// The loopback of the machine that emulates the board.
const HOST: &str = "10.0.2.2:8080";

static CALL: ConstStaticCell<TinyCall> = ConstStaticCell::new(TinyCall::empty());
static SESSION: ConstStaticCell<Session<512, 2048, 128>> = ConstStaticCell::new(Session::new());
static BUFFER: ConstStaticCell<[u8; 1024]> = ConstStaticCell::new([0; 1024]);
static NETWORK: StaticCell<Network> = StaticCell::new();

#[entry]
fn main() -> ! {
    embassy::run(|spawner, stack| {
        if let Ok(task) = work(stack) {
            spawner.spawn(task);
        }
    })
}

#[embassy_executor::task]
async fn work(stack: Stack<'static>) -> ! {
    let watched = watch(stack).await.inspect_err(|error| defmt::error!("{}", error));
    room::end(watched.is_ok())
}

async fn watch(stack: Stack<'static>) -> Result<(), RequestError> {
    // Another host than Microsoft's gets the secret: a test double of one's own.
    let host = Host::new(HOST)?;
    let token = TokenRequest::client_secret(Cloud::Global, TENANT, CLIENT_ID, CLIENT_SECRET)?;
    let token = token.danger_host(host);
    let mut query = Query::new(CallId::new(CALL_ID)?);
    query.select = &[SelectMember::ID, SelectMember::STATE, SelectMember::TARGETS];
    query.danger_host = Some(host);
    let plan = Plan::watch(query, Credential::Ask(&token)).every(5_000);

    let network = NETWORK.init(Network::new(stack));
    let now = || Instant::now().as_millis();
    let wait = async |until| Timer::at(Instant::from_millis(until)).await;
    let secure = async |connection, _: Peer<'_>| Ok(connection); // here belongs TLS
    let mut platform = Nal::new(network, now, wait, secure);
    let (session, buffer, call) = (SESSION.take(), BUFFER.take(), CALL.take());
    let mut job = session.start(&plan, embassy::number());
    loop {
        stack.wait_config_up().await;
        let work = drive::run_async(&mut job, &mut platform, buffer, call, log);
        match select(work, stack.wait_link_down()).await {
            Either::First(Told::Call) => defmt::info!("{}", call),
            Either::First(Told::Over) => return Ok(()),
            Either::First(Told::Failed | Told::Gone) | Either::Second(()) => {}
        }
    }
}

fn log(step: &Step<'_>) {
    match step {
        Step::Wait { after: Some(why), .. } => defmt::warn!("again: {}", why.kind),
        Step::Failed(why) => defmt::error!("failed: {} in {}", why.kind, why.phase),
        _ => {}
    }
}
