//! The request for a token, in windows of any size: no more of the secret is in memory than is being sent.

use super::base64;
use crate::http::{UserAgent, Window};
use crate::job::TokenRequest;

impl TokenRequest<'_> {
    /// Writes what follows the first `offset` bytes, as far as the buffer goes, and says how many bytes it took.
    pub(in crate::job) fn write_from(
        &self,
        claims: Option<&str>,
        agent: UserAgent<'_>,
        offset: usize,
        output: &mut [u8],
    ) -> usize {
        let mut window = Window { offset, output, used: 0 };
        self.pieces(claims, agent, &mut window);
        window.used
    }

    fn pieces(&self, claims: Option<&str>, agent: UserAgent<'_>, window: &mut Window<'_>) {
        let is_post = self.form.iter().any(|param| !param.name.is_empty());
        window.put(if is_post { b"POST " } else { b"GET " });
        for part in self.target {
            window.put(part.as_bytes());
        }
        for piece in [
            " HTTP/1.1\r\nHost: ",
            self.host.as_str(),
            "\r\nAccept: application/json\r\nAccept-Encoding: identity\r\nConnection: close\r\nUser-Agent: ",
            agent.as_str(),
        ] {
            window.put(piece.as_bytes());
        }
        for field in self.fields.iter().filter(|field| !field.name.is_empty()) {
            let [first, second, third] = field.value;
            for piece in ["\r\n", field.name, ": ", first, second, third] {
                window.put(piece.as_bytes());
            }
        }
        if is_post {
            let mut counter = Window { offset: usize::MAX, output: &mut [], used: 0 };
            self.form(claims, &mut counter);
            window.put(b"\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ");
            put_number(usize::MAX.wrapping_sub(counter.offset), window);
        }
        window.put(b"\r\n\r\n");
        if is_post {
            self.form(claims, window);
        }
    }

    /// `name=value&...`
    fn form(&self, claims: Option<&str>, window: &mut Window<'_>) {
        let mut mark = "";
        for param in self.form.iter().filter(|param| !param.name.is_empty()) {
            for piece in [mark, param.name, "="] {
                window.put(piece.as_bytes());
            }
            for part in param.value {
                for &byte in part.as_bytes() {
                    put_encoded(byte, window);
                }
            }
            mark = "&";
        }
        if let Some(claims) = claims {
            window.put(b"&claims=");
            base64::decode(claims.as_bytes(), &mut |byte| put_encoded(byte, window));
        }
    }
}

/// Percent-encodes all but `unreserved = ALPHA / DIGIT / "-" / "." / "_" / "~"` (RFC 3986).
fn put_encoded(byte: u8, window: &mut Window<'_>) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
        window.put(&[byte]);
    } else {
        let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().unwrap_or_default();
        window.put(&[b'%', digit(byte >> 4), digit(byte & 0x0f)]);
    }
}

/// A number in decimal digits, without zeros before it.
fn put_number(number: usize, window: &mut Window<'_>) {
    let mut digits = [0; 10];
    let mut rest = number;
    let mut length: usize = 0;
    for digit in digits.iter_mut().rev() {
        *digit = b'0'.wrapping_add((rest % 10) as u8);
        rest /= 10;
        length = length.wrapping_add(1);
        if rest == 0 {
            break;
        }
    }
    window.put(digits.get(digits.len().wrapping_sub(length)..).unwrap_or_default());
}
