//! The line at the bottom of a terminal that says what happens, and is erased before anything else is written.

use std::io::{self, Write as _};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use crate::loud::Loud;

/// Erases the line that shows what happens.
const ERASE: &str = "\r\u{1b}[K";

/// Whether there is a line to erase.
static IS_SHOWN: AtomicBool = AtomicBool::new(false);
/// One line is written at a time.
static LINE: Mutex<()> = Mutex::new(());

/// Shows a line, to a person at a terminal, in the place of the last one.
pub(crate) fn show(text: &str) {
    if Loud::get().may_animate() {
        let _line = LINE.lock();
        let mut stderr = io::stderr().lock();
        let _ = write!(stderr, "{ERASE}{text}");
        let _ = stderr.flush();
        IS_SHOWN.store(true, Relaxed);
    }
}

/// Erases the line, before something else is written.
pub(crate) fn erase() {
    let _line = LINE.lock();
    if IS_SHOWN.swap(false, Relaxed) {
        let mut stderr = io::stderr().lock();
        let _ = write!(stderr, "{ERASE}");
        let _ = stderr.flush();
    }
}
