//! The framing of an answer: where its content ends, and what of the message body is content.
//!
//! - takes: the bytes that follow the head, in pieces of any size
//! - gives: slices of content, borrowed from the input, and the end
//! - keeps: a few counters
//! - refuses: chunks that RFC 9112 forbids, content beyond the limit, an end before the end
//!
//! ```text
//!   no content ------------------------------------------------------------------> End
//!   Content-Length ----> Length --- all bytes came ------------------------------> End
//!   neither -----------> UntilClose (never ends by itself: `finish` decides)
//!   chunked -----------> Size --";"--> Extension
//!                        | ^  |            |
//!                        | |  +---> SizeLf <
//!                        | |         |   |
//!                        | |  size>0 |   | size=0
//!                        | |         v   v
//!           ChunkCr <----|-|---- Chunk   Trailer --- empty line ----------------> End
//!              |           |
//!              +> ChunkLf -+
//! ```

use super::{Error, ErrorKind, Head, Limits};

/// The most bytes of chunk extensions that are skipped in one answer.
pub const CHUNK_EXTENSION_BYTES_MAX: u16 = 256;

/// The most bytes of trailer section that are skipped.
pub const TRAILER_BYTES_MAX: u16 = 4096;

/// `chunk-size = 1*HEXDIG`, and 16 of them are 2^64 bytes.
const CHUNK_SIZE_DIGITS_MAX: u8 = 16;

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
enum State {
    Length,
    UntilClose,
    Size,
    Extension,
    SizeLf,
    Chunk,
    ChunkCr,
    ChunkLf,
    /// In the trailer section, at the start of a line.
    Trailer,
    TrailerLine,
    TrailerLineLf,
    TrailerLf,
    End,
    Failed(ErrorKind),
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
pub struct Framing {
    state: State,
    is_persistent: bool,
    size_digits: u8,
    extension_bytes: u16,
    trailer_bytes: u16,
    /// Bytes of the answer taken, the head included.
    offset: usize,
    /// Bytes left of the content or of the chunk; while a chunk size is read, the size so far.
    left: u64,
    /// Bytes of content that may still come.
    allowed: u64,
}

impl Framing {
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
            None => (State::UntilClose, 0),
        };
        // Content announced by an answer that has none may come all the same, as the head of the next
        // answer.
        let is_suspect = is_bodyless && (head.is_chunked() || length.is_some_and(|length| length > 0));
        Ok(Self {
            state,
            is_persistent: head.is_persistent() && !is_suspect && state != State::UntilClose,
            size_digits: 0,
            extension_bytes: 0,
            trailer_bytes: 0,
            offset,
            left,
            allowed: limits.content_bytes,
        })
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
                State::Failed(kind) => return Err(Error::new(kind, self.offset)),
                State::Length | State::Chunk | State::UntilClose if !input.is_empty() => {
                    if let Some(content) = self.content(input) {
                        return Ok(Some(Item::Content(content)));
                    }
                }
                _ => {
                    let Some((&byte, rest)) = input.split_first() else { return Ok(None) };
                    match self.step(byte) {
                        Ok(state) => {
                            *input = rest;
                            self.offset = self.offset.saturating_add(1);
                            self.state = state;
                        }
                        Err(kind) => self.state = State::Failed(kind),
                    }
                }
            }
        }
    }

    /// Takes content from an input that is not empty; none if the limit is reached.
    fn content<'i>(&mut self, input: &mut &'i [u8]) -> Option<&'i [u8]> {
        let bound = if self.state == State::UntilClose { self.allowed } else { self.left };
        let length = usize::try_from(bound).unwrap_or(usize::MAX).min(input.len());
        let (content, rest) = input.split_at_checked(length)?;
        if content.is_empty() {
            self.state = State::Failed(ErrorKind::ContentTooLarge);
            return None;
        }
        *input = rest;
        self.offset = self.offset.saturating_add(length);
        self.left = self.left.saturating_sub(length as u64);
        if self.state == State::UntilClose {
            self.allowed = self.allowed.saturating_sub(length as u64);
        } else if self.left == 0 {
            self.state = if self.state == State::Chunk { State::ChunkCr } else { State::End };
        }
        Some(content)
    }

    /// The state after a byte that is not content.
    fn step(&mut self, byte: u8) -> Result<State, ErrorKind> {
        match (self.state, byte) {
            // `chunk = chunk-size [ chunk-ext ] CRLF chunk-data CRLF`
            (State::Size, b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F')
                if self.size_digits < CHUNK_SIZE_DIGITS_MAX =>
            {
                let digit = if byte <= b'9' { byte & 0x0f } else { (byte & 0x0f).wrapping_add(9) };
                self.size_digits = self.size_digits.saturating_add(1);
                self.left = self.left << 4 | u64::from(digit);
                Ok(State::Size)
            }
            (State::Size, b'\r') if self.size_digits > 0 => Ok(State::SizeLf),
            (State::Size, b';') if self.size_digits > 0 => self.extension(),
            (State::Size, _) => Err(ErrorKind::InvalidChunkSize),
            (State::Extension, b'\r') => Ok(State::SizeLf),
            (State::SizeLf, b'\n') if self.left == 0 => Ok(State::Trailer),
            (State::SizeLf, b'\n') => {
                self.size_digits = 0;
                self.allowed = self.allowed.checked_sub(self.left).ok_or(ErrorKind::ContentTooLarge)?;
                Ok(State::Chunk)
            }
            (State::ChunkCr, b'\r') => Ok(State::ChunkLf),
            (State::ChunkLf, b'\n') => Ok(State::Size),
            (State::ChunkCr | State::ChunkLf, _) => Err(ErrorKind::InvalidChunkEnd),
            // `trailer-section = *( field-line CRLF )`, then CRLF
            (State::Trailer, b'\r') => Ok(State::TrailerLf),
            (State::TrailerLf, b'\n') => Ok(State::End),
            (State::TrailerLine, b'\r') => Ok(State::TrailerLineLf),
            (State::TrailerLineLf, b'\n') => {
                self.trailer(2)?;
                Ok(State::Trailer)
            }
            (State::SizeLf | State::TrailerLf | State::TrailerLineLf, _) => Err(ErrorKind::BareCr),
            (_, b'\n') => Err(ErrorKind::BareLf),
            (_, 0..=0x08 | 0x0b..=0x1f | 0x7f) => Err(ErrorKind::ControlCharacter),
            (State::Extension, _) => self.extension(),
            _ => {
                self.trailer(1)?;
                Ok(State::TrailerLine)
            }
        }
    }

    /// Counts a byte of chunk extension.
    fn extension(&mut self) -> Result<State, ErrorKind> {
        if self.extension_bytes >= CHUNK_EXTENSION_BYTES_MAX {
            return Err(ErrorKind::ChunkExtensionsTooLong);
        }
        self.extension_bytes = self.extension_bytes.saturating_add(1);
        Ok(State::Extension)
    }

    /// Counts bytes of the trailer section.
    fn trailer(&mut self, bytes: u16) -> Result<(), ErrorKind> {
        self.trailer_bytes = self.trailer_bytes.saturating_add(bytes);
        if self.trailer_bytes > TRAILER_BYTES_MAX { Err(ErrorKind::TrailerTooLong) } else { Ok(()) }
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
            State::Failed(kind) => Err(Error::new(kind, self.offset)),
            _ => Err(Error::new(ErrorKind::Truncated, self.offset)),
        }
    }

    /// Whether the end was reached.
    pub fn is_done(&self) -> bool {
        self.state == State::End
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
