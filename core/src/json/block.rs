//! Sixteen bytes at once, where the processor has registers for them: what one step of a scan looks at with feature `wide`.
//!
//! - takes: a block of bytes
//! - gives: which of them end a run, and how many at its start are spaces

use wide::u8x16;

/// As many bytes as a block has.
pub(super) const LENGTH: usize = 16;

/// Which bytes are a quote, a backslash or a control character, or no ASCII if that ends a run too: a bit for each, the first
/// byte's lowest.
#[inline(always)]
pub(super) fn ends<const ASCII: bool>(block: [u8; LENGTH]) -> u32 {
    let bytes = u8x16::new(block);
    // A byte is a control character exactly when it is the lesser one of itself and the last of them.
    let control = bytes.min(u8x16::splat(0x1F)).simd_eq(bytes);
    let ends = control | bytes.simd_eq(u8x16::splat(b'"')) | bytes.simd_eq(u8x16::splat(b'\\'));
    // The mask takes the top bit of each byte, and that is what tells ASCII from the rest.
    if ASCII { (ends | bytes).to_bitmask() } else { ends.to_bitmask() }
}

/// How many bytes at the start are spaces.
#[inline(always)]
pub(super) fn spaces(block: [u8; LENGTH]) -> usize {
    // Above the sixteen bits of the block all are ones.
    let others = !u8x16::new(block).simd_eq(u8x16::splat(b' ')).to_bitmask();
    others.trailing_zeros() as usize
}
