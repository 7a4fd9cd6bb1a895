//! What happened.

use core::fmt;

use graph_call::job::{FailureKind, Phase, Who};

use super::deed::base64;
use super::{Deed, SECRET, TOKEN};

/// What the user was told.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// A call: its subject and state.
    Call(String),
    /// The call is gone.
    Gone {
        /// All that is shown of it.
        shown: String,
    },
    /// A reading has failed.
    Failed {
        /// Why.
        kind: FailureKind,
        /// In which phase.
        phase: Phase,
        /// Who answered.
        who: Who,
        /// The status, if there was one.
        status: Option<u16>,
        /// The wait that was asked for, in milliseconds.
        retry_after: Option<u128>,
        /// Whether there was an answer, and not all of it.
        is_cut: bool,
        /// Whether it is the end.
        is_final: bool,
        /// What is to be done.
        hint: Option<&'static str>,
        /// All that is shown of it.
        shown: String,
    },
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// A connection was made.
    Connected {
        /// To this host.
        host: String,
    },
    /// A host has a whole request.
    Asked {
        /// The host.
        host: String,
        /// The request.
        request: String,
        /// What the host does with it.
        deed: Deed,
        /// What an honest answer would say.
        subject: String,
    },
    /// The network failed, or nothing came.
    Broken {
        /// The host.
        host: String,
    },
    /// The host ended the connection.
    Ended {
        /// The host.
        host: String,
    },
    /// The connection was closed.
    Closed,
    /// Time is to pass until then.
    Wait {
        /// Until then.
        until: u64,
        /// Between two readings.
        is_pause: bool,
    },
    /// A token from outside was asked for.
    AskedForToken {
        /// With these claims.
        claims: Option<String>,
        /// The last one was refused.
        was_refused: bool,
    },
    /// A future was dropped.
    Dropped,
    /// A connection was used on of which a future was dropped.
    UsedOn,
    /// The clock has jumped.
    Jumped,
    /// What a host has to say was not heard to its end.
    Unheard,
    /// The buffer held a secret after a step that sends nothing.
    BufferKept,
    /// The user was told.
    Told(Told),
    /// The job is over.
    Over,
}

/// Something that happened, at a time.
#[derive(Clone, Debug, PartialEq)]
pub struct At {
    /// By the driver's clock.
    pub time: u64,
    /// What.
    pub act: Act,
}

/// All that happened.
#[derive(Clone, Default)]
pub struct Trace {
    /// In order.
    pub entries: Vec<At>,
    /// What was shown to anybody.
    pub shown: Vec<String>,
    /// Now, a deadline, and of what.
    pub deadlines: Vec<(u64, u64, &'static str)>,
    /// The last complete reading, each time that the user was told something.
    pub kept: Vec<Option<String>>,
}

/// Only what happened, a line each.
impl fmt::Debug for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for At { time, act } in &self.entries {
            write!(f, "\n{time} {act:?}")?;
        }
        Ok(())
    }
}

/// Whether a text shows the token or the secret of the application, or so much of one that it might be guessed.
pub fn shows_secret(text: &str) -> bool {
    shows(TOKEN, text) || shows(SECRET, text)
}

/// Whether a text shows this secret, or so much of it that it might be guessed: as it is, in a form, or in base64.
pub fn shows(secret: &str, text: &str) -> bool {
    let beginning = &secret.as_bytes()[..8];
    let decoded = decoded(text.as_bytes());
    decoded.windows(beginning.len()).any(|window| window == beginning)
        || text.contains(&secret[..8])
        || text.contains(&base64(&secret.as_bytes()[..6]))
}

/// What a form means by these bytes.
fn decoded(mut rest: &[u8]) -> Vec<u8> {
    let digit = |digit: u8| char::from(digit).to_digit(16);
    let mut decoded = Vec::new();
    while let [byte, after @ ..] = rest {
        rest = after;
        let escaped = match (byte, after) {
            (b'%', [high, low, ..]) => digit(*high).zip(digit(*low)),
            _ => None,
        };
        match escaped {
            Some((high, low)) => {
                decoded.push((high << 4 | low) as u8);
                rest = &after[2..];
            }
            None => decoded.push(*byte),
        }
    }
    decoded
}

impl Trace {
    /// What the user was told, in order.
    pub fn told(&self) -> impl Iterator<Item = &Told> {
        self.entries.iter().filter_map(|at| match &at.act {
            Act::Told(told) => Some(told),
            _ => None,
        })
    }

    /// How often a host was asked.
    pub fn asked(&self, host: &str) -> usize {
        self.entries
            .iter()
            .filter(|at| matches!(&at.act, Act::Asked { host: asked, .. } if asked == host))
            .count()
    }

    /// The waits, in milliseconds: between attempts, or between readings.
    pub fn waits(&self, pauses: bool) -> Vec<u64> {
        let waits = self.entries.iter().filter_map(|at| match at.act {
            Act::Wait { until, is_pause } if is_pause == pauses => Some(until.saturating_sub(at.time)),
            _ => None,
        });
        waits.collect()
    }
}
