//! Text that came from outside, made safe to show.

use std::io;

/// `text` as one line of at most `length_max` characters for a terminal or a log: what could move a cursor, begin a
/// line, turn the direction of reading or hide is a space.
pub(crate) fn one_line(text: &str, length_max: usize) -> String {
    text.chars().map(|c| if is_plain(c) { c } else { ' ' }).take(length_max).collect()
}

/// What the system says of an error, without the number that it has there.
pub(crate) fn of_system(error: &io::Error) -> String {
    let text = error.to_string();
    let words = text.split_once(" (os error").map(|(words, _)| words.to_owned());
    words.unwrap_or(text)
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
    use super::{of_system, one_line};
    use std::io;

    #[test]
    fn the_systems_words_have_no_number() {
        let refused = io::Error::from_raw_os_error(libc_refused());
        assert!(!of_system(&refused).contains("os error"), "{}", of_system(&refused));
        assert_eq!(of_system(&io::Error::other("a (b)")), "a (b)");
    }

    /// ECONNREFUSED, or any other number that the system knows.
    fn libc_refused() -> i32 {
        if cfg!(windows) { 10_061 } else { 111 }
    }

    #[test]
    fn nothing_but_the_text_itself_is_left() {
        assert_eq!(one_line("a\nb\u{1b}[2Jc\u{202e}d\u{2028}e\u{9b}f", 99), "a b [2Jc d e f");
        assert_eq!(one_line("Zoë 电话 🙂", 99), "Zoë 电话 🙂");
        assert_eq!(one_line("abcdef", 3), "abc");
    }
}
