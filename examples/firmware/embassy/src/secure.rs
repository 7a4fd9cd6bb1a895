//! TLS over the connections of embassy-net.

use graph_call::job::{Fault, Peer};
use static_cell::{ConstStaticCell, StaticCell};
use tls::{AsyncSession, Error, HeapUse, Roots, Sources, Tls};

use crate::{Connection, unix_seconds};

static HEAP: ConstStaticCell<[u8; room::TLS_HEAP_LENGTH]> = ConstStaticCell::new([0; room::TLS_HEAP_LENGTH]);
static PROVISIONED: ConstStaticCell<[u8; room::ROOTS_LENGTH_MAX]> =
    ConstStaticCell::new([0; room::ROOTS_LENGTH_MAX]);
static ROOTS: StaticCell<Roots<'static>> = StaticCell::new();

/// What proves that a peer is the one with its name: the library, and the authorities that the device trusts.
#[derive(Clone, Copy)]
pub struct Secure {
    tls: Tls,
    roots: &'static Roots<'static>,
}

impl Secure {
    /// Starts the library. Call it once.
    ///
    /// # Errors
    /// Those of the library: memory, chance, an authority that is none.
    pub fn start() -> Result<Self, Error> {
        let tls = Tls::start(HEAP.take(), Sources { random: room::random, unix_seconds })?;
        let roots = Roots::new(tls, room::roots(PROVISIONED.take()))?;
        Ok(Self { tls, roots: ROOTS.init(roots) })
    }

    /// Has a peer prove it.
    ///
    /// # Errors
    /// When it does not.
    pub async fn open<'n>(
        self,
        connection: Connection<'n>,
        peer: Peer<'_>,
    ) -> Result<AsyncSession<'static, Connection<'n>>, Fault> {
        let session = AsyncSession::open(self.tls, self.roots, peer.host, connection).await;
        session.inspect_err(|error| defmt::warn!("TLS: {}", error)).map_err(|error| error.fault())
    }

    /// What it took of its memory.
    pub fn heap(self) -> HeapUse {
        self.tls.heap()
    }
}
