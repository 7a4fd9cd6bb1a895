//! The secrets that a session holds, and whether a text shows one.
//!
//! - takes: a text of a peer's
//! - gives: whether it holds a secret, or enough of the beginning of one
//! - keeps: nothing
//!
//! Peers quote what they were sent: a proxy the header, a login host the form. A text that was cut may end within a
//! secret, a form is percent-encoded, and the claims of a challenge come in base64, so all of these count.

use super::TokenRequest;
use super::sign_in::base64;

/// So much of the beginning of a secret gives it away.
const TELLING: usize = 8;
/// So much is enough at the end of a text, which may have been cut there.
const TELLING_AT_END: usize = 4;

/// What must not be shown.
#[derive(Clone, Copy)]
pub(super) struct Secrets<'a> {
    pub(super) token: &'a [u8],
    pub(super) request: Option<&'a TokenRequest<'a>>,
}

impl Secrets<'_> {
    /// Whether a text shows one of them.
    pub(super) fn are_in(&self, text: &[u8]) -> bool {
        is_in(self.token, text)
            || self.request.is_some_and(|request| request.has_secret(&|secret| is_in(secret, text)))
    }
}

#[inline(never)]
fn is_in(secret: &[u8], text: &[u8]) -> bool {
    let Some(first) = secret.first() else { return false };
    let mut rest = text;
    while let [byte, after @ ..] = rest {
        if byte == first || *byte == b'%' {
            let (length, is_at_end) = common(secret, rest);
            if length >= TELLING.min(secret.len()) || is_at_end && length >= TELLING_AT_END {
                return true;
            }
        }
        rest = after;
    }
    is_encoded_in(secret, text)
}

/// Whether a text has the beginning of a secret in base64.
///
/// Three bytes are four digits. What stands before a secret shares a digit with it, or two, unless it ends with such a group:
/// so one of the first three bytes of a secret begins one.
fn is_encoded_in(secret: &[u8], text: &[u8]) -> bool {
    for skipped in 0..3 {
        let Some([a, b, c, d, e, f]) = secret.get(skipped..).and_then(<[u8]>::first_chunk) else {
            return false;
        };
        let [first, second] = [digits(*a, *b, *c), digits(*d, *e, *f)];
        let [lead, ..] = first;
        let lead = base64::letter(lead);
        let mut rest = text;
        while let [byte, after @ ..] = rest {
            // Nearly every byte is told by one look.
            if lead.is_none_or(|lead| *byte == lead)
                && begins_with(first, rest)
                && begins_with(second, rest.get(4..).unwrap_or_default())
            {
                return true;
            }
            rest = after;
        }
    }
    false
}

/// What the four digits of three bytes stand for.
const fn digits(a: u8, b: u8, c: u8) -> [u8; 4] {
    [a >> 2, (a & 0x03) << 4 | b >> 4, (b & 0x0f) << 2 | c >> 6, c & 0x3f]
}

fn begins_with(digits: [u8; 4], text: &[u8]) -> bool {
    let mut rest = text;
    for wanted in digits {
        match rest {
            [digit, after @ ..] if base64::value(*digit) == Some(wanted) => rest = after,
            _ => return false,
        }
    }
    true
}

/// How much of the beginning of a secret a text begins with, as it is or percent-encoded, and whether the text
/// ends there.
fn common(secret: &[u8], text: &[u8]) -> (usize, bool) {
    let mut rest = text;
    let mut length: usize = 0;
    for &wanted in secret {
        rest = match rest {
            [] => return (length, true),
            [byte, after @ ..] if *byte == wanted => after,
            [b'%', high, low, after @ ..] if hex(*high) << 4 | hex(*low) == u32::from(wanted) => after,
            // Cut within the escape.
            [b'%'] | [b'%', _] => return (length, true),
            _ => return (length, false),
        };
        length = length.wrapping_add(1);
    }
    (length, rest.is_empty())
}

/// The value of a hexadecimal digit, or one that no two of them make a byte of.
fn hex(digit: u8) -> u32 {
    char::from(digit).to_digit(16).unwrap_or(0x100)
}
