//! Lines that are ready to be pasted into the shell that people have here.
//!
//! - takes: words and settings
//! - gives: them as the shell reads them, whatever is in them
//! - keeps: nothing
//! - refuses: nothing

/// A shell: how it quotes a word, and how it sets its environment.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shell {
    /// sh, and all that read what it reads.
    Posix,
    /// PowerShell, of Windows and the newer one.
    PowerShell,
}

impl Shell {
    /// The one that people have on this system.
    pub(crate) const HERE: Self = if cfg!(windows) { Self::PowerShell } else { Self::Posix };

    /// A word, quoted if it means something else without.
    pub(crate) fn word(self, text: &str) -> String {
        let is_plain = |c: char| {
            c.is_ascii_alphanumeric() || "-_./:".contains(c) || matches!((self, c), (Self::PowerShell, '\\'))
        };
        if !text.is_empty() && text.chars().all(is_plain) { text.to_owned() } else { self.quoted(text) }
    }

    fn quoted(self, text: &str) -> String {
        let mut word = String::from("'");
        for c in text.chars() {
            match (self, c) {
                (Self::Posix, '\'') => word.push_str("'\\''"),
                // These are all the same to it.
                (Self::PowerShell, '\'' | '\u{2018}'..='\u{201b}') => word.extend([c, c]),
                _ => word.push(c),
            }
        }
        word + "'"
    }

    /// What sets these in the environment of all that is begun later.
    pub(crate) fn settings(self, settings: &[(&str, &str)]) -> String {
        let each = settings.iter().map(|(name, value)| match self {
            Self::Posix => format!("{name}={}", self.word(value)),
            Self::PowerShell => format!("$env:{name} = {}", self.quoted(value)),
        });
        let each: Vec<String> = each.collect();
        match self {
            Self::Posix => format!("export {}", each.join(" ")),
            Self::PowerShell => each.join("; "),
        }
    }

    /// The program curl: PowerShell of Windows has a command of its own by that name.
    pub(crate) const fn curl(self) -> &'static str {
        match self {
            Self::Posix => "curl",
            Self::PowerShell => "curl.exe",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Shell;

    #[test]
    fn what_is_plain_stays_and_what_is_not_is_quoted() {
        for (text, posix, power_shell) in [
            ("/tmp/graph-call-ca-1.pem", "/tmp/graph-call-ca-1.pem", "/tmp/graph-call-ca-1.pem"),
            (r"C:\Users\me\a.pem", r"'C:\Users\me\a.pem'", r"C:\Users\me\a.pem"),
            ("/tmp/a folder/$x", "'/tmp/a folder/$x'", "'/tmp/a folder/$x'"),
            ("it's", r"'it'\''s'", "'it''s'"),
            ("it\u{2019}s", "'it\u{2019}s'", "'it\u{2019}\u{2019}s'"),
            ("Authorization: Bearer e.e.e", "'Authorization: Bearer e.e.e'", "'Authorization: Bearer e.e.e'"),
            ("", "''", "''"),
            ("~", "'~'", "'~'"),
        ] {
            assert_eq!(Shell::Posix.word(text), posix);
            assert_eq!(Shell::PowerShell.word(text), power_shell);
        }
    }

    #[test]
    fn settings_are_those_of_the_shell() {
        let settings = [("A", "b-c"), ("D", "e f")];
        assert_eq!(Shell::Posix.settings(&settings), "export A=b-c D='e f'");
        assert_eq!(Shell::PowerShell.settings(&settings), "$env:A = 'b-c'; $env:D = 'e f'");
    }
}
