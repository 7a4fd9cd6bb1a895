//! simd-json, which parses in two passes and rewrites its input: the copy that this costs is measured too,
//! with buffers that are kept from one parse to the next.

use call_model::Call;
use call_model::storage;
use simd_json::Buffers;

use crate::document::Document;
use crate::peer::{Filled, Keeps, Peer};

/// Into `String`s.
#[derive(Default)]
pub(super) struct Owned {
    input: Vec<u8>,
    buffers: Buffers,
}

impl Peer for Owned {
    fn name(&self) -> &'static str {
        "simd-json"
    }
    fn keeps(&self) -> Keeps {
        Keeps::Owned
    }
    fn parse(&mut self, document: &Document, show: &mut dyn FnMut(&dyn Filled)) -> Result<(), String> {
        self.input.clear();
        self.input.extend_from_slice(&document.bytes);
        let call: Call<storage::Owned> =
            simd_json::serde::from_slice_with_buffers(&mut self.input, &mut self.buffers)
                .map_err(|e| e.to_string())?;
        show(&call);
        Ok(())
    }
}

/// Into `Cow`s, which point into the copy: escapes are already rewritten there.
#[derive(Default)]
pub(super) struct Borrowed {
    input: Vec<u8>,
    buffers: Buffers,
}

impl Peer for Borrowed {
    fn name(&self) -> &'static str {
        "simd-json"
    }
    fn keeps(&self) -> Keeps {
        Keeps::Borrowed
    }
    fn parse(&mut self, document: &Document, show: &mut dyn FnMut(&dyn Filled)) -> Result<(), String> {
        self.input.clear();
        self.input.extend_from_slice(&document.bytes);
        let call: Call<storage::Borrowed<'_>> =
            simd_json::serde::from_slice_with_buffers(&mut self.input, &mut self.buffers)
                .map_err(|e| e.to_string())?;
        show(&call);
        Ok(())
    }
}
