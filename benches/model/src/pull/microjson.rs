//! microjson's lazy values: an object's or array's text is searched again at every level.

use super::{Misfit, Pull};
use microjson::{JSONArrayIterator, JSONObjectIterator, JSONParsingError, JSONValue, JSONValueType};

/// The deepest nesting that the model has, and some more.
const DEPTH: usize = 12;

/// The longest text with escapes.
const TEXT: usize = 256;

/// A microjson document as a [`Pull`].
pub struct Reader<'a> {
    /// The value that comes next.
    next: JSONValue<'a>,
    open: heapless::Vec<Open<'a>, DEPTH>,
}

enum Open<'a> {
    Object(JSONObjectIterator<'a>),
    Array(JSONArrayIterator<'a>),
}

/// What went wrong.
#[derive(Debug)]
pub enum Failure {
    /// The parser refused the document.
    Parse(JSONParsingError),
    /// A value of another kind was expected.
    Kind,
    /// The model has no room.
    Misfit,
}

impl From<Misfit> for Failure {
    fn from(_: Misfit) -> Self {
        Self::Misfit
    }
}

impl From<JSONParsingError> for Failure {
    fn from(error: JSONParsingError) -> Self {
        Self::Parse(error)
    }
}

impl<'a> Reader<'a> {
    /// Reads a document.
    pub fn new(document: &'a str) -> Self {
        Self { next: JSONValue::load(document), open: heapless::Vec::new() }
    }

    fn step(&mut self) -> Result<bool, Failure> {
        let Some(Open::Array(elements)) = self.open.last_mut() else { return Err(Failure::Kind) };
        match elements.next() {
            Some(value) => self.next = value,
            None => {
                self.open.pop();
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn is_null(&self) -> bool {
        self.next.value_type == JSONValueType::Null
    }
}

impl Pull for Reader<'_> {
    type Error = Failure;

    fn object(&mut self) -> Result<bool, Failure> {
        if self.is_null() {
            return Ok(false);
        }
        let members = self.next.iter_object()?;
        self.open.push(Open::Object(members)).map_err(|_| Failure::Misfit)?;
        Ok(true)
    }

    fn member<R>(&mut self, name: impl FnOnce(&str) -> R) -> Result<Option<R>, Failure> {
        let Some(Open::Object(members)) = self.open.last_mut() else { return Err(Failure::Kind) };
        match members.next() {
            Some(member) => {
                let (text, value) = member?;
                self.next = value;
                Ok(Some(name(text)))
            }
            None => {
                self.open.pop();
                Ok(None)
            }
        }
    }

    fn array(&mut self) -> Result<bool, Failure> {
        if self.is_null() {
            return Ok(false);
        }
        let elements = self.next.iter_array()?;
        self.open.push(Open::Array(elements)).map_err(|_| Failure::Misfit)?;
        Ok(true)
    }

    fn element(&mut self) -> Result<bool, Failure> {
        self.step()
    }

    fn text_element<R>(&mut self, keep: impl FnOnce(&str) -> R) -> Result<Option<R>, Failure> {
        if self.step()? { self.text(keep) } else { Ok(None) }
    }

    fn text<R>(&mut self, keep: impl FnOnce(&str) -> R) -> Result<Option<R>, Failure> {
        if self.is_null() {
            return Ok(None);
        }
        let raw = self.next.read_string()?;
        if !raw.contains('\\') {
            return Ok(Some(keep(raw)));
        }
        let mut text = heapless::String::<TEXT>::new();
        for character in self.next.iter_string()? {
            text.push(character?).map_err(|_| Failure::Misfit)?;
        }
        Ok(Some(keep(&text)))
    }

    fn integer(&mut self) -> Result<Option<i64>, Failure> {
        if self.is_null() {
            return Ok(None);
        }
        Ok(Some(i64::try_from(self.next.read_integer()?).map_err(|_| Failure::Misfit)?))
    }

    fn flag(&mut self) -> Result<Option<bool>, Failure> {
        if self.is_null() {
            return Ok(None);
        }
        Ok(Some(self.next.read_boolean()?))
    }

    fn skip(&mut self) -> Result<(), Failure> {
        Ok(())
    }
}
