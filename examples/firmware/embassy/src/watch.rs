//! The job over embassy-net.

use embassy_futures::select::{Either, select};
use embassy_time::{Instant, Timer};
use graph_call::drive::{self, AsyncPlatform, Told};
use graph_call::http::ExpandMember;
use graph_call::job::{Plan, Session, Step, Watched};
use room::Settings;
use static_cell::{ConstStaticCell, StaticCell};

use crate::Network;

/// The state of the job: 512 bytes for the head of an answer, 2,048 for the token.
pub type Job = Session<512, 2048, 128>;

static ARGUMENT: ConstStaticCell<[u8; Settings::ARGUMENT_LENGTH_MAX]> =
    ConstStaticCell::new([0; Settings::ARGUMENT_LENGTH_MAX]);
static SETTINGS: StaticCell<Settings> = StaticCell::new();
static BUFFER: ConstStaticCell<[u8; 1024]> = ConstStaticCell::new([0; 1024]);

/// What is to be done, by what was set up, with these relationships of the call; `None` if it cannot stand in a request.
/// Call it once.
pub fn plan(expand: &'static [ExpandMember]) -> Option<Plan<'static>> {
    let settings = Settings::new(ARGUMENT.take()).ok()?;
    SETTINGS.init(settings).plan(expand).ok()
}

/// The time, as a platform has it.
pub fn now() -> u64 {
    Instant::now().as_millis()
}

/// Waits until a time.
pub async fn wait(until: u64) {
    Timer::at(Instant::from_millis(until)).await;
}

/// Watches the call to its end, by a platform over the network. `show` is called with every step, `told` with what it came
/// to. Call it once.
pub async fn watch<W: Watched + Send>(
    network: &Network,
    mut platform: impl AsyncPlatform,
    plan: &Plan<'_>,
    session: &mut Job,
    call: &mut W,
    mut show: impl FnMut(&Step<'_>),
    mut told: impl FnMut(Told, &mut W),
) {
    let mut job = session.start(plan, crate::number());
    let buffer = BUFFER.take();
    loop {
        network.wait_up().await;
        let work = drive::run_async(&mut job, &mut platform, buffer, call, &mut show);
        match select(work, network.stack().wait_link_down()).await {
            Either::First(Told::Over) => break,
            Either::First(what) => told(what, call),
            // The attempt was given up, and begins again when there is a network.
            Either::Second(()) => defmt::warn!("link down"),
        }
    }
}
