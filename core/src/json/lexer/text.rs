//! Inside strings: runs, escapes and characters that the end of a piece has cut.

use super::state::{Expect, REPLACEMENT, State, Surrogates};
use crate::json::fault::{Fault, LexError};
use crate::json::string;
use crate::json::token::{Piece, Token};

impl State {
    /// Inside a string: the run up to a quote, an escape or the end of the piece.
    #[inline(never)]
    pub(super) fn text<'t, 'i: 't>(
        &'t mut self,
        input: &mut &'i [u8],
        end: usize,
    ) -> Result<Option<Token<'t>>, LexError> {
        let bytes = *input;
        let mut at = string::plain_run(bytes);
        if let Some(0x80..) = bytes.get(at) {
            at = string::unescaped_run(bytes);
        }
        let (run, rest) = bytes.split_at_checked(at).unwrap_or_default();
        let here = end.wrapping_sub(rest.len());
        match rest.split_first() {
            Some((b'"', after)) => {
                *input = after;
                return Ok(Some(self.end_text(run)));
            }
            None => {
                *input = rest;
                self.expect = Expect::Text;
            }
            Some((b'\\', after)) => {
                self.expect = Expect::Escape;
                *input = after;
                if at == 0 {
                    return self.escape(input, end);
                }
            }
            Some((0..0x20, _)) => return self.fail(Fault::ControlCharacter, here),
            Some(_) => {
                if let Some(index) = string::invalid_at(rest) {
                    return self.fail(Fault::InvalidUtf8, here.wrapping_add(index));
                }
                for (slot, byte) in self.character.iter_mut().zip(rest) {
                    *slot = *byte;
                }
                self.count = rest.len() as u8;
                self.expect = Expect::Sequence;
                *input = &[];
            }
        }
        Ok(self.run(run))
    }

    #[inline(always)]
    pub(super) fn end_text<'t>(&mut self, bytes: &'t [u8]) -> Token<'t> {
        let piece = Piece { bytes, last: true };
        if self.is_name {
            self.expect = Expect::Colon;
            Token::Name(piece)
        } else {
            self.expect = Expect::AfterValue;
            Token::String(piece)
        }
    }

    /// A piece that is not the last, unless it is empty.
    pub(super) fn run<'t>(&self, bytes: &'t [u8]) -> Option<Token<'t>> {
        if bytes.is_empty() {
            return None;
        }
        let piece = Piece { bytes, last: false };
        Some(if self.is_name { Token::Name(piece) } else { Token::String(piece) })
    }

    /// Inside an escape; gives its character when that is complete.
    #[inline(never)]
    pub(super) fn escape<'t, 'i: 't>(
        &'t mut self,
        input: &mut &'i [u8],
        end: usize,
    ) -> Result<Option<Token<'t>>, LexError> {
        while let Some((&byte, after)) = input.split_first() {
            let here = end.wrapping_sub(input.len());
            let before = *input;
            *input = after;
            let character = match self.expect {
                Expect::Escape if byte == b'u' => {
                    self.begin_unit(0);
                    continue;
                }
                Expect::Escape => match string::escaped(byte) {
                    Some(byte) => char::from(byte),
                    None => return self.fail(Fault::InvalidEscape, here),
                },
                Expect::LowEscape if byte == b'\\' => {
                    self.expect = Expect::LowMark;
                    continue;
                }
                Expect::LowMark if byte == b'u' => {
                    self.begin_unit(self.unit);
                    continue;
                }
                // What follows the half is no half: it is read for itself.
                Expect::LowEscape => {
                    *input = before;
                    return self.unpaired(Expect::Text, here);
                }
                Expect::LowMark => {
                    *input = before;
                    return self.unpaired(Expect::Escape, here);
                }
                _ => {
                    let Some(digit) = string::hex(byte) else {
                        return self.fail(Fault::InvalidHexDigit, here);
                    };
                    self.unit = (self.unit << 4) | digit;
                    self.count = self.count.wrapping_add(1);
                    if self.count < 4 {
                        continue;
                    }
                    match (self.high, self.unit) {
                        (0, 0xD800..=0xDBFF) => {
                            self.expect = Expect::LowEscape;
                            continue;
                        }
                        (0, unit) => match char::from_u32(u32::from(unit)) {
                            Some(character) => character,
                            None => return self.unpaired(Expect::Text, here),
                        },
                        (high, low) => match string::paired(high, low) {
                            Some(character) => character,
                            None => {
                                *input = before;
                                self.begin_unit(0);
                                self.unit = low >> 4;
                                self.count = 3;
                                return self.unpaired(Expect::Hex, here);
                            }
                        },
                    }
                }
            };
            self.expect = Expect::Text;
            let length = character.encode_utf8(&mut self.character).len();
            return Ok(self.run(self.character.get(..length).unwrap_or_default()));
        }
        Ok(None)
    }

    /// Half of a surrogate pair stands alone. Where that is no end, the text goes on with what is expected then.
    #[cold]
    #[inline(never)]
    fn unpaired<'t>(&mut self, expect: Expect, here: usize) -> Result<Option<Token<'t>>, LexError> {
        self.expect = expect;
        match self.surrogates {
            Surrogates::Refuse => self.fail(Fault::UnpairedSurrogate, here),
            Surrogates::Replace => Ok(self.run(REPLACEMENT)),
            Surrogates::Report => Err(LexError { fault: Fault::UnpairedSurrogate, offset: here }),
        }
    }

    pub(super) const fn begin_unit(&mut self, high: u16) {
        self.high = high;
        self.unit = 0;
        self.count = 0;
        self.expect = Expect::Hex;
    }

    /// Inside a character of several bytes that the end of a piece has cut.
    #[inline(never)]
    pub(super) fn sequence<'t>(
        &'t mut self,
        input: &mut &[u8],
        end: usize,
    ) -> Result<Option<Token<'t>>, LexError> {
        let [lead, ..] = self.character;
        let length = string::length(lead);
        while let Some((&byte, after)) = input.split_first() {
            let at = usize::from(self.count);
            if !string::continues(lead, at, byte) {
                return self.fail(Fault::InvalidUtf8, end.wrapping_sub(input.len()));
            }
            if let Some(slot) = self.character.get_mut(at) {
                *slot = byte;
            }
            *input = after;
            self.count = self.count.wrapping_add(1);
            if usize::from(self.count) == length {
                self.expect = Expect::Text;
                return Ok(self.run(self.character.get(..length).unwrap_or_default()));
            }
        }
        Ok(None)
    }
}
