//! What is wrong with an answer, and at which byte.

use core::fmt;

use super::field_name::FieldName;
use crate::Culprit;

/// A fault of an answer, at an offset from its first byte.
///
/// ```
/// use graph_call::Culprit;
/// use graph_call::http::{ErrorKind, HeadParser};
///
/// let mut head = HeadParser::<512>::new();
/// let error = head.next(&mut &b"SMTP ready\r\n"[..]).err().ok_or("accepted")?;
/// assert_eq!((error.kind(), error.offset()), (ErrorKind::NotHttp, 0));
/// assert_eq!(error.culprit(), Culprit::Peer);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Error {
    kind: ErrorKind,
    offset: usize,
}

/// The rule that an answer broke.
// With a tag of its own the first kind is zero, and so is a parser at its start.
#[repr(u8)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ErrorKind {
    /// The answer ended before it was complete.
    Truncated,
    /// The first line is not a status line of HTTP/1.x.
    NotHttp,
    /// The status is not three digits, 100 to 999, between spaces or before the line end.
    InvalidStatus,
    /// The peer switched protocols, which nobody asked for.
    SwitchingProtocols,
    /// More than [`head::INTERIM_MAX`](super::head::INTERIM_MAX) interim answers.
    TooManyInterimAnswers,
    /// The head is larger than [`Limits::head_bytes`](super::Limits::head_bytes).
    HeadTooLarge,
    /// There are more field lines than [`Limits::field_lines`](super::Limits::field_lines).
    TooManyFieldLines,
    /// A carriage return without the line feed.
    BareCr,
    /// A line feed without the carriage return.
    BareLf,
    /// A control character.
    ControlCharacter,
    /// A line begins with white space where it continues no field line, or one that decides the framing.
    ObsFold,
    /// A field name that is empty, holds anything but token characters, or is not followed at once by a
    /// colon.
    InvalidFieldName,
    /// A field name longer than the room for a line.
    FieldNameTooLong,
    /// A field that decides the framing is longer than the room for a line.
    FieldTooLong(FieldName),
    /// A Content-Length that is not a number of bytes.
    InvalidContentLength,
    /// Two Content-Length values that differ.
    ContentLengthConflict,
    /// Two media types that differ, of a 200: nobody can know which counts.
    ContentTypeConflict,
    /// A transfer coding other than `chunked`, once.
    UnsupportedTransferCoding,
    /// The content of a 200 has a coding, though the request accepts none (RFC 9110, section 8.4).
    UnsupportedContentCoding,
    /// Both Content-Length and Transfer-Encoding.
    LengthAndTransferEncoding,
    /// A Transfer-Encoding in HTTP/1.0.
    TransferEncodingInHttp10,
    /// A chunk size that is not 1 to 255 hexadecimal digits, or what follows it is neither `;` nor the
    /// line end, with white space before.
    InvalidChunkSize,
    /// The chunk does not end where its size says.
    InvalidChunkEnd,
    /// The chunk extensions are longer than
    /// [`framing::CHUNK_EXTENSION_BYTES_MAX`](super::framing::CHUNK_EXTENSION_BYTES_MAX).
    ChunkExtensionsTooLong,
    /// The trailer section is longer than
    /// [`framing::TRAILER_BYTES_MAX`](super::framing::TRAILER_BYTES_MAX).
    TrailerTooLong,
    /// The content is larger than [`Limits::content_bytes`](super::Limits::content_bytes).
    ContentTooLarge,
}

impl Error {
    pub(super) const fn new(kind: ErrorKind, offset: usize) -> Self {
        Self { kind, offset }
    }

    /// The rule that was broken.
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The byte it was noticed at, counted from the first byte of the answer.
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// The party whose change makes the error go away.
    pub const fn culprit(&self) -> Culprit {
        match self.kind {
            ErrorKind::TooManyInterimAnswers
            | ErrorKind::HeadTooLarge
            | ErrorKind::TooManyFieldLines
            | ErrorKind::FieldNameTooLong
            | ErrorKind::FieldTooLong(_)
            | ErrorKind::ChunkExtensionsTooLong
            | ErrorKind::TrailerTooLong
            | ErrorKind::ContentTooLarge => Culprit::Capacity,
            _ => Culprit::Peer,
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Truncated => "the answer ended before it was complete",
            Self::NotHttp => "the answer does not begin with an HTTP/1.x status line",
            Self::InvalidStatus => "the status line does not hold a status from 100 to 999",
            Self::SwitchingProtocols => "the peer switched to another protocol, unasked",
            Self::TooManyInterimAnswers => "there is no end of 1xx answers",
            Self::HeadTooLarge => "the head of the answer is larger than the limit",
            Self::TooManyFieldLines => "the head of the answer has more field lines than the limit",
            Self::BareCr => "a carriage return stands without its line feed",
            Self::BareLf => "a line feed stands without its carriage return",
            Self::ControlCharacter => {
                "a control character stands in a line of the head, a chunk size or a trailer"
            }
            Self::ObsFold => "a line begins with white space where it may not continue the one before",
            Self::InvalidFieldName => "a field line does not begin with a name and a colon",
            Self::FieldNameTooLong => "a field name is longer than the room for a line",
            Self::FieldTooLong(name) => {
                return write!(f, "the {name} field is longer than the room for a line");
            }
            Self::InvalidContentLength => "the Content-Length is not a number of bytes",
            Self::ContentLengthConflict => "the Content-Length is given twice, and differently",
            Self::ContentTypeConflict => "the Content-Type is given twice, and differently",
            Self::UnsupportedTransferCoding => "the Transfer-Encoding is not `chunked`",
            Self::UnsupportedContentCoding => {
                "the content has a coding, such as gzip, that was not asked for (RFC 9110, section 8.4)"
            }
            Self::LengthAndTransferEncoding => "both Content-Length and Transfer-Encoding are given",
            Self::TransferEncodingInHttp10 => "a Transfer-Encoding is given in HTTP/1.0",
            Self::InvalidChunkSize => "a chunk size is not a hexadecimal number",
            Self::InvalidChunkEnd => "a chunk does not end where its size says",
            Self::ChunkExtensionsTooLong => "the chunk extensions are longer than 256 bytes",
            Self::TrailerTooLong => "the trailer section is longer than 4 KiB",
            Self::ContentTooLarge => "the content is larger than the limit",
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (byte {})", self.kind, self.offset)
    }
}

impl core::error::Error for Error {}
