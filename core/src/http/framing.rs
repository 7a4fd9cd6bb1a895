//! The framing of an answer: where its content ends, and what of the message body is content.
//!
//! - takes: the bytes that follow the head, in pieces of any size
//! - gives: slices of content, borrowed from the input, and the end
//! - keeps: a few counters
//! - refuses: chunks that RFC 9112 forbids, content beyond the limit, an end before the end
//!
//! ```text
//!   no content --------------------------------------------------> End
//!   Content-Length --> Length ------- all bytes came ------------> End
//!   neither ---------> UntilClose     (`finish` decides)
//!   chunked ---------> Size -space-> AfterSize -";"-> Extension
//!                      ^ |               |             |
//!                      | +------+--------+-------------+
//!                      |        | CRLF
//!                      |        +-- size 0 --> Trailer -- CRLF --> End
//!                      |        v              |  ^
//!                      |      Chunk            v  +-- CRLF --+
//!                      |        v              TrailerName -":"-> TrailerValue
//!                      +-CRLF- ChunkEnd
//! ```

use super::head::is_token;
use super::{Error, ErrorKind, Head, Limits};

/// The most bytes of chunk extensions, and of white space before them, that are skipped in one answer.
pub const CHUNK_EXTENSION_BYTES_MAX: u16 = 256;

/// The most bytes of trailer section that are skipped.
pub const TRAILER_BYTES_MAX: u16 = 4096;

/// How the connection ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum End {
    /// TLS said `close_notify`: the peer itself, and nobody in between, ended the connection.
    CloseNotify,
    /// The connection is gone, and whoever cut it is not known.
    Cut,
}

/// What the framing found.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Item<'i> {
    /// Content, never empty.
    Content(&'i [u8]),
    /// The end of the message body; what is left of the input belongs to nothing.
    End,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
enum State {
    End,
    Length,
    UntilClose,
    Size,
    /// In the white space after a chunk size.
    AfterSize,
    Extension,
    Chunk,
    ChunkEnd,
    /// In the trailer section, at the start of a line.
    Trailer,
    TrailerName,
    TrailerValue,
    Failed,
}

/// Takes the framing off a message body.
///
/// ```
/// use graph_call::http::framing::Item;
/// use graph_call::http::{Framing, HeadParser, Limits, head};
///
/// let mut input = &b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"[..];
/// let mut parser = HeadParser::<512>::new();
/// while parser.next(&mut input)? != Some(head::Item::End) {}
/// let mut framing = Framing::new(&parser.head().ok_or("incomplete")?, parser.offset(), &Limits::DEFAULT)?;
/// assert_eq!(framing.next(&mut input)?, Some(Item::Content(b"{}")));
/// assert_eq!(framing.next(&mut input)?, Some(Item::End));
/// assert!(framing.is_reusable());
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Framing {
    state: State,
    /// What went wrong, once something has.
    fault: ErrorKind,
    is_persistent: bool,
    after_cr: bool,
    size_digits: u8,
    /// Bytes of chunk extensions, or of the trailer section, that were skipped.
    skipped: u16,
    /// Bytes of the answer taken, the head included.
    offset: usize,
    /// Bytes that may still come of the content or of the chunk; while a chunk size is read, the size so
    /// far.
    left: usize,
    /// Bytes of content that may still come in chunks.
    allowed: usize,
}

impl Framing {
    /// No framing yet, as zeros.
    pub(crate) const NONE: Self = Self {
        state: State::End,
        fault: ErrorKind::Truncated,
        is_persistent: false,
        after_cr: false,
        size_digits: 0,
        skipped: 0,
        offset: 0,
        left: 0,
        allowed: 0,
    };

    /// The framing that a head decides (RFC 9112, section 6.3), for bytes from this offset of the answer.
    ///
    /// # Errors
    /// [`ErrorKind::ContentTooLarge`], if that much content is announced.
    pub fn new(head: &Head<'_>, offset: usize, limits: &Limits) -> Result<Self, Error> {
        let length = head.content_length();
        let is_bodyless = matches!(head.status(), 204 | 304);
        let (state, left) = match length {
            _ if is_bodyless => (State::End, 0),
            _ if head.is_chunked() => (State::Size, 0),
            Some(0) => (State::End, 0),
            Some(length) if length > limits.content_bytes => {
                return Err(Error::new(ErrorKind::ContentTooLarge, offset));
            }
            Some(length) => (State::Length, length),
            None => (State::UntilClose, limits.content_bytes),
        };
        // Content announced by an answer that has none may come all the same, as the head of the next
        // answer.
        let is_suspect = is_bodyless && (head.is_chunked() || length.is_some_and(|length| length > 0));
        let is_persistent = head.is_persistent() && !is_suspect && state != State::UntilClose;
        Ok(Self { state, is_persistent, offset, left, allowed: limits.content_bytes, ..Self::NONE })
    }

    /// Takes input up to the next item. `None`: the input is used up, call again with more.
    ///
    /// # Errors
    /// The first fault of the framing; every later call repeats it.
    pub fn next<'i>(&mut self, input: &mut &'i [u8]) -> Result<Option<Item<'i>>, Error> {
        loop {
            match self.state {
                State::End => {
                    self.is_persistent &= input.is_empty();
                    return Ok(Some(Item::End));
                }
                State::Failed => return Err(Error::new(self.fault, self.offset)),
                State::Length | State::Chunk | State::UntilClose if !input.is_empty() => {
                    if let Some(content) = self.content(input) {
                        return Ok(Some(Item::Content(content)));
                    }
                }
                _ => {
                    let Some((&byte, rest)) = input.split_first() else { return Ok(None) };
                    match self.step(byte) {
                        Ok(()) => {
                            *input = rest;
                            self.offset = self.offset.wrapping_add(1);
                        }
                        Err(kind) => self.fail(kind),
                    }
                }
            }
        }
    }

    /// Takes content from an input that is not empty; none if the limit is reached.
    fn content<'i>(&mut self, input: &mut &'i [u8]) -> Option<&'i [u8]> {
        let (content, rest) = input.split_at_checked(self.left.min(input.len()))?;
        if content.is_empty() {
            self.fail(ErrorKind::ContentTooLarge);
            return None;
        }
        *input = rest;
        self.offset = self.offset.wrapping_add(content.len());
        self.left = self.left.wrapping_sub(content.len());
        match self.state {
            State::Length if self.left == 0 => self.state = State::End,
            State::Chunk if self.left == 0 => self.state = State::ChunkEnd,
            _ => {}
        }
        Some(content)
    }

    /// Takes a byte that is not content.
    fn step(&mut self, byte: u8) -> Result<(), ErrorKind> {
        if core::mem::take(&mut self.after_cr) {
            return match (byte, self.state) {
                (b'\n', _) => self.line_end(),
                (_, State::ChunkEnd) => Err(ErrorKind::InvalidChunkEnd),
                _ => Err(ErrorKind::BareCr),
            };
        }
        match (self.state, byte) {
            // `chunk = chunk-size [ chunk-ext ] CRLF chunk-data CRLF`
            (State::Size, b'\r' | b';') if self.size_digits == 0 => Err(ErrorKind::InvalidChunkSize),
            (_, b'\r') => {
                self.after_cr = true;
                Ok(())
            }
            (State::ChunkEnd, _) => Err(ErrorKind::InvalidChunkEnd),
            // `chunk-ext = *( BWS ";" ...`, and senders pad a size that has none, too.
            (State::Size | State::AfterSize, b';') => self.skip(1, State::Extension),
            (State::Size | State::AfterSize, b' ' | b'\t') if self.size_digits > 0 => {
                self.skip(1, State::AfterSize)
            }
            (State::Size | State::AfterSize, _) => self.size_digit(byte),
            (_, b'\n') => Err(ErrorKind::BareLf),
            (_, 0..=0x08 | 0x0b..=0x1f | 0x7f) => Err(ErrorKind::ControlCharacter),
            // A trailer line is a field line, which the next one may continue.
            (State::Trailer, b' ' | b'\t') if self.skipped > 0 => self.skip(1, State::TrailerValue),
            (State::TrailerName, b':') => self.skip(1, State::TrailerValue),
            (State::Trailer | State::TrailerName, _) => {
                if is_token(byte) {
                    self.skip(1, State::TrailerName)
                } else {
                    Err(ErrorKind::InvalidFieldName)
                }
            }
            (state, _) => self.skip(1, state),
        }
    }

    /// `chunk-size = 1*HEXDIG`
    fn size_digit(&mut self, byte: u8) -> Result<(), ErrorKind> {
        let digit = char::from(byte).to_digit(16).filter(|_| self.state == State::Size);
        let digits = self.size_digits.checked_add(1);
        let (Some(digit), Some(digits)) = (digit, digits) else { return Err(ErrorKind::InvalidChunkSize) };
        // The same on every machine: with this digit a chunk would have 4 GiB or more.
        if self.left > (u32::MAX >> 4) as usize {
            return Err(ErrorKind::ContentTooLarge);
        }
        self.size_digits = digits;
        self.left = self.left << 4 | digit as usize;
        Ok(())
    }

    /// Takes the end of a line that is not content.
    fn line_end(&mut self) -> Result<(), ErrorKind> {
        match self.state {
            State::ChunkEnd => self.state = State::Size,
            State::Trailer => self.state = State::End,
            // `trailer-section = *( field-line CRLF )`
            State::TrailerName => return Err(ErrorKind::InvalidFieldName),
            State::TrailerValue => return self.skip(2, State::Trailer),
            _ if self.left == 0 => {
                self.skipped = 0;
                self.state = State::Trailer;
            }
            _ => {
                // Without a limit nothing is counted: the sum of what chunks announce fits no word of 32 bits.
                if self.allowed < usize::MAX {
                    self.allowed = self.allowed.checked_sub(self.left).ok_or(ErrorKind::ContentTooLarge)?;
                }
                self.size_digits = 0;
                self.state = State::Chunk;
            }
        }
        Ok(())
    }

    /// Counts bytes that mean nothing here.
    // One copy in flash: inlined into every caller it costs more than it saves.
    #[inline(never)]
    fn skip(&mut self, bytes: u16, state: State) -> Result<(), ErrorKind> {
        self.state = state;
        self.skipped = self.skipped.wrapping_add(bytes);
        match state {
            State::Extension | State::AfterSize if self.skipped > CHUNK_EXTENSION_BYTES_MAX => {
                Err(ErrorKind::ChunkExtensionsTooLong)
            }
            _ if self.skipped > TRAILER_BYTES_MAX => Err(ErrorKind::TrailerTooLong),
            _ => Ok(()),
        }
    }

    fn fail(&mut self, kind: ErrorKind) {
        self.state = State::Failed;
        self.fault = kind;
    }

    /// Decides, when the connection has ended, whether the content is complete.
    ///
    /// # Errors
    /// [`ErrorKind::Truncated`] before the end, or the fault that was met before. Content that ends with
    /// the connection is complete only if the peer said so.
    pub fn finish(&self, end: End) -> Result<(), Error> {
        match self.state {
            State::End => Ok(()),
            State::UntilClose if end == End::CloseNotify => Ok(()),
            State::Failed => Err(Error::new(self.fault, self.offset)),
            _ => Err(Error::new(ErrorKind::Truncated, self.offset)),
        }
    }

    /// Whether the end was reached.
    pub fn is_done(&self) -> bool {
        self.state == State::End
    }

    /// Whether a fault was met.
    pub(crate) fn is_failed(&self) -> bool {
        self.state == State::Failed
    }

    /// Whether the connection may carry another exchange: the end was reached, the peer keeps the
    /// connection open, and sent nothing after the end.
    pub fn is_reusable(&self) -> bool {
        self.is_done() && self.is_persistent
    }

    /// The bytes of the answer taken so far, the head included.
    pub fn offset(&self) -> usize {
        self.offset
    }
}
