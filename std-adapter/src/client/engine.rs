//! What both clients are: settings, a pool of connections, a token, and sessions.
//!
//! - takes: what a builder has gathered, and a network
//! - keeps: lanes with their connections, sessions that have a token, the token of all
//!
//! What is done with it stands in files of its own: `turn` gives out connections, `sign_in` the token, `reading` a call.

use core::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::network::Network;
use super::pool::Pool;
use super::settings::Settings;
use super::tokens::Tokens;
use super::{PIECE_LENGTH, Session};
use crate::credential::Credential;
use crate::event::Event;

/// A listener of [`Event`]s.
pub(crate) type Listener = Box<dyn FnMut(&Event<'_>) + Send>;

/// What a client is made of, besides its network.
pub(crate) struct Parts {
    pub(crate) settings: Settings,
    pub(crate) credential: Box<dyn Credential + Send>,
    pub(crate) listener: Option<Listener>,
}

/// A session, and what belongs to it.
pub(crate) struct Worker {
    pub(crate) session: Session,
    /// Which token the session has.
    pub(crate) serial: u64,
    pub(crate) buffer: Box<[u8]>,
}

/// What both clients are.
pub(crate) struct Engine<N: Network> {
    pub(crate) settings: Settings,
    pub(crate) network: N,
    pub(crate) lanes: Pool<N::Lane>,
    pub(crate) tokens: Tokens,
    /// Sessions of readings that are over: they have the token, and no memory is set up for the next one.
    workers: Mutex<Vec<Box<Worker>>>,
    listener: Option<Mutex<Listener>>,
}

impl<N: Network> Engine<N> {
    /// An engine with these lanes, and those that the settings allow beside them.
    pub(crate) fn new(parts: Parts, network: N, lanes: Vec<N::Lane>, more: usize) -> Self {
        let Parts { settings, credential, listener } = parts;
        let session = Box::new(Session::with_options(settings.limits, settings.parse_options));
        Self {
            tokens: Tokens::new(credential, session),
            settings,
            network,
            lanes: Pool::new(lanes, more),
            workers: Mutex::new(Vec::new()),
            listener: listener.map(Mutex::new),
        }
    }

    /// A session for a reading, with a token if there is one that a reading has left.
    pub(crate) fn worker(&self) -> Box<Worker> {
        locked(&self.workers).pop().unwrap_or_else(|| self.new_worker(PIECE_LENGTH))
    }

    /// A session of its own, with so many bytes for pieces of an answer.
    pub(crate) fn new_worker(&self, piece_length: usize) -> Box<Worker> {
        Box::new(Worker {
            session: Session::with_options(self.settings.limits, self.settings.parse_options),
            serial: 0,
            buffer: vec![0; piece_length].into(),
        })
    }

    /// Takes back the session of a reading that is over.
    pub(crate) fn keep(&self, worker: Box<Worker>) {
        let mut workers = locked(&self.workers);
        if workers.len() < self.settings.connections {
            workers.push(worker);
        }
    }

    /// Tells of a step, if somebody listens.
    pub(crate) fn tell(&self, event: &Event<'_>) {
        if let Some(listener) = &self.listener {
            locked(listener)(event);
        }
    }

    /// Whether somebody listens.
    pub(crate) fn is_heard(&self) -> bool {
        self.listener.is_some()
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A listener that panics is the caller's; nothing of this crate is half done then.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<N: Network> fmt::Debug for Engine<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("settings", &self.settings)
            .field("tokens", &self.tokens)
            .finish_non_exhaustive()
    }
}
