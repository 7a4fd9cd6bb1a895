//! The laws that are judged on what happened.

use graph_call::job::{FailureKind, Phase, Policy};

use super::trace::{Act, At, Told, Trace, shows_secret};
use super::{Body, Deed, GRAPH, LOGIN, Place, TOKEN};

impl Trace {
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

    /// **What is sent piece by piece has no more time than what is sent at once**: within an exchange, the deadline of a phase
    /// stays where it is. An answer has two phases: until its first byte, and from then on.
    ///
    /// # Errors
    /// The deadline that was put off.
    pub fn deadlines_stay(&self) -> Result<(), String> {
        for run in self.deadlines.chunk_by(|(_, _, one), (_, _, other)| one == other) {
            let mut times: Vec<u64> = run.iter().map(|(_, by, _)| *by).collect();
            times.dedup();
            let (_, _, what) = run[0];
            if matches!(what, "connect" | "send") && times.len() > 1 || what == "receive" && times.len() > 2 {
                return Err(format!("{what}: {times:?}"));
            }
        }
        Ok(())
    }

    /// **What passes is tried again**: a reading that ends with it has had all its attempts, or no time for another one.
    ///
    /// # Errors
    /// What was given up.
    pub fn what_passes_is_tried_again(&self, policy: &Policy) -> Result<(), String> {
        let mut start = self.entries.first().map_or(0, |at| at.time);
        let mut waits = Vec::new();
        let mut last = None;
        for At { time, act } in &self.entries {
            match act {
                Act::Wait { until, is_pause: true } => start = *until,
                Act::Wait { until, .. } if waits.last() != Some(until) => waits.push(*until),
                Act::Asked { deed, .. } => last = Some(deed),
                Act::Broken { .. } if matches!(last, Some(Deed::Broken { .. })) => {}
                Act::Connected { .. } | Act::Broken { .. } | Act::Dropped => last = None,
                Act::Told(told) => {
                    let passes = match (told, last.take()) {
                        // That was not the answer that counts.
                        (
                            Told::Failed {
                                kind: FailureKind::OtherAnswer | FailureKind::CredentialRefused,
                                ..
                            },
                            _,
                        ) => None,
                        (
                            Told::Failed {
                                kind: FailureKind::Throttled { .. } | FailureKind::Timeout, ..
                            },
                            _,
                        ) => None,
                        (Told::Failed { .. }, Some(Deed::Refuse(408 | 429 | 500.., asked, ..))) => {
                            Some(asked.and_then(|asked| asked.parse::<f64>().ok()).unwrap_or(0.0))
                        }
                        (
                            Told::Failed { phase: Phase::FirstByte | Phase::Answer, .. },
                            Some(Deed::Broken { in_content: false, .. }),
                        ) => Some(0.0),
                        _ => None,
                    };
                    let attempts = waits.len() + 1;
                    if let Some(asked) = passes
                        && attempts < usize::from(policy.attempts)
                    {
                        let backoff = (policy.wait_first << attempts).max(policy.wait_min);
                        let wait = backoff.max((asked * 1_000.0) as u64).saturating_add(policy.jitter);
                        let is_time_left = time.saturating_sub(start).saturating_add(wait) < policy.reading;
                        if is_time_left && wait <= policy.wait_max {
                            return Err(format!("given up after {attempts} attempts: {told:?}"));
                        }
                    }
                    waits.clear();
                    start = *time;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// **Whatever a driver lets go is off**: its connection carries nothing more.
    ///
    /// # Errors
    /// That it did.
    pub fn what_is_let_go_is_off(&self) -> Result<(), String> {
        if self.entries.iter().any(|at| at.act == Act::UsedOn) {
            return Err("a connection was used on".into());
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
                // What comes after is another attempt's.
                Act::Asked { .. } | Act::Connected { .. } | Act::Broken { .. } => last = None,
                Act::Dropped | Act::Jumped => last = None,
                Act::Told(Told::Failed { status, kind, .. }) => {
                    if let Some(truth) = last
                        && *status != Some(truth)
                        && *kind != FailureKind::CredentialRefused
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
