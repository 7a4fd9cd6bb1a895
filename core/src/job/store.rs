//! The room for tokens: the one that is in use, and behind it the one that is coming.
//!
//! - takes: a token, byte by byte
//! - gives: the last one that was complete
//! - keeps: both as long as they fit; when they do not, the old one goes
//! - refuses: a token that is longer than the room

use zeroize::Zeroize as _;

/// `N` bytes for tokens, or for the claims that the next one has to satisfy.
pub(super) struct Store<const N: usize> {
    bytes: [u8; N],
    /// Bytes of what is complete, at the front.
    kept: usize,
    /// Bytes of what is coming, behind it.
    coming: usize,
    /// Whether what is complete are claims, and no token.
    are_claims: bool,
}

impl<const N: usize> Store<N> {
    pub(super) const fn new() -> Self {
        Self { bytes: [0; N], kept: 0, coming: 0, are_claims: false }
    }

    /// The token, if there is one.
    pub(super) fn token(&self) -> &[u8] {
        if self.are_claims { &[] } else { self.bytes.get(..self.kept).unwrap_or_default() }
    }

    /// The claims that the next token has to satisfy.
    pub(super) fn claims(&self) -> Option<&str> {
        let claims = self.bytes.get(..self.kept).filter(|_| self.are_claims)?;
        core::str::from_utf8(claims).ok()
    }

    /// Takes one more byte of what is coming; false if there is no room for it, and then nothing is coming.
    pub(super) fn push(&mut self, byte: u8) -> bool {
        if self.kept.wrapping_add(self.coming) >= N {
            self.drop_kept();
        }
        let end = self.kept.wrapping_add(self.coming);
        match self.bytes.get_mut(end) {
            Some(place) => {
                *place = byte;
                self.coming = self.coming.wrapping_add(1);
                true
            }
            None => {
                self.give_up();
                false
            }
        }
    }

    /// The bytes that are coming.
    pub(super) const fn coming(&self) -> usize {
        self.coming
    }

    /// What was coming is complete, and takes the place of what was there.
    pub(super) fn commit(&mut self, are_claims: bool) {
        self.drop_kept();
        self.kept = core::mem::take(&mut self.coming);
        self.are_claims = are_claims;
    }

    /// What was coming does not come.
    pub(super) fn give_up(&mut self) {
        self.coming = 0;
        if let Some(rest) = self.bytes.get_mut(self.kept..) {
            rest.zeroize();
        }
    }

    /// Forgets what is complete; what is coming moves to its place.
    pub(super) fn drop_kept(&mut self) {
        let (kept, coming) = (core::mem::take(&mut self.kept), self.coming);
        self.are_claims = false;
        for index in 0..coming {
            let byte = self.bytes.get(kept.wrapping_add(index)).copied();
            if let (Some(place), Some(byte)) = (self.bytes.get_mut(index), byte) {
                *place = byte;
            }
        }
        if let Some(rest) = self.bytes.get_mut(coming..) {
            rest.zeroize();
        }
    }
}

impl<const N: usize> Drop for Store<N> {
    fn drop(&mut self) {
        self.bytes.zeroize();
    }
}
