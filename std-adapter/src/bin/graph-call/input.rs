//! A file that an option names, and that is small: a certificate, a configuration.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use graph_call_std::Class;
use zeroize::Zeroizing;

use crate::failure::Failure;

/// More than any of them takes; a wrong file may be endless.
const BYTES_MAX: u64 = 4 * 1024 * 1024;

/// The whole file, wiped when it is dropped, for there may be a key in it; a failure is of this class.
pub(crate) fn read(path: &Path, class: Class) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let mut bytes = Zeroizing::new(Vec::new());
    let read = File::open(path).and_then(|file| {
        // Room for all at once: a buffer that grows leaves copies behind.
        let length = file.metadata().map_or(0, |data| data.len()).min(BYTES_MAX);
        bytes.reserve_exact(usize::try_from(length).unwrap_or_default() + 1);
        file.take(BYTES_MAX + 1).read_to_end(&mut bytes)
    });
    let read = read.and_then(|length| match length as u64 > BYTES_MAX {
        true => Err(io::Error::other("larger than 4 MiB, which is too much for it")),
        false => Ok(bytes),
    });
    read.map_err(|error| Failure::file(class, &path.display().to_string(), &error))
}
