//! Random choices out of a string of bytes.
//!
//! A property test and a fuzzer both have bytes to give; a generator that asks [`Choices`] serves both, and
//! their ways of making a failure smaller work on it: fewer bytes are fewer and simpler choices.

/// Choices still to be made; when the bytes are used up every choice is the first, simplest one.
#[derive(Debug)]
pub struct Choices<'a> {
    bytes: &'a [u8],
}

impl<'a> Choices<'a> {
    /// Choices made by these bytes.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// The next byte, zero when none is left.
    pub fn byte(&mut self) -> u8 {
        match self.bytes.split_first() {
            Some((&first, rest)) => {
                self.bytes = rest;
                first
            }
            None => 0,
        }
    }

    /// A number below `bound`, which is at least one.
    pub fn below(&mut self, bound: usize) -> usize {
        let mut number = usize::from(self.byte());
        if bound > 256 {
            number = number << 8 | usize::from(self.byte());
        }
        number % bound
    }

    /// True once in `n` times, never when the bytes are used up.
    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == n - 1
    }

    /// One of these.
    pub fn pick<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len())]
    }

    /// Eight bytes as a number.
    pub fn long(&mut self) -> i64 {
        i64::from_le_bytes(core::array::from_fn(|_| self.byte()))
    }

    /// The bytes not yet used.
    pub const fn rest(&self) -> &'a [u8] {
        self.bytes
    }
}
