//! What careless programs do: the control of every law.

use graph_call::job::{Did, FailureKind, Phase, Who};

use super::{Client, Do, GRAPH, ID, LOGIN, SECRET, Told};

/// A client that believes what it reads, waits as long as it is told, posts its secret again and again, sends a token to
/// whom it does not concern, and shows what it was sent.
#[derive(Debug, Default)]
pub struct Careless {
    token: Option<String>,
    old_token: Option<String>,
    state: State,
    sent: usize,
    request: String,
    answer: Vec<u8>,
    call: String,
    readings: usize,
    /// How many readings it makes.
    pub most: usize,
    shown: String,
}

#[derive(Clone, Debug, Default, PartialEq)]
enum State {
    #[default]
    Idle,
    Connect,
    Send,
    Receive,
    Told(Told),
    Wait(u64),
}

impl Careless {
    /// A client that makes so many readings.
    pub fn new(most: usize) -> Self {
        Self { most, ..Self::default() }
    }

    fn host(&self) -> String {
        if self.token.is_some() { GRAPH.into() } else { LOGIN.into() }
    }

    fn judge(&mut self) -> State {
        let text = String::from_utf8_lossy(&self.answer).into_owned();
        self.shown.clone_from(&text);
        let (head, content) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status: u16 = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        let part = |name: &str| {
            let after = content.split_once(&format!("\"{name}\":\""))?.1;
            Some(after.split('"').next()?.to_owned())
        };
        if self.token.is_none() {
            // Whatever it says, it is asked again.
            self.token = part("access_token");
            return State::Idle;
        }
        if status == 200 {
            self.call =
                format!("{} {}", part("subject").unwrap_or_default(), part("state").unwrap_or_default());
            return State::Told(Told::Call(self.call.clone()));
        }
        // What was there is lost.
        self.call = String::new();
        if status == 404 {
            return State::Told(Told::Gone { shown: text.clone() });
        }
        if status == 401 {
            self.old_token = self.token.take();
            return State::Idle;
        }
        if let Some(wait) = head.split("Retry-After: ").nth(1) {
            let seconds: u64 = wait.split("\r\n").next().and_then(|wait| wait.parse().ok()).unwrap_or(1);
            return State::Wait(seconds.saturating_mul(1_000));
        }
        State::Told(Told::Failed {
            kind: FailureKind::Cut,
            phase: Phase::Answer,
            who: Who::Service,
            status: None,
            retry_after: None,
            is_cut: false,
            is_final: false,
            hint: None,
            shown: text.clone(),
        })
    }
}

impl Client for Careless {
    fn step(&mut self, now: u64, did: Did, buffer: &mut [u8]) -> Do {
        match (&self.state, did) {
            (State::Connect, Did::Connected { .. }) => {
                self.sent = 0;
                self.request = match &self.token {
                    Some(token) => format!(
                        "GET /v1.0/communications/calls/{ID} HTTP/1.1\r\nAuthorization: Bearer {token}\r\nclient-request-id: {now}\r\n\r\n"
                    ),
                    None => {
                        let form = format!("client_secret={SECRET}");
                        // It has one set of fields for all hosts.
                        let fields = match &self.old_token {
                            Some(token) => format!("Authorization: Bearer {token}\r\n"),
                            None => String::new(),
                        };
                        format!(
                            "POST /token HTTP/1.1\r\n{fields}Content-Length: {}\r\n\r\n{form}",
                            form.len()
                        )
                    }
                };
                self.state = State::Send;
            }
            (State::Send, Did::Sent(length)) => {
                self.sent += length;
                if self.sent >= self.request.len() {
                    self.state = State::Receive;
                }
            }
            (State::Receive, Did::Received(length)) => {
                self.answer.extend(&buffer[..length]);
                let text = String::from_utf8_lossy(&self.answer).into_owned();
                let length = text
                    .split("Content-Length: ")
                    .nth(1)
                    .and_then(|rest| rest.split("\r\n").next()?.parse().ok());
                if let (Some((head, content)), Some(length)) = (text.split_once("\r\n\r\n"), length)
                    && content.len() >= length
                {
                    let rest = self.answer.split_off(head.len() + 4 + length);
                    self.state = self.judge();
                    // What is left is the beginning of the next answer.
                    self.answer = rest;
                }
            }
            (State::Receive, Did::Ended(_) | Did::Failed(_)) => {
                self.state = self.judge();
                self.answer.clear();
            }
            (State::Connect, Did::Failed(_)) => self.state = State::Wait(1_000),
            _ => {}
        }
        loop {
            match self.state.clone() {
                State::Idle => self.state = State::Connect,
                State::Connect => {
                    return Do::Connect { host: self.host(), is_fresh: false, by: now + 3_600_000 };
                }
                State::Send => {
                    let bytes = self.request.as_bytes()[self.sent..].to_vec();
                    let length = bytes.len().min(buffer.len());
                    buffer[..length].copy_from_slice(&bytes[..length]);
                    return Do::Send { bytes: bytes[..length].to_vec(), by: now + 3_600_000 };
                }
                State::Receive => return Do::Receive { by: now + 3_600_000 },
                State::Wait(span) => {
                    self.state = State::Idle;
                    return Do::Wait { until: now.saturating_add(span), is_pause: false };
                }
                State::Told(told) => {
                    self.readings += 1;
                    self.state = State::Idle;
                    return Do::Told(told);
                }
            }
        }
    }

    fn bring(&mut self, _now: u64, token: &str, _lifetime: Option<u64>) {
        self.token = Some(token.into());
    }

    fn shown(&self) -> String {
        self.shown.clone()
    }

    fn last(&self) -> Option<String> {
        Some(self.call.clone()).filter(|call| !call.is_empty())
    }
}
