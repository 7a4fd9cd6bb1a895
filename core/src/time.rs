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
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
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
    /// 0 to 59.
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

    /// Reads a date-time, or gives `None` if the text is none.
    ///
    /// ```text
    /// dateTimeOffsetValue = year "-" month "-" day "T" hour ":" minute [ ":" second [ "." fractionalSeconds ] ]
    ///                       ( "Z" / SIGN hour ":" minute )
    /// ```
    ///
    /// The offset may be missing, since some services leave it out.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let mut rest = text;
        let year = digits(&mut rest, 4)?;
        literal(&mut rest, b'-')?;
        let month = small(&mut rest, 1, 12)?;
        literal(&mut rest, b'-')?;
        let day = small(&mut rest, 1, days(year, month))?;
        literal(&mut rest, b'T').or_else(|| literal(&mut rest, b't'))?;
        let hour = small(&mut rest, 0, 23)?;
        literal(&mut rest, b':')?;
        let minute = small(&mut rest, 0, 59)?;
        let mut second = 0;
        let mut nanosecond = 0;
        if literal(&mut rest, b':').is_some() {
            second = small(&mut rest, 0, 59)?;
            if literal(&mut rest, b'.').is_some() {
                nanosecond = fraction(&mut rest)?;
            }
        }
        let offset_minutes = offset(&mut rest)?;
        rest.is_empty().then_some(Self { year, month, day, hour, minute, second, nanosecond, offset_minutes })
    }
}

fn literal(rest: &mut &[u8], byte: u8) -> Option<()> {
    let (first, after) = rest.split_first()?;
    (*first == byte).then(|| *rest = after)
}

fn digit(rest: &mut &[u8]) -> Option<u16> {
    let (first, after) = rest.split_first()?;
    let digit = first.wrapping_sub(b'0');
    (digit < 10).then(|| {
        *rest = after;
        u16::from(digit)
    })
}

fn digits(rest: &mut &[u8], count: u8) -> Option<u16> {
    let mut number: u16 = 0;
    for _ in 0..count {
        number = number.wrapping_mul(10).wrapping_add(digit(rest)?);
    }
    Some(number)
}

fn small(rest: &mut &[u8], least: u8, most: u8) -> Option<u8> {
    let number = digits(rest, 2)? as u8;
    (least..=most).contains(&number).then_some(number)
}

fn fraction(rest: &mut &[u8]) -> Option<u32> {
    let mut scale: u32 = 100_000_000;
    let mut nanosecond = u32::from(digit(rest)?).wrapping_mul(scale);
    while let Some(digit) = digit(rest) {
        scale /= 10;
        nanosecond = nanosecond.wrapping_add(u32::from(digit).wrapping_mul(scale));
    }
    Some(nanosecond)
}

/// `Some(None)` if the text ends without an offset, `None` if what follows is none.
fn offset(rest: &mut &[u8]) -> Option<Option<i16>> {
    if rest.is_empty() {
        return Some(None);
    }
    if literal(rest, b'Z').or_else(|| literal(rest, b'z')).is_some() {
        return Some(Some(0));
    }
    let sign = match literal(rest, b'+') {
        Some(()) => 1,
        None => literal(rest, b'-').map(|()| -1_i16)?,
    };
    let hours = i16::from(small(rest, 0, 23)?);
    literal(rest, b':')?;
    let minutes = i16::from(small(rest, 0, 59)?);
    Some(Some(sign.wrapping_mul(hours.wrapping_mul(60).wrapping_add(minutes))))
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
