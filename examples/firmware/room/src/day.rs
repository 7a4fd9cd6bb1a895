//! The time of day, once somebody has said it: seconds since 1970, by a clock that counts milliseconds.

use core::cell::Cell;

use critical_section::Mutex;

/// Seconds since 1970 when the program was built: it is later now.
pub const BUILT: u64 = number(include_str!(concat!(env!("OUT_DIR"), "/built")));

/// Twenty years, in seconds.
const LIFETIME: u64 = 20 * 365 * 86_400;

/// The second of the day on which the clock of milliseconds began.
static BEGAN: Mutex<Cell<Option<u64>>> = Mutex::new(Cell::new(None));

/// Says what time it is; by an unbelievable time nothing changes.
pub fn set(now_ms: u64, seconds: u64) {
    if is_believable(seconds) {
        critical_section::with(|section| {
            BEGAN.borrow(section).set(Some(seconds.saturating_sub(now_ms / 1000)))
        });
    }
}

/// Seconds since 1970; `None` as long as nobody has said it.
pub fn seconds(now_ms: u64) -> Option<u64> {
    critical_section::with(|section| BEGAN.borrow(section).get()).map(|began| began + now_ms / 1000)
}

/// Whether it may be that late: not before the build, and not long after the program has had its day. Whoever says the
/// time by SNTP proves nothing.
pub fn is_believable(seconds: u64) -> bool {
    (BUILT..BUILT + LIFETIME).contains(&seconds)
}

const fn number(digits: &str) -> u64 {
    let (mut number, mut rest) = (0, digits.as_bytes());
    while let [digit, after @ ..] = rest {
        number = number * 10 + (*digit - b'0') as u64;
        rest = after;
    }
    number
}
