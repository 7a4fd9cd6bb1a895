//! What most members are: a name and a value that stand in one piece, without escapes.
//!
//! - takes: a piece and its `end`, as the machine does, where a member or its value may stand
//! - gives: its token; or the beginning of a string that goes on otherwise, for the machine to go on with
//! - keeps: nothing of its own
//! - refuses: nothing; what it does not know it leaves where it is, to the machine

use super::machine::{Machine, State, skip_white_space};
use crate::json::string;
use crate::json::token::{Piece, Token};

impl Machine {
    /// The name of the next member, with its colon if the name is plain and whole; or the end of the object.
    ///
    /// The comma before it is taken even if it is neither.
    #[inline(always)]
    pub(in crate::json) fn whole_name<'i>(&mut self, input: &mut &'i [u8], end: usize) -> Option<Token<'i>> {
        match self.state {
            State::AfterValue if self.in_object() => {
                let rest = skip_white_space(input);
                *input = rest;
                match rest {
                    [b',', after @ ..] => {
                        self.start = end.wrapping_sub(rest.len());
                        self.state = State::NextName;
                        *input = skip_white_space(after);
                    }
                    [b'}', after @ ..] => {
                        self.start = end.wrapping_sub(rest.len());
                        self.leave();
                        *input = after;
                        return Some(Token::ObjectEnd);
                    }
                    _ => return None,
                }
            }
            State::FirstName => *input = skip_white_space(input),
            _ => return None,
        }
        let [b'"', text @ ..] = *input else { return None };
        self.start = end.wrapping_sub(input.len());
        let length = string::plain_run(text);
        let Some((bytes, [b'"', b':', after @ ..])) = text.split_at_checked(length) else {
            let (bytes, rest) = text.split_at_checked(length)?;
            *input = rest;
            self.state = State::Text;
            self.is_name = true;
            return if length == 0 { None } else { Some(Token::Name(Piece { bytes, last: false })) };
        };
        self.state = State::Value;
        *input = after;
        Some(Token::Name(Piece { bytes, last: true }))
    }

    /// The value after a name if it is a string or a whole literal, or the start of a value that holds others.
    #[inline(always)]
    pub(in crate::json) fn whole_value<'i>(&mut self, input: &mut &'i [u8], end: usize) -> Option<Token<'i>> {
        let rest = skip_white_space(input);
        *input = rest;
        let (token, after) = match rest {
            [b'"', text @ ..] => {
                let mut length = string::plain_run(text);
                if let Some(0x80..) = text.get(length) {
                    length = string::unescaped_run(text);
                }
                let Some((bytes, [b'"', after @ ..])) = text.split_at_checked(length) else {
                    self.start = end.wrapping_sub(rest.len());
                    let (bytes, rest) = text.split_at_checked(length)?;
                    *input = rest;
                    self.state = State::Text;
                    self.is_name = false;
                    return if length == 0 {
                        None
                    } else {
                        Some(Token::String(Piece { bytes, last: false }))
                    };
                };
                self.state = State::AfterValue;
                (Token::String(Piece { bytes, last: true }), after)
            }
            [b'n', b'u', b'l', b'l', after @ ..] => {
                self.state = State::AfterValue;
                (Token::Null, after)
            }
            [b't', b'r', b'u', b'e', after @ ..] => {
                self.state = State::AfterValue;
                (Token::True, after)
            }
            [b'f', b'a', b'l', b's', b'e', after @ ..] => {
                self.state = State::AfterValue;
                (Token::False, after)
            }
            [b'{', after @ ..] if self.enter(true) => (Token::ObjectStart, after),
            [b'[', after @ ..] if self.enter(false) => (Token::ArrayStart, after),
            _ => return None,
        };
        self.start = end.wrapping_sub(rest.len());
        *input = after;
        Some(token)
    }

    /// What a piece begins with, if it is white space between tokens or the plain rest of a string.
    #[inline(always)]
    pub(in crate::json) fn skim<'i>(&mut self, input: &mut &'i [u8]) -> Option<Token<'i>> {
        match self.state {
            State::Text => {
                let (run, rest) = input.split_at_checked(string::plain_run(input))?;
                if let [b'"', after @ ..] = rest {
                    *input = after;
                    return Some(self.end_text(run));
                }
                *input = rest;
                self.run(run)
            }
            state if state.is_between() => {
                *input = skip_white_space(input);
                None
            }
            _ => None,
        }
    }
}
