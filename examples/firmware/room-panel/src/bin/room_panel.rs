//! Watches the call of a room over TLS, and shows it. Each new state is kept as a file of the emulator.

#![no_std]
#![no_main]

use core::cell::{Cell, RefCell};
use core::ffi::CStr;
use core::fmt::Write as _;

use cortex_m_rt::entry;
use embassy::{Connection, Job, Network, Secure};
use embassy_futures::select::select;
use embassy_net::Stack;
use embassy_sync::blocking_mutex::raw::NoopRawMutex;
use embassy_sync::signal::Signal;
use embassy_time::{Duration, Instant, with_timeout};
use graph_call::drive::{Nal, Told};
use graph_call::http::{ExpandMember, Limits};
use graph_call::job::{Peer, Step};
use graph_call::{Call, CallState};
use heapless::String;
use room_panel::display::Display;
use room_panel::{Line, OPTIONS, Panel, View, draw};
use static_cell::{ConstStaticCell, StaticCell};
use tls::AsyncSession;

const ROOM: &str = "Room Ada Lovelace";
/// The timer of the panel.
const SECOND: Duration = Duration::from_secs(1);

static FILLED: ConstStaticCell<Call<Panel>> = ConstStaticCell::new(Call::empty());
static SHOWN: ConstStaticCell<Call<Panel>> = ConstStaticCell::new(Call::empty());
static NETWORK: StaticCell<Network> = StaticCell::new();
static SESSION: ConstStaticCell<Job> = ConstStaticCell::new(Job::with_options(Limits::DEFAULT, OPTIONS));

#[entry]
fn main() -> ! {
    embassy::run(|spawner, stack| {
        if let Ok(task) = watch(stack) {
            spawner.spawn(task);
        }
    })
}

/// What is known, and since when.
struct Known {
    call: &'static mut Call<Panel>,
    line: Line,
    /// When the last reading was, if there was one.
    read: Option<Instant>,
    /// Since when people can talk.
    talk: Option<Instant>,
}

#[embassy_executor::task]
async fn watch(stack: Stack<'static>) {
    let (Some(plan), Ok(secure), Some(display)) =
        (embassy::plan(&[ExpandMember::PARTICIPANTS]), Secure::start(), Display::take())
    else {
        defmt::error!("what was set up cannot stand in a request, or is no authority");
        device::end(false)
    };
    let network = NETWORK.init(Network::new(stack));
    let known = RefCell::new(Known { call: SHOWN.take(), line: Line::Starting, read: None, talk: None });
    let is_new = Signal::new();
    let prove = async |connection: Connection<'static>, peer: Peer<'_>| secure.open(connection, peer).await;
    let show = |step: &Step<'_>| {
        room::tell(step);
        if let Step::Wait { after: Some(failure), .. } | Step::Failed(failure) = step {
            known.borrow_mut().line = Line::of(failure);
            is_new.signal(());
        }
    };
    let last = Cell::new(None);
    let told = |told, call: &mut Call<Panel>| match told {
        Told::Call => {
            let mut known = known.borrow_mut();
            let now = Instant::now();
            // What was shown is overwritten by the next reading; as long as none succeeds, it stays.
            core::mem::swap(known.call, call);
            (known.line, known.read) = (Line::Online, Some(now));
            last.set(known.call.state.get());
            known.talk = match last.get() {
                Some(CallState::Established | CallState::Hold) => known.talk.or(Some(now)),
                _ => None,
            };
            defmt::info!("state {}", known.call.state.as_str().unwrap_or("unknown"));
            is_new.signal(());
        }
        Told::Gone => last.set(Some(CallState::Terminated)),
        Told::Failed | Told::Over => {}
    };
    let job = async {
        embassy::learn_time(network, true).await;
        let platform = Nal::over_tls(network, embassy::now, embassy::wait, prove, AsyncSession::has_input);
        embassy::watch(network, platform, &plan, SESSION.take(), FILLED.take(), show, told).await;
    };
    select(job, paint(network, &known, &is_new, display)).await;
    defmt::info!("heap {} of {}", secure.heap().peak, room::TLS_HEAP_LENGTH);
    room::end(last.get() == Some(CallState::Terminated))
}

/// Shows what is known: when it is new, and every second.
async fn paint(
    network: &Network,
    known: &RefCell<Known>,
    is_new: &Signal<NoopRawMutex, ()>,
    mut display: Display,
) {
    let mut kept = (None, Line::Starting);
    let mut pictures = 0;
    loop {
        // A second is over, or something is new: either is a reason.
        let _ = with_timeout(SECOND, is_new.wait()).await;
        let known = known.borrow();
        let since = |then: Option<Instant>| then.map(|then| then.elapsed().as_secs() as u32);
        let line = if network.stack().is_link_up() { known.line } else { Line::Offline };
        let call = known.read.map(|_| &*known.call);
        let age = since(known.read).unwrap_or(0);
        let view = View { room: ROOM, call, line, lasts: since(known.talk), age };
        let Ok(()) = draw(&view, &mut display);
        let state = call.and_then(|call| call.state.get());
        if (state, line) != kept {
            kept = (state, line);
            pictures += 1;
            keep(&display, pictures, state, line);
        }
    }
}

/// Keeps a picture under its number, and logs what it is of.
fn keep(display: &Display, number: u32, state: Option<CallState>, line: Line) {
    let mut name = String::<16>::new();
    let is_kept = write!(name, "{number}.565\0").is_ok()
        && CStr::from_bytes_with_nul(name.as_bytes()).is_ok_and(|file| display.keep(file).is_ok());
    if !is_kept {
        defmt::error!("a picture cannot be kept");
    }
    let what = match line {
        Line::Starting => "starting",
        Line::Online => "online",
        Line::Trouble(what) => what,
        Line::Offline => "offline",
    };
    defmt::info!("picture {} of {}, {}", number, state, what);
}
