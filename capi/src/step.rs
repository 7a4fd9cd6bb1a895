//! What a job asks of its driver, and what the driver says it did, in numbers for C.

use core::ptr;

use graph_call::http::End;
use graph_call::job;

use crate::call::Text;
use crate::status::Status;

/// What the program does next, or what it gets.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u32)]
pub enum Step {
    /// Have a connection to `host` and `port`, with TLS and the name checked, then `CONNECTED` or `FAILED`.
    Connect = 1,
    /// Write some of `bytes`, then `SENT`. They may hold a secret.
    Send = 2,
    /// Read into the start of the buffer, then `RECEIVED` or `ENDED`.
    Receive = 3,
    /// Close the connection, then anything. A job has one at a time.
    Close = 4,
    /// Let time pass until `by`. If `reason.failure` is not `NONE`, it is why.
    Wait = 5,
    /// Bring a token by `graph_call_job_bring`, then `NOTHING`; or `FAILED` with `NO_TOKEN`.
    Token = 6,
    /// A reading: the call may be read.
    Call = 7,
    /// The call was there and is no more: the end of a watch, and no failure. `reason` is the refusal.
    Gone = 8,
    /// A reading has failed, by `reason`; a watch goes on, unless `reason.is_final`.
    Failed = 9,
    /// There is nothing more to do.
    Over = 10,
}

/// What the program did. What does not fit the step is taken as `NOTHING`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u32)]
pub enum Did {
    /// Nothing, or nothing yet.
    Nothing = 0,
    /// It began, or began again: whatever was on its way is off.
    Dropped = 1,
    /// There is a connection. The value is 1 if it was kept from an earlier exchange with the same peer and nothing has come
    /// on it since, 0 if it is new.
    Connected = 2,
    /// So many bytes were written.
    Sent = 3,
    /// So many bytes were read into the start of the buffer.
    Received = 4,
    /// The peer ended the connection. The value is 1 if TLS said so (`close_notify`), else 0.
    Ended = 5,
    /// It failed: the value is a `GRAPH_CALL_FAULT_...` constant.
    Failed = 6,
}

/// Why the program could not do what it was to do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u32)]
pub enum Fault {
    /// There is none.
    None = 0,
    /// The host name has no address.
    NotResolved = 1,
    /// No connection came about.
    NotConnected = 2,
    /// The peer did not prove to be the host it was asked for.
    Certificate = 3,
    /// TLS failed for another reason.
    Tls = 4,
    /// The connection was reset, or failed in another way.
    Reset = 5,
    /// It took longer than was allowed.
    Timeout = 6,
    /// There is no token to be had from outside, for now.
    NoToken = 7,
    /// There is none to be had until somebody changes the credential.
    TokenRefused = 8,
    /// A proxy did not open a tunnel. The status that it answered is added: 1407.
    Proxy = 1000,
}

/// What went wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u32)]
pub enum Failure {
    /// Nothing.
    None = 0,
    /// The connection ended before the answer did.
    Cut = 1,
    /// The program could not do what it was to do: `fault` says what.
    Fault = 2,
    /// A phase, or the whole reading, took longer than the policy allows.
    Timeout = 3,
    /// The answer is none: not HTTP, not JSON, or no call.
    Answer = 4,
    /// The answer was to another request, twice.
    OtherAnswer = 5,
    /// The answer is a 200, and no call.
    NotACall = 6,
    /// The service does not know the call, and nobody says that there ever was one.
    NoSuchCall = 7,
    /// Refused, with `status`.
    Refused = 8,
    /// The service asks for a wait, `retry_after_ms`, that the policy or the time left does not allow.
    Throttled = 9,
    /// The service refuses the token that was just renewed for it.
    Unauthorized = 10,
    /// The token endpoint's answer holds no token that could be used.
    BadToken = 11,
    /// The token is longer than the job's room for it.
    TokenTooLong = 12,
    /// The credential was refused before, and has not changed since.
    CredentialRefused = 13,
    /// Something that this header does not know: the text says what.
    Other = 14,
}

/// In which phase of a reading.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u32)]
pub enum Phase {
    /// Nothing was begun.
    Prepare = 0,
    /// Having a token brought.
    Token = 1,
    /// Making a connection.
    Connect = 2,
    /// Sending the request.
    Send = 3,
    /// Waiting for the first byte of the answer.
    FirstByte = 4,
    /// Reading the answer.
    Answer = 5,
}

/// Who answered, which decides what to do about it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u32)]
pub enum Who {
    /// Nobody.
    Nobody = 0,
    /// The service.
    Service = 1,
    /// The host that issues tokens.
    LoginHost = 2,
    /// Something on the way, in the place of the host.
    Proxy = 3,
    /// A page that wants a person to sign in to the network.
    CaptivePage = 4,
}

/// Why a reading failed, in numbers; `graph_call_job_text` has the words.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Reason {
    /// What went wrong.
    pub failure: Failure,
    /// What the program could not do, with the status of a proxy added: a number, since the sums have no constants.
    pub fault: u32,
    /// In which phase.
    pub phase: Phase,
    /// Who answered.
    pub who: Who,
    /// 1 if the job ends with it, else 0.
    pub is_final: u32,
    /// The HTTP status, or 0.
    pub status: u32,
    /// The status of an earlier refusal in the same reading, after which it was tried again, or 0.
    pub before: u32,
    /// The milliseconds that the service asked to wait, or 0.
    pub retry_after_ms: u64,
}

/// What is next. What a step does not name is 0.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Next {
    /// What to do.
    pub step: Step,
    /// The port: `CONNECT`.
    pub port: u32,
    /// 1 if it has to be a new connection: `CONNECT`.
    pub is_fresh: u32,
    /// 1 if there is no TLS: `CONNECT`, and only to a token endpoint on the machine itself.
    pub is_plain: u32,
    /// 1 if the service has just refused the last token: `TOKEN`.
    pub was_refused: u32,
    /// When to give up, or until when to wait, by the clock of `now_ms`: call `graph_call_job_step` by then.
    pub by: u64,
    /// The name or address of the peer: `CONNECT`.
    pub host: Text,
    /// What to send, in the buffer that was given: `SEND`.
    pub bytes: *const u8,
    /// Its length.
    pub length: usize,
    /// The claims that a token has to satisfy, in base64, if there are any: `TOKEN`.
    pub claims: Text,
    /// Why: `WAIT`, `GONE`, `FAILED`.
    pub reason: Reason,
}

impl Did {
    /// What a number and its value say, with a buffer of so many bytes.
    pub(crate) fn of(did: u32, value: usize, room: usize) -> Result<job::Did, Status> {
        let nothing = |said| if value == 0 { Ok(said) } else { Err(Status::UnknownConstant) };
        let flag = |said: fn(bool) -> job::Did| match value {
            0 => Ok(said(false)),
            1 => Ok(said(true)),
            _ => Err(Status::UnknownConstant),
        };
        match did {
            did if did == Self::Nothing as u32 => nothing(job::Did::Nothing),
            did if did == Self::Dropped as u32 => nothing(job::Did::Dropped),
            did if did == Self::Connected as u32 => flag(|kept| job::Did::Connected { kept }),
            did if did == Self::Ended as u32 => {
                flag(|is_said| job::Did::Ended(if is_said { End::CloseNotify } else { End::Cut }))
            }
            did if did == Self::Failed as u32 => Ok(job::Did::Failed(Fault::read(value)?)),
            // More than there was room for, or to send.
            did if (did == Self::Sent as u32 || did == Self::Received as u32) && value > room => {
                Err(Status::TooSmall)
            }
            did if did == Self::Sent as u32 => Ok(job::Did::Sent(value)),
            did if did == Self::Received as u32 => Ok(job::Did::Received(value)),
            _ => Err(Status::UnknownConstant),
        }
    }
}

/// Makes both ways between a constant for C and what it stands for.
macro_rules! faults {
    ($($constant:ident,)*) => {
        impl Fault {
            fn read(number: usize) -> Result<job::Fault, Status> {
                let proxy = number.checked_sub(Self::Proxy as usize).and_then(|status| u16::try_from(status).ok());
                match number {
                    $(number if number == Self::$constant as usize => Ok(job::Fault::$constant),)*
                    _ => match proxy {
                        Some(status) if status < 1000 => Ok(job::Fault::Proxy(status)),
                        _ => Err(Status::UnknownConstant),
                    },
                }
            }

            fn number(fault: job::Fault) -> u32 {
                match fault {
                    $(job::Fault::$constant => Self::$constant as u32,)*
                    job::Fault::Proxy(status) => (Self::Proxy as u32).saturating_add(u32::from(status)),
                    _ => Self::Reset as u32,
                }
            }
        }
    };
}

faults! { NotResolved, NotConnected, Certificate, Tls, Reset, Timeout, NoToken, TokenRefused, }

impl Reason {
    const NONE: Self = Self {
        failure: Failure::None,
        fault: 0,
        phase: Phase::Prepare,
        who: Who::Nobody,
        is_final: 0,
        status: 0,
        before: 0,
        retry_after_ms: 0,
    };

    pub(crate) fn of(failure: &job::Failure<'_>) -> Self {
        use job::FailureKind as Kind;
        let mut retry_after_ms = failure
            .refused
            .and_then(|refused| refused.head.retry_after())
            .map_or(0, |after| after.as_secs().saturating_mul(1_000));
        let mut fault = 0;
        let kind = match failure.kind {
            Kind::Cut => Failure::Cut,
            Kind::Fault(found) => {
                fault = Fault::number(found);
                Failure::Fault
            }
            Kind::Timeout => Failure::Timeout,
            Kind::Answer(_) => Failure::Answer,
            Kind::OtherAnswer => Failure::OtherAnswer,
            Kind::NotACall => Failure::NotACall,
            Kind::NoSuchCall => Failure::NoSuchCall,
            Kind::Refused => Failure::Refused,
            Kind::Throttled { wait } => {
                retry_after_ms = wait;
                Failure::Throttled
            }
            Kind::Unauthorized => Failure::Unauthorized,
            Kind::BadToken => Failure::BadToken,
            Kind::TokenTooLong => Failure::TokenTooLong,
            Kind::CredentialRefused => Failure::CredentialRefused,
            _ => Failure::Other,
        };
        Self {
            failure: kind,
            fault,
            phase: match failure.phase {
                job::Phase::Prepare => Phase::Prepare,
                job::Phase::Token => Phase::Token,
                job::Phase::Connect => Phase::Connect,
                job::Phase::Send => Phase::Send,
                job::Phase::FirstByte => Phase::FirstByte,
                job::Phase::Answer => Phase::Answer,
            },
            who: match failure.who {
                job::Who::Service => Who::Service,
                job::Who::LoginHost => Who::LoginHost,
                job::Who::Proxy => Who::Proxy,
                job::Who::CaptivePage => Who::CaptivePage,
                _ => Who::Nobody,
            },
            is_final: u32::from(failure.is_final),
            status: failure.refused.map_or(0, |refused| u32::from(refused.head.status())),
            before: u32::from(failure.before.unwrap_or(0)),
            retry_after_ms,
        }
    }
}

impl Next {
    const fn new(step: Step) -> Self {
        const NONE: Text = Text { start: ptr::null(), length: 0 };
        Self {
            step,
            port: 0,
            is_fresh: 0,
            is_plain: 0,
            was_refused: 0,
            by: 0,
            host: NONE,
            bytes: ptr::null(),
            length: 0,
            claims: NONE,
            reason: Reason::NONE,
        }
    }

    /// The step for C. The refusal of a call that is gone is not part of it.
    pub(crate) fn of(step: &job::Step<'_>) -> Self {
        match *step {
            job::Step::Connect { peer, is_fresh, by } => Self {
                host: Text::new(peer.host),
                port: u32::from(peer.port),
                is_plain: u32::from(peer.is_plain),
                is_fresh: u32::from(is_fresh),
                by,
                ..Self::new(Step::Connect)
            },
            job::Step::Send { bytes, by } => {
                Self { bytes: bytes.as_ptr(), length: bytes.len(), by, ..Self::new(Step::Send) }
            }
            job::Step::Receive { by } => Self { by, ..Self::new(Step::Receive) },
            job::Step::Close => Self::new(Step::Close),
            job::Step::Wait { until, after } => Self {
                by: until,
                reason: after.as_ref().map_or(Reason::NONE, Reason::of),
                ..Self::new(Step::Wait)
            },
            job::Step::Token { claims, was_refused, by } => Self {
                claims: Text::or_null(claims),
                was_refused: u32::from(was_refused),
                by,
                ..Self::new(Step::Token)
            },
            job::Step::Call(_) => Self::new(Step::Call),
            job::Step::Gone(_) => Self::new(Step::Gone),
            job::Step::Failed(failure) => Self { reason: Reason::of(&failure), ..Self::new(Step::Failed) },
            job::Step::Over => Self::new(Step::Over),
        }
    }

    /// Whether a reading has come to something, or there is none.
    pub(crate) const fn is_told(&self) -> bool {
        matches!(self.step, Step::Call | Step::Gone | Step::Failed | Step::Over)
    }
}
