//! The grammar of numbers, a byte at a time (RFC 8259 section 6).
//!
//! ```text
//! number = [ minus ] int [ frac ] [ exp ]
//! int    = zero / ( digit1-9 *DIGIT )
//! frac   = decimal-point 1*DIGIT
//! exp    = e [ minus / plus ] 1*DIGIT
//!
//!        '-'          '0'
//! Start ----> Minus ------> Zero --------.
//!   |  1-9      | 1-9        | '.'       | 'e' 'E'
//!   '---------> Integer -----+--> Point  |
//!                  |             | digit |
//!                  | 'e' 'E'     v       v
//!                  '-------> Fraction -> Exponent --'+' '-'--> Sign
//!                                            '---- digit ----> Power
//! ```

/// How far into a number the lexer is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(super) enum Number {
    Start,
    Minus,
    Zero,
    Integer,
    Point,
    Fraction,
    Exponent,
    Sign,
    Power,
}

impl Number {
    /// The state after one more byte, or `None` if the byte is no part of this number.
    pub(super) fn after(self, byte: u8) -> Option<Self> {
        Some(match (self, byte) {
            (Self::Start, b'-') => Self::Minus,
            (Self::Start | Self::Minus, b'0') => Self::Zero,
            (Self::Start | Self::Minus, b'1'..=b'9') | (Self::Integer, b'0'..=b'9') => Self::Integer,
            (Self::Zero | Self::Integer, b'.') => Self::Point,
            (Self::Point | Self::Fraction, b'0'..=b'9') => Self::Fraction,
            (Self::Zero | Self::Integer | Self::Fraction, b'e' | b'E') => Self::Exponent,
            (Self::Exponent, b'+' | b'-') => Self::Sign,
            (Self::Exponent | Self::Sign | Self::Power, b'0'..=b'9') => Self::Power,
            _ => return None,
        })
    }

    /// Whether a number may end here.
    pub(super) const fn is_complete(self) -> bool {
        matches!(self, Self::Zero | Self::Integer | Self::Fraction | Self::Power)
    }
}
