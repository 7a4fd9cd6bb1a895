//! The call: made by the caller, filled by a parser, read by accessors once it is finished.

use core::ffi::{c_char, c_void};
use core::mem::{ManuallyDrop, offset_of};
use core::ptr;

use graph_call::CallState;
use graph_call::job::Watched;
use graph_call::record::{Place, Record, Schema};

use crate::member::{State, number_of, text_of, word};
use crate::memory::{Kind, give, initialise, shared};
use crate::preset::{Identity, IdentitySet, Model};
use crate::status::{Status, status_of};

/// A call, in memory of the caller.
pub struct Call {
    tag: u32,
    /// Whether it is whole, and may be read.
    is_finished: bool,
    /// The address of the parser or job that fills it.
    filler: usize,
    // Never dropped: C has its memory.
    call: ManuallyDrop<Model>,
}

impl Kind for Call {
    const TAG: u32 = 0x6763_6361;
    const TAG_OFFSET: usize = offset_of!(Self, tag);
    const NEW: Self = Self { tag: 0, is_finished: false, filler: 0, call: ManuallyDrop::new(Model::empty()) };
}

impl Call {
    /// Says who fills it from now on; what it holds may be read until then.
    pub(crate) fn claim(&mut self, filler: usize) {
        self.filler = filler;
    }

    /// Says who fills it now.
    pub(crate) fn begin(&mut self, filler: usize) {
        self.claim(filler);
        self.is_finished = false;
    }

    /// Whether it is still that one's: nobody else has begun to fill it since, and it was not made anew.
    pub(crate) const fn belongs_to(&self, filler: usize) -> bool {
        self.filler == filler
    }
}

/// Whatever touches a member makes the call one that may not be read, until it is whole.
impl Record for Call {
    fn schema(&self) -> &'static Schema {
        self.call.schema()
    }

    fn place(&mut self, field: u8) -> Place<'_> {
        self.is_finished = false;
        self.call.place(field)
    }

    fn clear(&mut self) {
        self.is_finished = false;
        self.call.clear();
    }
}

impl Watched for Call {
    fn call_id(&self) -> Option<&str> {
        self.call.call_id()
    }

    fn has_id(&self) -> bool {
        self.call.has_id()
    }

    fn call_state(&self) -> Option<CallState> {
        self.call.call_state()
    }

    fn complete(&mut self) {
        self.is_finished = true;
    }
}

/// Text in UTF-8 without a NUL at its end; it lives as long as the call is not changed.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Text {
    /// Its first byte.
    pub start: *const c_char,
    /// Its length in bytes.
    pub length: usize,
}

/// Who somebody is in a call.
#[derive(Clone, Copy, PartialEq)]
#[repr(u32)]
pub enum Party {
    /// Who called.
    Source = 0,
    /// Whom the call is meant for; there may be several.
    Target = 1,
    /// Who took the call; there may be several identities, but one participant.
    AnsweredBy = 2,
}

/// One identity of a participant; a text that is absent has a null start.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Person {
    /// What the identity is of, such as `user` or `phone`.
    pub kind: Text,
    /// The id.
    pub id: Text,
    /// The name for people.
    pub display_name: Text,
}

/// The bytes that a call takes.
#[unsafe(no_mangle)]
pub extern "C" fn graph_call_size() -> usize {
    size_of::<Call>()
}

/// The alignment that a call's memory needs.
#[unsafe(no_mangle)]
pub extern "C" fn graph_call_alignment() -> usize {
    align_of::<Call>()
}

/// Makes a new call, with every member absent, in memory of the caller.
///
/// # Safety
/// `memory` is null or may be written for `length` bytes; `call` is null or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn graph_call_init(memory: *mut c_void, length: usize, call: *mut *mut Call) -> Status {
    // SAFETY: the caller's promise about `memory` is passed on.
    let place = unsafe { initialise::<Call>(memory, length) };
    // SAFETY: the caller's promise about `call` is passed on.
    status_of(place.and_then(|place| unsafe { give(call, place) }))
}

/// A text of the call: `member` is one of the `GRAPH_CALL_MEMBER_...` constants.
///
/// # Safety
/// `call` is null or points to memory that was given to `init` and is not changed meanwhile; `text` is null or may be
/// written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn graph_call_text(call: *const Call, member: u32, text: *mut Text) -> Status {
    // SAFETY: the caller's promise about `call` is passed on.
    let found = unsafe { finished(call) }.and_then(|call| text_of(call, member));
    // SAFETY: the caller's promise about `text` is passed on.
    status_of(found.and_then(|found| unsafe { give(text, Text::new(found)) }))
}

/// How far the call has come; `UNKNOWN` if this version does not know the word, which `graph_call_text` may have.
///
/// # Safety
/// As for `graph_call_text`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn graph_call_state(call: *const Call, state: *mut State) -> Status {
    // SAFETY: the caller's promise about `call` is passed on.
    let found = unsafe { finished(call) }.and_then(|call| call.state.get().ok_or(Status::Absent));
    // SAFETY: the caller's promise about `state` is passed on.
    status_of(found.and_then(|found| unsafe { give(state, State::from(found)) }))
}

/// A number of the call: `number` is one of the `GRAPH_CALL_NUMBER_...` constants.
///
/// # Safety
/// As for `graph_call_text`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn graph_call_number(call: *const Call, number: u32, value: *mut i64) -> Status {
    // SAFETY: the caller's promise about `call` is passed on.
    let found = unsafe { finished(call) }.and_then(|call| number_of(call, number));
    // SAFETY: the caller's promise about `value` is passed on.
    status_of(found.and_then(|found| unsafe { give(value, found) }))
}

/// How many participants of a role there are in the call's memory, at most as many as fit: `party` is one of the
/// `GRAPH_CALL_PARTY_...` constants.
///
/// # Safety
/// As for `graph_call_text`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn graph_call_party_count(call: *const Call, party: u32, count: *mut usize) -> Status {
    // SAFETY: the caller's promise about `call` is passed on.
    let found = unsafe { finished(call) }.and_then(|call| match party {
        party if party == Party::Source as u32 => Ok(usize::from(call.source.get().is_some())),
        party if party == Party::AnsweredBy as u32 => Ok(usize::from(call.answered_by.get().is_some())),
        party if party == Party::Target as u32 => Ok(call.targets.len()),
        _ => Err(Status::UnknownConstant),
    });
    // SAFETY: the caller's promise about `count` is passed on.
    status_of(found.and_then(|found| unsafe { give(count, found) }))
}

/// Who a participant is: its first identity is number 0, and absent is what comes after the last one.
///
/// # Safety
/// As for `graph_call_text`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn graph_call_person(
    call: *const Call,
    party: u32,
    index: usize,
    identity: usize,
    person: *mut Person,
) -> Status {
    // SAFETY: the caller's promise about `call` is passed on.
    let found = unsafe { finished(call) }
        .and_then(|call| set_of(call, party, index))
        .and_then(|set| set.identities.get(identity).ok_or(Status::Absent));
    // SAFETY: the caller's promise about `person` is passed on.
    status_of(found.and_then(|found| unsafe { give(person, Person::new(found)) }))
}

/// One of the media that were asked for, such as `audio`; absent is what comes after the last one.
///
/// # Safety
/// As for `graph_call_text`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn graph_call_requested_modality(
    call: *const Call,
    index: usize,
    text: *mut Text,
) -> Status {
    // SAFETY: the caller's promise about `call` is passed on.
    let found = unsafe { finished(call) }
        .and_then(|call| call.requested_modalities.get(index).ok_or(Status::Absent))
        .and_then(word);
    // SAFETY: the caller's promise about `text` is passed on.
    status_of(found.and_then(|found| unsafe { give(text, Text::new(found)) }))
}

/// # Safety
/// As for `graph_call_text`.
pub(crate) unsafe fn finished<'a>(call: *const Call) -> Result<&'a Model, Status> {
    // SAFETY: the caller's promise about `call` is passed on.
    let object = unsafe { shared(call) }?;
    if object.is_finished { Ok(&object.call) } else { Err(Status::WrongOrder) }
}

fn set_of(call: &Model, party: u32, index: usize) -> Result<&IdentitySet, Status> {
    let participant = match party {
        party if party == Party::Target as u32 => {
            let target = call.targets.get(index).ok_or(Status::Absent)?;
            return target.identity.get().ok_or(Status::Absent);
        }
        party if party == Party::Source as u32 => call.source.get(),
        party if party == Party::AnsweredBy as u32 => call.answered_by.get(),
        _ => return Err(Status::UnknownConstant),
    };
    participant.filter(|_| index == 0).and_then(|one| one.identity.get()).ok_or(Status::Absent)
}

impl Text {
    pub(crate) fn new(text: &str) -> Self {
        Self { start: text.as_ptr().cast(), length: text.len() }
    }

    pub(crate) fn or_null(text: Option<&str>) -> Self {
        text.map_or(Self { start: ptr::null(), length: 0 }, Self::new)
    }
}

impl Person {
    fn new(identity: &Identity) -> Self {
        Self {
            kind: Text::or_null(identity.kind.as_str()),
            id: Text::or_null(identity.id.as_str()),
            display_name: Text::or_null(identity.display_name.as_str()),
        }
    }
}
