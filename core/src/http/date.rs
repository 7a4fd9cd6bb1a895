//! The dates of HTTP, in all three forms of RFC 9110, section 5.6.7.

/// A mean year, in seconds.
const YEAR: u64 = 31_556_952;

/// The last second of 2069.
const LAST_OF_2069: u64 = 3_155_759_999;

/// The days of HTTP's weeks; the two shorter forms have their first three letters.
const DAYS: [&[u8]; 7] =
    [b"Monday", b"Tuesday", b"Wednesday", b"Thursday", b"Friday", b"Saturday", b"Sunday"];

/// The seconds from the start of 1970 to a date: an `IMF-fixdate`, the one form that senders may use, or
/// one of the two that are obsolete and have to be read.
///
/// A year of two digits is one from 1970 to 2069: no clock is at hand. A day that no month has, such as 31
/// February, is no date.
///
/// ```
/// use graph_call::http::date;
///
/// assert_eq!(date::seconds("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
/// assert_eq!(date::seconds("Sunday, 06-Nov-94 08:49:37 GMT"), Some(784_111_777));
/// assert_eq!(date::seconds("Sun Nov  6 08:49:37 1994"), Some(784_111_777));
/// assert_eq!(date::seconds("1994-11-06T08:49:37Z"), None);
/// ```
pub fn seconds(date: &str) -> Option<u64> {
    until(date, LAST_OF_2069)
}

/// [`seconds`], where it is known what time it is: a year of two digits is the last one that is not more than
/// 50 years ahead, as RFC 9110 demands.
///
/// ```
/// use graph_call::http::date;
///
/// let now = date::seconds("Fri, 31 Dec 2060 00:00:00 GMT").ok_or("no date")?;
/// let soon = date::seconds("Mon, 01 Jan 2080 00:00:00 GMT");
/// assert_eq!(date::seconds_at("Monday, 01-Jan-80 00:00:00 GMT", now), soon);
/// # Ok::<(), &str>(())
/// ```
pub fn seconds_at(date: &str, now: u64) -> Option<u64> {
    until(date, now.saturating_add(50 * YEAR))
}

/// A year of two digits is the last one whose date is not behind `last`.
fn until(date: &str, last: u64) -> Option<u64> {
    let date = date.as_bytes();
    let day_name = date.get(..date.iter().position(|byte| !byte.is_ascii_alphabetic())?)?;
    let rest = date.get(day_name.len()..)?;
    let is_short = day_name.len() == 3;
    DAYS.iter().find(|name| if is_short { name.starts_with(day_name) } else { **name == day_name })?;
    // `IMF-fixdate = day-name "," SP 2DIGIT SP month SP 4DIGIT SP time-of-day SP "GMT"`
    // `rfc850-date = day-name-l "," SP 2DIGIT "-" month "-" 2DIGIT SP time-of-day SP "GMT"`
    // `asctime-date = day-name SP month SP ( 2DIGIT / SP 1DIGIT ) SP time-of-day SP 4DIGIT`
    let (shape, day, month, year, time): (&[u8], _, _, _, _) = match (is_short, rest.first()) {
        (true, Some(b',')) => (b", 00 aaa 0000 00:00:00 GMT", 2, 5, 9..13, 14),
        (true, _) => (b" aaa _0 00:00:00 0000", 5, 1, 17..21, 8),
        (false, _) => (b", 00-aaa-00 00:00:00 GMT", 2, 5, 9..11, 12),
    };
    let fits = |(byte, shape): (&u8, &u8)| match shape {
        b'a' => byte.is_ascii_alphabetic(),
        b'0' => byte.is_ascii_digit(),
        b'_' => *byte == b' ' || byte.is_ascii_digit(),
        _ => byte == shape,
    };
    if rest.len() != shape.len() || !rest.iter().zip(shape).all(fits) {
        return None;
    }
    let name = rest.get(month..)?.first_chunk::<3>()?;
    let mut names = (1_u32..).zip(b"JanFebMarAprMayJunJulAugSepOctNovDec".chunks_exact(3));
    let (month, _) = names.find(|(_, known)| known == name)?;
    let two = |from: usize| number(rest, from, 2);
    let (day, hour, minute, second) =
        (two(day), two(time), two(time.wrapping_add(3)), two(time.wrapping_add(6)));
    // Second 60 is a leap second.
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let clock = hour.wrapping_mul(3600).wrapping_add(minute.wrapping_mul(60)).wrapping_add(second);
    let year = number(rest, year.start, year.len());
    // Of two digits only, every century is tried.
    let (mut year, step, last) =
        if is_short { (year, 10_000, u64::MAX) } else { (year.wrapping_add(1900), 100, last) };
    let mut found = None;
    while year < 10_000 {
        // Years that do not have this day, 29 February, do not count.
        if let Some(days) = days(year, month, day) {
            let seconds = days.wrapping_mul(86_400).wrapping_add(u64::from(clock));
            if seconds > last {
                break;
            }
            found = Some(seconds);
        }
        year = year.wrapping_add(step);
    }
    found
}

/// The days from the start of 1970 to a day that there is, in a year of at most four digits.
fn days(year: u32, month: u32, day: u32) -> Option<u64> {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let length = match month {
        2 => 28_u32.wrapping_add(u32::from(is_leap)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if year < 1970 || !(1..=length).contains(&day) {
        return None;
    }
    // The year of this count begins in March, so that the leap day is its last; no step overflows for
    // four digits.
    let (year, month) =
        if month < 3 { (year.wrapping_sub(1), month.wrapping_add(9)) } else { (year, month.wrapping_sub(3)) };
    let days =
        year.wrapping_mul(365).wrapping_add(year / 4).wrapping_sub(year / 100).wrapping_add(year / 400);
    let days = days.wrapping_add(month.wrapping_mul(153).wrapping_add(2) / 5).wrapping_add(day);
    // 719,469 days lie between the first of March of the year 0 and 1970, the day counted from 1.
    Some(u64::from(days.wrapping_sub(719_469)))
}

/// The value of the digits at this place, of which a space is none.
#[inline(never)]
fn number(date: &[u8], from: usize, count: usize) -> u32 {
    let digits = date.iter().skip(from).take(count);
    digits.fold(0_u32, |number, byte| number.wrapping_mul(10).wrapping_add(u32::from(byte & 0x0f)))
}
