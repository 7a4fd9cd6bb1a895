//! Text from outside, made safe to print on a terminal.

use core::fmt::{self, Write as _};

/// Displays a text with every character that could act on a terminal or reorder it written as an escape.
///
/// A display name may hold ESC sequences that recolour or retitle a terminal, or bidi controls that
/// make `evil` read as something else. Joiners and combining marks stay: scripts and emoji need them.
pub(crate) struct Escaped<'a>(pub(crate) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '\n' => f.write_str("\\n")?,
                '\r' => f.write_str("\\r")?,
                '\t' => f.write_str("\\t")?,
                _ if is_unsafe(c) => write!(f, "\\u{{{:x}}}", u32::from(c))?,
                _ => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

/// Whether a character moves the cursor, turns the direction of text, or hides in plain sight.
pub(crate) fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
            | '\u{200B}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2064}' | '\u{206A}'..='\u{206F}'
            | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// What may be shown of a text that was given for an id: it may be a secret that was pasted in the wrong place.
pub(crate) fn id(text: &str) -> &str {
    if is_token(text) { "(hidden)" } else { text }
}

/// Whether a text is, most probably, an access token: JSON in base64 begins with `eyJ`, with or without `Bearer`.
pub(crate) fn is_token(text: &str) -> bool {
    text.len() > 64 && text.contains("eyJ") && text.contains('.') && !text.contains('/')
}

#[cfg(test)]
mod tests {
    use super::{Escaped, id};

    #[test]
    fn an_access_token_in_the_place_of_an_id_is_hidden() {
        let token = format!("eyJ0eXAiOiJKV1QifQ.{}.canary", "e30".repeat(30));
        assert_eq!((id(&token), id("57dab8b1")), ("(hidden)", "57dab8b1"));
        assert_eq!(id(&format!("Bearer {token}")), "(hidden)");
    }

    #[test]
    fn what_acts_on_a_terminal_is_spelled_out() {
        let shown = |text| Escaped(text).to_string();
        assert_eq!(shown("\u{1b}[31mred\u{7}"), "\\u{1b}[31mred\\u{7}");
        assert_eq!(shown("a\r\nb\tc\0\u{7f}\u{9b}"), "a\\r\\nb\\tc\\u{0}\\u{7f}\\u{9b}");
        assert_eq!(shown("user\u{202e}nimda"), "user\\u{202e}nimda");
        assert_eq!(shown("\u{2066}x\u{2069}\u{200f}\u{feff}"), "\\u{2066}x\\u{2069}\\u{200f}\\u{feff}");
    }

    #[test]
    fn what_people_write_stays() {
        for text in ["Zoë Müller", "山田 太郎", "שלום", "👩‍💻", "a\\b", "نام\u{200c}ها"]
        {
            assert_eq!(Escaped(text).to_string(), text);
        }
    }
}
