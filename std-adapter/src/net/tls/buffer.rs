//! Bytes in order, wiped when they are dropped or moved: some of them are secrets.

use core::fmt;

use zeroize::{Zeroize, Zeroizing};

/// A queue of bytes: filled at its end, taken from its start.
///
/// ```text
///   0      start       end      capacity
///   | taken  | filled   | room    |
/// ```
#[derive(Default)]
pub(super) struct Buffer {
    bytes: Zeroizing<Vec<u8>>,
    start: usize,
    end: usize,
}

impl Buffer {
    pub(super) fn is_empty(&self) -> bool {
        self.start == self.end
    }

    pub(super) fn filled(&self) -> &[u8] {
        self.bytes.get(self.start..self.end).unwrap_or_default()
    }

    pub(super) fn filled_mut(&mut self) -> &mut [u8] {
        self.bytes.get_mut(self.start..self.end).unwrap_or_default()
    }

    /// At least `length` bytes to write to; [`Buffer::fill`] says how many of them were written.
    pub(super) fn room(&mut self, length: usize) -> &mut [u8] {
        if self.start > 0 && self.bytes.len() - self.end < length {
            self.bytes.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.bytes.len() - self.end < length {
            // A vector that grows leaves a copy behind that nobody wipes.
            let mut larger = vec![0; (self.end + length).next_power_of_two()];
            if let Some(place) = larger.get_mut(..self.end) {
                place.copy_from_slice(self.filled());
            }
            self.bytes.zeroize();
            self.bytes = Zeroizing::new(larger);
        }
        self.bytes.get_mut(self.end..).unwrap_or_default()
    }

    pub(super) fn fill(&mut self, count: usize) {
        self.end = (self.end + count).min(self.bytes.len());
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        if let Some(room) = self.room(bytes.len()).get_mut(..bytes.len()) {
            room.copy_from_slice(bytes);
        }
        self.fill(bytes.len());
    }

    /// Drops bytes from the start.
    pub(super) fn take(&mut self, count: usize) {
        self.start = (self.start + count).min(self.end);
        if self.is_empty() {
            (self.start, self.end) = (0, 0);
        }
    }
}

impl fmt::Debug for Buffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Buffer").field("length", &self.filled().len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::Buffer;

    #[test]
    fn what_is_filled_comes_out_in_order_whatever_the_room() {
        let mut buffer = Buffer::default();
        let (mut written, mut read) = (Vec::new(), Vec::new());
        for round in 0..200_usize {
            let piece: Vec<u8> = (0..round % 37).map(|at| (round + at) as u8).collect();
            buffer.push(&piece);
            written.extend_from_slice(&piece);
            let count = buffer.filled().len().min(round % 23);
            read.extend_from_slice(&buffer.filled()[..count]);
            buffer.take(count);
        }
        read.extend_from_slice(buffer.filled());
        assert_eq!(read, written);
        assert!(!format!("{buffer:?}").contains('['));
    }
}
