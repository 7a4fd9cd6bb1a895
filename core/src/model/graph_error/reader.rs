//! The content of a refusal into a [`GraphError`], as far as it can be read.
//!
//! - takes: a JSON text in pieces of any size, and the error to fill
//! - gives: the error filled in place
//! - keeps: how many inner errors are open, and the name that comes before the next value
//! - refuses: what is not JSON; what stood before the fault stays
//!
//! Whoever reads a refusal wants to know why it was refused: so a member is never a reason to lose
//! another one, as it is in a call. A value that is no string and no number is passed over; of a repeated
//! member the last one counts. The case of a name's first letter is ignored, since services and the
//! proxies before them write both.

use super::GraphError;
use crate::Id;
use crate::cell::Cell as _;
use crate::json::{LexError, Lexer, Token};
use crate::record::TextView;
use crate::record::{Place, Variants, prefixed, prefixed_size};

/// Inner errors that are entered.
const INNER_MAX: u8 = 7;

/// The open objects while the error's own members are read: the content, and the error in it.
const OUTERMOST: u8 = 2;

/// The open objects and arrays between the error's details.
const DETAILS_DEPTH: u8 = OUTERMOST + 1;

/// The members by number; the first four are those that an inner error has too, and the message comes next.
const NAMES: &[&str] = &[
    "code",
    "request-id",
    "client-request-id",
    "date",
    "message",
    "innerError",
    "innererror",
    "error",
    "target",
    "details",
    "title",
    "detail",
];
static VARIANTS: Variants = Variants { names: &prefixed::<{ prefixed_size(NAMES) }>(NAMES), prefix: "" };
const CODE: u8 = 0;
const REQUEST_ID: u8 = 1;
const CLIENT_REQUEST_ID: u8 = 2;
const DATE: u8 = 3;
const MESSAGE: u8 = 4;
const INNER_ERROR: u8 = 5;
const INNER_ERROR_TOO: u8 = 6;
const ERROR: u8 = 7;
const TARGET: u8 = 8;
const DETAILS: u8 = 9;
const TITLE: u8 = 10;
const DETAIL: u8 = 11;
const NO_MEMBER: u8 = u8::MAX;

/// Room for the longest name; a longer one is none of these.
const NAME_ROOM: usize = 17;

/// Reads the content of one refusal.
#[derive(Clone)]
pub(crate) struct Reader {
    lexer: Lexer,
    at: Position,
    /// Whether a name or value has begun that the piece did not end.
    is_begun: bool,
    name: Id<[u8; NAME_ROOM]>,
}

/// Where the reader stands among the members of the error.
#[derive(Clone)]
struct Position {
    /// The open objects that were entered, and the array of details; what lies deeper is passed over.
    entered: u8,
    /// Whether what was entered behind the error is its details.
    in_details: bool,
    /// How deep each of the members that inner errors have was found, and the message.
    found: [u8; 5],
    /// The member whose value comes next, or is being read.
    member: u8,
}

impl Reader {
    pub(crate) const fn new() -> Self {
        Self {
            lexer: Lexer::new(),
            at: Position { entered: 0, in_details: false, found: [0; 5], member: NO_MEMBER },
            is_begun: false,
            name: Id::EMPTY,
        }
    }

    /// The bytes read so far.
    pub(crate) const fn offset(&self) -> usize {
        self.lexer.offset()
    }

    /// Reads one more piece.
    ///
    /// # Errors
    /// The first fault of the text.
    #[inline(never)]
    pub(crate) fn feed<const TEXT: usize>(
        &mut self,
        error: &mut GraphError<TEXT>,
        mut input: &[u8],
    ) -> Result<(), LexError> {
        loop {
            let is_entered = self.lexer.depth() == self.at.entered;
            let token = match self.lexer.next(&mut input) {
                Ok(Some(token)) => token,
                Ok(None) => return Ok(()),
                Err(fault) => {
                    self.give_up(error);
                    return Err(fault);
                }
            };
            if !is_entered {
                continue;
            }
            // Title and detail of a problem make one message: the second follows the first.
            let follows = self.at.entered < OUTERMOST && self.at.found.last() == Some(&self.at.entered);
            let (piece, place) = match token {
                Token::Name(piece) => (piece, text_of(self.name.place())),
                Token::String(piece) | Token::Number(piece) => (piece, self.at.place(error)),
                Token::ObjectStart => {
                    let leads_on = match self.at.entered {
                        0 => true,
                        1 => self.at.member == ERROR,
                        _ if self.at.in_details => self.at.entered == DETAILS_DEPTH,
                        depth => {
                            matches!(self.at.member, INNER_ERROR | INNER_ERROR_TOO)
                                && depth < OUTERMOST + INNER_MAX
                        }
                    };
                    if leads_on && self.at.in_details {
                        error.details.begin();
                    }
                    self.at.entered = self.at.entered.wrapping_add(u8::from(leads_on));
                    self.at.member = NO_MEMBER;
                    continue;
                }
                Token::ArrayStart if self.at.entered == OUTERMOST && self.at.member == DETAILS => {
                    error.details.clear();
                    self.at.in_details = true;
                    self.at.entered = DETAILS_DEPTH;
                    self.at.member = NO_MEMBER;
                    continue;
                }
                Token::ObjectEnd | Token::ArrayEnd => {
                    self.at.in_details &= self.at.entered > DETAILS_DEPTH;
                    self.at.entered = self.at.entered.wrapping_sub(1);
                    continue;
                }
                _ => {
                    self.at.member = NO_MEMBER;
                    continue;
                }
            };
            if let Some((mut text, is_exact)) = place {
                let mut mark: &[u8] = b"";
                if !self.is_begun && follows && !is_exact {
                    mark = b": ";
                } else if !self.is_begun {
                    text.begin();
                }
                // A loop, so that `append` stands in the program once: that takes less flash.
                for part in [mark, piece.bytes] {
                    text.append(part);
                }
                if piece.last && !text.is_whole() && (is_exact || text.capacity() == 0) {
                    text.omit();
                }
            }
            self.is_begun = !piece.last;
            if piece.last {
                let name = if let Token::Name(_) = token { self.name.as_str() } else { None };
                self.at.member = name.and_then(|name| VARIANTS.find(name.as_bytes())).unwrap_or(NO_MEMBER);
            }
        }
    }

    /// Says that the text is over.
    ///
    /// # Errors
    /// Where it is not complete.
    pub(crate) fn finish<const TEXT: usize>(&mut self, error: &mut GraphError<TEXT>) -> Result<(), LexError> {
        self.give_up(error);
        self.lexer.finish()
    }

    /// Leaves out the member that was being read, if there is one: half a code is a wrong code.
    #[inline(never)]
    fn give_up<const TEXT: usize>(&mut self, error: &mut GraphError<TEXT>) {
        if let Some((mut text, _)) = self.at.place(error) {
            text.omit();
        }
    }
}

impl Position {
    /// The place for a string or number that is the member being read, and whether half of it is of no use.
    #[inline(never)]
    fn place<'e, const TEXT: usize>(
        &mut self,
        error: &'e mut GraphError<TEXT>,
    ) -> Option<(TextView<'e>, bool)> {
        let (entered, member) = (self.entered, self.member);
        if self.in_details {
            let detail = error.details.last().filter(|_| entered > DETAILS_DEPTH)?;
            return text_of(match member {
                CODE => detail.code.place(),
                TARGET => detail.target.place(),
                MESSAGE => detail.message.place(),
                _ => return None,
            });
        }
        let is_outermost = entered == OUTERMOST;
        let member = match member {
            TITLE | DETAIL if entered.wrapping_add(1) == OUTERMOST => MESSAGE,
            MESSAGE | TARGET if !is_outermost => return None,
            _ if entered < OUTERMOST => return None,
            member => member,
        };
        // The innermost error counts: an outer one that comes later changes nothing.
        if !(is_outermost && member == CODE)
            && let Some(found) = self.found.get_mut(usize::from(member))
        {
            if *found > entered {
                return None;
            }
            *found = entered;
        }
        text_of(match member {
            CODE if is_outermost => error.code.place(),
            CODE => error.inner_code.place(),
            REQUEST_ID => error.request_id.place(),
            CLIENT_REQUEST_ID => error.client_request_id.place(),
            DATE => error.date.place(),
            MESSAGE => error.message.place(),
            TARGET => error.target.place(),
            _ => return None,
        })
    }
}

/// The text of a place that has one, and whether it is whole or absent.
#[inline(always)]
fn text_of(place: Place<'_>) -> Option<(TextView<'_>, bool)> {
    match place {
        Place::Text(text) => Some((text, false)),
        Place::Id(text) => Some((text, true)),
        _ => None,
    }
}

impl<const TEXT: usize> GraphError<TEXT> {
    /// Reads a whole content into this error.
    ///
    /// # Errors
    /// The first fault of the JSON text. The members before it have been read; the one that it stands in
    /// is left out.
    pub fn parse_into(&mut self, content: &[u8]) -> Result<(), LexError> {
        self.clear();
        let mut reader = Reader::new();
        reader.feed(self, content)?;
        reader.finish(self)
    }
}

impl GraphError {
    /// Reads a whole content, with room for a message of 256 bytes.
    ///
    /// # Errors
    /// The first fault of the JSON text; [`parse_into`](Self::parse_into) keeps what stands before it.
    pub fn parse(content: &[u8]) -> Result<Self, LexError> {
        let mut error = Self::empty();
        error.parse_into(content)?;
        Ok(error)
    }
}
