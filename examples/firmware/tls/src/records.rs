//! Refuses the records that embedded-tls would panic on, before it sees them.
//!
//! Takes bytes from the connection below; gives them on unchanged; keeps where in a record it is; refuses an encrypted
//! record too short for its one byte of content type and its authentication tag (RFC 8446, section 5.2).

use embedded_io::{ErrorKind, ErrorType, Read, Write};

const HEAD_LENGTH: usize = 5;
const APPLICATION_DATA: u8 = 23;
const CIPHERTEXT_LENGTH_MIN: u16 = 1 + 16;

/// Why the connection below ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RecordError {
    /// An encrypted record cannot be this short.
    TooShort,
    /// The connection below failed like this.
    Below(ErrorKind),
}

impl core::fmt::Display for RecordError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::TooShort => "a TLS record is too short",
            Self::Below(_) => "the connection failed",
        })
    }
}

impl core::error::Error for RecordError {}

impl embedded_io::Error for RecordError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::TooShort => ErrorKind::InvalidData,
            Self::Below(kind) => *kind,
        }
    }
}

/// A connection that carries TLS records.
pub(crate) struct Records<Socket> {
    socket: Socket,
    head: [u8; HEAD_LENGTH],
    head_length: usize,
    content_left: usize,
}

impl<Socket> Records<Socket> {
    pub(crate) fn new(socket: Socket) -> Self {
        Self { socket, head: [0; HEAD_LENGTH], head_length: 0, content_left: 0 }
    }

    fn check(&mut self, byte: u8) -> Result<(), RecordError> {
        if self.content_left > 0 {
            self.content_left -= 1;
            return Ok(());
        }
        if let Some(place) = self.head.get_mut(self.head_length) {
            *place = byte;
        }
        self.head_length += 1;
        if self.head_length == HEAD_LENGTH {
            let [content_type, _, _, high, low] = self.head;
            let length = u16::from_be_bytes([high, low]);
            if content_type == APPLICATION_DATA && length < CIPHERTEXT_LENGTH_MIN {
                return Err(RecordError::TooShort);
            }
            self.content_left = usize::from(length);
            self.head_length = 0;
        }
        Ok(())
    }
}

impl<Socket> ErrorType for Records<Socket> {
    type Error = RecordError;
}

impl<Socket: Read> Read for Records<Socket> {
    fn read(&mut self, output: &mut [u8]) -> Result<usize, RecordError> {
        let used = self.socket.read(output).map_err(below)?;
        output.iter().take(used).try_for_each(|byte| self.check(*byte))?;
        Ok(used)
    }
}

impl<Socket: Write> Write for Records<Socket> {
    fn write(&mut self, input: &[u8]) -> Result<usize, RecordError> {
        self.socket.write(input).map_err(below)
    }

    fn flush(&mut self) -> Result<(), RecordError> {
        self.socket.flush().map_err(below)
    }
}

fn below(error: impl embedded_io::Error) -> RecordError {
    RecordError::Below(error.kind())
}
