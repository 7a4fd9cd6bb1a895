//! What became of a connection or of a token, kept beside a job, which knows kinds and no words.

use std::sync::{Mutex, MutexGuard, PoisonError};

use embedded_io::ErrorKind as IoKind;
use graph_call::job::Fault;

use crate::error::{Error, ErrorKind};

/// What became of a connection, or of a token, in the words of whoever tried.
#[derive(Debug, Default)]
pub(crate) struct Trace(Mutex<Causes>);

#[derive(Debug, Default)]
pub(crate) struct Causes {
    pub(crate) connection: Option<Error>,
    pub(crate) token: Option<Error>,
}

impl Trace {
    pub(crate) fn new() -> Self {
        Self::default()
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
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
