//! The grammar of the two kinds of lines in a head.

use crate::http::ErrorKind;

/// The rule that a line broke, and at which of its bytes.
pub(super) type Fault = (ErrorKind, usize);

/// Where the reason phrase begins: every status line has the same shape.
pub(super) const REASON_START: usize = b"HTTP/1.1 200 ".len();

/// The minor version and the status.
///
/// `status-line = HTTP-version SP status-code SP [ reason-phrase ]`, of which the version is HTTP/1.0 or
/// HTTP/1.1 and `status-code = 3DIGIT` is of the five classes.
pub(super) fn status(line: &[u8]) -> Result<(u8, u16), Fault> {
    let [b'H', b'T', b'T', b'P', b'/', b'1', b'.', minor @ (b'0' | b'1'), b' ', rest @ ..] = line else {
        return Err((ErrorKind::NotHttp, 0));
    };
    let [hundreds @ b'1'..=b'5', tens @ b'0'..=b'9', units @ b'0'..=b'9', b' ', ..] = rest else {
        return Err((ErrorKind::InvalidStatus, 0));
    };
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
            let value = rest.get(1..).unwrap_or_default().trim_ascii_start();
            Ok((name, value.trim_ascii_end(), line.len().wrapping_sub(value.len())))
        }
        (_, Some(b' ' | b'\t')) if name_length == 0 => Err((ErrorKind::ObsFold, 0)),
        (_, None) if is_cut => Err((ErrorKind::FieldNameTooLong, 0)),
        _ => Err((ErrorKind::InvalidFieldName, name_length)),
    }
}

/// `tchar = "!" / "#" / "$" / "%" / "&" / "'" / "*" / "+" / "-" / "." / "^" / "_" / "`" / "|" / "~" /
/// DIGIT / ALPHA`
const fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~')
}
