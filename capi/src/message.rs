//! Text for people, into memory of the caller.

use core::ffi::c_char;
use core::fmt::{self, Write as _};

use crate::memory::give;
use crate::status::Status;

/// Writes what something shows, with a NUL at the end; what does not fit is cut.
///
/// # Safety
/// `output` is null or may be written for `capacity` bytes.
pub(crate) unsafe fn write(
    output: *mut c_char,
    capacity: usize,
    shown: &dyn fmt::Display,
) -> Result<(), Status> {
    if output.is_null() {
        return Err(Status::NullPointer);
    }
    let room = capacity.checked_sub(1).ok_or(Status::TooSmall)?;
    let mut message = Message { output, room };
    // A text that is cut is what was asked for.
    let _ = write!(message, "{shown}");
    // SAFETY: `output` has moved by at most `capacity - 1` bytes.
    unsafe { give(message.output, 0) }
}

/// The caller's memory for a text, without its last byte.
struct Message {
    output: *mut c_char,
    room: usize,
}

impl fmt::Write for Message {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            self.room = self.room.checked_sub(character.len_utf8()).ok_or(fmt::Error)?;
            for byte in character.encode_utf8(&mut [0; 4]).bytes() {
                // SAFETY: there is room for this character and one byte more in the caller's memory.
                unsafe { give(self.output, byte as c_char) }.map_err(|_| fmt::Error)?;
                self.output = self.output.wrapping_add(1);
            }
        }
        Ok(())
    }
}
