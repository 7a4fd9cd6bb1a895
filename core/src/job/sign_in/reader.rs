//! The content of a token endpoint's answer: a token into its store, or what is said instead.
//!
//! - takes: a JSON text in pieces of any size, a byte order mark before it or not
//! - gives: the token, checked as it comes, and how long it lives; or code, description and ids of a refusal
//! - keeps: a name or a short value
//! - refuses: a token that is none, is given twice, or is not a bearer's
//!
//! `{"access_token":"..","token_type":"Bearer","expires_in":3599}` (RFC 6749, section 5.1), or
//! `{"error":"..","error_description":"AADSTS..","error_codes":[..],"trace_id":".."}` (section 5.2). Numbers come as
//! texts and with fractions too.

use super::Seconds;
use crate::cell::Cell as _;
use crate::job::store::Store;
use crate::json::{Lexer, Piece, Token};
use crate::record::Place;
use crate::record::TextView;
use crate::{GraphError, Id};

/// The byte order mark, which some endpoints send.
const MARK: [u8; 3] = [0xEF, 0xBB, 0xBF];

/// The members by number, the first being 1.
const NAMES: [&str; 11] = [
    "access_token",
    "token_type",
    "expires_in",
    "expires_on",
    "refresh_in",
    "error",
    "error_description",
    "message",
    "error_codes",
    "trace_id",
    "correlation_id",
];
const ACCESS_TOKEN: u8 = 1;
const TOKEN_TYPE: u8 = 2;
const EXPIRES_IN: u8 = 3;
const EXPIRES_ON: u8 = 4;
const REFRESH_IN: u8 = 5;
const ERROR: u8 = 6;
const DESCRIPTION: u8 = 7;
const MESSAGE: u8 = 8;
const CODES: u8 = 9;
const TRACE_ID: u8 = 10;
const CORRELATION_ID: u8 = 11;
const NO_MEMBER: u8 = 0;

/// Room for the longest name; a longer one is none of these.
const NAME_ROOM: usize = 17;

/// How the token in the answer is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::job) enum Found {
    /// There is none.
    Nothing,
    /// It is as it should be.
    Token,
    /// It is longer than the room for it.
    TooLong,
    /// It is none, or one of too many.
    Bad,
}

/// Reads one answer.
pub(in crate::job) struct Reader {
    lexer: Lexer,
    /// Bytes of the mark that have come; 3 when there is none or it is over.
    mark: u8,
    /// Whether the text is no JSON.
    is_wrong: bool,
    members: Members,
}

/// The members of an answer that are not for people.
pub(in crate::job) struct Members {
    /// The member whose value comes next, or is being read.
    member: u8,
    /// Whether a name or value has begun that the piece did not end.
    is_begun: bool,
    /// A name, or a short value.
    word: Id<[u8; NAME_ROOM]>,
    found: Found,
    /// Whether the token has come to its padding.
    is_padded: bool,
    pub(in crate::job) expires_in: Seconds,
    pub(in crate::job) expires_on: Seconds,
    pub(in crate::job) refresh_in: Seconds,
}

impl Reader {
    pub(in crate::job) const fn new() -> Self {
        Self {
            lexer: Lexer::new(),
            mark: 0,
            is_wrong: false,
            members: Members {
                member: NO_MEMBER,
                is_begun: false,
                word: Id::EMPTY,
                found: Found::Nothing,
                is_padded: false,
                expires_in: Seconds::NONE,
                expires_on: Seconds::NONE,
                refresh_in: Seconds::NONE,
            },
        }
    }

    pub(in crate::job) const fn members(&self) -> &Members {
        &self.members
    }

    /// Reads one more piece; a token is only taken if there is a store for it. After a fault nothing more is.
    pub(in crate::job) fn feed<const TOKEN: usize, const TEXT: usize>(
        &mut self,
        mut store: Option<&mut Store<TOKEN>>,
        error: &mut GraphError<TEXT>,
        mut input: &[u8],
    ) {
        while let (Some(expected), [byte, rest @ ..]) = (MARK.get(usize::from(self.mark)), input) {
            if byte == expected {
                self.mark = self.mark.wrapping_add(1);
                input = rest;
            } else {
                self.is_wrong |= self.mark > 0;
                self.mark = MARK.len() as u8;
            }
        }
        let Self { lexer, is_wrong, members, .. } = self;
        while !*is_wrong {
            let depth = lexer.depth();
            let (piece, is_name) = match lexer.next(&mut input) {
                Ok(None) => return,
                Err(_) => {
                    *is_wrong = true;
                    members.give_up(error, true);
                    return;
                }
                Ok(Some(Token::Name(piece))) => (piece, true),
                Ok(Some(Token::String(piece) | Token::Number(piece))) => (piece, false),
                Ok(Some(Token::ArrayStart)) if members.member == CODES => continue,
                Ok(Some(_)) => {
                    members.member = NO_MEMBER;
                    continue;
                }
            };
            // Only members of the answer itself, and the codes in their array.
            if depth == 1 || depth == 2 && members.member == CODES && !is_name {
                members.take(store.as_deref_mut(), error, piece, is_name);
            }
        }
    }

    /// Says that the text is over, and what there is of a token.
    pub(in crate::job) fn finish<const TEXT: usize>(&mut self, error: &mut GraphError<TEXT>) -> Found {
        self.members.give_up(error, false);
        // Where there is no number of a code, the description begins with it.
        if error.inner_code.as_str().is_none()
            && let Some(code) = error.message.as_str().and_then(code_of)
        {
            put(error.inner_code.place(), code.as_bytes(), true, true, false);
        }
        match self.members.found {
            Found::Token | Found::TooLong if self.is_wrong || self.lexer.finish().is_err() => Found::Bad,
            found => found,
        }
    }
}

impl Members {
    /// Takes a piece of a name or of a value.
    fn take<const TOKEN: usize, const TEXT: usize>(
        &mut self,
        store: Option<&mut Store<TOKEN>>,
        error: &mut GraphError<TEXT>,
        piece: Piece<'_>,
        is_name: bool,
    ) {
        let is_first = !self.is_begun;
        let Piece { bytes, last } = piece;
        if is_name {
            put(self.word.place(), bytes, is_first, last, false);
        } else {
            self.value(store, error, bytes, is_first, last);
        }
        self.is_begun = !last;
        if last {
            self.member = match (is_name, self.named()) {
                // A managed identity says what is wrong by this name; where there is a description, that counts.
                (true, MESSAGE) if error.message.as_str().is_some() => NO_MEMBER,
                (true, member) => member,
                (false, _) => NO_MEMBER,
            };
        }
    }

    /// Leaves out the value that was being read, if there is one: half an id is a wrong id. Of what is for people, a part is
    /// of use where the text ends in it; where a fault is in it, how much has come is a matter of the pieces.
    fn give_up<const TEXT: usize>(&self, error: &mut GraphError<TEXT>, is_fault: bool) {
        if let Some((Place::Text(mut text) | Place::Id(mut text), may_cut)) = place(self.member, error)
            && (is_fault || !may_cut)
        {
            text.omit();
        }
    }

    fn named(&self) -> u8 {
        let name = self.word.as_str().unwrap_or_default();
        NAMES.iter().zip(1..).find(|(known, _)| **known == name).map_or(NO_MEMBER, |(_, number)| number)
    }

    /// Takes a piece of the value of the member.
    fn value<const TOKEN: usize, const TEXT: usize>(
        &mut self,
        store: Option<&mut Store<TOKEN>>,
        error: &mut GraphError<TEXT>,
        bytes: &[u8],
        is_first: bool,
        last: bool,
    ) {
        match self.member {
            ACCESS_TOKEN => {
                if let Some(store) = store {
                    self.token(store, bytes, is_first);
                    if last && self.found == Found::Token && store.coming() == 0 {
                        self.found = Found::Bad;
                    }
                }
            }
            EXPIRES_IN => self.expires_in.take(bytes, is_first),
            EXPIRES_ON => self.expires_on.take(bytes, is_first),
            REFRESH_IN => self.refresh_in.take(bytes, is_first),
            TOKEN_TYPE => {
                put(self.word.place(), bytes, is_first, last, false);
                let is_bearer = self.word.as_str().is_some_and(|word| word.eq_ignore_ascii_case("bearer"));
                if last && !is_bearer {
                    self.found = Found::Bad;
                }
            }
            CODES => {
                if is_first {
                    put(error.inner_code.place(), b"AADSTS", true, false, false);
                }
                put(error.inner_code.place(), bytes, false, last, false);
            }
            member => {
                if let Some((place, may_cut)) = place(member, error) {
                    put(place, bytes, is_first, last, may_cut);
                }
            }
        }
    }

    /// `b64token = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="` (RFC 6750)
    fn token<const TOKEN: usize>(&mut self, store: &mut Store<TOKEN>, bytes: &[u8], is_first: bool) {
        if is_first {
            self.found = if self.found == Found::Nothing { Found::Token } else { Found::Bad };
        }
        for &byte in bytes {
            if self.found != Found::Token {
                return;
            }
            let is_body =
                byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/');
            let is_padding = byte == b'=' && store.coming() > 0;
            self.is_padded |= is_padding;
            if !is_padding && (!is_body || self.is_padded) {
                self.found = Found::Bad;
            } else if !store.push(byte) {
                self.found = Found::TooLong;
            }
        }
    }
}

/// The place of a member that is for people, and whether a part of it is of use.
fn place<const TEXT: usize>(member: u8, error: &mut GraphError<TEXT>) -> Option<(Place<'_>, bool)> {
    Some(match member {
        ERROR => (error.code.place(), false),
        DESCRIPTION | MESSAGE => (error.message.place(), true),
        CODES => (error.inner_code.place(), false),
        TRACE_ID => (error.request_id.place(), false),
        CORRELATION_ID => (error.client_request_id.place(), false),
        _ => return None,
    })
}

/// What the codes of login hosts begin with.
const PREFIX: &str = "AADSTS";

/// `AADSTS7000215` of `AADSTS7000215: Invalid client secret provided. ...`
fn code_of(description: &str) -> Option<&str> {
    // Byte by byte: the search of `str` leaves panics in an image.
    let begin = description.as_bytes().windows(PREFIX.len()).position(|bytes| bytes == PREFIX.as_bytes())?;
    let code = description.get(begin..)?;
    let digits = code.get(PREFIX.len()..)?.bytes().take_while(u8::is_ascii_digit).count();
    code.get(..digits.checked_add(PREFIX.len())?).filter(|_| digits > 0)
}

/// Puts a piece of a value into its place.
fn put(place: Place<'_>, bytes: &[u8], is_first: bool, last: bool, may_cut: bool) {
    let (Place::Text(text) | Place::Id(text)) = place else { return };
    put_text(text, bytes, is_first, last, may_cut);
}

#[inline(never)]
fn put_text(mut text: TextView<'_>, bytes: &[u8], is_first: bool, last: bool, may_cut: bool) {
    if is_first {
        text.begin();
    }
    text.append(bytes);
    if last && !text.is_whole() && !may_cut {
        text.omit();
    }
}
