//! flexon, another parser built on vector instructions.

use call_model::Call;
use call_model::storage;

use crate::document::Document;
use crate::peer::{Filled, Keeps, Peer};

/// Into `String`s.
pub(super) struct Owned;

impl Peer for Owned {
    fn name(&self) -> &'static str {
        "flexon"
    }
    fn keeps(&self) -> Keeps {
        Keeps::Owned
    }
    fn parse(&mut self, document: &Document, show: &mut dyn FnMut(&dyn Filled)) -> Result<(), String> {
        let call: Call<storage::Owned> = flexon::from_slice(&document.bytes).map_err(|e| e.to_string())?;
        show(&call);
        Ok(())
    }
}

/// Into `Cow`s.
pub(super) struct Borrowed;

impl Peer for Borrowed {
    fn name(&self) -> &'static str {
        "flexon"
    }
    fn keeps(&self) -> Keeps {
        Keeps::Borrowed
    }
    fn parse(&mut self, document: &Document, show: &mut dyn FnMut(&dyn Filled)) -> Result<(), String> {
        let call: Call<storage::Borrowed<'_>> =
            flexon::from_slice(&document.bytes).map_err(|e| e.to_string())?;
        show(&call);
        Ok(())
    }
}
