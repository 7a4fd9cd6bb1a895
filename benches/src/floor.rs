//! What any parser must at least do.

use std::hint::black_box;

/// A floor's name and what it does with a document.
pub struct Floor {
    /// Its name in the tables.
    pub name: &'static str,
    /// The work.
    pub run: fn(&[u8], &mut [u8]),
}

/// Copying the document, checking that it is UTF-8, and looking at each of its bytes.
pub const FLOORS: [Floor; 3] = [
    Floor { name: "floor: copy", run: |input, output| output.copy_from_slice(input) },
    Floor {
        name: "floor: UTF-8 check",
        run: |input, _| {
            black_box(core::str::from_utf8(input).is_ok());
        },
    },
    Floor {
        name: "floor: one look at each byte",
        run: |input, _| {
            let mut quotes = 0_usize;
            for byte in input {
                // A branch per byte, which no compiler turns into a vector.
                if black_box(*byte) == b'"' {
                    quotes += 1;
                }
            }
            black_box(quotes);
        },
    },
];
