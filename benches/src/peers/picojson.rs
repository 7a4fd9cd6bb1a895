//! picojson, pulled: its events from a slice and from a stream of 64-byte pieces, with the model filled in
//! place.

use call_model::Value;
use call_model::pull::picojson::Reader;
use call_model::{Call, storage};
use picojson::{SliceParser, StreamParser};

use crate::document::Document;
use crate::peer::{Filled, Keeps, Peer};

/// From a slice into `heapless`.
pub(super) struct Slice<const TARGETS: usize>;

impl<const TARGETS: usize> Peer for Slice<TARGETS> {
    fn name(&self) -> &'static str {
        "picojson, slice"
    }
    fn keeps(&self) -> Keeps {
        Keeps::Fixed
    }
    fn parse(&mut self, document: &Document, show: &mut dyn FnMut(&dyn Filled)) -> Result<(), String> {
        let mut scratch = [0; 512];
        let mut call = Call::<storage::Fixed<TARGETS>>::default();
        let mut reader = Reader::new(SliceParser::with_buffer_from_slice(&document.bytes, &mut scratch));
        call.fill(&mut reader).and_then(|_| reader.finish()).map_err(|e| format!("{e:?}"))?;
        show(&call);
        Ok(())
    }
}

/// From a stream into `heapless`.
pub(super) struct Stream<const TARGETS: usize>;

impl<const TARGETS: usize> Peer for Stream<TARGETS> {
    fn name(&self) -> &'static str {
        "picojson, stream"
    }
    fn keeps(&self) -> Keeps {
        Keeps::Fixed
    }
    fn parse(&mut self, document: &Document, show: &mut dyn FnMut(&dyn Filled)) -> Result<(), String> {
        let mut buffer = [0; 512];
        let mut call = Call::<storage::Fixed<TARGETS>>::default();
        let mut reader = Reader::new(StreamParser::new(Pieces(&document.bytes), &mut buffer));
        call.fill(&mut reader).and_then(|_| reader.finish()).map_err(|e| format!("{e:?}"))?;
        show(&call);
        Ok(())
    }
}

/// Hands out 64 bytes at a time.
struct Pieces<'a>(&'a [u8]);

impl picojson::Reader for Pieces<'_> {
    type Error = core::convert::Infallible;

    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Self::Error> {
        let used = self.0.len().min(buffer.len()).min(64);
        let (piece, rest) = self.0.split_at(used);
        buffer[..used].copy_from_slice(piece);
        self.0 = rest;
        Ok(used)
    }
}
