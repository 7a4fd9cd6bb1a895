//! One measured parser.

use call_model::Value;
use call_model::{Call, Digest, Sink, Storage};

use crate::document::Document;

/// A parser that reads a document into a typed call.
pub trait Peer {
    /// The parser's name, and how it is used.
    fn name(&self) -> &'static str;
    /// What the texts of its call are kept in.
    fn keeps(&self) -> Keeps;
    /// Parses the document and shows the call.
    ///
    /// # Errors
    ///
    /// The parser's own words where it cannot read the document.
    fn parse(&mut self, document: &Document, show: &mut dyn FnMut(&dyn Filled)) -> Result<(), String>;
}

/// What the texts of a call are kept in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeps {
    /// A `String` each.
    Owned,
    /// References into the document, and a `String` where it has an escape.
    Borrowed,
    /// Arrays inside the call.
    Fixed,
}

impl Keeps {
    /// The word in the tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owned => "owned",
            Self::Borrowed => "borrowed",
            Self::Fixed => "fixed",
        }
    }
}

/// A filled call, whatever its types.
pub trait Filled {
    /// All that it holds, as one number.
    fn digest(&self) -> Digest;
    /// All that it holds, one line per member.
    fn members(&self) -> Vec<String>;
}

/// The same filled call as two sinks see it: for our own call, whose type is not the peers'.
pub fn members(put: impl FnOnce(&mut Lines)) -> Vec<String> {
    let mut lines = Lines::default();
    put(&mut lines);
    lines.lines
}

impl<S: Storage> Filled for Call<S> {
    fn digest(&self) -> Digest {
        let mut digest = Digest::new();
        self.put("", &mut digest);
        digest
    }
    fn members(&self) -> Vec<String> {
        members(|lines| self.put("", lines))
    }
}

/// A sink that writes one line per member.
#[derive(Debug, Default)]
pub struct Lines {
    path: Vec<String>,
    lines: Vec<String>,
}

impl Sink for Lines {
    fn open(&mut self, name: &str) {
        self.path.push(name.into());
        self.lines.push(format!("{} begins", self.path.join(".")));
    }
    fn close(&mut self) {
        self.path.pop();
    }
    fn text(&mut self, name: &str, value: &str) {
        self.lines.push(format!("{}.{name} = {value:?}", self.path.join(".")));
    }
    fn number(&mut self, name: &str, value: i64) {
        self.lines.push(format!("{}.{name} = {value}", self.path.join(".")));
    }
}
