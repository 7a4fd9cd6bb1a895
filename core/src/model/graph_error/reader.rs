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
use crate::Exact;
use crate::cell::Cell as _;
use crate::json::slot::{Place, Vocabulary, prefixed, prefixed_size};
use crate::json::{LexError, Lexer, Token};
use crate::text::TextView;

/// Inner errors that are entered.
const INNER_MAX: u8 = 7;

/// The open objects while the error's own members are read: the content, and the error in it.
const OUTERMOST: u8 = 2;

/// The members by number; the first four are those that an inner error has too.
const NAMES: &[&str] =
    &["code", "request-id", "client-request-id", "date", "message", "innerError", "innererror", "error"];
static VOCABULARY: Vocabulary =
    Vocabulary { names: &prefixed::<{ prefixed_size(NAMES) }>(NAMES), prefix: "" };
const CODE: u8 = 0;
const REQUEST_ID: u8 = 1;
const CLIENT_REQUEST_ID: u8 = 2;
const DATE: u8 = 3;
const MESSAGE: u8 = 4;
const INNER_ERROR: u8 = 5;
const INNER_ERROR_TOO: u8 = 6;
const ERROR: u8 = 7;
const NO_MEMBER: u8 = u8::MAX;

/// Room for the longest name; a longer one is none of these.
const NAME_ROOM: usize = 17;

/// Reads the content of one refusal.
#[derive(Clone)]
pub(crate) struct Reader {
    lexer: Lexer,
    /// The open objects that were entered; what lies deeper is passed over.
    entered: u8,
    /// How deep each of the members that inner errors have was found.
    found: [u8; 4],
    /// The member whose value comes next, or is being read.
    member: u8,
    /// Whether a name or value has begun that the piece did not end.
    is_begun: bool,
    name: Exact<NAME_ROOM>,
}

impl Reader {
    pub(crate) const fn new() -> Self {
        Self {
            lexer: Lexer::new(),
            entered: 0,
            found: [0; 4],
            member: NO_MEMBER,
            is_begun: false,
            name: Exact::EMPTY,
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
            let is_entered = self.lexer.depth() == self.entered;
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
            let (piece, text) = match token {
                Token::Name(piece) => {
                    let Place::Exact(name) = self.name.place() else { continue };
                    (piece, Some(name))
                }
                Token::String(piece) | Token::Number(piece) => {
                    (piece, place(error, self.entered, self.member, &mut self.found))
                }
                Token::ObjectStart => {
                    let leads_on = match self.entered {
                        0 => true,
                        1 => self.member == ERROR,
                        depth => {
                            matches!(self.member, INNER_ERROR | INNER_ERROR_TOO)
                                && depth < OUTERMOST + INNER_MAX
                        }
                    };
                    self.entered = self.entered.wrapping_add(u8::from(leads_on));
                    self.member = NO_MEMBER;
                    continue;
                }
                Token::ObjectEnd => {
                    self.entered = self.entered.wrapping_sub(1);
                    continue;
                }
                _ => {
                    self.member = NO_MEMBER;
                    continue;
                }
            };
            if let Some(text) = text {
                if !self.is_begun {
                    text.begin();
                }
                text.append(piece.bytes);
                if piece.last && !text.is_whole() && (self.member != MESSAGE || text.capacity() == 0) {
                    text.omit();
                }
            }
            self.is_begun = !piece.last;
            if piece.last {
                let name = if let Token::Name(_) = token { self.name.as_str() } else { None };
                self.member = name.and_then(|name| VOCABULARY.find(name.as_bytes())).unwrap_or(NO_MEMBER);
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
    fn give_up<const TEXT: usize>(&mut self, error: &mut GraphError<TEXT>) {
        if let Some(text) = place(error, self.entered, self.member, &mut self.found) {
            text.omit();
        }
    }
}

/// The place for a string or number that is this member, of the innermost of so many open objects.
fn place<'e, const TEXT: usize>(
    error: &'e mut GraphError<TEXT>,
    entered: u8,
    member: u8,
    found: &mut [u8; 4],
) -> Option<&'e mut TextView> {
    let is_outermost = entered == OUTERMOST;
    if entered < OUTERMOST || member == MESSAGE && !is_outermost {
        return None;
    }
    // What an outer error says does not undo what an inner one has said.
    if !(is_outermost && member == CODE)
        && let Some(found) = found.get_mut(usize::from(member))
    {
        if *found > entered {
            return None;
        }
        *found = entered;
    }
    let place = match member {
        CODE if is_outermost => error.code.place(),
        CODE => error.inner_code.place(),
        REQUEST_ID => error.request_id.place(),
        CLIENT_REQUEST_ID => error.client_request_id.place(),
        DATE => error.date.place(),
        MESSAGE => error.message.place(),
        _ => return None,
    };
    match place {
        Place::Text(text) | Place::Exact(text) => Some(text),
        _ => None,
    }
}
