//! Text from outside, made safe for a log or a terminal where it is shown.

use core::fmt::{self, Write as _};

/// Displays a text with every character that could act on a terminal, or change the order of what stands around
/// it, written as an escape.
///
/// Joiners and combining marks stay: scripts and emoji need them.
///
/// ```
/// use graph_call::Shown;
///
/// assert_eq!(Shown("busy\r\n\u{1b}[2J").to_string(), r"busy\r\n\u{1b}[2J");
/// assert_eq!(Shown("Zoë \u{202e}nimda").to_string(), r"Zoë \u{202e}nimda");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a>(pub &'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '\n' => f.write_str("\\n")?,
                '\r' => f.write_str("\\r")?,
                '\t' => f.write_str("\\t")?,
                _ if is_active(c) => write!(f, "\\u{{{:x}}}", u32::from(c))?,
                _ => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

/// As ASCII, with all else as escapes: a log over a serial line has no other characters.
#[cfg(feature = "defmt")]
impl defmt::Format for Shown<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{=[u8]:a}", self.0.as_bytes());
    }
}

/// Whether a character moves the cursor, turns the direction of text, or is not to be seen.
const fn is_active(c: char) -> bool {
    matches!(c,
        // Controls, those of eight bits too.
        '\0'..='\x1f' | '\x7f'..='\u{9f}'
        // Marks, embeddings and isolates of direction.
        | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        // Ends of lines and paragraphs.
        | '\u{2028}' | '\u{2029}'
        // What has no width, or is a tag of something else.
        | '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{206a}'..='\u{206f}' | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}
