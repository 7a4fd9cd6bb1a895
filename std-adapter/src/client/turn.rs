//! A turn: one of the client's connections, for as long as a reading has it.

use embedded_io::{ErrorKind as IoKind, ErrorType};
use embedded_io_async::{Read, Write};
use graph_call::job::Peer;

use super::engine::Engine;
use super::network::{Lane, Network};
use super::pool::Taken;
use super::trace::Trace;
use crate::error::{Error, ErrorKind, Phase};
use crate::event::Event;
use crate::net::connection::spoken;

impl<N: Network> Engine<N> {
    /// Waits for a turn.
    pub(crate) async fn turn(&self, by: u64) -> Result<Turn<'_, N>, Error> {
        let taken = match self.lanes.try_take() {
            Some(taken) => Some(taken),
            None => self.network.within(self.lanes.take(), by).await,
        };
        let lane = match taken {
            Some(Taken::Idle(lane)) => lane,
            Some(Taken::Unmade) => self.network.lane(),
            None => {
                let text = "every connection was in use all the time";
                return Err(Error::new(ErrorKind::Timeout, Phase::Prepare, text));
            }
        };
        Ok(Turn::new(self, lane))
    }

    /// Drops the connections that nobody uses.
    pub(crate) async fn disconnect(&self) {
        let taken = core::iter::from_fn(|| match self.lanes.try_take()? {
            Taken::Idle(lane) => Some(Turn::new(self, lane)),
            Taken::Unmade => Some(Turn::new(self, self.network.lane())),
        });
        for mut turn in taken.collect::<Vec<_>>() {
            self.network.close(turn.lane()).await;
        }
    }
}

/// A lane for as long as it is one's turn.
pub(crate) struct Turn<'e, N: Network> {
    engine: &'e Engine<N>,
    /// None once it has been given back.
    lane: Option<N::Lane>,
}

impl<'e, N: Network> Turn<'e, N> {
    pub(crate) fn new(engine: &'e Engine<N>, lane: N::Lane) -> Self {
        Self { engine, lane: Some(lane) }
    }

    pub(crate) fn lane(&mut self) -> &mut N::Lane {
        let Self { engine, lane } = self;
        lane.get_or_insert_with(|| engine.network.lane())
    }

    /// Opens its connection.
    pub(crate) async fn open(&mut self, peer: Peer<'_>, is_sign_in: bool, by: u64) -> Result<(), Error> {
        let engine = self.engine;
        let route = engine.settings.route(peer, is_sign_in)?;
        let mut events = |event: &Event<'_>| engine.tell(event);
        let lane = self.lane();
        engine.network.open(lane, &route, by, &mut events).await?;
        if lane.has_spoken() {
            engine.network.close(lane).await;
            return Err(spoken().at(route.authority()));
        }
        Ok(())
    }
}

impl<N: Network> Drop for Turn<'_, N> {
    fn drop(&mut self) {
        if let Some(lane) = self.lane.take() {
            self.engine.lanes.put(lane);
        }
    }
}

/// The connection of a turn during an exchange. One that is dropped is closed: nobody knows what comes on it next.
pub(crate) struct Exchanging<'t, 'e, N: Network> {
    pub(crate) turn: Option<Turn<'e, N>>,
    pub(crate) trace: &'t Trace,
}

impl<'e, N: Network> Exchanging<'_, 'e, N> {
    /// The exchange is over.
    pub(crate) fn into_turn(mut self) -> Option<Turn<'e, N>> {
        self.turn.take()
    }

    pub(crate) fn lane(&mut self) -> Result<&mut N::Lane, IoKind> {
        self.turn.as_mut().map(Turn::lane).ok_or(IoKind::NotConnected)
    }
}

impl<N: Network> Drop for Exchanging<'_, '_, N> {
    fn drop(&mut self) {
        if let Some(turn) = &mut self.turn {
            turn.lane().clear();
        }
    }
}

impl<N: Network> ErrorType for Exchanging<'_, '_, N> {
    type Error = IoKind;
}

impl<N: Network> Read for Exchanging<'_, '_, N> {
    async fn read(&mut self, output: &mut [u8]) -> Result<usize, IoKind> {
        let trace = self.trace;
        let length = self.lane()?.read(output).await.map_err(|error| trace.failed(error))?;
        if let Some(turn) = &self.turn {
            trace.received(output.get(..length).unwrap_or_default(), |event| turn.engine.tell(event));
        }
        Ok(length)
    }
}

impl<N: Network> Write for Exchanging<'_, '_, N> {
    async fn write(&mut self, input: &[u8]) -> Result<usize, IoKind> {
        let trace = self.trace;
        let length = self.lane()?.write(input).await.map_err(|error| trace.failed(error))?;
        if let Some(turn) = &self.turn {
            trace.sent(input.get(..length).unwrap_or_default(), |event| turn.engine.tell(event));
        }
        Ok(length)
    }

    async fn flush(&mut self) -> Result<(), IoKind> {
        let trace = self.trace;
        self.lane()?.flush().await.map_err(|error| trace.failed(error))
    }
}
