//! What can be wrong with a JSON text.

/// What is wrong with a JSON text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Fault {
    /// The text ends before the document does.
    Truncated,
    /// A value must stand here.
    ExpectedValue,
    /// A value or `]` must stand here.
    ExpectedElement,
    /// The name of a member must stand here.
    ExpectedName,
    /// The name of a member or `}` must stand here.
    ExpectedMember,
    /// A colon must stand here.
    ExpectedColon,
    /// A comma or the matching bracket must stand here.
    ExpectedComma,
    /// A comma stands before a closing bracket.
    TrailingComma,
    /// Something follows the document.
    AfterEnd,
    /// A control character stands in a string without an escape.
    ControlCharacter,
    /// A backslash is followed by a character that no escape has.
    InvalidEscape,
    /// A `\u` escape has a character that is no hexadecimal digit.
    InvalidHexDigit,
    /// Half of a surrogate pair stands alone.
    UnpairedSurrogate,
    /// The bytes are not UTF-8.
    InvalidUtf8,
    /// A number does not follow the grammar.
    InvalidNumber,
    /// A literal is not `true`, `false` or `null`.
    InvalidLiteral,
    /// Arrays and objects are nested deeper than [`DEPTH_MAX`](super::DEPTH_MAX).
    TooDeep,
}

/// A fault and the offset of the byte that shows it, from the start of the text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct LexError {
    /// What is wrong.
    pub fault: Fault,
    /// The byte that shows it; the length of the text if that ends too early.
    pub offset: usize,
}

impl Fault {
    /// The fault as a clause that can follow "the body is not JSON:".
    pub(crate) const fn clause(self) -> &'static str {
        match self {
            Self::Truncated => "it ends before the document is complete",
            Self::ExpectedValue => "a value must stand here",
            Self::ExpectedElement => "a value or ']' must stand here",
            Self::ExpectedName => "the name of a member must stand here",
            Self::ExpectedMember => "the name of a member or '}' must stand here",
            Self::ExpectedColon => "':' must stand here",
            Self::ExpectedComma => "',' or the matching bracket must stand here",
            Self::TrailingComma => {
                "a comma stands before a closing bracket (the option trailing_commas accepts it)"
            }
            Self::AfterEnd => "something follows the document",
            Self::ControlCharacter => "a control character stands in a string without an escape",
            Self::InvalidEscape => "no escape has this character after the backslash",
            Self::InvalidHexDigit => "a \\u escape needs four hexadecimal digits",
            Self::UnpairedSurrogate => {
                "half of a surrogate pair stands alone (the option lone_surrogates replaces it)"
            }
            Self::InvalidUtf8 => "the bytes are not UTF-8",
            Self::InvalidNumber => "the number does not follow the grammar",
            Self::InvalidLiteral => "the literal is not true, false or null",
            Self::TooDeep => "arrays and objects are nested deeper than 64 levels (DEPTH_MAX)",
        }
    }
}

impl core::fmt::Display for LexError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "the body is not JSON: {} (byte {})", self.fault.clause(), self.offset)
    }
}

impl core::error::Error for LexError {}
