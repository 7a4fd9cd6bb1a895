//! A job's failure as an error of the adapter.

use core::time::Duration;
use std::borrow::Cow;

use graph_call::job::{self, Failure, FailureKind, Fault, Who};
use graph_call::{Culprit, ExchangeError};

use super::{Error, ErrorKind, Phase};
use crate::answer::Refusal;
use crate::client::Timeouts;
use crate::net::proxy::authority;

impl Error {
    /// The error of a failure; `cause` is what the network said of it.
    pub(crate) fn of_job(
        failure: &Failure<'_>,
        cause: Option<Self>,
        is_sign_in: bool,
        timeouts: &Timeouts,
    ) -> Self {
        let phase = match failure.phase {
            job::Phase::Prepare => Phase::Prepare,
            job::Phase::Token => Phase::Credential,
            job::Phase::Connect => Phase::Connect,
            job::Phase::Send => Phase::Send,
            job::Phase::FirstByte => Phase::FirstByte,
            job::Phase::Answer => Phase::Receive,
        };
        let mut error = match (failure.kind, cause) {
            // There was an answer, and no other token to be had for it.
            (FailureKind::Fault(Fault::TokenRefused | Fault::NoToken), _) if failure.refused.is_some() => {
                Self::new(ErrorKind::Service, Phase::Receive, "")
            }
            // What the network said is the same, in more words.
            (FailureKind::Fault(_), Some(cause)) => cause,
            (FailureKind::Timeout, Some(cause)) if failure.phase == job::Phase::Connect => cause,
            (FailureKind::Timeout | FailureKind::Fault(Fault::Timeout), _) => {
                Self::timeout(phase, limit(failure.phase, timeouts))
            }
            (kind, cause) => {
                let detail = match kind {
                    FailureKind::Refused | FailureKind::NoSuchCall => String::new(),
                    // No more of it than that: a 200 may hold somebody's call.
                    FailureKind::Answer(ExchangeError::NotJson) => {
                        let head = failure.refused.map(|refused| refused.head);
                        let media_type = head.and_then(|head| head.content_type()).unwrap_or("no type");
                        let length = head.and_then(|head| head.content_length());
                        let length = length.map(|length| format!(" of {length} bytes")).unwrap_or_default();
                        format!("status 200, but {media_type}{length} instead of a call")
                    }
                    FailureKind::Answer(error) => error.to_string(),
                    FailureKind::Throttled { wait } => {
                        let wait = Duration::from_millis(wait);
                        format!("it asks to come back in {wait:?}, longer than allowed")
                    }
                    kind => kind.to_string(),
                };
                let phase = match kind {
                    FailureKind::Throttled { .. } => Phase::Wait,
                    _ if is_sign_in => Phase::Credential,
                    _ => phase,
                };
                let error = Self::new(kind_of(failure, is_sign_in), phase, detail);
                match (kind, cause) {
                    (FailureKind::Answer(answer), _) => error.caused_by(answer),
                    (FailureKind::Cut, Some(cause)) => error.caused_by(cause),
                    _ => error,
                }
            }
        };
        if let Some(peer) = failure.peer {
            error = error.at(authority(peer.host, peer.port));
        }
        if let Some(refused) = failure.refused {
            let refusal = Refusal::from(refused);
            if refusal.head.status == 200 {
                error = error.with_head(refusal.head);
            } else {
                error.0.refusal = Some(refusal);
            }
        }
        error.0.who = failure.who;
        // Whoever met it may have known better.
        if error.0.hint.is_none() {
            error.0.hint = failure.hint().map(Cow::Borrowed);
        }
        error.0.before = failure.before.filter(|before| Some(*before) != error.status());
        error
    }
}

fn kind_of(failure: &Failure<'_>, is_sign_in: bool) -> ErrorKind {
    match failure.kind {
        FailureKind::Fault(fault) => match fault {
            Fault::NotResolved => ErrorKind::NotResolved,
            Fault::NotConnected => ErrorKind::Refused,
            Fault::Proxy(_) => ErrorKind::Proxy,
            Fault::Certificate => ErrorKind::Certificate,
            Fault::Tls => ErrorKind::Tls,
            Fault::NoToken | Fault::TokenRefused => ErrorKind::Credential,
            _ => ErrorKind::Cut,
        },
        FailureKind::Cut => ErrorKind::Cut,
        FailureKind::Timeout => ErrorKind::Timeout,
        FailureKind::Answer(error) if error.culprit() == Culprit::Capacity => ErrorKind::Capacity,
        FailureKind::Answer(_) | FailureKind::OtherAnswer | FailureKind::NotACall => ErrorKind::Answer,
        FailureKind::NoSuchCall => ErrorKind::NoSuchCall,
        // What a login host has to say passes if it has trouble of its own; a plain no stays one.
        FailureKind::Refused if is_sign_in && failure.who == Who::LoginHost => {
            match failure.refused.map(|refused| refused.head.status()) {
                Some(429 | 500..) => ErrorKind::Service,
                _ => ErrorKind::Credential,
            }
        }
        FailureKind::Throttled { .. } => ErrorKind::Throttled,
        FailureKind::BadToken | FailureKind::TokenTooLong | FailureKind::CredentialRefused => {
            ErrorKind::Credential
        }
        FailureKind::Refused | FailureKind::Unauthorized => ErrorKind::Service,
        _ => ErrorKind::Stack,
    }
}

/// The time that was up: the phase's, or the whole's.
fn limit(phase: job::Phase, timeouts: &Timeouts) -> Duration {
    let phase = match phase {
        job::Phase::Connect => timeouts.connect,
        job::Phase::Send => timeouts.send,
        job::Phase::FirstByte => timeouts.first_byte,
        job::Phase::Answer => timeouts.answer,
        _ => timeouts.whole,
    };
    phase.min(timeouts.whole)
}
