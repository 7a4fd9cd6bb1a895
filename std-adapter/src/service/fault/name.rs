//! The names of faults, for people who order them by the id of a call.

use super::{Fault, Phase};
use core::fmt;
use core::str::FromStr;
use std::time::Duration;

impl Fault {
    /// Every fault that has a name: the name, with `[.ARGUMENT]`, and what it does.
    pub const NAMES: &[(&str, &str)] = &[
        ("throttled[.SECONDS]", "429, Retry-After if seconds are given"),
        ("unavailable[.SECONDS]", "503, Retry-After if seconds are given"),
        ("status.CODE", "an error of this status"),
        ("unauthorized", "401, the access token has expired"),
        ("claims", "401, a claims challenge"),
        ("forbidden", "403, no permission"),
        ("redirect", "302 to another host"),
        ("no-content", "204"),
        ("html", "200 with a page of HTML"),
        ("text", "the call labelled text/plain"),
        ("gzip", "compressed although identity was asked"),
        ("chunked[.SIZE[.SIZE]]", "chunks of these sizes, 64 if none"),
        ("length.TEXT", "Content-Length says TEXT"),
        ("until-close", "content ended by close_notify"),
        ("until-cut", "content ended without close_notify"),
        ("huge[.BYTES]", "the call after blanks, 2 MiB if no size is given"),
        ("endless-interim", "interim answers without end"),
        ("endless-head", "field lines without end"),
        ("endless-content", "chunks without end"),
        ("endless-trailer", "a trailer section without end"),
        ("slow[.MILLISECONDS]", "one byte per interval, 5 ms if none is given"),
        ("stall.before-head", "no answer"),
        ("stall.in-head", "half of the head"),
        ("stall.in-content", "half of the content"),
        ("cut[.BYTES]", "end of TCP after so many bytes, 100 if none are given"),
        ("reset[.BYTES]", "reset of TCP after so many bytes, 100 if none are given"),
    ];
}

/// A fault was named that does not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownFault(String);

impl fmt::Display for UnknownFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no fault is named {:?}", self.0)
    }
}

impl core::error::Error for UnknownFault {}

impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(text: &str) -> Result<Self, UnknownFault> {
        let unknown = || UnknownFault(text.to_owned());
        let (name, argument) = match text.split_once('.') {
            Some((name, argument)) => (name, Some(argument)),
            None => (text, None),
        };
        let number = |default: u64| argument.map_or(Ok(default), |text| text.parse().map_err(|_| unknown()));
        let retry_after = argument.map(str::to_owned);
        Ok(match (name, argument) {
            ("throttled", _) => Self::Throttled { retry_after },
            ("unavailable", _) => Self::Unavailable { retry_after },
            ("status", Some(code)) => {
                Self::Status(code.parse().ok().filter(|code| (400..600).contains(code)).ok_or_else(unknown)?)
            }
            ("length", Some(text)) => Self::ContentLength(text.to_owned()),
            ("chunked", _) => {
                let sizes = argument.unwrap_or("64").split('.').map(str::parse).collect::<Result<_, _>>();
                Self::Chunked(sizes.map_err(|_| unknown())?)
            }
            ("huge", _) => Self::Huge(number(2 * 1024 * 1024)?),
            ("slow", _) => Self::Slow(Duration::from_millis(number(5)?)),
            ("cut", _) => Self::Cut { after: number(100)? as usize },
            ("reset", _) => Self::Reset { after: number(100)? as usize },
            ("stall", Some("before-head")) => Self::Stall(Phase::BeforeHead),
            ("stall", Some("in-head")) => Self::Stall(Phase::InHead),
            ("stall", Some("in-content")) => Self::Stall(Phase::InContent),
            ("unauthorized", None) => Self::Unauthorized,
            ("claims", None) => Self::ClaimsChallenge,
            ("forbidden", None) => Self::Forbidden,
            ("redirect", None) => Self::Redirect,
            ("no-content", None) => Self::NoContent,
            ("html", None) => Self::Html,
            ("text", None) => Self::ContentType("text/plain".to_owned()),
            ("gzip", None) => Self::Gzip,
            ("until-close", None) => Self::UntilClose,
            ("until-cut", None) => Self::UntilCut,
            ("endless-interim", None) => Self::EndlessInterim,
            ("endless-head", None) => Self::EndlessHead,
            ("endless-content", None) => Self::EndlessContent,
            ("endless-trailer", None) => Self::EndlessTrailer,
            _ => return Err(unknown()),
        })
    }
}
