//! graph-call: into a call that stands where it is, whole and in pieces, and by value.

use call_model::Digest;
use call_model::ours::put;
use graph_call::{Capacities, Cell, HeapCall, Parser};

use crate::document::Document;
use crate::peer::{self, Filled, Keeps, Peer};

/// The standard call, with room for the targets and the texts of the large document where it is that one.
type Call<const TARGETS: usize> = graph_call::Call<Room<TARGETS>>;

/// Its capacities: a number that is a parameter is written down as the trait has it.
pub(super) enum Room<const TARGETS: usize> {}

impl<const TARGETS: usize> Capacities for Room<TARGETS> {
    type Id = [u8; 64];
    type Text = [u8; 128];
    type Uri = [u8; 256];
    type Secret = [u8; 256];
    type Word = [u8; 0];
    type Tag = [u8; 20];
    type Set<T: Cell> = [T; 2];
    type List<T: Cell> = [T; TARGETS];
    type Expand<T: Cell> = [T; 0];
    type Choices<T: Cell> = [T; 8];
    type Extras<T: Cell> = [T; 2];
}

/// Every way to use it.
pub(super) fn all<const TARGETS: usize>() -> Vec<Box<dyn Peer>> {
    vec![
        Box::new(Whole::<TARGETS>(Box::new(Call::empty()))),
        Box::new(Pieces::<TARGETS>::new("graph-call, 1,460-byte pieces", 1460)),
        Box::new(Pieces::<TARGETS>::new("graph-call, 64-byte pieces", 64)),
        Box::new(Pieces::<TARGETS>::new("graph-call, 16-byte pieces", 16)),
        Box::new(Read::<TARGETS>(Box::new(Call::empty()))),
        Box::new(ByValue::<TARGETS>),
        Box::new(HeapAgain(Box::new(HeapCall::empty()))),
        Box::new(FreshHeap),
    ]
}

/// The document at once.
struct Whole<const TARGETS: usize>(Box<Call<TARGETS>>);

impl<const TARGETS: usize> Peer for Whole<TARGETS> {
    fn name(&self) -> &'static str {
        "graph-call"
    }
    fn keeps(&self) -> Keeps {
        Keeps::Fixed
    }
    fn parse(&mut self, document: &Document, show: &mut dyn FnMut(&dyn Filled)) -> Result<(), String> {
        self.0.parse_into(&document.bytes).map_err(|e| e.to_string())?;
        show(&*self.0);
        Ok(())
    }
}

/// The document as a network delivers it.
pub(super) struct Pieces<const TARGETS: usize> {
    name: &'static str,
    size: usize,
    call: Box<Call<TARGETS>>,
}

impl<const TARGETS: usize> Pieces<TARGETS> {
    pub(super) fn new(name: &'static str, size: usize) -> Self {
        Self { name, size, call: Box::new(Call::empty()) }
    }
}

impl<const TARGETS: usize> Peer for Pieces<TARGETS> {
    fn name(&self) -> &'static str {
        self.name
    }
    fn keeps(&self) -> Keeps {
        Keeps::Fixed
    }
    fn parse(&mut self, document: &Document, show: &mut dyn FnMut(&dyn Filled)) -> Result<(), String> {
        let mut parser = Parser::new();
        for piece in document.bytes.chunks(self.size) {
            parser.feed(&mut *self.call, piece).map_err(|e| e.to_string())?;
        }
        parser.finish(&mut *self.call).map_err(|e| e.to_string())?;
        show(&*self.call);
        Ok(())
    }
}

/// The document at once, and every text of the call read once: a text is checked to be UTF-8 when it is read.
struct Read<const TARGETS: usize>(Box<Call<TARGETS>>);

impl<const TARGETS: usize> Peer for Read<TARGETS> {
    fn name(&self) -> &'static str {
        "graph-call, every value read"
    }
    fn keeps(&self) -> Keeps {
        Keeps::Fixed
    }
    fn parse(&mut self, document: &Document, show: &mut dyn FnMut(&dyn Filled)) -> Result<(), String> {
        self.0.parse_into(&document.bytes).map_err(|e| e.to_string())?;
        put(&*self.0, &mut Touch);
        show(&*self.0);
        Ok(())
    }
}

/// A sink that looks at values and keeps none.
struct Touch;

impl call_model::Sink for Touch {
    fn open(&mut self, _: &str) {}
    fn close(&mut self) {}
    fn text(&mut self, _: &str, value: &str) {
        std::hint::black_box(value);
    }
    fn number(&mut self, _: &str, value: i64) {
        std::hint::black_box(value);
    }
}

/// The document at once, into a new call.
struct ByValue<const TARGETS: usize>;

impl<const TARGETS: usize> Peer for ByValue<TARGETS> {
    fn name(&self) -> &'static str {
        "graph-call, by value"
    }
    fn keeps(&self) -> Keeps {
        Keeps::Fixed
    }
    fn parse(&mut self, document: &Document, show: &mut dyn FnMut(&dyn Filled)) -> Result<(), String> {
        let mut call = Call::<TARGETS>::empty();
        call.parse_into(&document.bytes).map_err(|e| e.to_string())?;
        show(&call);
        Ok(())
    }
}

/// A call on the heap, used again and again: its texts and lists keep their memory.
struct HeapAgain(Box<HeapCall>);

impl Peer for HeapAgain {
    fn name(&self) -> &'static str {
        "graph-call, HeapCall used again"
    }
    fn keeps(&self) -> Keeps {
        Keeps::Owned
    }
    fn parse(&mut self, document: &Document, show: &mut dyn FnMut(&dyn Filled)) -> Result<(), String> {
        self.0.parse_into(&document.bytes).map_err(|e| e.to_string())?;
        show(&*self.0);
        Ok(())
    }
}

/// A new call on the heap each time.
struct FreshHeap;

impl Peer for FreshHeap {
    fn name(&self) -> &'static str {
        "graph-call, HeapCall"
    }
    fn keeps(&self) -> Keeps {
        Keeps::Owned
    }
    fn parse(&mut self, document: &Document, show: &mut dyn FnMut(&dyn Filled)) -> Result<(), String> {
        let mut call = HeapCall::empty();
        call.parse_into(&document.bytes).map_err(|e| e.to_string())?;
        show(&call);
        Ok(())
    }
}

impl<C: Capacities> Filled for graph_call::Call<C> {
    fn digest(&self) -> Digest {
        let mut digest = Digest::new();
        put(self, &mut digest);
        digest
    }
    fn members(&self) -> Vec<String> {
        peer::members(|lines| put(self, lines))
    }
}
