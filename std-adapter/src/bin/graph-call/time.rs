//! Times of the system's clock, as text.

use std::time::{SystemTime, UNIX_EPOCH};

use graph_call::DateTime;

const DAY: u64 = 86_400;

/// Now, by UTC and to the millisecond (RFC 3339).
pub(crate) fn now() -> DateTime {
    // A clock before 1970 is wrong anyway.
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    at(since.as_secs(), since.subsec_millis())
}

/// Now, in seconds since 1970.
pub(crate) fn unix_now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// A moment in seconds since 1970, unless it is after the year 9999.
pub(crate) fn of_unix(seconds: u64) -> Option<DateTime> {
    (seconds < 253_402_300_800).then(|| at(seconds, 0))
}

/// `2026-11-29T12:34:56.070Z`: always as long, so that lines can be sorted by it.
pub(crate) fn stamp(time: DateTime) -> String {
    let DateTime { year, month, day, hour, minute, second, nanosecond, .. } = time;
    let milliseconds = nanosecond / 1_000_000;
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milliseconds:03}Z")
}

/// `12:34:56Z`
pub(crate) fn of_day(time: DateTime) -> String {
    format!("{:02}:{:02}:{:02}Z", time.hour, time.minute, time.second)
}

fn at(seconds: u64, milliseconds: u32) -> DateTime {
    let (mut year, mut day) = (1970, seconds / DAY);
    while day >= days_of_year(year) {
        day -= days_of_year(year);
        year += 1;
    }
    let mut month = 1;
    while day >= days_of_month(year, month) {
        day -= days_of_month(year, month);
        month += 1;
    }
    let of_day = seconds % DAY;
    // Each part is below its bound by what precedes it; the year is for some time.
    DateTime {
        year: year as u16,
        month: month as u8,
        day: day as u8 + 1,
        hour: (of_day / 3_600) as u8,
        minute: (of_day / 60 % 60) as u8,
        second: (of_day % 60) as u8,
        nanosecond: milliseconds * 1_000_000,
        offset_minutes: Some(0),
    }
}

fn days_of_year(year: u64) -> u64 {
    if is_leap(year) { 366 } else { 365 }
}

fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn days_of_month(year: u64, month: u64) -> u64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::{at, of_day, stamp};

    #[test]
    fn seconds_since_1970_are_dates() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00.007Z"),
            (951_782_400, "2000-02-29T00:00:00.007Z"),
            (1_798_761_599, "2026-12-31T23:59:59.007Z"),
            (4_107_542_400, "2100-03-01T00:00:00.007Z"),
        ] {
            assert_eq!(at(seconds, 7).to_string(), text);
            assert_eq!(stamp(at(seconds, 7)), text);
        }
        assert_eq!(stamp(at(45_296, 70)), "1970-01-01T12:34:56.070Z");
        assert_eq!(of_day(at(45_296, 70)), "12:34:56Z");
    }
}
