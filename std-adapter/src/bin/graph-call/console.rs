//! The console: what a terminal of this system understands, and what a person types at it.

/// Whether a terminal acts on escapes. A console of Windows shows them as they are until it is asked to act on them, which
/// this does, and one before Windows 10 always.
pub(crate) fn takes_escapes() -> bool {
    #[cfg(windows)]
    {
        // Where one of the two streams is no console, the other is not asked, and has no colour.
        static TAKES: std::sync::OnceLock<bool> = std::sync::OnceLock::new();
        *TAKES.get_or_init(|| anstyle_query::windows::enable_ansi_colors().unwrap_or(false))
    }
    #[cfg(not(windows))]
    true
}

/// What ends standard input.
pub(crate) const fn end_of_input(is_windows: bool) -> &'static str {
    if is_windows { "Ctrl-Z and Enter end it" } else { "Ctrl-D ends it" }
}

#[cfg(test)]
mod tests {
    use super::end_of_input;

    #[test]
    fn a_console_of_windows_ends_input_by_another_key() {
        assert!(end_of_input(true).starts_with("Ctrl-Z and Enter "));
        assert!(end_of_input(false).starts_with("Ctrl-D "));
    }
}
