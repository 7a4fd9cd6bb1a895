//! Base64 as token issuers write it.

/// Decodes either alphabet of RFC 4648 (`+/` or `-_`), with or without padding.
///
/// Bits that do not fill a byte are dropped; a lone last character is an error, as is any other byte.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_end_matches('=');
    if text.len() % 4 == 1 {
        return None;
    }
    let mut out = Vec::with_capacity(text.len() / 4 * 3 + 2);
    let (mut bits, mut count) = (0u32, 0);
    for byte in text.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn both_alphabets_with_and_without_padding() {
        for text in ["Zm9vYg==", "Zm9vYg", "Zm9vYg="] {
            assert_eq!(decode(text).as_deref(), Some(&b"foob"[..]), "{text}");
        }
        assert_eq!(decode("+/+/"), decode("-_-_"));
        assert_eq!(decode("-_-_"), Some(vec![0xFB, 0xFF, 0xBF]));
        assert_eq!(decode(""), Some(vec![]));
        for bad in ["Z", "Zm9vY", "Zm 9", "Zm=9", "Zm9é"] {
            assert_eq!(decode(bad), None, "{bad}");
        }
    }
}
