//! A connection that plays a recorded exchange, one byte at a time.
//!
//! Takes what was once sent and received, without its TLS; gives the answer once the whole request has been written;
//! keeps its place in both; refuses a byte of the request that differs from the recorded one.

use embedded_io::{ErrorKind, ErrorType, Read, Write};

/// The connection.
pub struct Recorded<'a> {
    request: &'a [u8],
    answer: &'a [u8],
}

impl<'a> Recorded<'a> {
    /// A connection that expects this request and gives this answer.
    pub const fn new(request: &'a [u8], answer: &'a [u8]) -> Self {
        Self { request, answer }
    }

    /// Whether everything was sent and received.
    pub const fn is_over(&self) -> bool {
        self.request.is_empty() && self.answer.is_empty()
    }
}

impl ErrorType for Recorded<'_> {
    type Error = ErrorKind;
}

impl Read for Recorded<'_> {
    fn read(&mut self, output: &mut [u8]) -> Result<usize, ErrorKind> {
        if !self.request.is_empty() {
            return Err(ErrorKind::NotConnected);
        }
        let (Some(place), Some((byte, rest))) = (output.first_mut(), self.answer.split_first()) else {
            return Ok(0);
        };
        *place = *byte;
        self.answer = rest;
        Ok(1)
    }
}

impl Write for Recorded<'_> {
    fn write(&mut self, input: &[u8]) -> Result<usize, ErrorKind> {
        match (input.first(), self.request.split_first()) {
            (None, _) => Ok(0),
            (Some(byte), Some((expected, rest))) if byte == expected => {
                self.request = rest;
                Ok(1)
            }
            _ => Err(ErrorKind::InvalidData),
        }
    }

    fn flush(&mut self) -> Result<(), ErrorKind> {
        Ok(())
    }
}
