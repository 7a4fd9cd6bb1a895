//! The date format of HTTP.

/// The seconds from the start of 1970 to an `IMF-fixdate`, the one format that senders may use (RFC
/// 9110).
///
/// ```
/// use graph_call::http::date;
///
/// assert_eq!(date::seconds("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
/// assert_eq!(date::seconds("1994-11-06T08:49:37Z"), None);
/// ```
pub fn seconds(date: &str) -> Option<u64> {
    // `IMF-fixdate = day-name "," SP 2DIGIT SP month SP 4DIGIT SP 2DIGIT ":" 2DIGIT ":" 2DIGIT SP "GMT"`
    let shape = b"aaa, 00 aaa 0000 00:00:00 GMT";
    let date = date.as_bytes();
    let fits = |(byte, shape): (&u8, &u8)| match shape {
        b'a' => byte.is_ascii_alphabetic(),
        b'0' => byte.is_ascii_digit(),
        _ => byte == shape,
    };
    if date.len() != shape.len() || !date.iter().zip(shape).all(fits) {
        return None;
    }
    index(b"MonTueWedThuFriSatSun", date, 0)?;
    let month = index(b"JanFebMarAprMayJunJulAugSepOctNovDec", date, 8)?;
    let (day, year) = (number(date, 5, 2), number(date, 12, 4));
    let (hour, minute, second) = (number(date, 17, 2), number(date, 20, 2), number(date, 23, 2));
    // Second 60 is a leap second.
    if year < 1970 || !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    // The year of this count begins in March, so that the leap day is its last; no step overflows for
    // four digits.
    let (year, month) = if month < 2 {
        (year.wrapping_sub(1), month.wrapping_add(10))
    } else {
        (year, month.wrapping_sub(2))
    };
    let days =
        year.wrapping_mul(365).wrapping_add(year / 4).wrapping_sub(year / 100).wrapping_add(year / 400);
    let days = days.wrapping_add(month.wrapping_mul(153).wrapping_add(2) / 5).wrapping_add(day);
    // 719,469 days lie between the first of March of the year 0 and 1970, the day counted from 1.
    let days = days.wrapping_sub(719_469);
    let clock = hour.wrapping_mul(3600).wrapping_add(minute.wrapping_mul(60)).wrapping_add(second);
    Some(u64::from(days).wrapping_mul(86_400).wrapping_add(u64::from(clock)))
}

/// The index, in a row of three-letter names, of the name at this place.
fn index(names: &[u8], date: &[u8], from: usize) -> Option<u32> {
    let name = date.get(from..)?.first_chunk::<3>()?;
    (0_u32..).zip(names.chunks_exact(3)).find(|(_, known)| known == name).map(|(index, _)| index)
}

/// The value of the digits at this place.
#[inline(never)]
fn number(date: &[u8], from: usize, count: usize) -> u32 {
    let digits = date.iter().skip(from).take(count);
    digits.fold(0_u32, |number, byte| number.wrapping_mul(10).wrapping_add(u32::from(byte & 0x0f)))
}
