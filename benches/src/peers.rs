//! The measured parsers, one file each.

mod flexon;
mod graph_call;
mod hifijson;
mod jiter;
mod picojson;
mod serde_json;
mod serde_json_core;
mod simd_json;
mod sonic_rs;

use crate::document::Document;
use crate::peer::Peer;

/// The targets that a call has room for by default.
const FEW: usize = 4;

/// The targets that the large document has.
const MANY: usize = 10;

/// Every parser, with capacities that suit the document.
pub fn all(document: &Document) -> Vec<Box<dyn Peer>> {
    let mut peers = ours(document);
    peers.extend(if document.many_targets { others::<MANY>() } else { others::<FEW>() });
    peers
}

/// Ours: whole, by value, and in pieces.
pub fn ours(document: &Document) -> Vec<Box<dyn Peer>> {
    if document.many_targets { graph_call::all::<MANY>() } else { graph_call::all::<FEW>() }
}

/// Ours in pieces of a size.
pub fn pieces(document: &Document, size: usize) -> Box<dyn Peer> {
    if document.many_targets {
        Box::new(graph_call::Pieces::<MANY>::new("graph-call, pieces", size))
    } else {
        Box::new(graph_call::Pieces::<FEW>::new("graph-call, pieces", size))
    }
}

fn others<const TARGETS: usize>() -> Vec<Box<dyn Peer>> {
    vec![
        Box::new(serde_json::Owned),
        Box::new(serde_json::Borrowed),
        Box::new(serde_json::Fixed::<TARGETS>),
        Box::new(sonic_rs::Owned),
        Box::new(sonic_rs::Borrowed),
        Box::<simd_json::Owned>::default(),
        Box::<simd_json::Borrowed>::default(),
        Box::new(flexon::Owned),
        Box::new(flexon::Borrowed),
        Box::new(jiter::Fixed::<TARGETS>),
        Box::new(hifijson::Fixed::<TARGETS>),
        Box::new(serde_json_core::Fixed::<TARGETS>),
        Box::new(picojson::Slice::<TARGETS>),
        Box::new(picojson::Stream::<TARGETS>),
    ]
}
