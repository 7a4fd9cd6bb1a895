//! Ways to cut a document into pieces.

/// Every way to cut `bytes` into two pieces, the empty ones included.
pub fn in_two(bytes: &[u8]) -> impl Iterator<Item = [&[u8]; 2]> {
    (0..=bytes.len()).map(|at| {
        let (head, tail) = bytes.split_at(at);
        [head, tail]
    })
}

/// Pieces of one byte.
pub fn by_byte(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.chunks(1)
}

/// Every proper prefix, the empty one first.
pub fn proper_prefixes(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    (0..bytes.len()).map(|at| &bytes[..at])
}

/// Pieces of the lengths in `lengths`, taken in turn and over again, empty pieces included.
///
/// Without a length above zero the document is one piece.
pub fn by_lengths<'a>(bytes: &'a [u8], lengths: &[u8]) -> Vec<&'a [u8]> {
    if lengths.iter().all(|&length| length == 0) {
        return vec![bytes];
    }
    let mut pieces = Vec::new();
    let mut rest = bytes;
    for &length in lengths.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (piece, after) = rest.split_at(usize::from(length).min(rest.len()));
        pieces.push(piece);
        rest = after;
    }
    pieces
}
