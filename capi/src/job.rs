//! The whole job: sign in, get, wait, renew, watch, by a loop of the C program.
//!
//! ```text
//! init --> start --> step --CONNECT, SEND, RECEIVE, CLOSE, WAIT, TOKEN--> step ...
//!            ^         \----CALL, GONE, FAILED: the user's---------------> step ...
//!            \               OVER: nothing more to do
//!             `---- another plan, with the same token
//! ```

use core::ffi::{c_char, c_void};
use core::fmt;
use core::mem::{ManuallyDrop, offset_of};

use graph_call::Shown;
use graph_call::http::AccessToken;
use graph_call::job;

use crate::call::Call;
use crate::memory::{Kind, Region, apart, bytes, check, exclusive, give, initialise, room, take, wipe};
use crate::message;
use crate::parser::options_of;
use crate::plan::Plan;
use crate::preset::Session;
use crate::status::{Status, status_of};
use crate::step::{Did, Next, Reason, Step};

/// A job and what outlives it, the token above all, in memory of the caller.
pub struct Job {
    tag: u32,
    is_started: bool,
    /// Whether the last step was about a failure.
    has_failure: bool,
    /// The address of the call that the reading fills, or 0 between two readings.
    call: usize,
    plan: Plan,
    // Never dropped: C has its memory.
    session: ManuallyDrop<Session>,
}

/// Which words about a failure.
#[derive(Clone, Copy, PartialEq)]
#[repr(u32)]
pub enum About {
    /// All that is known, in one line for a log.
    Line = 0,
    /// The code: of the service, or the word of a login host.
    Code = 1,
    /// The innermost code, such as `AADSTS7000215`.
    InnerCode = 2,
    /// What the peer says happened.
    Said = 3,
    /// What the service calls the request: the id that its support asks for.
    RequestId = 4,
    /// What to do next.
    Hint = 5,
}

impl Kind for Job {
    const TAG: u32 = 0x6763_6a6f;
    const TAG_OFFSET: usize = offset_of!(Self, tag);
    const NEW: Self = Self {
        tag: 0,
        is_started: false,
        has_failure: false,
        call: 0,
        plan: Plan::NONE,
        session: ManuallyDrop::new(Session::new()),
    };
}

/// The bytes that a job takes.
#[unsafe(no_mangle)]
pub extern "C" fn graph_call_job_size() -> usize {
    size_of::<Job>()
}

/// The alignment that a job's memory needs.
#[unsafe(no_mangle)]
pub extern "C" fn graph_call_job_alignment() -> usize {
    align_of::<Job>()
}

/// Makes a new job in memory of the caller; options are 0 or a sum of `GRAPH_CALL_PARSE_OPTION_...` constants.
///
/// # Safety
/// `memory` is null or may be written for `length` bytes; `job` is null or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn graph_call_job_init(
    memory: *mut c_void,
    length: usize,
    options: u32,
    job: *mut *mut Job,
) -> Status {
    let options = match options_of(options) {
        Ok(options) => options,
        Err(status) => return status,
    };
    // SAFETY: the caller's promise about `memory` is passed on.
    let place = match unsafe { initialise::<Job>(memory, length) } {
        Ok(place) => place,
        Err(status) => return status,
    };
    // SAFETY: the object was made just now, in memory that the caller lends for this function.
    if let Ok(object) = unsafe { exclusive(place) } {
        object.session.set_options(options);
    }
    // SAFETY: the caller's promise about `job` is passed on.
    status_of(unsafe { give(job, place) })
}

/// Begins a plan; one that was not over is given up, and the token is kept. `seed` is any number, another each time: it
/// makes the request ids, and spreads the waits. A plan that is wrong leaves the job as it was.
///
/// # Safety
/// `job` is null or points to memory that was given to `init` and is not used elsewhere meanwhile; `plan` is null or
/// points to a plan of which each text is null or ends with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn graph_call_job_start(job: *mut Job, plan: *const Plan, seed: u64) -> Status {
    // SAFETY: the caller's promises are passed on.
    status_of(unsafe { start(job, plan, seed) })
}

/// Takes what the program did (`did` is one of the `GRAPH_CALL_DID_...` constants, explained there with its `value`), and
/// says what is next.
///
/// `now_ms` is any clock that counts milliseconds. Bytes are read into the start of the buffer, and bytes to send are made
/// in it, so any size but 0 does; it is wiped of what it held. The call has to be the same one until a reading is over; then
/// another one may take its turn, so that the last reading stays readable. What `next` points to lives until the next
/// function that takes the job, or the buffer is written to.
///
/// After a status other than `OK` nothing has happened, and `next` is as it was.
///
/// # Safety
/// `job` and `call` are null or point to memory that was given to their `init` and is not used elsewhere meanwhile;
/// `buffer` is null or may be read and written for `length` bytes; `next` is null or may be written; the texts of the plan
/// are as they were.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn graph_call_job_step(
    job: *mut Job,
    now_ms: u64,
    did: u32,
    value: usize,
    buffer: *mut u8,
    length: usize,
    call: *mut Call,
    next: *mut Next,
) -> Status {
    let written = [Region::of(job), Region::of(call), Region::new(buffer, length), Region::of(next)];
    if let Err(status) = apart(&written).and_then(|()| check(next)) {
        return status;
    }
    // SAFETY: the caller's promises are passed on; the four are apart.
    let found = unsafe { step(job, now_ms, (did, value), (buffer, length), call, &written) };
    // SAFETY: the caller's promise about `next` is passed on.
    status_of(found.and_then(|found| unsafe { give(next, found) }))
}

/// Brings a token, which `TOKEN` asked for, at a time of the same clock, and the milliseconds that it lives from then on;
/// 0 if that is not known. It is copied.
///
/// # Safety
/// `job` is as for `graph_call_job_start`; `token` is null or may be read for `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn graph_call_job_bring(
    job: *mut Job,
    now_ms: u64,
    token: *const c_char,
    length: usize,
    lifetime_ms: u64,
) -> Status {
    // SAFETY: the caller's promises are passed on.
    status_of(unsafe { bring(job, now_ms, token, length, lifetime_ms) })
}

/// Writes words about the failure that the last step told of (`WAIT` with a reason, `GONE`, `FAILED`), with a NUL at the
/// end; a text longer than the room is cut. `about` is one of the `GRAPH_CALL_ABOUT_...` constants. Nothing of it is a
/// secret, and characters that act on a terminal are spelled out. Absent if there is none.
///
/// # Safety
/// `job` is as for `graph_call_job_start`; `output` is null or may be written for `capacity` bytes; the texts of the plan
/// are as they were.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn graph_call_job_text(
    job: *mut Job,
    about: u32,
    output: *mut c_char,
    capacity: usize,
) -> Status {
    // SAFETY: the caller's promises are passed on.
    status_of(unsafe { text(job, about, output, capacity) })
}

/// Says that the plan's credential is another one: it is used, also where the old one was refused.
///
/// # Safety
/// `job` is as for `graph_call_job_start`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn graph_call_job_change_credential(job: *mut Job) -> Status {
    // SAFETY: the caller's promise about `job` is passed on.
    status_of(unsafe { exclusive(job) }.map(|object| object.session.change_credential()))
}

/// Overwrites the job with zeros, the token with it. Another one needs `graph_call_job_init`.
///
/// # Safety
/// `job` is as for `graph_call_job_start`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn graph_call_job_wipe(job: *mut Job) -> Status {
    // SAFETY: the caller's promise about `job` is passed on.
    status_of(unsafe { wipe(job) })
}

/// # Safety
/// As for `graph_call_job_start`.
unsafe fn start(job: *mut Job, plan: *const Plan, seed: u64) -> Result<(), Status> {
    apart(&[Region::of(job), Region::of(plan)])?;
    // SAFETY: the caller's promise about `job` is passed on.
    let object = unsafe { exclusive(job) }?;
    // SAFETY: the caller's promise about `plan` is passed on.
    let plan = unsafe { take(plan) }?;
    // SAFETY: the caller's promise about the texts is passed on.
    let texts = unsafe { plan.texts() };
    texts.are_apart_from(&[Region::of(job)])?;
    plan.with(&texts, |plan| {
        object.session.start(plan, seed);
    })?;
    object.plan = plan;
    object.is_started = true;
    object.has_failure = false;
    object.call = 0;
    Ok(())
}

/// # Safety
/// As for `graph_call_job_step`; the regions are apart.
unsafe fn step(
    job: *mut Job,
    now_ms: u64,
    (did, value): (u32, usize),
    (buffer, length): (*mut u8, usize),
    call: *mut Call,
    written: &[Region],
) -> Result<Next, Status> {
    // SAFETY: the caller's promise about `job` is passed on.
    let object = unsafe { exclusive(job) }?;
    // SAFETY: the caller's promise about `call` is passed on; it is apart from the job.
    let target = unsafe { exclusive(call) }?;
    // SAFETY: the caller's promise about `buffer` is passed on; it is apart from both.
    let room = unsafe { room(buffer, length) }?;
    let did = Did::of(did, value, length)?;
    if !object.is_started {
        return Err(Status::WrongOrder);
    }
    // SAFETY: the caller's promise about the texts is passed on.
    let texts = unsafe { object.plan.texts() };
    texts.are_apart_from(written)?;
    let is_new = object.call == 0 || did == job::Did::Dropped;
    if !is_new && (object.call != call.addr() || !target.belongs_to(job.addr())) {
        return Err(Status::WrongOrder);
    }
    let Job { plan, session, .. } = object;
    let next = plan.with(&texts, |plan| {
        if is_new {
            target.claim(job.addr());
        }
        let mut job = session.resume(plan);
        let mut next = Next::of(&job.step(now_ms, did, room, target));
        if next.step == Step::Gone {
            next.reason = Reason::of(&job.failure());
        }
        next
    })?;
    object.call = if next.is_told() { 0 } else { call.addr() };
    object.has_failure = next.reason.failure != crate::step::Failure::None;
    Ok(next)
}

/// # Safety
/// As for `graph_call_job_bring`.
unsafe fn bring(
    job: *mut Job,
    now_ms: u64,
    token: *const c_char,
    length: usize,
    lifetime_ms: u64,
) -> Result<(), Status> {
    apart(&[Region::of(job), Region::new(token, length)])?;
    // SAFETY: the caller's promise about `job` is passed on.
    let object = unsafe { exclusive(job) }?;
    // SAFETY: the caller's promise about `token` is passed on, and it is apart from the job.
    let token = unsafe { bytes(token.cast(), length) }?;
    if !object.is_started {
        return Err(Status::WrongOrder);
    }
    let token = core::str::from_utf8(token).map_err(|_| Status::WrongToken)?;
    let token = AccessToken::new(token).map_err(|_| Status::WrongToken)?;
    let lifetime = (lifetime_ms != 0).then_some(lifetime_ms);
    // SAFETY: the caller's promise about the texts is passed on.
    let texts = unsafe { object.plan.texts() };
    let Job { plan, session, .. } = object;
    plan.with(&texts, |plan| session.resume(plan).bring(now_ms, token, lifetime))
}

/// # Safety
/// As for `graph_call_job_text`.
unsafe fn text(job: *mut Job, about: u32, output: *mut c_char, capacity: usize) -> Result<(), Status> {
    apart(&[Region::of(job), Region::new(output, capacity)])?;
    // SAFETY: the caller's promise about `job` is passed on.
    let object = unsafe { exclusive(job) }?;
    if about > About::Hint as u32 {
        return Err(Status::UnknownConstant);
    }
    if !object.has_failure {
        return Err(Status::Absent);
    }
    // SAFETY: the caller's promise about the texts is passed on.
    let texts = unsafe { object.plan.texts() };
    texts.are_apart_from(&[Region::new(output, capacity)])?;
    let Job { plan, session, .. } = object;
    plan.with(&texts, |plan| {
        let job = session.resume(plan);
        let failure = job.failure();
        let said = failure.refused.map(|refused| refused.said).unwrap_or_default();
        let words = match about {
            about if about == About::Line as u32 => Words::Line(&failure),
            about if about == About::Hint as u32 => Words::of(failure.hint())?,
            about if about == About::Code as u32 => Words::of(said.code)?,
            about if about == About::InnerCode as u32 => Words::of(said.inner_code)?,
            about if about == About::Said as u32 => Words::of(said.message.or(said.excerpt))?,
            _ => Words::of(said.request_id)?,
        };
        // SAFETY: the caller's promise about `output` is passed on; it is apart from whatever the words are in.
        unsafe { message::write(output, capacity, &words) }
    })?
}

/// What a text for people is about.
enum Words<'a> {
    Line(&'a job::Failure<'a>),
    Text(&'a str),
}

impl<'a> Words<'a> {
    fn of(text: Option<&'a str>) -> Result<Self, Status> {
        text.map(Self::Text).ok_or(Status::Absent)
    }
}

impl fmt::Display for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(failure) => failure.fmt(f),
            Self::Text(text) => Shown(text).fmt(f),
        }
    }
}
