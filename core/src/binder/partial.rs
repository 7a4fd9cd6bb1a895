//! A short value that the end of a piece has cut, kept until the rest comes.

use zeroize::Zeroize as _;

use crate::record::NAME_LENGTH_MAX;

/// The longest name is kept, and with it every integer and date-time, and the name of an unknown type that fills
/// a `WORD` of 32 behind its namespace; with one byte more, which tells that there is no room for it there.
const PARTIAL_MAX: usize = NAME_LENGTH_MAX + 1;

/// The length of a value that is too long: as many bytes as there is room for are its beginning.
const TOO_LONG: u8 = u8::MAX;

/// The beginning of a value; zeroed when dropped, since it may be the beginning of a secret.
#[derive(Clone)]
pub(super) struct Partial {
    length: u8,
    /// Whether the bytes have ever held something.
    is_used: bool,
    bytes: [u8; PARTIAL_MAX],
}

impl Partial {
    pub(super) const fn new() -> Self {
        Self { length: 0, is_used: false, bytes: [0; PARTIAL_MAX] }
    }

    /// Keeps one more piece; says whether there was room.
    #[inline(never)]
    pub(super) fn push(&mut self, piece: &[u8]) -> bool {
        let length = usize::from(self.length);
        // A piece may be a single byte, and then there are many.
        if let ([byte], Some(place)) = (piece, self.bytes.get_mut(length)) {
            *place = *byte;
            self.length = self.length.wrapping_add(1);
            self.is_used = true;
            return true;
        }
        let end = length.saturating_add(piece.len());
        let Some(room) = self.bytes.get_mut(length..end) else { return false };
        for (to, from) in room.iter_mut().zip(piece) {
            *to = *from;
        }
        self.length = end as u8;
        self.is_used = true;
        true
    }

    /// Notes that the value is too long: its beginning is at most to be shown.
    #[cold]
    #[inline(never)]
    pub(super) fn spoil(&mut self, piece: &[u8]) -> &[u8] {
        let room = PARTIAL_MAX.wrapping_sub(usize::from(self.length));
        // Nothing more of one that was too long before.
        self.push(piece.get(..room).unwrap_or_default());
        self.length = TOO_LONG;
        &self.bytes
    }

    /// The value that is complete with this piece, or `None` if it is too long: then it is not yet taken.
    #[inline(always)]
    pub(super) fn join<'t>(&'t mut self, piece: &'t [u8]) -> Option<&'t [u8]> {
        if self.length == 0 {
            return (piece.len() <= PARTIAL_MAX).then_some(piece);
        }
        if !self.push(piece) {
            return None;
        }
        Some(self.take())
    }

    /// What was kept; the next value begins.
    pub(super) fn take(&mut self) -> &[u8] {
        let length = core::mem::take(&mut self.length);
        self.bytes.get(..usize::from(length)).unwrap_or_default()
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if self.is_used {
            self.bytes.zeroize();
        }
    }
}
