//! What the lexer gives: the tokens of RFC 8259, long ones in pieces.

/// One token of a JSON text, or one piece of a long one.
///
/// Commas and colons are checked by the lexer and give no token.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Token<'t> {
    /// `{`
    ObjectStart,
    /// `}`
    ObjectEnd,
    /// `[`
    ArrayStart,
    /// `]`
    ArrayEnd,
    /// The name of a member.
    Name(Piece<'t>),
    /// A string that is a value.
    String(Piece<'t>),
    /// A number, as written.
    Number(Piece<'t>),
    /// `true`
    True,
    /// `false`
    False,
    /// `null`
    Null,
}

/// A part of a name, string or number: it ends where the input, or an escape, does.
///
/// In a name or string the bytes are whole characters of valid UTF-8, with escapes decoded.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Piece<'t> {
    /// The bytes, in order; empty only in a last piece.
    pub bytes: &'t [u8],
    /// Whether the name, string or number ends with this piece.
    pub last: bool,
}
