//! serde-json-core, the parser that most firmware uses, with the scratch buffer that decodes escapes.

use call_model::Call;
use call_model::storage;

use crate::document::Document;
use crate::peer::{Filled, Keeps, Peer};

/// Into `heapless`.
pub(super) struct Fixed<const TARGETS: usize>;

impl<const TARGETS: usize> Peer for Fixed<TARGETS> {
    fn name(&self) -> &'static str {
        "serde-json-core"
    }
    fn keeps(&self) -> Keeps {
        Keeps::Fixed
    }
    fn parse(&mut self, document: &Document, show: &mut dyn FnMut(&dyn Filled)) -> Result<(), String> {
        let mut scratch = [0; 512];
        let (call, _): (Call<storage::Fixed<TARGETS>>, usize) =
            serde_json_core::from_slice_escaped(&document.bytes, &mut scratch).map_err(|e| e.to_string())?;
        show(&call);
        Ok(())
    }
}
