//! Text that came from outside, made safe to show.

/// `text` as one line of at most `length_max` characters for a terminal or a log: what could move a cursor, begin a
/// line, turn the direction of reading or hide is a space.
pub(crate) fn one_line(text: &str, length_max: usize) -> String {
    text.chars().map(|c| if is_plain(c) { c } else { ' ' }).take(length_max).collect()
}

/// Whether a character shows itself and does nothing else.
fn is_plain(c: char) -> bool {
    !(c.is_control()
        || matches!(
            c,
            // Soft hyphen, Arabic letter mark, zero widths and marks of direction, line and paragraph separators,
            // embeddings and overrides, invisible operators and isolates, byte order mark, tags.
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        ))
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn nothing_but_the_text_itself_is_left() {
        assert_eq!(one_line("a\nb\u{1b}[2Jc\u{202e}d\u{2028}e\u{9b}f", 99), "a b [2Jc d e f");
        assert_eq!(one_line("Zoë 电话 🙂", 99), "Zoë 电话 🙂");
        assert_eq!(one_line("abcdef", 3), "abc");
    }
}
