//! `graph-call doctor`: one step after the other, until one fails.

use core::time::Duration;
use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use graph_call_std::clock::{in_words, unix_seconds};
use graph_call_std::credential::{Claims, FixedToken};
use graph_call_std::graph_call::http::date;
use graph_call_std::{AnswerHead, Class, Client, Error, ErrorKind, Event, Phase, Retry, Who};

use crate::arguments::{Doctor, Place};
use crate::escape::Escaped;
use crate::failure::Failure;
use crate::json::Node;
use crate::report::{self, unsent};
use crate::terminal::Output;
use crate::{ask, call_id, progress, sign_in};

/// The call that is asked for where none is named: there is none of this id.
const NO_CALL: &str = "00000000-0000-0000-0000-000000000000";

/// What is sent in the place of an access token, to see whether the service answers.
const NO_TOKEN: &str = "graph-call-doctor";

/// The most that two clocks may differ: what Microsoft's sign-in accepts.
const SKEW_MAX: u64 = 300;

/// A step, in the order in which they are tried.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Step {
    Name,
    Connection,
    Proxy,
    Tls,
    Service,
    Clock,
    SignIn,
    Permission,
    Call,
}

impl Step {
    const ALL: [(Self, &'static str); 9] = [
        (Self::Name, "name"),
        (Self::Connection, "connection"),
        (Self::Proxy, "proxy"),
        (Self::Tls, "TLS"),
        (Self::Service, "service"),
        (Self::Clock, "clock"),
        (Self::SignIn, "sign-in"),
        (Self::Permission, "permission"),
        (Self::Call, "call"),
    ];

    /// The step in which a reading has failed.
    fn of(error: &Error) -> Self {
        match error.phase() {
            Phase::Resolve => Self::Name,
            Phase::Connect => Self::Connection,
            Phase::Proxy => Self::Proxy,
            Phase::Tls => Self::Tls,
            _ => Self::Service,
        }
    }
}

/// Why a step has failed.
struct Trouble {
    class: Class,
    what: String,
    hint: Option<String>,
}

impl Trouble {
    fn new(class: Class, what: impl Into<String>, hint: Option<&str>) -> Self {
        Self { class, what: what.into(), hint: hint.map(str::to_owned) }
    }

    fn of(error: &Error, place: &Place) -> Self {
        Self { class: error.class(), what: unsent(error), hint: report::advice(error, place.cloud) }
    }
}

pub(crate) fn run(arguments: &Doctor) -> Result<(), Failure> {
    progress::end_on_interrupt();
    let mut findings = Findings { output: Output::stdout(), is_json: arguments.json, class: None, next: 0 };
    examine(arguments, &mut findings)?;
    findings.skip()?;
    findings.class.map_or(Ok(()), |class| Err(Failure::Told(class, None)))
}

/// Tries the steps until one fails; a failure of its own is one of the command line.
fn examine(arguments: &Doctor, findings: &mut Findings) -> Result<(), Failure> {
    let Doctor { id, place, access, .. } = arguments;
    let id = id.as_deref().map(|id| call_id::read(id, place, false)).transpose();
    let id = id.map_err(|error| Failure::Told(error.class(), Some(unsent(&error))))?;
    let seen = Arc::new(Mutex::new(Seen::default()));
    let client = {
        let seen = Arc::clone(&seen);
        let client = ask::reach(place, access, ask::WHOLE)?.retry(Retry { retries: 0, ..Retry::DEFAULT });
        let token = FixedToken::new(NO_TOKEN).map_err(|error| Failure::Told(error.class(), None))?;
        let client = client.on_event(move |event| {
            progress::tell(event);
            seen.lock().unwrap_or_else(PoisonError::into_inner).see(event);
        });
        ask::build(client.credential(token))?
    };
    let answer = client.get_call(NO_CALL).map(|fetched| fetched.head);
    let seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
    if !seen.way(&answer, place, findings)? {
        return Ok(());
    }
    let head = match &answer {
        Ok(head) => Some(head),
        Err(error) => error.head(),
    };
    findings.tell(Step::Clock, clock(head))?;
    let found = match sign_in::credential(&access.sign_in, place.of_cloud(), ask::WHOLE) {
        Ok(found) => found,
        Err(Failure::Told(class, text)) => {
            return findings.tell(Step::SignIn, Err(Trouble::new(class, text.unwrap_or_default(), None)));
        }
        Err(other) => return Err(other),
    };
    let client = ask::build(ask::told(ask::reach(place, access, ask::WHOLE)?).credential(found.credential))?;
    let token = match client.access_token() {
        Ok(token) => token,
        Err(error) => return findings.tell(Step::SignIn, Err(Trouble::of(&error, place))),
    };
    findings.tell(Step::SignIn, Ok(format!("there is an access token, from {}", found.origin)))?;
    let outcome = permission(Claims::read(token.reveal()).as_ref(), place);
    let may_go_on = outcome.is_ok();
    findings.tell(Step::Permission, outcome)?;
    if may_go_on {
        findings.tell(Step::Call, call(&client, id.as_deref(), place))?;
    }
    Ok(())
}

/// Whether this clock agrees with the service's.
fn clock(head: Option<&AnswerHead>) -> Result<String, Trouble> {
    let now = unix_seconds();
    let date = head.and_then(|head| head.date.as_deref()).and_then(|date| date::seconds_at(date, now));
    let Some(date) = date else { return Ok("the service does not say what time it is".to_owned()) };
    let (span, side) = (now.abs_diff(date), if now > date { "ahead of" } else { "behind" });
    let what = match span {
        0..=1 => "this clock agrees with the service's".to_owned(),
        _ => format!("this clock is {} {side} the service's", in_words(span)),
    };
    if span <= SKEW_MAX {
        return Ok(what);
    }
    Err(Trouble::new(Class::Other, what, Some("set the clock: tokens and certificates are judged by it")))
}

/// Whether the token says that it may read calls.
fn permission(claims: Option<&Claims>, place: &Place) -> Result<String, Trouble> {
    let Some(claims) = claims else {
        return Ok("the token cannot be read here: only the service knows".to_owned());
    };
    if let Some(doubt) = claims.doubt(place.of_cloud(), unix_seconds()) {
        let hint = (!claims.may_read_calls())
            .then_some("grant the application one of them, with the consent of an administrator");
        return Err(Trouble::new(Class::Auth, doubt, hint));
    }
    let held = claims.roles.iter().filter(|role| Claims::PERMISSIONS.contains(&role.as_str()));
    let held: Vec<&str> = held.map(String::as_str).collect();
    Ok(if held.is_empty() {
        "the token does not say".to_owned()
    } else {
        format!("it has {}", held.join(" and "))
    })
}

/// Whether the service accepts the token, and knows the call.
fn call(client: &Client, id: Option<&str>, place: &Place) -> Result<String, Trouble> {
    match client.get_call(id.unwrap_or(NO_CALL)) {
        Ok(fetched) => {
            let state = fetched.call.state.as_str().unwrap_or("in no state that is told");
            Ok(format!("it is read: {state}"))
        }
        Err(error) if id.is_none() && is_no_such_call(&error) => {
            Ok("the service accepts the token; name a call to read one".to_owned())
        }
        Err(error) => Err(Trouble::of(&error, place)),
    }
}

/// Whether the service has looked for the call: the token was good enough for that.
fn is_no_such_call(error: &Error) -> bool {
    error.who() == Who::Service
        && (error.kind() == ErrorKind::NoSuchCall || matches!(error.status(), Some(400 | 404)))
}

/// What the way to the service was like.
#[derive(Default)]
struct Seen {
    address: Option<SocketAddr>,
    connected: Option<Duration>,
    tunnel: Option<String>,
    secured: Option<String>,
}

impl Seen {
    fn see(&mut self, event: &Event<'_>) {
        match event {
            Event::Connecting { address, .. } => self.address = Some(*address),
            Event::Connected { took, .. } => self.connected = Some(*took),
            Event::Tunnel { proxy } => self.tunnel = Some((*proxy).to_owned()),
            Event::Secured { version, cipher, took } => {
                self.secured = Some(format!("{version} with {cipher}, in {} ms", took.as_millis()));
            }
            _ => {}
        }
    }

    /// Tells the steps up to the service, and whether all of them are well.
    fn way(
        &self,
        answer: &Result<AnswerHead, Error>,
        place: &Place,
        findings: &mut Findings,
    ) -> Result<bool, Failure> {
        // Without a token the service has to refuse, and is there.
        let failed = answer.as_ref().err().filter(|error| error.who() != Who::Service);
        let failed_step = failed.map(Step::of);
        let address = self.address.map_or_else(|| "an address".to_owned(), |address| address.to_string());
        for (step, _) in &Step::ALL[..5] {
            if let Some(error) = failed.filter(|_| failed_step == Some(*step)) {
                findings.tell(*step, Err(Trouble::of(error, place)))?;
                return Ok(false);
            }
            let what = match step {
                Step::Name => match ask::proxy(place) {
                    Some(proxy) => format!("the proxy {proxy} is at {address}"),
                    None => format!("{} is at {address}", place.graph_host()),
                },
                Step::Connection => {
                    format!("it stands, after {} ms", self.connected.unwrap_or_default().as_millis())
                }
                Step::Proxy => match &self.tunnel {
                    Some(proxy) => format!("{proxy} has opened a tunnel"),
                    None => "none is on the way".to_owned(),
                },
                Step::Tls => self.secured.clone().unwrap_or_else(|| "not told".to_owned()),
                _ => "it answers".to_owned(),
            };
            findings.tell(*step, Ok(what))?;
        }
        Ok(true)
    }
}

/// What is told of the steps.
struct Findings {
    output: Output,
    is_json: bool,
    /// The class of the first failure.
    class: Option<Class>,
    /// The place in [`Step::ALL`] of what is told next.
    next: usize,
}

impl Findings {
    fn tell(&mut self, step: Step, outcome: Result<String, Trouble>) -> Result<(), Failure> {
        match outcome {
            Ok(what) => self.line(step, "ok", &what, None),
            Err(Trouble { class, what, hint }) => {
                self.class.get_or_insert(class);
                self.line(step, "failed", &what, hint.as_deref())
            }
        }
    }

    /// The steps that were not tried.
    fn skip(&mut self) -> Result<(), Failure> {
        while let Some((step, _)) = Step::ALL.get(self.next) {
            self.line(*step, "skipped", "", None)?;
        }
        self.output.writer.flush()?;
        Ok(())
    }

    fn line(&mut self, step: Step, outcome: &str, what: &str, hint: Option<&str>) -> Result<(), Failure> {
        self.next += 1;
        let name =
            Step::ALL.iter().find_map(|(other, name)| (*other == step).then_some(*name)).unwrap_or_default();
        let Output { writer, style } = &mut self.output;
        if self.is_json {
            let node = Node::Object(vec![
                ("step", Node::text(name)),
                ("outcome", Node::text(outcome)),
                ("what", Node::maybe((!what.is_empty()).then_some(what))),
                ("hint", Node::maybe(hint)),
            ]);
            writeln!(writer, "{}", node.to_json(false))?;
        } else {
            let colour = match outcome {
                "ok" => style.green(),
                "failed" => style.red(),
                _ => style.dim(),
            };
            let line = format!("{outcome:<8} {name:<11} {}", Escaped(what));
            writeln!(writer, "{colour}{}{}{}", &line[..8], style.reset(), line[8..].trim_end())?;
            if let Some(hint) = hint {
                writeln!(writer, "{:<8} {:<11} hint: {}", "", "", Escaped(hint))?;
            }
        }
        writer.flush()?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use graph_call_std::AnswerHead;

    use super::clock;

    #[test]
    fn a_clock_that_differs_is_told_how_much() {
        let mut head = AnswerHead::default();
        let mut told = |date: Option<&str>| {
            head.date = date.map(str::to_owned);
            clock(Some(&head)).map_err(|trouble| trouble.what)
        };
        assert_eq!(told(None).as_deref(), Ok("the service does not say what time it is"));
        assert_eq!(told(Some("no date")).as_deref(), Ok("the service does not say what time it is"));
        let behind = told(Some("Mon, 01 Jan 2001 00:00:00 GMT")).expect_err("far away");
        assert!(behind.contains("days ahead of the service's"), "{behind}");
        let ahead = told(Some("Fri, 01 Jan 2500 00:00:00 GMT")).expect_err("far away");
        assert!(ahead.contains("days behind the service's"), "{ahead}");
    }
}
