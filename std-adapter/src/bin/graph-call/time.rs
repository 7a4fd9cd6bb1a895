//! Times of the system's clock, as text.

use std::time::{SystemTime, UNIX_EPOCH};

use graph_call::DateTime;

/// Now, by UTC and to the millisecond (RFC 3339).
pub(crate) fn now() -> DateTime {
    // A clock before 1970 is wrong anyway, as one after the year 9999 is.
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let time = DateTime::from_unix(since.as_secs()).unwrap_or(DateTime::UNIX_EPOCH);
    DateTime { nanosecond: since.subsec_millis() * 1_000_000, ..time }
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

#[cfg(test)]
mod tests {
    use graph_call::DateTime;

    use super::{of_day, stamp};

    #[test]
    fn seconds_since_1970_are_dates() {
        let at = |seconds: u64, milliseconds: u32| {
            let time = DateTime::from_unix(seconds).expect("before the year 10,000");
            DateTime { nanosecond: milliseconds * 1_000_000, ..time }
        };
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
