//! What a function says when it returns.

use core::ffi::{CStr, c_char};

/// What became of a function's work.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
// Of 32 bits, however short the enumerations of the C compiler are.
#[repr(u32)]
pub enum Status {
    /// It is done.
    Ok = 0,
    /// The member is absent or null, or did not fit and was left out.
    Absent = 1,
    /// A pointer is null.
    NullPointer = 2,
    /// A pointer is not aligned for what it points to.
    Misaligned = 3,
    /// The memory is too small.
    TooSmall = 4,
    /// The memory was never initialised as this kind of object, or was overwritten since.
    NotInitialised = 5,
    /// Two pieces of memory that must be apart overlap.
    Overlap = 6,
    /// The functions were called in the wrong order: a call is read before it is finished, a parser is fed after it was,
    /// or with another call than before.
    WrongOrder = 7,
    /// A number is none of the constants that it must be one of.
    UnknownConstant = 8,
    /// The body is not JSON.
    NotJson = 9,
    /// The body ends too early.
    Truncated = 10,
    /// A member has a value of another type than Microsoft publishes, or one that is out of range.
    WrongValue = 11,
    /// An object has the same member twice.
    RepeatedMember = 12,
    /// A value is larger than its place, or nested deeper than the parser remembers.
    Overflow = 13,
    /// The member is an enumeration, and its value is none that this version knows.
    UnknownWord = 14,
    /// The body is JSON and no call: an error of the service, a list, or of another type by its `@odata.type`.
    OtherBody = 15,
    /// The id of the plan is empty, too long, or has a byte that no id has.
    WrongId = 16,
    /// A host of the plan is none, or the cloud has no such name.
    WrongHost = 17,
    /// The credential of the plan is incomplete, or a part of it cannot stand in a request.
    WrongCredential = 18,
    /// The access token is empty, too long, or has a byte that no token has.
    WrongToken = 19,
    /// A name in a path, or in a list of the plan, is none that there is; or the user agent cannot stand in a request.
    WrongName = 20,
}

/// Who has to change for an error to go away.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u32)]
pub enum Culprit {
    /// Nobody: there is no error.
    Nobody = 0,
    /// The program that calls.
    Caller = 1,
    /// The service that sent the body.
    Peer = 2,
    /// A capacity of this library: the body was legal and too large.
    Capacity = 3,
}

impl Status {
    const ALL: [(Self, &'static CStr); 21] = [
        (Self::Ok, c"done"),
        (Self::Absent, c"the member is absent"),
        (Self::NullPointer, c"a pointer is null"),
        (Self::Misaligned, c"a pointer is not aligned"),
        (Self::TooSmall, c"the memory is too small"),
        (Self::NotInitialised, c"the memory is not initialised"),
        (Self::Overlap, c"two pieces of memory overlap"),
        (Self::WrongOrder, c"the functions were called in the wrong order"),
        (Self::UnknownConstant, c"a number is none of its constants"),
        (Self::NotJson, c"the body is not JSON"),
        (Self::Truncated, c"the body ends too early"),
        (Self::WrongValue, c"a member has a value of the wrong type or range"),
        (Self::RepeatedMember, c"an object has the same member twice"),
        (Self::Overflow, c"a value is larger than its place"),
        (Self::UnknownWord, c"the value is none that this version knows"),
        (Self::OtherBody, c"the body is something else than a call"),
        (Self::WrongId, c"the plan's call id is none"),
        (Self::WrongHost, c"a host or cloud of the plan is none"),
        (Self::WrongCredential, c"the plan's credential is incomplete or wrong"),
        (Self::WrongToken, c"the access token is none"),
        (Self::WrongName, c"a name is none that there is"),
    ];
}

/// The status of a result.
pub(crate) fn status_of(result: Result<(), Status>) -> Status {
    result.err().unwrap_or(Status::Ok)
}

/// The text of a status, for people; never null, valid for ever, in English. Takes any number.
#[unsafe(no_mangle)]
pub extern "C" fn graph_call_status_text(status: u32) -> *const c_char {
    let text = Status::ALL.iter().find(|(of, _)| *of as u32 == status).map(|(_, text)| *text);
    text.unwrap_or(c"no status has this number").as_ptr()
}
