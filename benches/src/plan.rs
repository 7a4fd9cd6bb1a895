//! Everything that is measured, in a fixed order: the programs that count run it in processes of their own,
//! and their figures are matched to it by position.

use std::hint::black_box;

use crate::document::{self, Document};
use crate::equal::{self, Outcome};
use crate::floor::FLOORS;
use crate::peer::Peer;
use crate::peers;

/// The pieces in which documents are fed, from the smallest.
pub const PIECES: [usize; 9] = [16, 32, 64, 128, 256, 512, 1024, 1460, 4096];

/// The bytes of skipped content on which linearity is shown.
pub const SKIPPED: [usize; 4] = [10_000, 100_000, 1_000_000, 10_000_000];

/// One measurement.
pub struct Job {
    /// Which row.
    pub row: String,
    /// Which column, or which document.
    pub column: String,
    /// The bytes of its document.
    pub bytes: usize,
    /// The work.
    pub work: Box<dyn FnMut()>,
}

/// The jobs, by table.
pub struct Plan {
    /// Every document and how many members it fills.
    pub documents: Vec<(&'static Document, u32)>,
    /// Every parser on every document that it reads, document by document.
    pub parsers: Vec<Job>,
    /// Who refuses which document, and why.
    pub refusals: Vec<(String, String, String)>,
    /// The floors, document by document.
    pub floors: Vec<Job>,
    /// Documents whole and in pieces of one size.
    pub pieces: Vec<Job>,
    /// Documents that are mostly skipped.
    pub skipped: Vec<Job>,
}

impl Plan {
    /// Compares what all parsers fill, and plans the measurements.
    ///
    /// # Errors
    ///
    /// Two parsers filled different calls.
    pub fn new() -> Result<Self, String> {
        let mut plan = Self {
            documents: Vec::new(),
            parsers: Vec::new(),
            refusals: Vec::new(),
            floors: Vec::new(),
            pieces: Vec::new(),
            skipped: Vec::new(),
        };
        for document in document::all() {
            plan.add_document(Box::leak(Box::new(document)))?;
        }
        for length in SKIPPED {
            let document: &'static Document = Box::leak(Box::new(document::skipping(length)));
            // The long ones would take the slow parsers minutes, and show nothing that the short one does not.
            let mut all = if length == SKIPPED[0] { peers::all(document) } else { Vec::new() };
            all.insert(0, peers::pieces(document, usize::MAX));
            if let Some(Outcome::Refuses(reason)) = equal::compare(document, &mut all)?.first() {
                return Err(format!("{length} bytes of skipped content: {reason}"));
            }
            let job =
                job(peers::pieces(document, usize::MAX), document, "skipped".into(), length.to_string());
            plan.skipped.push(job);
        }
        Ok(plan)
    }

    fn add_document(&mut self, document: &'static Document) -> Result<(), String> {
        let mut all = peers::all(document);
        let outcomes = equal::compare(document, &mut all)?;
        let mut members = 0;
        for (peer, outcome) in all.into_iter().zip(outcomes) {
            let row = row(&*peer);
            match outcome {
                Outcome::Fills(digest) => {
                    members = digest.members;
                    self.parsers.push(job(peer, document, row, document.name.into()));
                }
                Outcome::Refuses(reason) => self.refusals.push((row, document.name.into(), reason)),
            }
        }
        self.documents.push((document, members));
        for floor in FLOORS {
            let mut output = vec![0; document.bytes.len()];
            self.floors.push(Job {
                row: floor.name.into(),
                column: document.name.into(),
                bytes: document.bytes.len(),
                work: Box::new(move || (floor.run)(black_box(&document.bytes), black_box(&mut output))),
            });
        }
        if ["p2p, one line", "large"].contains(&document.name) {
            for size in [usize::MAX].into_iter().chain(PIECES) {
                let peer = peers::pieces(document, size);
                let column = if size == usize::MAX { "whole".into() } else { size.to_string() };
                self.pieces.push(job(peer, document, document.name.into(), column));
            }
        }
        Ok(())
    }

    /// Every job, in the order in which the counting programs run them.
    pub fn jobs(&mut self) -> impl Iterator<Item = &mut Job> {
        self.parsers.iter_mut().chain(&mut self.floors).chain(&mut self.pieces).chain(&mut self.skipped)
    }
}

/// How a parser is called in the tables.
fn row(peer: &dyn Peer) -> String {
    format!("{} ({})", peer.name(), peer.keeps().as_str())
}

fn job(mut peer: Box<dyn Peer>, document: &'static Document, row: String, column: String) -> Job {
    Job {
        row,
        column,
        bytes: document.bytes.len(),
        work: Box::new(move || {
            // The comparison has shown that this parser reads this document.
            let done = peer.parse(black_box(document), &mut |call| {
                black_box(call);
            });
            assert!(done.is_ok());
        }),
    }
}
