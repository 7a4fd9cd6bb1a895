//! The C interface under any sequence of calls, in any order, with null, short, misaligned and foreign memory: a status
//! every time; and in the right order the same call as in Rust. The one target with unsafe code below it.
#![no_main]

use core::ffi::{CStr, c_void};
use core::mem::MaybeUninit;
use core::ptr::{null, null_mut};

use graph_call_c::{Call, Culprit, Parser, Person, State, Status, Text};
use graph_call_laws::choices::Choices;

#[expect(improper_ctypes, reason = "both objects are opaque to C, and only ever pointed to")]
unsafe extern "C" {
    fn graph_call_parser_size() -> usize;
    fn graph_call_parser_init(memory: *mut c_void, length: usize, options: u32, parser: *mut *mut Parser) -> Status;
    fn graph_call_parser_feed(parser: *mut Parser, call: *mut Call, input: *const u8, length: usize) -> Status;
    fn graph_call_parser_finish(parser: *mut Parser, call: *mut Call) -> Status;
    fn graph_call_parser_culprit(parser: *const Parser, culprit: *mut Culprit) -> Status;
    fn graph_call_parser_offset(parser: *const Parser, offset: *mut usize) -> Status;
    fn graph_call_parser_message(parser: *const Parser, output: *mut i8, capacity: usize) -> Status;
    fn graph_call_size() -> usize;
    fn graph_call_init(memory: *mut c_void, length: usize, call: *mut *mut Call) -> Status;
    fn graph_call_text(call: *const Call, member: u32, text: *mut Text) -> Status;
    fn graph_call_number(call: *const Call, number: u32, value: *mut i64) -> Status;
    fn graph_call_state(call: *const Call, state: *mut State) -> Status;
    fn graph_call_party_count(call: *const Call, party: u32, count: *mut usize) -> Status;
    fn graph_call_person(call: *const Call, party: u32, index: usize, identity: usize, person: *mut Person) -> Status;
    fn graph_call_requested_modality(call: *const Call, index: usize, text: *mut Text) -> Status;
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let mut choices = Choices::new(data);
    if choices.one_in(2) { in_order(&mut choices) } else { in_any_order(&mut choices) }
});

/// As the header says it is to be used: the outcome is that of the Rust parser.
fn in_order(choices: &mut Choices<'_>) {
    let length = 1 + choices.below(32);
    let body = choices.rest();
    let (mut parser_memory, mut call_memory) = (memory(parser_size()), memory(call_size()));
    let (mut parser, mut call) = (null_mut(), null_mut());
    // SAFETY: both pieces of memory are as long as they say, apart, and outlive every use of the pointers.
    let (status, id) = unsafe {
        assert_eq!(graph_call_parser_init(parser_memory.as_mut_ptr().cast(), parser_size(), 0, &raw mut parser), Status::Ok);
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
        let mut message = [0x7f_i8; 64];
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

/// As no header allows it: every call gives a status.
fn in_any_order(choices: &mut Choices<'_>) {
    let mut parser_memory = memory(parser_size());
    let mut call_memory = memory(call_size());
    let parser_base: *mut u8 = parser_memory.as_mut_ptr().cast();
    let call_base: *mut u8 = call_memory.as_mut_ptr().cast();
    for _ in 0..64 {
        let shift = usize::from(choices.one_in(16));
        let parser = if choices.one_in(12) { null_mut() } else { parser_base.wrapping_add(shift).cast::<Parser>() };
        let call = if choices.one_in(12) { null_mut() } else { call_base.wrapping_add(shift).cast::<Call>() };
        let constant = choices.below(20) as u32;
        let piece: Vec<u8> = (0..choices.below(8)).map(|_| choices.byte()).collect();
        let input = if choices.one_in(12) { null() } else { piece.as_ptr() };
        // SAFETY: every pointer that is not null points into memory of the length given; a shifted one is misaligned,
        // which is refused before it is followed.
        unsafe {
            match choices.below(13) {
                0 => drop(graph_call_parser_init(parser.cast(), parser_size() - shift, constant, &mut null_mut())),
                1 => drop(graph_call_init(call.cast(), call_size() - shift, &mut null_mut())),
                2 => drop(graph_call_parser_init(parser.cast(), choices.below(64), 0, null_mut())),
                3 | 4 => drop(graph_call_parser_feed(parser, call, input, piece.len())),
                5 => drop(graph_call_parser_feed(parser, call, parser.cast::<u8>().cast_const(), piece.len())),
                6 => drop(graph_call_parser_finish(parser, call)),
                7 => drop(text(call, constant)),
                8 => drop(graph_call_number(call, constant, &mut 0)),
                9 => drop(graph_call_state(call, MaybeUninit::uninit().as_mut_ptr())),
                10 => drop(graph_call_party_count(call, constant, &mut 0)),
                11 => drop(graph_call_person(call, constant, constant as usize, 0, MaybeUninit::uninit().as_mut_ptr())),
                _ => drop(graph_call_requested_modality(call, constant as usize, MaybeUninit::uninit().as_mut_ptr())),
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

fn call_size() -> usize {
    // SAFETY: it looks at nothing.
    unsafe { graph_call_size() }
}

/// Memory of at least so many bytes, aligned for anything, holding what nobody initialised.
fn memory(length: usize) -> Vec<u128> {
    vec![0x5a5a_5a5a_5a5a_5a5a; length.div_ceil(16) + 1]
}
