//! The members that a record does not know, for whoever wants to see them.
//!
//! - takes: a JSON text in pieces of any size, and the names of a record
//! - gives: the name of each member that is not known, where it stands, and its value as it is written
//! - keeps: the path as small numbers, and the beginning of a name
//! - refuses: what the lexer refuses; types are the parser's business
//!
//! It is a machine of its own beside the parser, which reads the same text: a program without it has nothing of it.

use core::fmt;

use heapless::Vec;

use super::options::ParseOptions;
use crate::json::{LexError, Lexer, Piece, Token};
use crate::record::{COUNT, ERROR, NAME_LENGTH_MAX, NO_ELEMENT, NO_FIELD, Path, Record, Schema, Steps, TYPE};

/// Finds the members of a JSON text that a record does not know: what is new in a service, on the day it appears.
///
/// It is given the same pieces as the parser, and hands out the name and the value of each such member; nothing is
/// copied but the names. Names that begin with `@`, the annotations of an object, are among them; what is known of a
/// list, such as `participants@odata.count`, is not. What a capacity of 0 says is not wanted is not looked into.
///
/// ```
/// use graph_call::binder::unknown::{Item, UnknownMembers};
/// use graph_call::Call;
///
/// let mut members = UnknownMembers::of(&Call::new());
/// let mut found = Vec::<u8>::new();
/// for mut piece in [&br#"{"targets":[{"mood":{"is"#[..], br#"Good": true},"id":"1"}]}"#] {
///     while let Some(item) = members.next(&mut piece)? {
///         match item {
///             Item::Name(piece) => found.extend(piece.bytes),
///             Item::Value(piece) => found.extend(piece.bytes),
///         }
///         assert_eq!(members.path().to_string(), "targets[0]");
///     }
/// }
/// members.finish()?;
/// assert_eq!(found, br#"mood{"isGood": true}"#);
/// # Ok::<(), graph_call::json::LexError>(())
/// ```
#[derive(Clone)]
pub struct UnknownMembers {
    lexer: Lexer,
    root: &'static Schema,
    steps: Steps,
    /// The name that is being read, or a part of it.
    name: Vec<u8, { NAME_LENGTH_MAX + SPARE }>,
    /// Whether what is kept of the name was handed out.
    is_told: bool,
    field: u8,
    element: u16,
    at: At,
}

/// A part of a member that is not known.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Item<'t> {
    /// Its name, in UTF-8 and without escapes.
    Name(Piece<'t>),
    /// Its value, as it is written, from its first byte to its last.
    Value(Piece<'t>),
}

/// So many bytes more than the longest name that is known have room: as much as is read of a name at once, and the
/// character that a piece before may have begun.
const SPARE: usize = 16;
/// The bytes of a character that come with its last one, where a piece has cut it.
const CHARACTER: usize = 3;

/// ```text
///  Start --'{'--> Members --a known name--> Known --'{'--> Members    (as deep as the records are)
///                  |  ^ |                     | '--'['--> Elements --'{'--> Members
///                  |  | '-- the end of it --> the object around it
///                  |  '----- its end -------- Passed <-- any other value that is known
///                  '-- another name --> Name --> Value -- its end --> Members
/// ```
#[derive(Clone, Copy)]
enum At {
    Start,
    Members,
    /// The rest of a name that is too long to be known.
    Name,
    Known,
    Elements,
    /// A value that nobody asks for, and how many brackets are open around it.
    Passed(u8),
    /// The value of a member that is not known, how many brackets are open around it, and the offset behind the name.
    Value {
        depth: u8,
        from: usize,
        is_begun: bool,
    },
}

/// What the lexer met, without what it is.
enum Met {
    /// A name, whole with its last piece.
    Name {
        last: bool,
    },
    Object,
    Array,
    /// The end of an object or array.
    Close,
    /// The end of any other value.
    End,
    Null,
}

/// An [`Item`] that borrows from the input alone.
enum Step<'i> {
    Name { last: bool },
    Value(Piece<'i>),
}

impl UnknownMembers {
    /// At the start of a text that is about `record`, strict.
    pub fn of(record: &dyn Record) -> Self {
        Self::with_options(record, ParseOptions::new())
    }

    /// At the start of a text that is about `record`, and read with the leniencies of a parser.
    pub fn with_options(record: &dyn Record, options: ParseOptions) -> Self {
        Self {
            // What is handed out as it is written needs the grammar only.
            lexer: Lexer::new().trailing_commas(options.trailing_commas).lone_surrogates(true),
            root: record.schema(),
            steps: Steps::new(),
            name: Vec::new(),
            is_told: false,
            field: NO_FIELD,
            element: NO_ELEMENT,
            at: At::Start,
        }
    }

    /// The next part of a member that is not known. `None`: the input is used up, call again with the next piece.
    ///
    /// # Errors
    /// The first fault of the text; after it every call gives the same error.
    pub fn next<'t, 'i: 't>(&'t mut self, input: &mut &'i [u8]) -> Result<Option<Item<'t>>, LexError> {
        if core::mem::take(&mut self.is_told) {
            self.name.clear();
        }
        Ok(self.step(input)?.map(|step| match step {
            Step::Name { last } => Item::Name(Piece { bytes: &self.name, last }),
            Step::Value(piece) => Item::Value(piece),
        }))
    }

    /// Whether the text read so far is one whole document.
    ///
    /// # Errors
    /// The fault met before, or [`Fault::Truncated`](crate::json::Fault::Truncated).
    pub const fn finish(&self) -> Result<(), LexError> {
        self.lexer.finish()
    }

    /// The object that holds the member handed out last.
    pub const fn path(&self) -> Path {
        Path::new(self.root, self.steps)
    }

    fn step<'i>(&mut self, input: &mut &'i [u8]) -> Result<Option<Step<'i>>, LexError> {
        loop {
            if let At::Value { depth, from, is_begun } = self.at {
                return self.value(depth, from, is_begun, input);
            }
            let Some(met) = self.meet(input)? else { return Ok(None) };
            if let Some(step) = self.go_on(met) {
                return Ok(Some(step));
            }
        }
    }

    /// What comes next in the text, or `None` when the input is used up. Of a name no more is read than there is room for.
    fn meet(&mut self, input: &mut &[u8]) -> Result<Option<Met>, LexError> {
        loop {
            let room = self.name.capacity().saturating_sub(self.name.len()).saturating_sub(CHARACTER);
            let mut piece = match self.at {
                At::Passed(_) => *input,
                _ => input.get(..room).unwrap_or(input),
            };
            let length = piece.len();
            let token = self.lexer.next(&mut piece)?;
            *input = input.get(length.saturating_sub(piece.len())..).unwrap_or_default();
            return Ok(Some(match token {
                None if input.is_empty() => return Ok(None),
                None => continue,
                Some(Token::Name(piece)) => {
                    if !matches!(self.at, At::Passed(_)) {
                        // There is room: no more was read.
                        let _ = self.name.extend_from_slice(piece.bytes);
                    }
                    Met::Name { last: piece.last }
                }
                Some(Token::String(piece) | Token::Number(piece)) if !piece.last => continue,
                Some(Token::ObjectStart) => Met::Object,
                Some(Token::ArrayStart) => Met::Array,
                Some(Token::ObjectEnd | Token::ArrayEnd) => Met::Close,
                Some(Token::Null) => Met::Null,
                Some(_) => Met::End,
            }));
        }
    }

    fn go_on<'i>(&mut self, met: Met) -> Option<Step<'i>> {
        match (self.at, met) {
            (At::Passed(depth), Met::Close | Met::End | Met::Null) if self.lexer.depth() == depth => {
                self.leave()
            }
            (At::Start, Met::Object) => self.at = At::Members,
            (At::Start, _) => self.at = At::Passed(u8::MAX),
            (At::Members, Met::Name { last }) => return self.named(last),
            (At::Name, Met::Name { last }) => return Some(self.tell(last)),
            (At::Members, _) => match self.steps.pop() {
                Some((field, element)) => {
                    self.field = field;
                    self.element = element;
                    self.leave();
                }
                None => self.at = At::Passed(u8::MAX),
            },
            (At::Known | At::Elements, Met::Object) if self.child().is_some() => {
                self.steps.push(self.field, self.element);
                self.element = NO_ELEMENT;
                self.at = At::Members;
            }
            (At::Known, Met::Array) if self.child().is_some() => {
                self.element = 0;
                self.at = At::Elements;
            }
            (At::Known | At::Elements, Met::Object | Met::Array) => {
                self.at = At::Passed(self.lexer.depth().saturating_sub(1));
            }
            (At::Elements, Met::Close) => {
                self.element = NO_ELEMENT;
                self.at = At::Members;
            }
            // It has no place in a list.
            (At::Elements, Met::Null) => {}
            (At::Known | At::Elements, _) => self.leave(),
            (At::Passed(_) | At::Name | At::Value { .. }, _) => {}
        }
        None
    }

    /// A name, or the beginning of one that may be too long to be known.
    fn named<'i>(&mut self, last: bool) -> Option<Step<'i>> {
        if self.name.len() > NAME_LENGTH_MAX {
            return Some(self.tell(last));
        }
        if !last {
            return None;
        }
        let schema = self.schema();
        let is_root = self.steps.depth() == 0;
        let (at, field) = match schema.find(&self.name) {
            Some(field) => (At::Known, field),
            // What is said of a list, or of the whole.
            None if matches!(schema.stranger(&self.name, is_root), COUNT..ERROR | TYPE) => {
                (At::Passed(self.lexer.depth()), NO_FIELD)
            }
            None => return Some(self.tell(true)),
        };
        self.at = at;
        self.field = field;
        self.name.clear();
        None
    }

    /// Hands out what is kept of the name of a member that is not known.
    fn tell<'i>(&mut self, last: bool) -> Step<'i> {
        self.is_told = true;
        self.at = if last {
            At::Value { depth: self.lexer.depth(), from: self.lexer.offset(), is_begun: false }
        } else {
            At::Name
        };
        Step::Name { last }
    }

    /// The value of a member that is not known, as much of it as the input has.
    fn value<'i>(
        &mut self,
        depth: u8,
        from: usize,
        mut is_begun: bool,
        input: &mut &'i [u8],
    ) -> Result<Option<Step<'i>>, LexError> {
        let piece = *input;
        let offset = self.lexer.offset();
        let mut begin = 0;
        let last = loop {
            let is_end = match self.lexer.next(input)? {
                None => None,
                Some(Token::String(piece) | Token::Number(piece)) => Some(piece.last),
                Some(Token::Name(_) | Token::ObjectStart | Token::ArrayStart) => Some(false),
                Some(_) => Some(true),
            };
            // Between the name and the value are a colon and white space.
            if !is_begun && self.lexer.token_start() >= from {
                is_begun = true;
                begin = self.lexer.token_start().saturating_sub(offset);
            }
            match is_end {
                None => break false,
                Some(true) if self.lexer.depth() == depth => break true,
                Some(_) => {}
            }
        };
        let bytes = piece.get(begin..piece.len().saturating_sub(input.len())).unwrap_or_default();
        self.at = if last { At::Members } else { At::Value { depth, from, is_begun } };
        Ok((last || !bytes.is_empty() && is_begun).then_some(Step::Value(Piece { bytes, last })))
    }

    /// A value is over: what comes next is an element of the same array, or a name.
    fn leave(&mut self) {
        if self.element == NO_ELEMENT {
            self.at = At::Members;
        } else {
            self.element = self.element.saturating_add(1).min(NO_ELEMENT - 1);
            self.at = At::Elements;
        }
    }

    /// The names of the record that is being read.
    fn schema(&self) -> &'static Schema {
        let child = |schema: &'static Schema, (field, _)| schema.child(field).unwrap_or(schema);
        self.steps.iter().fold(self.root, child)
    }

    /// The names of the record in the present field.
    fn child(&self) -> Option<&'static Schema> {
        self.schema().child(self.field)
    }
}

/// Shows where it stands, and nothing of the text.
impl fmt::Debug for UnknownMembers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnknownMembers")
            .field("offset", &self.lexer.offset())
            .field("path", &self.path())
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for UnknownMembers {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "UnknownMembers {{ offset: {=usize}, path: {} }}", self.lexer.offset(), self.path());
    }
}
