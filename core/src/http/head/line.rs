//! The grammar of the two kinds of lines in a head.

use super::field::trim;
use crate::http::ErrorKind;

/// The rule that a line broke, and at which of its bytes.
pub(super) type Fault = (ErrorKind, usize);

/// Where the reason phrase begins, if there is one: every status line has the same shape.
pub(super) const REASON_START: usize = b"HTTP/1.1 200 ".len();

/// The minor version and the status.
///
/// `status-line = HTTP-version SP status-code SP [ reason-phrase ]`, of which the version is HTTP/1.x and
/// `status-code = 3DIGIT`, not below 100. The last space may be missing: many senders leave it out where
/// they have no reason phrase.
pub(super) fn status(line: &[u8], is_cut: bool) -> Result<(u8, u16), Fault> {
    let Some([minor @ b'0'..=b'9', b' ', rest @ ..]) = line.strip_prefix(b"HTTP/1.") else {
        return Err((ErrorKind::NotHttp, 0));
    };
    let [hundreds @ b'1'..=b'9', tens @ b'0'..=b'9', units @ b'0'..=b'9', rest @ ..] = rest else {
        return Err((ErrorKind::InvalidStatus, 0));
    };
    // Of a line that was cut here, a fourth digit may be what is missing.
    if !matches!(rest.first(), Some(b' ')) && (is_cut || !rest.is_empty()) {
        return Err((ErrorKind::InvalidStatus, 0));
    }
    let digit = |byte: &u8| u16::from(byte & 0x0f);
    let status = digit(hundreds).wrapping_mul(100).wrapping_add(digit(tens).wrapping_mul(10));
    Ok((minor & 0x0f, status.wrapping_add(digit(units))))
}

/// The name, the value, and where the value begins.
///
/// `field-line = field-name ":" OWS field-value OWS`
pub(super) fn field(line: &[u8], is_cut: bool) -> Result<(&[u8], &[u8], usize), Fault> {
    let name_length = line.iter().position(|&byte| !is_token(byte)).unwrap_or(line.len());
    match (line.split_at_checked(name_length), line.get(name_length)) {
        (Some((name, rest)), Some(b':')) if name_length > 0 => {
            let (space, value) = trim(rest.get(1..).unwrap_or_default());
            Ok((name, value, name_length.wrapping_add(space).wrapping_add(1)))
        }
        (_, Some(b' ' | b'\t')) if name_length == 0 => Err((ErrorKind::ObsFold, 0)),
        (_, None) if is_cut => Err((ErrorKind::FieldNameTooLong, 0)),
        _ => Err((ErrorKind::InvalidFieldName, name_length)),
    }
}

/// `tchar = "!" / "#" / "$" / "%" / "&" / "'" / "*" / "+" / "-" / "." / "^" / "_" / "`" / "|" / "~" /
/// DIGIT / ALPHA`
const fn is_tchar(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~')
}

/// [`is_tchar`] of every byte, a bit each.
static TOKENS: [u32; 8] = {
    let mut tokens = [0; 8];
    let mut word: &mut [u32] = &mut tokens;
    let mut byte = 0_u8;
    while let [first, rest @ ..] = word {
        let mut bit = 1_u32;
        while bit != 0 {
            if is_tchar(byte) {
                *first |= bit;
            }
            bit <<= 1;
            byte = byte.wrapping_add(1);
        }
        word = rest;
    }
    tokens
};

/// Whether a field name may hold this byte.
pub(in crate::http) fn is_token(byte: u8) -> bool {
    TOKENS.get(usize::from(byte >> 5)).is_some_and(|bits| bits >> (byte & 31) & 1 == 1)
}

/// The bytes, from the first one on, that may stand in a line.
///
/// `field-vchar = VCHAR / obs-text`, with SP and HTAB between.
pub(super) fn run(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    // Blocks without a branch inside: a desktop looks at one in a few vector instructions.
    while cfg!(target_pointer_width = "64")
        && let Some((block, after)) = rest.split_first_chunk::<16>()
        && block.iter().fold(true, |is_plain, byte| is_plain & may_hold(*byte))
    {
        rest = after;
    }
    let length = rest.iter().position(|byte| !may_hold(*byte)).unwrap_or(rest.len());
    bytes.len().wrapping_sub(rest.len()).wrapping_add(length)
}

/// Whether a line may hold this byte.
pub(super) const fn may_hold(byte: u8) -> bool {
    byte >= b' ' && byte != 0x7f || byte == b'\t'
}
