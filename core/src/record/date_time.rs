//! Dates and times as Microsoft Graph writes them (OData `Edm.DateTimeOffset`, RFC 3339).

use core::fmt;

/// A date, a time of day and their distance from UTC.
///
/// ```
/// use graph_call::DateTime;
///
/// let time = DateTime::parse(b"2020-05-28T00:10:54.104318Z").ok_or("no date-time")?;
/// assert_eq!((time.year, time.month, time.day), (2020, 5, 28));
/// assert_eq!(time.nanosecond, 104_318_000);
/// assert_eq!(time.to_string(), "2020-05-28T00:10:54.104318Z");
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct DateTime {
    /// 0 to 9999.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to the number of days of the month.
    pub day: u8,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59, or 60 in a leap second.
    pub second: u8,
    /// 0 to 999,999,999; digits of the fraction past the ninth are dropped.
    pub nanosecond: u32,
    /// Minutes ahead of UTC, or `None` if the text does not say.
    pub offset_minutes: Option<i16>,
}

/// The bytes of the longest text that [`DateTime`] writes.
pub const DATE_TIME_LENGTH_MAX: usize = "9999-12-31T23:59:59.999999999+14:00".len();

impl DateTime {
    pub(crate) const ZERO: Self = Self {
        year: 0,
        month: 0,
        day: 0,
        hour: 0,
        minute: 0,
        second: 0,
        nanosecond: 0,
        offset_minutes: None,
    };

    /// The start of 1970, by UTC.
    pub const UNIX_EPOCH: Self = Self { year: 1970, month: 1, day: 1, offset_minutes: Some(0), ..Self::ZERO };

    /// The moment so many seconds after the start of 1970, by UTC; `None` after the year 9999.
    ///
    /// ```
    /// use graph_call::DateTime;
    ///
    /// let time = DateTime::from_unix(951_782_400).ok_or("too late")?;
    /// assert_eq!(time.to_string(), "2000-02-29T00:00:00Z");
    /// assert_eq!(DateTime::from_unix(253_402_300_800), None);
    /// # Ok::<(), &str>(())
    /// ```
    pub const fn from_unix(seconds: u64) -> Option<Self> {
        if seconds > 253_402_300_799 {
            return None;
        }
        // No step overflows before the year 10,000. The year of this count begins in March, so that the leap day is its last;
        // 719,468 days lie between the first of March of the year 0 and 1970, and 400 such years are an era.
        let days = ((seconds / 86_400) as u32).wrapping_add(719_468);
        let (era, day) = (days / 146_097, days % 146_097);
        let leaps = (day / 1_460).wrapping_sub(day / 36_524).wrapping_add(day / 146_096);
        let year = day.wrapping_sub(leaps) / 365;
        let day = day.wrapping_sub(year.wrapping_mul(365).wrapping_add(year / 4).wrapping_sub(year / 100));
        let month = day.wrapping_mul(5).wrapping_add(2) / 153;
        let day = day.wrapping_sub(month.wrapping_mul(153).wrapping_add(2) / 5).wrapping_add(1);
        let (month, is_next) =
            if month < 10 { (month.wrapping_add(3), false) } else { (month.wrapping_sub(9), true) };
        let year = era.wrapping_mul(400).wrapping_add(year).wrapping_add(is_next as u32);
        Some(Self {
            year: year as u16,
            month: month as u8,
            day: day as u8,
            hour: (seconds / 3_600 % 24) as u8,
            minute: (seconds / 60 % 60) as u8,
            second: (seconds % 60) as u8,
            nanosecond: 0,
            offset_minutes: Some(0),
        })
    }

    /// Reads a date-time, or gives `None` if the text is none.
    ///
    /// ```text
    /// dateTimeOffsetValue = year "-" month "-" day "T" hour ":" minute [ ":" second [ "." fractionalSeconds ] ]
    ///                       ( "Z" / SIGN hour ":" minute )
    /// ```
    ///
    /// The offset may be missing, since some services leave it out. A second may be the 60th where a leap second can be
    /// (RFC 3339, section 5.7): in the last minute, by UTC, of June or December.
    #[inline(never)]
    pub fn parse(text: &[u8]) -> Option<Self> {
        let (date, rest) = text.split_first_chunk::<16>()?;
        let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1, b'T' | b't', h0, h1, b':', n0, n1] = *date else {
            return None;
        };
        let (second, after) = match rest {
            [b':', s0, s1, after @ ..] => (two(*s0, *s1, 60)?, after),
            _ => (0, rest),
        };
        let (nanosecond, rest) = match after {
            // Only where a second was.
            [b'.', digits @ ..] if after.len() < rest.len() => fraction(digits)?,
            _ => (0, after),
        };
        let year = u16::from(two(y0, y1, 99)?).wrapping_mul(100).wrapping_add(u16::from(two(y2, y3, 99)?));
        let month = two(m0, m1, 12)?;
        let day = two(d0, d1, days(year, month))?;
        let hour = two(h0, h1, 23)?;
        let minute = two(n0, n1, 59)?;
        let offset_minutes = offset(rest)?;
        // A minute that ends at midnight may have one second more.
        let end = i32::from(hour).wrapping_mul(60).wrapping_add(i32::from(minute)).wrapping_add(1);
        let end = end.wrapping_sub(i32::from(offset_minutes.unwrap_or(0)));
        if month == 0 || day == 0 || second == 60 && !is_leap(month, day, end) {
            return None;
        }
        Some(Self { year, month, day, hour, minute, second, nanosecond, offset_minutes })
    }
}

/// Whether a leap second can be so many minutes after the start of a day, by UTC: at the end of June or December.
#[cold]
#[inline(never)]
fn is_leap(month: u8, day: u8, minutes: i32) -> bool {
    // The day of this month, by UTC, that begins with it. Where the clock is ahead, the month is over.
    let next = match month {
        6 => 31,
        12 => 32,
        1 | 7 => 1,
        _ => return false,
    };
    minutes == i32::from(day).wrapping_sub(next).wrapping_mul(-24 * 60)
}

fn digit(byte: u8) -> Option<u8> {
    let digit = byte.wrapping_sub(b'0');
    if digit < 10 { Some(digit) } else { None }
}

/// The number that two digits write, if it is at most `most`.
#[inline(never)]
fn two(tens: u8, ones: u8, most: u8) -> Option<u8> {
    let number = digit(tens)?.wrapping_mul(10).wrapping_add(digit(ones)?);
    if number <= most { Some(number) } else { None }
}

/// `fractionalSeconds = 1*12DIGIT`, in nanoseconds, and what follows.
fn fraction(text: &[u8]) -> Option<(u32, &[u8])> {
    let mut rest = text;
    let mut nanosecond: u32 = 0;
    let mut scale: u32 = 100_000_000;
    while let [byte, after @ ..] = rest
        && let Some(digit) = digit(*byte)
    {
        nanosecond = nanosecond.wrapping_add(u32::from(digit).wrapping_mul(scale));
        scale /= 10;
        rest = after;
    }
    match text.len().wrapping_sub(rest.len()) {
        1..=12 => Some((nanosecond, rest)),
        _ => None,
    }
}

/// `Some(None)` if there is no offset, `None` if the text is none.
#[inline(always)]
fn offset(text: &[u8]) -> Option<Option<i16>> {
    match *text {
        [] => Some(None),
        [b'Z' | b'z'] => Some(Some(0)),
        [sign @ (b'+' | b'-'), h0, h1, b':', m0, m1] => {
            let ahead =
                i16::from(two(h0, h1, 23)?).wrapping_mul(60).wrapping_add(i16::from(two(m0, m1, 59)?));
            Some(Some(if sign == b'-' { ahead.wrapping_neg() } else { ahead }))
        }
        _ => None,
    }
}

/// The days of a month of the Gregorian calendar.
fn days(year: u16, month: u8) -> u8 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { year, month, day, hour, minute, second, nanosecond, offset_minutes } = *self;
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        if nanosecond != 0 {
            let (mut fraction, mut width) = (nanosecond, 9_usize);
            while fraction.is_multiple_of(10) {
                fraction /= 10;
                width = width.saturating_sub(1);
            }
            write!(f, ".{fraction:0width$}")?;
        }
        match offset_minutes {
            None => Ok(()),
            Some(0) => f.write_str("Z"),
            Some(offset) => {
                let sign = if offset < 0 { '-' } else { '+' };
                let minutes = offset.unsigned_abs();
                write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
        }
    }
}
