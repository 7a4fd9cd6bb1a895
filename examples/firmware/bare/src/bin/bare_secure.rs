//! Watches a call over TLS: the whole job of a product.

#![no_std]
#![no_main]

use bare::{Secure, Tcp};
use cortex_m_rt::entry;
use graph_call::http::End;
use graph_call::job::{Fault, Peer};
use static_cell::{ConstStaticCell, StaticCell};
use tls::{Roots, Session, Sources, Tls};

static HEAP: ConstStaticCell<[u8; room::TLS_HEAP_LENGTH]> = ConstStaticCell::new([0; room::TLS_HEAP_LENGTH]);
static PROVISIONED: ConstStaticCell<[u8; room::ROOTS_LENGTH_MAX]> =
    ConstStaticCell::new([0; room::ROOTS_LENGTH_MAX]);
static ROOTS: StaticCell<Roots<'static>> = StaticCell::new();

#[entry]
fn main() -> ! {
    let sources = Sources { random: room::random, unix_seconds: bare::unix_seconds };
    let proved = Tls::start(HEAP.take(), sources).and_then(|tls| {
        Ok(Proved { tls, roots: ROOTS.init(Roots::new(tls, room::roots(PROVISIONED.take()))?) })
    });
    match proved {
        Ok(proved) => bare::watch(proved),
        Err(error) => {
            defmt::error!("TLS: {}", error);
            device::end(false)
        }
    }
}

/// A peer that is proved to be the one with its name, by one of the authorities.
struct Proved {
    tls: Tls,
    roots: &'static Roots<'static>,
}

impl Secure for Proved {
    type Link = Session<'static, Tcp>;

    const END: End = End::CloseNotify;
    const NEEDS_TIME: bool = true;

    fn open(&mut self, tcp: Tcp, peer: Peer<'_>) -> Result<Self::Link, Fault> {
        let session = Session::open(self.tls, self.roots, peer.host, tcp);
        session.inspect_err(|error| defmt::warn!("TLS: {}", error)).map_err(|error| error.fault())
    }

    fn tcp(link: &mut Self::Link) -> &mut Tcp {
        link.socket()
    }

    fn is_silent(link: &mut Self::Link) -> bool {
        !link.has_input() && link.socket().is_silent()
    }

    fn tell(&self) {
        defmt::info!("heap {} of {}", self.tls.heap().peak, room::TLS_HEAP_LENGTH);
    }
}
