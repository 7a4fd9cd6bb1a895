//! The documents that the host put into memory.

/// Where QEMU's loader device puts the records: the external RAM of the board, which the program does not use.
const RECORDS: usize = 0x2100_0000;
const HEADER_WORDS: usize = 3;
const END: u32 = u32::MAX;

/// One document and how to feed it.
pub struct Record {
    /// The document.
    pub document: &'static [u8],
    /// The bytes of the pieces in which it is fed, or 0 for whole.
    pub piece: usize,
    /// How often it is measured.
    pub repetitions: u32,
}

/// The records in order.
pub fn all() -> impl Iterator<Item = Record> {
    let mut address = RECORDS;
    core::iter::from_fn(move || {
        let [length, piece, repetitions] = header(address);
        if length == END {
            return None;
        }
        let document = bytes(address + HEADER_WORDS * 4, length as usize);
        address += HEADER_WORDS * 4 + document.len().next_multiple_of(4);
        Some(Record { document, piece: piece as usize, repetitions })
    })
}

#[allow(unsafe_code)] // what QEMU loaded is at a fixed address
fn header(address: usize) -> [u32; HEADER_WORDS] {
    // SAFETY: 16 MiB of RAM begin at RECORDS, the host loaded whole records there, and nothing writes to them.
    unsafe { core::ptr::read_volatile(address as *const [u32; HEADER_WORDS]) }
}

#[allow(unsafe_code)] // as above
fn bytes(address: usize, length: usize) -> &'static [u8] {
    // SAFETY: as above; the host states the true length.
    unsafe { core::slice::from_raw_parts(address as *const u8, length) }
}
