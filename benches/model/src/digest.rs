//! What a filled call holds, reduced to one number.

/// Receives every member that is present, in the order of the model.
pub trait Sink {
    /// An object or an array begins.
    fn open(&mut self, name: &str);
    /// The innermost object or array ends.
    fn close(&mut self);
    /// A text, or an enumeration's word.
    fn text(&mut self, name: &str, value: &str);
    /// An integer, or a boolean as 0 or 1.
    fn number(&mut self, name: &str, value: i64);
}

/// A 64-bit FNV-1a over names, values and structure, and the count of the members that had a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest {
    /// The hash.
    pub hash: u64,
    /// How many texts, words, numbers and booleans went into it.
    pub members: u32,
}

impl Digest {
    /// The digest of nothing.
    pub const fn new() -> Self {
        Self { hash: 0xcbf2_9ce4_8422_2325, members: 0 }
    }

    fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.hash = (self.hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        // A byte that no UTF-8 text contains keeps "ab","c" and "a","bc" apart.
        self.hash = (self.hash ^ 0xff).wrapping_mul(0x0000_0100_0000_01b3);
    }
}

impl Default for Digest {
    fn default() -> Self {
        Self::new()
    }
}

impl Sink for Digest {
    fn open(&mut self, name: &str) {
        self.bytes(b"{");
        self.bytes(name.as_bytes());
    }

    fn close(&mut self) {
        self.bytes(b"}");
    }

    fn text(&mut self, name: &str, value: &str) {
        self.bytes(name.as_bytes());
        self.bytes(value.as_bytes());
        self.members += 1;
    }

    fn number(&mut self, name: &str, value: i64) {
        self.bytes(name.as_bytes());
        self.bytes(&value.to_le_bytes());
        self.members += 1;
    }
}
