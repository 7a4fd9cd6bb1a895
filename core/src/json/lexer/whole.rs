//! The short way of the lexer, beside its state: a name or a value that stands whole in the piece.
//!
//! - takes: a piece and its `end`, where a member or its value may stand
//! - gives: its token; or the beginning of a string that goes on otherwise, from which the state goes on
//! - keeps: nothing but what the state keeps
//! - refuses: nothing: what it does not recognise it leaves where it is

use super::state::{Expect, State, skip_white_space};
use crate::json::string;
use crate::json::token::{Piece, Token};

impl State {
    /// The name of the next member, with its colon if the name is plain and whole; or the end of the object.
    ///
    /// If neither stands here, the comma before it is taken all the same.
    #[inline(always)]
    pub(crate) fn whole_name<'i>(&mut self, input: &mut &'i [u8], end: usize) -> Option<Token<'i>> {
        match self.expect {
            Expect::AfterValue if self.in_object() => {
                let rest = skip_white_space(input);
                *input = rest;
                match rest {
                    [b',', after @ ..] => {
                        self.start = end.wrapping_sub(rest.len());
                        self.expect = Expect::NextName;
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
            Expect::FirstName => *input = skip_white_space(input),
            _ => return None,
        }
        let [b'"', text @ ..] = *input else { return None };
        self.start = end.wrapping_sub(input.len());
        let length = string::plain_run(text);
        let Some((bytes, [b'"', b':', after @ ..])) = text.split_at_checked(length) else {
            let (bytes, rest) = text.split_at_checked(length)?;
            *input = rest;
            self.expect = Expect::Text;
            self.is_name = true;
            return if length == 0 { None } else { Some(Token::Name(Piece { bytes, last: false })) };
        };
        self.expect = Expect::Value;
        *input = after;
        Some(Token::Name(Piece { bytes, last: true }))
    }

    /// The value after a name if it is a string or a whole literal, or the start of a value that holds others.
    #[inline(always)]
    pub(crate) fn whole_value<'i>(&mut self, input: &mut &'i [u8], end: usize) -> Option<Token<'i>> {
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
                    self.expect = Expect::Text;
                    self.is_name = false;
                    return if length == 0 {
                        None
                    } else {
                        Some(Token::String(Piece { bytes, last: false }))
                    };
                };
                self.expect = Expect::AfterValue;
                (Token::String(Piece { bytes, last: true }), after)
            }
            [b'n', b'u', b'l', b'l', after @ ..] => {
                self.expect = Expect::AfterValue;
                (Token::Null, after)
            }
            [b't', b'r', b'u', b'e', after @ ..] => {
                self.expect = Expect::AfterValue;
                (Token::True, after)
            }
            [b'f', b'a', b'l', b's', b'e', after @ ..] => {
                self.expect = Expect::AfterValue;
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
    pub(crate) fn skim<'i>(&mut self, input: &mut &'i [u8]) -> Option<Token<'i>> {
        match self.expect {
            Expect::Text => {
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
