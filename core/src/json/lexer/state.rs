//! Where the lexer stands in the grammar.
//!
//! - takes: a piece, and `end`, the offset in the text of what follows the piece
//! - gives: the next token; `end` less what is left of the piece is the offset of what comes next
//! - keeps: the state, the open brackets, a character that is cut
//! - refuses: what breaks the grammar between tokens, in numbers and in literals

#[cfg(feature = "wide")]
use crate::json::block;
use crate::json::fault::{Fault, LexError};
use crate::json::literal::Literal;
use crate::json::number::Number;
use crate::json::string::WORD;
use crate::json::token::{Piece, Token};

/// The deepest nesting of arrays and objects that is read.
pub const DEPTH_MAX: u8 = 64;

/// What a lexer keeps, but for how far it has come.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(crate) struct State {
    /// Where the token that was begun last starts; after a failure, the offset of the offending byte.
    pub(crate) start: usize,
    /// One bit for each open container, the innermost lowest in the first word: 1 is an object, 0 an array.
    /// (One word of 64 bits would be aligned to eight bytes, and cost as many.)
    levels: [u32; 2],
    depth: u8,
    pub(super) expect: Expect,
    /// Whether the string being read is the name of a member.
    pub(crate) is_name: bool,
    pub(crate) trailing_commas: bool,
    pub(crate) surrogates: Surrogates,
    /// Hex digits, bytes of a character, or letters of a literal seen so far.
    pub(super) count: u8,
    /// The UTF-16 code unit being read, and the high surrogate before it (0 if none).
    pub(super) unit: u16,
    pub(super) high: u16,
    /// A decoded escape, or the bytes of a character cut by the end of a piece.
    pub(super) character: [u8; 4],
}

/// What becomes of half of a surrogate pair.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(crate) enum Surrogates {
    /// It ends the text.
    Refuse,
    /// [`REPLACEMENT`] stands in its place.
    Replace,
    /// It is an error, after which the text goes on: whoever reads it decides.
    Report,
}

/// What stands for a character that there is none for: U+FFFD.
pub(crate) const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();

/// ```text
///                        .-------------------- ',' -----------------.
///                        v                                          |
///  '{' --> FirstName --Text--> Colon --> Value --------------> AfterValue <--. '}' ']'
///             |       NextName <-- ',' in an object               |   |      |
///             '---------------------------- '}' ------------------+---'------'
///  '[' --> FirstElement --> (a value)     NextElement <-- ',' in an array
///
///  in a string:  Text --'\'--> Escape --'u'--> Hex --(high surrogate)--> LowEscape --> LowMark --> Hex
///                 |  '--(lead byte at the end of a piece)--> Sequence
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(super) enum Expect {
    Value,
    FirstElement,
    NextElement,
    FirstName,
    NextName,
    Colon,
    AfterValue,
    Text,
    Escape,
    Hex,
    LowEscape,
    LowMark,
    Sequence,
    Number(Number),
    Literal(Literal),
    Failed(Fault),
}

impl Expect {
    /// Whether white space may stand here.
    pub(super) const fn is_between(self) -> bool {
        matches!(
            self,
            Self::Value
                | Self::FirstElement
                | Self::NextElement
                | Self::FirstName
                | Self::NextName
                | Self::Colon
                | Self::AfterValue
        )
    }
}

impl State {
    pub(super) const fn new() -> Self {
        Self {
            start: 0,
            levels: [0; 2],
            depth: 0,
            expect: Expect::Value,
            is_name: false,
            trailing_commas: false,
            surrogates: Surrogates::Refuse,
            count: 0,
            unit: 0,
            high: 0,
            character: [0; 4],
        }
    }

    /// The next token, or `None` when the input is used up.
    #[inline(never)]
    pub(crate) fn next<'t, 'i: 't>(
        &'t mut self,
        input: &mut &'i [u8],
        end: usize,
    ) -> Result<Option<Token<'t>>, LexError> {
        match self.expect {
            Expect::Text => self.text(input, end),
            Expect::Number(number) => self.number(number, input, end),
            Expect::Literal(literal) => self.literal(literal, input, end),
            Expect::Sequence => self.sequence(input, end),
            Expect::Escape | Expect::Hex | Expect::LowEscape | Expect::LowMark => self.escape(input, end),
            Expect::Failed(fault) => Err(LexError { fault, offset: self.start }),
            _ => {
                self.separator(input, end);
                match input.first() {
                    Some(byte) => self.begin(*byte, input, end),
                    None => Ok(None),
                }
            }
        }
    }

    /// What keeps the text read so far from being one whole document.
    pub(super) const fn incomplete(&self) -> Option<Fault> {
        match self.expect {
            Expect::AfterValue if self.depth == 0 => None,
            Expect::Number(number) if self.depth == 0 && number.is_complete() => None,
            Expect::Failed(fault) => Some(fault),
            _ => Some(Fault::Truncated),
        }
    }

    pub(crate) const fn start(&self) -> usize {
        self.start
    }

    pub(crate) const fn depth(&self) -> u8 {
        self.depth
    }

    /// Passes over white space, and over the colon or comma that is due.
    ///
    /// ```text
    /// ws = *( %x20 / %x09 / %x0A / %x0D )
    /// member = string name-separator value
    /// object = begin-object [ member *( value-separator member ) ] end-object
    /// array = begin-array [ value *( value-separator value ) ] end-array
    /// ```
    #[inline(always)]
    pub(super) fn separator(&mut self, input: &mut &[u8], end: usize) {
        let rest = skip_white_space(input);
        *input = match (self.expect, rest) {
            (Expect::Colon, [b':', after @ ..]) => {
                self.expect = Expect::Value;
                skip_white_space(after)
            }
            (Expect::AfterValue, [b',', after @ ..]) if self.depth > 0 => {
                self.start = end.wrapping_sub(rest.len());
                self.expect = if self.in_object() { Expect::NextName } else { Expect::NextElement };
                skip_white_space(after)
            }
            _ => rest,
        };
    }

    /// Between tokens, at a byte that is neither white space nor a separator that is due.
    fn begin<'t, 'i: 't>(
        &'t mut self,
        byte: u8,
        input: &mut &'i [u8],
        end: usize,
    ) -> Result<Option<Token<'t>>, LexError> {
        let here = end.wrapping_sub(input.len());
        let fault = match (self.expect, byte) {
            (Expect::AfterValue, b'}' | b']') if self.depth > 0 => return self.close(byte, here, input),
            (Expect::FirstName, b'}') | (Expect::FirstElement, b']') => return self.close(byte, here, input),
            (Expect::NextName, b'}') | (Expect::NextElement, b']') => {
                if self.trailing_commas {
                    return self.close(byte, here, input);
                }
                return self.fail(Fault::TrailingComma, self.start);
            }
            (Expect::Colon, _) => Fault::ExpectedColon,
            (Expect::AfterValue, _) if self.depth == 0 => Fault::AfterEnd,
            (Expect::AfterValue, _) => Fault::ExpectedComma,
            (state, b'"') => {
                self.start = here;
                self.is_name = matches!(state, Expect::FirstName | Expect::NextName);
                take_byte(input);
                return self.text(input, end);
            }
            (Expect::FirstName, _) => Fault::ExpectedMember,
            (Expect::NextName, _) => Fault::ExpectedName,
            (state, _) => {
                self.start = here;
                self.count = 0;
                match byte {
                    b'{' => return self.open(true, here, input),
                    b'[' => return self.open(false, here, input),
                    b'-' | b'0'..=b'9' => return self.number(Number::Start, input, end),
                    b't' => return self.literal(Literal::True, input, end),
                    b'f' => return self.literal(Literal::False, input, end),
                    b'n' => return self.literal(Literal::Null, input, end),
                    _ if state == Expect::FirstElement => Fault::ExpectedElement,
                    _ => Fault::ExpectedValue,
                }
            }
        };
        self.fail(fault, here)
    }

    /// Enters an object, or else an array; false if it lies too deep.
    #[inline(always)]
    pub(super) fn enter(&mut self, object: bool) -> bool {
        if self.depth >= DEPTH_MAX {
            return false;
        }
        self.depth = self.depth.wrapping_add(1);
        let [low, high] = self.levels;
        self.levels = [(low << 1) | u32::from(object), (high << 1) | (low >> 31)];
        self.expect = if object { Expect::FirstName } else { Expect::FirstElement };
        true
    }

    /// Leaves the innermost object or array.
    #[inline(always)]
    pub(super) fn leave(&mut self) {
        self.depth = self.depth.wrapping_sub(1);
        let [low, high] = self.levels;
        self.levels = [(low >> 1) | (high << 31), high >> 1];
        self.expect = Expect::AfterValue;
    }

    fn open<'t>(
        &'t mut self,
        object: bool,
        here: usize,
        input: &mut &[u8],
    ) -> Result<Option<Token<'t>>, LexError> {
        if !self.enter(object) {
            return self.fail(Fault::TooDeep, here);
        }
        take_byte(input);
        Ok(Some(if object { Token::ObjectStart } else { Token::ArrayStart }))
    }

    fn close<'t>(
        &'t mut self,
        byte: u8,
        here: usize,
        input: &mut &[u8],
    ) -> Result<Option<Token<'t>>, LexError> {
        let object = self.in_object();
        if (byte == b'}') != object {
            return self.fail(Fault::ExpectedComma, here);
        }
        self.start = here;
        self.leave();
        take_byte(input);
        Ok(Some(if object { Token::ObjectEnd } else { Token::ArrayEnd }))
    }

    /// Inside a number, from its first byte on.
    #[inline(never)]
    fn number<'t, 'i: 't>(
        &'t mut self,
        mut number: Number,
        input: &mut &'i [u8],
        end: usize,
    ) -> Result<Option<Token<'t>>, LexError> {
        let bytes = *input;
        let mut rest = bytes;
        while let Some((&byte, after)) = rest.split_first() {
            let Some(next) = number.after(byte) else { break };
            number = next;
            rest = after;
        }
        let here = end.wrapping_sub(rest.len());
        let bytes = bytes.get(..bytes.len().wrapping_sub(rest.len())).unwrap_or_default();
        let last = match rest.first() {
            None => false,
            // What looks like more of a number is one that breaks the grammar.
            Some(b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'+' | b'-' | b'.') => {
                return self.fail(Fault::InvalidNumber, here);
            }
            Some(_) if !number.is_complete() => return self.fail(Fault::InvalidNumber, here),
            Some(_) => true,
        };
        *input = rest;
        self.expect = if last { Expect::AfterValue } else { Expect::Number(number) };
        let piece = Piece { bytes, last };
        Ok(if last || !bytes.is_empty() { Some(Token::Number(piece)) } else { None })
    }

    /// Inside a literal, of which `self.count` letters were seen.
    #[inline(never)]
    fn literal<'t>(
        &'t mut self,
        literal: Literal,
        input: &mut &[u8],
        end: usize,
    ) -> Result<Option<Token<'t>>, LexError> {
        for letter in literal.text().get(usize::from(self.count)..).unwrap_or_default() {
            let Some((byte, after)) = input.split_first() else {
                self.expect = Expect::Literal(literal);
                return Ok(None);
            };
            if byte != letter {
                return self.fail(Fault::InvalidLiteral, end.wrapping_sub(input.len()));
            }
            *input = after;
            self.count = self.count.wrapping_add(1);
        }
        self.expect = Expect::AfterValue;
        Ok(Some(literal.token()))
    }

    pub(super) const fn in_object(&self) -> bool {
        let [low, _] = self.levels;
        low & 1 == 1
    }

    #[cold]
    #[inline(never)]
    pub(crate) const fn fail<T>(&mut self, fault: Fault, offset: usize) -> Result<T, LexError> {
        self.expect = Expect::Failed(fault);
        self.start = offset;
        Err(LexError { fault, offset })
    }
}

fn take_byte(input: &mut &[u8]) {
    *input = input.get(1..).unwrap_or_default();
}

/// What is left after `ws`: mostly nothing, one space, or a line's end and indentation.
#[inline(always)]
pub(super) fn skip_white_space(bytes: &[u8]) -> &[u8] {
    match bytes {
        [(b'!'..), ..] | [] => bytes,
        [b' ', after @ ..] if matches!(after, [(b'!'..), ..]) => after,
        _ => skip_lines(bytes),
    }
}

#[inline(never)]
fn skip_lines(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes;
    while let [b' ' | b'\n' | b'\r' | b'\t', after @ ..] = rest {
        rest = skip_spaces(after);
    }
    rest
}

/// Indentation: what is left after the spaces at the start, looked at a block or a word at once; some of the last may stay.
#[inline(always)]
fn skip_spaces(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes;
    #[cfg(feature = "wide")]
    while let Some(block) = rest.first_chunk() {
        let spaces = block::spaces(*block);
        rest = rest.get(spaces..).unwrap_or_default();
        if spaces < block::LENGTH {
            return rest;
        }
    }
    while let Some(chunk) = rest.first_chunk::<WORD>() {
        let others = usize::from_le_bytes(*chunk) ^ usize::from_le_bytes([b' '; WORD]);
        let spaces = (others.trailing_zeros() >> 3) as usize;
        rest = rest.get(spaces..).unwrap_or_default();
        if spaces < WORD {
            return rest;
        }
    }
    rest
}
