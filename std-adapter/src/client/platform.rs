//! What the job of a reading needs of a client: a turn, the time, the token of all.

use std::sync::Arc;

use graph_call::drive::{AsyncPlatform, Granted, Link, Wanted};
use graph_call::http::End;
use graph_call::job::{Fault, Peer};

use super::engine::Engine;
use super::network::{Lane, Network};
use super::settings::milliseconds;
use super::sign_in::granted;
use super::tokens::Want;
use super::trace::Trace;
use super::turn::{Exchanging, Turn};
use crate::credential::Secret;
use crate::event::Event;

/// The platform of a reading.
pub(crate) struct Platform<'t, 'e, N: Network> {
    engine: &'e Engine<N>,
    trace: &'t Trace,
    /// Which token the session has.
    serial: &'t mut u64,
    token: Option<Arc<Secret>>,
    /// The turn, while there is no exchange.
    turn: Option<Turn<'e, N>>,
}

impl<'t, 'e, N: Network> Platform<'t, 'e, N> {
    pub(crate) fn new(
        engine: &'e Engine<N>,
        trace: &'t Trace,
        serial: &'t mut u64,
        turn: Option<Turn<'e, N>>,
    ) -> Self {
        Self { engine, trace, serial, token: None, turn }
    }
}

impl<'t, 'e, N: Network> AsyncPlatform for Platform<'t, 'e, N> {
    type Link = Exchanging<'t, 'e, N>;

    /// A lane fails where TLS has not said that the peer is done.
    const END: End = End::CloseNotify;

    fn now(&mut self) -> u64 {
        self.engine.network.now()
    }

    async fn wait(&mut self, until: u64) {
        self.engine.network.wait(until, &self.engine.lanes).await;
    }

    /// Others have their turn meanwhile.
    async fn pause(&mut self, until: u64) {
        self.turn = None;
        self.wait(until).await;
        let by = self.engine.network.now().saturating_add(milliseconds(self.engine.settings.timeouts.whole));
        self.turn = self.engine.turn(by).await.ok();
    }

    async fn open(&mut self, peer: Peer<'_>, is_fresh: bool, by: u64) -> Result<Link<Self::Link>, Fault> {
        let Self { engine, trace, .. } = *self;
        let mut turn = match self.turn.take() {
            Some(turn) => turn,
            None => engine.turn(by).await.map_err(|error| trace.not_opened(error))?,
        };
        let lane = turn.lane();
        let is_kept = !is_fresh && lane.is_clean();
        if is_kept {
            engine.tell(&Event::Reused { host: lane.authority().unwrap_or_default() });
        } else {
            engine.network.close(lane).await;
            // On the heap, as the sign-in: what is rare must not make every future large.
            if let Err(error) = Box::pin(turn.open(peer, false, by)).await {
                self.turn = Some(turn);
                return Err(trace.not_opened(error));
            }
        }
        Ok(Link { io: Exchanging { turn: Some(turn), trace }, is_kept })
    }

    fn set_deadline(&mut self, link: &mut Self::Link, by: u64) {
        if let Some(turn) = &mut link.turn {
            turn.lane().set_deadline(by);
        }
    }

    fn keep(&mut self, link: Self::Link) {
        self.turn = link.into_turn();
    }

    async fn close(&mut self, mut link: Self::Link) {
        if let Ok(lane) = link.lane() {
            self.engine.network.close(lane).await;
        }
        self.turn = link.into_turn();
    }

    async fn token(&mut self, wanted: Wanted<'_>) -> Result<Granted<'_>, Fault> {
        let want = Want { serial: *self.serial, was_refused: wanted.was_refused };
        let result = Box::pin(self.engine.token(want, wanted, &mut self.turn)).await;
        let current = result.map_err(|(fault, error)| {
            if let Some(error) = error {
                self.trace.remember_token(error);
            }
            fault
        })?;
        *self.serial = current.serial;
        let lifetime = current.lifetime(self.engine.network.now());
        granted(self.token.insert(current.token), (lifetime < u64::MAX).then_some(lifetime))
    }
}
