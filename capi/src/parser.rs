//! The parser: pieces of a body in, a finished call or an error out.
//!
//! ```text
//! init -> New --feed--> Feeding --finish--> Finished
//!           \              | an error
//!            `-- finish ---+--> Failed
//! ```

use core::ffi::{c_char, c_void};
use core::fmt::{self, Write as _};
use core::mem::offset_of;

use graph_call::json::Fault;
use graph_call::{Error, ErrorKind, Overflow, ParseOptions};

use crate::call::Call;
use crate::memory::{Kind, bytes, exclusive, give, initialise, overlap, shared};
use crate::status::{Culprit, Status, status_of};

/// What a caller may choose about reading; choices are added.
#[derive(Clone, Copy)]
#[repr(C)]
pub enum ParseOption {
    /// Accept one comma before a closing bracket, as Microsoft's documentation prints them.
    TrailingCommas = 1,
    /// Cut readable text that does not fit, drop the elements of a list that do not, and leave out an id, URI or secret
    /// that does not; without it, they are errors.
    Truncate = 2,
    /// Accept half of a surrogate pair in a value that is kept: U+FFFD stands in its place in readable text; an id, URI or
    /// secret is left out.
    LoneSurrogates = 4,
}

const TRAILING_COMMAS: u32 = ParseOption::TrailingCommas as u32;
const TRUNCATE: u32 = ParseOption::Truncate as u32;
const LONE_SURROGATES: u32 = ParseOption::LoneSurrogates as u32;

/// A parser, in memory of the caller.
pub struct Parser {
    tag: u32,
    parser: graph_call::Parser,
    state: State,
    /// The address of the call that is being filled.
    call: usize,
    error: Option<Error>,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    New,
    Feeding,
    Finished,
    Failed,
}

impl Kind for Parser {
    const TAG: u32 = 0x6763_7061;
    const TAG_OFFSET: usize = offset_of!(Self, tag);
    const NEW: Self =
        Self { tag: Self::TAG, parser: graph_call::Parser::new(), state: State::New, call: 0, error: None };
}

/// The bytes that a parser takes.
#[unsafe(no_mangle)]
pub extern "C" fn graph_call_parser_size() -> usize {
    size_of::<Parser>()
}

/// The alignment that a parser's memory needs.
#[unsafe(no_mangle)]
pub extern "C" fn graph_call_parser_alignment() -> usize {
    align_of::<Parser>()
}

/// Makes a new parser in memory of the caller; options are 0 or a sum of `GRAPH_CALL_PARSE_OPTION_...` constants.
///
/// A parser reads one body. To read another one, make a new parser in the same memory.
///
/// # Safety
/// `memory` is null or may be written for `length` bytes; `parser` is null or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn graph_call_parser_init(
    memory: *mut c_void,
    length: usize,
    options: u32,
    parser: *mut *mut Parser,
) -> Status {
    if options & !(TRAILING_COMMAS | TRUNCATE | LONE_SURROGATES) != 0 {
        return Status::UnknownConstant;
    }
    let overflow = if options & TRUNCATE == 0 { Overflow::Refuse } else { Overflow::Truncate };
    let options = ParseOptions::new()
        .trailing_commas(options & TRAILING_COMMAS != 0)
        .lone_surrogates(options & LONE_SURROGATES != 0)
        .overflow(overflow);
    // SAFETY: the caller's promise about `memory` is passed on.
    let place = match unsafe { initialise::<Parser>(memory, length) } {
        Ok(place) => place,
        Err(status) => return status,
    };
    // SAFETY: the object was made just now, in memory that the caller lends for this function.
    if let Ok(object) = unsafe { exclusive(place) } {
        object.parser = graph_call::Parser::with_options(options);
    }
    // SAFETY: the caller's promise about `parser` is passed on.
    status_of(unsafe { give(parser, place) })
}

/// Reads one more piece of the body into the call, in pieces of any size.
///
/// After an error the call is empty and the parser is used up: make a new one.
///
/// # Safety
/// `parser` and `call` are null or point to memory that was given to their `init` and is not used elsewhere meanwhile;
/// `input` is null or may be read for `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn graph_call_parser_feed(
    parser: *mut Parser,
    call: *mut Call,
    input: *const u8,
    length: usize,
) -> Status {
    // SAFETY: the caller's promises are passed on.
    status_of(unsafe { feed(parser, call, input, length) })
}

/// Says that the body is over: only now the call may be read.
///
/// # Safety
/// As for `graph_call_parser_feed`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn graph_call_parser_finish(parser: *mut Parser, call: *mut Call) -> Status {
    // SAFETY: the caller's promises are passed on.
    status_of(unsafe { finish(parser, call) })
}

/// Who is at fault for the parser's error; `NOBODY` if there is none.
///
/// # Safety
/// `parser` is null or points to memory that was given to `init`; `culprit` is null or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn graph_call_parser_culprit(parser: *const Parser, culprit: *mut Culprit) -> Status {
    // SAFETY: the caller's promise about `parser` is passed on.
    let found = unsafe { shared(parser) }.map(|object| match object.error.map(|error| error.culprit()) {
        None => Culprit::Nobody,
        Some(graph_call::Culprit::Peer) => Culprit::Peer,
        Some(graph_call::Culprit::Capacity) => Culprit::Capacity,
        Some(_) => Culprit::Caller,
    });
    // SAFETY: the caller's promise about `culprit` is passed on.
    status_of(found.and_then(|found| unsafe { give(culprit, found) }))
}

/// Where the parser's error is, in bytes from the start of the body; absent if there is no error.
///
/// # Safety
/// `parser` is null or points to memory that was given to `init`; `offset` is null or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn graph_call_parser_offset(parser: *const Parser, offset: *mut usize) -> Status {
    // SAFETY: the caller's promise about `parser` is passed on.
    let found = unsafe { shared(parser) }.and_then(|object| object.error.ok_or(Status::Absent));
    // SAFETY: the caller's promise about `offset` is passed on.
    status_of(found.and_then(|error| unsafe { give(offset, error.offset()) }))
}

/// Writes the parser's error for people, such as `targets[0].identity: expected an object (byte 22)`, with a NUL at the
/// end; a text longer than the room is cut. Absent if there is no error.
///
/// # Safety
/// `parser` is null or points to memory that was given to `init`; `output` is null or may be written for `capacity`
/// bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn graph_call_parser_message(
    parser: *const Parser,
    output: *mut c_char,
    capacity: usize,
) -> Status {
    // SAFETY: the caller's promise about `parser` is passed on.
    let error = match unsafe { shared(parser) }.map(|object| object.error) {
        Ok(Some(error)) => error,
        Ok(None) => return Status::Absent,
        Err(status) => return status,
    };
    if output.is_null() {
        return Status::NullPointer;
    }
    let Some(room) = capacity.checked_sub(1) else { return Status::TooSmall };
    let mut message = Message { output, room };
    // A text that is cut is what was asked for.
    let _ = write!(message, "{error}");
    // SAFETY: `output` has moved by at most `capacity - 1` bytes.
    status_of(unsafe { give(message.output, 0) })
}

/// The caller's memory for a text, without its last byte.
struct Message {
    output: *mut c_char,
    room: usize,
}

impl fmt::Write for Message {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            self.room = self.room.checked_sub(1).ok_or(fmt::Error)?;
            // SAFETY: there is room for this byte and one more in the caller's memory.
            unsafe { give(self.output, byte as c_char) }.map_err(|_| fmt::Error)?;
            self.output = self.output.wrapping_add(1);
        }
        Ok(())
    }
}

/// # Safety
/// As for `graph_call_parser_feed`.
unsafe fn feed(parser: *mut Parser, call: *mut Call, input: *const u8, length: usize) -> Result<(), Status> {
    // SAFETY: the caller's promises are passed on.
    let (object, target) = unsafe { both(parser, call) }?;
    let regions = [(parser.addr(), size_of::<Parser>()), (call.addr(), size_of::<Call>())];
    if regions.iter().any(|region| overlap(*region, (input.addr(), length))) {
        return Err(Status::Overlap);
    }
    match object.state {
        State::New => object.call = call.addr(),
        State::Feeding if object.call == call.addr() => {}
        _ => return Err(Status::WrongOrder),
    }
    object.state = State::Feeding;
    target.is_finished = false;
    // SAFETY: the caller's promise about `input` is passed on, and it is apart from both objects.
    let piece = unsafe { bytes(input, length) }?;
    let result = object.parser.feed(&mut target.call, piece);
    object.keep(result)
}

/// # Safety
/// As for `graph_call_parser_feed`.
unsafe fn finish(parser: *mut Parser, call: *mut Call) -> Result<(), Status> {
    // SAFETY: the caller's promises are passed on.
    let (object, target) = unsafe { both(parser, call) }?;
    match object.state {
        State::New => {}
        State::Feeding if object.call == call.addr() => {}
        _ => return Err(Status::WrongOrder),
    }
    target.is_finished = false;
    let result = object.parser.finish(&mut target.call);
    object.keep(result)?;
    object.state = State::Finished;
    target.is_finished = true;
    Ok(())
}

/// # Safety
/// As for `graph_call_parser_feed`.
unsafe fn both<'a>(parser: *mut Parser, call: *mut Call) -> Result<(&'a mut Parser, &'a mut Call), Status> {
    if overlap((parser.addr(), size_of::<Parser>()), (call.addr(), size_of::<Call>()))
        && !parser.is_null()
        && !call.is_null()
    {
        return Err(Status::Overlap);
    }
    // SAFETY: the caller's promise about `parser` is passed on.
    let object = unsafe { exclusive(parser) }?;
    // SAFETY: the caller's promise about `call` is passed on; it is apart from the parser.
    let target = unsafe { exclusive(call) }?;
    Ok((object, target))
}

impl Parser {
    /// Remembers an error and says which status it is.
    fn keep(&mut self, result: Result<(), Error>) -> Result<(), Status> {
        result.map_err(|error| {
            self.state = State::Failed;
            self.error = Some(error);
            match error.kind() {
                ErrorKind::Json(Fault::Truncated) => Status::Truncated,
                ErrorKind::Json(Fault::TooDeep) => Status::Overflow,
                ErrorKind::Json(_) => Status::NotJson,
                ErrorKind::RepeatedMember => Status::RepeatedMember,
                ErrorKind::Overflow { .. } => Status::Overflow,
                ErrorKind::OtherBody(_) => Status::OtherBody,
                ErrorKind::AfterError => Status::WrongOrder,
                _ => Status::WrongValue,
            }
        })
    }
}
