//! One answer, from its first byte to a verdict.
//!
//! - takes: the bytes of the answer in pieces of any size, and the call to fill
//! - gives: the lines of the head as they come, then a [`Reply`]
//! - keeps: the head, the place in the content, and what the service said if it refused
//! - refuses: what is not HTTP, a 200 that is no call in JSON, an end of a call before its end
//!
//! There is no I/O in it: whoever holds the connection feeds what arrives, from a buffer of any size that
//! is free again at once, and decides what waits for what. After a fault the call is empty, never half
//! filled; the head, if it was complete, can still be asked.
//!
//! The head alone makes an answer a refusal. Status and fields are handed over even if the content is cut or broken, its
//! framing too, and a mark says whether the content is all there. `application/json` and every type with the suffix `+json`
//! (RFC 6839) are read as JSON then. A call is `application/json` and nothing else: that is what was asked for,
//! and a suffix stands for another form, such as a problem, whose members could be taken for those of a call.

mod error;
mod reply;

use core::fmt;

pub use error::ExchangeError;
pub use reply::{Item, Refusal, Reply, Said};

use crate::binder::Parser;
use crate::http::framing::{self, Framing};
use crate::http::head::{Head, HeadParser, Seen};
use crate::http::{End, Limits};
use crate::model::RefusalReader;
use crate::record::{Place, Record};
use crate::{Cell as _, GraphError, ParseOptions};

/// The most content of a refusal that is read; what stands behind it is passed over.
pub const REFUSAL_BYTES_MAX: usize = 16 * 1024;

/// Reads the answer to a request for a call.
///
/// `N` bytes hold the head, as [`HeadParser`] explains; `TEXT` is the room for the message of a refusal,
/// or for the beginning of content that is not JSON.
///
/// ```
/// use graph_call::exchange::{Exchange, Reply};
/// use graph_call::{Call, CallState};
///
/// let mut call = Call::new();
/// let mut exchange = Exchange::<512>::new();
/// let answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 23\r\n\r\n\
///                {\"state\":\"established\"}";
/// for piece in answer.chunks(16) {
///     exchange.feed(&mut call, piece)?;
/// }
/// match exchange.reply().ok_or("incomplete")? {
///     Reply::Call => assert_eq!(call.state, CallState::Established),
///     Reply::Error(refusal) => println!("{} {:?}", refusal.head.status(), refusal.said),
/// }
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Exchange<const N: usize = 512, const TEXT: usize = 256> {
    head: HeadParser<N>,
    state: State,
    framing: Framing,
    reader: Reader,
    options: ParseOptions,
    /// What a refusal says. While it is content of another type, the message is the place of the excerpt.
    error: GraphError<TEXT>,
    /// Whether the content of a refusal was read to its end.
    is_complete: bool,
}

/// What reads the content. The two are never needed at once, and share their memory.
#[derive(Clone)]
enum Reader {
    Call(Parser),
    Refusal(RefusalReader),
}

/// ```text
///   Head ---- 200, application/json ------> Call ------ end of content ------------------+
///    |  \---- another status, JSON -------> Error ----- end, cut, a fault, or enough ---+ |
///    |   \--- another status, no JSON ----> Excerpt --- end, cut, a fault, or full ---+ | |
///    |    \                                                                           v v v
///    |     \- another status, a coding ---------------------------------------------> Done
///    |
///    +---- a fault of the head, or of a call ---> Failed
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
enum State {
    Head,
    Call,
    Error,
    Excerpt,
    Done,
    Failed,
}

impl<const N: usize, const TEXT: usize> Exchange<N, TEXT> {
    /// An exchange with the default limits, strict about the call.
    pub const fn new() -> Self {
        Self::with_options(Limits::DEFAULT, ParseOptions::new())
    }

    /// An exchange with limits and leniencies of the caller's.
    pub const fn with_options(limits: Limits, options: ParseOptions) -> Self {
        Self {
            head: HeadParser::with_limits(limits),
            state: State::Head,
            framing: Framing::NONE,
            reader: Reader::Call(Parser::with_options(options)),
            options,
            error: GraphError::empty(),
            is_complete: false,
        }
    }

    /// Other leniencies, from the next answer on.
    pub(crate) fn set_options(&mut self, options: ParseOptions) {
        self.options = options;
    }

    /// Makes the exchange ready for another answer.
    pub fn reset(&mut self) {
        self.head.reset();
        self.state = State::Head;
        self.framing = Framing::NONE;
        self.reader = Reader::Call(Parser::with_options(self.options));
        self.error.clear();
        self.is_complete = false;
    }

    /// Takes input up to the next item. `None`: the input is used up, call again with more.
    ///
    /// It has to be handed the same record every time.
    ///
    /// # Errors
    /// The first fault of the answer; the call is then empty and the exchange used up.
    pub fn next(
        &mut self,
        call: &mut dyn Record,
        input: &mut &[u8],
    ) -> Result<Option<Item<'_>>, ExchangeError> {
        match self.step(call, input) {
            Ok(Some(Step::Head(seen))) => Ok(Some(Item::Head(self.head.show(&seen)))),
            Ok(Some(Step::Done)) => Ok(Some(Item::Done)),
            Ok(None) => Ok(None),
            Err(error) => Err(self.fail(call, error)),
        }
    }

    /// Takes a whole piece of input; true once the answer is complete. What follows it in the piece
    /// belongs to nothing, and keeps the connection from being used again.
    ///
    /// # Errors
    /// The first fault of the answer; the call is then empty and the exchange used up.
    pub fn feed(&mut self, call: &mut dyn Record, piece: &[u8]) -> Result<bool, ExchangeError> {
        self.feed_with(call, piece, |_| {})
    }

    /// [`feed`](Self::feed), which shows every item on the way.
    ///
    /// # Errors
    /// The first fault of the answer; the call is then empty and the exchange used up.
    pub fn feed_with(
        &mut self,
        call: &mut dyn Record,
        mut piece: &[u8],
        mut observe: impl FnMut(Item<'_>),
    ) -> Result<bool, ExchangeError> {
        while let Some(item) = self.next(call, &mut piece)? {
            observe(item);
            if item == Item::Done {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Says that the connection has ended: only content that ends with it may be complete by that. A refusal
    /// whose head is complete stays one, and says that its content is not.
    ///
    /// # Errors
    /// [`Truncated`](crate::http::ErrorKind::Truncated), or what is wrong with a content that only now is
    /// over.
    pub fn finish(&mut self, call: &mut dyn Record, end: End) -> Result<(), ExchangeError> {
        let result = match self.state {
            State::Done => Ok(()),
            State::Failed => Err(ExchangeError::AfterError),
            State::Head => self.head.finish().map_err(ExchangeError::Http),
            _ => match self.framing.finish(end) {
                Err(error) if self.state == State::Call => Err(ExchangeError::Http(error)),
                end => self.close(call, end.is_ok()),
            },
        };
        result.map_err(|error| self.fail(call, error))
    }

    /// The head, once it is complete; also after a fault of the content.
    pub fn head(&self) -> Option<Head<'_>> {
        self.head.head()
    }

    /// The verdict, once the answer is complete.
    pub fn reply(&self) -> Option<Reply<'_, TEXT>> {
        let head = self.head().filter(|_| self.state == State::Done)?;
        Some(match head.status() {
            200 => Reply::Call,
            _ => Reply::Error(Refusal { head, said: self.said(&head), is_complete: self.is_complete }),
        })
    }

    /// What the content of a refusal says, also where the answer broke off.
    pub(crate) fn said(&self, head: &Head<'_>) -> Said<'_, TEXT> {
        let is_empty = match &self.reader {
            Reader::Refusal(reader) => self.is_complete && reader.offset() == 0,
            // The user of `parts` reads the content, and fills `self.error` as well.
            Reader::Call(_) => false,
        };
        match self.error.message.as_str() {
            _ if head.is_coded() => Said::Nothing,
            _ if is_json_refusal(head) => {
                if is_empty {
                    Said::Nothing
                } else {
                    Said::Error(&self.error)
                }
            }
            Some(excerpt) => Said::Excerpt(excerpt),
            None => Said::Nothing,
        }
    }

    /// Whether the connection may carry another exchange: the answer was read to its end, nothing came
    /// after it, and the peer keeps the connection open.
    pub fn is_reusable(&self) -> bool {
        self.state == State::Done && self.framing.is_reusable()
    }

    /// The parts for reading an answer of another kind after [`reset`](Self::reset); whoever takes them reads the
    /// content by itself.
    pub(crate) fn parts(&mut self) -> (&mut HeadParser<N>, &mut Framing, &mut GraphError<TEXT>) {
        (&mut self.head, &mut self.framing, &mut self.error)
    }

    /// Whether the content of a refusal was read to its end.
    pub(crate) fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// Whether the framing of a refusal is broken.
    pub(crate) fn is_broken(&self) -> bool {
        self.framing.is_failed()
    }

    /// Whether anything has come behind the head.
    pub(crate) fn is_content_begun(&self) -> bool {
        self.head.head().is_some() && self.framing.offset() > self.head.offset()
    }

    /// Leaves out whatever must not be shown.
    pub(crate) fn hide(&mut self, is_secret: &dyn Fn(&[u8]) -> bool) {
        self.head.hide(is_secret);
        self.error.hide(is_secret);
    }

    fn fail(&mut self, call: &mut dyn Record, error: ExchangeError) -> ExchangeError {
        self.state = State::Failed;
        call.clear();
        error
    }

    fn step(&mut self, call: &mut dyn Record, input: &mut &[u8]) -> Result<Option<Step>, ExchangeError> {
        loop {
            match self.state {
                State::Failed => return Err(ExchangeError::AfterError),
                State::Head => {
                    let seen = self.head.step(input).map_err(ExchangeError::Http)?;
                    if matches!(seen, Some(Seen::End)) {
                        call.clear();
                        self.open()?;
                    }
                    return Ok(seen.map(Step::Head));
                }
                State::Done => {
                    // The answer is over. What comes now only decides whether the connection can be used again.
                    while let Ok(Some(framing::Item::Content(_))) = self.framing.next(input) {}
                    return Ok(Some(Step::Done));
                }
                _ => match self.framing.next(input) {
                    Ok(None) => return Ok(None),
                    Ok(Some(framing::Item::Content(content))) => self.content(call, content)?,
                    Err(error) if self.state == State::Call => return Err(ExchangeError::Http(error)),
                    end => self.close(call, end.is_ok())?,
                },
            }
        }
    }

    /// The head is complete: decides what its content is.
    // Not inlined: that takes less flash.
    #[inline(never)]
    fn open(&mut self) -> Result<(), ExchangeError> {
        let Some(head) = self.head.head() else { return Ok(()) };
        let mut limits = self.head.limits();
        self.state = match head.status() {
            200 if head.is_json() => State::Call,
            200 => return Err(ExchangeError::NotJson),
            // Nothing is decoded here: content in a coding is not read.
            _ if head.is_coded() => State::Done,
            _ if is_json_refusal(&head) => State::Error,
            _ => State::Excerpt,
        };
        if self.state != State::Call {
            // A refusal may be as long as it likes: at most `REFUSAL_BYTES_MAX` of it are read.
            limits.content_bytes = usize::MAX;
            self.reader = Reader::Refusal(RefusalReader::new());
        }
        self.framing = Framing::new(&head, self.head.offset(), &limits).map_err(ExchangeError::Http)?;
        Ok(())
    }

    fn content(&mut self, call: &mut dyn Record, content: &[u8]) -> Result<(), ExchangeError> {
        match (self.state, &mut self.reader) {
            (State::Call, Reader::Call(binder)) => read_call(binder, call, content),
            (State::Error, Reader::Refusal(reader)) => {
                let room = content.get(..REFUSAL_BYTES_MAX.wrapping_sub(reader.offset()));
                let result = reader.feed(&mut self.error, room.unwrap_or(content));
                if result.is_ok() && room.is_none_or(|room| room.len() == content.len()) {
                    return Ok(());
                }
                self.close(call, false)
            }
            _ => {
                let is_first = self.error.message.as_str().is_none();
                let Place::Text(mut excerpt) = self.error.message.place() else { return Ok(()) };
                if is_first {
                    excerpt.begin();
                }
                for byte in content {
                    excerpt.append(&[if matches!(byte, b' '..=b'~') { *byte } else { b'?' }]);
                }
                if excerpt.is_whole() { Ok(()) } else { self.close(call, false) }
            }
        }
    }

    /// The content is complete, or as much of it as came or is of use.
    fn close(&mut self, call: &mut dyn Record, is_complete: bool) -> Result<(), ExchangeError> {
        self.is_complete = is_complete;
        match (self.state, &mut self.reader) {
            (State::Call, Reader::Call(binder)) => binder.finish(call).map_err(ExchangeError::Content)?,
            (State::Error, Reader::Refusal(reader)) => {
                // A refusal whose content is no JSON is still a refusal.
                let is_whole = reader.finish(&mut self.error).is_ok() || reader.offset() == 0;
                self.is_complete = is_complete && is_whole;
            }
            _ => {}
        }
        self.state = State::Done;
        Ok(())
    }
}

/// Whether the content of a refusal of this head is JSON by its type.
fn is_json_refusal(head: &Head<'_>) -> bool {
    head.is_json() || head.has_json_suffix()
}

/// Content of a 200, into the call.
// Not inlined: the proof of the linked image knows indirect calls by the function that they stand in, and those of the
// parser must not be taken for the program's.
#[inline(never)]
fn read_call(binder: &mut Parser, call: &mut dyn Record, content: &[u8]) -> Result<(), ExchangeError> {
    binder.feed(call, content).map_err(ExchangeError::Content)
}

/// An [`Item`] that borrows nothing.
enum Step {
    Head(Seen),
    Done,
}

impl<const N: usize, const TEXT: usize> Default for Exchange<N, TEXT> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const N: usize, const TEXT: usize> fmt::Debug for Exchange<N, TEXT> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange")
            .field("state", &self.state)
            .field("head", &self.head)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "defmt")]
impl<const N: usize, const TEXT: usize> defmt::Format for Exchange<N, TEXT> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "Exchange {{ state: {}, head: {} }}", self.state, self.head);
    }
}
