//! Bytes to tokens.
//!
//! - takes: a JSON text in pieces of any size
//! - gives: [`Token`]s, or `None` when the piece is used up
//! - keeps: about 40 bytes of state, no input
//! - refuses: whatever is not RFC 8259, unpaired surrogates, nesting deeper than [`DEPTH_MAX`]

mod text;

use super::fault::{Fault, LexError};
use super::literal::Literal;
use super::number::Number;
use super::string;
use super::token::{Piece, Token};

/// The deepest nesting of arrays and objects that is read.
pub const DEPTH_MAX: u8 = 64;

/// Reads one JSON text, handed over in pieces.
///
/// ```
/// use graph_call::json::{Lexer, Piece, Token};
///
/// let mut lexer = Lexer::new();
/// let mut input: &[u8] = b"[tr";
/// assert_eq!(lexer.next(&mut input)?, Some(Token::ArrayStart));
/// assert_eq!(lexer.next(&mut input)?, None);
/// let mut input: &[u8] = b"ue]";
/// assert_eq!(lexer.next(&mut input)?, Some(Token::True));
/// assert_eq!(lexer.next(&mut input)?, Some(Token::ArrayEnd));
/// lexer.finish()?;
/// # Ok::<(), graph_call::json::LexError>(())
/// ```
#[derive(Clone, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Lexer {
    /// Bytes taken so far; after a failure, the offset of the offending byte.
    offset: usize,
    /// Where the token that was begun last starts.
    start: usize,
    /// One bit for each open container, the innermost lowest: 1 is an object, 0 an array.
    levels: u64,
    depth: u8,
    state: State,
    /// Whether the string being read is the name of a member.
    is_name: bool,
    trailing_commas: bool,
    /// Hex digits, bytes of a character, or letters of a literal seen so far.
    count: u8,
    /// The UTF-16 code unit being read, and the high surrogate before it (0 if none).
    unit: u16,
    high: u16,
    /// A decoded escape, or the bytes of a character cut by the end of a piece.
    character: [u8; 4],
}

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
enum State {
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

impl State {
    /// Whether this is the inside of a token, and not of a plain run of a string.
    #[inline(always)]
    const fn is_inside(self) -> bool {
        !matches!(
            self,
            Self::Value
                | Self::FirstElement
                | Self::NextElement
                | Self::FirstName
                | Self::NextName
                | Self::Colon
                | Self::AfterValue
                | Self::Text
        )
    }
}

impl Lexer {
    /// A lexer at the start of a text, strict.
    pub const fn new() -> Self {
        Self::with(false)
    }

    /// A lexer at the start of a text that may accept one comma before a closing bracket, which RFC 8259
    /// forbids.
    #[inline(always)]
    pub const fn with(trailing_commas: bool) -> Self {
        Self {
            offset: 0,
            start: 0,
            levels: 0,
            depth: 0,
            state: State::Value,
            is_name: false,
            trailing_commas,
            count: 0,
            unit: 0,
            high: 0,
            character: [0; 4],
        }
    }

    /// The next token, or `None` when `input` is used up: call again with the next piece.
    ///
    /// `input` is moved past what was read.
    ///
    /// # Errors
    /// The first fault of the text; after it every call gives the same error.
    #[inline(always)]
    pub fn next<'t, 'i: 't>(&'t mut self, input: &mut &'i [u8]) -> Result<Option<Token<'t>>, LexError> {
        let end = self.offset.wrapping_add(input.len());
        if self.state.is_inside() {
            return self.resume(input, end);
        }
        self.structure(input, end)
    }

    /// Passes over white space between tokens, or gives the plain run inside a string without taking it.
    ///
    /// What is left for [`next`](Self::next) is what may end a token.
    #[inline(always)]
    pub(super) fn skim<'i>(&mut self, input: &mut &'i [u8]) -> Option<Token<'i>> {
        if self.state == State::Text {
            let run = input.get(..string::plain_run(input)).unwrap_or_default();
            return self.run(run);
        }
        if !self.state.is_inside() {
            let rest = skip_white_space(input);
            self.offset = self.offset.wrapping_add(input.len().wrapping_sub(rest.len()));
            *input = rest;
        }
        None
    }

    /// Takes the run that [`skim`](Self::skim) gave.
    #[inline(always)]
    pub(super) fn take_run(&mut self, length: usize, input: &mut &[u8]) {
        self.offset = self.offset.wrapping_add(length);
        *input = input.get(length..).unwrap_or_default();
    }

    /// Goes on inside a token that the end of a piece has cut, or after an escape.
    #[inline(never)]
    fn resume<'t, 'i: 't>(
        &'t mut self,
        input: &mut &'i [u8],
        end: usize,
    ) -> Result<Option<Token<'t>>, LexError> {
        match self.state {
            State::Number(number) => self.number(number, input, end),
            State::Literal(literal) => self.literal(literal, input, end),
            State::Sequence => self.sequence(input, end),
            State::Failed(fault) => Err(LexError { fault, offset: self.offset }),
            _ => self.escape(input, end),
        }
    }

    /// Whether the text read so far is one whole document.
    ///
    /// # Errors
    /// The fault met before, or [`Fault::Truncated`].
    pub const fn finish(&self) -> Result<(), LexError> {
        let fault = match self.state {
            State::AfterValue if self.depth == 0 => return Ok(()),
            State::Number(number) if self.depth == 0 && number.is_complete() => return Ok(()),
            State::Failed(fault) => fault,
            _ => Fault::Truncated,
        };
        Err(LexError { fault, offset: self.offset })
    }

    /// How many bytes were taken; after a failure, the offset of the offending byte.
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// The offset at which the last token, or its first piece, starts.
    pub const fn token_start(&self) -> usize {
        self.start
    }

    /// How many arrays and objects are open.
    pub const fn depth(&self) -> u8 {
        self.depth
    }

    /// Between tokens: white space, structural characters and the first byte of every token.
    ///
    /// ```text
    /// ws = *( %x20 / %x09 / %x0A / %x0D )
    /// object = begin-object [ member *( value-separator member ) ] end-object
    /// array = begin-array [ value *( value-separator value ) ] end-array
    /// ```
    #[inline(always)]
    fn structure<'t, 'i: 't>(
        &'t mut self,
        input: &mut &'i [u8],
        end: usize,
    ) -> Result<Option<Token<'t>>, LexError> {
        let mut state = self.state;
        if state == State::Text {
            return self.text(input, end);
        }
        let mut rest = skip_white_space(input);
        if let State::Colon | State::AfterValue = state {
            match (state, rest) {
                (State::Colon, [b':', after @ ..]) => {
                    state = State::Value;
                    rest = after;
                }
                (State::AfterValue, [b',', after @ ..]) if self.depth > 0 => {
                    self.start = end.wrapping_sub(rest.len());
                    state = if self.in_object() { State::NextName } else { State::NextElement };
                    rest = after;
                }
                _ => {}
            }
            rest = skip_white_space(rest);
        }
        // A string may stand in every state that is left, as a name or as a value.
        if let [b'"', after @ ..] = rest
            && !matches!(state, State::Colon | State::AfterValue)
        {
            self.start = end.wrapping_sub(rest.len());
            self.is_name = matches!(state, State::FirstName | State::NextName);
            *input = after;
            return self.text(input, end);
        }
        *input = rest;
        self.state = state;
        match rest.first() {
            Some(byte) => self.other(*byte, input, end),
            None => {
                self.offset = end;
                Ok(None)
            }
        }
    }

    /// Between tokens: whatever is neither punctuation nor a string.
    #[inline(never)]
    fn other<'t, 'i: 't>(
        &'t mut self,
        byte: u8,
        input: &mut &'i [u8],
        end: usize,
    ) -> Result<Option<Token<'t>>, LexError> {
        let here = end.wrapping_sub(input.len());
        let fault = match (self.state, byte) {
            (State::AfterValue, b'}' | b']') if self.depth > 0 => return self.close(byte, here, end, input),
            (State::FirstName, b'}') | (State::FirstElement, b']') => {
                return self.close(byte, here, end, input);
            }
            (State::NextName, b'}') | (State::NextElement, b']') => {
                if self.trailing_commas {
                    return self.close(byte, here, end, input);
                }
                return self.fail(Fault::TrailingComma, self.start);
            }
            (State::Colon, _) => Fault::ExpectedColon,
            (State::AfterValue, _) if self.depth == 0 => Fault::AfterEnd,
            (State::AfterValue, _) => Fault::ExpectedComma,
            (State::FirstName, _) => Fault::ExpectedMember,
            (State::NextName, _) => Fault::ExpectedName,
            (state, _) => {
                self.start = here;
                self.count = 0;
                let literal = match byte {
                    b'{' => return self.open(true, here, end, input),
                    b'[' => return self.open(false, here, end, input),
                    b'-' | b'0'..=b'9' => return self.number(Number::Start, input, end),
                    b't' => Some(Literal::True),
                    b'f' => Some(Literal::False),
                    b'n' => Some(Literal::Null),
                    _ => None,
                };
                match literal {
                    Some(literal) => return self.literal(literal, input, end),
                    None if state == State::FirstElement => Fault::ExpectedElement,
                    None => Fault::ExpectedValue,
                }
            }
        };
        self.fail(fault, here)
    }

    fn open<'t>(
        &'t mut self,
        object: bool,
        here: usize,
        end: usize,
        input: &mut &[u8],
    ) -> Result<Option<Token<'t>>, LexError> {
        if self.depth >= DEPTH_MAX {
            return self.fail(Fault::TooDeep, here);
        }
        self.depth = self.depth.wrapping_add(1);
        self.levels = (self.levels << 1) | u64::from(object);
        self.take_byte(input, end);
        if object {
            self.state = State::FirstName;
            Ok(Some(Token::ObjectStart))
        } else {
            self.state = State::FirstElement;
            Ok(Some(Token::ArrayStart))
        }
    }

    fn close<'t>(
        &'t mut self,
        byte: u8,
        here: usize,
        end: usize,
        input: &mut &[u8],
    ) -> Result<Option<Token<'t>>, LexError> {
        let object = self.in_object();
        if (byte == b'}') != object {
            return self.fail(Fault::ExpectedComma, here);
        }
        self.start = here;
        self.depth = self.depth.wrapping_sub(1);
        self.levels >>= 1;
        self.state = State::AfterValue;
        self.take_byte(input, end);
        Ok(Some(if object { Token::ObjectEnd } else { Token::ArrayEnd }))
    }

    fn take_byte(&mut self, input: &mut &[u8], end: usize) {
        *input = input.get(1..).unwrap_or_default();
        self.offset = end.wrapping_sub(input.len());
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
        self.offset = here;
        self.state = if last { State::AfterValue } else { State::Number(number) };
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
        if self.count == 0
            && let Some(after) = literal.strip(input)
        {
            *input = after;
            self.offset = end.wrapping_sub(after.len());
            self.state = State::AfterValue;
            return Ok(Some(literal.token()));
        }
        for letter in literal.text().get(usize::from(self.count)..).unwrap_or_default() {
            let Some((byte, after)) = input.split_first() else {
                self.state = State::Literal(literal);
                self.offset = end;
                return Ok(None);
            };
            if byte != letter {
                return self.fail(Fault::InvalidLiteral, end.wrapping_sub(input.len()));
            }
            *input = after;
            self.count = self.count.wrapping_add(1);
        }
        self.offset = end.wrapping_sub(input.len());
        self.state = State::AfterValue;
        Ok(Some(literal.token()))
    }

    const fn in_object(&self) -> bool {
        self.levels & 1 == 1
    }

    #[cold]
    #[inline(never)]
    const fn fail<T>(&mut self, fault: Fault, offset: usize) -> Result<T, LexError> {
        self.state = State::Failed(fault);
        self.offset = offset;
        Err(LexError { fault, offset })
    }
}

impl Default for Lexer {
    fn default() -> Self {
        Self::new()
    }
}

/// What is left after `ws`.
#[inline(always)]
fn skip_white_space(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes;
    while let [(..=b' '), ..] = rest {
        // Indentation: four spaces at a time, and those of the last four at once.
        if let Some(chunk) = rest.first_chunk::<4>() {
            let others = u32::from_le_bytes(*chunk) ^ u32::from_le_bytes([b' '; 4]);
            let spaces = (others.trailing_zeros() >> 3) as usize;
            rest = rest.get(spaces..).unwrap_or_default();
            if spaces == 4 {
                continue;
            }
        }
        match rest.split_first() {
            Some((b' ' | b'\n' | b'\r' | b'\t', after)) => rest = after,
            _ => return rest,
        }
    }
    rest
}
