//! What happened, and the laws that are judged on it.

use core::fmt;

use graph_call::job::{FailureKind, Phase, Policy, Who};

use super::{Body, Deed, GRAPH, LOGIN, Place, SECRET, TOKEN};

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

/// Whether a text shows a secret, or so much of one that it might be guessed.
pub fn shows_secret(text: &str) -> bool {
    let encoded: String =
        SECRET
            .bytes()
            .map(|byte| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02x}")
                }
            })
            .collect();
    let lower = text.to_ascii_lowercase();
    text.contains(TOKEN)
        || text.contains(&SECRET[..8])
        || text.contains("eyJ0eXAiO")
        || lower.contains(&encoded[..10].to_ascii_lowercase())
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

    /// **An answer belongs to its request, and a 200 is a call or an error**: what is told as a call is what the
    /// service said, honestly, to the last request.
    ///
    /// # Errors
    /// What was told instead.
    pub fn answers_belong(&self) -> Result<(), String> {
        let mut last = None;
        for At { act, .. } in &self.entries {
            match act {
                Act::Asked { host, deed, subject, .. } if host == GRAPH => last = Some((deed, subject)),
                Act::Told(Told::Call(call)) => match last.take() {
                    Some((deed, subject)) if deed.is_call() && call.starts_with(subject) => {}
                    // Any bytes may happen to be a call.
                    Some((Deed::Raw(..), _)) => {}
                    other => return Err(format!("{call} was told after {other:?}")),
                },
                _ => {}
            }
        }
        Ok(())
    }

    /// **Gone is what the service says of a call it knew.**
    ///
    /// # Errors
    /// What it said of which call.
    pub fn gone_was_there(&self, mut was_seen: bool) -> Result<(), String> {
        let mut last = None;
        for At { act, .. } in &self.entries {
            match act {
                Act::Asked { host, deed, .. } if host == GRAPH => last = Some(deed),
                Act::Told(Told::Call(_)) => was_seen = true,
                Act::Told(told) => {
                    let is_missing = matches!(last, Some(Deed::Refuse(404, _, Body::Code("8522"), _)));
                    let is_gone = matches!(told, Told::Gone { .. });
                    if is_gone && !(is_missing && was_seen) {
                        return Err(format!("gone after {last:?}, seen: {was_seen}"));
                    }
                    last = None;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// **Who answered** is who did, for every failure that one deed decides.
    ///
    /// # Errors
    /// Who is said to have answered.
    pub fn who_answered(&self) -> Result<(), String> {
        let mut last: Option<&Deed> = None;
        for At { act, .. } in &self.entries {
            match act {
                Act::Asked { deed, .. } => last = Some(deed),
                Act::Broken { .. } | Act::Dropped => last = None,
                Act::Told(Told::Failed { who, kind, .. }) => {
                    if let Some(truth) = last.and_then(Deed::who)
                        && truth != *who
                        && !matches!(kind, FailureKind::CredentialRefused | FailureKind::Timeout)
                    {
                        return Err(format!("{who:?} after {last:?}"));
                    }
                    last = None;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// **Waiting is bounded**: by the policy, whatever anybody asks for; and every phase has its end.
    ///
    /// # Errors
    /// The wait, or the deadline.
    pub fn waits_are_bounded(&self, policy: &Policy, every: u64) -> Result<(), String> {
        for (now, by, what) in &self.deadlines {
            let most = match *what {
                "connect" => policy.connect,
                "send" => policy.send,
                "receive" => policy.first_byte.max(policy.answer),
                "wait" => policy.wait_max + policy.jitter,
                _ => (every.max(1_000) / 5).saturating_mul(6).saturating_add(5).max(policy.wait_max),
            };
            if by.saturating_sub(*now) > most {
                return Err(format!("{what} of {} ms", by - now));
            }
        }
        Ok(())
    }

    /// **Every reading has an end in time**, with `slack` for a driver that is late.
    ///
    /// # Errors
    /// How long it took.
    pub fn readings_end(&self, policy: &Policy, slack: u64) -> Result<(), String> {
        let mut start = self.entries.first().map_or(0, |at| at.time);
        let mut pause_until = 0;
        for At { time, act } in &self.entries {
            match act {
                Act::Wait { until, is_pause: true } => pause_until = *until,
                Act::Told(_) => {
                    let took = time.saturating_sub(start.max(pause_until));
                    if took > policy.reading + slack {
                        return Err(format!("a reading of {took} ms"));
                    }
                    start = *time;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// **A secret is posted once for each failure, never again for a refusal that repeats.**
    ///
    /// # Errors
    /// Why it was posted again.
    pub fn secrets_are_posted_once(&self) -> Result<(), String> {
        // Reasons for another post: the first one, and each failure since.
        let mut reasons: usize = 1;
        let mut is_refused = false;
        let mut renewal = u64::MAX;
        for At { time, act } in &self.entries {
            match act {
                Act::Asked { host, deed, .. } if host == LOGIN => {
                    if is_refused {
                        return Err("a refused secret was posted again".into());
                    }
                    reasons += usize::from(*time >= renewal);
                    reasons = reasons.checked_sub(1).ok_or("posted without a reason")?;
                    match deed {
                        Deed::Refuse(408 | 429 | 500.., ..) | Deed::Quote(408 | 429 | 500.., _) => {
                            reasons += 1;
                        }
                        // That is not the form of a login host: it was somebody else.
                        Deed::Quote(_, Place::Page | Place::Detail) => reasons += 1,
                        Deed::Refuse(_, _, Body::Aadsts(_), false) | Deed::Quote(..) => is_refused = true,
                        Deed::Token(expiry, _) => renewal = (time + expiry.renewal()).saturating_sub(10_000),
                        // The next reading may try again.
                        _ => reasons += 1,
                    }
                }
                Act::Asked { deed, .. } => {
                    if matches!(deed, Deed::Refuse(401, ..) | Deed::Claims(_) | Deed::Quote(401, _)) {
                        reasons = reasons.max(1);
                    }
                }
                Act::Unheard => is_refused = false,
                Act::Broken { .. } | Act::Dropped | Act::Ended { .. } => reasons += 1,
                _ => {}
            }
        }
        Ok(())
    }

    /// **A secret goes where it belongs**: the application's to the login host, a token to the service.
    ///
    /// # Errors
    /// Who got it.
    pub fn secrets_go_home(&self) -> Result<(), String> {
        for At { act, .. } in &self.entries {
            if let Act::Asked { host, request, .. } = act {
                let wrong = if host == LOGIN { TOKEN } else { "client_secret" };
                if request.contains(wrong) {
                    return Err(format!("{host} got {request}"));
                }
            }
        }
        Ok(())
    }

    /// **Nothing shows a secret**, and no buffer keeps one.
    ///
    /// # Errors
    /// What does.
    pub fn nothing_shows_secrets(&self) -> Result<(), String> {
        if let Some(shown) = self.shown.iter().find(|shown| shows_secret(shown)) {
            return Err(shown.clone());
        }
        if self.entries.iter().any(|at| at.act == Act::BufferKept) {
            return Err("the buffer was not wiped".into());
        }
        Ok(())
    }

    /// **A failed reading leaves the last call as it was.**
    ///
    /// # Errors
    /// What became of it.
    pub fn last_call_stays(&self) -> Result<(), String> {
        let mut last: Option<&String> = None;
        for (told, kept) in self.told().zip(&self.kept) {
            if let Told::Call(call) = told {
                last = Some(call);
            }
            if last != kept.as_ref() {
                return Err(format!("{kept:?} instead of {last:?}"));
            }
        }
        Ok(())
    }

    /// A refusal keeps its status: what is told after one, with no attempt after it, has it.
    ///
    /// # Errors
    /// What was told.
    pub fn statuses_stay(&self) -> Result<(), String> {
        let mut last = None;
        for At { act, .. } in &self.entries {
            match act {
                Act::Asked { deed: Deed::Refuse(status, ..), .. } => last = Some(*status),
                Act::Asked { .. } | Act::Dropped => last = None,
                Act::Told(Told::Failed { status, kind, .. }) => {
                    if let Some(truth) = last
                        && *status != Some(truth)
                        && !matches!(
                            kind,
                            FailureKind::CredentialRefused | FailureKind::Fault(_) | FailureKind::Timeout
                        )
                    {
                        return Err(format!("{status:?} instead of {truth}"));
                    }
                    last = None;
                }
                _ => {}
            }
        }
        Ok(())
    }
}
