//! The only way from a C pointer to a reference: checked as far as a pointer can be.

use core::ffi::c_void;
use core::ptr;

use crate::status::Status;

/// A kind of object that stands in the caller's memory.
pub(crate) trait Kind: Sized {
    /// Tells the kind: a number that other memory is unlikely to hold.
    const TAG: u32;
    /// Where in the object its tag is.
    const TAG_OFFSET: usize;
    /// A new object, with its tag.
    const NEW: Self;
}

/// Makes a new object in the caller's memory.
///
/// # Safety
/// `memory` is null or may be written for `length` bytes.
pub(crate) unsafe fn initialise<T: Kind>(memory: *mut c_void, length: usize) -> Result<*mut T, Status> {
    let place = memory.cast::<T>();
    check(place)?;
    if length < size_of::<T>() {
        return Err(Status::TooSmall);
    }
    // SAFETY: not null, aligned, and long enough by the caller's word; there is nothing to drop in raw memory.
    unsafe { place.write(T::NEW) };
    Ok(place)
}

/// Looks at an object.
///
/// # Safety
/// `place` is null or may be read for the size of the object, and nobody writes to it meanwhile.
pub(crate) unsafe fn shared<'a, T: Kind>(place: *const T) -> Result<&'a T, Status> {
    check(place)?;
    let tag = place.wrapping_byte_add(T::TAG_OFFSET).cast::<u32>();
    // SAFETY: the tag of an object that is not null and aligned is aligned too, and the caller vouches that the memory
    // may be read. It is looked at as a number, which any memory holds.
    if unsafe { ptr::read_volatile(tag) } != T::TAG {
        return Err(Status::NotInitialised);
    }
    // SAFETY: the tag says that `initialise` made the object, and the caller vouches that nobody writes to it.
    Ok(unsafe { &*place })
}

/// Changes an object.
///
/// # Safety
/// `place` is null or may be read and written for the size of the object, and nobody else uses it meanwhile.
pub(crate) unsafe fn exclusive<'a, T: Kind>(place: *mut T) -> Result<&'a mut T, Status> {
    // SAFETY: the caller's promise is the stronger one; the reference is dropped at once.
    unsafe { shared(place) }?;
    // SAFETY: `shared` has checked the pointer and the tag, and the caller vouches that nobody else uses the object.
    Ok(unsafe { &mut *place })
}

/// The caller's bytes; a null pointer is an empty piece if the length is 0.
///
/// # Safety
/// `input` is null or may be read for `length` bytes, and nobody writes to them meanwhile.
pub(crate) unsafe fn bytes<'a>(input: *const u8, length: usize) -> Result<&'a [u8], Status> {
    if length == 0 {
        return Ok(&[]);
    }
    if input.is_null() {
        return Err(Status::NullPointer);
    }
    if length > isize::MAX as usize {
        return Err(Status::TooSmall);
    }
    // SAFETY: not null, any byte is aligned, no longer than an object may be, and readable by the caller's word.
    Ok(unsafe { core::slice::from_raw_parts(input, length) })
}

/// Gives a result through a pointer of the caller.
///
/// # Safety
/// `output` is null or may be written for the size of the value.
pub(crate) unsafe fn give<T>(output: *mut T, value: T) -> Result<(), Status> {
    check(output)?;
    // SAFETY: not null, aligned, and writable by the caller's word.
    unsafe { output.write(value) };
    Ok(())
}

/// Whether two pieces of memory have a byte in common.
pub(crate) fn overlap(first: (usize, usize), second: (usize, usize)) -> bool {
    first.0 < second.0.saturating_add(second.1) && second.0 < first.0.saturating_add(first.1)
}

fn check<T>(pointer: *const T) -> Result<(), Status> {
    if pointer.is_null() {
        return Err(Status::NullPointer);
    }
    if pointer.is_aligned() { Ok(()) } else { Err(Status::Misaligned) }
}
