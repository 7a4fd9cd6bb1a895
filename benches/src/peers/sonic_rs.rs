//! sonic-rs, a parser built on vector instructions.

use call_model::Call;
use call_model::storage;

use crate::document::Document;
use crate::peer::{Filled, Keeps, Peer};

/// Into `String`s.
pub(super) struct Owned;

impl Peer for Owned {
    fn name(&self) -> &'static str {
        "sonic-rs"
    }
    fn keeps(&self) -> Keeps {
        Keeps::Owned
    }
    fn parse(&mut self, document: &Document, show: &mut dyn FnMut(&dyn Filled)) -> Result<(), String> {
        let call: Call<storage::Owned> = sonic_rs::from_slice(&document.bytes).map_err(|e| e.to_string())?;
        show(&call);
        Ok(())
    }
}

/// Into `Cow`s.
pub(super) struct Borrowed;

impl Peer for Borrowed {
    fn name(&self) -> &'static str {
        "sonic-rs"
    }
    fn keeps(&self) -> Keeps {
        Keeps::Borrowed
    }
    fn parse(&mut self, document: &Document, show: &mut dyn FnMut(&dyn Filled)) -> Result<(), String> {
        let call: Call<storage::Borrowed<'_>> =
            sonic_rs::from_slice(&document.bytes).map_err(|e| e.to_string())?;
        show(&call);
        Ok(())
    }
}
