//! Base64 (RFC 4648), decoded byte by byte.

/// Hands over what a text in base64 stands for: either alphabet, with or without padding. What is neither ends it.
pub(in crate::job) fn decode(text: &[u8], take: &mut dyn FnMut(u8)) {
    let mut bits: u32 = 0;
    let mut count: u32 = 0;
    for &digit in text {
        let Some(value) = value(digit) else { return };
        bits = bits << 6 | u32::from(value);
        count = count.wrapping_add(6);
        if count >= 8 {
            count = count.wrapping_sub(8);
            take((bits >> count) as u8);
        }
    }
}

/// What a digit of either alphabet stands for.
pub(in crate::job) fn value(digit: u8) -> Option<u8> {
    Some(match digit {
        b'A'..=b'Z' => digit.wrapping_sub(b'A'),
        b'a'..=b'z' => digit.wrapping_sub(b'a').wrapping_add(26),
        b'0'..=b'9' => digit.wrapping_sub(b'0').wrapping_add(52),
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    })
}

/// What writes a digit, if both alphabets write it alike.
pub(in crate::job) const fn letter(digit: u8) -> Option<u8> {
    match digit {
        0..26 => Some(digit.wrapping_add(b'A')),
        26..52 => Some(digit.wrapping_sub(26).wrapping_add(b'a')),
        52..62 => Some(digit.wrapping_sub(52).wrapping_add(b'0')),
        _ => None,
    }
}
