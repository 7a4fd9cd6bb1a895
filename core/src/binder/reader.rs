//! Where the binder stands in the record, and what the next token does there.

use super::error::{Body, Error, ErrorKind, Expected, overflow, wrong_type};
use super::overflow::Overflow;
use super::partial::Partial;
use crate::json::{Fault, Token};
use crate::record::{
    COUNT, ERROR, FIELD, NO_ELEMENT, NO_FIELD, PATH_DEPTH_MAX, Path, Place, Record, Schema, Steps, TYPE,
    VALUE,
};

/// `Reader::field` before the document begins.
pub(super) const ROOT: u8 = NO_FIELD - 1;

/// Something is wrong; the reader keeps what. A result of so little is in a register.
#[derive(Clone, Copy)]
pub(super) struct Wrong;

/// Where the binder stands in the record.
#[derive(Clone)]
pub(super) struct Reader {
    steps: Steps,
    /// The fields seen of each record on the path, so that a repeated one is noticed.
    seen: [u32; PATH_DEPTH_MAX + 1],
    /// How many bytes of the current string its place has been given so far.
    pub(super) given: u32,
    /// The element of the present array that comes next.
    pub(super) element: u16,
    /// The member whose value comes next, or is being read.
    pub(super) field: u8,
    /// How many arrays and objects are open inside a skipped value.
    pub(super) skipped: u8,
    /// What the document might be, if it has no member that is known.
    other: u8,
    is_started: bool,
    pub(super) is_failed: bool,
    /// Whether U+FFFD stands for half of a character in the present text.
    pub(super) is_replaced: bool,
    pub(super) overflow: Overflow,
    pub(super) lone_surrogates: bool,
    /// What is wrong, once something is.
    pub(super) wrong: ErrorKind,
    pub(super) partial: Partial,
}

impl Reader {
    /// All zeros: the default options.
    pub(super) const NEW: Self = Self {
        steps: Steps::new(),
        seen: [0; PATH_DEPTH_MAX + 1],
        given: 0,
        element: 0,
        field: 0,
        skipped: 0,
        other: 0,
        is_started: false,
        is_failed: false,
        is_replaced: false,
        overflow: Overflow::Refuse,
        lone_surrogates: false,
        wrong: ErrorKind::Json(Fault::Truncated),
        partial: Partial::new(),
    };

    /// Stands in front of the root when the first piece comes; says whether it is the first.
    pub(super) fn start(&mut self) -> bool {
        let is_first = !self.is_started;
        if is_first {
            self.is_started = true;
            self.element = NO_ELEMENT;
            self.field = ROOT;
        }
        is_first
    }

    /// The record that the path leads to.
    #[inline(never)]
    pub(super) fn walk<'r>(&self, root: &'r mut dyn Record) -> Option<&'r mut dyn Record> {
        let mut record = root;
        for (field, element) in self.steps.iter() {
            let place = match record.place(field) {
                Place::List(_, elements) => elements.element(element, false)?,
                place => place,
            };
            record = match place {
                Place::Object(_, record) | Place::Record(record) => record,
                _ => return None,
            };
        }
        Some(record)
    }

    /// Passes over a token inside a skipped array or object.
    #[inline(always)]
    pub(super) fn pass(&mut self, token: &Token<'_>) {
        match token {
            Token::ObjectStart | Token::ArrayStart => self.skipped = self.skipped.wrapping_add(1),
            Token::ObjectEnd | Token::ArrayEnd => self.skipped = self.skipped.wrapping_sub(1),
            _ => {}
        }
    }

    /// Keeps a piece that is not the last, or drops one that is not wanted. False: the token is still to be dealt with.
    pub(super) fn keeps(&mut self, token: &Token<'_>) -> bool {
        match token {
            _ if self.skipped > 0 => true,
            Token::String(_) if self.field == NO_FIELD => true,
            Token::String(piece) | Token::Name(piece) => !piece.last && self.partial.push(piece.bytes),
            _ => false,
        }
    }

    /// The name of a member, or a piece of it.
    #[inline(never)]
    pub(super) fn name(&mut self, record: &dyn Record, piece: &[u8], last: bool) -> Result<(), Wrong> {
        if !last {
            if !self.partial.push(piece) {
                self.partial.spoil(piece);
            }
            return Ok(());
        }
        let schema = record.schema();
        let name = self.partial.join(piece);
        let is_root = self.steps.depth() == 0;
        let found = name.map(|name| schema.find(name).ok_or_else(|| schema.stranger(name, is_root)));
        // What was kept of a name that is too long to be known.
        self.partial.take();
        match found {
            Some(Ok(field)) => return self.begin(field),
            Some(Err(stranger)) => self.pass_by(stranger),
            None => self.field = NO_FIELD,
        }
        Ok(())
    }

    /// The name of a member, whole.
    #[inline(always)]
    pub(super) fn member(&mut self, schema: &Schema, name: &[u8]) -> Result<(), Wrong> {
        match schema.find(name) {
            Some(field) => self.begin(field),
            None => {
                let is_root = self.steps.depth() == 0;
                // Most of all: the type of what has only one.
                if !is_root && matches!(name, [b'@', ..]) {
                    self.field = NO_FIELD;
                } else {
                    self.pass_by(schema.stranger(name, is_root));
                }
                Ok(())
            }
        }
    }

    /// What the document is, if it is something else than the record.
    pub(super) const fn other_body(&self) -> Option<Body> {
        match self.seen {
            [0, ..] if self.other != 0 => Some(if self.other == ERROR { Body::Error } else { Body::Value }),
            _ => None,
        }
    }

    /// An object ends.
    pub(super) fn close(&mut self) {
        match self.steps.pop() {
            Some((field, element)) => {
                self.field = field;
                self.element = element;
                self.end_value();
            }
            None => self.field = NO_FIELD,
        }
    }

    /// What is no member begins.
    #[inline(always)]
    fn pass_by(&mut self, stranger: u8) {
        self.field = stranger;
        if let ERROR | VALUE = stranger {
            self.other = stranger;
            self.field = NO_FIELD;
        }
    }

    /// A field of the present record begins, which is marked as seen.
    #[inline(always)]
    fn begin(&mut self, field: u8) -> Result<(), Wrong> {
        self.field = field;
        let mark = 1_u32.wrapping_shl(u32::from(field));
        match self.seen.get_mut(self.steps.depth()) {
            Some(word) if *word & mark == 0 => {
                *word |= mark;
                Ok(())
            }
            _ => self.fails(ErrorKind::RepeatedMember),
        }
    }

    /// An object begins.
    #[inline(never)]
    pub(super) fn open<'r>(
        &mut self,
        record: &'r mut dyn Record,
    ) -> Result<Option<&'r mut dyn Record>, Wrong> {
        if self.field == NO_FIELD {
            self.skipped = 1;
            return Ok(Some(record));
        }
        if self.field == ROOT {
            self.field = NO_FIELD;
            record.clear();
            return Ok(Some(record));
        }
        let child = match self.place(record)? {
            Place::Object(is_present, child) => {
                *is_present = true;
                child.clear();
                child
            }
            // `Place::element` clears an element when it adds it.
            Place::Record(child) => child,
            Place::Presence(is_present) => {
                *is_present = true;
                self.skip();
                return Ok(None);
            }
            Place::Nothing => {
                self.skip();
                return Ok(None);
            }
            place => return self.fails(wrong_type(&place)),
        };
        self.steps.push(self.field, self.element);
        if let Some(seen) = self.seen.get_mut(self.steps.depth()) {
            *seen = 0;
        }
        self.field = NO_FIELD;
        self.element = NO_ELEMENT;
        Ok(Some(child))
    }

    /// Passes over an array or object that has just begun.
    pub(super) fn skip(&mut self) {
        self.skipped = 1;
        self.end_value();
    }

    /// The place of the present value.
    #[inline(always)]
    pub(super) fn place<'r>(&mut self, record: &'r mut dyn Record) -> Result<Place<'r>, Wrong> {
        if self.field < COUNT && self.element == NO_ELEMENT {
            return Ok(record.place(self.field));
        }
        self.other_place(record)
    }

    /// The place of what is no member: an element, an annotation, the type that the document states, or all of it.
    #[inline(never)]
    fn other_place<'r>(&mut self, record: &'r mut dyn Record) -> Result<Place<'r>, Wrong> {
        if self.field >= TYPE {
            return match self.field {
                TYPE => Ok(record.place(TYPE)),
                _ => self.fails(ErrorKind::WrongType { expected: Expected::Object }),
            };
        }
        let place = match record.place(self.field & FIELD) {
            Place::List(count, elements) if self.field >= COUNT => {
                return Ok(Place::annotation(count, elements, self.field));
            }
            Place::List(count, elements) => Place::element(count, elements, self.element),
            _ => Place::Nothing,
        };
        match place {
            Place::Full(capacity @ 1..) if self.overflow == Overflow::Refuse => {
                self.fails(overflow(capacity, (capacity as u32).saturating_add(1)))
            }
            Place::Full(_) => Ok(Place::Nothing),
            place => Ok(place),
        }
    }

    /// The present value is over: what comes next is an element of the same array, or a name.
    #[inline(always)]
    pub(super) fn end_value(&mut self) {
        if self.element == NO_ELEMENT {
            self.field = NO_FIELD;
        } else {
            // Stops below `NO_ELEMENT`. No list keeps so many elements: from there on all of them overflow.
            self.element = self.element.saturating_add(1).min(NO_ELEMENT - 1);
        }
    }

    /// Keeps what is wrong.
    #[inline(always)]
    pub(super) fn fails<T>(&mut self, kind: ErrorKind) -> Result<T, Wrong> {
        self.wrong = kind;
        Err(Wrong)
    }

    /// Passes over what is left of a member of the root, `depth` brackets inside the text.
    pub(super) fn leave(&mut self, depth: u8) {
        self.steps = Steps::new();
        self.given = 0;
        self.element = NO_ELEMENT;
        self.field = NO_FIELD;
        self.skipped = depth.saturating_sub(1);
        self.is_replaced = false;
        self.partial.take();
    }

    /// The steps to the value that is wrong, or to the innermost object that is known around it.
    pub(super) fn place_of_fault(&self) -> Steps {
        let mut steps = self.steps;
        if self.field < TYPE {
            steps.push(self.field & FIELD, self.element);
        }
        steps
    }

    #[cold]
    #[inline(never)]
    pub(super) fn error(&self, root: &dyn Record, kind: ErrorKind, offset: usize) -> Error {
        Error::new(kind, offset, Path::new(root.schema(), self.place_of_fault()))
    }
}
