//! A failure as people read it.

use core::fmt;

use super::{Failure, FailureKind, Phase, Refused, Said};
use crate::shown::Shown;

/// `refused: status 401 from the login host at login.microsoftonline.com: invalid_client AADSTS7000215 "..."`
impl fmt::Display for Failure<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind)?;
        if let Some(Refused { head, .. }) = &self.refused {
            write!(f, ": status {} from {}", head.status(), self.who)?;
        }
        if let Some(peer) = &self.peer {
            write!(f, " at {}", Shown(peer.host))?;
        }
        match &self.refused {
            Some(refused) => write!(f, ": {refused}")?,
            None => write!(f, " ({})", self.phase)?,
        }
        if let Some(status) = self.before {
            write!(f, ", after status {status}")?;
        }
        Ok(())
    }
}

/// What was said, and what it is called; without the status.
impl fmt::Display for Refused<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { head, said, is_cut } = self;
        let Said { code, inner_code, message, target, details, excerpt, request_id } = *said;
        let mut mark = "";
        for word in [code, inner_code.filter(|inner| code != Some(*inner))].into_iter().flatten() {
            write!(f, "{mark}{}", Shown(word))?;
            mark = " ";
        }
        if let Some(message) = message.filter(|message| !message.is_empty()) {
            write!(f, "{mark}\"{}\"", Shown(message))?;
            mark = " ";
        }
        if let Some(target) = target.filter(|target| !target.is_empty()) {
            write!(f, "{mark}about {}", Shown(target))?;
            mark = " ";
        }
        if let Some(details) = details {
            write!(f, "{mark}({details})")?;
            mark = " ";
        }
        if code.is_none() && message.is_none() {
            write!(f, "{mark}{}", Shown(head.content_type().unwrap_or("no content type")))?;
            mark = " ";
        }
        if let Some(excerpt) = excerpt.filter(|excerpt| !excerpt.is_empty()) {
            write!(f, "{mark}\"{}\"", Shown(excerpt))?;
        }
        if let Some(location) = head.location() {
            write!(f, ", to {}", Shown(location))?;
        }
        if let Some(id) = request_id {
            write!(f, ", request {}", Shown(id))?;
        }
        if *is_cut {
            f.write_str(", cut off")?;
        }
        Ok(())
    }
}

impl fmt::Display for FailureKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fault(fault) => return fault.fmt(f),
            Self::Answer(error) => return error.fmt(f),
            Self::Throttled { wait } => return write!(f, "asked to wait {wait} ms, longer than allowed"),
            Self::Cut => "the connection ended before the answer did",
            Self::Timeout => "the time is over",
            Self::OtherAnswer => "the answer is to another request",
            Self::NotACall => "the answer is no call",
            Self::NoSuchCall => "no such call",
            Self::Refused => "refused",
            Self::Unauthorized => "the token is refused, also a new one",
            Self::BadToken => "the answer holds no token",
            Self::TokenTooLong => "the token is longer than the room for it",
            Self::CredentialRefused => "the credential was refused before, and is not used again",
            Self::Misuse => "the driver handed over no buffer, or said what it cannot have done",
        })
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Prepare => "prepare",
            Self::Token => "token",
            Self::Connect => "connect",
            Self::Send => "send",
            Self::FirstByte => "first byte",
            Self::Answer => "answer",
        })
    }
}

impl core::error::Error for Failure<'_> {}

#[cfg(feature = "defmt")]
impl defmt::Format for Said<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        let Self { code, inner_code, message, target, details, excerpt, request_id } = *self;
        let [code, inner_code, message, target, excerpt, request_id] =
            [code, inner_code, message, target, excerpt, request_id].map(|text| text.map(Shown));
        defmt::write!(
            f,
            "Said {{ code: {}, inner_code: {}, message: {}, target: {}, details: {}, excerpt: {}, request_id: {} }}",
            code,
            inner_code,
            message,
            target,
            details,
            excerpt,
            request_id
        );
    }
}
