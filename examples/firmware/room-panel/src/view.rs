//! What is to be seen: a call, how long it lasts, and how the connection to the service is.

use core::fmt::Write as _;

use embedded_graphics::pixelcolor::Rgb565;
use graph_call::job::{Failure, FailureKind, Fault};
use graph_call::{
    Call, CallDirection, CallState, Capacities, ExtraName, IdentitySet, MediaState, Overflow, ParseOptions,
};
use heapless::String;

use crate::draw::rgb;
use crate::text;

graph_call::capacities! {
    /// What a panel keeps of a call: names that fill a line, and a roster of four.
    pub Panel { id: 48, text: 64, uri: 0, word: 0, tag: 0, set: 1, list: 2, expand: 4, extras: 1 }
}

/// How a panel reads: half a name is better than none.
pub const OPTIONS: ParseOptions = ParseOptions::new().overflow(Overflow::Truncate);

/// The most bytes of a line.
pub(crate) const LINE_LENGTH_MAX: usize = 96;

/// How the connection to the service is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Line {
    /// Nothing was read yet.
    Starting,
    /// The last reading has succeeded.
    Online,
    /// It has not, for this reason; it is tried again.
    Trouble(&'static str),
    /// There is no network.
    Offline,
}

impl Line {
    /// What a failure is to somebody who stands before the panel.
    pub fn of(failure: &Failure<'_>) -> Self {
        let status = failure.refused.map(|refused| refused.head.status());
        Self::Trouble(match (failure.kind, status) {
            (FailureKind::Throttled { .. }, _) | (_, Some(429 | 500..)) => "The service is busy",
            (FailureKind::Unauthorized | FailureKind::CredentialRefused, _) | (_, Some(401 | 403)) => {
                "The sign-in is refused"
            }
            (FailureKind::Fault(Fault::NotResolved), _) => "The name of the service is not found",
            (FailureKind::Fault(Fault::Certificate | Fault::Tls), _) => "The service is not to be trusted",
            (FailureKind::Fault(_) | FailureKind::Cut | FailureKind::Timeout, _) => {
                "The service is not reached"
            }
            (FailureKind::NoSuchCall, _) => "There is no such call",
            _ => "The service is not understood",
        })
    }
}

/// What is to be seen.
#[derive(Clone, Copy, Debug)]
pub struct View<'a, C: Capacities = Panel> {
    /// What the room is called.
    pub room: &'a str,
    /// The last reading; none before the first one.
    pub call: Option<&'a Call<C>>,
    /// How the connection is.
    pub line: Line,
    /// Seconds since people could talk.
    pub lasts: Option<u32>,
    /// Seconds since the last reading.
    pub age: u32,
}

impl<C: Capacities> View<'_, C> {
    /// Whether what is shown may be over.
    pub(crate) fn is_old(&self) -> bool {
        self.line != Line::Online
    }

    /// The state in a word or two, and its colour.
    pub(crate) fn state(&self) -> (&'static str, Rgb565) {
        let (word, colour) = match self.call.map(|call| call.state.get()) {
            None => ("No call", rgb(0x38_44_54)),
            Some(Some(state)) => match state {
                CallState::Incoming => ("Incoming", rgb(0x1F_6F_D0)),
                CallState::Establishing => ("Connecting", rgb(0xB8_76_10)),
                CallState::Ringing => ("Ringing", rgb(0x1F_6F_D0)),
                CallState::Established => ("In call", rgb(0x17_8A_4A)),
                CallState::Hold => ("On hold", rgb(0x6C_4F_B8)),
                CallState::Transferring => ("Transferring", rgb(0x6C_4F_B8)),
                CallState::TransferAccepted => ("Transferred", rgb(0x6C_4F_B8)),
                CallState::Redirecting => ("Redirecting", rgb(0x6C_4F_B8)),
                CallState::Terminating => ("Hanging up", rgb(0x55_60_70)),
                CallState::Terminated => ("Ended", rgb(0x55_60_70)),
                _ => ("New state", rgb(0x55_60_70)),
            },
            Some(None) => ("Unknown", rgb(0x55_60_70)),
        };
        (word, if self.is_old() && self.call.is_some() { rgb(0x38_44_54) } else { colour })
    }

    /// How long people have been able to talk, as a clock shows it.
    pub(crate) fn timer(&self) -> Option<String<LINE_LENGTH_MAX>> {
        let lasts = self.lasts.filter(|_| {
            let state = self.call.and_then(|call| call.state.get());
            matches!(state, Some(CallState::Established | CallState::Hold))
        })?;
        let (hours, minutes, seconds) = (lasts / 3600, lasts / 60 % 60, lasts % 60);
        let mut shown = String::new();
        // There is room for any number of hours.
        let _ = match hours {
            0 => write!(shown, "{minutes}:{seconds:02}"),
            _ => write!(shown, "{hours}:{minutes:02}:{seconds:02}"),
        };
        Some(shown)
    }

    /// Whether it is a call to somebody, or from somebody; whom; and how many others there are.
    pub(crate) fn peers(&self) -> Option<(&'static str, String<LINE_LENGTH_MAX>, usize)> {
        let call = self.call?;
        let mut shown = String::new();
        if call.direction == CallDirection::Incoming {
            name(call.source.get()?.identity.get(), &mut shown);
            return Some(("from", shown, 0));
        }
        name(call.targets.iter().next()?.identity.get(), &mut shown);
        Some(("to", shown, call.targets.total().saturating_sub(1)))
    }

    /// Whether the room itself is muted, by the roster; or nothing is heard at all.
    pub(crate) fn silence(&self) -> Option<&'static str> {
        let call = self.call.filter(|call| call.state == CallState::Established)?;
        let own = call.my_participant_id.as_str();
        let roster = call.participants.iter();
        let me =
            roster.filter(|who| own.is_some() && who.id.as_str() == own).find_map(|who| who.is_muted.get());
        let flows = call.media_state.get().and_then(|media| media.audio.get());
        match (me, flows) {
            (Some(true), _) => Some("Muted"),
            (_, Some(MediaState::Inactive)) => Some("No sound"),
            _ => None,
        }
    }

    /// What is wrong, or what there is to say of the end.
    pub(crate) fn remark(&self) -> Option<String<LINE_LENGTH_MAX>> {
        let mut shown = String::new();
        let written = match self.line {
            Line::Starting => write!(shown, "Waiting for the service"),
            Line::Trouble(what) => write!(shown, "{what}: trying again"),
            Line::Offline => write!(shown, "No network"),
            Line::Online => {
                let result = self.call?.result_info.get()?;
                if result.code.get().is_none_or(|code| code == 0) {
                    return None;
                }
                text::shown(result.message.as_str()?, &mut shown);
                Ok(())
            }
        };
        written.ok().filter(|()| !shown.is_empty()).map(|()| shown)
    }

    /// How old the last reading is, where that matters.
    pub(crate) fn old(&self) -> Option<String<LINE_LENGTH_MAX>> {
        self.call.filter(|_| self.is_old() && self.age >= 5)?;
        let mut shown = String::new();
        // There is room for any number.
        let _ = match self.age {
            0..60 => write!(shown, "as of {} s ago", self.age),
            60..7200 => write!(shown, "as of {} min ago", self.age / 60),
            _ => write!(shown, "as of {} h ago", self.age / 3600),
        };
        Some(shown)
    }
}

/// Who it is: the name, if it has characters that can be shown; or an address or a number, or what kind of thing it is.
fn name<C: Capacities>(set: Option<&IdentitySet<C>>, to: &mut String<LINE_LENGTH_MAX>) {
    let Some(identity) = set.and_then(|set| set.identities.iter().next()) else {
        text::shown("somebody", to);
        return;
    };
    let kind = identity.kind.as_str().unwrap_or("somebody");
    let is_number = kind == "phone";
    let ways = [
        identity.display_name.as_str(),
        identity.extra(ExtraName::Email),
        identity.extra(ExtraName::UserPrincipalName),
        identity.id.as_str().filter(|_| is_number),
        Some(match kind {
            "user" | "guest" => "a person",
            "application" | "applicationInstance" => "an application",
            "phone" => "a telephone",
            _ => "somebody",
        }),
    ];
    if let Some(way) = ways.into_iter().flatten().find(|way| text::is_shown(way)) {
        text::shown(way, to);
    }
}
