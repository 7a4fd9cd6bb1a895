//! The functions of C that the library needs by name, for devices without a C library.
//!
//! `memcpy` and its like come with Rust.

use core::ffi::{CStr, c_char, c_int, c_void};
use core::ptr;

/// The library names this as where its memory comes from until it is told of the heap, which is before it asks: nobody calls it.
#[unsafe(no_mangle)]
extern "C" fn calloc(_: usize, _: usize) -> *mut c_void {
    ptr::null_mut()
}

/// As `calloc`: nobody calls it.
#[unsafe(no_mangle)]
extern "C" fn free(_: *mut c_void) {}

/// The first place of a character, or null. (C11, section 7.24.5.2)
///
/// # Safety
/// `text` ends with a NUL.
#[unsafe(no_mangle)]
unsafe extern "C" fn strchr(text: *const c_char, character: c_int) -> *mut c_char {
    // SAFETY: the caller's promise.
    let bytes = unsafe { CStr::from_ptr(text) }.to_bytes_with_nul();
    match bytes.iter().position(|byte| *byte == character as u8) {
        // SAFETY: a place within the text.
        Some(place) => unsafe { text.add(place) }.cast_mut(),
        None => ptr::null_mut(),
    }
}

/// Less than 0, 0, or more, as the first text is before, equal to or behind the second. (C11, section 7.24.4.2)
///
/// # Safety
/// Both texts end with a NUL.
#[unsafe(no_mangle)]
unsafe extern "C" fn strcmp(first: *const c_char, second: *const c_char) -> c_int {
    // SAFETY: the caller's promise.
    unsafe { CStr::from_ptr(first).cmp(CStr::from_ptr(second)) as c_int }
}
