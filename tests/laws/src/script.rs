//! A connection that plays a script.
//!
//! It stands where a socket would, behind `embedded_io::{Read, Write}`, and behaves as badly as it is told.

use std::collections::VecDeque;

use embedded_io::{ErrorKind, ErrorType, Read, Write};

/// What the peer does next.
#[derive(Clone, Debug)]
pub enum Step {
    /// Sends these bytes.
    Send(Vec<u8>),
    /// Makes one read fail.
    Fail(ErrorKind),
}

/// A scripted connection; after the last step the peer has closed.
#[derive(Clone, Debug, Default)]
pub struct Script {
    steps: VecDeque<Step>,
    read_at_most: Option<usize>,
    write_at_most: Option<usize>,
    write_fails_after: Option<usize>,
    written: Vec<u8>,
}

impl Script {
    /// A peer that takes these steps.
    pub fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self { steps: steps.into_iter().collect(), ..Self::default() }
    }

    /// A peer that sends `bytes` and closes.
    pub fn sending(bytes: &[u8]) -> Self {
        Self::new([Step::Send(bytes.to_vec())])
    }

    /// Gives at most `count` bytes in one read.
    #[must_use]
    pub const fn reading_at_most(mut self, count: usize) -> Self {
        self.read_at_most = Some(count);
        self
    }

    /// Takes at most `count` bytes in one write.
    #[must_use]
    pub const fn writing_at_most(mut self, count: usize) -> Self {
        self.write_at_most = Some(count);
        self
    }

    /// Resets the connection once `count` bytes were written.
    #[must_use]
    pub const fn failing_after_write_of(mut self, count: usize) -> Self {
        self.write_fails_after = Some(count);
        self
    }

    /// Everything that was written to the peer.
    pub fn written(&self) -> &[u8] {
        &self.written
    }
}

impl ErrorType for Script {
    type Error = ErrorKind;
}

impl Read for Script {
    fn read(&mut self, output: &mut [u8]) -> Result<usize, ErrorKind> {
        match self.steps.pop_front() {
            None => Ok(0),
            Some(Step::Fail(kind)) => Err(kind),
            Some(Step::Send(mut bytes)) => {
                let count = bytes.len().min(output.len()).min(self.read_at_most.unwrap_or(usize::MAX));
                output[..count].copy_from_slice(&bytes[..count]);
                bytes.drain(..count);
                if !bytes.is_empty() {
                    self.steps.push_front(Step::Send(bytes));
                }
                Ok(count)
            }
        }
    }
}

impl Write for Script {
    fn write(&mut self, input: &[u8]) -> Result<usize, ErrorKind> {
        let room = self.write_fails_after.map_or(usize::MAX, |after| after - self.written.len());
        if room == 0 {
            return Err(ErrorKind::ConnectionReset);
        }
        let count = input.len().min(room).min(self.write_at_most.unwrap_or(usize::MAX));
        self.written.extend(&input[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> Result<(), ErrorKind> {
        Ok(())
    }
}
