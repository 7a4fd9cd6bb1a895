//! The parser: pieces of a body in, a finished call or an error out.
//!
//! ```text
//! init -> New --feed--> Feeding --finish--> Finished
//!           \              | an error
//!            `-- finish ---+--> Failed
//! ```

use core::ffi::{c_char, c_void};
use core::mem::offset_of;
use core::ptr;

use graph_call::job::Watched as _;
use graph_call::json::Fault;
use graph_call::{Error, ErrorKind, Overflow, ParseOptions};

use crate::call::Call;
use crate::memory::{Kind, Region, apart, bytes, exclusive, give, initialise, shared};
use crate::message;
use crate::status::{Culprit, Status, status_of};

/// What a caller may choose about reading; choices are added.
#[derive(Clone, Copy)]
#[repr(u32)]
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

/// What a sum of choices stands for.
pub(crate) fn options_of(sum: u32) -> Result<ParseOptions, Status> {
    if sum & !(TRAILING_COMMAS | TRUNCATE | LONE_SURROGATES) != 0 {
        return Err(Status::UnknownConstant);
    }
    let overflow = if sum & TRUNCATE == 0 { Overflow::Refuse } else { Overflow::Truncate };
    Ok(ParseOptions::new()
        .trailing_commas(sum & TRAILING_COMMAS != 0)
        .lone_surrogates(sum & LONE_SURROGATES != 0)
        .overflow(overflow))
}

/// A parser, in memory of the caller.
pub struct Parser {
    tag: u32,
    parser: graph_call::Parser,
    state: State,
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
    const NEW: Self = Self { tag: 0, parser: graph_call::Parser::new(), state: State::New, error: None };
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
    let options = match options_of(options) {
        Ok(options) => options,
        Err(status) => return status,
    };
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
    let error = unsafe { shared(parser) }.and_then(|object| object.error.ok_or(Status::Absent));
    // SAFETY: the caller's promise about `output` is passed on.
    status_of(error.and_then(|error| unsafe { message::write(output, capacity, &error) }))
}

/// # Safety
/// As for `graph_call_parser_feed`.
unsafe fn feed(parser: *mut Parser, call: *mut Call, input: *const u8, length: usize) -> Result<(), Status> {
    apart(&[Region::of(parser), Region::of(call), Region::new(input, length)])?;
    // SAFETY: the caller's promises are passed on; the two are apart.
    let (object, target) = unsafe { both(parser, call) }?;
    // SAFETY: the caller's promise about `input` is passed on, and it is apart from both objects.
    let piece = unsafe { bytes(input, length) }?;
    object.begin(target)?;
    let result = object.parser.feed(target, piece);
    object.keep(result)
}

/// # Safety
/// As for `graph_call_parser_feed`.
unsafe fn finish(parser: *mut Parser, call: *mut Call) -> Result<(), Status> {
    apart(&[Region::of(parser), Region::of(call)])?;
    // SAFETY: the caller's promises are passed on; the two are apart.
    let (object, target) = unsafe { both(parser, call) }?;
    object.begin(target)?;
    let result = object.parser.finish(target);
    object.keep(result)?;
    object.state = State::Finished;
    target.claim(0);
    target.complete();
    Ok(())
}

/// # Safety
/// As for `graph_call_parser_feed`; the two are apart.
unsafe fn both<'a>(parser: *mut Parser, call: *mut Call) -> Result<(&'a mut Parser, &'a mut Call), Status> {
    // SAFETY: the caller's promise about `parser` is passed on.
    let object = unsafe { exclusive(parser) }?;
    // SAFETY: the caller's promise about `call` is passed on; it is apart from the parser.
    let target = unsafe { exclusive(call) }?;
    Ok((object, target))
}

impl Parser {
    /// Begins with this call, or makes sure that it is the one that was begun.
    fn begin(&mut self, call: &mut Call) -> Result<(), Status> {
        let this = ptr::from_mut(self).addr();
        match self.state {
            State::New => {
                self.state = State::Feeding;
                call.begin(this);
                Ok(())
            }
            State::Feeding if call.belongs_to(this) => Ok(()),
            _ => Err(Status::WrongOrder),
        }
    }

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
