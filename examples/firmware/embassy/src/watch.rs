//! The job over embassy-net.

use embassy_futures::select::{Either, select};
use embassy_time::{Instant, Timer};
use embedded_io_async::{Read, Write};
use graph_call::drive::{self, Nal, Told};
use graph_call::http::ExpandMember;
use graph_call::job::{Fault, Peer, Plan, Session, Step, Watched};
use room::Settings;
use static_cell::{ConstStaticCell, StaticCell};

use crate::{Connection, Network};

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

/// Watches the call to its end, over connections that `secure` makes what they have to be. `show` is called with every
/// step, `told` with what it came to. Call it once.
pub async fn watch<'n, L: Read + Write, W: Watched + Send>(
    network: &'n Network,
    plan: &Plan<'_>,
    session: &mut Job,
    call: &mut W,
    secure: impl AsyncFnMut(Connection<'n>, Peer<'_>) -> Result<L, Fault>,
    mut show: impl FnMut(&Step<'_>),
    mut told: impl FnMut(Told, &mut W),
) {
    let now = || Instant::now().as_millis();
    let wait = async |until| Timer::at(Instant::from_millis(until)).await;
    let mut platform = Nal::new(network, now, wait, secure);
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
