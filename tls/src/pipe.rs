//! The bytes between the library and the connection, so that neither waits for the other.
//!
//! - takes: records of the library, bytes of the connection
//! - gives: them to the other side, in order
//! - keeps: what the other side has not taken yet
//! - refuses: more than there is room for

/// The bytes that one read or write of the connection moves at most.
const ROOM: usize = 512;

/// All zeros is an empty pipe.
pub(crate) struct Pipe {
    pub(crate) incoming: Bytes,
    pub(crate) outgoing: Bytes,
    /// Whether the peer has closed the connection.
    pub(crate) is_ended: bool,
}

pub(crate) struct Bytes {
    bytes: [u8; ROOM],
    start: usize,
    end: usize,
}

impl Bytes {
    /// What waits to be taken.
    pub(crate) fn waiting(&self) -> &[u8] {
        self.bytes.get(self.start..self.end).unwrap_or_default()
    }

    /// Says how many of them were taken.
    pub(crate) fn take(&mut self, length: usize) {
        self.start = self.start.saturating_add(length).min(self.end);
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
        }
    }

    /// Where more bytes go.
    pub(crate) fn room(&mut self) -> &mut [u8] {
        self.bytes.get_mut(self.end..).unwrap_or_default()
    }

    /// Says how many have gone there.
    pub(crate) fn put(&mut self, length: usize) {
        self.end = self.end.saturating_add(length).min(ROOM);
    }
}
