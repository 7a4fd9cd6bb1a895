//! How long the service asks to wait.

use core::time::Duration;

use super::date;

/// Reads a Retry-After value: seconds, which the service also writes with a fraction, or a date, which is
/// taken against the date of the same answer, so that no clock is needed.
///
/// A date that has passed is no wait. The longest wait is `u32::MAX` seconds, which can be added to any
/// clock. What is neither, such as a negative number, is `None`: as if the field line were missing.
///
/// ```
/// use core::time::Duration;
/// use graph_call::http::retry_after;
///
/// assert_eq!(retry_after::parse("2.128", None), Some(Duration::from_millis(2128)));
/// let now = Some("Sun, 06 Nov 1994 08:49:37 GMT");
/// assert_eq!(retry_after::parse("Sun, 06 Nov 1994 08:49:40 GMT", now), Some(Duration::from_secs(3)));
/// assert_eq!(retry_after::parse("-5", now), None);
/// ```
pub fn parse(value: &str, date: Option<&str>) -> Option<Duration> {
    let value = value.trim_ascii();
    match value.as_bytes().first()? {
        b'0'..=b'9' => delay(value.as_bytes()),
        _ => {
            let now = date::seconds(date?.trim_ascii())?;
            let then = date::seconds_at(value, now)?;
            Some(Duration::from_secs(then.saturating_sub(now).min(u64::from(u32::MAX))))
        }
    }
}

/// `delay-seconds = 1*DIGIT`, and by the service's habit `[ "." 1*DIGIT ]`, kept to the millisecond.
fn delay(value: &[u8]) -> Option<Duration> {
    let mut seconds = 0_u32;
    let mut millis = 0_u32;
    // What a digit after the point is worth; 1000 before it.
    let mut unit = 1000_u32;
    for &byte in value {
        let digit = u32::from(byte.wrapping_sub(b'0'));
        match (byte, unit) {
            (b'0'..=b'9', 1000) => seconds = seconds.saturating_mul(10).saturating_add(digit),
            (b'0'..=b'9', _) => {
                millis = millis.wrapping_add(digit.wrapping_mul(unit));
                unit /= 10;
            }
            (b'.', 1000) => unit = 100,
            _ => return None,
        }
    }
    let is_digit_last = value.last()?.is_ascii_digit();
    is_digit_last.then(|| Duration::new(u64::from(seconds), millis.wrapping_mul(1_000_000)))
}
