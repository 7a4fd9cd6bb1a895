//! The inside of strings: plain runs, UTF-8 sequences and escapes (RFC 8259 section 7, RFC 3629).

/// As many bytes as a register holds: what one step of the run scan looks at.
pub(super) const WORD: usize = size_of::<usize>();

/// The same byte in every place of a word.
const fn every(byte: u8) -> usize {
    usize::from_ne_bytes([byte; WORD])
}

/// How many leading bytes are plain: ASCII, and neither a quote, a backslash nor a control character.
///
/// ```text
/// unescaped = %x20-21 / %x23-5B / %x5D-10FFFF
/// ```
#[inline(always)]
pub(super) fn plain_run(bytes: &[u8]) -> usize {
    run::<true>(bytes)
}

/// How many leading bytes are whole characters, ASCII or not, without quotes, backslashes and control characters.
///
/// What follows is one of these, or the end, or no UTF-8.
#[inline(never)]
pub(super) fn unescaped_run(bytes: &[u8]) -> usize {
    let run = bytes.get(..run::<false>(bytes)).unwrap_or_default();
    core::str::from_utf8(run).map_or_else(|error| error.valid_up_to(), str::len)
}

/// How many leading bytes are neither a quote, a backslash nor a control character, and ASCII if so wanted.
#[inline(always)]
fn run<const ASCII: bool>(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    #[cfg(feature = "wide")]
    while let Some(block) = rest.first_chunk() {
        let marks = super::block::ends::<ASCII>(*block);
        if marks != 0 {
            return bytes.len().wrapping_sub(rest.len()).wrapping_add(marks.trailing_zeros() as usize);
        }
        rest = rest.get(super::block::LENGTH..).unwrap_or_default();
    }
    while let Some(chunk) = rest.first_chunk::<WORD>() {
        let word = usize::from_le_bytes(*chunk);
        // In a byte below 0x80 a difference borrows into the top bit exactly when the byte is less; a borrow
        // only ever reaches bytes above, so the lowest mark is always true. Flipping bit 1 makes the quote
        // (0x22) the neighbour of the control characters (below 0x20).
        let quote_or_control = (word ^ every(0x02)).wrapping_sub(every(0x21));
        let backslash = (word ^ every(b'\\')).wrapping_sub(every(1));
        let marks = quote_or_control | backslash;
        let marks = if ASCII { marks | word } else { marks & !word } & every(0x80);
        if marks != 0 {
            let before = bytes.len().wrapping_sub(rest.len());
            return before.wrapping_add((marks.trailing_zeros() >> 3) as usize);
        }
        rest = rest.get(WORD..).unwrap_or_default();
    }
    let is_unescaped = |byte: &&u8| match **byte {
        0..0x20 | b'"' | b'\\' => false,
        0x80.. => !ASCII,
        _ => true,
    };
    let tail = rest.iter().take_while(is_unescaped).count();
    bytes.len().wrapping_sub(rest.len()).wrapping_add(tail)
}

/// Which byte of the character that starts `bytes`, and is not whole or not valid, cannot stand there, if any.
pub(super) fn invalid_at(bytes: &[u8]) -> Option<usize> {
    let (&lead, rest) = bytes.split_first()?;
    if length(lead) == 0 {
        return Some(0);
    }
    rest.iter().zip(1..).find(|&(byte, at)| !continues(lead, at, *byte)).map(|(_, at)| at)
}

/// The length in bytes of the character that `lead` starts, or 0 if none of several bytes does.
///
/// ```text
/// UTF8-2 = %xC2-DF UTF8-tail          UTF8-3 = %xE0-EF 2UTF8-tail          UTF8-4 = %xF0-F4 3UTF8-tail
/// ```
pub(super) fn length(lead: u8) -> usize {
    match lead {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => 0,
    }
}

/// Whether `byte` may stand at index `at` of the character that `lead` starts.
///
/// ```text
/// UTF8-tail = %x80-BF, but after %xE0: %xA0-BF, %xED: %x80-9F, %xF0: %x90-BF, %xF4: %x80-8F
/// ```
pub(super) fn continues(lead: u8, at: usize, byte: u8) -> bool {
    match (lead, at) {
        (0xE0, 1) => matches!(byte, 0xA0..=0xBF),
        (0xED, 1) => matches!(byte, 0x80..=0x9F),
        (0xF0, 1) => matches!(byte, 0x90..=0xBF),
        (0xF4, 1) => matches!(byte, 0x80..=0x8F),
        _ => matches!(byte, 0x80..=0xBF),
    }
}

/// The character of a two-character escape.
///
/// ```text
/// char = unescaped / escape ( %x22 / %x5C / %x2F / %x62 / %x66 / %x6E / %x72 / %x74 / %x75 4HEXDIG )
/// ```
pub(super) fn escaped(byte: u8) -> Option<u8> {
    Some(match byte {
        b'"' | b'\\' | b'/' => byte,
        b'b' => 0x08,
        b'f' => 0x0C,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        _ => return None,
    })
}

/// The value of a hexadecimal digit.
pub(super) fn hex(byte: u8) -> Option<u16> {
    Some(u16::from(match byte {
        b'0'..=b'9' => byte.wrapping_sub(b'0'),
        b'a'..=b'f' => byte.wrapping_sub(b'a').wrapping_add(10),
        b'A'..=b'F' => byte.wrapping_sub(b'A').wrapping_add(10),
        _ => return None,
    }))
}

/// The character of a surrogate pair (Unicode 3.9, UTF-16).
pub(super) fn paired(high: u16, low: u16) -> Option<char> {
    char::decode_utf16([high, low]).next().and_then(Result::ok)
}

#[cfg(test)]
mod tests {
    use super::run;

    /// Longer than two blocks, so that every scan has a start, a middle and an end.
    const LENGTH: usize = 40;

    /// Where a run ends, read off the grammar.
    fn expected(text: &[u8], is_ascii: bool) -> usize {
        let ends = |byte: &u8| matches!(byte, ..0x20 | b'"' | b'\\') || is_ascii && *byte >= 0x80;
        text.iter().position(ends).unwrap_or(text.len())
    }

    #[test]
    fn a_run_ends_at_the_first_byte_that_is_not_plain_wherever_it_stands() {
        for length in 0..=LENGTH {
            for at in 0..length {
                for byte in 0..=u8::MAX {
                    // Alone, and with another behind it that would end the run as well.
                    for last in [b'x', b'"'] {
                        let mut all = [b'x'; LENGTH];
                        let (text, _) = all.split_at_mut(length);
                        text.last_mut().into_iter().for_each(|place| *place = last);
                        text.get_mut(at).into_iter().for_each(|place| *place = byte);
                        assert_eq!(run::<true>(text), expected(text, true), "{byte:#x} at {at} of {length}");
                        assert_eq!(
                            run::<false>(text),
                            expected(text, false),
                            "{byte:#x} at {at} of {length}"
                        );
                    }
                }
            }
        }
    }
}
