//! Where a piece of the head stands in the memory that keeps it.

/// A place in the text: a range that never panics.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Span {
    pub(super) start: u16,
    pub(super) length: u16,
}

impl Span {
    /// A range of the text, which is no longer than 65,535 bytes.
    pub(super) const fn new(start: usize, length: usize) -> Self {
        Self { start: start as u16, length: length as u16 }
    }

    pub(super) fn of(self, text: &[u8]) -> &[u8] {
        let (start, length) = (usize::from(self.start), usize::from(self.length));
        text.get(start..).and_then(|rest| rest.get(..length)).unwrap_or_default()
    }
}
