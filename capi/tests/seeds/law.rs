//! The law of the C interface: under any sequence of calls, in any order, with null, short, misaligned and foreign memory, a
//! status every time; and in the right order the same call, or the same job, as in Rust.

use core::ffi::{CStr, c_char, c_void};
use core::mem::MaybeUninit;
use core::ptr::{null, null_mut};

use crate::choices::Choices;
use graph_call::http::{AccessToken, CallId, End};
use graph_call::job::{self, Credential, Query};
use graph_call_c::{Call, Culprit, Did, Job, Next, Parser, Person, Plan, State, Status, Step, Text, Value};

#[expect(improper_ctypes, reason = "the objects are opaque to C, and only ever pointed to")]
unsafe extern "C" {
    fn graph_call_parser_size() -> usize;
    fn graph_call_parser_init(
        memory: *mut c_void,
        length: usize,
        options: u32,
        parser: *mut *mut Parser,
    ) -> Status;
    fn graph_call_parser_feed(
        parser: *mut Parser,
        call: *mut Call,
        input: *const u8,
        length: usize,
    ) -> Status;
    fn graph_call_parser_finish(parser: *mut Parser, call: *mut Call) -> Status;
    fn graph_call_parser_culprit(parser: *const Parser, culprit: *mut Culprit) -> Status;
    fn graph_call_parser_offset(parser: *const Parser, offset: *mut usize) -> Status;
    fn graph_call_parser_message(parser: *const Parser, output: *mut c_char, capacity: usize) -> Status;
    fn graph_call_size() -> usize;
    fn graph_call_init(memory: *mut c_void, length: usize, call: *mut *mut Call) -> Status;
    fn graph_call_text(call: *const Call, member: u32, text: *mut Text) -> Status;
    fn graph_call_number(call: *const Call, number: u32, value: *mut i64) -> Status;
    fn graph_call_state(call: *const Call, state: *mut State) -> Status;
    fn graph_call_party_count(call: *const Call, party: u32, count: *mut usize) -> Status;
    fn graph_call_person(
        call: *const Call,
        party: u32,
        index: usize,
        identity: usize,
        person: *mut Person,
    ) -> Status;
    fn graph_call_requested_modality(call: *const Call, index: usize, text: *mut Text) -> Status;
    fn graph_call_value(call: *const Call, path: *const c_char, value: *mut Value) -> Status;
    fn graph_call_job_size() -> usize;
    fn graph_call_job_init(memory: *mut c_void, length: usize, options: u32, job: *mut *mut Job) -> Status;
    fn graph_call_job_start(job: *mut Job, plan: *const Plan, seed: u64) -> Status;
    fn graph_call_job_step(
        job: *mut Job,
        now_ms: u64,
        did: u32,
        value: usize,
        buffer: *mut u8,
        length: usize,
        call: *mut Call,
        next: *mut Next,
    ) -> Status;
    fn graph_call_job_bring(
        job: *mut Job,
        now_ms: u64,
        token: *const c_char,
        length: usize,
        lifetime_ms: u64,
    ) -> Status;
    fn graph_call_job_text(job: *mut Job, about: u32, output: *mut c_char, capacity: usize) -> Status;
    fn graph_call_job_change_credential(job: *mut Job) -> Status;
    fn graph_call_job_wipe(job: *mut Job) -> Status;
}

/// Calls that these bytes choose.
pub fn law(bytes: &[u8]) {
    let mut choices = Choices::new(bytes);
    match choices.below(3) {
        0 => in_any_order(&mut choices),
        1 => in_order(&mut choices),
        _ => by_a_job(&mut choices),
    }
}

/// As the header says it is to be used: the outcome is that of the Rust parser.
fn in_order(choices: &mut Choices<'_>) {
    let length = 1 + choices.below(32);
    let body = choices.rest();
    let (mut parser_memory, mut call_memory) = (memory(parser_size()), memory(call_size()));
    let (mut parser, mut call) = (null_mut(), null_mut());
    // SAFETY: both pieces of memory are as long as they say, apart, and outlive every use of the pointers.
    let (status, id) = unsafe {
        assert_eq!(
            graph_call_parser_init(parser_memory.as_mut_ptr().cast(), parser_size(), 0, &raw mut parser),
            Status::Ok
        );
        assert_eq!(graph_call_init(call_memory.as_mut_ptr().cast(), call_size(), &raw mut call), Status::Ok);
        let mut status = Status::Ok;
        for piece in body.chunks(length) {
            status = graph_call_parser_feed(parser, call, piece.as_ptr(), piece.len());
            if status != Status::Ok {
                break;
            }
        }
        if status == Status::Ok {
            status = graph_call_parser_finish(parser, call);
        }
        let mut message = [0x7f as c_char; 64];
        let described = graph_call_parser_message(parser, message.as_mut_ptr(), message.len());
        assert_eq!(described, if status == Status::Ok { Status::Absent } else { Status::Ok });
        if status != Status::Ok {
            assert!(!CStr::from_ptr(message.as_ptr()).is_empty(), "a message ends with its NUL");
        }
        (status, text(call, 0))
    };
    let ours = graph_call::Call::parse(body);
    assert_eq!(status == Status::Ok, ours.is_ok(), "{status:?}");
    match ours {
        Ok(ours) => assert_eq!(id.as_deref(), ours.id.as_str()),
        Err(error) => {
            let mut offset = 0;
            let mut culprit = Culprit::Nobody;
            // SAFETY: as above.
            unsafe {
                assert_eq!(graph_call_parser_offset(parser, &raw mut offset), Status::Ok);
                assert_eq!(graph_call_parser_culprit(parser, &raw mut culprit), Status::Ok);
            }
            assert_eq!(offset, error.offset());
            assert_ne!(culprit, Culprit::Nobody);
            assert_eq!(id, None, "a refused call cannot be read");
        }
    }
}

/// The most steps of a job that are looked at: four attempts, byte by byte.
const STEPS_MAX: usize = 20_000;
const ID: &CStr = c"57dab8b1";
const SEED: u64 = 7;

/// A job to which every host answers the same: the steps are those of the job in Rust, one by one.
fn by_a_job(choices: &mut Choices<'_>) {
    let length = 1 + choices.below(64);
    let answer = choices.rest();
    let (mut job_memory, mut call_memory) = (memory(job_size()), memory(call_size()));
    let (mut job, mut call) = (null_mut(), null_mut());
    let mut buffer = [0_u8; 64];
    // SAFETY: nulls and zeros are a plan that says nothing.
    let mut plan: Plan = unsafe { MaybeUninit::zeroed().assume_init() };
    plan.id = ID.as_ptr();
    // SAFETY: all pieces of memory are as long as they say, apart, and outlive every use of the pointers.
    unsafe {
        let memory = job_memory.as_mut_ptr().cast();
        assert_eq!(graph_call_job_init(memory, job_size(), 0, &raw mut job), Status::Ok);
        assert_eq!(graph_call_init(call_memory.as_mut_ptr().cast(), call_size(), &raw mut call), Status::Ok);
        assert_eq!(graph_call_job_start(job, &raw const plan, SEED), Status::Ok);
    }

    let ours = job::Plan::once(Query::new(CallId::new("57dab8b1").expect("an id")), Credential::Outside);
    let mut session = job::Session::<2048, 4096, 256>::new();
    let mut session = session.start(&ours, SEED);
    let (mut our_call, mut our_buffer) = (graph_call::Call::new(), [0_u8; 64]);
    let token = AccessToken::new("abc").expect("a token");

    let (mut did, mut value, mut our_did) = (Did::Nothing, 0, job::Did::Nothing);
    let (mut now, mut rest) = (0, answer);
    for _ in 0..STEPS_MAX {
        let mut next = MaybeUninit::uninit();
        let (room, at) = (buffer.len(), buffer.as_mut_ptr());
        // SAFETY: as above.
        let next: Next = unsafe {
            assert_eq!(
                graph_call_job_step(job, now, did as u32, value, at, room, call, next.as_mut_ptr()),
                Status::Ok
            );
            next.assume_init()
        };
        let our_step = session.step(now, our_did, &mut our_buffer, &mut our_call);
        assert_eq!(next.step as u32, number(&our_step), "{our_step:?}");
        (did, value, our_did) = (Did::Nothing, 0, job::Did::Nothing);
        match our_step {
            job::Step::Connect { .. } => {
                rest = answer;
                (did, our_did) = (Did::Connected, job::Did::Connected { kept: false });
            }
            job::Step::Send { bytes, .. } => {
                assert_eq!(next.length, bytes.len());
                // SAFETY: what is to be sent stands in the buffer.
                assert_eq!(unsafe { core::slice::from_raw_parts(next.bytes, next.length) }, bytes);
                (did, value, our_did) = (Did::Sent, bytes.len(), job::Did::Sent(bytes.len()));
            }
            job::Step::Receive { .. } => {
                let (now, later) = rest.split_at(length.min(rest.len()));
                rest = later;
                buffer[..now.len()].copy_from_slice(now);
                our_buffer[..now.len()].copy_from_slice(now);
                (did, value, our_did) = match now.len() {
                    0 => (Did::Ended, 0, job::Did::Ended(End::Cut)),
                    length => (Did::Received, length, job::Did::Received(length)),
                };
            }
            job::Step::Wait { until, .. } => now = until,
            job::Step::Token { .. } => {
                // SAFETY: as above.
                assert_eq!(unsafe { graph_call_job_bring(job, now, c"abc".as_ptr(), 3, 0) }, Status::Ok);
                session.bring(now, token, None);
            }
            job::Step::Call(_) => {
                // SAFETY: as above.
                assert_eq!(unsafe { text(call, 0) }.as_deref(), our_call.id.as_str());
            }
            job::Step::Failed(failure) => {
                let mut line = [0x7f as c_char; 512];
                // SAFETY: as above; the text ends with a NUL.
                let line = unsafe {
                    assert_eq!(graph_call_job_text(job, 0, line.as_mut_ptr(), line.len()), Status::Ok);
                    CStr::from_ptr(line.as_ptr())
                };
                assert!(failure.to_string().as_bytes().starts_with(line.to_bytes()), "{line:?}");
            }
            job::Step::Close | job::Step::Gone(_) => {}
            job::Step::Over => return,
        }
    }
}

/// The constant of a step.
fn number(step: &job::Step<'_>) -> u32 {
    (match step {
        job::Step::Connect { .. } => Step::Connect,
        job::Step::Send { .. } => Step::Send,
        job::Step::Receive { .. } => Step::Receive,
        job::Step::Close => Step::Close,
        job::Step::Wait { .. } => Step::Wait,
        job::Step::Token { .. } => Step::Token,
        job::Step::Call(_) => Step::Call,
        job::Step::Gone(_) => Step::Gone,
        job::Step::Failed(_) => Step::Failed,
        job::Step::Over => Step::Over,
    }) as u32
}

/// As no header allows it, with two parsers, two calls and a job: every function gives a status.
fn in_any_order(choices: &mut Choices<'_>) {
    let mut parser_memory = [memory(parser_size()), memory(parser_size())];
    let mut call_memory = [memory(call_size()), memory(call_size())];
    let mut job_memory = memory(job_size());
    let parsers: [*mut u8; 2] = parser_memory.each_mut().map(|memory| memory.as_mut_ptr().cast());
    let calls: [*mut u8; 2] = call_memory.each_mut().map(|memory| memory.as_mut_ptr().cast());
    let jobs: *mut u8 = job_memory.as_mut_ptr().cast();
    let mut buffer = [0_u8; 32];
    // SAFETY: nulls and zeros are a plan that says nothing.
    let mut plan: Plan = unsafe { MaybeUninit::zeroed().assume_init() };
    for _ in 0..64 {
        let shift = usize::from(choices.one_in(16));
        let at = |base: *mut u8, is_null: bool| if is_null { null_mut() } else { base.wrapping_add(shift) };
        let parser = at(*choices.pick(&parsers), choices.one_in(12)).cast::<Parser>();
        let call = at(*choices.pick(&calls), choices.one_in(12)).cast::<Call>();
        let job = at(jobs, choices.one_in(12)).cast::<Job>();
        let constant = choices.below(20) as u32;
        let piece: Vec<u8> = (0..choices.below(8)).map(|_| choices.byte()).collect();
        let input = if choices.one_in(12) { null() } else { piece.as_ptr() };
        let path =
            [c"id", c"source.identity.user.id", c"targets[0]", c"resultInfo", c"x", c"["][choices.below(6)];
        // SAFETY: every pointer that is not null points into memory of the length given; a shifted one is misaligned,
        // which is refused before it is followed.
        unsafe {
            match choices.below(22) {
                0 => drop(graph_call_parser_init(
                    parser.cast(),
                    parser_size() - shift,
                    constant,
                    &mut null_mut(),
                )),
                1 => drop(graph_call_init(call.cast(), call_size() - shift, &mut null_mut())),
                2 => drop(graph_call_parser_init(parser.cast(), choices.below(64), 0, null_mut())),
                3 | 4 => drop(graph_call_parser_feed(parser, call, input, piece.len())),
                5 => {
                    let _ =
                        graph_call_parser_feed(parser, call, parser.cast::<u8>().cast_const(), piece.len());
                }
                6 => drop(graph_call_parser_finish(parser, call)),
                7 => drop(text(call, constant)),
                8 => drop(graph_call_number(call, constant, &mut 0)),
                9 => drop(graph_call_state(call, MaybeUninit::uninit().as_mut_ptr())),
                10 => drop(graph_call_party_count(call, constant, &mut 0)),
                11 => drop(graph_call_person(
                    call,
                    constant,
                    constant as usize,
                    0,
                    MaybeUninit::uninit().as_mut_ptr(),
                )),
                12 => drop(graph_call_requested_modality(
                    call,
                    constant as usize,
                    MaybeUninit::uninit().as_mut_ptr(),
                )),
                13 => drop(graph_call_value(call, path.as_ptr(), MaybeUninit::uninit().as_mut_ptr())),
                14 => drop(graph_call_job_init(job.cast(), job_size() - shift, constant, &mut null_mut())),
                15 => {
                    plan.id = if choices.one_in(4) { path.as_ptr() } else { ID.as_ptr() };
                    plan.select = if choices.one_in(4) { path.as_ptr() } else { null() };
                    plan.every_ms = u64::from(constant % 2) * 1_000;
                    let _ = graph_call_job_start(job, &raw const plan, SEED);
                }
                16..=18 => {
                    let (length, now) =
                        (choices.below(buffer.len() + 1), u64::from(choices.byte()) << choices.below(64));
                    let mut next = MaybeUninit::uninit();
                    buffer[..piece.len()].copy_from_slice(&piece);
                    let (did, value) = (constant % 8, choices.below(40));
                    let at = buffer.as_mut_ptr();
                    let _ = graph_call_job_step(job, now, did, value, at, length, call, next.as_mut_ptr());
                }
                19 => {
                    let _ =
                        graph_call_job_bring(job, 0, c"abc".as_ptr(), choices.below(4), u64::from(constant));
                }
                20 => drop(graph_call_job_text(
                    job,
                    constant % 8,
                    buffer.as_mut_ptr().cast(),
                    choices.below(buffer.len()),
                )),
                _ if choices.one_in(8) => drop(graph_call_job_wipe(job)),
                _ => drop(graph_call_job_change_credential(job)),
            }
        }
    }
}

/// A text of the call, copied.
///
/// # Safety
/// As for `graph_call_text`.
unsafe fn text(call: *const Call, member: u32) -> Option<String> {
    let mut text = Text { start: null(), length: 0 };
    // SAFETY: the caller's promise is passed on; the text lies in the call while nobody changes it.
    unsafe {
        if graph_call_text(call, member, &raw mut text) != Status::Ok {
            return None;
        }
        let bytes = core::slice::from_raw_parts(text.start.cast::<u8>(), text.length);
        Some(core::str::from_utf8(bytes).expect("texts are UTF-8").into())
    }
}

fn parser_size() -> usize {
    // SAFETY: it looks at nothing.
    unsafe { graph_call_parser_size() }
}

fn job_size() -> usize {
    // SAFETY: it looks at nothing.
    unsafe { graph_call_job_size() }
}

fn call_size() -> usize {
    // SAFETY: it looks at nothing.
    unsafe { graph_call_size() }
}

/// Memory of at least so many bytes, aligned for anything, holding what nobody initialised.
fn memory(length: usize) -> Vec<u128> {
    vec![0x5a5a_5a5a_5a5a_5a5a; length.div_ceil(16) + 1]
}
