//! The only way from a C pointer to a reference: checked as far as a pointer can be.

use core::ffi::{CStr, c_char, c_void};

use crate::status::Status;

/// A kind of object that stands in the caller's memory.
pub(crate) trait Kind: Sized {
    /// Tells the kind: a number that other memory is unlikely to hold.
    const TAG: u32;
    /// Where in the object its tag is.
    const TAG_OFFSET: usize;
    /// A new object without its tag. It is nothing but zeros, so that writing it takes no template in flash.
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
    // SAFETY: the tag is a number inside the object, which the caller vouches for.
    unsafe { tag_of(place).write(T::TAG) };
    Ok(place)
}

/// Overwrites an object, its tag included, so that nothing of what it held is left.
///
/// # Safety
/// As for [`exclusive`].
pub(crate) unsafe fn wipe<T: Kind>(place: *mut T) -> Result<(), Status> {
    // SAFETY: the caller's promise is passed on; the reference is dropped at once.
    unsafe { exclusive(place) }?;
    let bytes = place.cast::<u8>();
    for offset in 0..size_of::<T>() {
        // SAFETY: a byte of the object. Volatile, since a write that nobody reads would be left out.
        unsafe { bytes.wrapping_add(offset).write_volatile(0) };
    }
    Ok(())
}

/// Looks at an object.
///
/// # Safety
/// `place` is null or may be read for the size of the object, and nobody writes to it meanwhile.
pub(crate) unsafe fn shared<'a, T: Kind>(place: *const T) -> Result<&'a T, Status> {
    check(place)?;
    // SAFETY: the tag of an object that is not null and aligned is aligned too, and the caller vouches that the memory
    // may be read. It is looked at as a number, which any memory holds.
    if unsafe { tag_of(place.cast_mut()).read_volatile() } != T::TAG {
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

/// The caller's bytes, to be written to.
///
/// # Safety
/// `output` is null or may be read and written for `length` bytes, and nobody else uses them meanwhile.
pub(crate) unsafe fn room<'a>(output: *mut u8, length: usize) -> Result<&'a mut [u8], Status> {
    if output.is_null() {
        return Err(Status::NullPointer);
    }
    if length == 0 || length > isize::MAX as usize {
        return Err(Status::TooSmall);
    }
    // SAFETY: not null, any byte is aligned, no longer than an object may be, and the caller vouches for the rest.
    Ok(unsafe { core::slice::from_raw_parts_mut(output, length) })
}

/// The caller's text, which ends with a NUL; a null pointer is none.
///
/// # Safety
/// `text` is null or may be read up to its NUL, and nobody writes to it meanwhile.
pub(crate) unsafe fn text<'a>(text: *const c_char) -> Option<&'a [u8]> {
    // SAFETY: not null, and ends with a NUL by the caller's word.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_bytes())
}

/// Takes a value that the caller has filled.
///
/// # Safety
/// `input` is null or may be read for the size of the value, every byte of which is set.
pub(crate) unsafe fn take<T: Copy>(input: *const T) -> Result<T, Status> {
    check(input)?;
    // SAFETY: not null, aligned, and readable by the caller's word.
    Ok(unsafe { input.read() })
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

/// A piece of memory, to be kept apart from others.
#[derive(Clone, Copy)]
pub(crate) struct Region {
    start: usize,
    length: usize,
}

impl Region {
    /// Where an object is.
    pub(crate) fn of<T>(place: *const T) -> Self {
        Self { start: place.addr(), length: size_of::<T>() }
    }

    /// Where bytes are.
    pub(crate) fn new<T>(start: *const T, length: usize) -> Self {
        Self { start: start.addr(), length }
    }

    fn overlaps(self, other: Self) -> bool {
        self.start < other.start.saturating_add(other.length)
            && other.start < self.start.saturating_add(self.length)
    }
}

/// Refuses pieces of memory of which two have a byte in common. A null pointer is another fault.
pub(crate) fn apart(regions: &[Region]) -> Result<(), Status> {
    let mut rest = regions;
    while let [first, others @ ..] = rest {
        if first.start != 0 && others.iter().any(|other| other.start != 0 && first.overlaps(*other)) {
            return Err(Status::Overlap);
        }
        rest = others;
    }
    Ok(())
}

/// Where the tag of an object is.
const fn tag_of<T: Kind>(place: *mut T) -> *mut u32 {
    place.wrapping_byte_add(T::TAG_OFFSET).cast()
}

pub(crate) fn check<T>(pointer: *const T) -> Result<(), Status> {
    if pointer.is_null() {
        return Err(Status::NullPointer);
    }
    if pointer.is_aligned() { Ok(()) } else { Err(Status::Misaligned) }
}
