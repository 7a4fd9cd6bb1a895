//! What became of a connection or of a token, kept beside a job, which knows kinds and no words.

use std::sync::{Mutex, MutexGuard, PoisonError};

use embedded_io::ErrorKind as IoKind;
use graph_call::job::Fault;

use super::record::{Record, Wants};
use crate::error::{Error, ErrorKind};
use crate::event::Event;

/// What became of a connection, or of a token, in the words of whoever tried; and what passed over the connection, if
/// somebody wants that.
pub(crate) struct Trace {
    wants: Wants,
    causes: Mutex<Causes>,
}

#[derive(Default)]
pub(crate) struct Causes {
    pub(crate) connection: Option<Error>,
    pub(crate) token: Option<Error>,
    pub(crate) record: Record,
}

impl Trace {
    pub(crate) fn new(wants: Wants) -> Self {
        Self { wants, causes: Mutex::default() }
    }

    /// Takes what was written to the connection.
    pub(crate) fn sent(&self, bytes: &[u8], tell: impl FnOnce(&Event<'_>)) {
        if self.wants.heads
            && let Some(lines) = self.lock().record.sent(bytes)
        {
            tell(&Event::RequestHead { lines: &lines });
        }
    }

    /// Takes what was read from the connection.
    pub(crate) fn received(&self, bytes: &[u8], tell: impl Fn(&Event<'_>)) {
        if self.wants.any() {
            let heads = self.lock().record.received(bytes, self.wants);
            heads.iter().for_each(|lines| tell(&Event::AnswerHead { lines }));
        }
    }

    pub(crate) fn remember(&self, error: Error) {
        self.lock().connection = Some(error);
    }

    pub(crate) fn remember_token(&self, error: Error) {
        self.lock().token = Some(error);
    }

    pub(crate) fn forget(&self) {
        *self.lock() = Causes::default();
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Causes> {
        self.causes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers what became of a connection, and says it in the words of a job.
    pub(crate) fn failed(&self, error: Error) -> IoKind {
        let kind = error.kind();
        self.remember(error);
        match kind {
            ErrorKind::Timeout => IoKind::TimedOut,
            ErrorKind::Certificate => IoKind::PermissionDenied,
            ErrorKind::Tls => IoKind::InvalidData,
            _ => IoKind::ConnectionReset,
        }
    }

    /// The same of a connection that did not come about.
    pub(crate) fn not_opened(&self, error: Error) -> Fault {
        let fault = match error.kind() {
            ErrorKind::NotResolved => Fault::NotResolved,
            ErrorKind::Proxy => Fault::Proxy(error.head().map_or(0, |head| head.status)),
            // What is wrong with the request itself is not mended by another attempt either.
            ErrorKind::Certificate | ErrorKind::Usage => Fault::Certificate,
            ErrorKind::Tls => Fault::Tls,
            ErrorKind::Cut => Fault::Reset,
            ErrorKind::Timeout => Fault::Timeout,
            _ => Fault::NotConnected,
        };
        self.remember(error);
        fault
    }
}
